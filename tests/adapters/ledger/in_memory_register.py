"""The in-memory fake of the register: plain loops in the place of SQL, held to the same contract."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar, get_args

from adapters.ledger.register_writing import SqlRegisterRows
from domain.clock import CLOCKS_DIFFER_AT_MOST
from domain.colours import WORST_LAST
from domain.ids import PROJECT, DepartmentId, ProjectId, is_sub_duty
from domain.paging import Part, Stretch, UnreadablePlaceError
from domain.ports.register import (
    AgendaPart,
    Choices,
    DepartmentCount,
    DeputyCount,
    DutyPage,
    DutyQuery,
    MatterPage,
    MatterQuery,
    MonthCount,
    ProjectPage,
    ProjectQuery,
    Standing,
    Urgency,
    YearEndCount,
)
from domain.ports.register_lines import DeputyRow, DutyRow, ProjectRow, RegisteredProject, Role
from domain.record.leaf import leaf_instant
from domain.seeing.register_filter import duty_is_asked_for, is_asked_for
from domain.state import ProjectStage
from tests.adapters.ledger.in_memory_outlook import InMemoryOutlook, MemoryOutlookRows

T = TypeVar("T")
Transact = Callable[[Callable[[Any, int], T]], T]
_NEVER = date.max


class MemoryRegisterRows(SqlRegisterRows):
    """The register's rows in a dictionary, kept by the same rules."""

    def __init__(self) -> None:
        self.projects: dict[ProjectId, RegisteredProject] = {}
        self.entries_taken = 0
        self.outlook: MemoryOutlookRows = MemoryOutlookRows()

    def taken(self) -> int:
        return self.entries_taken

    def set_taken(self, entries: int) -> None:
        self.entries_taken = entries

    def derived(self, project_id: ProjectId) -> tuple[int, str] | None:
        there = self.projects.get(project_id)
        return (there.row.events, leaf_instant(there.row.as_of)) if there else None

    def put(self, project: RegisteredProject) -> None:
        self.projects[project.row.project_id] = project

    def drop_all(self) -> None:
        self.projects.clear()


class InMemoryRegister:
    """The port `Register` without a disk."""

    def __init__(
        self,
        rows: Callable[[], MemoryRegisterRows],
        streams: Callable[[], Sequence[str]],
        transact: Callable[[Callable[[Any, int], Any]], Any],
    ) -> None:
        self._rows = rows
        self._streams = streams
        self._transact = transact
        self.outlook = InMemoryOutlook(rows, transact)

    def projects(self, query: ProjectQuery) -> ProjectPage:
        keyed = [(_project_key(project.row, query), project.row) for project in self._asked(query)]
        counted = Counter(project.row.light for project in self._asked(query.model_copy(update={"lights": ()})))
        lights = {light: counted[light] for light in WORST_LAST}
        rows, lies = _part(keyed, query, descending=query.descending)
        return ProjectPage(rows, len(keyed), lights, lies=lies)

    def duties(self, query: DutyQuery) -> DutyPage:
        keyed = [
            (_duty_key(place, duty, query), duty)
            for project in self._rows().projects.values()
            for place, duty in enumerate(project.duties)
            if duty_is_asked_for(duty, query, project.row.year)
        ]
        rows, lies = _part(keyed, query, descending=query.descending)
        return DutyPage(rows, len(keyed), lies=lies)

    def choices(self) -> Choices:
        rows = [project.row for project in self._rows().projects.values()]
        return Choices(
            years=tuple(sorted({row.year for row in rows})),
            leads=_in_order(row.lead_department for row in rows),
            categories=_in_order(row.category for row in rows),
            sources=_in_order(row.source for row in rows),
            leaders=_in_order(row.responsible_leader for row in rows),
        )

    def departments(self) -> Sequence[DepartmentCount]:
        duties, breaches, early, unsigned = Counter[Any](), Counter[Any](), Counter[Any](), Counter[Any]()
        for project in self._rows().projects.values():
            for duty in project.duties:
                key = duty.department, duty.role, duty.light
                duties[key] += 1
                breaches[key] += duty.breaches
                early[key] += duty.early
                unsigned[key] += duty.open and not duty.signed
        keys = sorted(duties, key=lambda key: (key[0].encode(), key[1], -WORST_LAST.index(key[2])))
        return [
            DepartmentCount(
                department=name,
                role=role,
                light=light,
                duties=duties[key],
                breaches=breaches[key],
                early=early[key],
                unsigned=unsigned[key],
            )
            for key in keys
            for name, role, light in [key]
        ]

    def matters(self, query: MatterQuery) -> MatterPage:
        keyed = [
            ((matter.due_on, matter.project_id, place), matter)
            for project in self._rows().projects.values()
            for place, matter in enumerate(project.matters)
            if query.owner in (None, matter.owner)
            and query.of_the_section in (None, matter.of_the_section)
            and (not query.kinds or matter.kind in query.kinds)
            and (not query.late or matter.working_days_late > 0)
            and (query.among is None or matter.project_id in query.among)
        ]
        rows, lies = _part(keyed, query)
        return MatterPage(rows, len(keyed), lies=lies)

    def agenda(self, department: DepartmentId, day: date, soon: date, most: int) -> Sequence[AgendaPart]:
        parts: dict[tuple[Role, Urgency], list[DutyRow]] = {}
        for duty in self.duties(DutyQuery(department=department, open=True, sort="due")).rows:
            parts.setdefault((duty.role, _urgency_of(duty, day, soon)), []).append(duty)
        order = sorted(parts, key=lambda key: (key[0], get_args(Urgency).index(key[1])))
        return [
            AgendaPart(*key, tuple(parts[key][:most]), len(parts[key]), sum(not duty.signed for duty in parts[key]))
            for key in order
        ]

    def deputies(self, principal: str) -> Sequence[DeputyCount]:
        counted = Counter(
            (each.from_on, each.deputy, each.until_on)
            for project in self._rows().projects.values()
            for each in project.deputies
            if each.principal == principal
        )
        return [
            DeputyCount(deputy=deputy, from_on=first, until_on=last, projects=number)
            for (first, deputy, last), number in sorted(counted.items())
        ]

    def deputy_rows(self) -> Sequence[DeputyRow]:
        return [each for _, project in sorted(self._rows().projects.items()) for each in project.deputies]

    def deputies_on(self, day: date) -> Sequence[DeputyRow]:
        return [each for each in self.deputy_rows() if each.from_on <= day <= each.until_on]

    def deputed(self, principal: str, deputy: str) -> Sequence[ProjectId]:
        pair = principal, deputy
        return sorted(
            name
            for name, project in self._rows().projects.items()
            if any((each.principal, each.deputy) == pair for each in project.deputies)
        )

    def year_end(self, year: int, most: int) -> YearEndCount:
        every = sorted(
            (project for project in self._rows().projects.values() if project.row.year == year),
            key=lambda project: project.row.project_id,
        )
        running = [project for project in every if project.row.stage not in ("archived", "withdrawn")]
        of_year, there = (
            [project for project in rows if not is_sub_duty(project.row.project_id)] for rows in (every, running)
        )
        first = [
            duty.milestone_id
            for project in running
            if project.row.to_strike_off
            for duty in project.duties
            if (duty.role, duty.stage) == ("lead", "completed")
        ]
        names = ("unsettled", "to_strike_off", "struck_off", "matters", "extensions", "inspections")
        sums = {name: sum(getattr(project.row, name) for project in there) for name in names}
        over = len(of_year) - len(there)
        name = of_year[0].row.project_id if of_year else None
        strike = tuple(first[:most])
        return YearEndCount(
            projects=len(there),
            sub_duties=len(running) - len(there),
            over=over,
            **sums,
            first_project=name,
            first_to_strike_off=strike,
        )

    def months(self, year: int) -> Sequence[MonthCount]:
        groups: dict[tuple[str, Any, str], list[DutyRow]] = {}
        for project in self._rows().projects.values():
            leads = [each for each in project.duties if each.role == "lead"]
            over = ("withdrawn", "carried_over") if project.row.year < year else ("withdrawn",)
            not_here = {each.milestone_id for each in leads if each.stage in over}
            for duty in project.duties:
                if duty.approved_due_on is None or duty.approved_due_on.year != year:
                    continue
                if (duty.stage != "released" or duty.done_on) and duty.milestone_id not in not_here:
                    whose = duty.done_by or duty.department
                    groups.setdefault((whose, duty.role, f"{duty.approved_due_on:%Y-%m}"), []).append(duty)
        done = ("completed", "struck_off", "delivered", "released")
        return [
            MonthCount(
                department=key[0],
                role=key[1],
                month=key[2],
                duties=len(duties),
                done=sum(duty.stage in done for duty in duties),
                on_time=sum(duty.stage in done and not duty.breaches for duty in duties),
            )
            for key, duties in sorted(groups.items(), key=lambda item: (item[0][0].encode(), *item[0][1:]))
        ]

    def stages(self) -> Mapping[ProjectId, ProjectStage]:
        return {name: project.row.stage for name, project in sorted(self._rows().projects.items())}

    def views(self, project_ids: Sequence[ProjectId]) -> Mapping[ProjectId, str]:
        there = self._rows().projects
        return {project_id: there[project_id].view for project_id in project_ids if project_id in there}

    def standing(self, now: datetime) -> Standing:
        return Standing(entries=len(self._streams()), taken=self._rows().entries_taken, due=len(self.due(now)))

    def changed(self) -> tuple[int, int, Sequence[str]]:
        taken, streams = self._rows().entries_taken, self._streams()
        return taken, len(streams), list(dict.fromkeys(streams[taken:]))

    def due(self, now: datetime) -> Sequence[ProjectId]:
        rows = (project.row for project in self._rows().projects.values())
        return sorted(
            row.project_id
            for row in rows
            if (row.changes_at is not None and row.changes_at <= now) or row.as_of > now + CLOCKS_DIFFER_AT_MOST
        )

    async def keep(self, projects: Sequence[RegisteredProject]) -> None:
        self._transact(lambda rows, _: rows.keep(projects))

    async def take(self, before: int, until: int) -> bool:
        taken: bool = self._transact(lambda rows, size: rows.take(size, before, until))
        return taken

    async def clear(self) -> None:
        self._transact(lambda rows, _: rows.clear())

    def _asked(self, query: ProjectQuery) -> list[RegisteredProject]:
        return [project for project in self._rows().projects.values() if is_asked_for(project, query)]


def _in_order(texts: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(sorted({text for text in texts if text is not None}, key=str.encode))


def _part(keyed: list[tuple[Any, T]], part: Part, *, descending: bool = False) -> tuple[tuple[T, ...], Stretch]:
    """The rows of a part, with what stands before them counted one by one."""
    keyed = sorted(keyed, key=lambda each: each[0], reverse=descending)
    keys = [each[0] for each in keyed]

    def stands(key: tuple[Any, ...], place: str, *, behind: bool) -> bool:
        if not place:
            return not behind
        named = tuple(_as(kind, text) for kind, text in zip(key, place.rsplit(" ", len(key) - 1), strict=False))
        here = key[: len(named)]
        return here > named if behind != descending else here < named

    found = [n for n, key in enumerate(keys) if part.after is None or stands(key, part.after, behind=True)]
    found = [n for n in found if part.before is None or stands(keys[n], part.before, behind=False)]
    if part.limit is not None:
        found = found[: part.limit] if part.before is None else found[-part.limit :]
    if not found:
        return (), Stretch(0 if part.after is None else len(keys))
    return tuple(keyed[n][1] for n in found), Stretch(found[0], _place(keys[found[0]]), _place(keys[found[-1]]))


def _as(like: Any, text: str) -> Any:
    try:
        if isinstance(like, date):
            return date.fromisoformat(text)
        if isinstance(like, str) and PROJECT.fullmatch(like) and not PROJECT.fullmatch(text):
            raise UnreadablePlaceError(place=text)
        return text.encode() if isinstance(like, bytes) else type(like)(text)
    except ValueError as error:
        raise UnreadablePlaceError(place=text) from error


def _place(key: tuple[Any, ...]) -> str:
    return " ".join(each.decode() if isinstance(each, bytes) else str(each) for each in key)


def _project_key(row: ProjectRow, query: ProjectQuery) -> tuple[Any, ...]:
    due, place = row.next_due_on or _NEVER, row.project_id
    keys: dict[str, tuple[Any, ...]] = {
        "project": (place,),
        "title": (row.title.encode(), place),
        "lead": (row.lead_department.encode(), place),
        "light": (WORST_LAST[::-1].index(row.light), due, place),
        "stage": (row.stage, due, place),
        "due": (due, place),
        "overdue": (-row.overdue, due, place),
    }
    return keys[query.sort]


def _duty_key(place: int, duty: DutyRow, query: DutyQuery) -> tuple[Any, ...]:
    due, where = duty.answer_by or _NEVER, (duty.project_id, place)
    keys: dict[str, tuple[Any, ...]] = {
        "milestone": where,
        "department": (duty.department.encode(), due, *where),
        "light": (WORST_LAST[::-1].index(duty.light), due, *where),
        "stage": (duty.stage, due, *where),
        "due": (due, *where),
    }
    return keys[query.sort]


def _urgency_of(duty: DutyRow, day: date, soon: date) -> Urgency:
    """Where an open duty stands on its department's day."""
    if duty.stage == "returned_for_rework":
        return "returned"
    if duty.light == "red":
        return "overdue" if duty.answer_by is not None and duty.answer_by < day else "behind"
    if duty.light == "grey" and duty.answer_by is not None and duty.answer_by < day:
        return "in_retrospect"
    if duty.answer_by is not None and duty.answer_by <= soon:
        return "soon"
    return "waiting" if duty.stage == "completion_requested" else "later"
