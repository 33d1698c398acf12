"""The cap on inspections over all projects of a department, where decisions are recorded: whoever comes first."""

from __future__ import annotations

import asyncio
import time
from itertools import permutations

import pytest

from activities.recording import RecordingActivities
from domain.acts.arrivals import (
    Decided,
    Docketing,
    TimePassed,
    as_recorded,
    decided,
    decided_in_turn,
    decision_of,
    with_elsewhere,
)
from domain.directory import changes
from domain.directory.directory import Directory
from domain.directory.draft import Draft
from domain.events import InspectionNotOpened, InspectionOpened
from domain.ids import supervision_workflow_id
from domain.lists.docketing import docket
from domain.ports.ledger import Decision, Recorded
from domain.rungs.wakeups import next_wakeup
from domain.state import ProjectState
from tests.adapters.ledger.in_memory_ledger import InMemoryLedger
from tests.domain.samples import CALENDAR, HEADER, START, WHOLE_LIFE, Desk, at, key_project, milestone

PROJECTS = ("2018-01", "2018-02", "2018-03", "2018-04")
YELLOW = at("06-07 08:30")


def docketed(project_id: str, lead: str = "组织部") -> Decided:
    """A project of the same department, due on 31 May like every other."""
    project = key_project([milestone(project_id=project_id)], project_id=project_id, lead=lead)
    return decided(None, Docketing(lambda now: docket(HEADER, project, WHOLE_LIFE, CALENDAR, now)), START)


async def silent_until_the_order(store: InMemoryLedger, project_id: str, lead: str = "组织部") -> ProjectState:
    """A project on record up to the last instant before its yellow order."""
    made = docketed(project_id, lead)
    stream, recording = supervision_workflow_id(project_id), RecordingActivities(store)
    await recording.record_decision(decision_of(stream, (made,)))
    state = made.state
    while (due := next_wakeup(state, made.at)) is not None and due < YELLOW:
        before, made = state, decided(state, TimePassed(), due)
        await recording.record_decision(decision_of(stream, (made,), recorded=before))
        state = made.state
    return state


async def taken(recording: RecordingActivities, state: ProjectState) -> tuple[Decision, Recorded]:
    """The order's decision as the workflow takes it: made again with the number where the answer has one."""
    stream = supervision_workflow_id(state.project_id)
    made = decided_in_turn(state, [(TimePassed(), YELLOW)])
    answer = await recording.record_decision(decision_of(stream, made, recorded=state))
    if answer.elsewhere is not None:
        made = with_elsewhere(state, made, answer.elsewhere)
        answer = await recording.record_decision(decision_of(stream, made, recorded=state))
    return decision_of(stream, made, recorded=state), answer


@pytest.mark.parametrize("order", list(permutations(range(len(PROJECTS))))[::5])
async def test_the_same_two_projects_are_inspected_whichever_is_recorded_first(order: tuple[int, ...]) -> None:
    """Four orders of one department come due in one instant: the first two by identity, in every order of recording."""
    store = InMemoryLedger(lambda: YELLOW)
    states = [await silent_until_the_order(store, project_id) for project_id in PROJECTS]
    recording = RecordingActivities(store)
    opened, left = set(), {}
    for place in order:
        decision, answer = await taken(recording, states[place])
        assert answer == Recorded.as_given(decision)
        for event in decision.events:
            if isinstance(event, InspectionOpened):
                opened.add(PROJECTS[place])
            if isinstance(event, InspectionNotOpened):
                left[PROJECTS[place]] = (event.reason, event.elsewhere)
    assert opened == set(PROJECTS[:2])
    assert left == dict.fromkeys(PROJECTS[2:], ("burden_cap", 2))


async def test_a_replay_follows_the_number_that_was_recorded() -> None:
    """Whatever it decides at first, it decides again with the record's number, and comes to the recorded bytes."""
    store = InMemoryLedger(lambda: YELLOW)
    states = [await silent_until_the_order(store, project_id) for project_id in PROJECTS]
    recording = RecordingActivities(store)
    for state in states[:2]:
        await taken(recording, state)
    decision, answer = await taken(recording, states[3])
    assert [each.elsewhere for each in answer.taken] == [2]
    first = decided_in_turn(states[3], [(TimePassed(), YELLOW)])
    assert decision_of(decision.stream, first).digest() != decision.digest()
    again, left = as_recorded(states[3], first, answer)
    assert tuple(event for each in again for event in each.events) == decision.events
    assert left == []


async def test_a_question_whose_activity_was_cancelled_meets_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its thread reads on after it: the next question waits for it, or both would count the same inspections."""
    inside, together = 0, 0

    def asked(_: Decision) -> None:
        nonlocal inside, together
        inside, together = inside + 1, max(together, inside + 1)
        time.sleep(0.05)
        inside -= 1

    monkeypatch.setattr("activities.recording.is_foreseen", lambda _: True)
    recording = RecordingActivities(InMemoryLedger(lambda: YELLOW))
    monkeypatch.setattr(recording._inspections, "above_the_cap", asked)
    decision = Decision(stream="key-project/2018/01", events=tuple(Desk().events))
    cancelled = asyncio.create_task(recording._elsewhere(decision))
    await asyncio.sleep(0.01)
    cancelled.cancel()
    await recording._elsewhere(decision)
    assert together == 1


async def test_a_department_with_duties_under_two_names_has_one_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Renamed in the year: what was opened under the name before counts under the name of today."""
    store = InMemoryLedger(lambda: YELLOW)
    leads = dict.fromkeys(PROJECTS[:2], "组织部") | dict.fromkeys(PROJECTS[2:], "组织人事部")
    states = [await silent_until_the_order(store, project_id, lead) for project_id, lead in leads.items()]
    recording, directory = RecordingActivities(store), Draft(Directory(), START, "P0001", "request:c")
    changes.open_department(directory, "组织部")
    changes.rename_department(directory, "D0001", "组织人事部")
    monkeypatch.setattr(recording._directory, "known_at", lambda _: directory.directory)
    opened = [
        [isinstance(event, InspectionOpened) for event in (await taken(recording, state))[0].events].count(True)
        for state in states
    ]
    assert opened == [1, 1, 0, 0]
