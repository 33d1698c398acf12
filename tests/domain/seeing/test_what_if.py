"""The same acts under another policy: what would have been different, and nothing else."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from domain.acts.commands import (
    AnswerDirective,
    AnyCommand,
    IssueDirective,
    ReassignLead,
)
from domain.acts.decisions import decide
from domain.errors import RejectedError
from domain.events import DomainEvent
from domain.evolution import fold
from domain.lists.docketing import docket
from domain.rules.policy import SupervisionPolicy
from domain.rungs.wakeups import next_wakeup, wake
from domain.seeing.what_if import foreseen
from domain.seeing.year_replay import Lived
from domain.state import ProjectState
from entrypoints.bootstrap.plan_files import load_plan
from tests.domain.samples import LEAD, LI, START, WHOLE_LIFE, Desk, at, milestone, request
from tests.story.script import ACTS, EXAMPLE, ISSUED_CALENDAR, PROJECT

_YEAR_OVER = at("2019-01-31 12:00")


@pytest.fixture(scope="module")
def story() -> Lived:
    """The year of the story on the core alone: its events, and the commands that were accepted."""
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
    until(_YEAR_OVER, now)
    return Lived(events, commands)


def _folded(events: list[DomainEvent]) -> ProjectState:
    state = fold(events)
    assert state is not None
    return state


def test_a_year_with_everything_in_it_is_the_same_under_its_own_policy(story: Lived) -> None:
    """Played again with the commands that were accepted, nothing differs and nothing stays unexplained."""
    assert len({type(command) for command in story.commands.values()}) > 15
    same = foreseen([story], SupervisionPolicy(), _YEAR_OVER)
    assert (same.notices, same.lights, same.rejected, same.unexplained) == ((), (), (), 0)


def _played(*acts: tuple[str, type[Any], dict[str, Any]]) -> Lived:
    """A project of two milestones on the core, with these acts and everything that time brings up to August."""
    desk = Desk(milestone(), milestone(2, date(2018, 6, 29)), policy=WHOLE_LIFE)
    commands: dict[str, AnyCommand] = {}
    for when, kind, facts in acts:
        desk.run_until(when)
        command = request(kind, None, **facts)
        desk.ask(command, when)
        commands[command.request_id] = command
    desk.run_until("08-01 12:00")
    return Lived(desk.events, commands)


def test_another_policy_gives_a_new_lead_other_days() -> None:
    """What a new lead is asked for is the policy's affair: with fifteen days to take over, the orders come later."""
    lived = _played(("06-05 10:00", ReassignLead, {"by": LI, "to": "学校部", "reason": "职能调整"}))
    rules = WHOLE_LIFE.life_cycle
    assert rules is not None
    other = WHOLE_LIFE.model_copy(update={"life_cycle": rules.model_copy(update={"takeover_working_days": 15})})
    until = at("08-01 12:00")
    assert foreseen([lived], WHOLE_LIFE, until).notices == ()
    moved = {
        notice.what for notice in foreseen([lived], other, until).notices if notice.kind == "EscalationOrderIssued"
    }
    assert "blue 学校部主要负责人" in moved


def test_the_directive_that_was_answered_is_answered_again() -> None:
    """The second of two: the first goes on waiting, here as it did there."""
    first = {"by": LI, "leader": "周书记", "text": "请抓紧"}
    two = _played(
        ("05-03 10:00", IssueDirective, first),
        ("05-04 10:00", IssueDirective, first),
    )
    second = max(event.seq for event in two.events if event.type == "DirectiveIssued")
    answered = _played(
        ("05-03 10:00", IssueDirective, first),
        ("05-04 10:00", IssueDirective, first),
        ("05-07 10:00", AnswerDirective, {"by": LEAD, "directive": second, "text": "已部署"}),
    )
    same = foreseen([answered], WHOLE_LIFE, at("08-01 12:00"))
    assert (same.notices, same.rejected, same.unexplained) == ((), (), 0)
