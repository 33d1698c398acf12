"""Whose points they are where a duty changes hands: lateness ends for who is released, and work is its doer's."""

from __future__ import annotations

from datetime import date

from domain.acts.commands import AcceptCompletion, AmendProject, ReassignLead, RequestCompletion, ReturnForRework
from domain.project import Milestone
from domain.scoring.period import Period
from tests.domain.samples import FIRST, LI, SECOND, Desk, milestone, request
from tests.domain.scoring.test_score import both, points_of, table_of


def listed(desk: Desk, *milestones: Milestone, participants: tuple[str, ...] = ("宣传部",), when: str) -> None:
    """The list is issued again with these milestones and participants."""
    wanted = desk.state.project.having(milestones=milestones, participating_departments=participants)
    desk.ask(AmendProject(request_id=f"a-{when}", by=LI, basis="调整", project=wanted), when)


def test_a_part_that_is_nobody_s_any_more_is_late_no_more() -> None:
    """Late from 1 June; released by the list on the 6th, or become the lead's that day: six days, and never more."""
    by_list, as_lead = both(Desk(milestone())), both(Desk(milestone()))
    listed(by_list, milestone(), participants=(), when="06-06 10:00")
    as_lead.ask(request(ReassignLead, to="宣传部"), "06-06 10:00")
    for desk in (by_list, as_lead):
        assert points_of(desk, "宣传部")[:2] == [("breach", -5), ("breach_days", -6)]


def test_other_words_for_what_is_late_do_not_make_it_less_late() -> None:
    """A list that only words a late milestone anew ends nobody's lateness; one that gives it another day does."""
    desk = both(Desk(milestone()))
    listed(desk, milestone().model_copy(update={"window_text": "五月"}), when="06-04 10:00")
    desk.run_until("06-11 10:00")
    late = points_of(desk, until=date(2018, 6, 11))[-1]
    assert late == ("breach_days", -11)
    listed(desk, milestone(1, date(2018, 7, 31)), when="06-11 10:00")
    assert points_of(desk, until=date(2018, 6, 30))[-1] == late


def test_the_new_lead_s_days_are_not_the_participants() -> None:
    """The lead before is late until it hands over on the 6th; the participant is until its own part is done."""
    desk = both(Desk(milestone()))
    desk.ask(request(ReassignLead, to="统战部"), "06-06 10:00")
    assert points_of(desk, until=date(2018, 6, 12))[-1] == ("breach_days", -6)
    assert points_of(desk, "宣传部", until=date(2018, 6, 12))[-1] == ("breach_days", -12)


def test_work_counts_for_whoever_did_it_though_another_leads_since() -> None:
    """A request of the lead before is returned, and the next one is accepted: minus and plus are its own."""
    desk = both(Desk(milestone(1, date(2018, 8, 31)), milestone(2, date(2018, 8, 31))))
    for each in desk.state.milestones:
        desk.ask(request(RequestCompletion, each, evidence=("总结.docx",)), "05-09 10:00")
    desk.ask(request(ReassignLead, to="统战部"))
    desk.ask(request(ReturnForRework, FIRST))
    desk.ask(request(AcceptCompletion, SECOND))
    assert points_of(desk, until=date(2018, 5, 31)) == [("returned", -3), ("early", 3), ("evidenced", 1)]
    assert points_of(desk, "统战部", until=date(2018, 5, 31)) == []


def test_a_participant_that_led_for_a_while_has_no_duty_afterwards() -> None:
    """宣传部 took part until May, led until June and has no row in July, in which something is due."""
    desk = both(Desk(milestone(1, date(2018, 7, 31))))
    desk.ask(request(ReassignLead, to="宣传部"), "05-09 10:00")
    desk.ask(request(ReassignLead, to="统战部"), "06-08 10:00")
    july = Period(name="2018-07", from_on=date(2018, 7, 1), to_on=date(2018, 7, 31))
    assert [each.department for each in table_of(desk, july).departments] == ["统战部"]
