"""A clock that goes on is never late at that instant: what it stopped in time has the first working day after.

In 2018 the 30th of September was worked, the 1st to the 7th of October were not.
"""

from __future__ import annotations

from datetime import date

import pytest

from domain.acts.commands import (
    DeclineAssignment,
    InsistOnAssignment,
    IssueDirective,
    RaiseDispute,
    ReplaceParticipant,
    RequestExtension,
    Resume,
    ReviewExtension,
    RuleOnDispute,
    RuleOnExtension,
    Suspend,
)
from domain.acts.rejections import NoLaterDateError
from domain.events import ClockResumed, DeadlineBreached, DomainEvent, LimitPassed, ReportPeriodMissed, Resumed
from domain.evolution import fold
from domain.rungs.reporting_periods import periods_in
from domain.seeing.lights import is_overdue
from domain.seeing.what_is_next import what_happened
from tests.domain.samples import FIRST, LI, PARTICIPANT, WANG, WHOLE_LIFE, Desk, milestone, request

ON_THE_LAST_DAY = date(2018, 9, 30)


def due_that_day() -> Desk:
    """One milestone, due on 30 September, of a lead and a participant."""
    return Desk(milestone(due_on=ON_THE_LAST_DAY), policy=WHOLE_LIFE)


def test_work_that_goes_on_on_a_day_off_is_due_on_the_first_working_day_after_it() -> None:
    """Suspended on its last day, resumed on 7 October: no day is excused, and Monday the 8th is there for everybody."""
    desk = due_that_day()
    desk.ask(request(Suspend), "09-30 10:00")
    desk.ask(request(Resume), "10-07 10:00")
    assert (desk[FIRST].answer_by, desk[FIRST].working_days_excused) == (date(2018, 10, 8), 0)
    assert {part.answer_by for part in desk[FIRST].parts.values()} == {date(2018, 10, 8)}
    assert "现时限：5（1），2018年10月8日" in desk.papers[-1].body
    desk.run_until("10-08 23:59")
    assert desk.of(DeadlineBreached) == []
    desk.run_until("10-09 12:00")
    assert {breach.due_on for breach in desk.of(DeadlineBreached)} == {date(2018, 10, 8)}


def test_a_suspension_that_ends_with_its_day_leaves_the_next_one() -> None:
    """Until 9 October: two days are excused, which are over as the clock goes on; the 10th is there to do the work."""
    desk = due_that_day()
    desk.ask(request(Suspend, until=date(2018, 10, 9)), "09-30 10:00")
    desk.run_until("10-10 23:59")
    assert (desk[FIRST].answer_by, desk[FIRST].working_days_excused) == (date(2018, 10, 10), 2)
    assert desk.of(DeadlineBreached) == []


def test_what_was_late_as_the_clock_stopped_gets_no_day() -> None:
    """Due on the 29th, suspended on the 30th: it stays late by the day that it had."""
    desk = Desk(milestone(due_on=date(2018, 9, 29)), policy=WHOLE_LIFE)
    desk.ask(request(Suspend), "09-30 10:00")
    desk.ask(request(Resume), "10-07 10:00")
    assert desk[FIRST].answer_by == date(2018, 9, 29)
    assert [event.not_before for event in desk.of(ClockResumed)] == [None]


@pytest.mark.parametrize(
    ("due_on", "declined", "insisted", "suspended", "resumed", "expected", "late"),
    [
        ((10, 6), "10-07", "10-11", "10-10", "10-13", (10, 12), True),
        ((10, 6), "10-10", "10-13", "10-07", "10-11", (10, 12), True),
        ((6, 8), "06-08", "06-09", "06-09", "06-10", (6, 11), False),
    ],
    ids=["late, its own stop first", "late, its own stop last", "in time, its own stop first"],
)
def test_a_part_that_stops_twice_is_late_as_when_it_stopped_first(
    due_on: tuple[int, int],
    declined: str,
    insisted: str,
    suspended: str,
    resumed: str,
    expected: tuple[int, int],
    late: bool,
) -> None:
    """One stop ends within the other: late by a day off it stays late, and in time it has the first working day."""
    desk = Desk(milestone(due_on=date(2018, *due_on)), policy=WHOLE_LIFE)
    acts = [
        (declined, "1", request(DeclineAssignment, None, by=PARTICIPANT)),
        (suspended, "2", request(Suspend)),
        (insisted, "3", request(InsistOnAssignment, None, department=PARTICIPANT.name)),
        (resumed, "4", request(Resume)),
    ]
    for day, hour, act in sorted(acts, key=lambda each: each[:2]):
        desk.run_until(f"{day} 1{hour}:00")
        part = desk[FIRST].parts[PARTICIPANT.name]
        assert hour == "1" or is_overdue(desk.state, desk[FIRST], part, desk.now) is late
        desk.ask(act)
    assert desk[FIRST].parts[PARTICIPANT.name].answer_by == date(2018, *expected)


def test_what_is_late_by_days_off_alone_stays_late_when_it_stops_again() -> None:
    """Late from the 7th, stopped until the 9th, and again that evening: the working days alone are excused."""
    desk = Desk(milestone(due_on=date(2018, 10, 6)), policy=WHOLE_LIFE)
    for act, instant in ((Suspend, "10-07 10"), (Resume, "10-09 10"), (Suspend, "10-09 20"), (Resume, "10-13 10")):
        desk.run_until(f"{instant}:00")
        desk.ask(request(act))
    dates = (desk[FIRST].answer_by, *(part.answer_by for part in desk[FIRST].parts.values()))
    assert {*dates} == {date(2018, 10, 12)}


def test_a_day_that_lies_ahead_moves_by_the_excused_days_alone() -> None:
    """Due on 9 October, two working days after the stop: two after the clock goes on, and nothing else is on record."""
    desk = Desk(milestone(due_on=date(2018, 10, 9)), policy=WHOLE_LIFE)
    desk.ask(request(Suspend, until=date(2018, 10, 8)), "09-30 10:00")
    desk.run_until("10-09 10:00")
    assert desk[FIRST].answer_by == date(2018, 10, 10)
    assert [event.not_before for event in desk.of(ClockResumed)] == [None]
    assert [event.not_before for event in desk.of(Resumed)] == [None]


def test_a_limit_that_goes_on_is_not_over_at_once() -> None:
    """A leader's instruction to be answered by the 30th has the 8th when the project goes on on the 7th."""
    desk = Desk(milestone(due_on=date(2018, 12, 31)), policy=WHOLE_LIFE)
    desk.ask(request(IssueDirective, FIRST, answer_by=ON_THE_LAST_DAY), "09-20 10:00")
    desk.ask(request(Suspend, None), "09-30 10:00")
    desk.ask(request(Resume, None), "10-07 10:00")
    limit = desk.state.open_limit("directive_answer", FIRST)
    assert limit is not None
    assert limit.due_on == date(2018, 10, 8)
    desk.run_until("10-08 23:59")
    assert [passed for passed in desk.of(LimitPassed) if passed.limit_id == limit.limit_id] == []


def test_a_reporting_period_that_goes_on_is_not_missed_at_once() -> None:
    """The third quarter's report, due on the 30th, may still come on the 8th; the fourth quarter's day stays."""
    ongoing = milestone(due_on=date(2018, 12, 31)).model_copy(update={"ongoing": True})
    desk = Desk(ongoing, policy=WHOLE_LIFE)
    before = [period.ends_on for period in periods_in(desk.state, FIRST)]
    assert before[1] == ON_THE_LAST_DAY
    desk.ask(request(Suspend), "09-30 10:00")
    desk.ask(request(Resume), "10-07 10:00")
    after = [period.ends_on for period in periods_in(desk.state, FIRST)]
    assert (after[1], after[2:]) == (date(2018, 10, 8), before[2:])
    desk.run_until("10-08 23:59")
    assert [missed.period for missed in desk.of(ReportPeriodMissed)] == [1]


def test_whoever_gives_the_day_and_whoever_has_it_are_told() -> None:
    """A dispute that is decided on a day off moves no day by excused ones: the new day is said all the same."""
    desk = due_that_day()
    desk.ask(request(RaiseDispute, against="宣传部"), "09-30 10:00")
    events = desk.ask(request(RuleOnDispute, responsible="组织部"), "10-07 10:00")
    assert any("时限2018-10-08（恢复后首个工作日）" in line for line in what_happened(events))
    assert any("2018年10月8日" in paper.body for paper in desk.papers if paper.kind == "status_notice")


def test_an_extension_that_is_granted_on_a_day_off_leaves_more_than_one_that_is_refused() -> None:
    """Refused, the work would be due on 8 October: that day is no extension."""
    desk = due_that_day()
    desk.ask(request(RequestExtension, new_due_on=date(2018, 10, 31)), "09-30 10:00")
    desk.ask(request(ReviewExtension, by=LI), "09-30 11:00")
    with pytest.raises(NoLaterDateError, match="2018-10-08"):
        desk.ask(request(RuleOnExtension, by=WANG, ruling="grant", new_due_on=date(2018, 10, 8)), "10-07 10:00")
    desk.ask(request(RuleOnExtension, by=WANG, ruling="refuse"), "10-07 10:00")
    assert desk[FIRST].answer_by == date(2018, 10, 8)


def test_what_was_recorded_before_the_rule_stays_as_it_was() -> None:
    """An event without the day is read as it was decided: the date that it says, and those of the participants."""
    desk = due_that_day()
    desk.ask(request(Suspend), "09-30 10:00")
    desk.ask(request(Resume), "10-07 10:00")

    def of_before(event: DomainEvent) -> DomainEvent:
        if isinstance(event, ClockResumed):
            return event.model_copy(update={"not_before": None, "answer_by": ON_THE_LAST_DAY})
        return event

    state = fold(tuple(of_before(event) for event in desk.events), None)
    assert state is not None
    its = state.milestones[FIRST]
    assert {its.answer_by, *(part.answer_by for part in its.parts.values())} == {ON_THE_LAST_DAY}


@pytest.mark.parametrize("replaced", [None, FIRST])
@pytest.mark.parametrize("declined", [None, FIRST])
def test_who_takes_a_participants_duty_gets_the_days_for_which_it_stood_still(
    declined: str | None, replaced: str | None
) -> None:
    """Declined on 28 May, given to another on 7 June, by itself or with the whole: eight days more, late for nobody."""
    desk = Desk(milestone(), milestone(2, date(2018, 8, 31)))
    desk.ask(request(DeclineAssignment, declined, by=PARTICIPANT), "05-28 10:00")
    desk.ask(request(ReplaceParticipant, replaced, department="宣传部", to="统战部"), "06-07 10:00")
    desk.run_until("06-07 12:00")
    part = desk[FIRST].parts["统战部"]
    assert (part.answer_by, part.breaches) == (date(2018, 6, 12), ())
