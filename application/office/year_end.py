"""The end of a year: every project is closed, and what is open goes over to a later year or ends by ruling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from application.office.acts_on_record import recorded_with
from application.office.every_project import (
    AskedBy,
    EndPreview,
    NothingOfThatYearError,
    OverAYear,
    Result,
    Told,
    each_project,
    end_counts,
    listed,
    reopen_until,
    request_id_of,
    states_of_year,
)
from application.office.office import Office
from application.office.register import OVER
from domain.acts.commands import AnyCommand, CloseYear
from domain.acts.rejections import NotAnOperatorError, UnknownMilestoneError, UnknownProjectError
from domain.clock import office_day
from domain.errors import DubanError, UnusableInputError
from domain.ids import MilestoneId, ProjectId, is_sub_duty, project_of, year_of
from domain.lists.carrying_over import carried_over_plan
from domain.notice.plan import Plan
from domain.ports.register import DutyQuery, ProjectQuery
from domain.rungs.stops import milestones_in_scope
from domain.seeing.views import ProjectView
from domain.state import CLOSED_STAGES, MilestoneStage, ProjectState

_FIRST_SHOWN = 100
_ARCHIVED_ONLY = "节点此前都已了结，这次没有再结转"


class YearPreview(EndPreview):
    """What closing a year would do: milestones carried over, ended, struck off before, and those that must be struck
    off first; and what falls away that somebody waits for."""

    carried_over: int
    ended: int
    struck_off: int
    strike_off_first: tuple[MilestoneId, ...]
    matters: int
    extensions: int
    inspections: int


@dataclass(frozen=True, slots=True)
class Closing(OverAYear[YearPreview]):
    """A year's end: which year goes over to which, and the milestones that end by ruling and are not carried over."""

    to_year: int
    ended: Sequence[MilestoneId]

    def of(self, state: ProjectState) -> AnyCommand:
        """The command that closes one project."""
        project_id = state.project_id
        ended = tuple(milestone_id for milestone_id in self.ended if project_of(milestone_id) == project_id)
        content = f"{self.to_year}{ended}{self.asking.reason}{self.despite_period or ''}"
        return CloseYear(
            **self.asking.fields,
            request_id=request_id_of("close-year", state, content),
            to_year=self.to_year,
            ended=ended,
            despite_period=self.despite_period,
            confirmed_by=self.confirmed_by,
        )

    async def preview(self, office: Office) -> YearPreview:
        """What closing the year would do."""
        states, today = await self.states(office), office.now().date()
        early = any(today < state.policy.mass_acts.close_year_from(year_of(state.project_id)) for state in states)
        return preview_of(states, self.ended).having(
            needs_reason=early,
            second_person=early and any(state.policy.mass_acts.two_persons for state in states),
            reopen_until=reopen_until(states, today),
        )

    async def give(self, office: Office, told: Told = lambda _: None) -> list[Result]:
        """Close every project of the year (raises as `OverAYear.give`)."""
        states = await self.states(office)
        settled = {state.project_id for state in states if not state.closed and _is_settled(state)}
        return [
            replace(each, text=_ARCHIVED_ONLY) if each.outcome == "done" and each.project_id in settled else each
            for each in await each_project(office, states, self.of, told, seen_until=self.asking.seen_until)
        ]

    async def states(self, office: Office) -> list[ProjectState]:
        """The projects of the year, which have all the milestones that are to end."""
        states = await states_of_year(office, self.year, self.asking)
        _must_be_known(states, self.ended)
        return states


class NothingCarriedOverError(UnusableInputError, rule="something_was_carried_over"):
    """A year left nothing to a later one, or was not closed yet."""

    says = "{year}年没有结转的节点：还没有办理年终的，请先办理；都已了结的，无须结转。"
    year: int


def preview_of(states: Sequence[ProjectState], ended: Sequence[MilestoneId]) -> YearPreview:
    """What closing would do to these projects."""
    open_states = [state for state in listed(states) if not state.closed]
    milestones = [each for state in open_states for each in state.milestones.values()]
    unsettled = [each for each in milestones if each.stage not in CLOSED_STAGES]
    first = [each for each in unsettled if each.stage == "completed" and each.milestone_id not in ended]
    # A sub-duty is closed with its project: it is no further project, but it can hold the closing up like one.
    below = [each for state in states if not state.closed for each in state.milestones.values()]
    waiting = [each for each in below if each.stage == "completed" and each.milestone_id not in ended]
    ending = [each for each in unsettled if each.milestone_id in ended]
    return YearPreview(
        **end_counts(states),
        carried_over=len(unsettled) - len(ending) - len(first),
        ended=len(ending),
        struck_off=sum(each.stage == "struck_off" for each in milestones),
        strike_off_first=tuple(each.milestone_id for each in waiting),
        matters=sum(len(state.limits) for state in open_states),
        extensions=sum(each.extension is not None for each in unsettled),
        inspections=sum(each.inspection is not None for each in milestones),
    )


async def counted_preview(
    office: Office, year: int, ended: Sequence[MilestoneId], name: str
) -> tuple[YearPreview, ProjectId]:
    """The same, counted from the register's rows as they stand, for one who asks in this name; and the first project.

    Raises:
        InputError: there is no such year, project or milestone.
        NotAnOperatorError: a department of the year has the name of the one who asks.
    """
    desk = office.register
    found = await desk.year_end(year, _FIRST_SHOWN)
    if found.first_project is None:
        raise NothingOfThatYearError(f"台账里没有{year}年的项目：请核对年份和数据目录。")
    if (await desk.duties(DutyQuery(department=name.strip(), year=year, limit=1))).count:
        raise NotAnOperatorError(by=name.strip())
    named = await _named(office, year, ended)
    listed_ones = {key: stage for key, stage in named.items() if not is_sub_duty(project_of(key))}
    ending = [each for each in listed_ones.values() if each is not None and each not in CLOSED_STAGES]
    struck_later = ending.count("completed")
    counted = YearPreview(
        projects=found.projects,
        sub_duties=found.sub_duties,
        over=found.over,
        carried_over=found.unsettled - len(ending) - (found.to_strike_off - struck_later),
        ended=len(ending),
        struck_off=found.struck_off,
        strike_off_first=tuple(each for each in found.first_to_strike_off if each not in named),
        matters=found.matters,
        extensions=found.extensions,
        inspections=found.inspections,
    )
    return counted, found.first_project


async def _named(office: Office, year: int, ended: Sequence[MilestoneId]) -> dict[MilestoneId, MilestoneStage | None]:
    """The stages of milestones that are named; none where the project is over."""
    among = tuple(dict.fromkeys(project_of(milestone_id) for milestone_id in ended))
    query = ProjectQuery(year=year, among=among, with_sub_duties=True)
    rows = {row.project_id: row for row in (await office.register.projects(query)).rows}
    texts = await office.register.views(list(rows))
    views = {name: ProjectView.model_validate_json(text) for name, text in texts.items()}
    stages: dict[MilestoneId, MilestoneStage | None] = {}
    for milestone_id in ended:
        project_id = project_of(milestone_id)
        if project_id not in views:
            raise UnknownProjectError(project_id=project_id)
        known = {each.milestone_id: each.stage for each in views[project_id].milestones}
        _must_be_one_of(known, project_id, milestone_id)
        over = rows[project_id].stage in OVER
        stages[milestone_id] = None if over else known[milestone_id]
    return stages


def _is_settled(state: ProjectState) -> bool:
    return all(each.stage in CLOSED_STAGES for each in state.milestones.values())


async def carried_over(office: Office, results: Sequence[Result], to_year: int) -> Plan:
    """What a closed year leaves to a later one, as a plan; departments under the names that they have now.

    Raises:
        DubanError: a closing is not on record yet.
    """
    return _left_by(office, [await _closed(office, result) for result in results], to_year)


async def left_over(office: Office, year: int, asking: AskedBy) -> Plan:
    """What a year that was closed before leaves to the later one to which it went over, as `carried_over`.

    Raises:
        InputError: there is no such year, or nothing of it was carried over.
    """
    states = await states_of_year(office, year, asking)
    years = {each.carried_to for state in states for each in state.milestones.values() if each.carried_to is not None}
    if not years:
        raise NothingCarriedOverError(year=year)
    return _left_by(office, states, max(years))


def _left_by(office: Office, states: Sequence[ProjectState], to_year: int) -> Plan:
    directory, day = office.records.persons.now(), office_day(office.now())
    return carried_over_plan(states, to_year, day, partial(directory.present_name, on=day))


def _must_be_known(states: Sequence[ProjectState], ended: Sequence[MilestoneId]) -> None:
    """Refuse a milestone that no project of the year has, before anything is closed."""
    by_id: dict[ProjectId, ProjectState] = {state.project_id: state for state in states}
    for milestone_id in ended:
        project_id = project_of(milestone_id)
        if project_id not in by_id:
            raise UnknownProjectError(project_id=project_id)
        _must_be_one_of(by_id[project_id].milestones, project_id, milestone_id)


def _must_be_one_of(known: Mapping[MilestoneId, object], project_id: ProjectId, milestone_id: MilestoneId) -> None:
    if milestone_id not in known:
        last = [*known][-1] if known else None
        raise UnknownMilestoneError(project_id=project_id, milestone_id=milestone_id, last=last)


async def _closed(office: Office, result: Result) -> ProjectState:
    """A project as the ledger has it after its closing."""
    ledger, failed = office.records.ledger, result.outcome != "done"
    state = await recorded_with(ledger, result.project_id, lambda state: failed or not milestones_in_scope(state, None))
    if state is None:
        raise DubanError(f"项目 {result.project_id} 的结转还没有记入台账：请稍后再执行一次，写入 -o 的文件。")
    return state
