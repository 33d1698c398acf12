"""Where the duties of a milestone stand: the lead's, and those of the participants."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, Field

from domain.actors import KnownPerson, known_persons
from domain.frozen import Frozen, added_later
from domain.ids import DepartmentId, MilestoneId
from domain.project import SubDuty
from domain.state.under_way import Breach, Confidence, Extension, Inspection, Pause, Silence

MilestoneStage = Literal[
    "assigned",
    "in_progress",
    "completion_requested",
    "returned_for_rework",
    "completed",
    "struck_off",
    "withdrawn",
    "carried_over",
    "ended",
]
PartStage = Literal["assigned", "in_progress", "delivered", "released"]

OPEN_STAGES: frozenset[MilestoneStage] = frozenset({"assigned", "in_progress", "returned_for_rework"})
"""The department's clock runs."""
CLOSED_STAGES: frozenset[MilestoneStage] = frozenset({"struck_off", "withdrawn", "carried_over", "ended"})
"""Nothing more can happen."""
OPEN_PART_STAGES: frozenset[PartStage] = frozenset({"assigned", "in_progress"})
"""The participating department's own clock runs."""


class PartState(Frozen):
    """Where the duty of one participating department in a milestone stands; its reminders as those of the lead."""

    department: DepartmentId
    stage: PartStage = "assigned"
    signed: bool = False
    answer_by: date | None
    round: int = 0
    taken: tuple[str, ...] = ()
    breaches: tuple[Breach, ...] = ()
    reports: int = 0
    last_reported_at: AwareDatetime | None = None
    done_on: date | None = None
    stops: dict[str, date] = Field(default_factory=dict)
    last_reminder: int | None = None
    seen_reminder: int | None = None
    sent_before: tuple[str, ...] = ()


class GivenPart(SubDuty):
    """A part of a milestone that was given to a unit, and the department that supervises it: that gave it, or took over
    the duty. One that is `withdrawn` keeps its number; the unit may be given another."""

    by: DepartmentId
    withdrawn: Literal[True] | None = added_later()


class DatedAnew(Frozen):
    """That the list gave a milestone another date while it ran: on which day, and how many working days were excused
    before it."""

    on: date
    excused_before: int


class MilestoneState(Frozen):
    """Where one milestone stands. `answer_by` is the date that the present round must be answered by: the approved
    due date, a later one after a return for rework, or later by the working days for which the clock stood still.

    `taken` are the rungs of the round that were taken or recorded as not sent. `stops` are the reasons for which the
    clock stands still, `stopped_on` the day since which its date is not yet made later for that; `parts` are the duties
    of the participants. `added_on` is the day on which the list added it, where it was not in it from the first.
    `last_reminder` is the place in the stream of the last reminder or urge that went to the lead, `seen_reminder` that
    of the last one that it acknowledged as seen. `sent_before` says which urges and orders went out, each with its day.
    `dated_anew` is there where days had been excused before the list gave the date that holds.
    `periods_longer` are the working days that a reporting period has besides, by its number.
    `sub_duties` are the parts that its departments gave to their units. `disputed` are the two of a dispute that waits.
    `asked_by` is the lead that asked last for the acceptance, where another one leads since.
    """

    milestone_id: MilestoneId
    stage: MilestoneStage = "assigned"
    retrospective: bool = False
    baseline_due_on: date | None
    approved_due_on: date | None
    forecast_due_on: date | None = None
    answer_by: date | None
    round: int = 0
    taken: tuple[str, ...] = ()
    breaches: tuple[Breach, ...] = ()
    reports: int = 0
    last_reported_at: AwareDatetime | None = None
    quantity: int | None = None
    done_on: date | None = None
    requested_at: AwareDatetime | None = None
    accepted_by: str | None = None
    accepted_for: str | None = None
    accepted_person: str | None = added_later()
    accepted_for_person: str | None = added_later()
    closed_at: AwareDatetime | None = None
    amended_round: int | None = None
    signed: bool = False
    parts: dict[DepartmentId, PartState] = Field(default_factory=dict)
    stops: dict[str, date] = Field(default_factory=dict)
    stopped_on: date | None = None
    working_days_excused: int = 0
    dated_anew: DatedAnew | None = added_later()
    periods_longer: dict[int, int] | None = added_later()
    extension: Extension | None = None
    extensions_granted: int = 0
    inspection: Inspection | None = None
    inspected_on: tuple[date, ...] = ()
    periods_reported: tuple[int, ...] = ()
    periods_missed: tuple[int, ...] = ()
    pace_warned: tuple[int, ...] = ()
    suspension: Pause | None = None
    silence: Silence | None = None
    carried_to: int | None = None
    added_on: date | None = None
    last_reminder: int | None = None
    seen_reminder: int | None = None
    confidence: Confidence | None = None
    sent_before: tuple[str, ...] = ()
    sub_duties: tuple[GivenPart, ...] | None = added_later()
    disputed: tuple[DepartmentId, DepartmentId] | None = added_later()
    asked_by: DepartmentId | None = added_later()

    @property
    def rework(self) -> bool:
        """Whether the present round answers a return for rework, and not the first date or an amended one."""
        return self.round > 0 and self.round != self.amended_round

    @property
    def accepters(self) -> tuple[KnownPerson, ...]:
        """Who accepted the completion, and for whom."""
        return known_persons((self.accepted_by, self.accepted_person), (self.accepted_for, self.accepted_for_person))
