"""Every field of every command at its edges: a refusal in a sentence or success, and nothing after it fails."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from functools import cache, partial
from random import Random
from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError

from adapters.ledger.leaf_bytes import canonical_event
from domain.acts.commands import ANY_COMMAND, AnyCommand, ChangeAssigningDepartment, Command, ReopenProject
from domain.acts.decisions import decide, outcome_of
from domain.bounds import FIRST_DAY, LAST_DAY
from domain.errors import RejectedError
from domain.events import DomainEvent, RungSkipped
from domain.evolution import fold
from domain.ids import supervision_workflow_id
from domain.lists.docketing import docket
from domain.papers.drafting import papers_for, withholdings_for
from domain.rules.policy import SupervisionPolicy
from domain.rungs.wakeups import next_wakeup, wake
from domain.seeing.views import view_of
from domain.state import ProjectState
from tests.domain.edges import DAYS, NUMBERS, TEXTS, Edge, edges, tried
from tests.domain.samples import CALENDAR, HEADER, LI, START, a_part, read_again, request
from tests.domain.scripts import ScriptWriter, a_policy, six_milestones

KINDS: tuple[type[Command], ...] = get_args(get_args(AnyCommand)[0])
STREAM = supervision_workflow_id(six_milestones().project_id)
WAKES = 2
Standing = tuple[ProjectState, AnyCommand, datetime]


@cache
def standings() -> dict[type[Command], Standing]:
    """For each kind of command a state in which one was accepted, and the command."""
    found: dict[type[Command], Standing] = {}
    for seed in range(200):
        rng = Random(seed)
        writer, now = ScriptWriter(rng, six_milestones()), START
        state = fold(docket(HEADER, writer.project, a_policy(rng), CALENDAR, START))
        assert state is not None
        for _ in range(120):
            if state.before_the_end is not None:
                found.setdefault(ReopenProject, (state, writer.reopening(), now))
            if state.closed or len(found) == len(KINDS) - 1:
                break
            if rng.random() < 0.3:
                now = writer.instant(state, now)
                state = fold(wake(state, now), state) or state
                continue
            command = writer.command(state, now)
            try:
                events = decide(state, command, now)
            except RejectedError:
                continue
            if events:
                found.setdefault(type(command), (state, command, now))
            state = fold(events, state) or state
    part = fold(docket(HEADER, a_part(), SupervisionPolicy(), CALENDAR, START))
    assert part is not None
    asked = request(ChangeAssigningDepartment, None, by=LI, above=("统战部",), reason="上级任务已由统战部接办")
    return {**found, ChangeAssigningDepartment: (part, asked, START)}


def test_every_kind_of_command_has_a_state_in_which_it_is_accepted() -> None:
    """Otherwise its edges would only meet the rule that refuses it."""
    assert standings().keys() == set(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda each: each.__name__)
def test_every_field_of_a_command_at_its_edges_is_refused_or_decided(kind: type[Command]) -> None:
    """Neither deciding, nor folding, nor the next alarms, nor the papers, nor the ledger's bytes fail on any value."""
    state, command, now = standings()[kind]
    decided = 0
    for edge in edges(kind.model_json_schema(), command.model_dump(mode="json")):
        try:
            asked = ANY_COMMAND.validate_python(edge.document)
        except ValidationError:
            continue
        answer = tried(partial(decide, state, asked, now), RejectedError)
        if isinstance(answer, RejectedError):
            assert answer.text.endswith("。"), str(edge)
            assert "None" not in answer.text, f"{edge}: {answer.text}"
            assert answer.rule != "decidable_command", f"{edge}: {answer.text}"
            continue
        events, decided = answer, decided + bool(answer)
        follow(state, asked, events, now, edge)
    assert decided, "no edge was decided"


def follow(
    state: ProjectState, command: AnyCommand, events: tuple[DomainEvent, ...], now: datetime, edge: Edge
) -> None:
    """All that an accepted command leads to: its record, its papers, and what the next alarms bring."""
    after = fold(events, state)
    assert after is not None
    outcome_of(after, command)
    ANY_COMMAND.validate_json(command.model_dump_json())
    for _ in range(WAKES):
        papers = papers_for(after, events)
        withholdings_for(after, events)
        for event in events:
            assert canonical_event(STREAM, event).body, str(edge)
            assert read_again(event) == event, str(edge)
            assert not isinstance(event, RungSkipped), f"{edge}: {event}"
        assert all(paper.model_dump_json() for paper in papers)
        due = next_wakeup(after, now)
        if due is None:
            break
        now = max(now, due)
        events = wake(after, now)
        after = fold(events, after) or after
    view_of(after, now)


@pytest.mark.parametrize("kind", KINDS, ids=lambda each: each.__name__)
def test_a_command_that_comes_as_json_is_read_or_refused(kind: type[Command]) -> None:
    """What a stranger's signal holds is a command or a validation error, lone surrogates and endless numbers too."""
    _, command, _ = standings()[kind]
    for edge in edges(kind.model_json_schema(), command.model_dump(mode="json")):
        with suppress(ValidationError):
            assert ANY_COMMAND.validate_json(json.dumps(edge.document)).type == command.type


def test_the_walk_reaches_every_field() -> None:
    """A field that a command gets later is walked through without a line here."""
    for kind in KINDS:
        _, command, _ = standings()[kind]
        walked = {edge.path[0] for edge in edges(kind.model_json_schema(), command.model_dump(mode="json"))}
        assert walked == set(kind.model_fields), kind.__name__


def test_the_walk_finds_a_field_that_is_not_bounded() -> None:
    """A model without bounds takes the values that ours must not: the walk offers them."""

    class Loose(BaseModel):
        text: str = ""
        number: int = 0

    taken = {str(edge) for edge in edges(Loose.model_json_schema(), {}) if _is_taken(Loose, edge)}
    assert {"text: escape", "text: 100,000 characters", "number: 2^53", "number: negative"} <= taken


def _is_taken(model: type[BaseModel], edge: Edge) -> bool:
    try:
        model.model_validate(edge.document)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("kind", KINDS, ids=lambda each: each.__name__)
def test_nothing_unreadable_and_nothing_unbounded_is_ever_a_command(kind: type[Command]) -> None:
    """No text with control or turning characters, no day out of the bounds, no number above them passes anywhere."""
    never: dict[str, Any] = {
        name: value
        for values, names in (
            (
                TEXTS,
                ("100,000 characters", "NUL", "escape", "bell", "C1", "turned round", "isolated", "lone surrogate"),
            ),
            (TEXTS, ("no character", "return")),
            (DAYS, ("before the first day", "after the last day", "year 9999", "year 1", "no day")),
            (NUMBERS, ("2^31", "2^53", "2^64", "ten to the thirtieth", "negative", "infinite")),
        )
        for name, value in ((each, values[each]) for each in names)
    }
    _, command, _ = standings()[kind]
    for edge in edges(kind.model_json_schema(), command.model_dump(mode="json")):
        if edge.name in never:
            with pytest.raises(ValidationError):
                ANY_COMMAND.validate_python(edge.document)


def test_the_bounds_leave_room_for_all_arithmetic() -> None:
    """From the last day on, every rung of every ladder can be dated; from the first day back too."""
    assert CALENDAR.working_day(LAST_DAY, 250 * 10).year < 2300
    assert CALENDAR.working_day(FIRST_DAY, -250 * 10).year > 1900
