"""Applying the operator's rulings: a choice, a confirmation, or a time expression in place of what was assumed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import NoReturn

from domain.notice.findings import CONFIRM, Finding, Ruling
from domain.notice.front_matter import date_line
from domain.notice.keepable import keepable
from domain.notice.plan import Plan
from domain.notice.refusals import UnreadableRulingError
from domain.notice.schedule import read_schedule
from domain.notice.windows import TimeContext, Window
from domain.project import KeyProject, Milestone, Recurrence

_KEPT = (CONFIRM, "confirm", "分开", "不同项目")
_LEADS = ("no_lead", "several_leads")
_ABOUT_TEXT = ("repeated_serial", "no_issue_date")


def settled(plan: Plan, context: TimeContext | None = None) -> Plan:
    """The plan with every ruling applied; applying them again changes nothing.

    Raises:
        UnreadableRulingError: a ruling's choice cannot be applied to its finding.
        UnkeepableError: a ruling puts something into the plan that no plan can keep.
    """
    context = context or TimeContext.of(plan.year, plan.issued_on)
    issued_on = plan.issued_on
    milestones: dict[str, Milestone] = {m.milestone_id: m for p in plan.projects for m in p.milestones}
    leads: dict[str, str] = {}
    dropped: set[str] = set()
    for finding in plan.findings:
        ruling = plan.ruling_on(finding)
        if ruling is None:
            continue
        if finding.code == "no_issue_date" and ruling.choice not in _KEPT:
            issued_on = date_line(ruling.choice) or _refuse(ruling, "印发日期写作 2018年4月25日 这样")
        elif finding.code in _LEADS and ruling.choice not in _KEPT and finding.project_id is not None:
            leads[finding.project_id] = ruling.choice
        elif finding.code == "lead_assumed" and ruling.choice not in _KEPT:
            assumed = finding.assumed or "（未写明）"
            leads |= {p.project_id: ruling.choice for p in plan.projects if p.lead_department == assumed}
        elif finding.milestone_id in milestones and ruling.choice not in _KEPT and finding.code not in _ABOUT_TEXT:
            ruled = milestones[finding.milestone_id]
            milestones[ruled.milestone_id] = _ruled(ruled, ruling, context)
            if finding.code == "adjacent_months":
                dropped |= _twins(ruled, milestones.values())
    projects = tuple(
        _project(
            project, [milestones[m.milestone_id] for m in project.milestones if m.milestone_id not in dropped], leads
        )
        for project in plan.projects
    )
    if issued_on != plan.issued_on or not any(finding.code == "no_issue_date" for finding in plan.findings):
        projects = tuple(_born(project, issued_on) for project in projects)
    changed = plan.model_copy(update={"projects": projects, "issued_on": issued_on})
    return keepable(changed) if plan.rulings else changed


def _born(project: KeyProject, issued_on: date) -> KeyProject:
    """The project with the milestones marked whose window was over on the day of issue."""
    milestones = tuple(
        milestone.model_copy(update={"born_late": milestone.due_on is not None and milestone.due_on < issued_on})
        for milestone in project.milestones
    )
    return project.model_copy(update={"milestones": milestones})


def _project(project: KeyProject, milestones: list[Milestone], leads: dict[str, str]) -> KeyProject:
    changes: dict[str, object] = {"milestones": tuple(milestones)}
    if (lead := leads.get(project.project_id)) is not None and lead != project.lead_department:
        others = [
            name
            for name in (project.lead_department, *project.participating_departments)
            if name != lead and name[:1] != "（"
        ]
        changes |= {"lead_department": lead, "participating_departments": tuple(dict.fromkeys(others))}
    return project.model_copy(update=changes)


def _twins(ruled: Milestone, others: Iterable[Milestone]) -> set[str]:
    """The milestones that were read from the same words, when the ruling says that they are one."""
    return {
        other.milestone_id
        for other in others
        if other.milestone_id != ruled.milestone_id
        and other.milestone_id.rsplit("-", 1)[0] == ruled.milestone_id.rsplit("-", 1)[0]
        and other.source == ruled.source
        and other.window_text == ruled.window_text
        and other.assigned == ruled.assigned
    }


def _ruled(milestone: Milestone, ruling: Ruling, context: TimeContext) -> Milestone:
    window = window_ruled(ruling, context)
    recurrence = milestone.recurrence
    quota = milestone.quota
    if window.recurrence is not None:
        recurrence = window.recurrence
    elif recurrence is not None and recurrence.every_months and window.starts_on and window.due_on:
        months = (window.due_on.year - window.starts_on.year) * 12 + window.due_on.month - window.starts_on.month + 1
        count = max(1, months // recurrence.every_months)
        if quota is not None and quota.value == recurrence.count:
            quota = quota.model_copy(update={"value": count})
        recurrence = Recurrence(count=count, every_months=recurrence.every_months)
    return milestone.model_copy(
        update={
            "starts_on": window.starts_on,
            "due_on": window.due_on,
            "ongoing": window.ongoing,
            "recurrence": recurrence,
            "quota": quota,
        }
    )


def window_ruled(ruling: Ruling, context: TimeContext) -> Window:
    """The one window that a ruling names, as a time expression that can be read in one way only.

    Raises:
        UnreadableRulingError: the choice is no such expression.
    """
    read = read_schedule(ruling.choice, context).deliverables
    doubts = [doubt for item in read for doubt in item.doubts if doubt.severity != "note"]
    if len(read) != 1 or read[0].window.due_on is None or doubts or re.search(r"M月|D日", ruling.choice):
        _refuse(ruling, "请写成一个读得准的时限，如 2018年6月30日前 或 2018年3月1日—2018年5月31日")
    return read[0].window


def _refuse(ruling: Ruling, what: str) -> NoReturn:
    raise UnreadableRulingError(f"裁定 {ruling.finding}={ruling.choice} 读不出来：{what}。", finding=ruling.finding)


def merged_rulings(kept: Iterable[Ruling], new: Iterable[Ruling], findings: Iterable[Finding]) -> tuple[Ruling, ...]:
    """Earlier rulings with new ones over them; each new one keeps the words that it rules on.

    Raises:
        UnreadableRulingError: a new ruling names no finding of this notice.
    """
    known = {finding.key: finding for finding in findings}
    rulings = {ruling.finding: ruling for ruling in kept}
    for ruling in new:
        keys = (
            [ruling.finding]
            if ruling.finding in known
            else [key for key, f in known.items() if f.code == ruling.finding]
        )
        if not keys:
            raise UnreadableRulingError(
                f"没有编号为 {ruling.finding} 的待裁定事项，请看 duban compile 列出的编号。", finding=ruling.finding
            )
        for key in keys:
            rulings[key] = ruling.model_copy(update={"finding": key, "source_text": known[key].source.text})
    return tuple(rulings.values())


def edited_by_hand(kept: Plan, compiled: Plan) -> list[str]:
    """The milestones of an earlier plan that somebody changed, though the notice's words are the same."""
    fresh = {project.project_id: project for project in compiled.projects}
    return [
        milestone.milestone_id
        for project in kept.projects
        if (other := fresh.get(project.project_id)) is not None and other.schedule_text == project.schedule_text
        for milestone in project.milestones
        if milestone not in other.milestones
    ]
