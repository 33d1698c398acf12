"""Every refused command: the rule is named in one sentence, the status is 1, and nothing is changed."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.entrypoints.cli.conftest import Duban

_LONG_AGO = ("--done-on", "2018-03-20")

_REFUSED = {
    "unknown project": ("known_project", "2018-99", ("report", "2018-99", "1", "已办", "--by", "组织部")),
    "unknown milestone": ("known_milestone", "2018-01-33", ("report", "2018-01", "33", "已办", "--by", "组织部")),
    "another project's milestone": (
        "known_milestone",
        "2018-02-01",
        ("report", "2018-01", "2018-02-01", "已办", "--by", "组织部"),
    ),
    "another department's": ("own_duty", "不是节点 2018-01-03", ("report", "2018-01", "3", "已办", "--by", "宣传部")),
    "a date in the future": (
        "no_future_date",
        "晚于今天（2018-04-2",
        ("complete", "2018-01", "4", "--by", "组织部", "--done-on", "2018-07-20"),
    ),
    "a date before the window": (
        "inside_window",
        "请核对年份",
        ("complete", "2018-01", "3", "--by", "组织部", "--done-on", "2017-04-20"),
    ),
    "a report of nothing": ("report_says_something", "请写明做了什么", ("report", "2018-01", "3", "--by", "组织部")),
    "no true date": ("true_date", "请写明实际完成日期", ("complete", "2018-01", "1", "--by", "组织部")),
    "a department reviews": ("operator_only", "督查人员", ("accept", "2018-01", "1", "--by", "组织部")),
    "a department urges": ("operator_only", "督查人员", ("urge", "2018-01", "3", "x", "--by", "组织部")),
    "a department withdraws": (
        "operator_only",
        "督查人员",
        ("withdraw", "2018-01", "3", "--reason", "x", "--by", "组织部"),
    ),
    "nothing to accept": ("completion_requested_first", "没有待审核", ("accept", "2018-01", "3", "--by", "李")),
    "nothing to return": ("completion_requested_first", "没有待审核", ("return", "2018-01", "3", "x", "--by", "李")),
    "strike off too early": (
        "completed_before_strike_off",
        "尚未审核办结",
        ("strike-off", "2018-01", "3", "--by", "李"),
    ),
    "a number without a target": (
        "quantity_needs_quota",
        "没有目标数",
        ("report", "2018-01", "3", "已办", "--quantity", "9", "--by", "组织部"),
    ),
}


@pytest.mark.parametrize(("rule", "words", "command"), _REFUSED.values(), ids=_REFUSED.keys())
def test_a_refused_command_says_the_rule_and_changes_nothing(
    running: Duban, events: Callable[[str], int], rule: str, words: str, command: tuple[str, ...]
) -> None:
    """One sentence for a person, without the rule's name; the interface's document with it; status 1."""
    before = events("2018-01")
    told = running(*command)
    assert told.status == 1
    assert told.sentence.startswith("不予办理：")
    assert rule not in told.err
    assert words in told.sentence
    answer = running(*command, "--json")
    assert answer.status == 1
    assert answer.document["rejected"].keys() == {"rule", "text"}
    assert answer.document["rejected"]["rule"] == rule
    assert events("2018-01") == before


def test_what_is_settled_cannot_be_done_again(running: Duban, events: Callable[[str], int]) -> None:
    """Completing twice, accepting twice, striking off one's own acceptance: each refused; another person may."""

    def refused(*command: str) -> str:
        before = events("2018-08")
        answer = running(*command, "--json")
        assert answer.status == 1
        assert events("2018-08") == before
        return str(answer.document["rejected"]["rule"])

    complete = ("complete", "2018-08", "1", "--by", "青少年社会参与和权益维护部", *_LONG_AGO)
    assert running(*complete, "--json").document["stage"] == "completion_requested"
    assert refused(*complete) == "one_completion_request"
    assert running("accept", "2018-08", "1", "--by", "王审", "--json").document["stage"] == "completed"
    assert refused(*complete) == "open_milestone"
    assert refused("accept", "2018-08", "1", "--by", "赵") == "open_milestone"
    assert refused("strike-off", "2018-08", "1", "--by", "王审") == "two_persons"
    assert running("strike-off", "2018-08", "1", "--by", "李销", "--json").document["stage"] == "struck_off"
    assert refused("strike-off", "2018-08", "1", "--by", "李销") == "open_milestone"


def test_a_number_to_deliver_never_falls(running: Duban) -> None:
    """300 places: 10 are reported, then 9 are refused, unless it is said that they correct the 10."""
    ten = running("report", "2018-01", "5", "已办", "--quantity", "10", "--by", "组织部", "--json")
    assert ten.document["stage"] == "in_progress"
    nine = running("report", "2018-01", "5", "已办", "--quantity", "9", "--by", "组织部", "--json")
    assert nine.document["rejected"]["rule"] == "quantity_never_falls"
    assert "--corrects" in running("report", "2018-01", "5", "已办", "--quantity", "9", "--by", "组织部").err
    lower = ("report", "2018-01", "5", "上次多报一个", "--quantity", "9", "--corrects", "--by", "组织部", "--json")
    assert running(*lower).document["event_ids"]
    assert "累计9，更正此前的10：上次多报一个" in running("audit", "history", "2018-01").out


def test_the_same_request_again_is_the_same_answer(running: Duban, events: Callable[[str], int]) -> None:
    """A request that was lost on its way back may be repeated under its id."""
    urge = ("urge", "2018-02", "2", "请抓紧", "--by", "李四", "--request-id", "urge-1", "--json")
    first = running(*urge).document
    before = events("2018-02")
    assert first["event_ids"]
    assert running(*urge).document["event_ids"] == first["event_ids"]
    assert events("2018-02") == before


def test_refused_commands_are_kept_for_the_auditor(running: Duban) -> None:
    """`audit history --refusals` tells them, in office time for people."""
    running("strike-off", "2018-06", "1", "--by", "李")
    document = running("audit", "history", "2018-06", "--refusals", "--json").document
    assert [refusal["rule"] for refusal in document["refusals"]] == ["completed_before_strike_off"]
    assert document["refusals"][0]["refused_at"].startswith("2018-04-25T0")
    told = running("audit", "history", "2018-06", "--refusals").out
    assert "2018-04-25 09:0" in told.splitlines()[-1]
    assert "不予办理：节点 2018-06-01 尚未审核办结" in told.splitlines()[-1]


@pytest.mark.parametrize(
    "command", [("audit", "history", "2018-77"), ("status", "2018-77"), ("audit", "replay", "2018-77")]
)
def test_an_unknown_project_cannot_be_asked_about(running: Duban, command: tuple[str, ...]) -> None:
    """Status 1 and the rule, also for those who only read."""
    answer = running(*command, "--json")
    assert answer.status == 1
    assert json.loads(answer.out)["rejected"]["rule"] == "known_project"
