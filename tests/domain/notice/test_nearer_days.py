"""A day in brackets behind a title, in a row whose column says a month, a quarter or half a year."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.notice.compiling import compilation
from domain.notice.document import Cell, NoticeDocument, Paragraph, Row, Table
from tests.domain.notice.expected_windows import expected_one_of

_HEADS = ("月份", "序号", "工作内容", "责任部门")
_ROWS = [
    line.replace(" | ", " => ").split(" => ")
    for line in (Path(__file__).parent / "nearer_days.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("month", "title", "expected"), _ROWS, ids=[" | ".join(row[:2]) for row in _ROWS])
def test_brackets_behind_a_title_say_when_in_the_month(month: str, title: str, expected: str) -> None:
    """A nearer day counts where it lies in what the column says, and the title stays as it was printed."""
    rows = (_HEADS, (month, "1", title, "校办"), ("11月", "2", "召开学术年会", "科研处"))
    table = Table(tuple(Row(tuple(map(Cell, row)), f"第{at}行") for at, row in enumerate(rows, 1)))
    lines = map(Paragraph, ("某学院2026年工作月历", "2026年1月5日印发"))
    plan = compilation(NoticeDocument("list", (*lines, table))).plan
    _, alternatives = expected_one_of(expected, plan.year)
    (window,), found = alternatives[0], plan.projects[0].milestones
    assert [window.fits(milestone) for milestone in found] == [True]
    assert plan.projects[0].title == title
    assert not [finding.text for finding in plan.findings if finding.needs_ruling]


def test_brackets_behind_an_item_say_when_in_the_month_that_heads_it() -> None:
    """`3月份` on a line of its own holds for the items below it but for those with a day of their own in it."""
    lines = (
        "3月份",
        "1.举行开学典礼（3月2日）（校办牵头）",
        "2.检查宿舍（后勤处牵头）",
        "4月份",
        "3.举办双选会（4月18日）（校办牵头）",
    )
    heading = ("某学院2026年工作安排", "2026年1月5日印发")
    plan = compilation(NoticeDocument("list", tuple(map(Paragraph, (*heading, *lines))))).plan
    due = [str(milestone.due_on) for project in plan.projects for milestone in project.milestones]
    assert due == ["2026-03-02", "2026-03-31", "2026-04-18"]
