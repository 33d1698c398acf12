"""What comes next after an act that holds something up, or begins an inspection: said to whoever gave it."""

from __future__ import annotations

from datetime import date

import pytest

from domain.actors import department
from domain.acts.commands import (
    AnswerDirective,
    ConcludeInspection,
    IssueDirective,
    OpenInspection,
    RequestCompletion,
    RequestExtension,
    Resume,
    ReturnForRework,
    ReviewExtension,
    RuleOnExtension,
    SignReceipt,
    SilenceNotices,
    Suspend,
    Urge,
)
from domain.seeing.what_is_next import what_happened, what_is_next
from tests.domain.samples import FIRST, WANG, WHOLE_LIFE, Desk, attentive, milestone, request


@pytest.mark.parametrize("where", [FIRST, None])
@pytest.mark.parametrize(
    ("until", "says"),
    [(date(2018, 5, 20), "2018-05-20 后自动恢复"), (None, "由督查人员恢复")],
)
def test_a_suspension_says_what_stands_still_and_until_when(where: str | None, until: date | None, says: str) -> None:
    """Of a milestone and of the whole project, with a day and without."""
    desk = attentive()
    desk.ask(request(Suspend, where, until=until), "05-09 10:00")
    assert f"中止期间不计时、不催办，{says}" in what_is_next(desk.state, where, None)


def test_held_notices_say_until_when_and_that_the_clock_runs() -> None:
    """Nobody takes a silence for a suspension."""
    desk = attentive()
    desk.ask(request(SilenceNotices, until=date(2018, 5, 20)), "05-09 10:00")
    assert "至 2018-05-20 不发通知，照常计逾期" in what_is_next(desk.state, FIRST, None)


def test_an_inspection_says_what_the_supervisors_do_next() -> None:
    """First findings and a conclusion; then the department's answer, which has its limit."""
    desk: Desk = attentive()
    desk.ask(request(OpenInspection), "05-09 10:00")
    assert "督查室登记发现的问题，作出督查结论" in what_is_next(desk.state, FIRST, None)
    desk.ask(request(ConcludeInspection, rectify=False), "05-10 10:00")
    told = what_is_next(desk.state, FIRST, None)
    assert "登记发现的问题" not in told
    assert "组织部于 2018-05-17 前答复督查结论" in told


def test_each_owner_has_one_line_with_all_its_days() -> None:
    """After a conclusion that asks for rectification the lead's name stands once."""
    desk = attentive()
    desk.ask(request(OpenInspection), "05-09 10:00")
    desk.ask(request(ConcludeInspection, rectify=True, rectify_by=date(2018, 5, 25)), "05-10 10:00")
    told = what_is_next(desk.state, FIRST, None)
    assert told == "组织部于 2018-05-17 前答复督查结论，于 2018-05-25 前报告整改，于 2018-05-31 前申请办结。"


def test_who_reviewed_an_extension_is_not_asked_to_rule_on_it() -> None:
    """The next step names who must not do it, before anybody is refused."""
    desk = attentive()
    desk.ask(request(RequestExtension, new_due_on=date(2018, 6, 20)), "05-09 10:00")
    desk.ask(request(ReviewExtension, recommended_due_on=None), "05-10 10:00")
    assert "批复延期（由李以外的人办理）" in what_is_next(desk.state, FIRST, None)


def test_of_a_whole_project_the_next_duty_is_named_and_nothing_while_it_stands_still() -> None:
    """A day alone says neither who nor what; a suspended project has no day that comes."""
    desk = attentive()
    assert f"组织部于 2018-05-31 前申请 {FIRST} 办结" in what_is_next(desk.state, None, "组织部")
    desk.ask(request(Suspend, None, until=None), "05-09 10:00")
    assert "申请办结" not in what_is_next(desk.state, None, None)


def test_an_urge_says_which_receipts_are_missing_in_its_milestone() -> None:
    """Of the lead and of who takes part in it, with their day, until each has signed; nobody else's."""
    desk = Desk(policy=WHOLE_LIFE)
    desk.run_until("05-02 09:00")
    desk.ask(request(Urge), "05-02 10:00")
    owed = [limit.owner for limit in desk.state.limits.values() if limit.kind == "receipt"]
    here = [desk.state.lead, *desk.state.milestones[FIRST].parts]
    told = what_is_next(desk.state, FIRST, None)
    assert set(here) <= set(owed)
    assert [each for each in owed if each in told] == [each for each in owed if each in here]
    assert "签收" in told
    for each in here:
        desk.ask(request(SignReceipt, None, by=department(each)), "05-02 11:00")
    assert "签收" not in what_is_next(desk.state, FIRST, None)


def test_an_urge_says_when_it_goes_out_and_a_clock_that_excused_nothing_is_not_told() -> None:
    """What an act brought is what matters to somebody."""
    desk = attentive()
    assert what_happened(desk.ask(request(Urge), "05-09 10:00"))[1] == "催办单随下一次发文送达"
    desk.ask(request(RequestCompletion), "05-09 11:00")
    told = what_happened(desk.ask(request(ReturnForRework), "05-11 12:00"))
    assert len(told) == 1
    assert told[0].startswith("退办：")


def test_what_was_over_before_it_was_given_has_a_date_once_it_is_sent_back() -> None:
    """Until then nobody set one; a return for rework does."""
    desk = attentive(milestone(due_on=date(2018, 4, 20), born_late=True))
    assert what_is_next(desk.state, FIRST, None) == "组织部补报：申请办结，写明实际完成日期。"
    desk.ask(request(RequestCompletion, done_on=date(2018, 4, 20)), "05-09 11:00")
    desk.ask(request(ReturnForRework), "05-09 12:00")
    day = desk.state.milestones[FIRST].answer_by
    assert what_is_next(desk.state, FIRST, None) == f"组织部于 {day} 前补报：申请办结，写明实际完成日期。"


def test_what_a_whole_project_gets_back_is_one_line() -> None:
    """Not one line for each milestone, which would not say which; and what is due on one day is named together."""
    desk = attentive(milestone(), milestone(ordinal=2))
    stopped = what_happened(desk.ask(request(Suspend, None, until=None), "05-09 10:00"))
    assert [line for line in stopped if "计时" in line] == ["计时停止（中止），共2个节点"]
    told = what_happened(desk.ask(request(Resume, None), "05-11 10:00"))
    assert [line for line in told if "计时" in line] == ["2个节点恢复计时，时限各按停止的工作日顺延"]
    assert "申请 2018-05a-01、2018-05a-02 办结" in what_is_next(desk.state, None, "组织部")


def test_whose_directive_was_answered_is_said() -> None:
    """Of two leaders' directives the number alone does not say which."""
    desk = attentive()
    desk.ask(request(IssueDirective, leader="张书记", text="抓紧", answer_by=None), "05-09 10:00")
    events = desk.ask(request(AnswerDirective, text="已办", directive=None), "05-10 10:00")
    assert any(line.startswith("答的是张书记的第") for line in what_happened(events, desk.events))


def test_a_date_that_is_over_is_no_day_until_which_to_act() -> None:
    """It stands first, and says that it is over."""
    desk = attentive()
    desk.run_until("06-04 12:00")
    assert "组织部尽快申请办结（时限 2018-05-31 已过）" in what_is_next(desk.state, FIRST, None)
    unsigned = Desk(milestone())
    unsigned.run_until("05-09 12:00")
    assert "组织部尽快签收（时限 2018-04-28 已过）" in what_is_next(unsigned.state, None, "组织部")


def test_who_signed_for_one_milestone_is_told_how_many_are_left() -> None:
    """Who has just signed would ask why he is to sign again."""
    desk = Desk(milestone(), milestone(ordinal=2), milestone(ordinal=3))
    desk.ask(request(SignReceipt), "04-26 10:00")
    assert "组织部于 2018-04-28 前签收其余2个节点" in what_is_next(desk.state, FIRST, "组织部")
    desk.ask(request(SignReceipt, None), "04-26 11:00")
    assert "签收" not in what_is_next(desk.state, FIRST, "组织部")


def test_what_was_asked_about_an_extension_stands_before_what_is_due() -> None:
    """The lead adds to its request before anything else."""
    desk = attentive()
    desk.ask(request(RequestExtension, new_due_on=date(2018, 6, 20)), "05-09 10:00")
    desk.ask(request(ReviewExtension, recommended_due_on=None), "05-10 10:00")
    desk.ask(request(RuleOnExtension, ruling="ask_more", by=WANG), "05-10 11:00")
    assert what_is_next(desk.state, FIRST, None).startswith("组织部补充延期说明，于 ")
