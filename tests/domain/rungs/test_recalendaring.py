"""What another working calendar moves: rungs and limits to come, each by its own name, and nothing that stays."""

from __future__ import annotations

from datetime import date

from domain.acts.commands import ChangeCalendar, IssueDirective, Resume, Suspend
from domain.events import CalendarChanged, DeadlineBreached, EarlierDay, UrgeIssued
from domain.rules.ladder_rules import MilestoneRules
from domain.rules.life_cycle import LifeCycleRules, PlannedInspection
from domain.rules.policy import SupervisionPolicy
from domain.rungs.recalendaring import moved_dates
from domain.rungs.reporting_periods import periods_in
from domain.seeing.lights import lead_lights
from domain.seeing.register_rows import registered
from entrypoints.core_sentences import paper_said
from tests.domain.samples import CALENDAR, FIRST, Desk, lone, milestone, request
from tests.domain.scripts import OTHER_CALENDAR

ROLLED = SupervisionPolicy(spread_minutes=0, rules=MilestoneRules(due_roll="following"))
A_SATURDAY = date(2018, 6, 16)
SATURDAY_WORKED = CALENDAR.model_copy(
    update={
        "years": (
            CALENDAR.years[0].model_copy(
                update={"makeup_working_days": (*CALENDAR.years[0].makeup_working_days, A_SATURDAY)}
            ),
        )
    }
)
"""The calendar in which the Saturday before the long weekend of 18 June is worked."""


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
    desk = lone(milestone(1, date(2018, 6, 19)), policy=ROLLED)
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


def test_a_department_is_told_of_a_day_that_comes_earlier_before_it() -> None:
    """Moved to Tuesday from a Saturday that is worked now: its departments are told at once in one order."""
    desk = Desk(milestone(1, A_SATURDAY), policy=ROLLED)
    desk.run_until("06-11 10:00")
    desk.papers.clear()
    desk.ask(request(ChangeCalendar, calendar=SATURDAY_WORKED, reason="国办发"))
    (told,) = desk.papers
    assert (told.kind, told.to, told.copies_to, told.send_from) == (
        "supervision_order",
        "组织部",
        ("宣传部",),
        desk.now,
    )
    assert told.body == (
        "重点项目“挂兼职干部”因工作日历调整（国办发），下列时限提前：组织部办理节点5（1）由2018年6月19日提前至2018年6月16日；"
        "宣传部办理节点5（1）由2018年6月19日提前至2018年6月16日。请按提前后的时限办理。"
    )
    assert paper_said(told.body) == (
        "The working calendar has changed (国办发). These time limits of key project “挂兼职干部” come earlier: "
        "组织部, milestone 5(1): from 19 June 2018 to 16 June 2018; "
        "宣传部, milestone 5(1): from 19 June 2018 to 16 June 2018. Please keep to the earlier time limits."
    )
    assert {each.answer_by for each in registered(desk.state, desk.now).duties} == {A_SATURDAY}


def test_a_day_that_could_not_be_learnt_of_in_time_stays_as_it_was_told() -> None:
    """On the evening before the Saturday nobody reads it any more: the work is due on Tuesday still, whatever comes."""
    desk = Desk(milestone(1, A_SATURDAY), policy=ROLLED)
    desk.run_until("06-15 19:00")
    desk.papers.clear()
    desk.ask(request(ChangeCalendar, calendar=SATURDAY_WORKED))
    assert desk.papers == []
    assert {each.answer_by for each in registered(desk.state, desk.now).duties} == {date(2018, 6, 19)}
    desk.ask(request(ChangeCalendar, calendar=OTHER_CALENDAR))
    assert desk[FIRST].answer_by == date(2018, 6, 19)
    assert {each.answer_by for each in registered(desk.state, desk.now).duties} == {date(2018, 6, 20)}


def test_a_day_that_is_over_stays_over() -> None:
    """Brought forward to Friday from a Monday off, and worked after all, as Saturday brings: late since Friday."""
    policy = ROLLED.model_copy(update={"rules": MilestoneRules(due_roll="preceding")})
    desk = lone(milestone(1, date(2018, 6, 18)), policy=policy)
    (year,) = CALENDAR.years
    off = tuple(day for day in year.days_off if day != date(2018, 6, 18))
    worked = CALENDAR.model_copy(update={"years": (year.model_copy(update={"days_off": off}),)})
    desk.ask(request(ChangeCalendar, calendar=worked), "06-16 10:00")
    desk.run_until("06-18 10:00")
    assert [each.due_on for each in desk.of(DeadlineBreached)] == [date(2018, 6, 15)]
    assert (desk[FIRST].answer_by, len(desk.of(UrgeIssued))) == (date(2018, 6, 15), 1)


def test_a_day_that_is_over_stays_over_where_it_is_said_to_have_been_a_day_off() -> None:
    """Due on a Saturday, that is on Monday, and Monday was a day off after all: late all the same, since Friday."""
    policy = ROLLED.model_copy(update={"rules": MilestoneRules(due_roll="following")})
    desk = lone(milestone(1, date(2018, 6, 9)), policy=policy)
    (year,) = CALENDAR.years
    off = year.model_copy(update={"days_off": tuple(sorted((*year.days_off, date(2018, 6, 11))))})
    desk.run_until("06-12 10:00")
    desk.ask(request(ChangeCalendar, calendar=CALENDAR.model_copy(update={"years": (off,)})))
    assert (desk[FIRST].answer_by, lead_lights(desk.state, desk.now)[FIRST].colour) == (date(2018, 6, 8), "red")
    desk.run_until("06-20 10:00")
    assert [each.due_on for each in desk.of(DeadlineBreached)] == [date(2018, 6, 11)]


def test_a_day_that_was_not_over_as_its_clock_stopped_moves_with_the_calendar() -> None:
    """Due on Friday instead of a Monday off, suspended that day; Monday is worked after all, and has its day left."""
    policy = ROLLED.model_copy(update={"rules": MilestoneRules(due_roll="preceding")})
    desk = lone(milestone(1, date(2018, 6, 18)), policy=policy)
    (year,) = CALENDAR.years
    off = tuple(day for day in year.days_off if day != date(2018, 6, 18))
    worked = CALENDAR.model_copy(update={"years": (year.model_copy(update={"days_off": off}),)})
    desk.ask(request(Suspend), "06-15 10:00")
    desk.ask(request(ChangeCalendar, calendar=worked), "06-16 10:00")
    desk.ask(request(Resume), "06-20 10:00")
    assert desk[FIRST].answer_by == date(2018, 6, 21)


def test_an_answer_and_a_report_that_come_earlier_are_told_as_what_they_are() -> None:
    """What a directive asks for within working days, and a quarter's report that excused days had moved."""
    ongoing = milestone(1, date(2018, 12, 31)).model_copy(update={"ongoing": True})
    desk = lone(ongoing)
    desk.ask(request(Suspend, until=date(2018, 5, 31)), "05-22 10:00")
    desk.ask(request(IssueDirective, FIRST), "06-04 10:00")
    desk.papers.clear()
    off = SATURDAY_WORKED.years[0].makeup_working_days
    worked = SATURDAY_WORKED.years[0].model_copy(update={"makeup_working_days": (*off, date(2018, 7, 7))})
    desk.ask(request(ChangeCalendar, calendar=SATURDAY_WORKED.model_copy(update={"years": (worked,)})))
    (changed,) = desk.of(CalendarChanged)
    quarter, answer = date(2018, 7, 10), date(2018, 6, 19)
    assert changed.earlier == (
        EarlierDay(department="组织部", milestone_id=FIRST, period=1, before=quarter, after=date(2018, 7, 9)),
        EarlierDay(department="组织部", milestone_id=FIRST, kind="directive_answer", before=answer, after=A_SATURDAY),
    )
    (told,) = desk.papers
    assert "组织部反馈节点5（1）第1期由2018年7月10日提前至2018年7月9日" in told.body
    assert "组织部领导批示的落实反馈（节点5（1））由2018年6月19日提前至2018年6月16日" in told.body


def test_a_report_that_would_be_over_before_anybody_knew_keeps_its_day() -> None:
    """Moved to 10 July by excused days, the 9th by a calendar that the department hears of on the 9th."""
    desk = lone(milestone(1, date(2018, 12, 31)).model_copy(update={"ongoing": True}))
    desk.ask(request(Suspend, until=date(2018, 5, 31)), "05-22 10:00")
    desk.run_until("07-07 19:00")
    worked = (*CALENDAR.years[0].makeup_working_days, date(2018, 7, 7))
    year = CALENDAR.years[0].model_copy(update={"makeup_working_days": worked})
    desk.ask(request(ChangeCalendar, calendar=CALENDAR.model_copy(update={"years": (year,)})))
    assert periods_in(desk.state, FIRST)[0].ends_on == date(2018, 7, 10)
    assert desk.of(CalendarChanged)[0].earlier is None
