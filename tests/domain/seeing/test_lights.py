"""Lights: derived from state, calendar and instant, each with the sentence that explains it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.acts.commands import (
    AcceptCompletion,
    ReportProgress,
    RequestCompletion,
    ReturnForRework,
    SignReceipt,
    StrikeOff,
    Withdraw,
)
from domain.rules.calendar import WorkingCalendar
from domain.rules.ladder_rules import MilestoneRules
from domain.rules.life_cycle import LifeCycleRules
from domain.rules.light_rules import LightRules
from domain.rules.policy import SupervisionPolicy
from domain.seeing.lights import Light, light_of, light_of_part, next_due_on, project_light
from tests.domain.samples import FIRST, LEAD, PARTICIPANT, SECOND, WANG, Desk, at, attentive, milestone, request

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
    assert light(attentive(), when).colour == colour


def test_yellow_comes_earlier_or_never_where_the_rules_say_so() -> None:
    """Seven working days before, or not at all with zero."""
    early, never = (
        attentive(
            policy=SupervisionPolicy(rules=MilestoneRules(yellow_light_working_days_before=days), spread_minutes=0)
        )
        for days in (7, 0)
    )
    assert [light(desk, "05-22 00:00").colour for desk in (early, never)] == ["yellow", "green"]
    assert light(never, "05-31 12:00").colour == "green"


def test_red_counts_the_working_days_of_lateness() -> None:
    """From 31 May to 19 June lie twelve working days: Dragon Boat is not one."""
    assert "已逾期12个工作日" in light(Desk(), "06-19 12:00").explanation


@pytest.mark.parametrize("when", ["06-30 12:00", "07-01 12:00"])
def test_a_weekend_behind_the_due_date_is_no_count_of_nothing(when: str) -> None:
    """Due on a Friday: on the Saturday it is late, by no working day, and the sentence says both."""
    desk = Desk(milestone(due_on=date(2018, 6, 29)))
    lead, part = light(desk, when), light_of_part(desk.state, FIRST, "宣传部", at(when))
    assert lead.explanation == "2018-06-29到期，已逾期（其后尚无工作日），未申请办结。"
    assert part.explanation == "2018-06-29到期，已逾期（其后尚无工作日），未完成参与部分。"
    assert light(desk, "07-02 12:00").explanation == "2018-06-29到期，已逾期1个工作日未申请办结。"


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
    desk = attentive(milestone(), milestone(2), milestone(3, date(2018, 12, 28)))
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
    state = attentive().state
    colours = [light_of(state, FIRST, at("05-29 12:00") + timedelta(days=days)).colour for days in range(4)]
    assert colours == ["green", "yellow", "yellow", "red"]


def _part(desk: Desk, when: str) -> Light:
    return light_of_part(desk.state, FIRST, "宣传部", at(when))


def test_green_says_what_is_known_and_calls_nothing_normal() -> None:
    """Not due, signed or not and until when, reported or not, how many times and when last."""
    desk = Desk()
    unsigned = "时限2018-05-31，未到期；未签收（2018-04-28前签收），未反馈。"
    assert (light(desk, "04-26 10:00").explanation, _part(desk, "04-26 10:00").explanation) == (unsigned, unsigned)
    desk.ask(request(SignReceipt, None))
    desk.ask(request(ReportProgress), "04-27 10:00")
    assert light(desk, "04-28 10:00") == Light("green", "时限2018-05-31，未到期；已签收，已反馈1次（最近2018-04-27）。")


def test_who_has_not_signed_in_time_is_yellow_the_lead_and_the_participant_alike() -> None:
    """From the day after the limit, until the signature; each by its own receipt."""
    desk = Desk()
    assert [light(desk, when).colour for when in ("04-28 23:59", "04-29 00:00")] == ["green", "yellow"]
    assert _part(desk, "05-03 00:00") == Light("yellow", "未签收（应于2018-04-28前签收）。")
    desk.ask(request(SignReceipt, None, by=PARTICIPANT), "05-03 10:00")
    assert (light(desk, "05-03 11:00").colour, _part(desk, "05-03 11:00").colour) == ("yellow", "green")


def test_who_reports_nothing_is_yellow_after_half_of_the_time() -> None:
    """Thirty-seven days from the assignment on 25 April: nineteen of them are over with 13 May."""
    desk = Desk()
    for who in (LEAD, PARTICIPANT):
        desk.ask(request(SignReceipt, None, by=who))
    told = "2018-05-31到期，时间已过50%，未反馈。"
    assert [light(desk, when).colour for when in ("05-13 23:59", "05-14 00:00")] == ["green", "yellow"]
    assert (light(desk, "05-14 00:00").explanation, _part(desk, "05-14 00:00").explanation) == (told, told)
    desk.ask(request(ReportProgress, by=PARTICIPANT), "05-14 10:00")
    assert (light(desk, "05-14 11:00").colour, _part(desk, "05-14 11:00").colour) == ("yellow", "green")


@pytest.mark.parametrize(
    ("quantity", "behind", "colour"),
    [(100, 0, "green"), (87, 8, "green"), (85, 10, "yellow"), (54, 30, "yellow"), (53, 31, "red"), (0, 66, "red")],
)
def test_work_behind_schedule_is_yellow_from_ten_points_and_red_above_thirty(
    quantity: int, behind: int, colour: str
) -> None:
    """A hundred of a hundred and fifty days are over, 66 points, when so many of a hundred and fifty are delivered."""
    desk = attentive(milestone(1, date(2018, 8, 28), starts_on=date(2018, 4, 1), quota=150))
    desk.ask(request(ReportProgress, quantity=quantity), "07-09 10:00")
    found = light(desk, "07-09 12:00")
    assert found.colour == colour
    assert (f"落后{behind}个百分点" in found.explanation) == (behind > 0)
    assert "按时序应完成100场（66%）" in found.explanation


def test_a_corrected_total_is_judged_as_if_it_had_been_right_at_once() -> None:
    """550 in the place of 55 was green; corrected, the light says what it says of whoever reported 55."""
    counted = milestone(1, date(2018, 8, 28), starts_on=date(2018, 4, 1), quota=150)
    wrong, right = attentive(counted), attentive(counted)
    wrong.ask(request(ReportProgress, quantity=550), "07-09 09:00")
    right.ask(request(ReportProgress, quantity=55), "07-09 09:00")
    assert light(wrong, "07-09 09:30").colour == "green"
    wrong.ask(request(ReportProgress, quantity=55, corrects=True), "07-09 10:00")
    right.ask(request(ReportProgress, quantity=55), "07-09 10:00")
    assert light(wrong, "07-09 12:00") == light(right, "07-09 12:00")
    assert wrong[FIRST] == right[FIRST]


def test_the_schedule_is_not_judged_before_a_first_report_is_due() -> None:
    """Twenty working days after 25 April end with 24 May; from the next day on being behind is a light."""
    late = milestone(1, date(2018, 8, 28), starts_on=date(2018, 4, 1), quota=150)
    judged = attentive(late)
    assert [light(judged, when).colour for when in ("04-26 12:00", "05-24 23:59", "05-25 00:00")] == [
        "green",
        "green",
        "red",
    ]
    assert "（0%），共150场（首次反馈期限2018-05-24，此前不评序时进度）" in light(judged, "05-24 12:00").explanation
    rules = LifeCycleRules(lights=LightRules(behind_after_working_days=None))
    at_once = attentive(late, policy=SupervisionPolicy(life_cycle=rules, spread_minutes=0))
    assert light(at_once, "04-26 12:00").colour == "yellow"


def test_of_several_reasons_the_worst_colour_speaks_and_all_of_it_are_named() -> None:
    """Red for the schedule hides the yellow receipt; without a quota both yellow reasons stand in one sentence."""
    desk = Desk(milestone(1, date(2018, 8, 28), quota=150), milestone(2, date(2018, 5, 31)))
    found = light(desk, "07-09 12:00")
    assert found.colour == "red"
    assert "未签收" not in found.explanation
    assert light(desk, "05-20 12:00", SECOND).explanation == (
        "未签收（应于2018-04-28前签收）；2018-05-31到期，时间已过50%，未反馈。"
    )


def test_the_rules_of_the_lights_are_policy() -> None:
    """Without them a silent and unsigned duty is green, and its sentence still says so."""
    rules = LightRules(unsigned_is_yellow=False, silent_yellow_percent=None)
    desk = Desk(policy=SupervisionPolicy(life_cycle=LifeCycleRules(lights=rules), spread_minutes=0))
    found = light(desk, "05-20 12:00")
    assert found.colour == "green"
    assert "未签收" in found.explanation
    assert "未反馈" in found.explanation


def test_what_was_done_before_its_window_is_called_early_until_the_end() -> None:
    """In the review, after it and off the register: early, with the days."""
    desk = Desk(milestone(starts_on=date(2018, 5, 20)), milestone(2))
    desk.ask(request(RequestCompletion, by=PARTICIPANT), MORNING)
    desk.ask(request(RequestCompletion))
    assert _part(desk, MORNING).explanation == "已完成参与部分（提前完成）。"
    assert light(desk, MORNING).explanation == "已提前申请办结，待审核；承办部门计时已停止。"
    desk.ask(request(AcceptCompletion))
    desk.ask(request(StrikeOff, by=WANG))
    assert light(desk, MORNING).explanation == "已销号（2018-05-09提前完成，早于起始日期2018-05-20）。"
