"""How a running project is changed: its milestones, its texts, its departments, its calendar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal

from domain.events.event import Event, ProjectEvent
from domain.frozen import Frozen, added_later
from domain.ids import DepartmentId, MilestoneId
from domain.lists.field_changes import FieldChange, changes_of, field_changes, in_words
from domain.papers.draft import about, chinese_date, date_or_open, due_in_force, inside, named, paper, quoted
from domain.papers.paper import Overtaken, Paper
from domain.project import KeyProject, Milestone, SourceSpan
from domain.rules.calendar import WorkingCalendar
from domain.rules.life_cycle import LimitKind
from domain.rungs.limits import LIMIT_WORDS
from domain.rungs.reporting_periods import periods_of
from domain.rungs.under_a_calendar import under
from domain.state import MilestoneState, PartState, ProjectState
from domain.state.change import Change, each_milestone, with_milestone
from domain.state.duties import DatedAnew
from domain.state.last_words import Fact
from domain.state.rounds import moved_part, opened, opened_part, released, with_date_set_anew


class MilestoneAmended(ProjectEvent):
    """A milestone was changed on this basis; its baseline and its breaches stay. A moved due date opens a new round."""

    type: Literal["MilestoneAmended"] = "MilestoneAmended"
    milestone_id: MilestoneId
    basis: str
    before: Milestone
    after: Milestone
    round: int

    def decides(self) -> Iterable[Fact]:
        for each in changes_of(self.before, self.after):
            yield Fact("content", self.milestone_id, each.field)
            if each.field == "due_on":
                yield Fact("deadline", self.milestone_id)

    def change(self, state: ProjectState) -> Change:
        before = state.milestones.get(self.milestone_id)
        if before is None:
            return {}
        milestones = tuple(
            self.after if milestone.milestone_id == self.milestone_id else milestone
            for milestone in state.project.milestones
        )
        changed: Change = {"project": state.project.having(milestones=milestones)}
        today = self.decided_at.date()
        if self.round != before.round:
            settled = with_date_set_anew(state, before, today)
            excused = settled.working_days_excused
            over = {each.number for each in periods_of(self.after, state.policy.life_cycle) if each.ends_on < today}
            moved = settled.having(
                dated_anew=DatedAnew(on=today, excused_before=excused) if excused else None,
                periods_longer={each: more for each, more in (before.periods_longer or {}).items() if each in over}
                or None,
                parts={
                    name: moved_part(part, self.after.due_on, self.round, today) for name, part in before.parts.items()
                },
                approved_due_on=self.after.due_on,
                answer_by=self.after.due_on,
                round=self.round,
                amended_round=self.round,
                taken=(),
                retrospective=False,
            )
            changed.update(with_milestone(state, moved))
        return changed

    def overtakes(self, state: ProjectState) -> Iterator[Overtaken]:
        yield self.milestone_id, "amended", None

    def amends(self, state: ProjectState) -> str:
        changes = changes_of(self.before, self._in_force(state))
        # What changes its words says those before anyway.
        told = any(each.field == "description" for each in changes)
        what = "的" if told else quoted(self.before.description)
        return f"节点{named(state, self.milestone_id)}{what}{_written(changes)}"

    def _in_force(self, state: ProjectState) -> Milestone:
        """The milestone as it is now, with the day that counts where it has another one."""
        due_on = due_in_force(state, self.milestone_id)
        if due_on is None or self.before.due_on in (self.after.due_on, due_on):
            return self.after
        return self.after.having(due_on=due_on)

    def words(self) -> str:
        changes = "，".join(map(str, changes_of(self.before, self.after)))
        return f"变更：节点{self.milestone_id}“{self.before.description}”{changes}（{self.basis}）"


class MilestoneAdded(ProjectEvent):
    """A milestone was added to a project that was running already, on this basis."""

    type: Literal["MilestoneAdded"] = "MilestoneAdded"
    milestone_id: MilestoneId
    basis: str
    milestone: Milestone

    def change(self, state: ProjectState) -> Change:
        milestones = (*state.project.milestones, self.milestone)
        return {
            "project": state.project.having(milestones=milestones),
            "milestones": {
                **state.milestones,
                self.milestone_id: opened(self.milestone, state.project).having(added_on=self.decided_at.date()),
            },
        }

    def amends(self, state: ProjectState) -> str:
        due = date_or_open(due_in_force(state, self.milestone_id))
        return f"增加节点{named(state, self.milestone_id)}{quoted(self.milestone.description)}，时限{due}"

    def words(self) -> str:
        due = in_words(self.milestone.due_on)
        return f"变更：增加节点{self.milestone_id}“{self.milestone.description}”，时限{due}（{self.basis}）"


class LeadReassigned(ProjectEvent):
    """Another department leads the project from now on, on this basis; what is open is handed over to it."""

    type: Literal["LeadReassigned"] = "LeadReassigned"
    basis: str
    before: DepartmentId
    after: DepartmentId

    def decides(self) -> Iterable[Fact]:
        return (
            Fact("lead"),
            Fact("duty", None, self.before),
        )

    def change(self, state: ProjectState) -> Change:

        def hand_over(milestone: MilestoneState) -> MilestoneState:
            # The new lead signs for itself; where it was a participant, its part goes into the whole and stays on
            # record.
            parts = {name: released(part) if name == self.after else part for name, part in milestone.parts.items()}
            asked_by = milestone.asked_by or (self.before if milestone.requested_at else None)
            return milestone.having(
                signed=False, parts=parts, last_reminder=None, seen_reminder=None, asked_by=asked_by
            )

        # The sample of a planned day is drawn on that day: who leads later was not in it.
        today, plan = self.decided_at.date(), state.policy.life_cycle.inspection_plan
        over = {planned.on for planned in plan if state.calendar.on_or_after(planned.on) <= today}
        return {
            **each_milestone(state, hand_over),
            # Who leads takes part no more: where the lead goes on to another, it has no duty left.
            "project": state.project.having(
                lead_department=self.after,
                participating_departments=tuple(
                    name for name in state.project.participating_departments if name != self.after
                ),
            ),
            # What the department before was to answer is the new one's now; its own receipt stays its own.
            "limits": {
                limit_id: limit.having(owner=self.after)
                if limit.owner == self.before and limit.kind != "receipt"
                else limit
                for limit_id, limit in state.limits.items()
            },
            "planned_inspections_taken": tuple(sorted({*state.planned_inspections_taken, *over})),
        }

    def overtakes(self, state: ProjectState) -> Iterator[Overtaken]:
        # They stand in the name of the department before: the new lead gets the order instead.
        for milestone_id in state.milestones:
            yield milestone_id, "amended", None

    def amends(self, state: ProjectState) -> str:
        return f"牵头部门由{self.before}改为{self.after}"

    def words(self) -> str:
        return f"变更：牵头部门由“{self.before}”改为“{self.after}”（{self.basis}）"


class ProjectText(Frozen):
    """What a list says of a project besides its lead and its milestones."""

    serial: str
    title: str
    main_content: str
    participating_departments: tuple[DepartmentId, ...]
    schedule_text: str
    category: str | None = added_later()
    priority: str | None = added_later()
    source: str | None = added_later()
    responsible_leader: str | None = added_later()


class ProjectAmended(ProjectEvent):
    """A project's title, content, participants, schedule text or classification was changed on this basis.

    `sources` says where the milestones stand in the new schedule text.
    """

    type: Literal["ProjectAmended"] = "ProjectAmended"
    basis: str
    before: ProjectText
    after: ProjectText
    sources: dict[MilestoneId, SourceSpan]

    def decides(self) -> Iterable[Fact]:
        for each in self._changes():
            yield Fact("content", None, each.field)
        for name in {*self.before.participating_departments} ^ {*self.after.participating_departments}:
            yield Fact("duty", None, name)

    def change(self, state: ProjectState) -> Change:
        project = _with_text(state.project, self)
        before, after = (set(text.participating_departments) for text in (self.before, self.after))
        gone, new = before - after, sorted(after - before - {project.lead_department})
        # As a new lead has: nobody is late by a date of before it was named.
        not_before = state.calendar.working_day(self.decided_at.date(), state.policy.life_cycle.takeover_working_days)
        parts = each_milestone(state, lambda its: its.having(parts=_parts(its, gone, new, not_before)))
        return {**parts, "project": project}

    def released(self) -> tuple[DepartmentId, ...]:
        """The departments that take part no more."""
        after = self.after.participating_departments
        return tuple(name for name in self.before.participating_departments if name not in after)

    def overtakes(self, state: ProjectState) -> Iterator[Overtaken]:
        for milestone_id in state.milestones:
            for name in self.released():
                yield milestone_id, "amended", name

    def amends(self, state: ProjectState) -> str:
        return _written(self._changes())

    def words(self) -> str:
        return f"变更：{'，'.join(map(str, self._changes()))}（{self.basis}）"

    def _changes(self) -> tuple[FieldChange, ...]:
        return field_changes(self.before, self.after, tuple(ProjectText.model_fields))


class DutyHandedOver(ProjectEvent):
    """A new lead took over a milestone that was late, or all but due: it gets days of its own; the breach stays."""

    type: Literal["DutyHandedOver"] = "DutyHandedOver"
    milestone_id: MilestoneId
    before: DepartmentId
    after: DepartmentId
    answer_by: date
    round: int

    def change(self, state: ProjectState) -> Change:
        before = state.milestones.get(self.milestone_id)
        if before is None:
            return {}
        handed = with_date_set_anew(state, before, self.decided_at.date())
        return with_milestone(
            state,
            handed.having(answer_by=self.answer_by, round=self.round, amended_round=self.round, taken=()),
        )

    def paper(self, state: ProjectState) -> Paper | None:
        text = (
            f"{about(state, self.milestone_id)}由{self.before}移交{self.after}办理，"
            f"接办时限为{chinese_date(self.answer_by)}；原有违期记录保留。"
        )
        return paper(state, self, "status_notice", self.after, text, due_on=self.answer_by)

    def words(self) -> str:
        return f"{self.before}移交{self.after}，接办时限{self.answer_by}"


class MovedDate(Frozen):
    """A date that another calendar moves: whose it is, where it stood and where it stands."""

    of: str
    before: date
    after: date


class EarlierDay(Frozen):
    """A day of a department that another calendar brings forward: of its duty in a milestone, of one reporting period
    of it, or of what waits for its answer."""

    department: DepartmentId
    milestone_id: MilestoneId | None
    period: int | None = added_later()
    kind: LimitKind | None = added_later()
    before: date
    after: date


class CalendarChanged(ProjectEvent):
    """The working calendar was published or changed: every date that follows from it, before and after.

    Nothing that went out is sent again; `earlier` are the days that it brings forward for a department, which is told.
    """

    type: Literal["CalendarChanged"] = "CalendarChanged"
    reason: str
    calendar: WorkingCalendar
    moved: tuple[MovedDate, ...]
    earlier: tuple[EarlierDay, ...] | None = added_later()

    def decides(self) -> Iterable[Fact]:
        return (Fact("calendar"),)

    def change(self, state: ProjectState) -> Change:
        return under(state, self.calendar, self.decided_at)

    def paper(self, state: ProjectState) -> Paper | None:
        section = state.policy.life_cycle.supervision_section
        earlier = [each for each in self.earlier or () if each.department != section]
        if not earlier:
            return None
        days = "；".join(_brought_forward(state, each) for each in earlier)
        text = (
            f"{about(state, None)}因工作日历调整（{inside(self.reason)}），下列时限提前：{days}。请按提前后的时限办理。"
        )
        concerned = tuple(dict.fromkeys(each.department for each in earlier))
        to = state.lead if state.lead in concerned else concerned[0]
        return paper(state, self, "supervision_order", to, text, copies_to=concerned)

    def words(self) -> str:
        return f"工作日历变更（{self.reason}），{len(self.moved)}个日期随之调整"


def _brought_forward(state: ProjectState, each: EarlierDay) -> str:
    where = f"节点{named(state, each.milestone_id)}" if each.milestone_id else "整个项目"
    what = f"办理{where}"
    if each.period is not None:
        what = f"反馈{where}第{each.period}期"
    if each.kind is not None:
        what = f"{LIMIT_WORDS[each.kind]}（{where}）"
    return f"{each.department}{what}由{chinese_date(each.before)}提前至{chinese_date(each.after)}"


def _written(changes: Iterable[FieldChange]) -> str:
    # As a paper says it: days in words, marks inside marks single.
    def value(told: object) -> str:
        return chinese_date(told) if isinstance(told, date) else quoted(in_words(told))

    return "，".join(f"{each.called}由{value(each.before)}改为{value(each.after)}" for each in changes)


def _parts(
    milestone: MilestoneState, gone: set[DepartmentId], new: list[DepartmentId], not_before: date
) -> dict[DepartmentId, PartState]:
    # Only what the list changes: a department that was released from one milestone by hand stays so.
    parts = {name: released(part) if name in gone else part for name, part in milestone.parts.items()}
    answer_by = milestone.answer_by
    if answer_by is not None and milestone.closed_at is None and not milestone.retrospective:
        answer_by = max(answer_by, not_before)
    for name in new:
        if name not in parts or parts[name].stage == "released":
            parts[name] = opened_part(parts.get(name), name, answer_by)
    return parts


def _with_text(project: KeyProject, event: ProjectAmended) -> KeyProject:
    milestones = tuple(
        milestone.having(source=event.sources.get(milestone.milestone_id, milestone.source))
        for milestone in project.milestones
    )
    # What an event of before did not know of stays as it is.
    changed = {name: value for name, value in event.after if value != getattr(event.before, name)}
    return project.model_copy(update={**changed, "milestones": milestones})


def is_amendment(event: Event) -> bool:
    """Whether an event tells a change of the list."""
    return isinstance(event, MilestoneAmended | MilestoneAdded | LeadReassigned | ProjectAmended)


AmendingEvent = MilestoneAmended | MilestoneAdded | LeadReassigned | ProjectAmended | DutyHandedOver | CalendarChanged
