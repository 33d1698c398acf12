"""The story played on the core alone: its events, and the commands that were accepted."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from domain.acts.commands import AnyCommand
from domain.acts.decisions import decide
from domain.errors import RejectedError
from domain.events import DomainEvent
from domain.evolution import fold
from domain.lists.docketing import docket
from domain.rules.policy import SupervisionPolicy
from domain.rungs.wakeups import next_wakeup, wake
from domain.seeing.year_replay import Lived
from domain.state import ProjectState
from entrypoints.bootstrap.plan_files import load_plan
from tests.domain.samples import START, at
from tests.story.script import ACTS, EXAMPLE, ISSUED_CALENDAR, PROJECT

YEAR_OVER = at("2019-01-31 12:00")


@cache
def lived_story() -> Lived:
    """The year of the story, with the policy as it ships."""
    listed = load_plan(EXAMPLE)
    project = next(each for each in listed.projects if each.project_id == PROJECT)
    events = list(docket(listed.header, project, SupervisionPolicy(), ISSUED_CALENDAR, START))
    commands: dict[str, AnyCommand] = {}

    def until(instant: datetime, now: datetime) -> None:
        while (at_next := next_wakeup(_folded(events), now)) is not None and at_next <= instant:
            now = max(at_next, now)
            events.extend(wake(_folded(events), now))

    now = START
    for act in sorted(ACTS, key=lambda each: each.at):
        until(act.at, now)
        now, state = act.at, _folded(events)
        try:
            made = decide(state, act.command, now)
        except RejectedError:
            continue
        commands[act.command.request_id] = act.command
        events.extend(made)
    until(YEAR_OVER, now)
    return Lived(events, commands)


def _folded(events: list[DomainEvent]) -> ProjectState:
    state = fold(events)
    assert state is not None
    return state
