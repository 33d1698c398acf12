"""Notices that change a list that is running, and rows of it that name another office: nothing of them goes unsaid."""

from __future__ import annotations

import pytest

from domain.notice.compiling import compile_notice
from domain.notice.document import NoticeDocument, Paragraph
from domain.notice.plan import Plan
from tests.domain.notice.plans import plan_of

HEADS = ("序号", "任务", "责任单位", "时限")
ROW = ("1", "建成污水厂", "县住建局", "6月底前")


def _codes(plan: Plan) -> list[str]:
    return [finding.code for finding in plan.unruled]


def _lines(*lines: str) -> Plan:
    return compile_notice(NoticeDocument("list", tuple(map(Paragraph, lines))))


@pytest.mark.parametrize(
    "changes",
    [
        "1. 将第3项时限调整为9月底前。",
        "1. 第三项任务的完成时限由6月底推迟到9月底前。",
        "1. 第5项不再列入，相关工作9月底前移交。",
        "1. 新增第11项：9月底前建公厕5座。",
        "1. 将第3项移至第二部分，9月底前完成。",
        "1. 第2项、第3项合并为一项，9月底前完成。",
        "1. 将第4项并入第2项，9月底前完成。",
        "1. 第6项暂缓实施，9月底前另行报告。",
    ],
)
def test_a_notice_that_names_only_changes_is_asked_about(changes: str) -> None:
    """Started as a whole list it would withdraw every project that it does not name."""
    plan = _lines("2026年重点任务清单", "2026年2月10日", f"{changes}（县住建局牵头）")
    assert "only_changes" in _codes(plan)


@pytest.mark.parametrize("title", ["2026年重点任务清单补充通知", "关于印发2026年重点任务补充清单的通知"])
def test_a_notice_called_a_supplement_is_asked_about(title: str) -> None:
    """New rows alone look like any other list."""
    plan = _lines(title, "2026年2月10日", "1. 建成污水厂，6月底前完成（县住建局牵头）。")
    assert "only_changes" in _codes(plan)


@pytest.mark.parametrize(
    "item",
    [
        "1. 取消第三方收费项目5项，6月底前完成",
        "1. 将第三项目部搬迁时间提前到6月底前",
        "1. 落实补充耕地任务，6月底前完成",
    ],
)
def test_a_duty_that_changes_something_else_is_no_change_of_the_list(item: str) -> None:
    """A number without `项`, a project's office, a word inside a duty: nothing is asked."""
    plan = _lines("2026年重点任务清单", "2026年2月10日", f"{item}（县住建局牵头）。")
    assert "only_changes" not in _codes(plan)


def test_a_lead_that_says_what_it_was_changed_to_is_asked_about() -> None:
    """`牵头单位调整为县水务局` is no office's name."""
    plan = plan_of(HEADS, (*ROW[:2], "牵头单位调整为县水务局", ROW[3]))
    assert "placeholder_lead" in _codes(plan)


def test_an_office_of_a_further_row_beside_its_limit_takes_part() -> None:
    """`责任单位及时限`: another office in a row that goes on with the task is asked about, and is there."""
    heads = ("序号", "任务", "责任单位及时限")
    plan = plan_of(heads, ("1", "建成污水厂", "县住建局，6月底前"), ("", "", "县财政局，8月底前"))
    (project,) = plan.projects
    assert (project.lead_department, project.participating_departments) == ("县住建局", ("县财政局",))
    assert "several_leads" in _codes(plan)


def test_a_helper_of_a_further_row_beside_its_limit_takes_part() -> None:
    """`配合单位及时限`: nothing is asked of it."""
    heads = ("序号", "任务", "牵头单位", "配合单位及时限")
    rows = [("1", "建成污水厂", "县水务局", "县住建局，6月底前"), ("", "", "", "县财政局，8月底前")]
    (project,) = plan_of(heads, *rows).projects
    assert project.participating_departments == ("县住建局", "县财政局")


@pytest.mark.parametrize("office", ["县气象台", "城投", "县交投"])
def test_an_office_alone_in_the_brackets_that_end_an_item_leads_it(office: str) -> None:
    """A station and a company by its short name are offices as a bureau is."""
    plan = _lines("2026年重点任务清单", "2026年2月10日", f"1. 建成污水厂，6月底前完成。（{office}）")
    assert plan.projects[0].lead_department == office
