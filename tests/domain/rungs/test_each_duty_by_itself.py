"""What holds of one milestone, one department or one letter holds of no other; and what stands behind it goes on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.actors import department
from domain.acts.commands import (
    DeclineAssignment,
    GrantGrace,
    InsistOnAssignment,
    IssueDirective,
    OpenInspection,
    ReassignLead,
    ReplaceParticipant,
    RequestCompletion,
    RequestExtension,
    Resume,
    SilenceNotices,
    Suspend,
)
from domain.events import (
    ClockResumed,
    ClockStopped,
    InspectionOpened,
    LimitEnded,
    LimitEscalated,
    LimitNoticeNotSent,
    LimitReminderIssued,
    NoticeNotSent,
    ReminderIssued,
    UrgeIssued,
)
from domain.rules.ladder_rules import RulesOverride
from domain.rules.life_cycle import LifeCycleRules
from domain.rules.policy import SupervisionPolicy
from domain.rungs import due_dates, matters, progress
from domain.rungs.due_dates import deadline_in
from domain.rungs.ladder import (
    Rung,
    pace_mark,
    pace_rung,
    period_number,
    period_rung,
    planned_day,
    planned_rung,
    untaken,
)
from domain.rungs.stops import silence_of
from domain.rungs.timing import due_rung, is_over
from domain.rungs.wakeups import due_actions, next_rung
from tests.domain.samples import FIRST, LEAD, PARTICIPANT, SECOND, Desk, at, key_project, lone, milestone, request

OTHER = department("学校部")
SUNDAY = date(2018, 6, 10)


def test_the_name_of_a_rung_tells_its_number_only_where_it_is_of_that_kind() -> None:
    """A period, a hundredth and a planned day are read back from their own names alone."""
    day = date(2018, 5, 14)
    names = {period_rung(3): (3, None, None), pace_rung(50): (None, 50, None), planned_rung(day): (None, None, day)}
    for name, told in {**names, "urge": (None, None, None), "reminder-7": (None, None, None)}.items():
        assert (period_number(name), pace_mark(name), planned_day(name)) == told


def test_beyond_a_day_the_first_rung_of_a_ladder_alone_is_looked_at() -> None:
    """Those up to that day all count, and what was taken counts nowhere."""
    first, second, third = (Rung(f"r{day}", "urge", date(2018, 5, day)) for day in (10, 11, 12))
    rungs = (first, second, third)
    assert list(untaken(rungs, (), date(2018, 5, 9))) == [first]
    assert list(untaken(rungs, (), date(2018, 5, 10))) == [first, second]
    assert list(untaken(rungs, ("r11",), date(2018, 5, 10))) == [first, third]
    assert list(untaken(rungs, (), None)) == list(rungs)


def test_the_next_alarm_looks_at_one_rung_of_each_ladder(monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies behind the first one is worked out when it comes: a year of rungs costs no more than a day's."""
    periods = milestone(2, date(2018, 12, 31), starts_on=date(2018, 1, 1)).model_copy(update={"ongoing": True})
    desk = Desk(milestone(), periods)
    seen: list[str] = []

    def counting(state: Any, rung: Any, *rest: Any, **named: Any) -> Any:
        seen.append(rung.name)
        return due_rung(state, rung, *rest, **named)

    for module in (due_dates, matters, progress):
        monkeypatch.setattr(module, "due_rung", counting)
    assert next_rung(desk.state, desk.now)
    # Two milestones with a lead and a participant each, two receipts, and the periods of the one that goes on.
    assert len(seen) == 2 * 2 + 2 + 1
    for look in (lambda: due_actions(desk.state, desk.now), lambda: desk.ask(request(OpenInspection))):
        seen.clear()
        look()
        assert len(seen) <= 2 * (2 * 2 + 2 + 1)


def with_own_roll() -> Desk:
    """Two milestones of the same Sunday: the first one's own rules count the Monday after it."""
    own = RulesOverride.model_validate({"due_roll": "following"})
    return lone(
        milestone(1, SUNDAY), milestone(2, SUNDAY), policy=SupervisionPolicy(spread_minutes=0, milestones={FIRST: own})
    )


def test_the_day_that_counts_is_that_of_the_milestones_own_rules() -> None:
    """In an inspection that is opened, and in the days by which its date moves."""
    desk = with_own_roll()
    assert [deadline_in(desk.state, desk[each]) for each in (FIRST, SECOND)] == [date(2018, 6, 11), SUNDAY]
    for each in (FIRST, SECOND):
        desk.ask(request(OpenInspection, each))
        desk.ask(request(Suspend, each), "05-07 10:00")
        desk.ask(request(Resume, each), "05-08 10:00")
    assert [event.due_on for event in desk.of(InspectionOpened)] == [date(2018, 6, 11), SUNDAY]
    assert [desk[each].answer_by for each in (FIRST, SECOND)] == [date(2018, 6, 12), date(2018, 6, 11)]


@pytest.mark.parametrize(("stopped", "over"), [("05-31 10:00", False), ("06-01 10:00", True)])
def test_what_stood_still_on_its_due_day_is_not_late(stopped: str, over: bool) -> None:
    """What stood still the day after is: it was late before."""
    desk = lone()
    desk.ask(request(Suspend), stopped)
    desk.run_until("06-05 10:00")
    assert is_over(desk.state, desk[FIRST], desk.now) is over


def test_a_part_has_a_day_of_its_own() -> None:
    """Excused for the days of its own letter, it is not late when the lead is."""
    desk = Desk()
    desk.ask(request(DeclineAssignment, FIRST, by=PARTICIPANT), "05-07 10:00")
    desk.ask(request(InsistOnAssignment, FIRST, department="宣传部"), "05-16 10:00")
    part = desk[FIRST].parts["宣传部"]
    assert (desk[FIRST].answer_by, part.answer_by) == (date(2018, 5, 31), date(2018, 6, 11))
    late = at("06-04 10:00")
    assert (is_over(desk.state, desk[FIRST], late), is_over(desk.state, desk[FIRST], late, part)) == (True, False)
    desk.run_until("06-04 10:00")
    assert desk.ask(request(ReplaceParticipant, FIRST, department="宣传部", to="学校部"))


def test_a_reminder_whose_instant_is_now_is_told_by_the_paper_of_the_new_date() -> None:
    """Not sent beside it, and not after it."""
    desk = lone()
    desk.run_until("06-05 08:00")
    sent = len(desk.of(ReminderIssued))
    desk.ask(request(GrantGrace, new_due_on=date(2018, 6, 6)), "06-05 08:30")
    desk.run_until("06-06 10:00")
    assert (desk.of(NoticeNotSent)[-1].rung, desk.of(NoticeNotSent)[-1].reason) == ("reminder-1", "amended")
    assert len(desk.of(ReminderIssued)) == sent


def test_a_part_that_is_delivered_hides_none_behind_it() -> None:
    """The next participant is urged, and reminded by the whole ladder of its own."""
    project = key_project((milestone(),)).having(participating_departments=("宣传部", "学校部"))
    desk = Desk(project=project)
    desk.ask(request(RequestCompletion, by=PARTICIPANT))
    desk.run_until("06-05 00:00")
    assert [event.department for event in desk.of(UrgeIssued)] == [None, "学校部"]
    of_part = [event.working_days_before for event in desk.of(ReminderIssued) if event.department == "学校部"]
    assert of_part == [7]


def test_a_milestone_that_is_suspended_holds_back_its_own_matters_alone() -> None:
    """Those of the one behind it go on."""
    desk = lone(milestone(), milestone(2))
    for each in (FIRST, SECOND):
        desk.ask(request(IssueDirective, each, answer_by=date(2018, 5, 11)))
    desk.ask(request(Suspend, FIRST))
    desk.run_until("05-20 00:00")
    assert {event.milestone_id for event in desk.of(LimitReminderIssued)} == {SECOND}
    assert {event.milestone_id for event in desk.of(LimitEscalated)} == {SECOND}


def test_a_milestone_that_is_silenced_holds_back_its_own_notices_until_its_last_day() -> None:
    """Those of its due date and of its matters; the project's own are not held back, nor those of the day after."""
    desk = lone(milestone(1, date(2018, 5, 15)), milestone(2, date(2018, 5, 15)))
    for each in (FIRST, SECOND, None):
        desk.ask(request(IssueDirective, each, answer_by=date(2018, 5, 10)))
    desk.ask(request(SilenceNotices, FIRST, until=date(2018, 5, 14)))
    desk.run_until("05-15 12:00")
    assert {(event.milestone_id, event.reason) for event in desk.of(NoticeNotSent)} >= {(FIRST, "silenced")}
    assert {event.milestone_id for event in desk.of(NoticeNotSent) if event.reason == "silenced"} == {FIRST}
    assert {event.milestone_id for event in desk.of(LimitNoticeNotSent)} == {FIRST}
    assert [event.milestone_id for event in desk.of(ReminderIssued)].count(SECOND) > 0
    last, next_day = date(2018, 5, 14), date(2018, 5, 15)
    held = [silence_of(desk.state, each, day) is not None for each in (FIRST, SECOND, None) for day in (last, next_day)]
    assert held == [True, False, False, False, False, False]


def test_a_clock_that_two_reasons_stop_is_excused_by_the_last_of_them() -> None:
    """The first that falls away moves no date."""
    desk = lone()
    desk.ask(request(DeclineAssignment, None), "05-07 10:00")
    desk.ask(request(Suspend), "05-08 10:00")
    desk.ask(request(InsistOnAssignment, None, department="组织部"), "05-10 10:00")
    desk.ask(request(Resume), "05-14 10:00")
    assert [(event.because, event.working_days_excused, event.answer_by) for event in desk.of(ClockResumed)] == [
        ("declined_assignment", 0, date(2018, 5, 31)),
        ("suspension", 5, date(2018, 6, 7)),
    ]


def test_a_participant_that_declines_beside_the_lead_stops_its_own_clock_too() -> None:
    """The lead's letter is ruled on without it."""
    desk = Desk()
    desk.ask(request(DeclineAssignment, None, by=LEAD))
    desk.ask(request(DeclineAssignment, None, by=PARTICIPANT))
    stopped = [(event.department, event.because) for event in desk.of(ClockStopped)]
    assert stopped == [(None, "declined_assignment"), ("宣传部", "declined_assignment")]


def test_a_milestone_that_stays_suspended_hides_none_behind_it() -> None:
    """The project goes on: the first one stays as it was, the second one's clock runs again."""
    desk = lone(milestone(), milestone(2))
    desk.ask(request(Suspend, FIRST), "05-07 10:00")
    desk.ask(request(Suspend, None))
    desk.ask(request(Resume, None), "05-11 10:00")
    assert ([*desk[FIRST].stops], [*desk[SECOND].stops]) == (["suspension"], [])
    desk.ask(request(Suspend, None), "05-14 10:00")
    desk.ask(request(Resume, FIRST), "05-15 10:00")
    assert ([*desk[FIRST].stops], [*desk[SECOND].stops]) == (["suspension"], ["suspension"])


def test_what_is_declined_by_another_letter_too_hides_none_behind_it() -> None:
    """The ruling on the whole sets the clock of the milestones going that no letter of their own stops."""
    desk = Desk(milestone(), milestone(2))
    for where in (FIRST, None):
        desk.ask(request(DeclineAssignment, where, by=PARTICIPANT))
    desk.ask(request(InsistOnAssignment, None, department="宣传部"))
    parts = [[*desk[each].parts["宣传部"].stops] for each in (FIRST, SECOND)]
    assert parts == [["declined_assignment"], []]


@pytest.mark.parametrize("other", [PARTICIPANT, OTHER], ids=["the same", "another"])
def test_the_letter_on_one_milestone_is_ruled_on_alone(other: Any) -> None:
    """What another letter, or another department's, holds stands still."""
    project = key_project((milestone(), milestone(2))).having(participating_departments=("宣传部", "学校部"))
    desk = Desk(project=project)
    desk.ask(request(DeclineAssignment, FIRST, by=PARTICIPANT))
    desk.ask(request(DeclineAssignment, None if other == OTHER else SECOND, by=other))
    desk.ask(request(InsistOnAssignment, FIRST, department="宣传部"))
    stopped = {(each, name) for each in (FIRST, SECOND) for name, part in desk[each].parts.items() if part.stops}
    assert stopped == ({(FIRST, "学校部"), (SECOND, "学校部")} if other == OTHER else {(SECOND, "宣传部")})
    assert [event.kind for event in desk.of(LimitEnded)].count("declined_assignment") == 1


def test_a_limit_says_by_how_many_days_the_rules_set_it() -> None:
    """One whose day a person set says none."""
    desk = lone()
    desk.ask(request(IssueDirective, FIRST, answer_by=date(2018, 5, 11)))
    desk.ask(request(IssueDirective, FIRST))
    days = LifeCycleRules().limits.directive_answer.working_days
    assert [limit.working_days for limit in desk.state.limits.values()] == [None, days]
    assert all(each.startswith("directive_answer-") for each in desk.state.limits)


def test_an_extension_that_falls_away_lets_the_clock_go_on() -> None:
    """With another lead nobody rules on it: the days for which it waited are excused, and no reason is left."""
    desk = lone()
    desk.ask(request(RequestExtension, new_due_on=date(2018, 6, 29)), "05-07 10:00")
    desk.ask(request(ReassignLead, None, to="统战部"), "05-09 10:00")
    assert ([*desk[FIRST].stops], desk[FIRST].answer_by) == ([], date(2018, 6, 4))
    assert [(event.because, event.working_days_excused) for event in desk.of(ClockResumed)] == [("extension", 2)]
