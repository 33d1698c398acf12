"""Limits that other places of the list settle: a remark that puts one off, dates that show the order of the rest."""

from __future__ import annotations

import pytest

from domain.notice.plan import Plan
from tests.domain.notice.plans import plan_of

_HEADS = ["序号", "工作任务", "牵头单位", "配合单位", "完成时限"]


def _asked(plan: Plan) -> list[str]:
    return [finding.code for finding in plan.findings if finding.needs_ruling]


def _codes(plan: Plan) -> list[str]:
    return [finding.code for finding in plan.findings]


def _told(plan: Plan) -> list[tuple[str, str]]:
    return [(m.description, str(m.due_on)) for m in plan.projects[0].milestones]


_WITH_REMARKS = [*_HEADS, "备注"]


@pytest.mark.parametrize(
    ("limit", "remark", "due"),
    [
        ("7月底前", "因选址调整，延期至10月底前", "2024-10-31"),
        ("3月底前", "因需征求省厅意见，延期至4月20日", "2024-04-20"),
        ("6月底前", "延期至9月30日", "2024-09-30"),
        ("3月31日", "推迟到5月底", "2024-05-31"),
        ("2024年6月30日前", "经批准，延期至2024年12月31日", "2024-12-31"),
        ("6月底前", "调整为10月底前", "2024-10-31"),
        ("6月底前", "改为12月底前完成", "2024-12-31"),
        ("31 March 2024", "Extended to 30 June 2024", "2024-06-30"),
        ("6月底前", "受汛期影响，推迟至11月", "2024-11-30"),
        ("3月底前", "延长至2025年3月底", "2025-03-31"),
    ],
)
def test_a_remark_that_puts_the_one_limit_off_is_read_with_it(limit: str, remark: str, due: str) -> None:
    """The new day counts, the old one and the reason are told, and nobody is asked."""
    plan = plan_of(_WITH_REMARKS, ["1", "任务甲", "甲局", "", limit, remark])
    assert [due_ for _, due_ in _told(plan)] == [due]
    assert "superseded_time" in _codes(plan)
    (told,) = [finding.text for finding in plan.findings if finding.code == "limit_moved"]
    assert "备注" in told
    assert remark in told
    assert not _asked(plan)


@pytest.mark.parametrize(
    ("limit", "remark"),
    [
        *(("9月底前", "延期至6月底"), ("7月底前", "竣工验收延期至10月底前"), ("6月底前", "拟延期至9月底前")),
        *(("3月底前启动，9月底前完成", "延期至10月底前"), ("6月底前", "申请延期至9月底"), ("每月", "延期至10月底前")),
        *(("6月底前", "建议调整为9月底前"), ("6月底前", "如征地受阻，延期至9月底前"), ("6月底前", "延期，时间待定")),
        ("31 March 2024", "Request: postponed to 30 June 2024"),
        ("31/10/2024", "Revised from 31/07/2024 because of asbestos survey"),
    ],
)
def test_a_remark_that_leaves_it_open_what_is_put_off_is_asked_about(limit: str, remark: str) -> None:
    """An earlier day, one step of several, or what nobody has decided yet changes no limit unasked."""
    plan = plan_of(_WITH_REMARKS, ["1", "任务甲", "甲局", "", limit, remark])
    without = plan_of(_HEADS, ["1", "任务甲", "甲局", "", limit])
    assert _told(plan) == _told(without)
    assert "remark_changes" in _asked(plan)


@pytest.mark.parametrize(
    ("limit", "other", "due"),
    [
        *(("05/06/2024", "30/06/2024", "2024-06-05"), ("05/06/2024", "06/30/2024", "2024-05-06")),
        *(("3/4/2024", "29/5/2024", "2024-04-03"), ("Sep-24", "31/10/2024", "2024-09-30")),
    ],
)
def test_a_date_is_read_like_the_others_of_its_list(limit: str, other: str, due: str) -> None:
    """Where one date shows that days or months stand first, the rest is not asked about."""
    plan = plan_of(_HEADS, ["1", "Task A", "Estates", "", limit], ["2", "Task B", "Estates", "", other])
    assert [due_ for _, due_ in _told(plan)] == [due]
    assert not {"day_or_month", "day_or_year"} & set(_asked(plan))


@pytest.mark.parametrize("others", [("05/07/2024",), ("30/06/2024", "06/30/2024")])
def test_a_date_in_a_list_that_does_not_show_its_order_is_asked_about(others: tuple[str, ...]) -> None:
    """No date that reads in one way only, or some of each order, leave the question."""
    rows = [[str(at), f"Task {at}", "Estates", "", limit] for at, limit in enumerate(others, 2)]
    assert "day_or_month" in _asked(plan_of(_HEADS, ["1", "Task A", "Estates", "", "05/06/2024"], *rows))
