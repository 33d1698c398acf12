"""What is under way beside the duties: extensions, inspections, suspensions, limits, deputies, directives."""

from __future__ import annotations

from datetime import date
from itertools import zip_longest
from typing import Final, Literal

from pydantic import AwareDatetime

from domain.actors import KnownPerson, known_persons
from domain.bulletin_kind import BulletinKind
from domain.frozen import Frozen, added_later
from domain.ids import DepartmentId, MilestoneId
from domain.rules.life_cycle import LimitKind

ExtensionStage = Literal["asked", "reviewed", "more_asked"]
InspectionStage = Literal["opened", "concluded", "answered", "rectifying", "checking"]


class Breach(Frozen):
    """A due date that passed without a completion request: indelible."""

    due_on: date
    round: int
    recorded_at: AwareDatetime


CAPPED_INSPECTION: Final = "capped_inspection"
"""The kind of what was decided, and held back by the cap on inspections: a person opens it, or leaves it."""


class Undecided(Frozen):
    """What time brought and could not be decided: whose it was, which problem it met, since when.

    `round` is that of the duty whose ladder it belongs to; a later round has a ladder of its own.
    """

    milestone_id: MilestoneId | None
    kind: str
    rung: str
    problem: str
    since: AwareDatetime
    round: int = 0
    department: DepartmentId | None = None
    limit_id: str | None = None


class Pause(Frozen):
    """A suspension: since when, until when (the last suspended day, where one is set), by whom and why."""

    since: date
    until: date | None
    by: str
    reason: str


class Silence(Frozen):
    """Notices that are held back: up to and with this day, by whom and why."""

    until: date
    by: str
    reason: str


class Extension(Frozen):
    """An extension that is asked for and not ruled on yet."""

    stage: ExtensionStage = "asked"
    requested_due_on: date
    reason: str
    recommended_due_on: date | None = None
    reviewed_by: tuple[str, ...] = ()
    reviewed_persons: tuple[str | None, ...] | None = added_later()

    @property
    def reviewers(self) -> tuple[KnownPerson, ...]:
        """Who gave the first review, and for whom."""
        return known_persons(*zip_longest(self.reviewed_by, self.reviewed_persons or ()))


class Inspection(Frozen):
    """An inspection that is not closed yet."""

    opened_on: date
    stage: InspectionStage = "opened"
    findings: int = 0
    answered: bool = False
    rectify_by: date | None = None


class Confidence(Frozen):
    """How sure a reviewer is of a milestone: the step of five, who said it, when and why. The last word holds; the ones
    before stand in the record."""

    step: int
    by: str
    on: date
    reason: str


class Limit(Frozen):
    """A matter that waits for its answer: who must answer it, about whom, since when and until when.

    `extra_working_days` are those for which it stood still during a suspension; `stopped_on` is the day since which it
    does so now.
    """

    limit_id: str
    kind: LimitKind
    milestone_id: MilestoneId | None
    owner: DepartmentId
    set_on: date
    due_on: date
    working_days: int | None
    about: DepartmentId | None = None
    extra_working_days: int = 0
    stopped_on: date | None = None
    taken: tuple[str, ...] = ()


class Deputy(Frozen):
    """Who may act for whom, from the first to the last day, both included."""

    principal: str
    deputy: str
    from_on: date
    until_on: date
    principal_person: str | None = added_later()
    deputy_person: str | None = added_later()

    @property
    def principal_known(self) -> KnownPerson:
        """The one for whom the deputy acts."""
        return KnownPerson(self.principal, self.principal_person)

    @property
    def deputy_known(self) -> KnownPerson:
        """The deputy."""
        return KnownPerson(self.deputy, self.deputy_person)


class Bulletin(Frozen):
    """A bulletin that was published: about what and whom, when, and a hash of its words."""

    milestone_id: MilestoneId | None
    kind: BulletinKind
    department: DepartmentId
    on: date
    words: str

    @property
    def about(self) -> tuple[MilestoneId | None, BulletinKind, DepartmentId, int, int]:
        """For what it praises or criticises whom, and in which month."""
        return self.milestone_id, self.kind, self.department, self.on.year, self.on.month


class Directive(Frozen):
    """A leader's directive that is not answered yet."""

    milestone_id: MilestoneId | None
    leader: str
    answer_by: date | None
    text: str | None = added_later()
