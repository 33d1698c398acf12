"""The register against the ledger: each row as the core derives it from the same events at the same instant."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from domain.events import DomainEvent
from domain.evolution import fold
from domain.ids import ProjectId, supervised_project_id
from domain.ports.ledger import Ledger, LedgerEntry
from domain.ports.outlook import TallyKey
from domain.ports.register import DutyQuery, MatterQuery, ProjectQuery, Register
from domain.ports.register_lines import DeputyRow, DutyRow, MatterRow, RegisteredProject
from domain.record.recorded_projects import is_project
from domain.seeing.foretold import foretold
from domain.seeing.register_rows import registered
from domain.seeing.tallies import counted_in, counted_of
from domain.state import ProjectState


class RegisterThen:
    """What a register had when a look began, held against one project of the ledger after the other."""

    def __init__(self, register: Register) -> None:
        self._taken, _, _ = register.changed()
        self._there = rows_of(register)
        self._foretold = {kept.project_id: kept for kept in register.outlook.kept()}
        self._tallied, self._counted = register.outlook.tallies()
        self._rows_differ: dict[ProjectId, str] = {}
        self._foretold_well: set[ProjectId] = set()

    def look_at(
        self,
        project_id: ProjectId,
        entries: Sequence[LedgerEntry],
        events: Sequence[DomainEvent],
        state: ProjectState | None,
    ) -> None:
        """Hold a project's rows, and what is foretold of it, against its entries, their events and its state."""

        def state_after(known: int) -> ProjectState | None:
            return state if known == len(events) else fold(events[:known])

        least = sum(entry.position < self._taken for entry in entries)
        there, kept = self._there.get(project_id), self._foretold.get(project_id)
        if there is None:
            if least and state_after(least) is not None:
                self._rows_differ[project_id] = "登记簿中没有这个项目"
        elif not least <= (known := there.row.events) <= len(entries):
            told = f"登记簿按 {known} 条事件推得，台账已登记 {least} 条、共有 {len(entries)} 条"
            self._rows_differ[project_id] = told
        elif (then := state_after(known)) is None or registered(then, there.row.as_of) != there:
            self._rows_differ[project_id] = "登记簿所列与台账推得的不同"
        if kept is not None and kept.events <= len(entries):
            then = state_after(kept.events)
            if then is not None and foretold(then, kept.since) == kept:
                self._foretold_well.add(project_id)

    def findings(self, ledger: Ledger) -> Iterator[tuple[ProjectId, str]]:
        """What does not fit of the projects that were looked at, and of those of which the ledger has nothing."""
        projects = [supervised_project_id(stream) for stream in ledger.streams() if is_project(stream)]
        yield from ((each, self._rows_differ[each]) for each in projects if each in self._rows_differ)
        for project_id in self._foretold:
            if project_id not in self._foretold_well:
                yield project_id, "登记簿所列将要发出的文书与台账推得的不同"
        there: Counter[TallyKey] = Counter(dict(self._counted))
        again = counted_in(islice(ledger.entries(), self._tallied), lambda entry: counted_of(ledger, entry))
        for kind, addressee, month in sorted((there - again) | (again - there)):
            yield "", f"登记簿按月统计的{addressee} {month}（{kind}）与台账不同"
        known = frozenset(projects)
        yield from ((each, "登记簿中有这个项目，台账中没有") for each in self._there if each not in known)


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
