"""When a rung is taken: its nominal instant, the next opening for one that is late, at once where it cannot be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.rules.calendar import end_of, office_instant
from domain.rules.policy import SupervisionPolicy
from domain.rungs.ladder import Rung
from domain.rungs.timing import DueRung, due_rung, later_by, problem_of
from tests.domain.samples import FIRST, Desk, at

DAY = date(2018, 5, 16)
PAPER, FACT = Rung("p", "pace", DAY, 50), Rung("f", "period", DAY, 1)
SPREAD = SupervisionPolicy(spread_minutes=30)


def test_a_rung_keeps_whose_it_is() -> None:
    """Its milestone, its department and its matter; a paper comes with the opening, a fact with the end of its day."""
    desk = Desk(policy=SPREAD)
    spread, opening = SPREAD.spread_for(desk.state.project_id), office_instant(DAY, SPREAD.working_hours_open)
    assert spread > timedelta()
    for rung, instant in ((PAPER, opening + spread), (FACT, end_of(DAY) + spread)):
        known = DueRung(instant, instant, FIRST, rung, "宣传部", "l1")
        assert due_rung(desk.state, rung, at("05-02 10:00"), FIRST, "宣传部", "l1") == known


@pytest.mark.parametrize(
    ("now", "rung", "waits_for"),
    [
        ("05-16 20:00", PAPER, "05-17"),
        ("05-19 10:00", PAPER, "05-21"),
        ("05-17 10:00", PAPER, None),
        ("05-19 10:00", FACT, None),
    ],
)
def test_a_late_paper_waits_for_the_next_opening_and_a_fact_does_not(
    now: str, rung: Rung, waits_for: str | None
) -> None:
    """In working hours it goes out at once, by the instant that it was meant for."""
    desk = Desk(policy=SPREAD)
    due = due_rung(desk.state, rung, at(now), FIRST)
    if waits_for is None:
        assert due.at == due.nominal
    else:
        opening = office_instant(at(waits_for).date(), SPREAD.working_hours_open)
        assert due.at == opening + SPREAD.spread_for(desk.state.project_id)


def test_a_paper_of_a_day_that_is_not_worked_waits_from_its_very_instant_on() -> None:
    """A Saturday's opening is none."""
    state, saturday = Desk(policy=SPREAD).state, replace(PAPER, day=date(2018, 5, 19))
    spread = SPREAD.spread_for(state.project_id)
    its_own = office_instant(saturday.day, SPREAD.working_hours_open) + spread
    assert due_rung(state, saturday, its_own, FIRST).at == its_own + timedelta(days=2)


def test_a_rung_whose_instant_cannot_be_told_is_due_at_once_with_its_problem() -> None:
    """It keeps whose it is, so that the record can say what was skipped."""
    desk, now = Desk(), at("05-02 10:00")
    beyond = replace(FACT, day=date.max)
    due = due_rung(desk.state, beyond, now, FIRST, "宣传部", "l1")
    assert due.problem is not None
    assert due.problem.startswith("OverflowError: ")
    assert due == DueRung(now, now, FIRST, beyond, "宣传部", "l1", due.problem)
    assert due.is_over(now)


def test_a_problem_is_told_by_its_kind_and_its_first_words() -> None:
    """In one line, and no longer than the record keeps."""
    assert problem_of(ValueError("no\n such  day")) == "ValueError: no such day"
    assert problem_of(ValueError()) == "ValueError"
    assert problem_of(ValueError("x" * 300)) == "ValueError: " + "x" * 200


def test_a_rung_is_over_with_the_end_of_its_day() -> None:
    """At that instant, and not before."""
    due = DueRung(end_of(DAY), end_of(DAY), FIRST, FACT)
    assert due.is_over(end_of(DAY))
    assert not due.is_over(end_of(DAY) - timedelta(seconds=1))


def test_a_date_is_later_by_the_working_days_after_the_day_that_counts() -> None:
    """A Saturday that is due on Monday is later from there; by no days, or where there is no date, nothing moves."""
    saturday, rolled = date(2018, 5, 19), {FIRST: {"due_roll": "following"}}
    state = Desk(policy=SupervisionPolicy.model_validate({"spread_minutes": 0, "milestones": rolled})).state
    assert later_by(state, FIRST, saturday, 0) == saturday
    assert later_by(state, FIRST, saturday, 1) == date(2018, 5, 22)
    assert later_by(Desk().state, FIRST, saturday, 1) == date(2018, 5, 21)
    assert later_by(state, FIRST, None, 2) is None
