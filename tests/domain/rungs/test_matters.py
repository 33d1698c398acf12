"""The ladder of a matter after an absence: in order, each on record once, papers in working hours only."""

from __future__ import annotations

from datetime import date

from domain.acts.commands import CloseInspection, ConcludeInspection, IssueDirective, OpenInspection, RequestCompletion
from domain.events import DomainEvent, LimitEnded, LimitEscalated, LimitNoticeNotSent, LimitPassed, LimitReminderIssued
from tests.domain.samples import FIRST, WHOLE_LIFE, Desk, request

LIMIT_EVENTS = (LimitReminderIssued, LimitPassed, LimitEscalated, LimitNoticeNotSent)


def of_lead(desk: Desk) -> list[tuple[str, str]]:
    """What became of the lead's receipt: kind of event, and the instant at which it was decided."""
    first = next(event.limit_id for event in desk.events if event.type == "LimitSet")
    ours = [event for event in desk.events if isinstance(event, LIMIT_EVENTS) and event.limit_id == first]
    return [(event.type, f"{event.decided_at:%m%d %H%M}") for event in ours]


def test_missed_rungs_of_a_matter_are_taken_in_their_order() -> None:
    """Away from 25 April to 10 May: the reminder is stale, the passing is a fact, each superior hears of it."""
    desk = Desk(policy=WHOLE_LIFE)
    desk.wake_at("05-10 10:00")
    assert of_lead(desk) == [
        ("LimitNoticeNotSent", "0510 1000"),
        ("LimitPassed", "0510 1000"),
        ("LimitEscalated", "0510 1000"),
        ("LimitEscalated", "0510 1000"),
    ]
    assert {event.reason for event in desk.of(LimitNoticeNotSent)} == {"stale"}


def test_a_passing_keeps_the_instant_at_which_it_happened() -> None:
    """It is decided when the engine is back, and happened when the day was over."""
    desk = Desk(policy=WHOLE_LIFE)
    desk.wake_at("05-10 10:00")
    assert {f"{event.occurred_at:%m%d %H%M}" for event in desk.of(LimitPassed)} == {"0429 0000"}


def test_back_at_night_the_facts_are_recorded_and_the_papers_wait_for_the_morning() -> None:
    """No paper leaves its hours because the engine was away."""
    desk = Desk(policy=WHOLE_LIFE)
    desk.wake_at("05-09 22:00")
    assert of_lead(desk) == [("LimitPassed", "0509 2200")]
    desk.run_until("05-10 12:00")
    assert [when for _, when in of_lead(desk)] == ["0509 2200", "0510 0830", "0510 0830", "0510 0830"]


def test_nothing_of_a_matter_is_taken_twice_after_an_absence() -> None:
    """Waking again at the same instant, and later, brings nothing new."""
    desk = Desk(policy=WHOLE_LIFE)
    desk.wake_at("05-10 10:00")
    before = of_lead(desk)
    assert desk.wake_at("05-10 10:00") == ()
    desk.run_until("05-20 12:00")
    assert of_lead(desk) == before


def test_a_matter_that_was_answered_is_never_heard_of_again() -> None:
    """Its rungs end with it."""
    desk = Desk(policy=WHOLE_LIFE)
    desk.ask(request(IssueDirective, FIRST, answer_by=date(2018, 5, 31)), "05-02 10:00")
    desk.ask(request(OpenInspection))
    desk.ask(request(ConcludeInspection))
    desk.ask(request(CloseInspection))
    (ended,) = [event for event in desk.of(LimitEnded) if event.kind == "inspection_answer"]
    desk.run_until("07-31 12:00")
    after: list[DomainEvent] = [event for event in desk.events if event.seq > ended.seq]
    assert all(getattr(event, "limit_id", None) != ended.limit_id for event in after)


def test_a_review_that_is_overdue_goes_to_the_reviewers_own_superiors() -> None:
    """Requested on 7 May, five working days until the 14th: the director on the 15th, the leader on the 21st."""
    desk = Desk(policy=WHOLE_LIFE)
    desk.ask(request(RequestCompletion), "05-07 10:00")
    desk.run_until("05-22 12:00")
    climbed = [event for event in desk.of(LimitEscalated) if event.kind == "completion_review"]
    assert [(event.to, f"{event.decided_at:%m%d}") for event in climbed] == [
        ("督查室主任", "0515"),
        ("分管领导", "0521"),
    ]
    reminded = [event for event in desk.of(LimitReminderIssued) if event.kind == "completion_review"]
    assert [(event.to, f"{event.decided_at:%m%d}") for event in reminded] == [("督查室", "0511")]
