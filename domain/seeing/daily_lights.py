"""The light of every duty on every day of a year, with its sentence, from the recorded events alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.colours import Colour
from domain.events import DomainEvent
from domain.evolution import evolve
from domain.ids import DepartmentId, MilestoneId, ProjectId
from domain.rules.calendar import office_instant
from domain.seeing.lights import lead_lights, light_of, light_of_part, project_light
from domain.seeing.next_change import colour_changes_on
from domain.state import ProjectState

NOON = time(12, 0)
"""The lights of a day are those of its noon."""

Duty = tuple[MilestoneId, DepartmentId | None]
"""A milestone's lead (no department), or a participant in it."""


_Held = dict[Duty, tuple[Colour, date | None]]
"""The colour of each duty, and the day on which it may be another one."""

_OF_EVERY_DUTY = ProjectState.model_fields.keys() - {"milestones", "next_seq", "applied", "planned_inspections_taken"}
"""What a duty's colour may depend on beside its own milestone."""


@dataclass(frozen=True, slots=True)
class DayLight:
    """One light on one day: of a project (no milestone), of a milestone's lead (no department), or of a participant."""

    day: date
    project_id: ProjectId
    milestone_id: MilestoneId | None
    department: DepartmentId | None
    colour: Colour
    explanation: str


def lights_by_day(events: Sequence[DomainEvent], until: datetime) -> Iterator[DayLight]:
    """The lights of one project, from the day of its docketing on."""
    state: ProjectState | None = None
    day, place = events[0].decided_at.date(), 0
    while (noon := office_instant(day, NOON)) <= until:
        while place < len(events) and events[place].decided_at <= noon:
            state = evolve(state, events[place])
            place += 1
        if state is not None:
            yield from _lights(state, day, noon)
        day += timedelta(days=1)


def colours_by_day(
    states: Sequence[tuple[datetime, ProjectState]], until: datetime
) -> Iterator[tuple[date, Mapping[Duty, Colour]]]:
    """The colour of every duty of one project on each day, from its states with their instants, without sentences."""
    day, place = states[0][0].date(), 0
    held: _Held = {}
    colours: Mapping[Duty, Colour] = {}
    again_on: date | None = day
    while (noon := office_instant(day, NOON)) <= until:
        before = place
        while place < len(states) and states[place][0] <= noon:
            place += 1
        if place != before:
            held = _still_held(held, states[max(before, 1) - 1][1], states[place - 1][1])
            again_on = day
        if place:
            if again_on is not None and day >= again_on:
                _look_again(held, states[place - 1][1], noon)
                colours = {duty: colour for duty, (colour, _) in held.items()}
                again_on = min((on for _, on in held.values() if on is not None), default=None)
            yield day, colours
        day += timedelta(days=1)


def changes_of_light(events: Sequence[DomainEvent], until: datetime) -> Iterator[DayLight]:
    """The first light of each duty of one project, and every day on which it has another colour than the day before."""
    shown: dict[tuple[MilestoneId | None, DepartmentId | None], Colour] = {}
    for light in lights_by_day(events, until):
        duty = light.milestone_id, light.department
        if shown.get(duty) != light.colour:
            shown[duty] = light.colour
            yield light


def _lights(state: ProjectState, day: date, noon: datetime) -> Iterator[DayLight]:
    lights = lead_lights(state, noon)
    project_id, light = state.project_id, project_light(state, noon, lights)
    yield DayLight(day, project_id, None, None, light.colour, light.explanation)
    for milestone_id, milestone in state.milestones.items():
        light = lights[milestone_id]
        yield DayLight(day, project_id, milestone_id, None, light.colour, light.explanation)
        for name in milestone.parts:
            light = light_of_part(state, milestone_id, name, noon)
            yield DayLight(day, project_id, milestone_id, name, light.colour, light.explanation)


def _still_held(held: _Held, before: ProjectState, state: ProjectState) -> _Held:
    """The duties of those milestones that nothing happened to; none where something happened to the project itself."""
    if any(getattr(before, name) is not getattr(state, name) for name in _OF_EVERY_DUTY):
        return {}
    return {duty: to for duty, to in held.items() if before.milestones[duty[0]] is state.milestones.get(duty[0])}


def _look_again(held: _Held, state: ProjectState, noon: datetime) -> None:
    """The colours of those duties of which none is held any longer, each with the day until which it holds."""
    today = noon.date()
    for milestone_id, milestone in state.milestones.items():
        for name in (None, *milestone.parts):
            if (milestone_id, name) in held:
                on = held[milestone_id, name][1]
                if on is None or today < on:
                    continue
            light = (
                light_of(state, milestone_id, noon) if name is None else light_of_part(state, milestone_id, name, noon)
            )
            duty = milestone if name is None else milestone.parts[name]
            held[milestone_id, name] = light.colour, colour_changes_on(state, milestone, duty, noon)
