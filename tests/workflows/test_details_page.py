"""The page of a project in the engine's own Web UI: participants under their own lights, and what waits."""

from __future__ import annotations

from domain.acts.commands import IssueDirective, ReplaceParticipant, RequestExtension, Suspend
from domain.rungs.limits import LIMIT_WORDS
from domain.seeing.stage_words import light_mark, stage_word
from domain.seeing.views import view_of
from tests.domain.samples import (
    FIRST,
    LEAD,
    LI,
    PARTICIPANT,
    PROJECT,
    WHOLE_LIFE,
    Desk,
    key_project,
    lone,
    milestone,
    request,
)
from workflows.details_page import details_page


def test_the_page_shows_participants_and_open_matters() -> None:
    """Each participant with its own light; each matter with whom it waits for and until when; a suspension first."""
    desk = Desk(policy=WHOLE_LIFE)
    desk.ask(
        request(RequestExtension, FIRST, by=LEAD, reason="x", new_due_on="2018-06-29", progress="x"), "04-26 10:00"
    )
    desk.ask(request(Suspend, None, by=LI, reason="机构改革"))
    page = details_page(desk.state, desk.now)
    assert f"🟢{PARTICIPANT.department}" in page or f"⚪{PARTICIPANT.department}" in page
    lines = page[page.index("**待办**") :].splitlines()
    assert lines[2] == "- 整个项目自2018-04-26起中止：机构改革"
    assert f"- {FIRST} 延期初审：督查室，2018-05-02前" in lines


def test_the_page_has_the_register_s_row_and_a_line_for_each_milestone() -> None:
    """Word for word what the register says, so that nobody reads two truths; a bar in a text breaks no column."""
    barred = milestone(2).model_copy(update={"description": "甲|乙"})
    desk = Desk(milestone(), barred, policy=WHOLE_LIFE)
    desk.run_until("05-09 12:00")
    desk.ask(request(ReplaceParticipant, f"{PROJECT}-02", by=LI, department=PARTICIPANT.department, reason="职责调整"))
    view = view_of(desk.state, desk.now)
    head, _, described, _, explained, _, *table = details_page(desk.state, desk.now).splitlines()
    assert head == f"## {light_mark(view.light)} {PROJECT} {view.title}"
    assert described == f"牵头：组织部；参与：宣传部；{stage_word(view.stage)}，最近时限 {view.next_due_on}"
    assert explained == view.explanation
    assert table[:2] == ["| 节点 | 灯 | 状态 | 时限 | 参与部门 | 内容 |", "|---|---|---|---|---|---|"]
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in table[2:4]]
    assert rows == [
        [
            each.milestone_id,
            light_mark(each.light),
            stage_word(each.stage),
            str(each.answer_by or "待定"),
            "、".join(f"{light_mark(p.light)}{p.department}" for p in each.participants if p.stage != "released"),
            each.description.replace("|", "｜"),
        ]
        for each in view.milestones
    ]
    assert [bool(row[4]) for row in rows] == [True, False]
    assert table[-1] == "截至 2018-05-09 12:00"


def test_several_participants_are_named_one_after_the_other() -> None:
    """In the head by name, at the milestone each under its own light."""
    project = key_project((milestone(),)).model_copy(update={"participating_departments": ("宣传部", "学校部")})
    desk = Desk(policy=WHOLE_LIFE, project=project)
    head, row = (details_page(desk.state, desk.now).splitlines()[at] for at in (2, 8))
    assert head.startswith("牵头：组织部；参与：宣传部、学校部；")
    (shown,) = view_of(desk.state, desk.now).milestones
    assert f" | {'、'.join(light_mark(p.light) + p.department for p in shown.participants)} | " in row
    assert row.count("、") == 1


def test_a_project_of_one_department_without_a_date_is_said_as_such() -> None:
    """No participants are 无; a milestone without a date is 待定, and no due date is named."""
    desk = lone(milestone(due_on=None, starts_on=None))
    page = details_page(desk.state, desk.now)
    assert page.splitlines()[2].endswith(f"；参与：无；{stage_word(view_of(desk.state, desk.now).stage)}")
    assert f"| {FIRST} | ⚪ | 已交办 | 待定 |  |" in page


def test_what_concerns_the_whole_project_and_what_waits_for_a_person_are_named() -> None:
    """A directive on the project, and an undecided rung, are lines of their own, each matter once."""
    desk = Desk(policy=WHOLE_LIFE)
    desk.ask(request(IssueDirective, None, by=LI, leader="张", text="抓紧"))
    view = view_of(desk.state, desk.now)
    page = details_page(desk.state, desk.now)
    lines = page[page.index("**待办**") :].splitlines()[2:]
    assert lines[: len(view.limits)] == [
        f"- {each.milestone_id or '整个项目'} {LIMIT_WORDS[each.kind]}：{each.owner}，{each.due_on}前"
        for each in view.limits
    ]
    assert any(line.startswith("- 整个项目 领导批示的落实反馈：") for line in lines)


def test_a_page_without_open_matters_has_no_such_list() -> None:
    """Once the receipts are signed nothing waits beside the due dates."""
    desk = lone()
    *_, last_row, between, end = details_page(desk.state, desk.now).splitlines()
    assert (last_row[:2], between, end) == ("| ", "", f"截至 {desk.now:%Y-%m-%d %H:%M}")
