"""The fold: total on any record, faithful to the events, and the memory of requests that was applied."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.acts.commands import (
    AcceptCompletion,
    ReportProgress,
    RequestCompletion,
    ReturnForRework,
    StrikeOff,
    Urge,
    Withdraw,
)
from domain.events import DOMAIN_EVENT, DomainEvent, ProgressReported
from domain.events.event import headed
from domain.evolution import evolve, fold
from domain.state import ProjectState
from tests.domain.samples import FIRST, SECOND, START, WANG, Desk, milestone, request


def full_year() -> list[DomainEvent]:
    """The events of a project to which nearly everything happened."""
    desk = Desk(
        milestone(1, quota=30),
        milestone(2, date(2018, 6, 29)),
        milestone(3, date(2018, 3, 31), starts_on=None, born_late=True),
    )
    desk.ask(request(ReportProgress, quantity=12), "05-09 10:00")
    desk.ask(request(Urge, SECOND))
    desk.ask(request(RequestCompletion), "06-04 10:00")
    desk.ask(request(ReturnForRework))
    desk.ask(request(RequestCompletion), "06-05 10:00")
    desk.ask(request(AcceptCompletion))
    desk.ask(request(StrikeOff, by=WANG))
    desk.ask(request(RequestCompletion, "2018-05a-03", done_on=date(2018, 3, 30)))
    desk.run_until("07-20 00:00")
    desk.ask(request(Withdraw, SECOND))
    desk.ask(request(Withdraw, "2018-05a-03"))
    return desk.events


EVENTS = full_year()


@given(st.lists(st.sampled_from(EVENTS), max_size=40))
def test_any_record_can_be_folded(events: list[DomainEvent]) -> None:
    """Events in any order, twice, or without their docketing: the fold answers and never raises."""
    state = fold(events)
    assert (state is None) is all(event.type != "ProjectDocketed" for event in events)
    if state is not None:
        assert state.next_seq == events[-1].seq + 1
        assert state.stage


@given(st.integers(min_value=0, max_value=len(EVENTS)))
def test_a_record_can_be_folded_in_two_parts(cut: int) -> None:
    """The state at any place carries on to the same end."""
    assert fold(EVENTS[cut:], fold(EVENTS[:cut])) == fold(EVENTS)


def test_events_survive_the_way_through_json() -> None:
    """Every event reads back as itself, and the folded state is the same."""
    again = [DOMAIN_EVENT.read(json.loads(event.model_dump_json())) for event in EVENTS]
    assert again == EVENTS
    state = fold(again)
    assert state == fold(EVENTS)
    assert state is not None
    assert type(state).model_validate_json(state.model_dump_json()) == state


def test_without_a_docketing_there_is_no_project() -> None:
    """Any other event alone leaves nothing."""
    assert all(evolve(None, event) is None for event in EVENTS[1:])


def test_a_return_in_time_keeps_the_rungs_and_a_new_round_forgets_them() -> None:
    """The reminder of the same date is not sent twice; a round of rework begins its own ladder."""
    desk = Desk()
    desk.ask(request(RequestCompletion), "05-15 10:00")
    desk.ask(request(ReturnForRework))
    assert desk[FIRST].taken == ("reminder-14",)
    desk.ask(request(RequestCompletion), "05-31 10:00")
    desk.ask(request(ReturnForRework))
    assert (desk[FIRST].round, desk[FIRST].taken) == (1, ())


def test_baseline_and_approved_dates_stay_when_the_answer_is_due_later() -> None:
    """A round of rework moves only the date by which it is to be answered."""
    desk = Desk()
    desk.ask(request(RequestCompletion), "05-31 10:00")
    desk.ask(request(ReturnForRework))
    found = desk[FIRST]
    assert (found.baseline_due_on, found.approved_due_on) == (date(2018, 5, 31), date(2018, 5, 31))
    assert found.answer_by == date(2018, 6, 7)


def test_a_report_moves_an_assigned_milestone_on_and_a_returned_one_not() -> None:
    """Progress is progress; the rework is answered by a completion request only."""
    desk = Desk()
    assert desk[FIRST].stage == "assigned"
    desk.ask(request(ReportProgress), "05-09 10:00")
    assert (desk[FIRST].stage, desk[FIRST].reports) == ("in_progress", 1)
    desk.ask(request(RequestCompletion))
    desk.ask(request(ReturnForRework))
    desk.ask(request(ReportProgress))
    assert (desk[FIRST].stage, desk[FIRST].reports, desk[FIRST].done_on) == ("returned_for_rework", 3, None)


def test_the_projects_stage_is_that_of_its_milestones() -> None:
    """Assigned, in progress, completed, archived; a withdrawn milestone does not hold the others."""
    desk = Desk(milestone(), milestone(2))
    stages = [desk.state.stage]
    steps: tuple[Any, ...] = (
        request(ReportProgress),
        request(Withdraw, SECOND),
        request(RequestCompletion),
        request(AcceptCompletion),
        request(StrikeOff, by=WANG),
    )
    for command in steps:
        desk.ask(command)
        stages.append(desk.state.stage)
    assert stages == ["assigned", "in_progress", "in_progress", "in_progress", "completed", "archived"]


def after_requests(request_ids: Iterable[str]) -> ProjectState:
    """A project's state after a report under each of these ids."""
    state = Desk().state
    for request_id in request_ids:
        event = headed(
            ProgressReported,
            seq=state.next_seq,
            occurred_at=START,
            decided_at=START,
            actor="department:组织部",
            cause=f"request:{request_id}",
        )(
            milestone_id=FIRST,
            department="组织部",
            text="x",
            done_on=None,
            quantity=None,
            evidence=(),
        )
        state = evolve(state, event) or state
    return state


def test_only_so_many_requests_are_remembered_and_the_latest_ones() -> None:
    """The state stays bounded: after more than four thousand requests the first ones are forgotten."""
    state = after_requests(f"{number}" for number in range(4_001))
    assert len(state.applied) == 4_000
    assert "0" not in state.applied
    assert state.applied["4000"].last_seq == state.next_seq - 1


def test_the_longest_request_ids_leave_the_state_small_enough_to_be_carried_over() -> None:
    """The engine takes two megabytes from run to run: fewer requests are remembered when their ids are long."""
    state = after_requests(f"{number:04d}".ljust(100, "𠮷") for number in range(2_500))
    assert len(state.model_dump_json().encode()) < 1_500_000
    assert len(state.applied) > 900
    assert state.applied["2499".ljust(100, "𠮷")].last_seq == state.next_seq - 1
