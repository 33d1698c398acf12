"""Continuing as new: the whole state goes over, and nothing that arrives in that moment is lost or doubled."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, date, datetime

from application.audit.replaying import replayed
from bench.continue_as_new import MATTERS, RUNS, UNDER_WAY, ManyCommands, many_commands, project_of
from bench.patience import PATIENCE_SECONDS
from domain.acts.commands import AcceptCompletion, ReportProgress, RequestCompletion, ReturnForRework, StrikeOff
from domain.events import ProgressReported
from domain.evolution import fold
from domain.record.recorded_projects import recorded_events
from tests.domain.samples import CALENDAR, WANG, Desk, milestone, request
from tests.workflows.conftest import LONGER_THAN_ANY_TEST, Office
from workflows.inputs import CommandMessage

SHORT_RUN = 20


async def test_messages_that_arrive_while_a_run_ends_are_all_taken_once(office: Office) -> None:
    """Forty updates and forty signals in waves over several short runs: eighty reports, each once."""
    supervision = await office.open(history_limit=SHORT_RUN)
    updates = [request(ReportProgress, supervision.first, text=f"update {n}") for n in range(40)]
    signals = [request(ReportProgress, supervision.first, text=f"signal {n}") for n in range(40)]

    async def update(command: ReportProgress) -> tuple[str, ...]:
        return (await supervision.command(command)).event_ids

    async def signal(command: ReportProgress) -> tuple[str, ...]:
        await supervision.handle.signal("command", command)
        return ()

    answers = []
    for wave in range(0, 40, 10):
        answers += await asyncio.gather(
            *(update(command) for command in updates[wave : wave + 10]),
            *(signal(command) for command in signals[wave : wave + 10]),
        )
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if (await supervision.state()).milestones[supervision.first].reports == 80 and await supervision.agrees():
            break
        await asyncio.sleep(0.05)
    recorded = [event for event in supervision.recorded() if isinstance(event, ProgressReported)]
    assert sorted(event.text for event in recorded) == sorted(command.text for command in updates + signals)
    assert len({event_ids for event_ids in answers if event_ids}) == 40
    assert await supervision.agrees()
    assert len(await supervision.histories()) >= 3


async def test_a_request_is_remembered_across_runs(office: Office) -> None:
    """The engine forgets update ids with the run; the same request still changes nothing and answers the same."""
    supervision = await office.open(history_limit=SHORT_RUN)
    command = request(ReportProgress, supervision.first)
    first = await supervision.command(command)
    for _ in range(8):
        await supervision.command(request(ReportProgress, supervision.first))
    assert len(await supervision.histories()) >= 2
    assert await supervision.command(command) == first
    await supervision.handle.signal("command", command)
    await supervision.quiet()  # a command that comes with a signal is told to ask again
    again = await supervision.handle.execute_update("command", CommandMessage(command), id="one-more-id")
    assert again["event_ids"] == list(first.event_ids)
    assert len([event for event in supervision.recorded() if isinstance(event, ProgressReported)]) == 9


async def test_a_year_in_short_runs_is_the_same_year(office: Office) -> None:
    """A silent year cut into runs of twenty events has the events of the pure core, instant for instant."""
    supervision = await office.open(milestone(), milestone(2, date(2018, 6, 29)), history_limit=SHORT_RUN)
    await supervision.until("08-01 00:00")
    state = await supervision.state()
    desk = Desk(project=state.project, policy=state.policy)
    desk.run_until("08-01 00:00")
    recorded = supervision.recorded()
    assert [(event.type, f"{event.decided_at:%m%d%H%M%S}") for event in recorded] == [
        (event.type, f"{event.decided_at:%m%d%H%M%S}") for event in desk.events
    ]
    assert len(await supervision.histories()) >= 3


async def test_the_state_of_a_continued_run_is_the_fold_of_the_ledger(office: Office) -> None:
    """Rework, two rounds and a strike-off over several runs: the ledger folds to exactly what the workflow holds."""
    supervision = await office.open(milestone(), milestone(2), history_limit=SHORT_RUN)
    await supervision.until("05-31 16:00")
    await supervision.command(request(RequestCompletion, supervision.first))
    await supervision.command(request(ReturnForRework, supervision.first))
    await supervision.until("06-20 10:00")
    await supervision.command(request(RequestCompletion, supervision.first))
    await supervision.command(request(AcceptCompletion, supervision.first))
    await supervision.command(request(StrikeOff, supervision.first, by=WANG))
    state = await supervision.state()
    assert fold(supervision.recorded()) == state
    assert state.calendar == CALENDAR
    assert [breach.round for breach in state.milestones[supervision.first].breaches] == [1]
    histories = await supervision.histories()
    assert len(histories) >= 2
    assert (await replayed(histories, supervision.recorded())).problem is None


async def test_hundreds_of_commands_twenty_at_once_are_taken_once_and_in_order_over_several_runs(
    office: Office,
) -> None:
    """Nothing is lost or doubled, repeats change nothing, and what waits or stands still is carried over."""
    plan = ManyCommands(commands=400, repeated=60, history_limit=200)
    project, clock = project_of(40), await office.clock()
    assert clock.engine_at is not None
    done = await many_commands(
        plan,
        office.engine,
        clock,
        project,
        lambda: recorded_events(office.ledger, project.project_id),
        clock.engine_at - datetime.now(UTC),
        execution_timeout=LONGER_THAN_ANY_TEST,
    )
    assert done.problems == []
    assert done.figures[MATTERS] >= 4
    assert done.figures[RUNS] >= 4
    assert done.figures[UNDER_WAY] == plan.at_once
