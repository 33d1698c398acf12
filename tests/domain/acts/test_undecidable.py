"""What the core cannot work out: a command is refused in a sentence, what time brings is skipped by an event."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from domain.acts import decisions
from domain.acts.commands import ReportProgress, Suspend
from domain.acts.rejections import UndecidableCommandError
from domain.errors import RejectedError
from domain.events import DeadlineBreached, DomainEvent, EscalationOrderIssued, RungSkipped, UrgeIssued
from domain.evolution import fold
from domain.rules.calendar import WorkingCalendar
from domain.rules.life_cycle import LifeCycleRules, PlannedInspection
from domain.rules.policy import SupervisionPolicy
from domain.rungs import due_dates, matters, progress, set_days, wakeups
from domain.rungs.wakeups import due_actions, next_rung, next_wakeup, wake
from domain.state import ProjectState
from tests.domain.samples import CALENDAR, FIRST, SECOND, WHOLE_LIFE, Desk, at, lone, milestone, request

PLANNED = SupervisionPolicy(
    spread_minutes=0,
    life_cycle=LifeCycleRules(inspection_plan=(PlannedInspection(on=date(2018, 7, 10), sample_percent=100),)),
)


def failing(*_: Any, **__: Any) -> Any:
    """A rule that has a mistake in it."""
    raise ZeroDivisionError("没有\x1b算出来")


@pytest.mark.parametrize("place", ["papers_for", "withholdings_for", "next_rung", "take_what_is_over", "too_long"])
def test_a_command_whose_outcome_cannot_be_worked_out_is_refused(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the core fails, with its papers and the next alarm too, nothing happens and the sentence says so."""
    desk = Desk()
    desk.run_until("05-09 10:00")
    monkeypatch.setattr(decisions, place, failing)
    before = desk.state
    with pytest.raises(UndecidableCommandError) as refused:
        desk.ask(request(ReportProgress))
    assert refused.value.text.endswith("。")
    assert "ZeroDivisionError" in refused.value.text
    assert desk.state is before


def test_a_handler_that_fails_refuses_its_own_command_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake in one act is that act's refusal; every other act goes on."""
    desk = Desk(policy=WHOLE_LIFE)
    handlers: dict[Any, Any] = {**decisions.HANDLERS, Suspend: failing}
    monkeypatch.setattr(decisions, "HANDLERS", handlers)
    with pytest.raises(RejectedError) as refused:
        desk.ask(request(Suspend), "05-09 10:00")
    assert refused.value.rule == "decidable_command"
    assert desk.ask(request(ReportProgress))


def test_a_rung_that_fails_is_skipped_and_the_others_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The urge of one milestone cannot be decided: an event says so, the order after it and the neighbour go on."""
    desk = lone(milestone(1), milestone(2))
    take = due_dates.take

    def failing_once(recorder: Any, due: Any, later: Any, now: datetime) -> None:
        if due.rung.kind == "urge" and due.milestone_id == FIRST:
            recorder.record(UrgeIssued, milestone_id=FIRST, due_on=None, round=0)  # taken back with the rest of it
            failing()
        take(recorder, due, later, now)

    monkeypatch.setattr(due_dates, "take", failing_once)
    desk.run_until("06-30 00:00")
    (skipped,) = desk.of(RungSkipped)
    assert (skipped.milestone_id, skipped.rung, skipped.cause) == (FIRST, "urge", "rung:urge")
    assert skipped.problem.startswith("ZeroDivisionError")
    assert [event.milestone_id for event in desk.of(UrgeIssued)] == [SECOND]
    assert [event.milestone_id for event in desk.of(EscalationOrderIssued)].count(FIRST) == 3
    assert "urge" in desk[FIRST].taken
    assert fold(desk.events) == desk.state


@pytest.mark.parametrize("module", [due_dates, matters, progress, set_days], ids=lambda each: each.__name__)
@pytest.mark.parametrize("silent", [False, True], ids=["that fails", "that does nothing"])
def test_whatever_source_fails_the_year_goes_by(module: Any, silent: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every rung of a failing source is skipped once, and nothing is due for ever."""
    milestones = (milestone(1, quota=30), milestone(2, date(2018, 12, 31), starts_on=date(2018, 1, 1)))
    ongoing = milestones[1].model_copy(update={"ongoing": True})
    desk = Desk(milestones[0], ongoing, policy=PLANNED)
    desk.ask(request(Suspend, SECOND, until=date(2018, 6, 1)), "05-02 10:00")
    desk.ask(request(Suspend, None, until=date(2018, 6, 20)))
    monkeypatch.setattr(module, "take", (lambda *_: None) if silent else failing)
    desk.run_until("12-30 00:00")
    skipped = desk.of(RungSkipped)
    assert skipped
    assert {each.problem.partition(":")[0] for each in skipped} == {
        "NothingRecorded" if silent else "ZeroDivisionError"
    }
    assert len({(each.milestone_id, each.department, each.limit_id, each.rung) for each in skipped}) == len(skipped)
    assert due_actions(desk.state, desk.now) == []
    assert fold(desk.events) == desk.state


@pytest.mark.parametrize("now", ["05-09 10:00", "9999-12-31 10:00"])
def test_a_date_at_the_end_of_time_raises_nothing(now: str) -> None:
    """A state with such a date, however it came about, has a next alarm; what cannot be dated is skipped."""
    state = with_date(Desk(milestone(), policy=WHOLE_LIFE).state, date.max)
    told: list[DomainEvent] = []
    for _ in range(2):
        next_rung(state, at(now))
        next_wakeup(state, at(now))
        told += wake(state, at(now))
        state = fold(wake(state, at(now)), state) or state
        assert due_actions(state, at(now)) == []
    assert not any(isinstance(event, DeadlineBreached) and event.department is None for event in told)
    assert ("breach" in state.milestones[FIRST].taken) is (now > "9")


def with_date(state: ProjectState, due_on: date) -> ProjectState:
    """A state that no command can lead to: a milestone that is to be answered then."""
    first = state.milestones[FIRST].model_copy(update={"answer_by": due_on})
    return state.model_copy(update={"milestones": {**state.milestones, FIRST: first}})


def test_working_days_end_where_dates_do() -> None:
    """Counting beyond the last date, or before the first, stops there."""
    assert CALENDAR.working_day(date(9999, 12, 30), 250) == date.max
    assert WorkingCalendar().working_day(date(1, 1, 5), -250) == date.min


def test_a_fact_that_cannot_be_decided_does_not_stop_the_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that comes before the wake-up skips it, as the wake-up would, and is heard."""
    desk = Desk(policy=WHOLE_LIFE)
    desk.run_until("05-31 20:00")
    monkeypatch.setattr(wakeups, "_bring", failing)
    desk.now = at("06-01 00:00")
    events: tuple[DomainEvent, ...] = desk.ask(request(ReportProgress))
    assert [event.type for event in events][-1] == "ProgressReported"
    assert any(isinstance(event, RungSkipped) and event.rung == "breach" for event in events)
