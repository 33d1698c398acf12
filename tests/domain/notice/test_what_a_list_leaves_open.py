"""What a list says twice, leaves unnamed, or says of who does it: kept, told or asked about."""

from __future__ import annotations

import pytest

from domain.notice.compiling import compile_notice
from domain.notice.document import NoticeDocument, Paragraph
from domain.notice.plan import Plan
from tests.domain.notice.plans import asked, plan_of, told, windows

_HEADS = ("序号", "任务", "牵头单位", "配合单位", "完成时限")


def _cell(limit: str) -> Plan:
    return plan_of(_HEADS, ("1", "推进消费升级", "市商务局", "市财政局", limit))


def _lines(*items: str) -> Plan:
    lines = ("某市2024年重点工作任务分解表", "2024年2月20日", *items)
    return compile_notice(NoticeDocument("list", tuple(map(Paragraph, lines))))


@pytest.mark.parametrize("limit", ["6月底前完成；6月底前完成", "整改（6月底前）、整改（6月底前）"])
def test_what_is_printed_twice_counts_once_and_is_told(limit: str) -> None:
    """The same duty by the same time is one milestone."""
    plan = _cell(limit)
    assert windows(plan) == [("None", "2024-06-30")]
    assert (asked(plan), told(plan)) == ([], ["said_twice"])


def test_two_duties_by_one_time_stay_two() -> None:
    """`6月底前完成方案；6月底前完成招标`, and `3月、9月` of one label."""
    assert len(windows(_cell("6月底前完成方案；6月底前完成招标"))) == 2
    assert len(windows(_cell("3月、9月各督查一次"))) == 2


def test_brackets_that_say_how_often_say_what_is_done() -> None:
    """`4月—9月（每月底前报进展）` names the milestone; `（每月）` leaves it the title."""
    told_of = [
        [m.description for m in _cell(text).projects[0].milestones]
        for text in ("4月—9月（每月底前报进展）", "4月—9月（每月）")
    ]
    assert told_of == [["每月底前报进展"], ["推进消费升级"]]


@pytest.mark.parametrize("behind", ["配合", "参与", "按职责分工负责", "组织实施"])
def test_helpers_left_unnamed_in_running_text_are_asked_about(behind: str) -> None:
    """`由A牵头，B、C等配合`: somebody else helps, and nobody has said who."""
    plan = _lines(f"1. 推进消费升级。由市商务局牵头，市发改委、市财政局等{behind}，6月底前完成。")
    assert plan.projects[0].participating_departments == ("市发改委", "市财政局", "等")
    assert asked(plan) == ["placeholder_participant"]


def test_who_does_it_is_no_part_of_a_name() -> None:
    """`各市商务局组织实施` behind whoever leads, in running text and in a column."""
    running = _lines("1. 推进县域商业。由省商务厅牵头，各市商务局组织实施，9月底前完成。")
    column = plan_of(_HEADS, ("1", "推进县域商业", "省商务厅", "各市商务局组织实施", "9月底前"))
    for plan in (running, column):
        assert [(p.title, p.lead_department, p.participating_departments) for p in plan.projects] == [
            ("推进县域商业", "省商务厅", ("各市商务局",))
        ]
        assert asked(plan) == []


def test_what_joins_a_duty_to_the_time_of_the_next_one_is_no_part_of_it() -> None:
    """`一个月内完成整改并于5月20日前报告`: 完成整改, asked when, and the report."""
    plan = _cell("于一个月内完成整改并于5月20日前报告")
    assert next(m.description for m in plan.projects[0].milestones) == "完成整改"
    assert windows(plan)[1] == ("None", "2024-05-20")
    assert asked(plan) == ["relative_time"]
