"""What papers say, as whoever gets them reads it."""

from __future__ import annotations

from datetime import date

from domain.acts.commands import (
    ConcludeInspection,
    DeclineAssignment,
    InsistOnAssignment,
    IssueDirective,
    OpenInspection,
    PublishBulletin,
    RaiseDispute,
    ReassignLead,
    RequestExtension,
    Resume,
    ReviewExtension,
    RuleOnDispute,
    RuleOnExtension,
    Suspend,
)
from entrypoints.core_sentences import paper_said
from tests.domain.samples import FIRST, LI, PARTICIPANT, SECOND, WANG, Desk, milestone, request


def last(desk: Desk, kind: str) -> str:
    """The text of the last paper of a kind."""
    return [paper.body for paper in desk.papers if paper.kind == kind][-1]


def test_a_leader_s_words_stand_between_marks() -> None:
    """What the office asks for behind them is none of his."""
    desk = Desk()
    desk.ask(request(IssueDirective, None, by=LI, leader="书记", text="请“专班”抓紧"))
    assert "批示：“请‘专班’抓紧。”请于" in last(desk, "directive")


def test_an_inspection_is_announced_in_a_whole_sentence() -> None:
    """Whose duty, its limit and the occasion, and what to have ready."""
    desk = Desk()
    desk.ask(request(OpenInspection, reason="群众来信"))
    told = last(desk, "inspection_notice")
    assert told.startswith("现对组织部承办的重点项目")
    assert told.endswith("开展督查。督查事由：群众来信。请准备工作台账和佐证材料，配合督查，具体时间另行告知。")


def test_the_day_on_a_conclusion_s_form_is_that_of_the_answer() -> None:
    """What is put right later has its day in the text."""
    desk = Desk()
    desk.ask(request(OpenInspection))
    desk.ask(request(ConcludeInspection, by=LI, conclusion="有差距", rectify=True))
    paper = next(each for each in desk.papers if each.kind == "inspection_conclusion")
    limit = desk.state.open_limit("inspection_answer", FIRST)
    assert limit is not None
    assert paper.due_on == limit.due_on
    assert "前书面答复，并于" in paper.body


def test_what_goes_over_with_a_lead_is_said_once_for_a_day() -> None:
    """Answers of two milestones that are due together stand together, and the basis behind what changes."""
    desk = Desk(milestone(), milestone(2, date(2018, 8, 31)))
    for each in (FIRST, SECOND):
        desk.ask(request(OpenInspection, each))
        desk.ask(request(ConcludeInspection, each, by=LI, conclusion="有差距"))
    desk.ask(request(ReassignLead, to="学校部", reason="职能调整（见会议纪要）"))
    told = last(desk, "supervision_order")
    assert "督查结论的答复（节点5（1）、节点5（2），" in told
    assert "变更依据：职能调整（见会议纪要）。" in told


def test_an_order_asks_behind_its_list_for_what_was_over_before_it() -> None:
    """So it is asked for where a table stands in the list's place too."""
    desk = Desk(milestone(), milestone(2, date(2018, 3, 31), starts_on=None, born_late=True))
    assert "前。已到期的5（2），请补报实际完成情况和日期。请于" in last(desk, "supervision_order")


def test_a_bulletin_says_of_what_it_is() -> None:
    """Who is criticised, and for which duty."""
    desk = Desk()
    desk.ask(request(PublishBulletin, None, kind="criticism", department="组织部", text="推进不力"))
    assert last(desk, "bulletin").startswith("现对组织部办理重点项目“")
    assert last(desk, "bulletin").endswith("的情况予以通报批评：推进不力。")


def notices(desk: Desk) -> list[tuple[str, tuple[str, ...], str]]:
    """To whom each notice of a later day went, copies included, and what it says after its reason."""
    return [
        (paper.to, paper.copies_to, paper.body.partition("，停止期间")[2])
        for paper in desk.papers
        if paper.kind == "status_notice" and "计时恢复" in paper.body
    ]


def test_a_participant_is_told_of_the_day_that_a_ruling_moves_for_all() -> None:
    """Two days were excused for the ruling: the lead's new day stands in it, the participant's in a notice."""
    desk = Desk()
    desk.ask(request(RequestExtension, new_due_on=date(2018, 6, 29)), "05-07 10:00")
    desk.ask(request(ReviewExtension, by=LI))
    desk.ask(request(RuleOnExtension, by=WANG, ruling="refuse"), "05-09 10:00")
    assert "请于2018年6月4日前完成" in last(desk, "ruling")
    said = "不计入办理时间，现时限：宣传部办理节点5（1）为2018年6月4日。请按此时限办理。"
    assert notices(desk) == [("宣传部", (), said)]
    (told,) = [each.body for each in desk.papers if "计时恢复" in each.body]
    assert paper_said(told) == (
        "The clock of key project “挂兼职干部” goes on (extension to be ruled on); the time for which it stood still "
        "does not count. The time limits are now: "
        "宣传部, milestone 5(1): 4 June 2018. Please keep to these time limits."
    )


def test_who_is_told_of_its_day_by_the_ruling_gets_no_notice_of_it() -> None:
    """A granted date is that of all; an amendment tells all days; a suspension names each one that differs."""
    desk = Desk()
    desk.ask(request(RequestExtension, new_due_on=date(2018, 6, 29)), "05-07 10:00")
    desk.ask(request(ReviewExtension, by=LI, recommended_due_on=date(2018, 6, 29)))
    desk.ask(request(RuleOnExtension, by=WANG, ruling="grant", new_due_on=date(2018, 6, 29)), "05-09 10:00")
    assert notices(desk) == []
    desk.ask(request(DeclineAssignment, None, by=PARTICIPANT))
    desk.ask(request(InsistOnAssignment, None, department="宣传部"), "05-11 10:00")
    assert notices(desk) == [
        ("宣传部", (), "不计入办理时间，现时限：宣传部办理节点5（1）为2018年7月3日。请按此时限办理。")
    ]
    desk.ask(request(Suspend))
    desk.ask(request(Resume), "05-14 10:00")
    assert "现时限：5（1），2018年7月2日；宣传部办理节点5（1）为2018年7月4日。" in last(desk, "status_notice")


def test_a_day_that_is_over_when_the_notice_is_read_is_not_told() -> None:
    """Ruled on the evening of the day on which the work is due: the notice would come the morning after."""
    desk = Desk(milestone(1, date(2018, 5, 7)))
    desk.ask(request(RaiseDispute, by=PARTICIPANT, against="组织部"), "05-07 09:30")
    desk.ask(request(RuleOnDispute, responsible="组织部"), "05-08 19:00")
    assert desk[FIRST].answer_by == date(2018, 5, 8)
    assert notices(desk) == []


def test_a_dispute_s_end_tells_everybody_his_day() -> None:
    """Who is responsible stands in the ruling; until when, for both, in one notice."""
    desk = Desk()
    desk.ask(request(RaiseDispute, by=PARTICIPANT, against="组织部"), "05-07 10:00")
    desk.ask(request(RuleOnDispute, responsible="组织部"), "05-09 10:00")
    day = "节点5（1）为2018年6月4日"
    said = f"不计入办理时间，现时限：组织部办理{day}；宣传部办理{day}。请按此时限办理。"
    assert notices(desk) == [("组织部", ("宣传部",), said)]
