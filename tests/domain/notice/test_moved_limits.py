"""A remark beside a row that moves its limit."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.notice.compiling import compilation
from domain.notice.document import Cell, NoticeDocument, Paragraph, Row, Table
from domain.notice.plan import Plan
from tests.domain.notice.expected_windows import expected_one_of

_HEADS = ("序号", "任务名称", "责任单位", "完成时限", "备注")
_ROWS = [
    line.replace(" | ", " => ").split(" => ")
    for line in (Path(__file__).parent / "moved_limits.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def _compiled(limit: str, remark: str) -> Plan:
    rows = (_HEADS, ("1", "滨江大道改造", "市住建局", limit, remark))
    table = Table(tuple(Row(tuple(map(Cell, row)), f"第{at}行") for at, row in enumerate(rows, 1)))
    lines = map(Paragraph, ("某市2026年重点项目清单", "2026年1月5日印发"))
    return compilation(NoticeDocument("list", (*lines, table))).plan


@pytest.mark.parametrize(("limit", "remark", "expected"), _ROWS, ids=[" | ".join(row[:2]) for row in _ROWS])
def test_a_remark_that_moves_a_limit_is_read_and_told_or_asked_about(limit: str, remark: str, expected: str) -> None:
    """The day that was agreed upon counts, and the remark is quoted whole; what is not certain leaves the limit."""
    plan = _compiled(limit, remark)
    asked = any(finding.needs_ruling and remark in finding.text for finding in plan.findings)
    told = any(finding.code == "limit_moved" and f"“备注”一栏写“{remark}”" in finding.text for finding in plan.findings)
    if expected == "asked":
        assert (asked, told) == (True, False)
        assert [m.due_on for m in plan.projects[0].milestones] == [
            m.due_on for m in _compiled(limit, "").projects[0].milestones
        ]
        return
    assert not [finding.text for finding in plan.findings if finding.needs_ruling]
    assert told
    _, alternatives = expected_one_of(expected, plan.year)
    windows, found = alternatives[0], plan.projects[0].milestones
    assert len(windows) == len(found)
    assert all(window.fits(milestone) for window, milestone in zip(windows, found, strict=True))
