"""The way back from an end: a closed year or a withdrawal is taken back, and nothing else is different afterwards."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.acts.commands import (
    AcceptCompletion,
    AmendProject,
    AnswerDirective,
    CloseYear,
    DeclineAssignment,
    EndSilence,
    IssueDirective,
    OpenInspection,
    ReassignLead,
    ReopenProject,
    ReportProgress,
    RequestCompletion,
    RequestExtension,
    Resume,
    SignReceipt,
    SilenceNotices,
    StrikeOff,
    Suspend,
    Withdraw,
)
from domain.acts.rejections import (
    MilestoneSettledError,
    NothingToReopenError,
    NothingToSuspendError,
    ProjectClosedError,
    ReopenTooLateError,
    SecondPersonError,
    SecondPersonToReopenError,
)
from domain.events import ProjectReopened
from domain.record.reported_state import reported_state
from domain.rules.mass_act_rules import MassActRules
from domain.seeing.next_change import changes_at
from domain.seeing.period_report import drafted
from domain.seeing.register_rows import registered
from domain.seeing.views import view_of
from tests.domain.acts.test_decisions import refuse
from tests.domain.samples import FIRST, LEAD, LI, PARTICIPANT, SECOND, WANG, WHOLE_LIFE, Desk, milestone, request
from verifier.fold import Fold

CLOSE: dict[str, Any] = {"to_year": 2019, "despite_period": "误办", "by": LI, "confirmed_by": WANG}
BACK: dict[str, Any] = {"by": WANG, "confirmed_by": LI}
THIRD = "2018-05a-03"


def busy() -> Desk:
    """A project with an extension, an inspection and a directive under way, and one milestone suspended."""
    desk = Desk(milestone(), milestone(2, date(2018, 8, 31)), milestone(3, date(2018, 9, 30)))
    desk.ask(request(IssueDirective, None, leader="周书记"), "05-02 10:00")
    desk.ask(request(RequestExtension, SECOND, new_due_on=date(2018, 9, 30)))
    desk.ask(request(OpenInspection, SECOND))
    desk.ask(request(Suspend, THIRD, until=date(2018, 6, 29)))
    return desk


def test_what_was_taken_back_is_in_no_report_of_the_year() -> None:
    """Closed twice by accident and taken back, nothing is carried over; closed for good, each milestone is, once."""
    year = ("2018", date(2018, 1, 1), date(2018, 12, 31), date(2019, 1, 31))
    desk = Desk(milestone(), milestone(2, date(2018, 8, 31)))
    desk.run_until("05-02 10:00")
    before = drafted(year[0], [desk.events], *year[1:])
    for _ in range(2):
        desk.ask(request(CloseYear, None, **CLOSE), "05-02 10:00")
        desk.ask(request(ReopenProject, None, **BACK), "05-02 10:01")
    assert drafted(year[0], [desk.events], *year[1:]) == before
    desk.ask(request(CloseYear, None, **CLOSE), "05-02 10:02")
    assert drafted(year[0], [desk.events], *year[1:]).figure("carried_over").value == 2


def shown(desk: Desk) -> tuple[Any, ...]:
    """All that the register shows of a project at its desk's instant, but for its count of events."""
    row = registered(desk.state, desk.now)
    view = view_of(desk.state, desk.now).model_copy(update={"events": 0})
    return view, row.duties, changes_at(desk.state, desk.now)


@pytest.mark.parametrize("end", [request(CloseYear, **CLOSE), request(Withdraw, None)], ids=["closed", "withdrawn"])
def test_a_reopened_project_stands_as_if_it_had_not_ended(end: Any) -> None:
    """Register, matters, and every paper of the rest of the year: those of a twin that was left alone."""
    ended, twin = busy(), busy()
    before = shown(ended)
    ended.ask(end, "05-09 10:00")
    assert shown(ended) != before
    ended.ask(request(ReopenProject, **BACK), "05-09 15:00")
    twin.run_until("05-09 15:00")
    assert shown(ended) == shown(twin)

    papers = len(ended.papers), len(twin.papers)
    for desk in (ended, twin):
        desk.ask(request(ReportProgress, SECOND, by=LEAD), "05-10 10:00")
        desk.run_until("2018-12-31 18:00")
    assert shown(ended) == shown(twin)
    after = [[(p.kind, p.to, p.level, p.send_from, p.body) for p in desk.papers] for desk in (ended, twin)]
    assert after[0][papers[0] :] == after[1][papers[1] :]
    assert len(after[1]) - papers[1] > 20


def test_the_reopening_says_so_to_everybody_and_stays_on_record() -> None:
    """One paper takes the notices back and names the open duties with their days; the end's own events stay."""
    desk = Desk(milestone(), milestone(2, date(2018, 8, 31)))
    desk.ask(request(CloseYear, **CLOSE), "05-09 10:00")
    ended = len(desk.events)
    desk.ask(request(ReopenProject, **BACK, reason="系误办"), "05-11 10:00")
    (event,) = desk.of(ProjectReopened)
    assert (event.was, event.ended_on, event.confirmed_by, event.whole) == ("closed", date(2018, 5, 9), str(LI), True)
    assert [each.seq for each in desk.events] == list(range(len(desk.events)))
    assert len(desk.events) == ended + 1
    paper = desk.papers[-1]
    assert paper.to == "组织部"
    assert paper.copies_to == ("宣传部",)
    assert "于2018年5月9日作出的年终结转决定已收回（系误办）" in paper.body
    assert "“第2项工作”（2018年8月31日前）" in paper.body


def test_what_would_have_been_missed_meanwhile_is_recorded_with_its_own_day() -> None:
    """Closed over its due date, it is breached as of that date when it comes back: a way back excuses nothing."""
    desk = Desk(milestone())
    desk.ask(request(CloseYear, **CLOSE), "05-30 10:00")
    desk.run_until("06-05 10:00")
    desk.ask(request(ReopenProject, **BACK))
    desk.run_until("06-06 10:00")
    assert [breach.due_on for breach in desk[FIRST].breaches] == [date(2018, 5, 31)]


def test_a_closed_project_hears_nothing_but_its_reopening() -> None:
    """Any other act is still refused, before and as long as it is not reopened."""
    desk = Desk(milestone())
    desk.ask(request(CloseYear, **CLOSE), "05-09 10:00")
    refuse(desk, ProjectClosedError, request(ReportProgress, by=LEAD), None)
    desk.ask(request(ReopenProject, **BACK))
    desk.ask(request(ReportProgress, by=LEAD))
    assert desk[FIRST].reports == 1


@pytest.mark.parametrize("confirmed_by", [None, WANG])
def test_a_reopening_needs_another_person(confirmed_by: Any) -> None:
    """Nobody, or the one who asks, is no second person; a policy may ask for one alone."""
    desk = Desk(milestone())
    desk.ask(request(CloseYear, **CLOSE), "05-09 10:00")
    refuse(desk, SecondPersonToReopenError, request(ReopenProject, by=WANG, confirmed_by=confirmed_by), None)
    alone = Desk(milestone(), policy=WHOLE_LIFE.model_copy(update={"mass_acts": MassActRules(two_persons=False)}))
    alone.ask(request(CloseYear, to_year=2019, despite_period="误办"), "05-09 10:00")
    alone.ask(request(ReopenProject, by=WANG, confirmed_by=confirmed_by))
    assert not alone.state.closed


@pytest.mark.parametrize(("day", "taken"), [("06-08 10:00", True), ("06-09 10:00", False)])
def test_after_thirty_days_a_reopening_needs_a_reason_of_its_own(day: str, taken: bool) -> None:
    """The thirtieth day is still in time; later the reason stands beside the other one."""
    desk = Desk(milestone())
    desk.ask(request(CloseYear, **CLOSE), "05-09 10:00")
    desk.run_until(day)
    if taken:
        desk.ask(request(ReopenProject, **BACK))
        return
    refuse(desk, ReopenTooLateError, request(ReopenProject, **BACK), None)
    desk.ask(request(ReopenProject, **BACK, reason="误办", despite_period="审计要求"))
    assert desk.of(ProjectReopened)[0].reason == "误办（过期仍收回的理由：审计要求）"


def test_what_was_done_is_not_reopened() -> None:
    """Everything struck off and archived: there is nothing to take back, nor is there in a project that is open."""
    desk = Desk(milestone())
    refuse(desk, NothingToReopenError, request(ReopenProject, **BACK))
    desk.ask(request(RequestCompletion), "05-09 10:00")
    desk.ask(request(AcceptCompletion))
    desk.ask(request(StrikeOff, by=WANG))
    assert desk.state.archived
    refuse(desk, NothingToReopenError, request(ReopenProject, **BACK), None)


def test_what_happened_since_the_closing_is_kept() -> None:
    """A directive outlives the closing and is answered: reopened, the milestones are open and it is still answered."""
    desk = busy()
    desk.ask(request(CloseYear, **CLOSE), "05-09 10:00")
    assert not desk.state.closed
    desk.ask(request(AnswerDirective, None), "05-10 10:00")
    assert desk.state.archived
    desk.ask(request(ReopenProject, **BACK), "05-11 10:00")
    assert (desk.of(ProjectReopened)[0].whole, desk.state.directives, desk.state.closed) == (False, {}, False)
    assert {each.stage for each in desk.state.milestones.values()} == {"assigned"}
    assert {limit.kind for limit in desk.state.limits.values()} == {"receipt", "extension_review"}


@pytest.mark.parametrize("of_the_whole", [False, True])
def test_a_directive_that_fell_away_with_its_milestone_waits_again(of_the_whole: bool) -> None:
    """It holds no closed project open by itself; reopened, it is to be answered by its day, whatever else went on."""
    desk = Desk(milestone(1, date(2018, 8, 31)))
    for where in (FIRST, None) if of_the_whole else (FIRST,):
        desk.ask(request(IssueDirective, where, leader="周书记"), "05-02 10:00")
    before = desk.state.directives, {each for each in desk.state.limits.values() if each.kind == "directive_answer"}
    desk.ask(request(CloseYear, None, **CLOSE), "05-02 11:00")
    assert desk.state.closed is not of_the_whole
    desk.ask(request(ReopenProject, None, **BACK), "05-02 12:00")
    after = desk.state.directives, {each for each in desk.state.limits.values() if each.kind == "directive_answer"}
    assert after == before


def test_a_suspension_that_ended_since_the_closing_holds_no_clock_of_what_is_reopened() -> None:
    """A directive outlives the closing, and the project's suspension ends: reopened, clocks and matters go on by it."""
    desk = Desk(milestone(1, date(2018, 8, 31)))
    desk.ask(request(IssueDirective, None, leader="周书记"), "05-02 10:00")
    desk.ask(request(RequestExtension, FIRST, new_due_on=date(2018, 9, 30)))
    desk.ask(request(Suspend, None, until=date(2018, 5, 9)), "05-03 10:00")
    desk.ask(request(CloseYear, **CLOSE), "05-07 10:00")
    desk.run_until("05-10 10:00")
    desk.ask(request(ReopenProject, **BACK), "05-11 10:00")
    desk.run_until("05-11 10:01")
    assert (desk.state.suspension, [*desk[FIRST].stops]) == (None, ["extension"])
    assert all(limit.stopped_on is None for limit in desk.state.limits.values())


def test_who_became_the_lead_meanwhile_takes_part_no_more() -> None:
    """A directive kept the project open, and a participant got the lead: reopened, it has one duty and not two."""
    desk = Desk(milestone(1, date(2018, 8, 31)))
    desk.ask(request(IssueDirective, None, leader="周书记"), "05-02 10:00")
    desk.ask(request(CloseYear, **CLOSE), "05-03 10:00")
    desk.ask(request(ReassignLead, to="宣传部"), "05-04 10:00")
    desk.ask(request(ReopenProject, **BACK), "05-07 10:00")
    assert [part.stage for part in desk[FIRST].parts.values()] == ["released"]


def test_a_declined_assignment_falls_away_with_the_milestones() -> None:
    """Nobody is reminded of it while a directive keeps the project open; reopened, it waits as before."""
    desk = Desk(milestone(1, date(2018, 8, 31)))
    desk.ask(request(IssueDirective, None, leader="周书记"), "05-02 10:00")
    desk.ask(request(DeclineAssignment, None), "05-03 10:00")
    desk.ask(request(CloseYear, **CLOSE), "05-03 11:00")
    assert [limit.kind for limit in desk.state.limits.values()] == ["directive_answer"]
    desk.ask(request(ReopenProject, **BACK), "05-04 10:00")
    assert {"directive_answer", "declined_assignment"} <= {limit.kind for limit in desk.state.limits.values()}


def test_a_suspension_that_a_person_ended_since_the_closing_is_over_for_what_is_reopened() -> None:
    """Resumed on the 9th while the year was closed, reopened on the 18th: four days are excused."""
    desk = Desk(milestone(1, date(2018, 8, 31)))
    desk.ask(request(IssueDirective, None, leader="周书记"), "05-02 10:00")
    desk.ask(request(Suspend, None), "05-03 10:00")
    desk.ask(request(CloseYear, **CLOSE), "05-07 10:00")
    desk.ask(request(Resume, None), "05-09 10:00")
    desk.ask(request(ReopenProject, **BACK), "05-18 10:00")
    desk.run_until("05-18 10:01")
    assert (desk.state.suspension, desk[FIRST].stops) == (None, {})
    assert (desk[FIRST].working_days_excused, desk[FIRST].answer_by) == (4, date(2018, 9, 6))


def test_nothing_that_a_closing_ended_is_suspended_or_goes_on_until_it_is_taken_back() -> None:
    """A directive outlives the closing: what would be lost, or counted from the wrong day, is refused with the way."""
    desk = Desk(milestone(1, date(2018, 8, 31)))
    desk.ask(request(IssueDirective, None, leader="周书记"), "05-02 10:00")
    desk.ask(request(Suspend, FIRST), "05-03 10:00")
    desk.ask(request(SilenceNotices, FIRST, until=date(2018, 6, 30)))
    desk.ask(request(CloseYear, **CLOSE), "05-07 10:00")
    refuse(desk, NothingToSuspendError, request(Suspend, None))
    refuse(desk, MilestoneSettledError, request(Resume, FIRST))
    refuse(desk, MilestoneSettledError, request(EndSilence, FIRST))
    desk.ask(request(ReopenProject, **BACK), "05-09 10:00")
    for command in (request(Resume, FIRST), request(EndSilence, FIRST), request(Suspend, None)):
        desk.ask(command)
    assert desk[FIRST].working_days_excused == 4


@pytest.mark.parametrize("signed", [False, True])
def test_whom_a_list_names_while_the_year_is_closed_takes_part_in_what_is_reopened(signed: bool) -> None:
    """Who was released owes nothing, no receipt either; who came in its place has its part, and is asked to sign."""
    desk = Desk(milestone(1, date(2018, 8, 31)))
    for who in (LEAD, PARTICIPANT) if signed else ():
        desk.ask(request(SignReceipt, None, by=who))
    desk.ask(request(IssueDirective, None, leader="周书记"), "05-02 10:00")
    desk.ask(request(CloseYear, None, **CLOSE))
    wanted = desk.state.project.having(participating_departments=("学校部",))
    desk.ask(request(AmendProject, None, project=wanted), "05-03 10:00")
    desk.ask(request(ReopenProject, None, **BACK), "05-04 10:00")
    stages = {name: part.stage for name, part in desk[FIRST].parts.items()}
    assert stages == {"宣传部": "released", "学校部": "assigned"}
    owing = {limit.owner for limit in desk.state.limits.values() if limit.kind == "receipt"}
    assert owing == ({"学校部"} if signed else {"学校部", "组织部"})


def test_a_second_program_comes_to_the_same_stages() -> None:
    """The verifier's own fold, which knows only events: after the end, and after the way back."""
    desk = busy()
    for command, when in (
        (request(CloseYear, **CLOSE), "05-09 10:00"),
        (request(CloseYear, **CLOSE), "05-09 11:00"),
        (request(ReopenProject, **BACK), "05-10 10:00"),
        (request(Withdraw, None), "05-11 10:00"),
        (request(ReopenProject, **BACK), "05-12 10:00"),
    ):
        desk.ask(command, when)
        fold = Fold()
        for event in desk.events:
            data = event.model_dump(mode="json")
            fold.take({"stream": "key-project/2018/05a", "type": event.type, "seq": event.seq, "data": data})
        said = reported_state(len(desk.events), {}, [desk.state])["projects"]
        assert {"key-project/2018/05a": fold.state("key-project/2018/05a")} == said
        assert fold.unknown == {}


def test_a_year_that_was_closed_twice_is_reopened_as_it_was_before_the_first_time() -> None:
    """A directive holds the project open; the second closing ends nothing, and takes no milestone from the way back."""
    ended, twin = busy(), busy()
    ended.ask(request(CloseYear, **CLOSE), "05-09 10:00")
    ended.ask(request(CloseYear, **CLOSE), "05-09 11:00")
    ended.ask(request(ReopenProject, **BACK), "05-09 15:00")
    twin.run_until("05-09 15:00")
    assert {each.milestone_id: each.stage for each in ended.state.milestones.values()} == {
        each.milestone_id: each.stage for each in twin.state.milestones.values()
    }
    assert ended.state.limits.keys() == twin.state.limits.keys()


@pytest.mark.parametrize(("end", "was"), [(Withdraw, "withdrawn"), (CloseYear, "closed")])
def test_a_reopening_says_what_had_ended_the_project_when_and_by_whose_word(end: Any, was: str) -> None:
    """The day is one of the office's time; where the policy asks for no second person, none is named."""
    alone = WHOLE_LIFE.model_copy(update={"mass_acts": MassActRules(two_persons=False)})
    desk = Desk(milestone(), policy=alone)
    desk.ask(request(end, None, **({} if end is Withdraw else CLOSE)), "05-09 07:00")
    desk.ask(request(ReopenProject, None, by=WANG), "05-10 10:00")
    (event,) = desk.of(ProjectReopened)
    assert (event.was, event.ended_on, event.confirmed_by) == (was, date(2018, 5, 9), None)


def test_a_closing_before_its_time_by_one_person_is_told_from_when_on_one_is_enough() -> None:
    """The year and the day stand in the refusal."""
    desk = Desk(milestone())
    error = refuse(desk, SecondPersonError, request(CloseYear, **{**CLOSE, "confirmed_by": None}))
    assert error.ids == {"year": 2018, "opens_on": date(2018, 12, 15)}
