"""Items in which each of several offices has its own part and limit: a duty for each, where nothing is in doubt."""

from __future__ import annotations

import pytest

from domain.notice.compiling import compile_notice
from domain.notice.document import NoticeDocument, Paragraph
from domain.notice.parts_of_offices import parts_of_offices
from domain.notice.plan import Plan
from tests.domain.notice.plans import asked


def _lines(*items: str) -> Plan:
    return compile_notice(
        NoticeDocument("list", tuple(map(Paragraph, ("某县2026年重点任务", "2026年2月10日", *items))))
    )


def _read(plan: Plan) -> list[tuple[str, str, str, tuple[str, ...], str]]:
    return [
        (p.project_id, p.title, p.lead_department, p.participating_departments, str(p.milestones[0].due_on))
        for p in plan.projects
    ]


def test_clauses_of_one_office_and_one_limit_are_duties_of_their_own() -> None:
    """Each is led by its office, under the item's number, and the split is told."""
    plan = _lines(
        "1.建水厂。县商务局6月底前完成选址，县财政局要在8月15日前拨付资金。",
        "2.修建公路，9月底前完成（县交通局牵头）。",
    )
    assert _read(plan) == [
        ("2026-01a", "建水厂：完成选址", "县商务局", (), "2026-06-30"),
        ("2026-01b", "建水厂：拨付资金", "县财政局", (), "2026-08-15"),
        ("2026-02", "修建公路", "县交通局", (), "2026-09-30"),
    ]
    assert asked(plan) == []
    assert [finding.code for finding in plan.findings] == ["measures_apart"]


def test_clauses_that_close_with_who_leads_and_by_when_are_duties_of_their_own() -> None:
    """No helper of one clause helps in another, and a sentence before them names the item."""
    plan = _lines(
        "一、扩大消费。出台措施（县商务局牵头，县财政局配合，4月底前完成）；举办展销（县商务局牵头，各乡镇配合，10月底前完成）。",
        "二、稳定就业",
        "举办招聘会（县人社局牵头，3月底前完成），开展培训（县总工会牵头，县人社局配合，9月底前完成）。",
    )
    assert [each[1:] for each in _read(plan)] == [
        ("扩大消费：出台措施", "县商务局", ("县财政局",), "2026-04-30"),
        ("扩大消费：举办展销", "县商务局", ("各乡镇",), "2026-10-31"),
        ("举办招聘会", "县人社局", (), "2026-03-31"),
        ("开展培训", "县总工会", ("县人社局",), "2026-09-30"),
    ]
    assert [project.category for project in plan.projects] == [None] * 2 + ["稳定就业"] * 2
    assert asked(plan) == []


@pytest.mark.parametrize(
    "said",
    [
        "建桥。县住建局会同县交通局6月底前完成选址，县财政局8月底前拨付资金",
        "建桥。县住建局商县交通局6月底前完成选址，县财政局8月底前拨付资金",
        "建桥。县住建局力争6月底前完成选址，县财政局8月底前拨付资金",
        "建桥。县住建局6月底前完成选址、8月底前开工，县财政局8月底前拨付资金",
        "建桥。县住建局6月底前完成选址，县财政局适时拨付资金",
        "建桥。县住建局6月底前完成选址，县财政局8月底前拨付资金，县交通局配合",
        "建桥。县住建局6月底前完成选址，县财政局8月底前拨付资金，年底前完工",
        "建桥。县住建局6月底前完成选址，县住建局8月底前开工",
        "建桥。县住建局每月报送，县财政局8月底前拨付资金",
        "建桥：县住建局6月底前完成选址，县财政局8月底前拨付资金",
        "出台措施（县商务局、县财政局，4月底前完成）；举办展销（县商务局，10月底前完成）。",
        "出台措施（县商务局牵头）；举办展销（县文旅局牵头，10月底前完成）。",
        "出台措施（县商务局牵头，4月底前完成）；其中细则（县财政局牵头，3月底前完成）。",
        "出台措施（县商务局牵头，4月底前完成）；举办展销（县文旅局牵头，9月底前完成），12月底前总结。",
    ],
)
def test_what_may_be_meant_otherwise_is_one_item(said: str) -> None:
    """Two offices or limits in a clause, a hope, a clause without either, or words around them: it is asked about."""
    assert parts_of_offices(said) == ("", [])


def test_an_office_that_opens_an_item_of_another_lead_is_asked_about() -> None:
    """`甲局6月底前…，乙局会同丙局8月底前…`: 乙局 leads, and does not do what 甲局 is to do."""
    plan = _lines(
        "1.扩大消费。县商务局6月底前完成选址，县财政局会同县审计局8月底前拨付资金。",
        "2.修建公路，9月底前完成（县交通局牵头）。",
    )
    assert asked(plan) == ["another_charged"]


@pytest.mark.parametrize(
    "words",
    [
        "于三季度",
        "要在年底前",
        "力争6月底前",
        "确保在9月30日前",
        "负责在3—5月",
        "牵头于上半年",
        "每季度",
    ],
)
@pytest.mark.parametrize("who", ["县科技局", "经开区管委会", "县残联", "县委宣传部", "县总工会"])
def test_no_office_with_a_time_of_its_own_is_lost_in_an_item_of_another(who: str, words: str) -> None:
    """Whatever stands between the office and its time: it is asked about, and its step is in the plan."""
    plan = _lines(
        f"1.建设新城。{who}{words}培训教师，县财政局8月底前拨付资金（县旅游局牵头）。",
        "2.修建公路，9月底前完成（县文旅局牵头）。",
    )
    assert any(who in finding.source.text for finding in plan.findings if finding.needs_ruling)
    assert "培训教师" in plan.projects[0].schedule_text
