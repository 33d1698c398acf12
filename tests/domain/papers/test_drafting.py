"""Papers: which event brings which, to whom, from when they may be sent, and what overtakes them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.acts.commands import (
    AcceptCompletion,
    CloseYear,
    ConcludeInspection,
    IssueDirective,
    OpenInspection,
    RaiseDispute,
    ReassignLead,
    RecordFinding,
    ReopenProject,
    ReplaceParticipant,
    ReportProgress,
    RequestCompletion,
    RequestExtension,
    Resume,
    ReturnForRework,
    ReviewExtension,
    RuleOnDispute,
    RuleOnExtension,
    StrikeOff,
    Suspend,
    Urge,
    Withdraw,
)
from domain.papers.draft import send_time
from domain.papers.drafting import withholdings_for
from domain.papers.paper import Paper
from domain.rules.ladder_rules import DueRoll, EscalationStep, MilestoneRules
from domain.rules.policy import SupervisionPolicy
from tests.domain.samples import (
    CALENDAR,
    FIRST,
    HEADER,
    LEAD,
    LI,
    SECOND,
    START,
    WANG,
    WHOLE_LIFE,
    Desk,
    at,
    attentive,
    key_project,
    lone,
    milestone,
    request,
)

MORNING = "05-09 10:00"


def only(desk: Desk, kind: str) -> Paper:
    """The one paper of a kind."""
    (found,) = [paper for paper in desk.papers if paper.kind == kind]
    return found


@pytest.mark.parametrize(
    ("issued", "sent", "held"),
    [
        ("05-09 08:45", "05-09 09:00", "gathered_for_digest"),
        ("05-09 09:00", "05-09 09:00", "gathered_for_digest"),
        ("05-09 09:00:01", "05-10 09:00", "gathered_for_digest"),
        ("05-09 16:00", "05-10 09:00", "gathered_for_digest"),
        ("05-09 17:30", "05-10 09:00", "outside_working_hours"),
        ("05-09 23:59", "05-10 09:00", "outside_working_hours"),
        ("05-10 00:01", "05-10 09:00", "outside_working_hours"),
        ("05-11 18:00", "05-14 09:00", "outside_working_hours"),
        ("05-12 08:00", "05-14 09:00", "outside_working_hours"),
        ("05-12 10:00", "05-14 09:00", "outside_working_hours"),
        ("04-27 18:00", "04-28 09:00", "outside_working_hours"),
        ("04-28 08:40", "04-28 09:00", "gathered_for_digest"),
        ("04-28 10:00", "05-02 09:00", "gathered_for_digest"),
        ("09-30 12:00", "10-08 09:00", "gathered_for_digest"),
        ("10-03 09:00", "10-08 09:00", "outside_working_hours"),
    ],
)
def test_a_paper_goes_with_the_next_mornings_digest_that_is_not_before_it(issued: str, sent: str, held: str) -> None:
    """Nights, weekends, holidays and make-up days: to the digest of a working day, with the reason for the wait."""
    assert send_time(at(issued), SupervisionPolicy(), Desk().state) == (at(sent), held)


def test_the_supervision_order_goes_at_once_inside_working_hours() -> None:
    """It opens the work: to the lead, with a copy for each participant, and without a wait."""
    order = only(Desk(), "supervision_order")
    assert (order.send_from, order.held_because) == (START, None)
    assert (order.to, order.copies_to) == ("组织部", ("宣传部",))


@pytest.mark.parametrize("start", ["04-25 20:00", "04-29 10:00", "04-25 07:00"])
def test_a_supervision_order_of_the_night_or_of_a_day_off_waits_for_the_morning(start: str) -> None:
    """A year started on a Sunday sends nothing on that Sunday."""
    order = only(Desk(start=at(start)), "supervision_order")
    assert order.held_because == "outside_working_hours"
    assert SupervisionPolicy().within_working_hours(order.send_from, CALENDAR)


def test_the_supervision_order_lists_every_milestone_with_its_date() -> None:
    """Dates, targets, what waits for a ruling and what is to be reported in retrospect stand in it."""
    desk = Desk(
        milestone(quota=30),
        milestone(2, None, starts_on=None),
        milestone(3, date(2018, 3, 31), starts_on=None, born_late=True),
    )
    body = only(desk, "supervision_order").body
    for text in ("5（1）", "（目标30场）", "2018年5月31日前", "时限待定", "请补报", "宣传部参与"):
        assert text in body


def test_each_kind_of_paper_goes_to_whom_it_is_meant_for() -> None:
    """Reminder, urge and inspection to the lead; each order to its superior with a copy for the lead."""
    desk = lone()
    desk.run_until("07-01 00:00")
    found = {(paper.kind, paper.level, paper.to, paper.copies_to) for paper in desk.papers[1:]}
    assert found == {
        ("reminder", None, "组织部", ()),
        ("urge", None, "组织部", ()),
        ("escalation_order", "blue", "组织部主要负责人", ("组织部",)),
        ("escalation_order", "yellow", "分管领导", ("组织部",)),
        ("escalation_order", "red", "主要领导", ("组织部",)),
        ("inspection_notice", "yellow", "组织部", ()),
    }


def test_every_paper_carries_the_identity_of_its_event() -> None:
    """One event, one paper, one identity, however often it is recorded."""
    desk = Desk()
    desk.run_until("07-01 00:00")
    ids = [paper.paper_id for paper in desk.papers]
    assert len(set(ids)) == len(ids)
    assert set(ids) <= {f"key-project/2018/05a#{event.seq}" for event in desk.events}


@pytest.mark.parametrize(
    ("back", "said"),
    [("05-22 09:00", "还有7个工作日"), ("05-24 10:00", "还有5个工作日"), ("05-31 10:00", "今天是最后一天")],
)
def test_a_reminder_says_the_working_days_that_are_really_left(back: str, said: str) -> None:
    """Issued late by an engine that was away, it does not repeat a number that is over."""
    desk = Desk()
    desk.wake_at(back)
    assert said in desk.papers[-1].body


def test_a_rolled_date_is_the_one_that_papers_name() -> None:
    """Due on a Saturday and rolled to Friday, the urge speaks of Friday."""
    rules = MilestoneRules(due_roll="preceding")
    desk = lone(milestone(due_on=date(2018, 6, 30)), policy=SupervisionPolicy(rules=rules, spread_minutes=0))
    desk.run_until("07-03 00:00")
    assert only(desk, "urge").due_on == date(2018, 6, 29)
    assert "2018年6月29日" in only(desk, "urge").body


@pytest.mark.parametrize(("roll", "day"), [("none", "8月18日"), ("following", "8月20日"), ("preceding", "8月17日")])
def test_an_order_names_the_days_that_count(roll: DueRoll, day: str) -> None:
    """Whoever takes part or leads from now on reads the granted date, moved off the Saturday where the rules say so."""
    policy = WHOLE_LIFE.model_copy(update={"rules": MilestoneRules(due_roll=roll)})
    desk, granted = Desk(milestone(due_on=date(2018, 6, 29)), milestone(2, None), policy=policy), date(2018, 8, 18)
    desk.ask(request(RequestExtension, FIRST, new_due_on=granted), "05-10 10:00")
    desk.ask(request(ReviewExtension, FIRST, by=LI))
    desk.ask(request(RuleOnExtension, FIRST, by=WANG, ruling="grant", new_due_on=granted))
    desk.ask(request(ReplaceParticipant, None, department="宣传部", to="教育局"), "06-01 10:00")
    desk.ask(request(ReassignLead, None, to="司法局"))
    first, part, lead = [paper for paper in desk.papers if paper.kind == "supervision_order"]
    assert [[line.due for line in paper.duties or ()] for paper in (first, part, lead)] == [
        ["2018年6月29日", "待定"],
        *[[f"2018年{day}", "待定"]] * 2,
    ]
    assert f"第1项工作，2018年{day}前" in lead.body


def test_a_resumption_names_the_days_of_open_work_alone() -> None:
    """What is struck off has no limit any more."""
    policy = WHOLE_LIFE.model_copy(update={"rules": MilestoneRules(due_roll="preceding")})
    desk = Desk(milestone(), milestone(2, date(2018, 6, 28)), policy=policy)
    desk.ask(request(RequestCompletion), "05-09 10:00")
    desk.ask(request(AcceptCompletion, by=LI))
    desk.ask(request(StrikeOff, by=WANG))
    desk.ask(request(Suspend, None, until=None), "05-10 10:00")
    desk.ask(request(Resume, None), "05-14 10:00")
    assert desk.state.milestones[SECOND].answer_by == date(2018, 7, 2)
    told = [paper.body for paper in desk.papers if "恢复办理" in paper.body]
    assert [body[body.index("现时限") :] for body in told] == ["现时限：5（2），2018年7月2日。"]


def test_a_year_that_is_taken_back_names_the_days_that_count() -> None:
    """Moved off a Saturday where the rules say so; of what has no date, that it has none."""
    policy = WHOLE_LIFE.model_copy(update={"rules": MilestoneRules(due_roll="preceding")})
    desk = Desk(milestone(due_on=date(2019, 3, 30)), milestone(2, None), policy=policy)
    desk.ask(request(CloseYear, None, by=WANG, to_year=2019), "12-29 10:00")
    desk.ask(request(ReopenProject, None, by=WANG, confirmed_by=LI), "2019-01-03 10:00")
    body = next(paper.body for paper in desk.papers if "作废" in paper.body)
    assert "“第1项工作”（2019年3月29日前）" in body
    assert "“第2项工作”（时限待定）" in body


def test_title_marks_inside_title_marks_are_single() -> None:
    """A list that is a notice about another document, as the standard of punctuation has it."""
    desk = Desk(milestone(), header=HEADER.model_copy(update={"title": "关于印发《重点项目清单》的通知"}))
    desk.ask(request(CloseYear, None, by=WANG, to_year=2019), "12-29 10:00")
    orders = only(desk, "supervision_order"), only(desk, "closing_notice")
    assert all(paper.body.startswith("《关于印发〈重点项目清单〉的通知》第5项") for paper in orders)


def test_a_return_notice_names_the_reason_and_the_new_date() -> None:
    """What is wrong and until when."""
    desk = Desk()
    desk.ask(request(RequestCompletion), "05-31 10:00")
    desk.ask(request(ReturnForRework, reason="佐证不全。"))
    notice = only(desk, "return_notice")
    assert "佐证不全。" in notice.body
    assert notice.due_on == date(2018, 6, 7)
    assert notice.send_from == at("06-01 09:00")


def test_an_urge_in_a_round_of_rework_does_not_say_that_nothing_was_ever_asked_for() -> None:
    """The first round's urge misses the request, the second one's the repeated request."""
    first, second = lone(), lone()
    first.run_until("06-02 00:00")
    second.ask(request(RequestCompletion), "05-31 10:00")
    second.ask(request(ReturnForRework))
    second.run_until("06-09 00:00")
    assert "至今未收到办结申请" in only(first, "urge").body
    assert "至今未重新申请办结" in only(second, "urge").body


def test_an_urge_by_hand_prints_its_reason() -> None:
    """The operator's words stand on the paper."""
    desk = Desk()
    desk.ask(request(Urge, reason="省委要求提前"), MORNING)
    assert only(desk, "urge").body.endswith("现予催办：省委要求提前。")


def test_a_ladder_may_end_with_the_department_itself() -> None:
    """An order to the lead is one paper; the ledger keeps one item for each addressee."""
    rules = MilestoneRules(escalation=(EscalationStep(level="red", after_working_days=2, to="{lead}"),))
    desk = lone(policy=SupervisionPolicy(rules=rules, spread_minutes=0))
    desk.run_until("06-10 00:00")
    assert only(desk, "escalation_order").to == "组织部"


@pytest.mark.parametrize("command", [RequestCompletion, Withdraw])
def test_what_settles_a_milestone_holds_back_its_waiting_papers(command: Any) -> None:
    """Reminders and urges that wait for the morning are overtaken, with the event that did it."""
    desk = Desk(milestone(), milestone(2))
    events = desk.ask(request(command), MORNING)
    (withheld,) = withholdings_for(desk.state, events)
    assert (withheld.milestone_id, withheld.reason) == (FIRST, "settled_before_sending")
    (settled,) = (event for event in events if event.type in ("CompletionRequested", "MilestoneWithdrawn"))
    assert withheld.by_event == f"key-project/2018/05a#{settled.seq}"


def test_withdrawing_a_project_holds_back_the_papers_of_all_its_milestones() -> None:
    """One withholding for each milestone."""
    desk = Desk(milestone(), milestone(2))
    events = desk.ask(request(Withdraw, None), MORNING)
    assert [withheld.milestone_id for withheld in withholdings_for(desk.state, events)] == [FIRST, SECOND]


def test_progress_and_reviews_hold_nothing_back() -> None:
    """A report does not cancel a reminder; receipt is not an answer."""
    desk = Desk()
    assert withholdings_for(desk.state, desk.ask(request(ReportProgress), MORNING)) == ()
    desk.ask(request(RequestCompletion))
    assert withholdings_for(desk.state, desk.ask(request(AcceptCompletion))) == ()
    assert len(withholdings_for(desk.state, desk.ask(request(StrikeOff, by=WANG)))) == 1


def test_a_project_without_participants_has_no_copies() -> None:
    """The order says nothing of others."""
    alone = key_project((milestone(),)).model_copy(update={"participating_departments": ()})
    order = only(Desk(project=alone), "supervision_order")
    assert order.copies_to == ()
    assert "参与" not in order.body


def test_the_paper_that_brings_a_matter_says_its_day() -> None:
    """A department hears of its receipt, a directive's answer and an inspection's answer with the date of each."""
    desk = Desk(policy=WHOLE_LIFE)
    desk.ask(request(IssueDirective, None, by=LI, leader="书记", text="抓紧。"))
    desk.ask(request(IssueDirective, None, by=LI, leader="书记", text="再报。", answer_by=date(2018, 6, 1)))
    desk.ask(request(OpenInspection))
    desk.ask(request(ConcludeInspection, by=LI, conclusion="有差距。"))
    assert "请于2018年4月28日前签收，按时限要求办理和反馈" in only(desk, "supervision_order").body
    assert ["5月10日前反馈" in paper.body for paper in desk.papers if paper.kind == "directive"] == [True, False]
    assert "请于2018年5月3日前书面答复" in only(desk, "inspection_conclusion").body


def test_a_released_participant_gets_no_copy_of_what_becomes_of_the_milestone() -> None:
    """After it was replaced in a milestone, rulings and suspensions there go to the one that took its place."""
    desk = Desk(milestone(), milestone(2), policy=WHOLE_LIFE)
    desk.ask(request(ReplaceParticipant, department="宣传部", to="统战部"))
    desk.ask(request(RaiseDispute, by=LEAD, against="统战部"))
    desk.ask(request(RuleOnDispute, responsible="统战部"))
    desk.ask(request(Suspend))
    desk.ask(request(Suspend, SECOND))
    copies = [
        paper.copies_to for paper in desk.papers if paper.kind in ("ruling", "status_notice") and paper.to != "督查室"
    ]
    assert copies == [("统战部",), ("统战部",), ("宣传部",)]


def test_a_directive_goes_out_the_same_day() -> None:
    """Given in the afternoon it does not wait for the next morning; given in the night it waits for the office."""
    desk = Desk(policy=WHOLE_LIFE)
    desk.ask(request(IssueDirective, None, by=LI, leader="书记", text="抓紧。"), "05-09 15:00")
    desk.ask(request(IssueDirective, None, by=LI, leader="书记", text="再抓紧。"), "05-09 22:00")
    by_day, by_night = [paper for paper in desk.papers if paper.kind == "directive"]
    assert (by_day.send_from, by_day.held_because) == (at("05-09 15:00"), None)
    assert (by_night.send_from, by_night.held_because) == (at("05-10 09:00"), "outside_working_hours")


def test_a_red_order_tells_what_went_before() -> None:
    """The urge and the lower orders stand in it with their days; the first paper of a ladder has nothing before it."""
    desk = lone()
    desk.run_until("07-01 00:00")
    orders = {paper.level: paper.before for paper in desk.papers if paper.kind == "escalation_order"}
    before = orders["red"]
    assert before is not None
    assert [line.partition("日")[2] for line in before] == [
        "催办",
        "发蓝色督办单至组织部主要负责人",
        "发黄色督办单至分管领导",
    ]
    assert orders["blue"] == before[:1]


def test_quotation_marks_inside_quotation_marks_are_single_ones() -> None:
    """A title that has some is quoted as the standard of punctuation has it."""
    quoting = key_project((milestone(),)).having(title="“千校万岗”行动")
    desk = Desk(project=quoting)
    assert "“‘千校万岗’行动”" in only(desk, "supervision_order").body


def test_an_order_has_each_milestone_in_its_table() -> None:
    """Number as the list prints it with its place in the row, what, who and until when."""
    desk = Desk(milestone(quota=30), milestone(2, None, starts_on=None))
    duties = only(desk, "supervision_order").duties
    assert duties is not None
    assert [(line.number, line.who, line.due) for line in duties] == [
        ("5（1）", "组织部、宣传部", "2018年5月31日"),
        ("5（2）", "组织部、宣传部", "待定"),
    ]
    assert duties[0].what.endswith("（目标30场）")


def test_a_number_has_the_year_of_issue() -> None:
    """What an order of the old year's list is called when it goes out in January."""
    desk = lone()
    desk.ask(request(Urge, by=LI, reason="年后仍未办结"), "2019-01-04 10:00")
    assert desk.papers[-1].year == 2019


def test_a_closed_year_is_told_once_for_a_row_with_what_becomes_of_each_milestone() -> None:
    """One notice with a table, however many milestones; copies to those who take part."""
    desk = attentive(milestone(), milestone(2))
    desk.run_until("12-31 00:00")
    before = len(desk.papers)
    desk.ask(request(CloseYear, to_year=2019, reason="跨年度实施", ended=(SECOND,)), "12-31 10:00")
    (notice,) = [paper for paper in desk.papers[before:] if "结转" in paper.body or "终结" in paper.body]
    assert (notice.kind, notice.to) == ("closing_notice", "组织部")
    assert notice.duties is not None
    assert {each.number: each.due for each in notice.duties}["5（2）"] == "裁定终结"
    assert "裁定终结1项" in notice.body
    assert f"结转至2019年继续督办{len(notice.duties) - 1}项" in notice.body


def test_what_an_inspector_finds_is_the_inspectors_own_record() -> None:
    """The department is told of the inspection and of its conclusion; the record of findings goes to nobody outside."""
    desk = Desk()
    desk.ask(request(OpenInspection, reason="群众来信反映"), "05-02 10:00")
    desk.ask(request(RecordFinding, text="台账不全"), "05-03 10:00")
    told, record = desk.papers[-2:]
    assert (told.kind, told.to) == ("inspection_notice", "组织部")
    assert (record.kind, record.to, record.copies_to) == ("inspection_record", "督查室", ())
    assert "查明：台账不全" in record.body
