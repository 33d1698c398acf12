"""All open duties of a department go to another one at once: where it leads, takes part, or has a part of a whole."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from application.office.acts import Act, give
from application.office.every_project import (
    OverAYear,
    Preview,
    Result,
    Told,
    asked_of,
    each_project,
    listed,
    request_id_of,
)
from application.office.given_with_whole import Ending, parts_of
from application.office.known_names import (
    UnknownDepartmentError,
    named_as_known,
    unknown_departments,
    why_not,
)
from application.office.office import Office
from application.office.open_texts import must_be_fit
from application.office.signing import AskedAct, Give, acts_to_sign, signed_together
from application.office.sub_duties import settle_sub_duties
from domain.acts.act_digest import GivenAct
from domain.acts.commands import AnyCommand, CommandOutcome, ReassignLead, ReplaceParticipant
from domain.acts.decisions import decide
from domain.clock import office_day
from domain.errors import InputError, RejectedError, UnusableInputError
from domain.ids import DepartmentId, MilestoneId, ProjectId, year_of
from domain.names import same_name
from domain.ports.ledger import Ledger
from domain.record.recorded_projects import known_state, recorded_projects
from domain.rungs.duties import departments_of, duties_in_scope
from domain.state import ProjectState


class TakesOverFromItselfError(UnusableInputError, rule="another_takes_over"):
    """Whoever takes over is another one."""

    says = "移交和接办的都是{department}：请写另一个接办的部门。"
    department: DepartmentId


class HandedOverInPartError(UnusableInputError, rule="handed_over_whole"):
    """Of what a department has in a project, some went over and some was refused."""

    says = "节点 {left} 没有移交，其余的已移交，无须再办：{why}"
    left: str
    why: str


class HandingOverPreview(Preview):
    """What would go over: of how many projects it leads so many, and takes part in the others; sub-duties of its own;
    how many milestones there are in all of them."""

    leads: int
    sub_duties: int
    milestones: int


@dataclass(frozen=True, slots=True)
class HandingOver(OverAYear[HandingOverPreview]):
    """The handing over of all that a department has (named as it may be anywhere) in a year, or in all of them; given
    again, what is left goes over."""

    department: DepartmentId
    to: DepartmentId
    names: tuple[DepartmentId, ...] = ()
    """Under which names what runs may know it."""

    def of(self, state: ProjectState) -> AnyCommand:
        """The command that hands over what it has in one project. Where the other one has the same duties already,
        they are its own, and the first is released."""
        before = self.name_in(state)
        assert before is not None
        content = f"{self.department}\n{self.to}\n{self.asking.reason}"
        given = {**self.asking.fields, "request_id": request_id_of("hand-over", state, content)}
        if before == state.lead:
            return ReassignLead(**given, to=self.to)
        has_all = all(_has(state, self.to, each) for each in duties_in_scope(state, before, None))
        return ReplaceParticipant(**given, department=before, to=None if has_all else self.to)

    async def preview(self, office: Office) -> HandingOverPreview:
        """What would go over (raises as `give`)."""
        known = await self._known(office)
        states = await known.states(office)
        rows = listed(states)
        return HandingOverPreview(
            projects=len(rows),
            leads=sum(known.name_in(state) == state.lead for state in rows),
            sub_duties=len(states) - len(rows),
            milestones=sum(len(duties_in_scope(state, known.name_in(state) or "", None)) for state in states),
        )

    async def give(self, office: Office, told: Told = lambda _: None) -> list[Result]:
        """Hand over project by project, each with what follows for its parts; then what an earlier stop left of them.

        Raises:
            TakesOverFromItselfError: both are one department. Nothing is done then.
            UnknownDepartmentError: one of the two is none, or the one that takes over has ended. Nothing is done then.
            ClassifiedError: the reason bears a classification mark. Nothing is kept then.
            SaysNothingError: it has no word. Nothing is done then.
            EngineUnreachableError: the engine does not answer, or nobody works.
        """
        known = await self._known(office)
        results = await each_project(
            office, await known.states(office), known.of, told, _giving_with_parts, self.asking.seen_until
        )
        left = await settle_sub_duties(replace(office, signer=None), Ending(self.asking.by, self.asking.on_behalf_of))
        failed = [Result(each.project_id, "failed", each.text) for each in left if each.outcome == "failed"]
        return [*results, *failed]

    async def to_sign(self, office: Office) -> list[GivenAct]:
        """What its person's own key signs of it, where that is asked for (raises as `give`)."""
        known = await self._known(office)
        until = self.asking.seen_until
        asked = [await asked_of(office, state, known.of(state), until) for state in await known.states(office)]
        return await acts_to_sign(office, await _with_parts(office, _each_of(asked, office.now())))

    async def states(self, office: Office) -> list[ProjectState]:
        """The projects that run in which it has something."""
        found = await asyncio.to_thread(_running, office.records.ledger, self.year)
        return [state for state in found if self.name_in(state) is not None]

    def name_in(self, state: ProjectState) -> DepartmentId | None:
        """Under which name it has something open in a project."""
        taking_part = (name for each in state.milestones for name in departments_of(state, each))
        for name in dict.fromkeys((state.lead, *taking_part)):
            is_its_own = any(same_name(name, own) for own in self.names)
            if is_its_own and (name == state.lead or duties_in_scope(state, name, None)):
                return name
        return None

    async def _known(self, office: Office) -> HandingOver:
        """The same with the names that what runs may know it by, and whoever takes over as he is known."""
        directory, day = office.records.persons.now(), office_day(office.now())
        found = directory.department_named(self.department, day).one or directory.ended_department(self.department, day)
        names = directory.names_of(found.department_id, day) if found is not None else (self.department,)
        if found is None and not await replace(self, names=names).states(office):
            running = {each.department for each in await office.register.departments()}
            if unknown_departments(names, directory, day, running):
                raise UnknownDepartmentError(name=self.department, why=why_not(directory, self.department, day))
        asked = ReassignLead(**self.asking.fields, request_id="-", to=self.to)
        any_row = next(iter(listed(await asyncio.to_thread(_running, office.records.ledger, self.year))), None)
        if any_row is not None:
            must_be_fit(asked, office.records.refused_words.of(any_row.project_id))
            named = await named_as_known(office, any_row.project_id, asked)
            asked = named if isinstance(named, ReassignLead) else asked
        if any(same_name(asked.to, each) for each in names):
            raise TakesOverFromItselfError(department=asked.to)
        return replace(self, names=names, to=asked.to)


def _running(ledger: Ledger, year: int | None) -> list[ProjectState]:
    named = (project_id for project_id in recorded_projects(ledger) if year in (None, year_of(project_id)))
    return [state for project_id in named if not (state := known_state(ledger, project_id)).closed]


def _has(state: ProjectState, name: DepartmentId, milestone_id: MilestoneId) -> bool:
    return any(same_name(name, each) for each in (state.lead, *departments_of(state, milestone_id)))


def _each_of(asked: Sequence[AskedAct], now: datetime) -> list[AskedAct]:
    return [replace(each, command=command) for each in asked for command in _one_by_one(each.state, each.command, now)]


def _one_by_one(state: ProjectState, command: AnyCommand, now: datetime) -> list[AnyCommand]:
    """What is given in a project: what the other one has already is released first, and the rest goes over at once, or
    milestone by milestone where one of them is refused: it holds back no other."""
    if not isinstance(command, ReplaceParticipant) or command.to is None:
        return [command]
    before, to = command.department, command.to

    def about(milestone_id: MilestoneId) -> ReplaceParticipant:
        name = None if _has(state, to, milestone_id) else to
        return command.having(request_id=f"{command.request_id}-{milestone_id}", milestone_id=milestone_id, to=name)

    single = [about(each) for each in duties_in_scope(state, before, None)]
    released, moved = ([each for each in single if (each.to is None) is ends] for ends in (True, False))
    return [*released, *([command] if all(_is_heard(state, each, now) for each in moved) else moved)]


def _is_heard(state: ProjectState, command: AnyCommand, now: datetime) -> bool:
    try:
        decide(state, command, now)
    except RejectedError:
        return False
    return True


async def _with_parts(office: Office, asked: Sequence[AskedAct]) -> tuple[AskedAct, ...]:
    """These acts, and what follows from each for the parts of its project: one signature covers all."""
    ledger = office.records.ledger
    follows = [await asyncio.to_thread(parts_of, ledger, each.state.project_id, each.command) for each in asked]
    return (*asked, *(part for parts in follows for part in parts))


async def _giving_with_parts(office: Office, asked: Sequence[AskedAct]) -> Give:
    """How these acts are given, each with what follows for the parts of its project."""
    acts = _each_of(asked, office.now())
    proof = await signed_together(office, await _with_parts(office, acts))
    once = replace(office, signer=None)

    async def given(project_id: ProjectId, _command: AnyCommand) -> CommandOutcome:
        refused: dict[MilestoneId | None, InputError | RejectedError] = {}
        outcomes = []
        for each in acts:
            if each.state.project_id == project_id:
                act = Act(project_id, each.command)
                try:
                    outcomes.append((await give(once, act, seen=each.seen, own_key=proof)).outcome)
                except (InputError, RejectedError) as error:
                    refused[getattr(each.command, "milestone_id", None)] = error
        if refused:
            why = next(iter(refused.values()))
            raise HandedOverInPartError(left="、".join(filter(None, refused)), why=why.text) if outcomes else why
        ids = tuple(event_id for each in outcomes for event_id in each.event_ids)
        return CommandOutcome(event_ids=ids, stage=outcomes[-1].stage)

    return given
