"""The register against the ledger: each row as the core derives it from the same events at the same instant."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import islice

from domain.evolution import fold
from domain.ids import ProjectId, supervised_project_id, supervision_workflow_id
from domain.ports.ledger import Ledger
from domain.ports.outlook import TallyKey
from domain.ports.register import DutyQuery, MatterQuery, ProjectQuery, Register
from domain.ports.register_lines import DeputyRow, DutyRow, MatterRow, RegisteredProject
from domain.record.leaf import domain_event_of
from domain.record.recorded_projects import is_project
from domain.seeing.foretold import foretold
from domain.seeing.register_rows import registered
from domain.seeing.tallies import counted_in, lead_then


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
    yield from _outlook_findings(ledger, register)
    for project_id in found:
        if not any(True for _ in ledger.entries(supervision_workflow_id(project_id))):
            yield project_id, "登记簿中有这个项目，台账中没有"


def _outlook_findings(ledger: Ledger, register: Register) -> Iterator[tuple[ProjectId, str]]:
    """What is foretold and counted, against what the core makes of the same entries on the same day."""
    for kept in register.outlook.kept():
        entries = list(ledger.entries(supervision_workflow_id(kept.project_id)))
        state = fold(map(domain_event_of, entries[: kept.events]))
        if len(entries) < kept.events or state is None or foretold(state, kept.since) != kept:
            yield kept.project_id, "登记簿所列将要发出的文书与台账推得的不同"
    tallied, counted = register.outlook.tallies()
    there: Counter[TallyKey] = Counter(dict(counted))
    again = counted_in(islice(ledger.entries(), tallied), lambda entry: lead_then(ledger, entry))
    for kind, addressee, month in sorted((there - again) | (again - there)):
        yield "", f"登记簿按月统计的{addressee} {month}（{kind}）与台账不同"


def rows_of(register: Register) -> dict[ProjectId, RegisteredProject]:
    """Everything that the register has, project by project."""
    duties: defaultdict[ProjectId, list[DutyRow]] = defaultdict(list)
    for duty in register.duties(DutyQuery(with_sub_duties=True)).rows:
        duties[duty.project_id].append(duty)
    matters: defaultdict[ProjectId, list[MatterRow]] = defaultdict(list)
    for matter in register.matters(MatterQuery()).rows:
        matters[matter.project_id].append(matter)
    deputies: defaultdict[ProjectId, list[DeputyRow]] = defaultdict(list)
    for deputy in register.deputy_rows():
        deputies[deputy.project_id].append(deputy)
    rows = register.projects(ProjectQuery(with_sub_duties=True)).rows
    views = register.views([row.project_id for row in rows])
    return {
        row.project_id: RegisteredProject(
            row,
            tuple(duties[row.project_id]),
            views[row.project_id],
            tuple(matters[row.project_id]),
            tuple(deputies[row.project_id]),
        )
        for row in rows
    }
