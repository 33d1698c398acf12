"""The story's year with one thing otherwise: each rule of an office's life as a sentence, worked out by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from domain.actors import Actor, department
from domain.acts.commands import (
    AcceptCompletion,
    AssessConfidence,
    Command,
    DecomposeDuty,
    IssueDirective,
    ReassignLead,
    ReportProgress,
    RequestCompletion,
    RequestExtension,
    SignReceipt,
)
from domain.acts.rejections import EmptyReportError
from domain.events import InspectionNotOpened, InspectionOpened, PaceWarningIssued
from domain.lists.sub_duties import sub_duties_of, sub_duty_row
from domain.rules.life_cycle_overrides import LifeCycleOverride, LifeCyclesOf
from domain.rules.of_sub_duties import rules_below
from domain.rules.policy import SupervisionPolicy
from domain.rules.score_rules import ScoreRules
from domain.rungs.wakeups import wake
from domain.scoring.table import score_table
from domain.seeing.register_rows import registered
from domain.seeing.stage_words import stage_word
from domain.seeing.sub_duties import sub_duties_seen
from domain.seeing.views import MilestoneView, view_of
from entrypoints.bootstrap.plan_files import load_plan
from tests.domain.acts.test_decisions import refuse
from tests.domain.samples import Desk, at, request
from tests.story.script import ACTS, EXAMPLE, GRASSROOTS, JULY, LEAD, LI, MAY_JUNE, OCTOBER, PROJECT, QUOTA, WANG, Act
from tests.story.test_closed_by_accident import YEAR

_NAMES = ("杭州", "宁波", "温州", "湖州", "嘉兴", "绍兴", "金华", "衢州", "舟山", "台州", "丽水")
CITIES = tuple(f"{name}团市委" for name in _NAMES)


def told(until: str, *, without: Iterable[str] = (), policy: SupervisionPolicy | None = None) -> Desk:
    """The story's project on the core up to an instant, without what is done about some of its milestones."""
    project = next(each for each in load_plan(EXAMPLE).projects if each.project_id == PROJECT)
    desk, left_out = Desk(policy=policy or SupervisionPolicy(), project=project), set(without)
    for act in sorted(ACTS, key=lambda each: each.at):
        if act.at < at(until) and act.refused is None and not _is_about(act, left_out):
            desk.ask(act.command, act.at)
    desk.run_until(until)
    return desk


def _is_about(act: Act, milestones: set[str]) -> bool:
    return getattr(act.command, "milestone_id", None) in milestones


def does(desk: Desk, when: str, command: type[Command], milestone_id: str | None, by: Actor, **facts: Any) -> None:
    """One act more."""
    desk.ask(request(command, milestone_id, by=by, **facts), when)


def shown(desk: Desk, milestone_id: str) -> MilestoneView:
    """A milestone as the register shows it now."""
    return next(each for each in view_of(desk.state, desk.now).milestones if each.milestone_id == milestone_id)


def test_october_s_work_done_in_september_is_accepted_as_early_and_earns_its_points() -> None:
    """Its window opens on 1 October: asked for on 20 September it is early, eleven days at least before its date."""
    desk = told("09-20 10:00", without={OCTOBER})
    does(desk, "09-20 10:30", RequestCompletion, OCTOBER, GRASSROOTS, text="经验材料已编印")
    does(desk, "09-20 11:00", RequestCompletion, OCTOBER, LEAD, text="推广宣传已完成")
    does(desk, "09-21 10:00", AcceptCompletion, OCTOBER, LI)
    rows = [row for row in registered(desk.state, desk.now).duties if row.milestone_id == OCTOBER]
    assert [(row.department, row.early, "提前" in row.explanation) for row in rows] == [
        ("组织部", True, True),
        ("基层工作部", True, True),
    ]
    table = score_table([desk.events], ScoreRules(), YEAR, YEAR.to_on)
    points = [point for row in table.departments for point in row.points if point.milestone_id == OCTOBER]
    assert ("early", 3) in {(point.rule, point.points) for point in points}


@pytest.mark.parametrize(
    ("look", "milestone_id", "light", "word"),
    [
        ("04-27 12:00", MAY_JUNE, "green", "未到期"),
        ("05-02 12:00", MAY_JUNE, "yellow", "未签收"),  # the receipt's limit was 28 April, a working Saturday
        ("07-27 16:00", JULY, "yellow", "未反馈"),  # silent past the middle of its month
        ("08-31 12:00", QUOTA, "yellow", "序时落后"),  # 60 of 300, when 31 of 61 days are over
    ],
)
def test_a_light_says_what_is_known_and_never_that_all_is_well(
    look: str, milestone_id: str, light: str, word: str
) -> None:
    """Unsigned, silent and behind are lights, each by its own word."""
    view = shown(told(look), milestone_id)
    assert (view.light, word in view.explanation, "正常" in view.explanation) == (light, True, False), view.explanation


def test_a_new_lead_takes_over_directive_and_inspection_and_an_extension_lapses() -> None:
    """July's inspection was concluded the day before: one order tells the new lead and the old what goes over."""
    desk = told("09-05 14:00")
    does(desk, "09-05 15:00", IssueDirective, None, WANG, leader="省委副书记", text="推进会要开出实效。")
    does(
        desk, "09-05 16:00", RequestExtension, QUOTA, LEAD,
        reason="试点单位换届", new_due_on=date(2018, 10, 31), progress="已督查60家",
    )  # fmt: skip
    before = len(desk.papers)
    does(desk, "09-06 16:00", ReassignLead, None, WANG, to="学校部", reason="职能调整")
    (order,) = [each for each in desk.papers[before:] if each.kind == "supervision_order"]
    assert (order.to, "组织部" in order.copies_to) == ("学校部", True)
    for words in (
        "督查结论的答复（节点1（4），2018年9月12日前）",
        "督查整改（节点1（4），2018年9月19日前）",
        "领导批示的落实反馈（整个项目，2018年9月19日前）",
        "组织部提出的延期申请（节点1（5））不再审理，确需延期的由学校部重新申请",
        "由学校部牵头、基层工作部参与",
    ):
        assert words in order.body


@pytest.mark.parametrize("text", ["。", "无"])
def test_a_report_that_says_nothing_is_refused(text: str) -> None:
    """Of the 300 only a dot: refused with what is asked for; signed alone, the milestone says 已签收."""
    desk = told("08-28 14:00")
    error = refuse(desk, EmptyReportError, request(ReportProgress, QUOTA, by=LEAD, text=text, quantity=60), None)
    assert "请写明做了什么" in error.text
    (row, _) = [row for row in registered(desk.state, desk.now).duties if row.milestone_id == QUOTA]
    assert (stage_word(row.stage, signed=row.signed), "已签收" in row.explanation) == ("已签收", False)


@pytest.mark.parametrize(("elsewhere", "opened"), [(0, True), (1, True), (2, False)])
def test_july_s_inspection_is_not_opened_where_the_lead_has_two_in_other_projects(elsewhere: int, opened: bool) -> None:
    """The yellow order of 30 August opens it, unless the department's month is full over all its projects."""
    desk = told("08-30 08:00")
    found = []
    for minute in range(30, 60):
        found += [type(each) for each in wake(desk.state, at(f"08-30 08:{minute}"), elsewhere)]
    assert (InspectionOpened in found, InspectionNotOpened in found) == (opened, not opened)


def test_a_project_has_its_own_pace() -> None:
    """Warned at a quarter of the window instead: sixteen of 61 days, 78 of 300, in the place of 31 August's 152."""
    own = LifeCyclesOf(projects={PROJECT: LifeCycleOverride(pace_warnings_at_percent=(25,))})
    policy = SupervisionPolicy(life_cycle_of=own).for_project(PROJECT, None)
    warned = told("10-01 12:00", policy=policy).of(PaceWarningIssued)
    assert [(f"{each.decided_at:%m-%d}", each.percent, each.scheduled) for each in warned] == [("08-16", 25, 78)]


def test_the_300_are_given_to_eleven_cities_and_counted_upwards() -> None:
    """Each city has a duty with an order of its own; one report later the lead sees eleven parts and what one did."""
    desk = told("08-06 10:00")
    does(desk, "08-06 10:30", DecomposeDuty, QUOTA, LEAD, units=CITIES, quantity=25)
    below = [
        Desk(
            policy=rules_below(desk.state.policy, milestone_id, part.by),
            project=sub_duty_row(desk.state, milestone_id, part),
            start=desk.now,
        )
        for milestone_id, part in sub_duties_of(desk.state)
    ]
    assert [(city.papers[0].kind, city.papers[0].to) for city in below] == [("supervision_order", to) for to in CITIES]
    first = below[0]
    does(first, "08-07 10:00", SignReceipt, None, department(CITIES[0]))
    (own,) = first.state.milestones
    does(first, "08-20 10:00", ReportProgress, own, department(CITIES[0]), text="已督查10家", quantity=10)
    views = {city.state.project_id: view_of(city.state, city.now) for city in below}
    (seen,) = sub_duties_seen(desk.state, views, date(2018, 8, 20))
    assert (seen.milestone_id, seen.parts, seen.done, seen.unsigned, seen.quantity) == (QUOTA, 11, 0, 10, 10)


def test_a_reviewer_s_word_stands_beside_the_yellow_light_and_two_steps_apart_it_is_told() -> None:
    """On 31 August 60 of 300 is yellow, which says three; 李明 says one, and the light stays what it is."""
    desk = told("08-31 10:00")
    does(desk, "08-31 11:00", AssessConfidence, QUOTA, LI, step=1, reason="试点单位多未启动")
    view = shown(desk, QUOTA)
    assert view.confidence is not None
    assert (view.light, view.confidence.step, view.confidence.by) == ("yellow", 1, "operator:李明")
    assert view.confidence_differs


def test_no_act_of_the_story_can_bear_a_classification_mark() -> None:
    """Whatever text it has: refused where it is made, before anything reads it."""
    refused = 0
    for act in ACTS:
        facts = act.command.model_dump()
        for name in {"text", "reason", "opinion", "note", "conclusion"} & facts.keys():
            if facts[name]:
                with pytest.raises(ValidationError, match="no_classified_content"):
                    type(act.command)(**{**dict(act.command), name: f"机密★10年 {facts[name]}"})
                refused += 1
    assert refused > 40
