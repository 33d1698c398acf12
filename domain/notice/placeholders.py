"""Departments that a list does not name: whoever is still to be found (`待分配`), or many at once (`各有关单位`)."""

from __future__ import annotations

from collections.abc import Iterable

from domain.ids import ProjectId
from domain.notice.departments import is_placeholder
from domain.notice.findings import CONFIRM, Finding, FindingSource
from domain.notice.windows import Choice


def placeholder_findings(project_id: ProjectId, lead: str, participants: Iterable[str]) -> list[Finding]:
    """A question for each department of a project that is none: papers cannot go to it."""
    found: list[Finding] = []
    for name in dict.fromkeys((lead, *participants)):
        if not is_placeholder(name):
            continue
        leading = name == lead
        code = "placeholder_lead" if leading else "placeholder_participant"
        what = "牵头" if leading else "参与"
        found.append(
            Finding(
                key=f"{code}@{project_id}" if leading else f"{code}@{project_id}:{name}",
                code=code,
                severity="ruling",
                project_id=project_id,
                text=f"“{name}”不是一个部门的名称，要写明由哪个部门{what}；裁定写部门名称，多个用顿号隔开。",
                source=FindingSource(
                    field="lead_department" if leading else "participating_departments",
                    start=0,
                    end=len(name),
                    text=name,
                ),
                assumed=name,
                choices=(Choice(key=CONFIRM, text=f"就以“{name}”的名义发文"),),
            )
        )
    return found
