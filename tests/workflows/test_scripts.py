"""The random scripts of the core, on the real workflow: the same commands at the same times make the same events."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from random import Random
from typing import Any

import pytest
import pytest_asyncio

from application.audit.replaying import replayed
from application.engine_room.engine_answers import RefusedByRuleError
from domain.actors import ENGINE
from domain.acts.commands import AnyCommand
from domain.acts.decisions import decide
from domain.errors import RejectedError
from domain.events import DomainEvent
from domain.evolution import fold
from domain.lists.docketing import docket
from domain.project import KeyProject
from domain.rules.policy import SupervisionPolicy
from domain.rungs.ladder import REQUEST_CAUSE
from domain.rungs.wakeups import next_wakeup, wake
from domain.state import ProjectState
from tests.domain.samples import CALENDAR, HEADER, START
from tests.domain.scripts import ScriptWriter, a_policy, six_milestones
from tests.workflows.conftest import Office, opened_office

COMMANDS, YEAR, LATE = 60, timedelta(days=300), timedelta(seconds=30)
INSTANTS = {"occurred_at", "decided_at"}


@dataclass(frozen=True)
class Line:
    """One line of a script: when, what is asked, and the rule that refuses it, if one does."""

    at: datetime
    command: AnyCommand
    refused: str | None


def written(seed: int, project: KeyProject, policy: SupervisionPolicy) -> tuple[list[Line], list[DomainEvent]]:
    """A script of sixty commands over most of a year, and the events that the core makes of it."""
    writer = ScriptWriter(Random(seed), project)
    events = list(docket(HEADER, project, policy, CALENDAR, START))
    state, now, lines = _folded(events), START, list[Line]()
    while len(lines) < COMMANDS and not state.closed:
        if writer.rng.random() < 0.6:
            # Between two minutes that anything is due at, so that a second of the real clock makes no difference.
            later = writer.instant(state, now)
            until = max(now, min(later, START + YEAR).replace(minute=later.minute // 10 * 10 + 2, second=30))
            while (due := next_wakeup(state, now)) is not None and due <= until:
                now = max(now, due)
                events += (made := wake(state, now))
                state = _folded(made, state)
            now = until
        command = writer.command(state, now).model_copy(update={"request_id": f"s{len(lines)}"})
        try:
            made = decide(state, command, now)
        except RejectedError as error:
            lines.append(Line(now, command, error.rule))
            continue
        lines.append(Line(now, command, None))
        events += made
        state = _folded(made, state)
        events += (made := wake(state, now))  # what the command lets come due at once
        state = _folded(made, state)
    return lines, events


def decided_by_the_core(recorded: Sequence[DomainEvent], lines: list[Line]) -> list[DomainEvent]:
    """What the core decides of the same commands and wake-ups at the very instants that the workflow had."""
    commands = {f"{REQUEST_CAUSE}{line.command.request_id}": line.command for line in lines}
    opening, rest = recorded[0], recorded
    assert opening.type == "ProjectDocketed"
    events = list(docket(HEADER, opening.project, opening.policy, CALENDAR, opening.decided_at))
    state, rest = _folded(events), recorded[len(events) :]
    for (at, actor), batch in groupby(rest, key=lambda event: (event.decided_at, event.actor)):
        if actor == str(ENGINE):
            made = wake(state, at)
            events += made
            state = _folded(made, state)
            continue
        causes = dict.fromkeys(event.cause for event in batch if event.cause.startswith(REQUEST_CAUSE))
        for cause in causes:
            made = decide(state, commands[cause], at)
            events += made
            state = _folded(made, state)
    return events


def _folded(events: Sequence[DomainEvent], state: ProjectState | None = None) -> ProjectState:
    after = fold(events, state)
    assert after is not None
    return after


def _facts(events: Sequence[DomainEvent]) -> list[dict[str, Any]]:
    return [event.model_dump(exclude=INSTANTS) for event in events]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def quiet_office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """An engine of its own: on the shared one a year passes for everything that other tests have left running."""
    async with opened_office(tmp_path_factory.mktemp("scripts")) as office:
        yield office


@pytest.mark.parametrize("seed", [1, 2, 3, 7, 8])
async def test_the_same_script_makes_the_same_events_on_the_engine(quiet_office: Office, seed: int) -> None:
    """Every event is the planned one, and to the microsecond the core's at the engine's instants; the same refusals."""
    office, rng = quiet_office, Random(seed)
    policy = a_policy(rng).model_copy(update={"spread_minutes": 0})
    project = six_milestones(office.next_project().project_id)
    lines, planned = written(seed, project, policy)
    supervision = await office.open(policy=policy, project=project)
    for line in lines:
        await office.advance(supervision.clock, f"{line.at:%Y-%m-%d %H:%M:%S}")
        await supervision.quiet()
        try:
            await supervision.command(line.command)
            refused = None
        except RefusedByRuleError as error:
            refused = error.rule
        assert refused == line.refused, line
    await supervision.quiet()
    recorded = supervision.recorded()
    assert _facts(recorded) == _facts(planned)
    # The engine's clock goes on while a busy machine gets round to a command or a timer.
    late = [event.decided_at - wanted.decided_at for event, wanted in zip(recorded, planned, strict=True)]
    assert all(timedelta() <= each < LATE for each in late), (min(late), max(late))
    assert decided_by_the_core(recorded, lines) == recorded
    assert (await replayed(await supervision.histories(), recorded)).problem is None
