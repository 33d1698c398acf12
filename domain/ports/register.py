"""The register: a read model of the ledger, with what lists show, filter and sort.

It holds nothing of its own: every row is derived from the ledger's events at an instant, and whoever drops it can have
it again. It is never ahead of the ledger; by how much it is behind is asked with `standing`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Generic, Literal, Protocol, TypeVar

from domain.bounds import Year
from domain.colours import Colour
from domain.errors import UnusableInputError
from domain.frozen import Frozen
from domain.ids import DepartmentId, MilestoneId, ProjectId
from domain.paging import NOWHERE, Part, Stretch
from domain.ports.outlook import Outlook
from domain.ports.register_lines import DeputyRow, DutyRow, MatterRow, ProjectRow, RegisteredProject, Role
from domain.rules.life_cycle import LimitKind
from domain.state import MilestoneStage, PartStage, ProjectStage
from domain.texts import Label

ProjectSort = Literal["project", "title", "lead", "light", "stage", "due", "overdue"]
DutySort = Literal["milestone", "department", "light", "stage", "due"]


class BackwardDaysError(UnusableInputError, rule="days_run_forward"):
    """A span of days that is asked for ends before it begins."""

    says = "最后一天 {last} 早于第一天 {first}：请改正其中一个日期。"
    first: date
    last: date


def must_run_forward(first: date | None, last: date | None) -> None:
    """Refuse a span of days that ends before it begins.

    Raises:
        BackwardDaysError: it does.
    """
    if first and last and last < first:
        raise BackwardDaysError(first=first, last=last)


class ProjectQuery(Part):
    """Which projects, in which order, and which part of them.

    `due_from` and `due_until` (both included) are of the next due date; `text` stands anywhere in a title, a
    leader's or a department's name, or the words of a milestone. `overdue` asks for those with a milestone that is
    overdue, `undecided` for those with something that could not be decided; `directed` for those with a leader's
    directive that waits, `among` for those that are named (none of them where nothing is); `leads` and `participants`
    for those of a department under any of several names.
    Sub-duties, which are counted in their milestones, come only where they are named or `with_sub_duties` asks.
    """

    year: Year | None = None
    lead: DepartmentId | None = None
    leads: tuple[DepartmentId, ...] = ()
    participant: DepartmentId | None = None
    participants: tuple[DepartmentId, ...] = ()
    lights: tuple[Colour, ...] = ()
    stages: tuple[ProjectStage, ...] = ()
    due_from: date | None = None
    due_until: date | None = None
    text: Label | None = None
    category: Label | None = None
    source: Label | None = None
    leader: Label | None = None
    overdue: bool = False
    undecided: bool = False
    directed: bool = False
    among: tuple[ProjectId, ...] | None = None
    with_sub_duties: bool = False
    sort: ProjectSort = "project"
    descending: bool = False

    @property
    def listed_only(self) -> bool:
        """Whether it asks for rows of lists alone."""
        return self.among is None and not self.with_sub_duties


class Choices(Frozen):
    """What there is to choose from where lists are filtered, each in order."""

    years: tuple[int, ...] = ()
    leads: tuple[DepartmentId, ...] = ()
    categories: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    leaders: tuple[str, ...] = ()


class DutyQuery(Part):
    """Which duties (of projects of a year), in which order, and which part of them.

    `due_from` and `due_until` are of the date to answer by. `names` asks for the duties of a department under any of
    several names, `among` for those in some projects. Sub-duties come where a department or a project is named, or
    `with_sub_duties` asks.
    """

    department: DepartmentId | None = None
    names: tuple[DepartmentId, ...] = ()
    among: tuple[ProjectId, ...] | None = None
    role: Role | None = None
    project_id: ProjectId | None = None
    year: Year | None = None
    lights: tuple[Colour, ...] = ()
    stages: tuple[MilestoneStage | PartStage, ...] = ()
    open: bool | None = None
    signed: bool | None = None
    due_from: date | None = None
    due_until: date | None = None
    text: Label | None = None
    with_sub_duties: bool = False
    sort: DutySort = "milestone"
    descending: bool = False

    @property
    def listed_only(self) -> bool:
        """Whether it asks for duties in rows of lists alone."""
        return self.department is None and not self.names and self.project_id is None and not self.with_sub_duties


class MatterQuery(Part):
    """Which matters, the one that is due first in front, and which part of them; `among` as for projects."""

    owner: DepartmentId | None = None
    of_the_section: bool | None = None
    kinds: tuple[LimitKind, ...] = ()
    late: bool = False
    among: tuple[ProjectId, ...] | None = None


Row_co = TypeVar("Row_co", covariant=True)


@dataclass(frozen=True)
class Page(Generic[Row_co]):
    """One page of rows, how many there are on all pages, and where it lies."""

    rows: tuple[Row_co, ...]
    count: int
    lies: Stretch = field(default=NOWHERE, kw_only=True)


DutyPage = Page[DutyRow]
MatterPage = Page[MatterRow]


@dataclass(frozen=True)
class ProjectPage(Page[ProjectRow]):
    """One page of projects; `lights` counts those on all pages by light, whatever light is asked for."""

    lights: Mapping[Colour, int]


class DepartmentCount(Frozen):
    """How many duties of one department have one light, how many due dates passed in them, how many were done before
    their window, and how many open ones are not signed for."""

    department: DepartmentId
    role: Role
    light: Colour
    duties: int
    breaches: int
    early: int
    unsigned: int


class MonthCount(Frozen):
    """What was due of one department in one month (`2018-06`) by the approved dates: its duties, those of them that
    are done (accepted by a reviewer; a participant's part: delivered), and those that are done and never broke a due
    date. What is done is of who did it, what is not of who has it. What was withdrawn is not counted, nor a part that
    its department was released from before it had delivered it."""

    department: DepartmentId
    role: Role
    month: str
    duties: int
    done: int
    on_time: int


Urgency = Literal["returned", "overdue", "behind", "in_retrospect", "soon", "waiting", "later"]
"""Why an open duty stands where it stands on its department's day, the most urgent first: one that is red before it is
due is `behind`, and not overdue."""


@dataclass(frozen=True, slots=True)
class AgendaPart:
    """The open duties of a department in one role that ask for the same thing: the first ones, how many in all, and how
    many of them are not signed yet."""

    role: Role
    urgency: Urgency
    rows: tuple[DutyRow, ...]
    count: int
    unsigned: int


class DeputyCount(Frozen):
    """A deputy of somebody for a span of days, and in how many projects."""

    deputy: str
    from_on: date
    until_on: date
    projects: int


class YearEndCount(Frozen):
    """What the end of a year finds: projects that are open and those that are over, and open sub-duties; of the open
    projects, the sums of their rows, the first project, and the first of the milestones that must be struck off."""

    projects: int
    sub_duties: int
    over: int
    unsettled: int
    to_strike_off: int
    struck_off: int
    matters: int
    extensions: int
    inspections: int
    first_project: ProjectId | None
    first_to_strike_off: tuple[MilestoneId, ...]


class Standing(Frozen):
    """How far the register has come: `taken` entries of the `entries` that the ledger has are in its rows.

    `due` counts the rows whose view changed by time since they were derived.
    """

    entries: int
    taken: int
    due: int

    @property
    def behind(self) -> int:
        """How many entries are not in the rows yet."""
        return self.entries - self.taken

    @property
    def complete(self) -> bool:
        """Whether every row is what the ledger says at this instant."""
        return not self.behind and not self.due

    def of(self, entries: int) -> Standing:
        """How far it has come of so many entries, or of more where it has taken more."""
        return self.having(entries=max(entries, self.taken))


class Register(Protocol):
    """MUST answer rows of one commit; MUST NOT have a row of an event that the ledger does not have.

    All methods may be called from any thread.
    """

    @property
    def outlook(self) -> Outlook:
        """What time will bring, beside it in the same store."""

    def projects(self, query: ProjectQuery) -> ProjectPage:
        """The projects that a query asks for."""

    def duties(self, query: DutyQuery) -> DutyPage:
        """The duties that a query asks for."""

    def choices(self) -> Choices:
        """What the projects have in the fields that lists are filtered by."""

    def departments(self) -> Sequence[DepartmentCount]:
        """The duties of all departments, counted by light; in order of department, role and light."""

    def matters(self, query: MatterQuery) -> MatterPage:
        """The matters that a query asks for."""

    def agenda(self, department: DepartmentId, day: date, soon: date, most: int) -> Sequence[AgendaPart]:
        """What is open of a department on a day, by role and urgency, at most so many rows of each.

        What comes due until `soon` presses.
        """

    def deputies(self, principal: str) -> Sequence[DeputyCount]:
        """Who may act for somebody, now or later, in order of day and name."""

    def deputy_rows(self) -> Sequence[DeputyRow]:
        """Every deputy of every project, in order of project."""

    def deputies_on(self, day: date) -> Sequence[DeputyRow]:
        """Every deputy who may act on a day, in order of project."""

    def deputed(self, principal: str, deputy: str) -> Sequence[ProjectId]:
        """The projects in which somebody may act for somebody, now or later."""

    def year_end(self, year: int, most: int) -> YearEndCount:
        """What the end of a year finds, with at most so many of the milestones that must be struck off first."""

    def months(self, year: int) -> Sequence[MonthCount]:
        """The duties of all departments that are due in a year, whichever list they are of, by month; in order of
        department, role and month. One that was carried over from an earlier list is the later one's."""

    def stages(self) -> Mapping[ProjectId, ProjectStage]:
        """The stage of every project, in order of identity."""

    def views(self, project_ids: Sequence[ProjectId]) -> Mapping[ProjectId, str]:
        """The whole views of projects, as JSON."""

    def standing(self, now: datetime) -> Standing:
        """How far the register has come, at an instant of the supervised year."""

    def changed(self) -> tuple[int, int, Sequence[str]]:
        """How many entries are taken, how many the ledger has, and the streams of those that are not taken yet."""

    def due(self, now: datetime) -> Sequence[ProjectId]:
        """The projects whose view time changed since they were derived, or was derived at an instant yet to come."""

    async def keep(self, projects: Sequence[RegisteredProject]) -> None:
        """Put projects in, in one transaction; one that is there from more events, or from a later look, stays, unless
        that look was by a clock that was put back since."""

    async def take(self, before: int, until: int) -> bool:
        """Say that the first `until` entries are in the rows, where at least the first `before` were; whether so."""

    async def clear(self) -> None:
        """Drop every row: the next look begins with the first entry."""
