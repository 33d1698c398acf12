"""What papers say, as whoever gets them reads it."""

from __future__ import annotations

from datetime import date

from domain.acts.commands import ConcludeInspection, IssueDirective, OpenInspection, PublishBulletin, ReassignLead
from tests.domain.samples import FIRST, LI, SECOND, Desk, milestone, request


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
