"""Applying the operator's rulings: a choice, a confirmation, or a time expression in place of what was assumed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NoReturn

from domain.ids import ProjectId
from domain.notice.departments import departments, is_more_than_a_name, is_placeholder
from domain.notice.findings import CONFIRM, Finding, Ruling
from domain.notice.folding import fold
from domain.notice.front_matter import date_line
from domain.notice.keepable import keepable
from domain.notice.labels import governing_period
from domain.notice.persons import BESIDE_LEAD, BESIDE_PARTICIPANT
from domain.notice.placeholders import (
    GROUP_LEAD,
    GROUP_PARTICIPANT,
    NOBODY,
    PLACEHOLDER_LEAD,
    PLACEHOLDER_PARTICIPANT,
)
from domain.notice.plan import Plan
from domain.notice.planned_years import DECLARED_START
from domain.notice.recurrences import Period
from domain.notice.refusals import UnreadableRulingError
from domain.notice.schedule import read_schedule
from domain.notice.time_cells import is_a_time
from domain.notice.windows import TimeContext, Window, spoken
from domain.project import KeyProject, Milestone

CARRIED_OVER_DATE = "carried_over_date"
"""What was carried over goes on as what it is: a ruling that names an end alone gives it a limit and no more."""

_KEPT = (CONFIRM, "confirm", "分开", "不同项目")
_LEADS = ("no_lead", "several_leads", PLACEHOLDER_LEAD, BESIDE_LEAD)
_LEADS_OF_THE_LIST = ("lead_assumed", GROUP_LEAD)
_PARTICIPANTS = (GROUP_PARTICIPANT, PLACEHOLDER_PARTICIPANT, BESIDE_PARTICIPANT)


def settled(plan: Plan, context: TimeContext | None = None) -> Plan:
    """The plan with every ruling applied; applying them again changes nothing.

    Raises:
        UnreadableRulingError: a ruling's choice cannot be applied to its finding.
        UnkeepableError: a ruling puts something into the plan that no plan can keep.
    """
    context = context or TimeContext.of(plan.year, plan.issued_on)
    issued_on = plan.issued_on
    milestones: dict[str, Milestone] = {m.milestone_id: m for p in plan.projects for m in p.milestones}
    compiled = dict(milestones)
    people = _People()
    dropped: set[str] = set()
    for finding in plan.findings:
        ruling = plan.ruling_on(finding)
        if ruling is None or ruling.choice in _KEPT:
            continue
        if finding.code == "no_issue_date":
            issued_on = date_line(ruling.choice) or _refuse(ruling, "印发日期写作 2018年4月25日 这样")
        elif finding.project_id is not None and finding.code in _LEADS:
            people.lead(finding.project_id, _names(ruling), mistaken=finding.code == BESIDE_LEAD)
        elif finding.code in _PARTICIPANTS:
            people.named[finding.project_id, finding.source.text] = _names(ruling)
        elif finding.code in _LEADS_OF_THE_LIST:
            assumed = finding.assumed or NOBODY
            people.leads |= {p.project_id: _names(ruling) for p in plan.projects if p.lead_department == assumed}
        elif finding.milestone_id in milestones:
            for covered in covered_by(finding, compiled):
                milestones[covered] = _ruled(milestones[covered], finding, ruling, context)
            if finding.code == "adjacent_months":
                dropped |= _twins(compiled[finding.milestone_id], compiled.values())
        elif all(choice.key != ruling.choice for choice in finding.choices):
            _refuse(ruling, "这一处没有可以改的时限，只能从列出的写法里选，或写“确认”")
    projects = tuple(
        _project(
            project,
            [milestones[m.milestone_id] for m in project.milestones if m.milestone_id not in dropped],
            people,
        )
        for project in plan.projects
    )
    if issued_on != plan.issued_on or not any(finding.code == "no_issue_date" for finding in plan.findings):
        projects = tuple(_born(project, issued_on) for project in projects)
    findings = tuple(_as_it_stands(finding, plan, compiled, milestones) for finding in plan.findings)
    changed = plan.having(projects=projects, issued_on=issued_on, findings=findings)
    return keepable(changed) if plan.rulings else changed


def _as_it_stands(
    finding: Finding, plan: Plan, compiled: Mapping[str, Milestone], milestones: Mapping[str, Milestone]
) -> Finding:
    """A question that waits, with what is assumed since another ruling has changed the milestone."""
    number = finding.milestone_id or ""
    if number not in compiled or plan.ruling_on(finding) is not None or compiled[number] is milestones[number]:
        return finding
    before, since = (spoken((_window_of(held[number]),)) for held in (compiled, milestones))
    return finding.having(assumed=since) if finding.assumed == before else finding


def _window_of(milestone: Milestone) -> Window:
    return Window(starts_on=milestone.starts_on, due_on=milestone.due_on, ongoing=milestone.ongoing)


def _born(project: KeyProject, issued_on: date) -> KeyProject:
    """The project with the milestones marked whose window was over on the day of issue."""
    milestones = tuple(
        milestone.having(born_late=milestone.due_on is not None and milestone.due_on < issued_on)
        for milestone in project.milestones
    )
    return project.having(milestones=milestones)


@dataclass(slots=True)
class _People:
    """What rulings say of whole projects.

    Who leads (of several the first, and the others take part), who is meant by a placeholder, in one project or in
    all, and where the lead as it was read is nobody.
    """

    leads: dict[str, list[str]] = field(default_factory=dict)
    named: dict[tuple[str | None, str], list[str]] = field(default_factory=dict)
    mistaken: set[str] = field(default_factory=set)

    def lead(self, project_id: str, names: list[str], *, mistaken: bool) -> None:
        """Somebody leads a project, beside whom it was read, or in the place of what is no department."""
        self.leads[project_id] = names
        if mistaken:
            self.mistaken.add(project_id)


def _names(ruling: Ruling) -> list[str]:
    """The departments that a ruling names."""
    named = departments(ruling.choice)
    if not named or any(is_a_time(name) or not any(map(str.isalpha, name)) for name in named):
        _refuse(ruling, "请写部门名称")
    return named


def _project(project: KeyProject, milestones: list[Milestone], people: _People) -> KeyProject:
    changes: dict[str, object] = {"milestones": tuple(milestones)}
    lead, *more = people.leads.get(project.project_id, [project.lead_department])
    others = [
        name
        for printed in project.participating_departments
        for name in people.named.get((project.project_id, printed)) or people.named.get((None, printed), [printed])
    ]
    others = [*more, *others]
    if lead != project.lead_department and not (
        project.lead_department[:1] == "（"
        or is_placeholder(project.lead_department)
        or is_more_than_a_name(project.lead_department)
        or project.project_id in people.mistaken
    ):
        others.insert(0, project.lead_department)
    if lead != project.lead_department or others != list(project.participating_departments):
        others = [name for name in others if name != lead]
        changes |= {"lead_department": lead, "participating_departments": tuple(dict.fromkeys(others))}
    return project.model_copy(update=changes)


def covered_by(finding: Finding, milestones: Mapping[str, Milestone]) -> list[str]:
    """The milestones that a finding covers: its own, those read from the same words, and those that inherit from them.

    A finding about one window of several (`11月、1月`) covers that window's milestone alone, with its followers.
    """
    own = milestones[finding.milestone_id or ""]
    ordered = [m for m in milestones.values() if _project_of(m) == _project_of(own)]
    same_words = [m for m in ordered if m.milestone_id == own.milestone_id or _same_words(m, own)]
    alone = finding.assumed is not None and len(same_words) > 1 and "；" not in finding.assumed
    alone = alone and len({(m.starts_on, m.due_on) for m in same_words}) > 1
    covered = [own] if alone else same_words
    found = [m.milestone_id for m in covered]
    if own.assigned == "inherited":
        return found
    last = max(ordered.index(m) for m in same_words)
    for follower in ordered[last + 1 :]:
        if follower.assigned == "window":
            break
        inherits = follower.assigned == "inherited" and follower.window_text == own.window_text
        if inherits and any((follower.starts_on, follower.due_on) == (m.starts_on, m.due_on) for m in covered):
            found.append(follower.milestone_id)
    return found


def _project_of(milestone: Milestone) -> str:
    return milestone.milestone_id.rsplit("-", 1)[0]


def _same_words(one: Milestone, other: Milestone) -> bool:
    return (one.source, one.window_text, one.assigned) == (other.source, other.window_text, other.assigned)


def _twins(ruled: Milestone, others: Iterable[Milestone]) -> set[str]:
    """The milestones that were read from the same words, when the ruling says that they are one."""
    return {
        other.milestone_id
        for other in others
        if other.milestone_id != ruled.milestone_id
        and _project_of(other) == _project_of(ruled)
        and _same_words(other, ruled)
    }


def _ruled(milestone: Milestone, finding: Finding, ruling: Ruling, context: TimeContext) -> Milestone:
    window = _in_declared_fiscal_year(milestone, ruling, context) or window_ruled(ruling, context)
    if finding.code == CARRIED_OVER_DATE and window.starts_on is None:
        return milestone.having(due_on=window.due_on)
    recurrence = milestone.recurrence
    quota = milestone.quota
    if window.recurrence is not None:
        recurrence = window.recurrence
    elif finding.code == "repeats_until" and window.starts_on is None:
        # One duty by the limit, and no sessions until it.
        sessions = recurrence.count if recurrence is not None else 0
        recurrence, quota = None, None if quota is not None and quota.value == sessions else quota
    elif recurrence is not None and (period := _counted_in_days(milestone)) is not None:
        recurrence = period.within(window).recurrence
        if quota is not None and milestone.recurrence is not None and quota.value == milestone.recurrence.count:
            quota = quota.having(value=recurrence.count if recurrence is not None else quota.value)
    elif recurrence is not None and recurrence.every_months and window.starts_on and window.due_on:
        months = (window.due_on.year - window.starts_on.year) * 12 + window.due_on.month - window.starts_on.month + 1
        count = max(1, months // recurrence.every_months)
        if quota is not None and quota.value == recurrence.count:
            quota = quota.having(value=count)
        recurrence = recurrence.having(count=count)
    return milestone.having(
        starts_on=window.starts_on, due_on=window.due_on, ongoing=window.ongoing, recurrence=recurrence, quota=quota
    )


def _counted_in_days(milestone: Milestone) -> Period | None:
    """How often a milestone comes back, where that is counted in days or weeks (`每周调度`)."""
    for text in map(fold, (milestone.window_text, milestone.description)):
        period = governing_period(text, [False] * len(text), 0, len(text))
        if period is not None:
            return period if period.days is not None else None
    return None


def _in_declared_fiscal_year(milestone: Milestone, ruling: Ruling, context: TimeContext) -> Window | None:
    """The milestone's own words read in the fiscal year that a ruling declares (`财年4月起`)."""
    declared = DECLARED_START.fullmatch(fold(ruling.choice).strip())
    if declared is None:
        return None
    year = replace(context, fiscal_start=int(declared["month"]))
    read = read_schedule(milestone.window_text, year).deliverables
    return read[0].window if len(read) == 1 and read[0].window.due_on is not None else None


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


def _refuse(ruling: Ruling, todo: str) -> NoReturn:
    if not ruling.source_text:
        raise UnreadableRulingError(f"裁定“{ruling.choice}”，读不出来：{todo}。", finding=ruling.finding)
    words = ruling.source_text
    raise UnreadableRulingError(f"“{words}”裁定为“{ruling.choice}”，读不出来：{todo}。", finding=ruling.finding)


def merged_rulings(kept: Iterable[Ruling], new: Sequence[Ruling], findings: Iterable[Finding]) -> tuple[Ruling, ...]:
    """Earlier rulings with new ones over them; each new one keeps the words that it rules on.

    Raises:
        UnreadableRulingError: a new ruling names no finding of this notice, or another one stands over all of it.
    """
    known = {finding.key: finding for finding in findings}
    rulings = {ruling.finding: ruling for ruling in kept}
    given: dict[str, Ruling] = {}
    for ruling in new:
        keys = (
            [ruling.finding]
            if ruling.finding in known
            else [key for key, f in known.items() if f.code == ruling.finding]
        )
        if not keys:
            raise UnreadableRulingError(
                f"没有编号为 {ruling.finding} 的待裁定事项，没有写入：请照抄所列的编号。",
                finding=ruling.finding,
            )
        for key in keys:
            rulings[key] = ruling.having(finding=key, source_text=known[key].source.text)
            given[key] = ruling
    for ruling in new:
        if all(later is not ruling and later.choice != ruling.choice for later in given.values()):
            raise UnreadableRulingError(
                f"裁定 {ruling.finding}={ruling.choice} 没有用上：同一事项后面另有裁定，请只写一个。",
                finding=ruling.finding,
            )
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


def otherwise_before(kept: Plan, compiled: Plan) -> list[ProjectId]:
    """The projects of an earlier plan that the notice has not, or names or assigns otherwise.

    Whether somebody changed the plan or the notice cannot be told: the plan keeps one of the two.
    """
    fresh = {project.project_id: _who_and_what(project) for project in compiled.projects}
    return [each.project_id for each in kept.projects if fresh.get(each.project_id) != _who_and_what(each)]


def _who_and_what(project: KeyProject) -> tuple[object, ...]:
    return project.title, project.main_content, project.lead_department, project.participating_departments
