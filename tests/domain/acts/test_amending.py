"""A re-issued list changes what runs: one event for each change, and nothing that was is lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.acts.commands import AmendProject, ReportProgress, RequestCompletion, Withdraw
from domain.errors import RejectedError
from domain.events import (
    LeadReassigned,
    MilestoneAdded,
    MilestoneAmended,
    MilestoneWithdrawn,
    NoticeNotSent,
    ProjectAmended,
    ReminderIssued,
    RetrospectiveReportRequested,
)
from domain.evolution import fold
from domain.papers.drafting import papers_for, withholdings_for
from domain.project import KeyProject, Milestone, Quota
from domain.seeing.views import view_of
from tests.domain.samples import FIRST, LEAD, LI, PROJECT, SECOND, STRANGER, Desk, key_project, lone, milestone, request

BASIS = "依据团浙办〔2018〕9号（2018年5月10日印发）"
THIRD = f"{PROJECT}-03"


def wanted(*milestones: Milestone, **facts: Any) -> KeyProject:
    """The sample project as a re-issued list has it."""
    return key_project(milestones or (milestone(),)).model_copy(update=facts)


def amendment(project: KeyProject, **facts: Any) -> AmendProject:
    """An amendment by 李 on the ground of the re-issued notice."""
    given = {"request_id": "a1", "by": LI, "basis": BASIS, "project": project, **facts}
    return AmendProject(**given)


def test_a_moved_deadline_moves_the_approved_date_and_never_the_baseline() -> None:
    """The event has the old and the new reading, who and why; the rungs are computed anew."""
    desk = lone()
    alone = wanted(milestone(due_on=date(2018, 6, 29)), participating_departments=())
    events = desk.ask(amendment(alone), "05-23 10:00")
    (moved,) = (event for event in events if isinstance(event, MilestoneAmended))
    assert (moved.before.due_on, moved.after.due_on) == (date(2018, 5, 31), date(2018, 6, 29))
    assert (moved.basis, moved.actor) == (BASIS, "operator:李")
    state = desk[FIRST]
    assert state.baseline_due_on == date(2018, 5, 31)
    assert state.approved_due_on == state.answer_by == date(2018, 6, 29)
    assert (state.round, state.rework) == (1, False)
    desk.run_until("06-29 12:00")
    assert [event.round for event in desk.of(ReminderIssued)] == [0, 0, 1, 1, 1]


def test_a_breach_stays_when_the_date_moves() -> None:
    """A breach that the wake-up had not recorded yet is recorded before the date moves."""
    desk = Desk()
    desk.now = desk.now.replace(month=6, day=4)
    desk.ask(amendment(wanted(milestone(due_on=date(2018, 6, 29)))))
    assert [breach.due_on for breach in desk[FIRST].breaches] == [date(2018, 5, 31)]
    assert desk[FIRST].answer_by == date(2018, 6, 29)


def test_reminders_whose_instant_has_passed_are_recorded_as_not_sent() -> None:
    """A date that comes nearer leaves no silent gap; one that is over is asked for in retrospect."""
    desk = Desk(milestone(due_on=date(2018, 9, 28)))
    desk.ask(amendment(wanted(milestone(due_on=date(2018, 5, 31)))), "05-23 10:00")
    assert {event.reason for event in desk.of(NoticeNotSent)} == {"amended"}
    desk.ask(amendment(wanted(milestone(due_on=date(2018, 5, 18))), request_id="a2"))
    assert len(desk.of(RetrospectiveReportRequested)) == 1
    assert desk[FIRST].retrospective


def test_a_new_description_or_quota_keeps_the_round() -> None:
    """Only a moved date begins a new round; later decisions use the amended quota."""
    desk = Desk()
    desk.ask(amendment(wanted(milestone().model_copy(update={"quota": Quota(value=8, unit="场")}))), "05-12 10:00")
    assert desk[FIRST].round == 0
    with pytest.raises(RejectedError, match="8场"):
        desk.ask(request(RequestCompletion, quantity=3))
    assert view_of(desk.state, desk.now).milestones[0].progress.of == 8


def test_milestones_keep_their_identity_when_the_ordinals_shift() -> None:
    """What was second and is first now is the same milestone; the dropped one is withdrawn on that basis."""
    desk = Desk(milestone(1), milestone(2))
    shifted = milestone(2).model_copy(update={"milestone_id": FIRST})
    desk.ask(amendment(wanted(shifted)))
    assert [(event.milestone_id, event.reason) for event in desk.of(MilestoneWithdrawn)] == [(FIRST, BASIS)]
    assert not desk.of(MilestoneAmended)
    assert desk[SECOND].stage == "assigned"


def test_an_added_milestone_never_takes_a_withdrawn_identity() -> None:
    """A new milestone gets the next number of all that ever were, and its rungs run."""
    desk = Desk(milestone(1), milestone(2))
    desk.ask(amendment(wanted(milestone(1))))
    new = milestone(2, date(2018, 7, 31)).model_copy(update={"description": "新增工作", "window_text": "7月"})
    desk.ask(amendment(wanted(milestone(1), new), request_id="a2"))
    assert [event.milestone_id for event in desk.of(MilestoneAdded)] == [THIRD]
    assert desk[THIRD].baseline_due_on == date(2018, 7, 31)
    assert desk.ask(amendment(wanted(milestone(1), new), request_id="a3")) == ()
    desk.run_until("07-31 12:00")
    assert THIRD in {event.milestone_id for event in desk.of(ReminderIssued)}


def test_another_lead_takes_over_what_is_open() -> None:
    """The new lead gets the order, the old one a copy; from then on only the new one reports."""
    desk = Desk()
    desk.ask(amendment(wanted(lead_department="统战部")), "05-12 10:00")
    (event,) = desk.of(LeadReassigned)
    assert (event.before, event.after) == ("组织部", "统战部")
    paper = desk.papers[-1]
    assert (paper.kind, paper.to, paper.copies_to) == ("supervision_order", "统战部", ("组织部", "宣传部"))
    assert f"变更依据：{BASIS.removeprefix('依据')}。" in paper.body
    with pytest.raises(RejectedError, match="组织部不是节点"):
        desk.ask(request(ReportProgress, by=LEAD))
    assert desk.ask(request(ReportProgress, by=STRANGER))


def test_title_content_participants_and_schedule_are_one_event() -> None:
    """The project's text changes in one event with both texts; the milestones are untouched."""
    desk = Desk()
    desk.ask(amendment(wanted(title="新名称", participating_departments=("统战部",), schedule_text="6月：…")))
    (event,) = desk.of(ProjectAmended)
    assert (event.before.title, event.after.title) == ("挂兼职干部", "新名称")
    assert desk.state.project.participating_departments == ("统战部",)
    assert desk[FIRST].round == 0


@pytest.mark.parametrize("field", ["category", "priority", "source", "responsible_leader"])
def test_another_classification_alone_amends(field: str) -> None:
    """A list that is issued again with another 类别, 级别, 来源 or 责任领导 and nothing else is an amendment."""
    desk = Desk(project=wanted(**{field: "甲"}))
    desk.ask(amendment(wanted(**{field: "乙"})))
    (event,) = desk.of(ProjectAmended)
    assert (getattr(event.before, field), getattr(event.after, field)) == ("甲", "乙")
    assert getattr(desk.state.project, field) == "乙"
    assert "由“甲”改为“乙”" in event.words()
    desk.ask(amendment(wanted(), request_id="a2"))
    assert getattr(desk.state.project, field) is None


def test_an_amendment_of_before_there_were_classifications_leaves_them() -> None:
    """An event whose texts say nothing of a category is folded without touching it."""
    desk = Desk(project=wanted(category="民生"))
    desk.ask(amendment(wanted(title="新名称", category="民生")))
    (amended,) = desk.of(ProjectAmended)
    texts = {side: getattr(amended, side).model_copy(update={"category": None}) for side in ("before", "after")}
    folded = fold([event if event is not amended else event.model_copy(update=texts) for event in desk.events])
    assert folded is not None
    assert (folded.project.title, folded.project.category) == ("新名称", "民生")


def test_nothing_to_change_and_a_repeated_request_make_no_event() -> None:
    """An amendment is idempotent by content and by request."""
    desk = Desk()
    assert desk.ask(amendment(wanted())) == ()
    command = amendment(wanted(title="新名称"), request_id="a2")
    assert len(desk.ask(command)) == 1
    assert desk.ask(command) == ()


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"by": LEAD}, "operator_only"),
        ({"project": key_project(project_id="2018-07")}, "same_project"),
        ({"project": wanted(main_content="长" * 40_000)}, "act_fits_the_ledger"),
    ],
)
def test_what_an_amendment_may_not_do_is_named(facts: dict[str, Any], rule: str) -> None:
    """A department, another project's row and a row that no entry can hold are refused."""
    desk = Desk()
    with pytest.raises(RejectedError) as refused:
        desk.ask(amendment(**({"project": wanted(title="新名称")} | facts)))
    assert refused.value.rule == rule


def test_a_closed_project_is_not_amended() -> None:
    """What was withdrawn stays as it ended."""
    desk = Desk()
    desk.ask(request(Withdraw, None, reason="并入其他项目"))
    with pytest.raises(RejectedError) as refused:
        desk.ask(amendment(wanted(title="新名称")))
    assert refused.value.rule == "open_project"


def test_one_order_tells_all_changes_and_waiting_notices_are_withheld() -> None:
    """However many events a request makes, one paper follows; what waits for the amended milestone does not go out."""
    desk = Desk(milestone(1), milestone(2))
    moved = milestone(1, date(2018, 6, 29))
    events = desk.ask(amendment(wanted(moved, lead_department="统战部", title="新名称")), "05-23 10:00")
    (paper,) = papers_for(desk.state, events)
    for said in ("2018年5月31日", "2018年6月29日", "统战部", "新名称", "撤销节点5（2）"):
        assert said in paper.body
    assert {(each.milestone_id, each.reason) for each in withholdings_for(desk.state, events)} >= {
        (FIRST, "amended"),
        (SECOND, "settled_before_sending"),
    }


def test_the_amended_state_is_what_its_events_add_up_to() -> None:
    """Folding the record again gives the state, and the state survives being written down."""
    desk = Desk(milestone(1), milestone(2))
    new = milestone(3).model_copy(update={"description": "新增工作"})
    desk.ask(amendment(wanted(milestone(1, date(2018, 6, 29)), new, lead_department="统战部")), "05-12 10:00")
    assert fold(desk.events) == desk.state
    assert type(desk.state).model_validate_json(desk.state.model_dump_json()) == desk.state
