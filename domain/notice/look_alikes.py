"""Departments of one list whose names differ only in letters' case or width, or in brackets: one, or really two?"""

from __future__ import annotations

from collections.abc import Iterable

from domain.names import look_alikes
from domain.notice.findings import Finding, FindingSource
from domain.notice.windows import Choice
from domain.project import KeyProject

TWO_DEPARTMENTS = "不同部门"


def look_alike_findings(projects: Iterable[KeyProject]) -> list[Finding]:
    """A finding for each group of spellings with one key; what differs in blanks and width alone is written alike."""
    names = [name for each in projects for name in (each.lead_department, *each.participating_departments)]
    return [
        Finding(
            key=f"look_alike_names@{group[0]}",
            code="look_alike_names",
            severity="ruling",
            text=f"部门名称{'、'.join(f'“{name}”' for name in group)}写法相近，现按不同部门分别督办；"
            "如是同一部门，请在通知或计划里改成同一写法后重新读入。",
            source=FindingSource.whole("lead_department", group[0]),
            assumed="按不同部门",
            choices=(Choice(key=TWO_DEPARTMENTS, text="是不同的部门，各自督办"),),
        )
        for group in look_alikes(names)
    ]
