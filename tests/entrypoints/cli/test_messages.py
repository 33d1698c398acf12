"""What a person reads in the shell: one name for a record, one reason once, and what to type after a refusal."""

from __future__ import annotations

from datetime import date

import pytest

from application.office.every_project import Result
from domain.acts.rejections import StrikeOffFirstError, YearEndTooEarlyError
from domain.ids import event_id_for, record_name, record_named, supervision_workflow_id
from domain.scoring.point_names import point_name, point_named
from entrypoints.cli.acting import records_in_short
from entrypoints.cli.next_commands import next_command, told_with_command
from entrypoints.cli.results import grouped

_WORDS = {"done": "已办理", "failed": "没有办成", "closed": "已结束"}


@pytest.mark.parametrize("project_id", ["2018-05a", "2018-05a_03_01", "2018-16"])
def test_a_record_has_one_name_which_is_read_back(project_id: str) -> None:
    """A record is named by its project and its number; the name, and the identity behind it, both find it."""
    event_id = event_id_for(supervision_workflow_id(project_id), 7)
    assert record_name(event_id) == f"{project_id}#7"
    assert record_named(f" {project_id}#7 ") == event_id
    assert record_named(event_id) == event_id


@pytest.mark.parametrize("other", ["directory#3", "department-mailbox/40924d63ca9e9824#2", "x", ""])
def test_what_is_of_no_project_keeps_its_name(other: str) -> None:
    """Other streams have no name of a list."""
    assert record_name(other) == record_named(other) == other


def test_a_point_is_named_by_its_record_and_its_reason() -> None:
    """An appeal names a point as the table shows it, or by its key."""
    key = "key-project/2018/05a#17/early"
    assert point_name(key) == "2018-05a#17/提前完成"
    assert point_named("2018-05a#17/提前完成") == point_named(key) == key


def test_records_of_an_act_are_told_in_short() -> None:
    """The first record is named whole, the last one by its number."""
    ids = [f"key-project/2018/05a#{number}" for number in (5, 6, 7)]
    assert records_in_short(ids[:1]) == "2018-05a#5"
    assert records_in_short(ids) == "2018-05a#5 至 #7"


def test_a_reason_that_many_projects_share_is_said_once() -> None:
    """A mass act that one rule refuses for all has one line with all projects, and the line to type under it."""
    error = YearEndTooEarlyError(year=2018, today=date(2018, 4, 25), opens_on=date(2018, 12, 15))
    results = [Result(f"2018-0{number}", "failed", error.text, error.rule) for number in range(1, 6)]
    told = list(grouped(results, _WORDS))
    assert told == [
        f"没有办成：2018-01、2018-02、2018-03、2018-04、2018-05：{error.text}",
        "    命令：再加 --despite-period 理由 --confirmed-by 姓名",
    ]


def test_a_reason_that_names_its_own_project_is_shared_all_the_same() -> None:
    """What differs by nothing but the project or its milestone is one reason."""
    errors = [StrikeOffFirstError(milestone_id=each) for each in ("2018-01-02", "2018-05a-01")]
    results = [
        Result(each, "failed", error.text, error.rule)
        for each, error in zip(("2018-01", "2018-05a"), errors, strict=True)
    ]
    (line, _) = grouped(results, _WORDS)
    assert line == "没有办成：2018-01-02、2018-05a-01：节点已办结、尚未销号，不能结转：请先销号，再作年终办理。"


def test_a_reason_of_one_project_stays_as_it_is() -> None:
    """Different reasons stand apart, and results without a reason together."""
    told = [
        Result("2018-01", "done"),
        Result("2018-010", "done"),
        Result("2018-02", "failed", "项目 2018-02 没有应答。"),
    ]
    assert list(grouped(told, _WORDS)) == [
        "已办理：2018-01、2018-010",
        "没有办成：2018-02：项目 2018-02 没有应答。",
    ]


def test_a_refusal_has_its_line_to_type_under_it() -> None:
    """The core says what is to be done; the shell says with which command."""
    error = StrikeOffFirstError(milestone_id="2018-01-02")
    assert told_with_command(error) == f"{error.text}\n命令：duban strike-off 2018-01 2 --by 姓名"
    assert next_command("a_rule_without_a_step") is None
