"""Departments that a list does not name: whoever is still to be found (`待分配`), or many at once (`各有关单位`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from domain.ids import ProjectId
from domain.notice.departments import is_group, is_more_than_a_name, is_placeholder
from domain.notice.findings import CONFIRM, Finding, FindingSource
from domain.notice.time_cells import is_a_time
from domain.notice.windows import Choice

PLACEHOLDER_LEAD = "placeholder_lead"
PLACEHOLDER_PARTICIPANT = "placeholder_participant"
GROUP_LEAD = "group_lead"
GROUP_PARTICIPANT = "group_participant"
"""What names many at once is one finding of the list: who takes part need not be one office, who leads must be."""
NOBODY: Final = "（未写明）"
"""The lead of a project for which the list names none."""
WHO_LEADS: Final = "；裁定写部门名称，多个用顿号隔开，第一个牵头、其余参与。"
"""How a ruling says who leads."""


def placeholder_findings(project_id: ProjectId, lead: str, participants: Iterable[str]) -> list[Finding]:
    """What is said of each department of a project that is none; papers cannot go to it."""
    asked = [name for name in dict.fromkeys(participants) if is_placeholder(name) or is_more_than_a_name(name)]
    others = [name for name in asked if name != lead]
    # A time in the place of who leads: the columns of that row have moved.
    leading = (
        [_of_lead(project_id, lead)] if is_placeholder(lead) or is_more_than_a_name(lead) or is_a_time(lead) else []
    )
    return [*leading, *(_of_participant(project_id, name) for name in others)]


def _of_lead(project_id: ProjectId, name: str) -> Finding:
    group = is_group(name)
    code = GROUP_LEAD if group else PLACEHOLDER_LEAD
    text = f"“{name}”不是一个部门的名称，要写明由哪个部门牵头{'，各项都按此' if group else ''}"
    return Finding(
        key=f"{code}@{name if group else project_id}",
        code=code,
        severity="ruling",
        project_id=None if group else project_id,
        text=text + WHO_LEADS,
        source=FindingSource.whole("lead_department", name),
        assumed=name,
        choices=_as_written(name),
    )


def _of_participant(project_id: ProjectId, name: str) -> Finding:
    source = FindingSource.whole("participating_departments", name)
    if is_group(name):
        text = (
            f"“{name}”参与的各项，文书发给“{name}”，名册里有这个名称才有人签收；"
            "要由各部门分别签收的，裁定写部门名称，用顿号隔开，各项都按此。"
        )
        return Finding(
            key=f"{GROUP_PARTICIPANT}@{name}",
            code=GROUP_PARTICIPANT,
            severity="note",
            text=text,
            source=source,
            assumed=name,
            choices=_as_written(name),
        )
    return Finding(
        key=f"{PLACEHOLDER_PARTICIPANT}@{project_id}:{name}",
        code=PLACEHOLDER_PARTICIPANT,
        severity="ruling",
        project_id=project_id,
        text=f"“{name}”不是一个部门的名称，要写明由哪个部门参与；裁定写部门名称，多个用顿号隔开。",
        source=source,
        assumed=name,
        choices=_as_written(name),
    )


def _as_written(name: str) -> tuple[Choice, ...]:
    return (Choice(key=CONFIRM, text=f"就发给“{name}”"),)
