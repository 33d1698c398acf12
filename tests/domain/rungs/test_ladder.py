"""The ladder of one milestone: its rungs stand in order, on working days, each on its own side of the due date."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.rules.ladder_rules import LEVELS, EscalationStep, MilestoneRules
from domain.rungs.ladder import BREACH, Rung, deadline_of, ladder
from tests.domain.samples import CALENDAR

due_days = st.dates(min_value=date(2018, 3, 1), max_value=date(2018, 12, 1))


@st.composite
def rules(draw: st.DrawFn) -> MilestoneRules:
    """Sound rules of any shape."""
    reminders = tuple(sorted(draw(st.sets(st.integers(1, 30), max_size=4)), reverse=True))
    after = sorted(draw(st.sets(st.integers(2, 40), max_size=3)))
    urge = draw(st.sampled_from([None, 1]))
    return MilestoneRules(
        reminders_working_days_before=reminders,
        yellow_light_working_days_before=draw(st.sampled_from([0, *reminders])),
        due_roll=draw(st.sampled_from(["none", "following", "preceding"])),
        urge_after_working_days=urge,
        escalation=tuple(
            EscalationStep(level=level, after_working_days=days, to="主要领导")
            for level, days in zip(LEVELS, after, strict=False)
        ),
        rework_working_days=draw(st.integers(1, 10)),
    )


def by_kind(rungs: tuple[Rung, ...], kind: str) -> list[Rung]:
    """The rungs of a kind."""
    return [rung for rung in rungs if rung.kind == kind]


@given(rules(), due_days, st.booleans())
def test_rungs_stand_in_order_on_working_days(given_rules: MilestoneRules, due_on: date, rework: bool) -> None:
    """Days never go back, names are distinct, every rung but the breach falls on a working day."""
    rungs = ladder(given_rules, CALENDAR, due_on, rework)
    assert [rung.day for rung in rungs] == sorted(rung.day for rung in rungs)
    assert len({rung.name for rung in rungs}) == len(rungs)
    assert all(CALENDAR.is_working_day(rung.day) for rung in rungs if rung.kind != BREACH)


@given(rules(), due_days, st.booleans())
def test_reminders_come_before_the_due_day_and_papers_of_lateness_after_it(
    given_rules: MilestoneRules, due_on: date, rework: bool
) -> None:
    """Strictly before and strictly after the day that counts, at exactly the working days of the rules."""
    rungs = ladder(given_rules, CALENDAR, due_on, rework)
    (breach,) = by_kind(rungs, BREACH)
    assert breach.day == deadline_of(due_on, given_rules, CALENDAR)
    assert all(rung.day < breach.day for rung in by_kind(rungs, "reminder"))
    for rung in by_kind(rungs, "urge") + by_kind(rungs, "order"):
        assert CALENDAR.working_days_between(breach.day, rung.day) == rung.working_days


@given(rules(), due_days)
def test_a_round_of_rework_has_only_the_reminders_that_fall_inside_it(
    given_rules: MilestoneRules, due_on: date
) -> None:
    """Nobody is reminded of a date before the return that set it; the rest of the ladder is the same."""
    full, short = (ladder(given_rules, CALENDAR, due_on, rework) for rework in (False, True))
    kept = [rung for rung in full if rung.kind != "reminder" or rung.working_days < given_rules.rework_working_days]
    assert list(short) == kept


@pytest.mark.parametrize(
    ("roll", "deadline"), [("none", "2018-09-22"), ("following", "2018-09-25"), ("preceding", "2018-09-21")]
)
def test_the_day_that_counts_is_rolled_only_where_the_rules_say_so(roll: str, deadline: str) -> None:
    """A date in the Mid-Autumn holiday stays, or moves to the working day on its side."""
    rolled = MilestoneRules.model_validate({"due_roll": roll})
    assert deadline_of(date(2018, 9, 22), rolled, CALENDAR) == date.fromisoformat(deadline)
