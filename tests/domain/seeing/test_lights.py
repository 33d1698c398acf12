"""Lights: derived from state, calendar and instant, each with the sentence that explains it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.acts.commands import AcceptCompletion, RequestCompletion, ReturnForRework, StrikeOff, Withdraw
from domain.rules.calendar import WorkingCalendar
from domain.rules.policy import MilestoneRules, SupervisionPolicy
from domain.seeing.lights import Light, light_of, next_due_on, project_light
from tests.domain.samples import FIRST, SECOND, WANG, Desk, at, milestone, request

MORNING = "05-09 10:00"


def light(desk: Desk, when: str, milestone_id: str = FIRST) -> Light:
    """The light of a milestone at an instant, without anything happening."""
    return light_of(desk.state, milestone_id, at(when))


@pytest.mark.parametrize(
    ("when", "colour"),
    [("05-29 23:59", "green"), ("05-30 00:00", "yellow"), ("05-31 23:59", "yellow"), ("06-01 00:00", "red")],
)
def test_an_open_milestone_turns_yellow_with_the_last_reminder_and_red_when_its_day_is_over(
    when: str, colour: str
) -> None:
    """Yellow from the day of the last reminder, red from midnight after the due day."""
    assert light(Desk(), when).colour == colour


def test_yellow_comes_earlier_or_never_where_the_rules_say_so() -> None:
    """Seven working days before, or not at all with zero."""
    early, never = (
        Desk(policy=SupervisionPolicy(rules=MilestoneRules(yellow_light_working_days_before=days), spread_minutes=0))
        for days in (7, 0)
    )
    assert [light(desk, "05-22 00:00").colour for desk in (early, never)] == ["yellow", "green"]
    assert light(never, "05-31 12:00").colour == "green"


def test_red_counts_the_working_days_of_lateness() -> None:
    """From 31 May to 19 June lie twelve working days: Dragon Boat is not one."""
    assert "已逾期12个工作日" in light(Desk(), "06-19 12:00").explanation


def test_a_request_in_time_is_green_and_one_after_the_breach_yellow() -> None:
    """The review is the supervisor's time; lateness stays visible, with its count."""
    in_time, late = Desk(), Desk()
    in_time.ask(request(RequestCompletion), MORNING)
    late.ask(request(RequestCompletion), "06-04 10:00")
    assert light(in_time, "07-01 00:00").colour == "green"
    assert light(late, "07-01 00:00") == Light("yellow", "逾期后已申请办结，待审核（曾违期1次，记录保留）。")


def test_a_breach_stays_in_the_explanation_after_the_striking_off() -> None:
    """Green and not forgotten."""
    desk = Desk(milestone(), milestone(2))
    desk.ask(request(RequestCompletion), "06-04 10:00")
    desk.ask(request(AcceptCompletion))
    assert "曾违期1次" in light(desk, MORNING).explanation
    desk.ask(request(StrikeOff, by=WANG))
    assert light(desk, MORNING) == Light("green", "已销号（曾违期1次，记录保留）。")


def test_a_returned_milestone_is_yellow_until_its_new_date_is_over() -> None:
    """Then red like any other."""
    desk = Desk()
    desk.ask(request(RequestCompletion), "05-31 10:00")
    desk.ask(request(ReturnForRework))
    assert light(desk, "06-07 23:00").colour == "yellow"
    assert light(desk, "06-08 00:00").colour == "red"


def test_what_was_late_before_it_began_is_grey_and_its_report_is_not_called_in_time() -> None:
    """No alarm, and no praise either."""
    desk = Desk(milestone(due_on=date(2018, 3, 31), starts_on=None, born_late=True))
    assert light(desk, "08-01 00:00").colour == "grey"
    desk.ask(request(RequestCompletion, done_on=date(2018, 3, 30)), MORNING)
    assert light(desk, MORNING) == Light("green", "已补报，待审核；承办部门计时已停止。")


def test_a_date_in_a_year_without_a_schedule_is_called_provisional() -> None:
    """The explanation says that the holidays are not published."""
    desk = Desk()
    desk._state = desk.state.model_copy(update={"calendar": WorkingCalendar()})
    assert "暂定" in light(desk, MORNING).explanation
    assert "暂定" not in light(Desk(), MORNING).explanation


def test_a_project_has_the_light_of_its_worst_milestone_and_says_how_many_share_it() -> None:
    """Two red ones: the sentence of the first, and the count in words that people read."""
    desk = Desk(milestone(), milestone(2), milestone(3, date(2018, 12, 28)))
    found = project_light(desk.state, at("06-01 09:00"))
    assert found.colour == "red"
    assert found.explanation.endswith("；同为红灯的节点共2个。")
    assert project_light(desk.state, at("05-30 09:00")).explanation.endswith("；同为黄灯的节点共2个。")
    assert project_light(desk.state, at(MORNING)).colour == "green"


def test_withdrawn_is_grey() -> None:
    """A withdrawn milestone, and a withdrawn project whatever its milestones."""
    desk = Desk(milestone(), milestone(2))
    desk.ask(request(Withdraw, SECOND), MORNING)
    assert light(desk, "07-01 00:00", SECOND).colour == "grey"
    desk.ask(request(Withdraw, None))
    assert project_light(desk.state, at("07-01 00:00")).colour == "grey"


def test_the_next_due_date_is_the_earliest_of_what_is_not_done() -> None:
    """Completed, retrospective and undated milestones do not count; one under review does; none when closed."""
    desk = Desk(
        milestone(1, date(2018, 3, 31), starts_on=None, born_late=True),
        milestone(2),
        milestone(3, date(2018, 6, 29)),
        milestone(4, None, starts_on=None),
    )
    assert next_due_on(desk.state) == date(2018, 5, 31)
    desk.ask(request(RequestCompletion, SECOND), MORNING)
    assert next_due_on(desk.state) == date(2018, 5, 31)
    desk.ask(request(AcceptCompletion, SECOND))
    assert next_due_on(desk.state) == date(2018, 6, 29)
    desk.ask(request(Withdraw, None))
    assert next_due_on(desk.state) is None


def test_a_light_needs_no_event_to_change() -> None:
    """The same state at two instants has two lights: nothing is stored."""
    state = Desk().state
    colours = [light_of(state, FIRST, at("05-29 12:00") + timedelta(days=days)).colour for days in range(4)]
    assert colours == ["green", "yellow", "yellow", "red"]
