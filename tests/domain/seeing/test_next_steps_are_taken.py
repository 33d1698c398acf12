"""What is said to come next can be done: the core takes an act of whoever is named, in any state of a project."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import product
from random import Random
from typing import Any, Final

from domain.actors import department, operator
from domain.acts import commands as c
from domain.acts.commands import AnyCommand
from domain.acts.decisions import decide
from domain.errors import RejectedError
from domain.events import DomainEvent
from domain.evolution import fold
from domain.ids import MilestoneId
from domain.lists.docketing import docket
from domain.rungs.wakeups import next_wakeup, wake
from domain.seeing.what_is_next import Step, waited_for
from domain.state import ProjectState, target_of
from tests.domain.samples import CALENDAR, HEADER, START
from tests.domain.scripts import OPERATORS, ScriptWriter, a_policy, six_milestones

_RUNS, _STEPS = 5, 150
_SECTION: Final = (*OPERATORS, operator("周"))
_OF_A_MATTER: Final[dict[str, tuple[type[Any], dict[str, Any]]]] = {
    "审核办结": (c.AcceptCompletion, {}),
    "初审延期": (c.ReviewExtension, {"opinion": "同意"}),
    "批复延期": (c.RuleOnExtension, {"ruling": "refuse"}),
    "核查整改": (c.CheckRectification, {"holds": True}),
    "登记发现的问题": (c.RecordFinding, {}),
    "结束督查": (c.CloseInspection, {}),
    "督查人员销号": (c.StrikeOff, {}),
    "由督查人员恢复": (c.Resume, {}),
    "答复督查结论": (c.AnswerInspection, {}),
    "报告整改": (c.ReportRectification, {}),
    "补充延期说明": (c.SupplementExtension, {}),
    "批示落实情况": (c.AnswerDirective, {}),
}
"""By what stands in a step: the act, and what it says besides."""
_KINDS: Final = {c.SignReceipt, c.RequestCompletion, c.InsistOnAssignment, c.RuleOnDispute} | {
    kind for kind, _ in _OF_A_MATTER.values()
}
_TEXTS: Final = ("text", "reason", "progress", "opinion", "conclusion", "note", "basis")


def _acts(state: ProjectState, where: MilestoneId | None, step: str | Step, now: datetime) -> Iterator[AnyCommand]:
    """The acts by which a step may be taken; none for what asks for nothing."""
    what, who = (step, None) if isinstance(step, str) else (step.what, step.who)
    here: list[MilestoneId | None] = [each for each in state.milestones if each in what] or [where]
    bys = [department(who)] if who in (state.lead, *state.project.participating_departments) else _SECTION
    if what.removeprefix("尽快").startswith("签收"):
        yield from (_command(c.SignReceipt, by, None) for by in bys)
    elif "退回的交办" in what:
        for limit in state.limits.values():
            if limit.kind == "declined_assignment" and limit.milestone_id == where:
                yield from (_command(c.InsistOnAssignment, by, where, department=limit.about) for by in bys)
    elif "裁定争议" in what:
        two = state.milestones[where].disputed if where else None
        yield from (_command(c.RuleOnDispute, by, where, responsible=one) for one in two or () for by in bys)
    elif found := next((each for each in _OF_A_MATTER if each in what), None):
        kind, facts = _OF_A_MATTER[found]
        yield from (_command(kind, by, one, **facts) for one in here for by in bys)
    elif isinstance(step, Step):
        assert any(words in what for words in ("办结", "参与部分", "补报")), what
        for one in here:
            target = target_of(state.issued(one)) if one else None
            for done_on, quantity in product((None, now.date() - timedelta(days=1)), (None, target and target[0])):
                yield from (_command(c.RequestCompletion, by, one, quantity=quantity, done_on=done_on) for by in bys)


def _command(kind: type[Any], by: object, where: MilestoneId | None, **facts: Any) -> AnyCommand:
    texts = dict.fromkeys((name for name in _TEXTS if name in kind.model_fields), "已办")
    there = {"milestone_id": where} if "milestone_id" in kind.model_fields else {}
    command: AnyCommand = kind(request_id="next", by=by, **{**texts, **there, **facts})
    return command


def _taken(state: ProjectState, command: AnyCommand, now: datetime) -> bool:
    try:
        return bool(decide(state, command, now))
    except RejectedError:
        return False


def _look(state: ProjectState, now: datetime, seen: Counter[str]) -> None:
    names = (None, state.lead, *state.project.participating_departments)
    everywhere = product((None, *state.milestones), names)
    steps = {(where, step): name for where, name in everywhere for step in waited_for(state, where, name)}
    for (where, step), name in steps.items():
        acts = list(_acts(state, where, step, now))
        if acts:
            seen[acts[0].type] += 1
            assert any(_taken(state, act, now) for act in acts), (now, where, name, step)


def _after(state: ProjectState | None, events: Iterable[DomainEvent]) -> ProjectState:
    state = fold(events, state)
    assert state is not None
    return state


def _play(rng: Random, seen: Counter[str]) -> None:
    writer = ScriptWriter(rng, six_milestones())
    rules = a_policy(rng)
    now, state = START, _after(None, docket(HEADER, writer.project, rules, CALENDAR, START))
    for _ in range(_STEPS):
        if state.closed:
            now, state = START, _after(None, docket(HEADER, writer.project, rules, CALENDAR, START))
        if rng.random() < 0.3:
            until = writer.instant(state, now)
            while (due := next_wakeup(state, now)) is not None and due <= until:
                now = max(now, due)
                state = _after(state, wake(state, now))
            now, events = until, wake(state, until)
        else:
            try:
                events = decide(state, writer.command(state, now), now)
            except RejectedError:
                continue
        state = _after(state, events)
        if not state.closed:
            _look(state, now, seen)


def test_whatever_is_said_to_come_next_is_taken() -> None:
    """Scripts of random acts and instants: each step that is named, of each milestone, for each of them."""
    seen = Counter[str]()
    for seed in range(_RUNS):
        _play(Random(seed), seen)
    assert {kind.__name__ for kind in _KINDS} - seen.keys() == set(), seen
