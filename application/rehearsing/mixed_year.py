"""A mixed year of a rehearsal: each row goes another way, and between them every kind of paper goes out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Final, Literal

from domain.actors import department, operator
from domain.acts import commands as c
from domain.ids import MilestoneId
from domain.state import ProjectState

Way = Literal["returned", "asks", "silent", "urged"]
WAYS: Final[tuple[Way, ...]] = ("returned", "asks", "silent", "urged")
"""How the rows of a mixed year go, in turn: work comes back once; the lead is late, asks for another date and has a
leader's directive; nobody answers until the year is closed; an urge by hand, and praise before the end."""
RETURNED: Final = "佐证材料不全，请补充会议纪要和现场照片后再报"
_REVIEWER, _DECIDER = operator("审核员"), operator("销号员")
Given = tuple[date, time, c.AnyCommand]
"""On which day, when, and what."""


def acts_of_the_office(state: ProjectState, way: Way, begin: date) -> Iterator[Given]:
    """What the office does beside its reviews, and what it answers to; what a row's own days refuse is left out by who
    plays it."""
    dated = [(due_on, key) for key, each in state.milestones.items() if (due_on := each.approved_due_on) is not None]
    to_come = sorted((due_on, key) for due_on, key in dated if due_on > begin)
    if not to_come:
        return
    calendar, lead, first, last = state.calendar, state.lead, to_come[0][1], to_come[-1]
    request = f"rehearsal-{state.project_id}"

    def after(working_days: int, hour: int, command: c.AnyCommand) -> Given:
        return calendar.working_day(begin, working_days), time(hour), command

    if way == "asks":
        leader, told = "分管领导", "此项工作社会关注度高，请牵头部门倒排工期、抓紧落实，进展及时报告"
        directive = c.IssueDirective(request_id=f"{request}-d", by=_REVIEWER, leader=leader, text=told)
        yield after(4, 15, directive)
        yield from _extension(state, last, request, begin)
    elif way == "silent":
        yield from (after(*given) for given in _inspection(first, request))
        criticism = "重点工作长期无进展，督办后仍未反馈，要深刻检查、立即整改"
        yield after(
            30,
            10,
            c.PublishBulletin(
                request_id=f"{request}-b", by=_DECIDER, kind="criticism", department=lead, text=criticism
            ),
        )
        closes = calendar.working_day(state.policy.mass_acts.close_year_from(state.year), 1)
        reason = "因机构改革推迟启动，未完成的任务跨年度实施"
        close = c.CloseYear(request_id=f"{request}-y", by=_DECIDER, to_year=state.year + 1, reason=reason)
        yield closes, time(10), close
    elif way == "urged":
        urge = c.Urge(request_id=f"{request}-u", by=_REVIEWER, milestone_id=first, reason="进度慢于计划，请说明原因")
        yield after(2, 15, urge)
        praise = "行动迅速、措施有力，各项任务均按时间节点推进"
        yield (
            # Of a row whose last milestone is struck off nothing more is published.
            max(calendar.working_day(begin, 3), calendar.working_day(last[0], -5)),
            time(10),
            c.PublishBulletin(request_id=f"{request}-b", by=_DECIDER, kind="praise", department=lead, text=praise),
        )


def _inspection(milestone_id: MilestoneId, request: str) -> Iterator[tuple[int, int, c.AnyCommand]]:
    """Opened, recorded and concluded, with a day by which it is put right."""
    reason = "群众来信反映该项工作尚未启动"
    yield 6, 9, c.OpenInspection(request_id=f"{request}-i", by=_REVIEWER, milestone_id=milestone_id, reason=reason)
    found = "查阅台账和会议记录，实施方案尚未印发，责任人未明确"
    yield 8, 10, c.RecordFinding(request_id=f"{request}-f", by=_REVIEWER, milestone_id=milestone_id, text=found)
    said = "责任不清、启动迟缓，请明确责任人并按期完成整改"
    conclusion = c.ConcludeInspection(
        request_id=f"{request}-c", by=_REVIEWER, milestone_id=milestone_id, conclusion=said, rectify=True
    )
    yield 9, 10, conclusion


def _extension(state: ProjectState, last: tuple[date, MilestoneId], request: str, begin: date) -> Iterator[Given]:
    """Asked for, advised against and refused, before the last date."""
    due_on, milestone_id = last
    on = max(state.calendar.working_day(begin, 5), state.calendar.working_day(due_on, -15))
    asked = c.RequestExtension(
        request_id=f"{request}-e1",
        by=department(state.lead),
        milestone_id=milestone_id,
        reason="前期论证未完成",
        new_due_on=due_on + timedelta(days=60),
        progress="已完成调研",
    )
    advised = c.ReviewExtension(
        request_id=f"{request}-e2", by=_REVIEWER, milestone_id=milestone_id, opinion="理由不充分，建议不予延期"
    )
    refused = c.RuleOnExtension(
        request_id=f"{request}-e3",
        by=_DECIDER,
        milestone_id=milestone_id,
        ruling="refuse",
        reason="剩余工作量不大，应按原时限完成",
    )
    yield on, time(10), asked
    yield on, time(14), advised
    yield on, time(16), refused
