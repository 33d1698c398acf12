"""The register against the ledger: each row as the core derives it from the same events at the same instant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from domain.evolution import fold
from domain.ids import ProjectId, supervised_project_id, supervision_workflow_id
from domain.ports.ledger import Ledger
from domain.ports.register import (
    DutyQuery,
    DutyRow,
    MatterQuery,
    MatterRow,
    ProjectQuery,
    Register,
    RegisteredProject,
)
from domain.record.leaf import domain_event_of
from domain.record.recorded_projects import is_project
from domain.seeing.register_rows import registered


def register_findings(ledger: Ledger, register: Register) -> Iterator[tuple[ProjectId, str]]:
    """Every project whose rows are not what its events make of them, with a sentence; what is merely not taken in yet
    is none."""
    taken, _, _ = register.changed()
    found = rows_of(register)
    for stream in filter(is_project, ledger.streams()):
        project_id = supervised_project_id(stream)
        entries = list(ledger.entries(stream))
        least = sum(entry.position < taken for entry in entries)
        there = found.pop(project_id, None)
        if there is None:
            if least and fold(map(domain_event_of, entries[:least])) is not None:
                yield project_id, "登记簿中没有这个项目"
            continue
        events = there.row.events
        if not least <= events <= len(entries):
            yield project_id, f"登记簿按 {events} 条事件推得，台账已登记 {least} 条、共有 {len(entries)} 条"
            continue
        state = fold(map(domain_event_of, entries[:events]))
        if state is None or registered(state, there.row.as_of) != there:
            yield project_id, "登记簿所列与台账推得的不同"
    for project_id in found:
        if not any(True for _ in ledger.entries(supervision_workflow_id(project_id))):
            yield project_id, "登记簿中有这个项目，台账中没有"


def rows_of(register: Register) -> dict[ProjectId, RegisteredProject]:
    """Everything that the register has, project by project."""
    duties: defaultdict[ProjectId, list[DutyRow]] = defaultdict(list)
    for duty in register.duties(DutyQuery(with_sub_duties=True)).rows:
        duties[duty.project_id].append(duty)
    matters: defaultdict[ProjectId, list[MatterRow]] = defaultdict(list)
    for matter in register.matters(MatterQuery()).rows:
        matters[matter.project_id].append(matter)
    rows = register.projects(ProjectQuery(with_sub_duties=True)).rows
    views = register.views([row.project_id for row in rows])
    return {
        row.project_id: RegisteredProject(
            row, tuple(duties[row.project_id]), views[row.project_id], tuple(matters[row.project_id])
        )
        for row in rows
    }
