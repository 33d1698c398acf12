"""What the register shows: derived at an instant, with the three dates, the breaches and n of N."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.acts.commands import ReportProgress, RequestCompletion, ReturnForRework
from domain.rules.ladder_rules import DueRoll, MilestoneRules
from domain.rules.policy import SupervisionPolicy
from domain.seeing.period_report import drafted
from domain.seeing.views import ProjectView, view_of
from tests.domain.samples import Desk, at, attentive, milestone, request


def test_a_milestone_shows_its_dates_its_breaches_and_its_progress() -> None:
    """Baseline and approved as issued, the answer's own date after a return, what was delivered of what."""
    desk = Desk(milestone(quota=30))
    desk.ask(request(ReportProgress, quantity=12), "05-09 10:00")
    (shown,) = view_of(desk.state, desk.now).milestones
    assert (shown.progress.quantity, shown.progress.of, shown.progress.unit) == (12, 30, "场")
    desk.ask(request(RequestCompletion), "06-04 10:00")
    desk.ask(request(ReturnForRework))
    (shown,) = view_of(desk.state, desk.now).milestones
    assert (shown.baseline_due_on, shown.approved_due_on) == (date(2018, 5, 31), date(2018, 5, 31))
    assert shown.answer_by == date(2018, 6, 11)
    assert [breach.due_on for breach in shown.breaches] == [date(2018, 5, 31)]
    assert shown.forecast_due_on is None


def test_a_recurring_duty_is_counted_in_times_and_a_plain_one_not_at_all() -> None:
    """Six times of six; nothing of nothing."""
    desk = Desk(milestone(recurrence=6), milestone(2))
    counted, plain = view_of(desk.state, desk.now).milestones
    assert (counted.progress.of, counted.progress.unit) == (6, "次")
    assert (plain.progress.of, plain.progress.unit) == (None, None)


def test_a_project_shows_the_light_and_the_next_date_of_its_milestones() -> None:
    """The worst light, the earliest date, in the order of the text."""
    desk = attentive(milestone(1, date(2018, 6, 29)), milestone(2))
    view = view_of(desk.state, at("06-01 09:00"))
    assert (view.light, view.next_due_on, view.stage) == ("red", date(2018, 5, 31), "in_progress")
    assert [shown.light for shown in view.milestones] == ["green", "red"]
    assert view.events == desk.state.next_seq


@pytest.mark.parametrize(
    ("roll", "counts"), [("none", "2018-06-30"), ("following", "2018-07-02"), ("preceding", "2018-06-29")]
)
def test_every_list_has_the_day_that_counts(roll: DueRoll, counts: str) -> None:
    """A Saturday that the rules move: lead, participant, next date and coming month have it as the light says it."""
    policy = SupervisionPolicy(rules=MilestoneRules(due_roll=roll))
    desk, day = Desk(milestone(due_on=date(2018, 6, 30)), policy=policy), date.fromisoformat(counts)
    view = view_of(desk.state, desk.now)
    (shown,) = view.milestones
    (part,) = shown.participants
    assert {shown.answer_by, part.answer_by, view.next_due_on} == {day}
    assert shown.explanation.startswith(f"时限{counts}，未到期")
    report = drafted("年报", [desk.events], date(2018, 5, 1), date(2018, 5, 31), date(2018, 7, 31))
    assert [ahead.due_on for ahead in report.next_deadlines] == [day]


def test_the_same_state_is_seen_differently_at_another_instant() -> None:
    """Nothing derived is stored."""
    desk = attentive()
    views = [view_of(desk.state, at("05-29 12:00") + timedelta(days=days)) for days in range(4)]
    assert [view.light for view in views] == ["green", "yellow", "yellow", "red"]


def test_a_view_survives_the_way_through_json() -> None:
    """What the engine answers is what the command shows."""
    desk = Desk(milestone(quota=30), milestone(2, None, starts_on=None))
    desk.run_until("06-08 00:00")
    view = view_of(desk.state, desk.now)
    assert ProjectView.model_validate_json(view.model_dump_json()) == view
