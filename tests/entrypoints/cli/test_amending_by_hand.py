"""`duban amend` and `duban reassign` on the running 2018 list."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.entrypoints.cli.conftest import Duban
from tests.entrypoints.installation import PLAN, Home, until

_WHY = ("--basis", "会议纪要〔2018〕5号", "--by", "李")


def _changes(running: Duban, project: str) -> list[str]:
    events = json.loads(running("audit", "history", project, "--json").out)["events"]
    return [event["what"] for event in events if event["what"].startswith("变更")]


def test_an_amended_milestone_shows_what_changed_and_survives_the_next_start(running: Duban, home: Home) -> None:
    """The moved date is told, recorded with its basis, and not undone by starting the same plan again."""
    answer = running("amend", "2018-09", "2", "--due-on", "2018-11-29", *_WHY)
    assert answer.status == 0, answer.err
    assert "2018-11-29" in answer.out
    (told,) = _changes(running, "2018-09")
    assert "会议纪要〔2018〕5号" in told
    again = running("amend", "2018-09", "2", "--due-on", "2018-11-29", *_WHY)
    assert (again.status, "没有变化" in again.out) == (0, True)
    assert "此前已启动17项" in running("start", str(PLAN)).out
    assert "不会有任何变化" in running("plan", str(PLAN)).out
    row = running("status", "2018-09", "--json").document["projects"][0]["milestones"][1]
    assert row["approved_due_on"] == "2018-11-29"
    assert row["baseline_due_on"] != "2018-11-29"


def test_a_new_lead_has_the_order_in_its_mail(running: Duban, home: Home) -> None:
    """A department that the year did not know gets a mailbox, and the order with all that is open reaches it."""
    answer = running("reassign", "2018-10", "--to", "改革办", "--json", *_WHY)
    assert answer.status == 0, answer.err
    assert answer.document["event_ids"]
    until(lambda: any("改革办" in str(file) for file in (home.data / "outbox").rglob("*.json")), "the order")
    (told,) = _changes(running, "2018-10")
    assert "改革办" in told
    assert running("report", "2018-10", "3", "已办", "--by", "改革办").status == 0


def test_title_and_participants_are_the_project_s(running: Duban) -> None:
    """One event with the old and the new text; no participants are written 无."""
    answer = running("amend", "2018-12", "--title", "新名称", "--participants", "无", *_WHY)
    assert answer.status == 0, answer.err
    assert "新名称" in answer.out
    assert len(_changes(running, "2018-12")) == 1


@pytest.mark.parametrize(
    ("status", "says", "command"),
    [
        (2, "请写明变更什么", ("amend", "2018-01", "3")),
        (2, "请写明节点", ("amend", "2018-01", "--due-on", "2018-06-29")),
        (2, "不要写节点", ("amend", "2018-01", "3", "--title", "x")),
        (2, "--basis", ("amend", "2018-01", "3", "--due-on", "2018-06-29", "--basis", "", "--by", "李")),
        (2, "不是日期", ("amend", "2018-01", "3", "--due-on", "六月")),
        (2, "读不准", ("amend", "2018-01", "3", "--window", "适时")),
        (2, "晚于时限", ("amend", "2018-01", "3", "--due-on", "2018-01-02")),
        (2, "两次", ("amend", "2018-01", "--participants", "宣传部、宣传部")),
        (2, "不能以 plan- 开头", ("amend", "2018-01", "--title", "x", "--request-id", "plan-1")),
        (2, "--to", ("reassign", "2018-01", "--to", "\x1b[2J")),
        (2, "不是项目编号", ("reassign", "第一项", "--to", "宣传部")),
        (1, "没有节点", ("amend", "2018-01", "99", "--due-on", "2018-06-29")),
        (1, "没有督办中的项目", ("reassign", "2018-99", "--to", "宣传部")),
        (1, "督查人员", ("reassign", "2018-01", "--to", "宣传部", "--basis", "x", "--by", "组织部")),
    ],
    ids=lambda value: " ".join(value[:4]) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_amended_is_one_sentence(
    running: Duban, events: Callable[[str], int], status: int, says: str, command: tuple[str, ...]
) -> None:
    """What is missing, misplaced, unreadable or against a rule; nothing is recorded."""
    before = events("2018-01")
    answer = running(*command, *(() if "--by" in command else _WHY))
    assert (answer.status, says in answer.sentence) == (status, True), answer.sentence
    assert events("2018-01") == before


def test_the_rulings_of_the_plan_are_in_the_history(running: Duban) -> None:
    """The words, the choice, what was assumed before, who ruled and when: once, right after the assignment."""
    events = json.loads(running("audit", "history", "2018-06", "--json").out)["events"]
    assert [event["type"] for event in events[:4]].count("ReadingRuled") == 1
    assert events[2]["milestone_id"] == "2018-06-08"
    told = "“全年”裁定为“全年”（原按2018-01-01至2018-12-31），督查科 2018-04-25"
    assert told in events[2]["what"]
    assert told in running("audit", "history", "2018-06").out
