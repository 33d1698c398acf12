"""The report of a month or a year, drafted from events: figures, each with the list of events that it counts.

A draft is a proposal: a person edits it before it is published. No figure stands in it whose list is not there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Literal

from domain import events as e
from domain.bounds import Day
from domain.clock import office_day
from domain.events.event import ProjectEvent
from domain.evolution import evolve
from domain.frozen import Frozen
from domain.ids import DepartmentId, MilestoneId, ProjectId, event_id_for, supervision_workflow_id
from domain.papers.draft import named
from domain.rungs.due_dates import deadline_in
from domain.seeing.bulletins import BulletinDraft, day_of, drafts_for
from domain.state import OPEN_STAGES, ProjectState

FigureName = Literal[
    "docketed",
    "completed",
    "struck_off",
    "breached",
    "parts_breached",
    "missing_reports",
    "late_receipts",
    "returned",
    "extended",
    "inspected",
    "praised",
    "criticised",
    "carried_over",
]
FIGURE_WORDS: dict[FigureName, str] = {
    "docketed": "立项交办",
    "completed": "办结节点",
    "struck_off": "销号节点",
    "breached": "牵头部门违期",
    "parts_breached": "参与部门违期",
    "missing_reports": "缺报",
    "late_receipts": "逾期签收",
    "returned": "退办",
    "extended": "批准延期",
    "inspected": "开展督查",
    "praised": "通报表扬",
    "criticised": "通报批评",
    "carried_over": "结转下年",
}


class Listed(Frozen):
    """One line of a figure's list: the event, whose it is, what it says."""

    event_id: str
    on: Day
    project_id: ProjectId
    milestone_id: MilestoneId | None
    number: str
    """As the list prints it."""
    department: DepartmentId
    words: str


class Figure(Frozen):
    """A figure: what it counts, and the events that it counts. Its value is the length of its list."""

    name: FigureName
    lines: tuple[Listed, ...]

    @property
    def value(self) -> int:
        """How many there are."""
        return len(self.lines)


class Deadline(Frozen):
    """A milestone that is open and due after the period."""

    due_on: Day
    project_id: ProjectId
    milestone_id: MilestoneId
    number: str
    """As the list prints it."""
    department: DepartmentId
    description: str


class PeriodReport(Frozen):
    """The draft of a month's bulletin, or of a year's report."""

    title: str
    from_on: Day
    to_on: Day
    figures: tuple[Figure, ...]
    months: dict[str, dict[FigureName, int]]
    """By month the value of each figure."""
    praise: tuple[BulletinDraft, ...]
    problems: tuple[BulletinDraft, ...]
    next_deadlines: tuple[Deadline, ...]

    def figure(self, name: FigureName) -> Figure:
        """One of the figures."""
        return next(each for each in self.figures if each.name == name)

    def by_department(self) -> dict[DepartmentId, Counter[FigureName]]:
        """The figures of each department, in order of the names."""
        found: dict[DepartmentId, Counter[FigureName]] = {}
        for each in self.figures:
            for line in each.lines:
                found.setdefault(line.department, Counter())[each.name] += 1
        return dict(sorted(found.items()))


_Asked = dict[tuple[str, MilestoneId], DepartmentId]
"""By the kind of what a department asked for, and the milestone, which department it was."""


@dataclass
class _Draft:
    from_on: date
    to_on: date
    until: date
    names: Mapping[DepartmentId, DepartmentId]
    lines: dict[FigureName, list[Listed]] = field(default_factory=dict)
    deadlines: list[Deadline] = field(default_factory=list)

    def take(self, events: Iterable[e.DomainEvent]) -> None:
        state: ProjectState | None = None
        at_the_end: ProjectState | None = None
        asked: _Asked = {}
        for event in events:
            before, state = state, evolve(state, event)
            if isinstance(event, e.CompletionRequested | e.RectificationReported):
                asked[event.type, event.milestone_id] = event.department
            if office_day(event.decided_at) <= self.to_on:
                at_the_end = state
            if state is not None and isinstance(event, e.ProjectReopened):
                self._carry_nothing_over(state.project_id)
            # What fell on the last day may be recorded in the night after it.
            if state is not None and (found := _counted(before or state, event, asked)) is not None:
                self._add(state, event, *found)
        if at_the_end is not None and not at_the_end.closed:
            self._look_ahead(at_the_end)

    def _carry_nothing_over(self, project_id: ProjectId) -> None:
        """An end was taken back: what it carried over stays in its year."""
        lines = self.lines.get("carried_over", [])
        self.lines["carried_over"] = [line for line in lines if line.project_id != project_id]

    def _add(self, state: ProjectState, event: e.DomainEvent, name: FigureName, department: DepartmentId) -> None:
        on = day_of(event)
        if not self.from_on <= on <= self.to_on:
            return
        milestone_id = getattr(event, "milestone_id", None)
        line = Listed(
            event_id=event_id_for(supervision_workflow_id(state.project_id), event.seq),
            on=on,
            project_id=state.project_id,
            milestone_id=milestone_id,
            number=named(state, milestone_id) if milestone_id else state.project.serial,
            department=self.names.get(department, department),
            words=event.words(),
        )
        self.lines.setdefault(name, []).append(line)

    def _look_ahead(self, state: ProjectState) -> None:
        for milestone_id, milestone in state.milestones.items():
            due_on = deadline_in(state, milestone)
            if milestone.stage in OPEN_STAGES and due_on is not None and self.to_on < due_on <= self.until:
                self.deadlines.append(
                    Deadline(
                        due_on=due_on,
                        project_id=state.project_id,
                        milestone_id=milestone_id,
                        number=named(state, milestone_id),
                        department=self.names.get(state.lead, state.lead),
                        description=state.issued(milestone_id).description,
                    )
                )


_OF_WHO_ASKED: dict[type[e.Event], FigureName] = {
    e.MilestoneCompleted: "completed",
    e.MilestoneStruckOff: "struck_off",
    e.MilestoneReturnedForRework: "returned",
}
_OF_THE_LEAD: dict[type[e.Event], FigureName] = {
    e.ProjectDocketed: "docketed",
    e.ReportPeriodMissed: "missing_reports",
    e.DeadlineExtended: "extended",
    e.InspectionOpened: "inspected",
    e.MilestoneCarriedOver: "carried_over",
}


def _counted(state: ProjectState, event: ProjectEvent, asked: _Asked) -> tuple[FigureName, DepartmentId] | None:
    """The figure that an event belongs to, and whose it is; `state` is the one before it, `asked` says who asked last
    for a milestone's acceptance, or a check: what is done or sent back is that department's, whoever leads since."""
    match event:
        case e.MilestoneCompleted() | e.MilestoneStruckOff() | e.MilestoneReturnedForRework():
            return _OF_WHO_ASKED[type(event)], asked.get(("CompletionRequested", event.milestone_id), state.lead)
        case e.RectificationReturned(milestone_id=milestone_id):
            return "returned", asked.get(("RectificationReported", milestone_id), state.lead)
        case e.DeadlineBreached(department=name):
            return ("parts_breached", name) if name else ("breached", state.lead)
        case e.LimitPassed(kind="receipt", owner=owner):
            return "late_receipts", owner
        case e.BulletinPublished(kind=kind, department=name):
            return ("praised" if kind == "praise" else "criticised"), name
        case _:
            name_of = _OF_THE_LEAD.get(type(event))
            return (name_of, state.lead) if name_of else None


def drafted(
    title: str,
    projects: Sequence[Sequence[e.DomainEvent]],
    from_on: date,
    to_on: date,
    until: date,
    names: Mapping[DepartmentId, DepartmentId] = MappingProxyType({}),
) -> PeriodReport:
    """The report of a period from the events of all projects; `until` is the last day of the one that comes next.

    `names` lead from one that a department had before to that under which it is told.
    """
    draft = _Draft(from_on, to_on, until, names)
    for events in projects:
        draft.take(events)
    figures = tuple(
        Figure(name=name, lines=tuple(sorted(draft.lines.get(name, ()), key=lambda line: (line.on, line.event_id))))
        for name in FIGURE_WORDS
    )
    months = _months(from_on, to_on)
    entries = [
        entry.having(department=names.get(entry.department, entry.department))
        for month in months
        for events in projects
        for entry in drafts_for(events, month)
    ]
    entries.sort(key=lambda entry: (entry.department, entry.project_id, entry.milestone_id or ""))
    return PeriodReport(
        title=title,
        from_on=from_on,
        to_on=to_on,
        figures=figures,
        months={month: _in_month(figures, month) for month in months},
        praise=tuple(entry for entry in entries if entry.kind == "praise"),
        problems=tuple(entry for entry in entries if entry.kind != "praise"),
        next_deadlines=tuple(sorted(draft.deadlines, key=lambda each: (each.due_on, each.milestone_id))),
    )


def _months(from_on: date, to_on: date) -> list[str]:
    first, last = from_on.year * 12 + from_on.month - 1, to_on.year * 12 + to_on.month - 1
    return [f"{index // 12}-{index % 12 + 1:02d}" for index in range(first, last + 1)]


def _in_month(figures: Iterable[Figure], month: str) -> dict[FigureName, int]:
    return {each.name: sum(f"{line.on:%Y-%m}" == month for line in each.lines) for each in figures}


def situation(report: PeriodReport) -> str:
    """The figures as a paragraph; each names the table that has its list."""
    told = [
        f"{FIGURE_WORDS[each.name]}{each.value}件（见附表{number}）"
        for number, each in enumerate(listed_figures(report), start=1)
    ]
    return f"{report.from_on}至{report.to_on}，{'，'.join(told)}。" if told else "本期没有应予统计的事项。"


def listed_figures(report: PeriodReport) -> list[Figure]:
    """The figures that count anything, in the order of their tables."""
    return [each for each in report.figures if each.lines]
