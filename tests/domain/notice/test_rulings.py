"""Rulings hold for what they cover, and one that applies to nothing is refused."""

from __future__ import annotations

from datetime import date

import pytest

from domain.notice.compiling import compile_notice
from domain.notice.document import Cell, NoticeDocument, Paragraph, Row, Table
from domain.notice.findings import Ruling
from domain.notice.plan import Plan
from domain.notice.refusals import UnreadableRulingError
from domain.notice.rulings import merged_rulings

_HEADS = ("序号", "工作任务", "牵头部门", "工作进度安排")


def _compiled(schedule: str, *rulings: tuple[str, str], lead: str = "甲局", notice: str = "") -> Plan:
    rows = tuple(
        Row(tuple(Cell(text) for text in row), f"第{at}行")
        for at, row in enumerate((_HEADS, ("1", "任务", lead, schedule)), 1)
    )
    blocks = (Paragraph("某市2024年重点工作清单"), Paragraph("发布日期：2024年2月20日"), Paragraph(notice), Table(rows))
    given = tuple(Ruling(finding=finding, choice=choice) for finding, choice in rulings)
    return compile_notice(NoticeDocument("清单", blocks), rulings=given)


def _dues(plan: Plan) -> list[str]:
    return [str(milestone.due_on) for project in plan.projects for milestone in project.milestones]


def _ruled(schedule: str, code: str, choice: str, lead: str = "甲局") -> Plan:
    findings = [finding for finding in _compiled(schedule, lead=lead).findings if finding.code == code]
    return _compiled(schedule, *((finding.key, choice) for finding in findings), lead=lead)


@pytest.mark.parametrize(
    ("schedule", "code", "choice", "dues"),
    [
        ("12月：组织验收；1月：实施甲；总结乙", "month_order", "2024年1月", ["2024-12-31", "2024-01-31", "2024-01-31"]),
        ("12月：验收；1月：甲；乙；丙", "month_order", "2025年1月", ["2024-12-31"] + ["2025-01-31"] * 3),
        ("5月、10月：督查；适时通报", "open_or_inherits", "年底前", ["2024-05-31", "2024-10-31"] + ["2024-12-31"] * 2),
        ("6月前：甲；乙", "before_or_within", "2024年6月30日前", ["2024-06-30"] * 2),
        ("年初：甲；乙", "vague_time", "2024年3月31日前", ["2024-03-31"] * 2),
        ("11月、1月：甲；乙", "crossing_year", "2024年1月1日—2024年1月31日", ["2024-11-30", "2024-01-31"] * 2),
        ("适时：甲；乙", "undated", "年底前", ["2024-12-31"] * 2),
        ("春节前：甲；乙", "which_festival", "2025年1月28日前", ["2025-01-28"] * 2),
    ],
)
def test_a_ruling_changes_every_milestone_that_it_covers(
    schedule: str, code: str, choice: str, dues: list[str]
) -> None:
    """The one that was doubted, those read from the same words, and those that inherit its time."""
    assert _dues(_ruled(schedule, code, choice)) == dues


def test_a_fiscal_year_is_declared_for_the_whole_list_by_one_ruling() -> None:
    """财年4月起 reads each doubted time in that fiscal year."""
    plan = _ruled("Q1 FY2024/25: draft; end of FY2024/25: final", "fiscal_year", "财年4月起")
    assert _dues(plan) == ["2024-06-30", "2025-03-31"]


@pytest.mark.parametrize(
    ("code", "choice", "lead"),
    [
        ("left_over", "6月底前", "甲局"),
        ("several_leads", "、", "甲局、乙局"),
        ("standing_duty", "年底前", "甲局"),
        ("no_lead", "年底前", ""),
        ("no_lead", "…", ""),
    ],
)
def test_a_ruling_that_applies_to_nothing_is_refused(code: str, choice: str, lead: str) -> None:
    """Nobody is left to believe that it holds."""
    notice = "各单位每月25日前报送进展。"
    findings = _compiled("进度安排：3月：甲", lead=lead, notice=notice).findings
    (key,) = (finding.key for finding in findings if finding.code == code)
    with pytest.raises(UnreadableRulingError):
        _compiled("进度安排：3月：甲", (key, choice), lead=lead, notice=notice)


def test_a_ruling_that_another_one_stands_over_is_refused() -> None:
    """Two rulings on all of a kind contradict each other; one on a single finding may stand beside them."""
    plan = _compiled("6月前：甲；8月前：乙")
    keys = [finding.key for finding in plan.findings if finding.code == "before_or_within"]
    kind, other = (Ruling(finding="before_or_within", choice=choice) for choice in ("6月30日前", "5月31日前"))
    single = Ruling(finding=keys[0], choice="5月31日前")
    with pytest.raises(UnreadableRulingError, match="没有用上"):
        merged_rulings((), [kind, other], plan.findings)
    held = {ruling.finding: ruling.choice for ruling in merged_rulings((), [kind, single], plan.findings)}
    assert held == {keys[0]: "5月31日前", keys[1]: "6月30日前"}


def test_what_waits_is_told_as_it_stands_after_a_ruling() -> None:
    """`适时` behind a time that was ruled on assumes the ruled time."""
    (finding,) = _ruled("6月前：甲；适时推广", "before_or_within", "6月30日前").unruled
    assert finding.assumed == "2024-06-30前"


@pytest.mark.parametrize(
    ("choice", "count", "due"),
    [
        ("确认", 19, "2024-06-30"),
        ("2024年2月19日—2024年12月31日", 45, "2024-12-31"),
        ("2024年6月30日前", None, "2024-06-30"),
    ],
)
def test_sessions_follow_the_ruled_stretch(choice: str, count: int | None, due: str) -> None:
    """Weekly until a limit, through the year, or one duty by the limit."""
    (milestone,) = _ruled("每周调度，6月底前完成", "repeats_until", choice).projects[0].milestones
    assert (milestone.recurrence.count if milestone.recurrence else None) == count
    assert str(milestone.due_on) == due


def test_a_project_without_a_schedule_gets_the_ruled_time() -> None:
    """A ruling on what is missing makes the milestone."""
    assert _dues(_ruled("", "no_schedule", "9月底前")) == ["2024-09-30"]


def test_a_placeholder_gives_way_to_the_ruled_departments() -> None:
    """The lead and those who take part."""
    plan = _ruled("3月：甲", "placeholder_lead", "教育局、财政局", lead="待分配")
    assert plan.projects[0].lead_department == "教育局"
    assert plan.projects[0].participating_departments == ("财政局",)
    plan = _ruled("3月：甲", "group_lead", "甲县、乙县", lead="各县区")
    assert (plan.projects[0].lead_department, plan.projects[0].participating_departments) == ("甲县", ("乙县",))
    plan = _ruled("3月：甲", "group_participant", "乙局、丙局", lead="甲局牵头，各有关单位配合")
    assert plan.projects[0].participating_departments == ("乙局", "丙局")


@pytest.mark.parametrize(
    "sentence",
    [
        "各单位每月25日前报送进展情况。",
        "请牵头部门每季度末向办公室报告工作进展",
        "各责任单位每半年汇报一次",
        "实行月调度、季通报制度",
        "Departments shall report progress monthly.",
    ],
)
def test_a_duty_in_the_notices_own_text_is_told(sentence: str) -> None:
    """What comes back for everybody stands beside the list, and is not lost."""
    told = [finding for finding in _compiled("3月：甲", notice=sentence).findings if finding.code == "standing_duty"]
    assert len(told) == 1
    assert told[0].source.text.strip("。.") in sentence


def test_the_day_of_issue_decides_which_sessions_count() -> None:
    """每月5日前 in a list of 20 February begins in March."""
    (milestone,) = _compiled("每月5日前报送").projects[0].milestones
    assert milestone.recurrence is not None
    assert (milestone.recurrence.count, milestone.recurrence.day) == (10, 5)
    assert milestone.starts_on == date(2024, 3, 1)
