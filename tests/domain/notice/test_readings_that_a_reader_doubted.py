"""What a reader of the program provoked with small tables: each had been read another way without a question."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from domain.notice.plan import Plan
from tests.domain.notice.plans import asked, plan_of


def _compiled(heads: str, *rows: Sequence[str]) -> Plan:
    return plan_of(heads.split("|"), *rows, lines=("某市2026年重点任务", "2026年1月5日印发"))


def _due(plan: Plan) -> list[str]:
    return [str(milestone.due_on) for project in plan.projects for milestone in project.milestones]


@pytest.mark.parametrize(
    ("limit", "remark", "due"),
    [
        ("2026年12月底前", "延期至3月底前", "2026-12-31"),
        ("2026年9月30日", "推迟至1月15日", "2026-09-30"),
        ("6月底前", "因省里验收时间调整至9月", "2026-06-30"),
        ("6月底前", "因附属工程延期至9月底", "2026-06-30"),
        ("6月底前", "因设备到货时间推迟到8月", "2026-06-30"),
        ("6月底前", "由于招标公告推迟至7月15日", "2026-06-30"),
        ("6月底前", "经批准招标延期至7月底", "2026-06-30"),
    ],
)
def test_a_remark_that_may_be_about_something_else_or_goes_back_isasked(limit: str, remark: str, due: str) -> None:
    """The limit stays as it was printed."""
    plan = _compiled("序号|任务|牵头单位|完成时限|备注", ("1", "示例任务", "甲局", limit, remark))
    assert _due(plan) == [due]
    assert "remark_changes" in asked(plan)


def test_a_column_of_moved_limits_that_goes_back_isasked() -> None:
    """`12月底前` and `调整后 3月底前` may be of two years."""
    plan = _compiled("序号|任务|牵头单位|完成时限|调整后完成时限", ("1", "示例任务", "甲局", "12月底前", "3月底前"))
    assert _due(plan) == ["2026-12-31"]
    assert asked(plan)


@pytest.mark.parametrize(
    ("heads", "said"),
    [
        ("责任单位意见|督查室意见", ("延期至9月底前", "不同意")),
        ("责任单位申请|审批意见", ("延期至9月底前", "不同意延期")),
        ("责任单位申请|市领导批示", ("延期至9月底前", "按原计划完成")),
        ("备注|督查室意见", ("延期至9月底前", "不予同意")),
        ("工作进展|存在问题", ("延期至9月底前", "资金不足")),
    ],
)
def test_what_a_department_asks_for_moves_nothing(heads: str, said: tuple[str, str]) -> None:
    """Nor what was refused beside it."""
    plan = _compiled(f"序号|任务|牵头单位|完成时限|{heads}", ("1", "示例任务", "甲局", "6月底前", *said))
    assert _due(plan) == ["2026-06-30"]
    assert asked(plan)


@pytest.mark.parametrize(
    ("title", "limit", "due"),
    [
        ("落实市长专题会议精神（3月2日）", "3月", "2026-03-31"),
        ("办理人大建议第12号（1月20日）", "一季度", "2026-03-31"),
        ("整改审计报告指出问题（2月15日）", "上半年", "2026-06-30"),
    ],
)
def test_the_day_of_a_paper_is_no_limit(title: str, limit: str, due: str) -> None:
    """In brackets behind a title that names a paper or a meeting."""
    plan = _compiled("序号|任务|牵头单位|完成时限", ("1", title, "甲局", limit))
    assert _due(plan) == [due]


def test_a_nearer_day_behind_a_title_is_told() -> None:
    """It is read, and a finding says so."""
    plan = _compiled("序号|任务|牵头单位|完成时限", ("1", "开学典礼（3月2日）", "教务处", "3月"))
    assert _due(plan) == ["2026-03-02"]
    assert "nearer_day" in {finding.code for finding in plan.findings}


@pytest.mark.parametrize("heads", ["年|月|日", "年度|月份|日期", "年份|月份|具体日期"])
def test_a_year_in_a_column_of_its_own_belongs_to_the_month_and_the_day_beside_it(heads: str) -> None:
    """`2027 | 1 | 8` is a day of 2027."""
    rows = [("2026", "11", "5", "甲"), ("2026", "12", "20", "乙"), ("2027", "1", "8", "丙"), ("", "2", "9", "丁")]
    first = [(*row[:3], f"{row[3]}项任务", "甲局") for row in rows]
    plan = _compiled(f"{heads}|任务名称|牵头单位", *first[:3])
    if heads == "年份|月份|具体日期":
        plan = _compiled(
            f"{heads}|任务名称|牵头单位", *[(y, f"{m}月", f"{d}日", *rest) for y, m, d, *rest in first[:3]]
        )
    assert _due(plan) == ["2026-11-05", "2026-12-20", "2027-01-08"]


@pytest.mark.parametrize("text", ["每年度结束后30日内报送总结", "每年结束后一个月内报送总结"])
def test_what_is_due_after_the_year_isasked(text: str) -> None:
    """No session of the list's own year can be it."""
    plan = _compiled("序号|任务|牵头单位|完成时限", ("1", "示例任务", "甲局", text))
    assert "after_each" in asked(plan)


def test_a_month_after_each_half_is_the_month_behind_it() -> None:
    """It had been the half's own end, without a word."""
    plan = _compiled("序号|任务|牵头单位|完成时限", ("1", "示例任务", "甲局", "每半年结束后一个月内报送总结"))
    assert {"after_each", "detail_not_kept"} & {finding.code for finding in plan.findings}


@pytest.mark.parametrize("head", ["批准日期", "立项时间", "批复时间", "上报时间"])
def test_days_of_papers_beside_the_limit_are_not_asked_about(head: str) -> None:
    """When something was approved or sent up is told, and no limit."""
    plan = _compiled(f"序号|任务|牵头单位|完成时限|{head}", ("1", "示例任务", "甲局", "6月底前", "5月20日"))
    assert "column_unread" not in asked(plan)


def test_a_title_of_one_duty_takes_the_first_line_of_its_measure_alone() -> None:
    """A second measure without a limit is not glued to it."""
    heads = "序号|任务|措施|牵头单位|完成时限"
    plan = _compiled(
        heads, ("1", "防汛", "修订预案\n储备物资", "应急局", "5月底前"), ("", "", "清理河道", "水利局", "4月底前")
    )
    assert plan.projects[0].title in ("防汛", "防汛：修订预案")
