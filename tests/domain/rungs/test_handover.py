"""A department that comes or goes: whose receipts are asked for and end, what falls away, whose days are new."""

from __future__ import annotations

from datetime import date

from domain.actors import department
from domain.acts.commands import (
    AmendProject,
    DeclineAssignment,
    ReassignLead,
    ReplaceParticipant,
    RequestExtension,
    SignReceipt,
    Withdraw,
)
from domain.events import DutyHandedOver, ExtensionLapsed, LimitEnded, LimitSet
from domain.project import KeyProject
from tests.domain.samples import FIRST, LI, PARTICIPANT, Desk, key_project, milestone, request

LEAD_NAME, PARTICIPANT_NAME, NEW = "组织部", "宣传部", "统战部"


def matters(desk: Desk, since: int) -> list[tuple[str, str, str, bool | None]]:
    """Which limits were set and ended since so many events: kind, whose, and whether they were answered."""
    kinds = {event.limit_id: event.kind for event in desk.of(LimitSet)}
    return [
        ("set", event.kind, event.owner, None)
        if isinstance(event, LimitSet)
        else ("ended", kinds[event.limit_id], event.owner, event.answered)
        for event in desk.events[since:]
        if isinstance(event, LimitSet | LimitEnded)
    ]


def amended(desk: Desk, project: KeyProject) -> None:
    """The running project becomes this one, by hand."""
    desk.ask(AmendProject(request_id="h", by=LI, basis="纪要", project=project, by_identity=True), "04-27 10:00")


def test_a_new_lead_is_asked_for_its_receipt_and_the_old_ones_falls_away() -> None:
    """Unanswered; the participant's own receipt stands beside it as it was."""
    desk = Desk(milestone())
    before = len(desk.events)
    desk.ask(request(ReassignLead, None, to=NEW), "04-27 10:00")
    assert matters(desk, before) == [("ended", "receipt", LEAD_NAME, False), ("set", "receipt", NEW, None)]
    assert {limit.owner for limit in desk.state.limits.values()} == {PARTICIPANT_NAME, NEW}


def test_where_the_old_lead_had_signed_nothing_of_its_is_ended() -> None:
    """The new one signs for itself."""
    desk = Desk(milestone())
    desk.ask(request(SignReceipt, None), "04-26 10:00")
    before = len(desk.events)
    desk.ask(request(ReassignLead, None, to=NEW), "04-27 10:00")
    assert matters(desk, before) == [("set", "receipt", NEW, None)]


def test_a_participant_that_becomes_the_lead_has_one_receipt_and_no_decline() -> None:
    """It was asked already as a participant; what it had declined as one is its own now."""
    desk = Desk(milestone())
    desk.ask(request(DeclineAssignment, None, by=PARTICIPANT, reason="非本部职能"), "04-26 10:00")
    before = len(desk.events)
    desk.ask(request(ReassignLead, None, to=PARTICIPANT_NAME), "04-27 10:00")
    ended = matters(desk, before)
    assert ("ended", "receipt", LEAD_NAME, False) in ended
    assert [kind for what, kind, _, answered in ended if what == "ended" and not answered].count(
        "declined_assignment"
    ) == 1
    assert [limit.owner for limit in desk.state.limits.values() if limit.kind == "receipt"] == [PARTICIPANT_NAME]


def test_a_participant_that_becomes_the_lead_has_days_of_its_own_for_its_receipt() -> None:
    """What it was asked for as a participant was over long ago: its new receipt is not late at once."""
    desk = Desk(milestone())
    (asked,) = [limit for limit in desk.state.limits.values() if limit.owner == PARTICIPANT_NAME]
    before = len(desk.events)
    desk.ask(request(ReassignLead, None, to=PARTICIPANT_NAME), "05-21 10:00")
    assert ("ended", "receipt", PARTICIPANT_NAME, False) in matters(desk, before)
    (anew,) = [limit for limit in desk.state.limits.values() if limit.kind == "receipt"]
    assert anew.due_on > date(2018, 5, 21) > asked.due_on


def test_who_is_asked_for_its_receipt_already_is_asked_once() -> None:
    """A department that came to one milestone before it came to all."""
    desk = Desk(milestone(1), milestone(2))
    desk.ask(request(ReplaceParticipant, FIRST, department=PARTICIPANT_NAME, to=NEW), "04-26 10:00")
    before = len(desk.events)
    amended(desk, desk.state.project.having(participating_departments=(PARTICIPANT_NAME, NEW)))
    assert matters(desk, before) == []
    assert [limit.owner for limit in desk.state.limits.values()].count(NEW) == 1


def test_a_new_lead_gets_days_for_what_is_all_but_due_and_only_for_that() -> None:
    """Not for what lies farther away, nor for what was withdrawn; whatever it had asked for falls away."""
    desk = Desk(milestone(1, date(2018, 5, 15)), milestone(2, date(2018, 6, 29)), milestone(3, date(2018, 5, 16)))
    third = "2018-05a-03"
    desk.ask(request(Withdraw, FIRST), "05-10 10:00")
    desk.ask(request(RequestExtension, third, new_due_on=date(2018, 6, 30), reason="连日降雨"), "05-10 10:00")
    days = desk.state.policy.life_cycle.takeover_working_days
    takeover = desk.state.calendar.working_day(date(2018, 5, 14), days)
    desk.run_until("05-14 10:00")
    round_before = desk[third].round
    desk.ask(request(ReassignLead, None, to=NEW))
    (handed,) = desk.of(DutyHandedOver)
    assert (handed.milestone_id, handed.before, handed.after, handed.answer_by) == (third, LEAD_NAME, NEW, takeover)
    assert handed.round == round_before + 1
    assert [event.milestone_id for event in desk.of(ExtensionLapsed)] == [third]


def test_what_was_over_at_the_assignment_or_has_no_date_gets_no_days() -> None:
    """Nobody is late there; a milestone behind them that is gets its days."""
    over = milestone(1, date(2018, 4, 20), born_late=True)
    desk = Desk(over, milestone(2, None), milestone(3, date(2018, 5, 15)))
    desk.ask(request(ReassignLead, None, to=NEW), "05-14 10:00")
    assert [event.milestone_id for event in desk.of(DutyHandedOver)] == ["2018-05a-03"]


def test_a_date_on_the_last_of_the_new_leads_days_stays() -> None:
    """It leaves as many days as the rule gives."""
    calendar, days = Desk().state.calendar, Desk().state.policy.life_cycle.takeover_working_days
    takeover = calendar.working_day(date(2018, 5, 14), days)
    desk = Desk(milestone(1, takeover))
    desk.ask(request(ReassignLead, None, to=NEW), "05-14 10:00")
    assert desk.of(DutyHandedOver) == []


def test_a_participant_that_is_replaced_in_the_list_is_asked_no_more() -> None:
    """Its receipt and its decline fall away unanswered, and the new one is asked for its receipt; who stays is not."""
    for declines in (False, True):
        desk = Desk(milestone())
        if declines:
            desk.ask(request(DeclineAssignment, None, by=PARTICIPANT, reason="非本部职能"), "04-26 10:00")
        before = len(desk.events)
        amended(desk, desk.state.project.having(participating_departments=(NEW, "学校部")))
        found = matters(desk, before)
        fallen_away = [(kind, answered) for what, kind, _, answered in found if what == "ended"]
        assert fallen_away == [("declined_assignment" if declines else "receipt", False)]
        assert [each for each in found if each[0] == "set"] == [
            ("set", "receipt", NEW, None), ("set", "receipt", "学校部", None)
        ]  # fmt: skip
        assert not desk.state.open_limit("declined_assignment", about=PARTICIPANT_NAME)
        assert {limit.owner for limit in desk.state.limits.values() if limit.kind == "receipt"} == {
            LEAD_NAME, NEW, "学校部"
        }  # fmt: skip


def test_a_participant_that_stays_does_not_sign_again() -> None:
    """Another one beside it changes nothing of its own."""
    desk = Desk(milestone())
    desk.ask(request(SignReceipt, None, by=PARTICIPANT), "04-26 10:00")
    before = len(desk.events)
    amended(desk, desk.state.project.having(participating_departments=(PARTICIPANT_NAME, NEW)))
    assert matters(desk, before) == [("set", "receipt", NEW, None)]


def test_a_new_milestone_asks_those_for_a_receipt_who_have_signed_all_else() -> None:
    """Who is asked already is asked once."""
    desk = Desk(milestone(1))
    desk.ask(request(SignReceipt, None, by=department(PARTICIPANT_NAME)), "04-26 10:00")
    before = len(desk.events)
    amended(desk, key_project((milestone(1), milestone(2))))
    assert matters(desk, before) == [("set", "receipt", PARTICIPANT_NAME, None)]


def test_what_falls_away_is_on_record_before_what_is_asked_for_anew() -> None:
    """The receipt of the one that goes ends first: by the list, and by hand in the last milestone of its."""
    desk = Desk(milestone())
    before = len(desk.events)
    amended(desk, desk.state.project.having(participating_departments=(NEW,)))
    ended_then_set = [("ended", "receipt", PARTICIPANT_NAME, False), ("set", "receipt", NEW, None)]
    assert matters(desk, before) == ended_then_set
    desk = Desk(milestone())
    before = len(desk.events)
    desk.ask(request(ReplaceParticipant, FIRST, department=PARTICIPANT_NAME, to=NEW), "04-26 10:00")
    assert matters(desk, before) == ended_then_set


def test_a_new_lead_that_the_list_names_among_the_participants_too_signs_once() -> None:
    """It was asked as the lead a moment before."""
    desk = Desk(milestone())
    before = len(desk.events)
    project = desk.state.project.having(lead_department=NEW, participating_departments=(PARTICIPANT_NAME, NEW))
    amended(desk, project)
    assert matters(desk, before) == [("ended", "receipt", LEAD_NAME, False), ("set", "receipt", NEW, None)]
