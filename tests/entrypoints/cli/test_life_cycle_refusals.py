"""Every act of the life cycle by the wrong person, at the wrong step, twice, backwards, or about what is not there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.entrypoints.cli.conftest import Duban

_WHY = ("--reason", "x")
_LEAD = ("--by", "组织部")
_PARTICIPANT = ("--by", "基层工作部")
_LI = ("--by", "李")
_LATER = ("--to", "2018-08-31", *_WHY, "--progress", "x")
_MAY = ("--from", "2018-05-01", "--until", "2018-05-31", *_WHY)

_REFUSED = {
    "a stranger signs": ("own_duty", ("receipt", "2018-01", "--by", "宣传部")),
    "a lead declines one milestone": ("lead_declines_whole", ("decline", "2018-01", "3", *_WHY, *_LEAD)),
    "nothing was declined": ("declined_first", ("insist", "2018-01", "--department", "组织部", *_WHY, *_LI)),
    "a department insists": ("operator_only", ("insist", "2018-01", "--department", "组织部", *_WHY, *_LEAD)),
    "a dispute with oneself": ("another_department", ("dispute", "2018-01", "3", "x", "--against", "组织部", *_LEAD)),
    "a dispute with a stranger": (
        "participating_department",
        ("dispute", "2018-01", "3", "x", "--against", "宣传部", *_LEAD),
    ),
    "no dispute to rule": (
        "dispute_first",
        ("rule", "dispute", "2018-01", "3", "--responsible", "组织部", *_WHY, *_LI),
    ),
    "a period that has not begun": ("known_period", ("report", "2018-01", "2", "已办", "--period", "3", *_LEAD)),
    "a participant counts": ("lead_counts", ("report", "2018-01", "5", "已办", "--quantity", "9", *_PARTICIPANT)),
    "a participant asks for more time": ("own_milestone", ("extend", "2018-01", "4", *_LATER, *_PARTICIPANT)),
    "an earlier date": (
        "later_date",
        ("extend", "2018-01", "4", "--to", "2018-06-30", *_WHY, "--progress", "x", *_LEAD),
    ),
    "what is over is not extended": ("reported_afterwards", ("extend", "2018-01", "1", *_LATER, *_LEAD)),
    "nothing to supplement": ("extension_step", ("extend", "2018-01", "4", "--supplement", "x", *_LEAD)),
    "nothing to review": (
        "extension_step",
        ("rule", "extension-review", "2018-01", "4", "--advise-against", "--opinion", "x", *_LI),
    ),
    "nothing to rule on": ("extension_step", ("rule", "extension", "2018-01", "4", "--refuse", *_WHY, *_LI)),
    "a department rules": ("operator_only", ("rule", "extension", "2018-01", "4", "--refuse", *_WHY, *_LEAD)),
    "grace before the due date": (
        "grace_after_due_date",
        ("grace", "2018-01", "4", "--to", "2018-08-31", *_WHY, *_LI),
    ),
    "a department inspects": ("operator_only", ("inspect", "2018-01", "4", *_WHY, *_LEAD)),
    "a finding of nothing": ("inspection_step", ("finding", "2018-01", "4", "x", *_LI)),
    "a conclusion of nothing": ("inspection_step", ("conclude", "2018-01", "4", "x", *_LI)),
    "an answer to nothing": ("inspection_step", ("answer", "2018-01", "4", "x", *_LEAD)),
    "nothing to put right": ("inspection_step", ("rectify", "2018-01", "4", "x", *_LEAD)),
    "nothing to check": ("inspection_step", ("check", "2018-01", "4", "--holds", "--note", "x", *_LI)),
    "nothing to close": ("inspection_step", ("close-inspection", "2018-01", "4", *_LI)),
    "no directive": ("directive_first", ("answer", "2018-01", "x", "--directive", *_LEAD)),
    "a participant answers for the lead": ("own_milestone", ("answer", "2018-01", "x", "--directive", *_PARTICIPANT)),
    "an answer by yesterday": (
        "future_date",
        ("order", "2018-01", "3", "x", "--leader", "张", "--answer-by", "2018-04-24", *_LI),
    ),
    "a stranger is urged": ("participating_department", ("urge", "2018-01", "3", "x", "--department", "统战部", *_LI)),
    "a stranger is praised": (
        "participating_department",
        ("bulletin", "publish", "2018-01", "x", "--praise", "--department", "统战部", *_LI),
    ),
    "a pause that is over": ("future_date", ("suspend", "2018-01", "--until", "2018-04-01", *_WHY, *_LI)),
    "nothing to resume": ("suspended_first", ("resume", "2018-01", "3", *_WHY, *_LI)),
    "a silence that is over": ("future_date", ("silence", "2018-01", "--until", "2018-04-01", *_WHY, *_LI)),
    "no silence": ("silenced_first", ("unsilence", "2018-01", *_WHY, *_LI)),
    "the same lead": ("another_department", ("reassign", "2018-01", "--to", "组织部", *_WHY, *_LI)),
    "a department reassigns": ("operator_only", ("reassign", "2018-01", "--to", "宣传部", *_WHY, *_LEAD)),
    "no such participant": ("participating_department", ("reassign", "2018-01", "--from", "统战部", *_WHY, *_LI)),
    "no such milestone": ("known_milestone", ("inspect", "2018-01", "33", *_WHY, *_LI)),
    "no such project": ("known_project", ("inspect", "2018-99", "1", *_WHY, *_LI)),
    "no authority": (
        "appointed_deputy",
        ("report", "2018-01", "3", "已办", "--by", "宣传部", "--on-behalf-of", "组织部"),
    ),
    "a stranger's deputy": (
        "own_duty",
        ("deputy", "appoint", "2018-01", "--deputy", "办公室", *_MAY, "--by", "统战部"),
    ),
    "one's own deputy": ("deputy_is_another", ("deputy", "appoint", "2018-01", "--deputy", "组织部", *_MAY, *_LEAD)),
    "a deputy of the other side": (
        "deputy_of_same_side",
        ("deputy", "appoint", "2018-01", "--deputy", "督查:王", *_MAY, *_LEAD),
    ),
    "a period that runs backwards": (
        "period_runs_forward",
        (
            "deputy",
            "appoint",
            "2018-01",
            "--deputy",
            "办公室",
            "--from",
            "2018-06-01",
            "--until",
            "2018-05-01",
            *_WHY,
            *_LEAD,
        ),
    ),
    "no deputy to dismiss": (
        "deputy_to_dismiss",
        ("deputy", "dismiss", "2018-01", "--deputy", "办公室", *_WHY, *_LEAD),
    ),
}


@pytest.mark.parametrize(("rule", "command"), _REFUSED.values(), ids=_REFUSED.keys())
def test_a_refused_act_names_its_rule_and_changes_nothing(
    running: Duban, events: Callable[[str], int], rule: str, command: tuple[str, ...]
) -> None:
    """One sentence for a person, the interface's document with the rule, status 1, no event."""
    before = events("2018-01")
    answer = running(*command)
    assert answer.status == 1
    assert answer.sentence.startswith("不予办理：")
    assert rule not in answer.err
    assert running(*command, "--json").document["rejected"]["rule"] == rule
    assert events("2018-01") == before


def test_what_is_done_is_not_done_twice(running: Duban, events: Callable[[str], int]) -> None:
    """A second receipt, extension, inspection, dispute, suspension; a ruling by the first reviewer."""
    lead = ("--by", "组织部")
    twice = {
        "one_receipt": ("receipt", "2018-05b", *lead),
        "one_extension_request": ("extend", "2018-05b", "3", "--to", "2018-11-30", *_WHY, "--progress", "x", *lead),
        "one_inspection": ("inspect", "2018-05b", "4", *_WHY, "--despite-cap", "x", *_LI),
        "one_suspension": ("suspend", "2018-05b", "5", *_WHY, *_LI),
    }
    for rule, command in twice.items():
        assert running(*command, "--json").status == 0, command
        before = events("2018-05b")
        again = running(*command, "--json")
        assert (again.status, again.document["rejected"]["rule"]) == (1, rule)
        assert events("2018-05b") == before
    review = ("rule", "extension-review", "2018-05b", "3", "--recommend", "2018-11-30", "--opinion", "可", *_LI)
    assert running(*review).status == 0
    own = running("rule", "extension", "2018-05b", "3", "--grant", "2018-11-30", *_WHY, *_LI, "--json")
    assert own.document["rejected"]["rule"] == "two_persons_extension"
