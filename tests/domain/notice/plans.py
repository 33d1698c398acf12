"""The plan of a notice with one table, and what is read, asked and told in it."""

from __future__ import annotations

from collections.abc import Sequence

from domain.notice.compiling import compilation
from domain.notice.document import Cell, NoticeDocument, Paragraph, Row, Table
from domain.notice.plan import Plan

LINES = ("某市2024年重点工作清单", "2024年2月20日")


def table_of(*rows: Sequence[str]) -> Table:
    """A table without merged places, the heads first."""
    return Table(tuple(Row(tuple(map(Cell, row)), f"第{at}行") for at, row in enumerate(rows, 1)))


def plan_of(*rows: Sequence[str], lines: Sequence[str] = LINES, beside: Sequence[Table] = ()) -> Plan:
    """The plan of a table below some lines, with other tables behind it."""
    return compilation(NoticeDocument("list", (*map(Paragraph, lines), table_of(*rows), *beside))).plan


def windows(plan: Plan) -> list[tuple[str, str]]:
    """Start and end of every milestone, as they are printed."""
    return [(str(m.starts_on), str(m.due_on)) for project in plan.projects for m in project.milestones]


def asked(plan: Plan) -> list[str]:
    """The codes of what needs a ruling."""
    return [finding.code for finding in plan.findings if finding.needs_ruling]


def told(plan: Plan) -> list[str]:
    """The codes of everything that is said."""
    return [finding.code for finding in plan.findings]
