"""What another working calendar moves: rungs and limits to come, each by its own name, and nothing that stays."""

from __future__ import annotations

from datetime import date

from domain.acts.commands import ChangeCalendar, IssueDirective, Resume, Suspend
from domain.rules.ladder_rules import MilestoneRules
from domain.rules.life_cycle import LifeCycleRules, PlannedInspection
from domain.rules.policy import SupervisionPolicy
from domain.rungs.recalendaring import moved_dates
from domain.seeing.register_rows import registered
from tests.domain.samples import FIRST, Desk, lone, milestone, request
from tests.domain.scripts import OTHER_CALENDAR


def moved(desk: Desk) -> list[tuple[str, str, str]]:
    """What the other calendar, in which 19 June is off, would move."""
    return [
        (each.of, f"{each.before:%m%d}", f"{each.after:%m%d}")
        for each in moved_dates(desk.state, OTHER_CALENDAR, desk.now)
    ]


def test_what_is_before_or_past_the_day_stays_and_is_not_named() -> None:
    """Due on 15 June: the papers after it come a day later, the reminders and the breach do not."""
    desk = lone(milestone(1, date(2018, 6, 15)))
    assert moved(desk) == [
        (f"{FIRST}/urge", "0619", "0620"),
        (f"{FIRST}/order-blue", "0621", "0622"),
        (f"{FIRST}/order-yellow", "0625", "0626"),
        (f"{FIRST}/order-red", "0702", "0703"),
    ]
    assert moved(lone(milestone(1, date(2018, 5, 15)))) == []


def test_a_limit_that_stood_still_moves_with_the_days_that_it_was_given() -> None:
    """Set on 4 June for ten working days and excused for two more: it is counted by the other calendar to its end."""
    desk = lone(milestone(1, date(2018, 12, 20)))
    desk.ask(request(IssueDirective, FIRST), "06-04 10:00")
    desk.ask(request(Suspend, FIRST))
    desk.ask(request(Resume, FIRST), "06-06 10:00")
    (limit,) = desk.state.limits.values()
    assert (limit.due_on, limit.extra_working_days) == (date(2018, 6, 21), 2)
    assert (f"{FIRST}/{limit.limit_id}/limit-passed", "0621", "0622") in moved(desk)
    desk.ask(request(ChangeCalendar, calendar=OTHER_CALENDAR))
    assert [each.due_on for each in desk.state.limits.values()] == [date(2018, 6, 22)]


def test_a_day_that_the_rules_move_is_another_in_every_list_as_soon_as_the_calendar_is() -> None:
    """Due on 19 June, which is no working day any more: the register's rows have the 20th, and the change names it."""
    rolled = MilestoneRules(due_roll="following")
    desk = lone(milestone(1, date(2018, 6, 19)), policy=SupervisionPolicy(spread_minutes=0, rules=rolled))
    assert (f"{FIRST}/breach", "0619", "0620") in moved(desk)
    for calendar, due_on in ((None, date(2018, 6, 19)), (OTHER_CALENDAR, date(2018, 6, 20))):
        if calendar is not None:
            desk.ask(request(ChangeCalendar, calendar=calendar))
        found = registered(desk.state, desk.now)
        assert found.row.next_due_on == due_on
        assert {each.answer_by for each in found.duties} == {due_on}


def test_an_inspection_of_the_plan_moves_under_the_name_of_its_day_alone() -> None:
    """It belongs to no milestone."""
    plan = LifeCycleRules(inspection_plan=(PlannedInspection(on=date(2018, 6, 19), sample_percent=100),))
    desk = lone(policy=SupervisionPolicy(spread_minutes=0, life_cycle=plan))
    assert ("planned-inspection-2018-06-19", "0619", "0620") in moved(desk)
