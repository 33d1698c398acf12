"""When a view changes by time alone: never later than it says, and not every day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

import pytest

from domain.acts.commands import ReportProgress, SignReceipt
from domain.errors import RejectedError
from domain.evolution import evolve
from domain.seeing.daily_lights import colours_by_day, lights_by_day
from domain.seeing.next_change import changes_at
from domain.seeing.views import ProjectView, view_of
from domain.state import ProjectState
from tests.domain.samples import LEAD, PARTICIPANT, Desk, at, milestone, request
from tests.domain.scripts import ScriptWriter, a_policy, six_milestones

_FAR = timedelta(days=40)


def seen(state: ProjectState, now: datetime) -> ProjectView:
    """What is seen at an instant."""
    return view_of(state, now)


def signed(desk: Desk) -> Desk:
    """Every department has signed and reported: no receipt is waited for, and nobody is silent."""
    for who in (LEAD, PARTICIPANT):
        desk.ask(request(SignReceipt, milestone_id=None, by=who))
        for milestone_id in desk.state.milestones:
            desk.ask(request(ReportProgress, milestone_id, by=who))
    return desk


@pytest.mark.parametrize("seed", range(25))
def test_nothing_changes_before_the_instant_that_is_named(seed: int) -> None:
    """Random years: at random instants, and in the last moment before the named one, the view is still the same."""
    rng = Random(seed)
    desk = Desk(project=six_milestones(), policy=a_policy(rng))
    writer, held = ScriptWriter(rng, desk.state.project), 0
    for _ in range(60):
        desk.run_until(writer.instant(desk.state, desk.now))
        if rng.random() < 0.7:
            try:
                desk.ask(writer.command(desk.state, desk.now))
            except RejectedError:
                continue
        state, now = desk.state, desk.now
        until = changes_at(state, now)
        last = min(until or now + _FAR, now + _FAR) - timedelta(microseconds=1)
        between = [now + (last - now) * rng.random() for _ in range(3)]
        view = seen(state, now)
        assert [instant for instant in (*between, last) if seen(state, instant) != view] == [], (seed, now, until)
        held += last - now > timedelta(days=1)
    assert held > 0


@pytest.mark.parametrize("seed", range(6))
def test_a_colour_that_is_held_is_the_one_that_is_worked_out_anew(seed: int) -> None:
    """Random years: the colours of every day, most of them held from the day before, are those of the lights."""
    rng = Random(seed)
    desk = Desk(project=six_milestones(), policy=a_policy(rng))
    writer = ScriptWriter(rng, desk.state.project)
    for _ in range(40):
        desk.run_until(writer.instant(desk.state, desk.now))
        try:
            desk.ask(writer.command(desk.state, desk.now))
        except RejectedError:
            continue
    until = desk.now + _FAR
    states: list[tuple[datetime, ProjectState]] = []
    for event in desk.events:
        state = evolve(states[-1][1] if states else None, event)
        assert state is not None
        states.append((event.decided_at, state))
    anew = {
        (light.day, light.milestone_id, light.department): light.colour
        for light in lights_by_day(desk.events, until)
        if light.milestone_id is not None
    }
    held = {(day, *duty): colour for day, colours in colours_by_day(states, until) for duty, colour in colours.items()}
    assert held == anew
    assert len(set(held.values())) > 1


def test_what_is_on_time_says_the_day_on_which_it_turns_yellow_then_red_then_each_working_day() -> None:
    """Due on a Thursday: one working day before, the day after, then Monday, for nobody counts the weekend."""
    desk = signed(Desk(milestone(1, date(2018, 5, 31))))
    instants: list[datetime] = []
    now = desk.now
    while (until := changes_at(desk.state, now)) is not None and len(instants) < 4:
        instants.append(until)
        now = until
    assert instants == [at("05-30"), at("06-01"), at("06-04"), at("06-05")]


def test_a_duty_without_a_date_never_changes_by_time() -> None:
    """What waits for a ruling waits as long as it takes."""
    desk = signed(Desk(milestone(1, None, starts_on=None)))
    assert changes_at(desk.state, at("12-31")) is None


def test_a_limit_that_is_passed_says_each_working_day() -> None:
    """Nobody signed: the matter is late by one more on each working day, whatever the duty itself says."""
    desk = Desk(milestone(1, None, starts_on=None))
    desk.run_until("06-01 10:00")
    (limit, *_) = desk.state.limits.values()
    assert limit.due_on < date(2018, 6, 1)
    assert changes_at(desk.state, at("06-01 10:00")) == at("06-04")
