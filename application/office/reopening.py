"""The way back from an end: a closed year, or a withdrawn project, is reopened by an act of its own.

The supervision of a closed project is over in the engine. A new run begins with the ledger's state and the act that
reopens it, as a run is given what came while the one before ended: it decides, records and goes on. The ledger says
among its incidents that this run was begun, as it does of a repair.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from pydantic import Field
from temporalio.common import WorkflowIDConflictPolicy

from application.office.acts_on_parts import WITH_THE_WHOLE
from application.office.acts_on_record import recorded_with
from application.office.attesting import How, attested_command
from application.office.every_project import (
    AskedBy,
    OverAYear,
    Preview,
    Result,
    Told,
    asked_of,
    listed,
    request_id_of,
)
from application.office.given_with_whole import Ending
from application.office.office import Office
from application.office.signing import signed_together
from application.office.sub_duties import settle_sub_duties_of
from application.office.withdrawing import WITH_THE_LIST
from domain.actors import spoken
from domain.acts.commands import CommandOutcome, ReopenProject
from domain.acts.decisions import decide, outcome_of
from domain.errors import DubanError, InputError, ProjectUnavailableError, RejectedError
from domain.events import ProjectReopened, ProjectWithdrawn
from domain.ids import ProjectId, parent_milestone_of, project_of, supervision_workflow_id, year_of
from domain.lists.carrying_over import carried_project_id
from domain.names import same_name
from domain.ports.ledger import Ledger
from domain.record.recorded_projects import known_state, recorded_events, recorded_projects, recorded_state
from domain.record.repairs import Repair
from domain.rungs.due_dates import deadline_in
from domain.rungs.ladder import LIST_REQUEST, REQUEST_CAUSE
from domain.state import CLOSED_STAGES, ProjectState
from workflows.inputs import Heard, SupervisionInput

_LONGEST_REASON = 300
_CLOSED: Final = "close-year"
_MASS: Final = (_CLOSED, WITH_THE_LIST, LIST_REQUEST)


class PartGivenAgainError(InputError, rule="one_part_for_each_unit"):
    """The unit of a withdrawn part was given another one of the same milestone: reopened, it would have two."""


class CarriedOverRunsError(InputError, rule="carried_over_once"):
    """What was carried over is supervised in the later year's list already: reopened, it would count twice."""


class ReopeningPreview(Preview):
    """What a reopening would do: projects that come back, sub-duties with them, and projects that do not (open, or
    ended with nothing left); milestones that are open again, those of them whose date is over, matters that wait again;
    and what a later year's list supervises already. Who reopened last is no key of the document."""

    sub_duties: int
    others: int
    milestones: int
    overdue: int
    matters: int
    carried_over_runs: tuple[ProjectId, ...]
    last_reopened: str = Field(default="", exclude=True)

    @property
    def nothing(self) -> str | None:
        """What is said where nothing comes back; none where something does."""
        if self.projects or self.sub_duties:
            return None
        nothing = (
            f"没有收回，不用再办：这{self.others}个项目没有可收回的"
            "（从未年终结转或整体撤销，或早已收回，或全部销号后归档）。"
        )
        return nothing + self.last_reopened


@dataclass(frozen=True, slots=True)
class Reopening(OverAYear[ReopeningPreview]):
    """The way back of a year, or of those of its projects that are named. Of a year that comes back which its last mass
    act ended."""

    projects: Sequence[ProjectId] = ()

    def of(self, state: ProjectState) -> ReopenProject:
        """The act that reopens one project."""
        return ReopenProject(
            **self.asking.fields,
            request_id=request_id_of("reopen", state, f"{self.asking.reason}{self.despite_period or ''}"),
            despite_period=self.despite_period,
            confirmed_by=self.confirmed_by,
        )

    async def preview(self, office: Office) -> ReopeningPreview:
        """What a reopening would do."""
        states, back = await self._of_whom(office)
        known = await asyncio.to_thread(lambda: list(recorded_projects(office.records.ledger)))
        found = preview_of(states, back, known, office)
        if not found.nothing:
            return found
        last = await asyncio.to_thread(_last_reopened, office, states)
        return found.having(last_reopened=last)

    async def give(self, office: Office, told: Told = lambda _: None) -> list[Result]:
        """Reopen the projects, each with its own result (raises as `OverAYear.give`)."""
        states, back = await self._of_whom(office)
        await office.engine.must_have_worker()
        until = self.asking.seen_until
        asked = {state.project_id: await asked_of(office, state, self.of(state), until) for state in back}
        signed = await signed_together(office, list(asked.values()))
        results = []
        for state in states:
            project_id = state.project_id
            if state.before_the_end is None and not state.closed:
                result = Result(project_id, "unchanged", "没有结束，不需要收回")
            elif state.before_the_end is None:
                result = Result(project_id, "closed", "全部销号后归档，没有可收回的结转")
            elif project_id not in asked:
                result = Result(project_id, "closed", "此前已另行撤销，没有收回；确要恢复，请写明项目单独收回")
            else:
                try:
                    outcome = await reopened(
                        office, project_id, self.of(state), How(asked[project_id].seen, own_key=signed)
                    )
                    result = Result(project_id, "done", f"{len(outcome.event_ids)}条记录")
                except DubanError as error:
                    result = Result(project_id, "failed", error.text, error.rule)
            results.append(result)
            told(result)
        await _tell_the_wholes(office, self.asking, results)
        return results

    async def _of_whom(self, office: Office) -> tuple[list[ProjectState], list[ProjectState]]:
        """What is asked of, with the parts that come back with it; and of these what comes back."""
        states = await self.states(office)
        named = {*self.projects}
        unknown = named - {state.project_id for state in states}
        if unknown:
            raise InputError(f"{self.year}年的清单里没有项目 {'、'.join(sorted(unknown))}：请核对编号。")
        back = await asyncio.to_thread(taken_back, office.records.ledger, states, named)
        there = named | {state.project_id for state in back}
        return [state for state in states if not named or state.project_id in there], back


def _last_reopened(office: Office, states: Sequence[ProjectState]) -> str:
    """When one of these projects was reopened last, and by whom."""
    ledger = office.records.ledger
    events = (event for state in states for event in recorded_events(ledger, state.project_id))
    reopened_ones = (event for event in events if isinstance(event, ProjectReopened))
    last = max(reopened_ones, key=lambda event: event.decided_at, default=None)
    return "" if last is None else f"最近一次由{spoken(last.actor)}于 {last.decided_at.date()} 收回。"


def preview_of(
    states: Sequence[ProjectState], back: Sequence[ProjectState], known: Iterable[ProjectId], office: Office
) -> ReopeningPreview:
    """What reopening would do to these projects, of which those in `back` come back."""
    states, again = listed(states), listed(back)
    today = office.now().date()
    milestones = [
        (state, each)
        for state in again
        if state.before_the_end is not None
        for each in state.before_the_end.milestones.values()
        if each.stage not in CLOSED_STAGES
    ]
    dates = [deadline_in(state, each) for state, each in milestones]
    return ReopeningPreview(
        projects=len(again),
        sub_duties=len(back) - len(again),
        others=len(states) - len(again),
        milestones=len(milestones),
        overdue=sum(on is not None and on < today for on in dates),
        matters=sum(len(state.before_the_end.limits) for state in again if state.before_the_end is not None),
        carried_over_runs=tuple(sorted(run for state in again for run in carried_over_runs(office, state, known))),
        second_person=any(state.policy.mass_acts.two_persons for state in again),
    )


def carried_over_runs(office: Office, state: ProjectState, known: Iterable[ProjectId]) -> list[ProjectId]:
    """The projects of later years that supervise what this one has carried over, and are not withdrawn."""
    years = {each.carried_to for each in state.milestones.values() if each.carried_to is not None}
    ids = {carried_project_id(state.project_id, year) for year in years}
    there = [each for each in known if each in ids]
    return [each for each in there if not known_state(office.records.ledger, each).withdrawn]


async def _tell_the_wholes(office: Office, asking: AskedBy, results: Sequence[Result]) -> None:
    """What was reopened of sub-duties is noted in their wholes, and follows them again."""
    again = (parent_milestone_of(each.project_id) for each in results if each.outcome == "done")
    for whole in sorted({project_of(above) for above in again if above is not None}):
        await settle_sub_duties_of(office, whole, Ending(asking.by, asking.on_behalf_of))


async def reopened(office: Office, project_id: ProjectId, command: ReopenProject, how: How) -> CommandOutcome:
    """Attest the act that reopens a project, give it, and answer what it made happen.

    Raises:
        UnknownProjectError: there is no such project.
        RejectedError: a rule refuses it; the refusal is kept.
        CarriedOverRunsError: a later year's list supervises what was carried over.
        PartGivenAgainError: its unit has another part of the same milestone.
        EngineUnreachableError: the engine does not answer.
    """
    ledger = office.records.ledger
    state = await asyncio.to_thread(known_state, ledger, project_id)
    if (other := await asyncio.to_thread(_given_again, ledger, state)) is not None:
        raise PartGivenAgainError(
            f"{project_id} 撤销以后，同一任务已另行分解给{state.lead}（{other}），再收回会重复计算，"
            f"所以没有收回：确要收回的，请先撤销 {other}，再办理。"
        )
    known = await asyncio.to_thread(lambda: list(recorded_projects(ledger)))
    if running := await asyncio.to_thread(carried_over_runs, office, state, known):
        raise CarriedOverRunsError(
            f"{project_id} 结转的节点已在 {'、'.join(running)} 中督办，再收回会重复计算，所以没有收回："
            f"确要收回的，请先撤销 {year_of(running[0])} 年的这个项目，再办理。"
        )
    attested = await attested_command(office, project_id, command, replace(how, seen=how.seen or state.next_seq))
    assert isinstance(attested, ReopenProject)
    if not state.closed:
        return await office.engine.command(project_id, attested)
    try:
        if not decide(state, attested, office.now()):
            return outcome_of(state, attested)
    except RejectedError as error:
        await office.keep_refusal(project_id, attested, error)
        raise
    return await _begun_again(office, state, attested)


def _given_again(ledger: Ledger, part: ProjectState) -> ProjectId | None:
    """The other part of the same milestone that the unit of a withdrawn part has now."""
    own, above = part.project_id, parent_milestone_of(part.project_id)
    whole = recorded_state(ledger, project_of(above)) if above is not None else None
    given = whole.milestones[above].sub_duties if whole is not None and above is not None else None
    same = (each for each in given or () if each.project_id != own and not each.withdrawn)
    return next((each.project_id for each in same if same_name(each.unit, part.lead)), None)


async def _begun_again(office: Office, state: ProjectState, command: ReopenProject) -> CommandOutcome:
    project_id, archive, engine = state.project_id, office.archive, office.engine
    workflow_id = supervision_workflow_id(project_id)
    await archive.log.open()
    before = await engine.runs(workflow_id)
    heard = Heard(at=office.now(), received=command.model_dump_json(), command=command)
    given = SupervisionInput(clock=office.clock, state=state, heard=(heard,))
    new_run_id = await engine.begin_another_run(given, WorkflowIDConflictPolicy.FAIL)
    if new_run_id is None:
        text = f"{project_id} 的督办流程正在归档，请过几秒再试。"
        raise ProjectUnavailableError(text, project_id=project_id)
    await archive.log.record_repair(
        Repair(
            workflow_id=workflow_id,
            way="reopened",
            run_id=before.last if before else "",
            first_run_id=before.first if before else "",
            new_run_id=new_run_id,
            standing=state.next_seq,
            reason=command.reason[:_LONGEST_REASON],
            by=str(command.by),
        )
    )
    on_record = await recorded_with(
        office.records.ledger, project_id, lambda state: command.request_id in state.applied
    )
    if on_record is None:
        text = f"{project_id} 的收回还没有记入台账：请管理员运行 duban doctor，看过缘由后再试一次。"
        raise ProjectUnavailableError(text, project_id=project_id)
    return outcome_of(on_record, command)


@dataclass(frozen=True, slots=True)
class _End:
    """How a project ended: by which kind of act (none where by one of its own), when, and for a list by which one."""

    kind: str
    at: datetime
    by_list: str = ""

    @property
    def act(self) -> tuple[str, str]:
        """The mass act that it belongs to."""
        return self.kind, self.by_list


def taken_back(ledger: Ledger, states: Iterable[ProjectState], named: Collection[ProjectId]) -> list[ProjectState]:
    """The projects that a reopening takes back, in their order: those `named`, or else what the year's last mass act
    ended; in either case with the parts that ended together with their whole."""
    ended = {state.project_id: state for state in states if state.before_the_end is not None}
    ends = {project_id: end for project_id, state in ended.items() if (end := _end_of(ledger, state)) is not None}
    mass = [end for end in ends.values() if end.kind in _MASS]
    last = max(mass, key=lambda end: end.at).act if mass and not named else None
    back = {each for each, end in ends.items() if each in named or end.act == last}
    for each in sorted(ends, key=len):  # a part's name is longer than that of its whole
        if _ended_with_its_whole(each, ends, back):
            back.add(each)
    return [state for project_id, state in ended.items() if project_id in back]


def _end_of(ledger: Ledger, state: ProjectState) -> _End | None:
    if state.before_the_end is None:
        return None
    at = state.before_the_end.ended_at
    if not state.withdrawn:
        return _End(_CLOSED, at)
    events = recorded_events(ledger, state.project_id)
    last = [event for event in events if isinstance(event, ProjectWithdrawn)][-1]
    cause = last.cause.removeprefix(REQUEST_CAUSE)
    kind = next((each for each in (WITH_THE_LIST, WITH_THE_WHOLE, LIST_REQUEST) if cause.startswith(each)), "")
    return _End(kind, at, last.reason if kind == LIST_REQUEST else "")


def _ended_with_its_whole(project_id: ProjectId, ends: Mapping[ProjectId, _End], back: Collection[ProjectId]) -> bool:
    above = parent_milestone_of(project_id)
    if above is None or project_of(above) not in back:
        return False
    own, whole = ends[project_id], ends[project_of(above)]
    same = own.kind in _MASS and own.act == whole.act
    return same or (own.kind == WITH_THE_WHOLE and own.at >= whole.at)
