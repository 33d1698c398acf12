"""Lists that print the limit as it was first and as it was moved, a column each; and rows that a page tears."""

from __future__ import annotations

from functools import partial

import pytest

from tests.domain.notice.plans import asked, plan_of, windows

_LINES = ("某医院2026年整改台账", "2026年1月5日印发")
_plan = partial(plan_of, lines=_LINES)


@pytest.mark.parametrize(
    "heads",
    [
        "整改时限|调整后时限",
        "完成时限|调整后完成时限",
        "完成时间|变更后时间",
        "原定完成时限|调整后时限",
        "原完成时间|新完成时间",
        "原时限|延期后时限",
        "调整前完成时限|调整后完成时限",
        "办结时限|延期至日期",
        "计划完成时间|修订后的完成时间",
        "Original due date|Revised due date",
        "Due date|New date",
        "Due|Extended deadline",
        "Initial deadline|Current target date",
    ],
)
def test_a_limit_that_another_column_moves_is_read_as_moved_and_told(heads: str) -> None:
    """The moved limit counts where there is one; the others stay as they are, and nobody is asked."""
    first, moved = heads.split("|")
    plan = _plan(
        ("序号", "存在问题", "主责科室", first, moved),
        ("1", "危急值闭环管理存在断点", "医务部", "2026-03-31", "2026年7月31日"),
        ("2", "医疗技术目录未及时更新", "护理部", "2026年5月31日前", ""),
        ("3", "放射防护设施检测到期", "设备科", "2026年6月30日", "—"),
    )
    assert [due for _, due in windows(plan)] == ["2026-07-31", "2026-05-31", "2026-06-30"]
    assert asked(plan) == []
    (told,) = [finding.text for finding in plan.findings if finding.code == "limit_moved"]
    assert "2026年7月31日" in told


@pytest.mark.parametrize("text", ["待定", "另行研究", "申请延期", "视情况而定"])
def test_what_moves_a_limit_to_no_day_isasked(text: str) -> None:
    """The limit stands as it was first, with a question."""
    plan = _plan(
        ("序号", "存在问题", "主责科室", "整改时限", "调整后时限"),
        ("1", "危急值闭环管理存在断点", "医务部", "2026年3月31日", text),
        ("2", "医疗技术目录未及时更新", "护理部", "2026年5月31日", "2026年6月30日"),
    )
    assert [due for _, due in windows(plan)] == ["2026-03-31", "2026-06-30"]
    assert asked(plan)


@pytest.mark.parametrize(
    "cell",
    ["4月15日至", "3月到", "2026年3月1日起至", "一季度至", "4月15日至待定", "3月至另行通知", "3月1日至，6月完成"],
)
def test_a_range_whose_end_nobody_wrote_isasked(cell: str) -> None:
    """Its start is no limit."""
    plan = _plan(("序号", "任务名称", "牵头单位", "完成时限"), ("1", "滨江大道改造工程", "市住建局", cell))
    assert asked(plan)


def test_a_row_that_a_page_tears_is_put_together() -> None:
    """Each place goes on in the row below: title, measure, helpers and time; nothing is left over."""
    plan = _plan(
        ("反馈问题", "整改措施", "牵头科室", "配合科室", "完成时限"),
        ("落实意识形态责任制有", "开展教材教辅和校园图", "教材科", "基础教育科、职业教育", "2026年4月15日至"),
        ("差距", "书排查清理", "", "科", "5月31日"),
        ("内控制度不完善", "完善采购内控制度", "财务审计科", "办公室", "2026年5月底前"),
    )
    assert windows(plan)[0] == ("2026-04-15", "2026-05-31")
    assert [project.title for project in plan.projects] == ["落实意识形态责任制有差距", "内控制度不完善"]
    assert plan.projects[0].main_content == "开展教材教辅和校园图书排查清理"
    assert plan.projects[0].participating_departments == ("基础教育科", "职业教育科")
    assert asked(plan) == []
