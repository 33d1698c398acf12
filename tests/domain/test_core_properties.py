"""What holds of the core whatever happens: commands, legal or not, at random instants, an engine that goes away."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.actors import ENGINE
from domain.acts.commands import (
    AcceptCompletion,
    ReportProgress,
    RequestCompletion,
    ReturnForRework,
    StrikeOff,
    Urge,
    Withdraw,
)
from domain.errors import RejectedError
from domain.events import (
    DeadlineBreached,
    DomainEvent,
    EscalationOrderIssued,
    MilestoneCompleted,
    MilestoneStruckOff,
    NoticeNotSent,
    ReminderIssued,
    UrgeIssued,
)
from domain.evolution import fold
from domain.rules.calendar import end_of
from domain.rules.ladder_rules import MilestoneRules
from domain.rules.policy import SupervisionPolicy
from domain.rungs.due_dates import deadline_in, rungs_of
from domain.rungs.ladder import BREACH, URGE, order_rung, reminder_rung
from domain.rungs.timing import nominal_instant
from domain.rungs.wakeups import due_actions, next_rung, pending_rungs
from domain.seeing.views import view_of
from domain.state import OPEN_STAGES
from tests.domain.samples import CALENDAR, LEAD, LI, PROJECT, STRANGER, WANG, Desk, milestone, request

COMMANDS = (ReportProgress, RequestCompletion, AcceptCompletion, ReturnForRework, StrikeOff, Urge, Withdraw)

steps = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["run", "away"]), st.integers(min_value=0, max_value=60 * 24 * 21)),
        # Along the way that a milestone goes, so that every stage is reached; and to the minutes after a due date.
        st.tuples(st.just("push"), st.integers(1, 3), st.sampled_from([LI, WANG]), st.booleans()),
        st.tuples(st.just("push"), st.integers(1, 2), st.sampled_from([LI, WANG]), st.booleans()),
        st.tuples(st.just("dawn"), st.integers(1, 2), st.sampled_from([0, 1, 10, 40])),
        st.tuples(
            st.just("ask"),
            st.sampled_from(COMMANDS),
            st.integers(min_value=1, max_value=5),
            st.sampled_from([None, LEAD, LEAD, LI, WANG, STRANGER, ENGINE]),
            st.integers(min_value=-90, max_value=5),
            st.sampled_from([None, None, 0, 10, 30]),
            st.sampled_from([None, None, True]),
            st.sampled_from([None] * 12 + [f"q{n}" for n in range(4)]),
        ),
    ),
    max_size=40,
)
policies = st.builds(
    SupervisionPolicy,
    spread_minutes=st.sampled_from([0, 30]),
    rules=st.builds(
        MilestoneRules,
        due_roll=st.sampled_from(["none", "following", "preceding"]),
        rework_working_days=st.integers(min_value=1, max_value=12),
    ),
)


def opened(policy: SupervisionPolicy) -> Desk:
    """Two ordinary milestones, one with a number, one born late, one without a date."""
    return Desk(
        milestone(1, date(2018, 5, 31)),
        milestone(2, date(2018, 9, 30), quota=30, starts_on=date(2018, 5, 1)),
        milestone(3, date(2018, 3, 31), starts_on=date(2018, 3, 1), born_late=True),
        milestone(4, None, starts_on=None),
        policy=policy,
    )


def command_of(desk: Desk, step: tuple[Any, ...]) -> Any:
    """The command of a step."""
    _, kind, ordinal, by, days, quantity, corrects, request_id = step
    facts: dict[str, Any] = {"by": by} if by else {}
    if request_id:
        facts["request_id"] = request_id
    if kind in (ReportProgress, RequestCompletion):
        facts |= {"done_on": desk.now.date() + timedelta(days=days) if days > -60 else None, "quantity": quantity}
    if kind is ReportProgress:
        facts["corrects"] = corrects
    return request(kind, f"{PROJECT}-{ordinal:02d}", **facts)


def next_command(desk: Desk, step: tuple[Any, ...]) -> Any:
    """The command that takes a milestone a step along its way, or back for rework."""
    _, ordinal, by, onwards = step
    milestone_id = f"{PROJECT}-{ordinal:02d}"
    match desk[milestone_id].stage:
        case "completion_requested":
            return request(AcceptCompletion if onwards else ReturnForRework, milestone_id, by=by)
        case "completed":
            return request(StrikeOff, milestone_id, by=by)
        case _:
            done_on = date(2018, 4, 2) if ordinal == 3 else None
            return request(RequestCompletion, milestone_id, done_on=done_on)


def ask(desk: Desk, command: Any) -> None:
    """Give a command; only a rejection may be raised, and it changes nothing. No request slips past a breach, and no
    total falls but by a correction or after a return."""
    before = desk.state
    try:
        desk.ask(command)
    except RejectedError:
        assert desk.state is before
        return
    if desk.state is not before and isinstance(command, RequestCompletion):
        was, is_now = before.milestones[command.milestone_id], desk[command.milestone_id]
        deadline = deadline_in(before, was)
        late = deadline is not None and not was.retrospective and end_of(deadline) <= desk.now
        assert any(breach.round == was.round for breach in is_now.breaches) is late
    if desk.state is not before and isinstance(command, ReportProgress):
        was, is_now = before.milestones[command.milestone_id], desk[command.milestone_id]
        falls = (is_now.quantity or 0) < (was.quantity or 0)
        assert falls if command.corrects else not falls or was.stage == "returned_for_rework"


def play(desk: Desk, step: tuple[Any, ...]) -> None:
    """Take one step."""
    match step[0]:
        case "push":
            ask(desk, next_command(desk, step))
        case "dawn":
            deadline = deadline_in(desk.state, desk[f"{PROJECT}-{step[1]:02d}"])
            assert deadline is not None
            desk.run_until(max(desk.now, end_of(deadline) + timedelta(minutes=step[2], seconds=1)))
            ask(desk, next_command(desk, ("push", step[1], LI, True)))
        case "run":
            desk.run_until(desk.now + timedelta(minutes=step[1]))
        case "away":
            desk.wake_at(desk.now + timedelta(minutes=step[1]))
        case _:
            ask(desk, command_of(desk, step))


def rung_of(event: DomainEvent) -> str | None:
    """The rung that an event takes, or says that it was not taken."""
    match event:
        case ReminderIssued():
            return reminder_rung(event.working_days_before)
        case NoticeNotSent():
            return event.rung
        case DeadlineBreached():
            return BREACH
        case UrgeIssued(reason=None):
            return URGE
        case EscalationOrderIssued():
            return order_rung(event.level)
        case _:
            return None


def check_record(desk: Desk) -> None:
    """The events are dense, go forward, and add up to the state; no rung twice in a round; two persons."""
    assert [event.seq for event in desk.events] == list(range(len(desk.events)))
    assert fold(desk.events) == desk.state
    assert all(a.decided_at <= b.decided_at for a, b in zip(desk.events, desk.events[1:], strict=False))
    taken = Counter(
        (getattr(event, "milestone_id", None), getattr(event, "department", None), getattr(event, "round", None), rung)
        for event in desk.events
        if (rung := rung_of(event)) is not None
    )
    assert all(times == 1 for times in taken.values())
    accepted = {event.milestone_id: event.actor for event in desk.of(MilestoneCompleted)}
    assert all(accepted[event.milestone_id] != event.actor for event in desk.of(MilestoneStruckOff))


def check_papers(desk: Desk) -> None:
    """Rungs issue inside working hours; whatever was issued at night waits for a working morning."""
    policy = desk.state.policy
    for paper in desk.papers:
        assert paper.send_from >= paper.issued_at
        assert policy.within_working_hours(paper.send_from, CALENDAR)
    for event in desk.events:
        if isinstance(event, ReminderIssued | EscalationOrderIssued) or (
            rung_of(event) == URGE and event.actor == "engine"
        ):
            assert isinstance(event, NoticeNotSent) or policy.within_working_hours(event.decided_at, CALENDAR)
        if isinstance(event, ReminderIssued):
            assert event.decided_at < end_of(event.due_on)


def check_nearest(desk: Desk, now: datetime) -> None:
    """What comes first, and what an engine that was away finds due, are the same among all rungs as among the near,
    also about an instant before one that was asked about."""
    for away in (timedelta(), timedelta(hours=11), timedelta(days=3), timedelta(days=45), timedelta(hours=11)):
        later = now + away
        ahead = pending_rungs(desk.state, later)
        assert next_rung(desk.state, later) == (ahead[0] if ahead else None)
        assert due_actions(desk.state, later) == [due for due in ahead if due.at <= later]


def check_ladder(desk: Desk, now: datetime) -> None:
    """Every rung of an open milestone was taken, or is on record with a reason, or still lies ahead."""
    assert due_actions(desk.state, now) == []
    ahead = {(due.milestone_id, due.rung.name) for due in pending_rungs(desk.state, now)}
    for each in desk.state.milestones.values():
        if desk.state.closed or each.stage not in OPEN_STAGES:
            continue
        for rung in rungs_of(desk.state, each):
            assert (rung.name in each.taken) is ((each.milestone_id, rung.name) not in ahead)
        deadline = deadline_in(desk.state, each)
        if deadline and not each.retrospective and now >= end_of(deadline) + timedelta(hours=1):
            assert any(breach.round == each.round for breach in each.breaches)


@settings(max_examples=400)
@given(policies, steps)
def test_whatever_happens_the_record_stays_sound(policy: SupervisionPolicy, taken: list[tuple[Any, ...]]) -> None:
    """Breaches are indelible, nothing is taken twice or forgotten, no paper leaves its hours, only rules refuse."""
    desk = opened(policy)
    breaches: dict[str, tuple[Any, ...]] = dict.fromkeys(desk.state.milestones, ())
    for step in taken:
        play(desk, step)
        for milestone_id, before in breaches.items():
            after = desk[milestone_id].breaches
            assert after[: len(before)] == before
            breaches[milestone_id] = after
        assert view_of(desk.state, desk.now).stage == desk.state.stage
    desk.run_until(desk.now)
    check_record(desk)
    check_papers(desk)
    check_ladder(desk, desk.now)
    check_nearest(desk, desk.now)
    assert not desk[f"{PROJECT}-03"].breaches


@settings(max_examples=40)
@given(policies, st.lists(st.integers(min_value=1, max_value=60 * 24 * 12), max_size=30))
def test_a_silent_milestone_gets_its_ladder_however_the_engine_is_away(
    policy: SupervisionPolicy, absences: list[int]
) -> None:
    """After any pattern of absences, once the engine is back for good, all rungs are on record, orders were issued."""
    desk = Desk(milestone(), policy=policy)
    for minutes in absences:
        desk.wake_at(desk.now + timedelta(minutes=minutes))
    desk.run_until(max(desk.now, end_of(date(2018, 7, 31))))
    state = desk[f"{PROJECT}-01"]
    assert set(state.taken) == {rung.name for rung in rungs_of(desk.state, state)}
    ours = [order.level for order in desk.of(EscalationOrderIssued) if order.department is None]
    assert ours == ["blue", "yellow", "red"]
    assert len(state.breaches) == 1
    assert all(nominal_instant(desk.state, rung) <= desk.now for rung in rungs_of(desk.state, state))
    check_record(desk)
    check_papers(desk)
