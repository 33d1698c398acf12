"""Periods and pace: what is pending, what is recorded of it, and when nothing is asked for."""

from __future__ import annotations

from datetime import date

import pytest

from domain.acts.commands import ReportProgress, SilenceNotices, Suspend
from domain.events import NoticeNotSent, PaceWarningIssued, ReportPeriodMissed
from domain.project import Milestone, Recurrence
from domain.rules.calendar import end_of
from domain.rules.ladder_rules import MilestoneRules
from domain.rules.policy import SupervisionPolicy
from domain.rungs.ladder import RUNG_CAUSE, pace_rung, period_rung
from domain.rungs.wakeups import pending_rungs
from tests.domain.samples import FIRST, SECOND, WHOLE_LIFE, Desk, milestone, request

MAY = date(2018, 5, 31)


def counted(quota: int, ordinal: int = 1) -> Milestone:
    """So much to be delivered in May."""
    return milestone(ordinal, MAY, starts_on=date(2018, 5, 1), quota=quota)


def monthly(day: int) -> Milestone:
    """A report by a day of each month, from April to the end of the year."""
    return milestone(due_on=date(2018, 12, 31)).model_copy(
        update={"recurrence": Recurrence(count=9, every_months=1, day=day)}
    )


def rungs(desk: Desk) -> list[tuple[str, str, date]]:
    """What is pending of progress now."""
    return [
        (due.rung.kind, due.rung.name, due.rung.day)
        for due in pending_rungs(desk.state, desk.now)
        if due.rung.kind in ("period", "pace")
    ]


def test_a_warning_says_how_far_it_should_be_and_is() -> None:
    """At half and at three quarters of the window, for nothing delivered; each once."""
    desk = Desk(counted(30), policy=WHOLE_LIFE)
    desk.run_until("05-31 12:00")
    assert [
        (
            each.milestone_id,
            each.percent,
            each.quantity,
            each.scheduled,
            each.target,
            each.unit,
            each.due_on,
            each.cause,
        )
        for each in desk.of(PaceWarningIssued)
    ] == [
        (FIRST, 50, 0, 15, 30, "场", MAY, f"{RUNG_CAUSE}{pace_rung(50)}"),
        (FIRST, 75, 0, 23, 30, "场", MAY, f"{RUNG_CAUSE}{pace_rung(75)}"),
    ]


@pytest.mark.parametrize(
    ("quota", "delivered", "warned"), [(30, 15, [75]), (30, 14, [50, 75]), (30, 23, []), (2, None, [50, 75])]
)
def test_who_keeps_the_pace_is_not_warned(quota: int, delivered: int | None, warned: list[int]) -> None:
    """Exactly as much as is scheduled is enough; a mark that is kept leaves the next one."""
    desk = Desk(counted(quota), policy=WHOLE_LIFE)
    if delivered is not None:
        desk.ask(request(ReportProgress, quantity=delivered), "05-02 10:00")
    desk.run_until("05-31 12:00")
    assert [each.percent for each in desk.of(PaceWarningIssued)] == warned


@pytest.mark.parametrize(("corrected", "warned"), [("05-18 10:00", {50: 3, 75: 3}), ("05-28 10:00", {75: 3})])
def test_a_wrong_total_wins_nothing(corrected: str, warned: dict[int, int]) -> None:
    """It kept the pace of May for as long as it stood: corrected, the warning that it held back comes at once."""
    desk = Desk(counted(30), policy=WHOLE_LIFE)
    desk.ask(request(ReportProgress, quantity=30), "05-02 10:00")
    desk.ask(request(ReportProgress, quantity=3, corrects=True), corrected)
    desk.run_until(corrected)
    assert len(desk.of(PaceWarningIssued)) == 1
    desk.run_until("05-31 12:00")
    assert {each.percent: each.quantity for each in desk.of(PaceWarningIssued)} == warned


def test_a_warning_that_is_held_back_is_on_record_with_its_reason() -> None:
    """For the milestone that is silenced, on that day; the other one is warned."""
    desk = Desk(counted(30), counted(30, 2), policy=WHOLE_LIFE)
    desk.ask(request(SilenceNotices, until=date(2018, 5, 20)), "05-02 10:00")
    desk.run_until("05-31 12:00")
    held = [each for each in desk.of(NoticeNotSent) if each.kind == "pace_warning"]
    name = pace_rung(50)
    assert [(each.milestone_id, each.rung, each.round, each.reason, each.cause) for each in held] == [
        (FIRST, name, desk[FIRST].round, "silenced", f"{RUNG_CAUSE}{name}")
    ]
    warned = [(each.milestone_id, each.percent) for each in desk.of(PaceWarningIssued)]
    assert sorted(warned) == [(FIRST, 75), (SECOND, 50), (SECOND, 75)]


def test_a_missed_period_is_recorded_at_the_end_of_its_day() -> None:
    """Whenever that is recorded; with its number among all of them. One that was reported is not missed."""
    desk = Desk(monthly(5), policy=WHOLE_LIFE)
    desk.run_until("05-05 12:00")
    desk.wake_at("05-06 12:00")  # the engine was away
    (missed,) = desk.of(ReportPeriodMissed)
    assert (missed.milestone_id, missed.period, missed.periods, missed.ended_on) == (FIRST, 2, 9, date(2018, 5, 5))
    assert missed.cause == f"{RUNG_CAUSE}{period_rung(2)}"
    assert missed.occurred_at == end_of(date(2018, 5, 5))
    desk.ask(request(ReportProgress), "05-20 10:00")
    assert ("period", period_rung(4), date(2018, 7, 5)) in rungs(desk)
    assert not {period_rung(number) for number in (1, 2, 3)} & {name for _, name, _ in rungs(desk)}


def test_what_is_over_with_the_day_of_the_assignment_is_asked_for_by_its_reports_alone() -> None:
    """A period that ends on that day is still to be reported; a pace that is marked on that day is nobody's yet."""
    desk = Desk(monthly(25))
    assert ("period", period_rung(1), date(2018, 4, 25)) in rungs(desk)
    desk = Desk(milestone(due_on=date(2018, 4, 30), starts_on=date(2018, 4, 20), quota=30))
    assert [name for kind, name, _ in rungs(desk) if kind == "pace"] == [pace_rung(75)]


def test_nothing_is_pending_while_the_clock_stands_still_or_nothing_is_counted() -> None:
    """Suspended, or without a date or a number."""
    desk = Desk(counted(30))
    assert [kind for kind, _, _ in rungs(desk)] == ["pace", "pace"]
    desk.ask(request(Suspend, until=date(2018, 5, 8)), "05-02 10:00")
    assert rungs(desk) == []
    assert rungs(Desk(milestone(due_on=None, quota=30))) == rungs(Desk(milestone())) == []


def test_an_engine_that_was_away_warns_once_and_not_after_the_due_date() -> None:
    """Of two marks that are over the later one speaks; when the due date is over too, its own papers do."""
    held = {"05-28 10:00": ([75], [50]), "06-04 10:00": ([], [50, 75])}
    for back, (warned, stale) in held.items():
        desk = Desk(counted(30), policy=WHOLE_LIFE)
        desk.wake_at(back)
        assert [each.percent for each in desk.of(PaceWarningIssued)] == warned
        not_sent = [each for each in desk.of(NoticeNotSent) if each.kind == "pace_warning"]
        assert [(each.rung, each.reason) for each in not_sent] == [(pace_rung(mark), "stale") for mark in stale]


def test_a_warning_names_the_day_that_counts() -> None:
    """A Saturday's date counts as the Friday before it, where the rules say so."""
    rules = MilestoneRules(due_roll="preceding")
    desk = Desk(milestone(1, date(2018, 6, 30), quota=30), policy=SupervisionPolicy(spread_minutes=0, rules=rules))
    desk.run_until("06-15 12:00")
    assert [each.due_on for each in desk.of(PaceWarningIssued)] == [date(2018, 6, 29)] * 2
