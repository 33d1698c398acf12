"""The commands that a record's events were the answers to: what is made again asks for what was asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest

from domain.acts.commands import (
    AmendProject,
    AnswerDirective,
    AnyCommand,
    CloseInspection,
    IssueDirective,
    ReassignLead,
)
from domain.acts.decisions import HANDLERS, decide
from domain.errors import RejectedError
from domain.events import DomainEvent
from domain.evolution import fold
from domain.lists.docketing import docket
from domain.rules.policy import default_policy
from domain.rungs.wakeups import next_wakeup, wake
from domain.seeing.recorded_commands import COMMANDS, command_of
from domain.seeing.what_if import foreseen
from domain.state import ProjectState
from entrypoints.bootstrap import load_plan
from tests.domain.samples import LEAD, LI, START, WHOLE_LIFE, Desk, at, milestone, request
from tests.story.script import ACTS, EXAMPLE, ISSUED_CALENDAR, PROJECT

Decided = tuple[ProjectState, AnyCommand, datetime, tuple[DomainEvent, ...]]
_YEAR_OVER = at("2019-01-31 12:00")


@pytest.fixture(scope="module")
def story() -> tuple[list[DomainEvent], list[Decided]]:
    """The year of the story on the core alone: its events, and each of its commands with the state that it met."""
    listed = load_plan(EXAMPLE)
    project = next(each for each in listed.projects if each.project_id == PROJECT)
    events = list(docket(listed.header, project, default_policy(), ISSUED_CALENDAR, START))
    decided: list[Decided] = []

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
        decided.append((state, act.command, now, made))
        events.extend(made)
    until(_YEAR_OVER, now)
    return events, decided


def _folded(events: list[DomainEvent]) -> ProjectState:
    state = fold(events)
    assert state is not None
    return state


def _made_again(decided: list[Decided]) -> Iterator[tuple[Decided, AnyCommand]]:
    for each in decided:
        state, command, _, made = each
        group = [event for event in made if event.cause == f"request:{command.request_id}"]
        again = command_of(group, state)
        if again is None:
            assert isinstance(command, AmendProject)
        else:
            yield each, again


def _without_digest(event: DomainEvent) -> DomainEvent:
    return event.model_copy(update={"request_digest": None})


def test_every_command_is_made_again_but_for_changes_of_the_list() -> None:
    """A command that is added later is known here from the first day."""
    made = {command for command, _ in COMMANDS.values()}
    assert set(HANDLERS) - made == {AmendProject}
    assert CloseInspection in made


def test_a_command_that_is_made_again_brings_the_events_that_it_brought(
    story: tuple[list[DomainEvent], list[Decided]],
) -> None:
    """Each command of a year with everything in it, asked again of the state that it met."""
    again = list(_made_again(story[1]))
    assert len({type(command) for _, command in again}) > 15
    for (state, command, now, made), recovered in again:
        assert (type(recovered), recovered.by, recovered.on_behalf_of) == (
            type(command),
            command.by,
            command.on_behalf_of,
        )
        # What was left to the rules is written out in the command that is made again: it is another content.
        assert [_without_digest(event) for event in decide(state, recovered, now)] == [*map(_without_digest, made)]


def test_a_year_with_everything_in_it_is_the_same_under_its_own_policy(
    story: tuple[list[DomainEvent], list[Decided]],
) -> None:
    """Played again with the commands made from its events, nothing differs and nothing stays unexplained."""
    same = foreseen([story[0]], default_policy(), _YEAR_OVER)
    assert (same.notices, same.lights, same.rejected, same.unexplained) == ((), (), (), 0)


def _played(*acts: tuple[str, type[Any], dict[str, Any]]) -> list[DomainEvent]:
    """A project of two milestones on the core, with these acts and everything that time brings up to August."""
    desk = Desk(milestone(), milestone(2, date(2018, 6, 29)), policy=WHOLE_LIFE)
    for when, kind, facts in acts:
        desk.run_until(when)
        desk.ask(request(kind, None, **facts), when)
    desk.run_until("08-01 12:00")
    return desk.events


def test_another_policy_gives_a_new_lead_other_days() -> None:
    """What a new lead is asked for is the policy's affair: with fifteen days to take over, the orders come later."""
    events = _played(("06-05 10:00", ReassignLead, {"by": LI, "to": "学校部", "reason": "职能调整"}))
    rules = WHOLE_LIFE.life_cycle
    assert rules is not None
    other = WHOLE_LIFE.model_copy(update={"life_cycle": rules.model_copy(update={"takeover_working_days": 15})})
    until = at("08-01 12:00")
    assert foreseen([events], WHOLE_LIFE, until).notices == ()
    moved = {
        notice.what for notice in foreseen([events], other, until).notices if notice.kind == "EscalationOrderIssued"
    }
    assert "blue 学校部主要负责人" in moved


def test_the_directive_that_was_answered_is_answered_again() -> None:
    """The second of two: the first goes on waiting, here as it did there."""
    first = {"by": LI, "leader": "周书记", "text": "请抓紧"}
    events = _played(
        ("05-03 10:00", IssueDirective, first),
        ("05-04 10:00", IssueDirective, first),
    )
    second = max(event.seq for event in events if event.type == "DirectiveIssued")
    answered = _played(
        ("05-03 10:00", IssueDirective, first),
        ("05-04 10:00", IssueDirective, first),
        ("05-07 10:00", AnswerDirective, {"by": LEAD, "directive": second, "text": "已部署"}),
    )
    same = foreseen([answered], WHOLE_LIFE, at("08-01 12:00"))
    assert (same.notices, same.rejected, same.unexplained) == ((), (), 0)
