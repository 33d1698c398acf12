"""Who counts in a period: a project of which something is due in it, and of any other one its points alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from application.office.scoring import period_of
from domain.acts.commands import (
    AcceptCompletion,
    AmendProject,
    CloseYear,
    DeclineAssignment,
    GrantGrace,
    InsistOnAssignment,
    PublishBulletin,
    RaiseDispute,
    ReassignLead,
    ReopenProject,
    ReplaceParticipant,
    RequestCompletion,
    Resume,
    ReturnForRework,
    RuleOnDispute,
    StrikeOff,
    Suspend,
)
from domain.ids import supervision_workflow_id
from domain.rules.score_rules import ScoreRules
from domain.scoring.table import ScoreTable, differences, score_table
from tests.domain.samples import HEADER, PROJECT, WANG, Desk, at, key_project, milestone, request
from tests.domain.scoring.test_score import both
from verifier.score import hundredths, scored

NEXT = "2019-06"
LAST_OF_MAY = date(2018, 5, 31)


def table(period: str, *desks: Desk, rules: ScoreRules | None = None) -> ScoreTable:
    """The table of some projects in a period, in which both programs agree."""
    rules, of = rules or ScoreRules(), period_of(period)
    found = score_table([each.events for each in desks], rules, of, of.to_on)
    told = [
        {"stream": supervision_workflow_id(desk.state.project_id), "type": each.type, "seq": each.seq}
        | {"data": each.model_dump(mode="json")}
        for desk in desks
        for each in desk.events
    ]
    said = {**of.model_dump(mode="json"), "period": of.name, "until": of.to_on.isoformat()}
    second = scored(told, {**said, "rules": rules.model_dump(mode="json")})
    assert {row.department: row.score for row in found.departments} == {
        name: hundredths(own.values(), rules.model_dump()) for name, own in second.items()
    }
    assert {
        (row.department, each.project_id, each.base is not None, each.score)
        for row in found.departments
        for each in row.assignments
    } == {(name, at_, each.based, each.score) for name, own in second.items() for at_, each in own.items()}
    return found


def counted(period: str, *desks: Desk) -> dict[str, tuple[str, ...]]:
    """By department the projects that count with their base in a period."""
    rows = table(period, *desks).departments
    found = {
        row.department: tuple(each.project_id for each in row.assignments if each.base is not None) for row in rows
    }
    return {name: projects for name, projects in found.items() if projects}


def score(period: str, *desks: Desk) -> int | None:
    """The lead's score."""
    return next((row.score for row in table(period, *desks).departments if row.department == "组织部"), None)


def next_years(when: str = "2018-12-10 09:00") -> Desk:
    """A project of the next year's list, started in December, due in May."""
    project = key_project([milestone(1, date(2019, 5, 31), starts_on=None, project_id=NEXT)], project_id=NEXT)
    return Desk(project=project, start=at(when), header=HEADER.having(year=2019))


def test_a_list_of_the_next_year_that_is_started_in_december_counts_in_the_next_year() -> None:
    """Neither in the year, the quarter or the month of its start nor in the months before its date."""
    desk = both(next_years())
    assert [counted(each, desk) for each in ("2018", "2018-Q4", "2018-12", "2019-04")] == [{}] * 4
    assert counted("2019-05", desk) == counted("2019", desk) == {"组织部": (NEXT,), "宣传部": (NEXT,)}


def test_a_late_receipt_of_the_next_list_raises_nobody_s_score() -> None:
    """Silent in May's duty and the December list's receipt: two points off in one of two projects, no base of 100."""
    silent, idle, late = both(Desk(milestone())), both(next_years()), next_years()
    for desk in (silent, idle, late):
        desk.run_until("2018-12-31 18:00")
    bad = score("2018", silent)
    assert bad == 7_500
    assert score("2018", silent, idle) == bad
    assert score("2018", silent, late) == bad - 100
    assert score("2018", late) == 9_800


def test_what_is_not_due_moves_the_mean_of_what_is_and_stays_within_its_bounds() -> None:
    """Praised for an idle project: five more in half the weight; criticised beyond the lowest score: the lowest."""
    due, idle = both(Desk(milestone())), both(next_years())
    due.ask(request(RequestCompletion), "05-30 10:00")
    idle.ask(
        request(PublishBulletin, idle.state.project.milestones[0].milestone_id, kind="praise", department="组织部")
    )
    assert score("2018", due, idle) == 10_250
    only = table("2018", idle, rules=ScoreRules(praised=50, highest=110))
    assert {row.department: row.score for row in only.departments} == {"组织部": 11_000}


def test_work_counts_in_the_period_of_its_date_however_early_it_was_done() -> None:
    """Accepted and struck off in April: its addition is April's, its base May's; the lateness of another is June's."""
    desk = both(Desk(milestone()))
    desk.ask(request(RequestCompletion), "04-26 10:00")
    desk.ask(request(AcceptCompletion))
    desk.ask(request(StrikeOff, by=WANG))
    assert (counted("2018-04", desk), score("2018-04", desk)) == ({}, 10_300)
    assert (set(counted("2018-05", desk)), score("2018-05", desk)) == ({"组织部", "宣传部"}, 10_000)
    late = both(Desk(milestone()))
    late.ask(request(RequestCompletion), "06-04 10:00")
    assert (counted("2018-06", late), score("2018-06", late)) == ({}, 9_600)


@pytest.mark.parametrize(("goes_on", "in_may"), [(False, False), (True, True)])
def test_nothing_is_due_while_it_is_suspended(goes_on: bool, in_may: bool) -> None:
    """Stopped from 10 May to 31 August, it is due again in September; what goes on was due until it stopped."""
    desk = both(Desk(milestone().having(ongoing=goes_on)))
    desk.ask(request(Suspend, None, until=date(2018, 8, 31)), "05-10 10:00")
    desk.run_until("2018-09-30 18:00")
    assert [bool(counted(f"2018-0{n}", desk)) for n in (5, 6, 7, 8, 9)] == [in_may, False, False, False, True]
    assert counted("2018", desk)


def test_what_is_accepted_while_its_clock_stands_still_counts_by_its_date() -> None:
    """Disputed in May, before its date, asked for and accepted all the same: the project counts in May."""
    desk = both(Desk(milestone()))
    desk.ask(request(RaiseDispute, against="宣传部"), "05-10 10:00")
    assert counted("2018-05", desk) == {}
    desk.ask(request(RequestCompletion), "05-14 10:00")
    desk.ask(request(AcceptCompletion))
    assert set(counted("2018-05", desk)) == {"组织部", "宣传部"}


@pytest.mark.parametrize("taken_back", [False, True])
@pytest.mark.parametrize(("due_on", "later"), [(date(2018, 12, 31), ()), (date(2019, 3, 31), ("2019-03",))])
def test_what_is_due_in_a_year_is_so_on_whichever_of_its_last_days_it_is_closed(
    due_on: date, later: Sequence[str], taken_back: bool
) -> None:
    """A date beyond the year goes over with its row; a closing that is taken back has taken nothing away."""
    desk = both(Desk(milestone(1, due_on)))
    desk.ask(request(CloseYear, to_year=2019), "2018-12-29 10:00")
    if taken_back:
        desk.ask(request(ReopenProject, by=WANG, confirmed_by=request(CloseYear, to_year=2019).by))
    assert bool(counted("2018", desk)) == (due_on.year == 2018)
    assert [each for each in ("2019-03",) if counted(each, desk)] == [*later] * taken_back


def test_who_holds_a_duty_on_its_date_is_who_counts() -> None:
    """Handed on with days to spare, it is the new lead's; the day before its date, that of the new lead is another."""
    early, hurried = both(Desk(milestone())), both(Desk(milestone()))
    early.ask(request(ReassignLead, to="统战部"), "05-02 10:00")
    hurried.ask(request(ReassignLead, to="统战部"), "05-30 10:00")
    assert (set(counted("2018-05", early)), counted("2018-05", hurried)) == ({"统战部", "宣传部"}, {})
    assert set(counted("2018-06", hurried)) == {"统战部", "宣传部"}


def test_a_participant_counts_by_the_duties_of_which_it_has_a_part() -> None:
    """One takes over the part of May from another, which keeps that of July; a third duty has no part of either's."""
    third = milestone(3, date(2018, 8, 31)).having(without=("宣传部",))
    desk = both(Desk(milestone(), milestone(2, date(2018, 7, 31)), third))
    desk.ask(request(ReplaceParticipant, department="宣传部", to="统战部"))
    assert set(counted("2018-05", desk)) == {"组织部", "统战部"}
    assert set(counted("2018-07", desk)) == {"组织部", "宣传部"}
    assert set(counted("2018-08", desk)) == {"组织部"}
    desk.ask(request(ReplaceParticipant, milestone(2).milestone_id, department="宣传部"))
    desk.ask(request(ReplaceParticipant, None, department="统战部", to="学校部"))
    assert [set(counted(each, desk)) for each in ("2018-05", "2018-07")] == [{"组织部", "学校部"}, {"组织部"}]


@pytest.mark.parametrize("goes_on", [False, True])
def test_a_new_lead_s_own_date_is_due_from_nobody_else_that_was_late_already(goes_on: bool) -> None:
    """Late since May and led by another from 20 June: his June is nobody else's; a grace is granted to all."""
    desk = both(Desk(milestone().having(ongoing=goes_on)))
    desk.ask(request(ReassignLead, to="统战部"), "06-20 10:00")
    assert (set(counted("2018-05", desk)), set(counted("2018-06", desk))) == ({"组织部", "宣传部"}, {"统战部"})
    desk.ask(request(GrantGrace, new_due_on=date(2018, 7, 31), reason="汛期"), "06-28 10:00")
    assert set(counted("2018-07", desk)) == {"统战部", "宣传部"}


def test_who_lets_go_of_a_duty_has_nothing_due_of_it_on_that_day() -> None:
    """Of work that goes on all the year the participant is released, and the lead another, on the first of June."""
    desk = both(Desk(milestone(1, date(2018, 12, 31)).having(ongoing=True)))
    desk.ask(request(ReplaceParticipant, None, department="宣传部"), "06-01 10:00")
    desk.ask(request(ReassignLead, to="统战部"))
    assert (set(counted("2018-05", desk)), set(counted("2018-06", desk))) == ({"组织部", "宣传部"}, {"统战部"})


def test_what_goes_on_is_due_on_no_day_that_is_past() -> None:
    """Disputed within its first day, over before it; sent back in May and upheld in June, its review still open."""
    given = both(Desk(milestone(1, date(2018, 3, 31), starts_on=None, born_late=True)))
    for each in (request(RaiseDispute, against="宣传部"), request(RuleOnDispute, responsible="组织部")):
        given.ask(each)
    assert (counted("2018-03", given), bool(counted("2018-04", given))) == ({}, True)
    asked = both(Desk(milestone()))
    asked.ask(request(RequestCompletion), "05-10 10:00")
    asked.ask(request(DeclineAssignment, None), "05-14 10:00")
    asked.ask(request(InsistOnAssignment, None, department="组织部"), "06-11 10:00")
    assert (counted("2018-05", asked), set(counted("2018-06", asked))) == ({}, {"组织部", "宣传部"})


def test_another_rule_may_leave_a_department_without_a_score() -> None:
    """A late receipt of an idle project is its only point: with no deduction for it there is none, told as such."""
    desk = next_years()
    desk.run_until("2018-12-31 18:00")
    found: Any = differences(table("2018", desk), table("2018", desk, rules=ScoreRules(late_receipt=0)))
    assert {(each.department, each.was, each.would_be) for each in found} == {
        ("组织部", 9_800, None),
        ("宣传部", 9_800, None),
    }


@pytest.mark.parametrize("had_a_date", [False, True])
def test_a_new_lead_s_date_is_its_own_where_the_others_have_none(had_a_date: bool) -> None:
    """Sent back, stopped, gone on and handed over when it was late: a participant without a date has no base."""
    desk = both(Desk(milestone(due_on=date(2018, 8, 31) if had_a_date else None, starts_on=None)))
    if had_a_date:
        project = key_project([milestone(due_on=None, starts_on=None)])
        desk.ask(request(AmendProject, None, project=project, by_identity=True), "05-07 10:00")
    desk.ask(request(RequestCompletion), "05-10 10:00")
    desk.ask(request(ReturnForRework), "05-11 10:00")
    desk.ask(request(Suspend), "05-14 10:00")
    desk.ask(request(Resume), "05-16 10:00")
    desk.ask(request(ReassignLead, to="统战部"), "06-20 10:00")
    assert counted("2018", desk) == {"统战部": (PROJECT,)}
