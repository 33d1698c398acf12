"""The rules of the whole life cycle: the limits of both sides, participants, extensions, progress, inspections, burden.

Each has the default that stands here.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.bounds import Day
from domain.frozen import SHARED, Frozen, shared
from domain.ids import DepartmentId
from domain.rules.ladder_rules import EscalationStep, MilestoneRules, Role, UnsoundRuleError, WorkingDays, addressee
from domain.rules.light_rules import LightRules

LimitKind = Literal[
    "receipt",  # a department must sign for its assignment
    "declined_assignment",  # the assigning side must insist or give the duty to another
    "dispute",  # the assigning side must decide between two departments
    "completion_review",  # the supervision section must accept a completion or return it
    "extension_review",  # the supervision section must review an extension
    "extension_ruling",  # the supervision section must rule on a reviewed extension
    "inspection_answer",  # a department must answer the conclusion of an inspection
    "rectification",  # a department must put right what an inspection found
    "rectification_check",  # the supervision section must check what was put right
    "directive_answer",  # a department must report what it did upon a directive
]
OF_THE_SUPERVISORS: frozenset[LimitKind] = frozenset(
    {
        "declined_assignment",
        "dispute",
        "completion_review",
        "extension_review",
        "extension_ruling",
        "rectification_check",
    }
)
"""The matters that the supervision section itself must answer."""
Percent = Annotated[int, Field(ge=1, le=99)]


class LimitStep(Frozen):
    """One rung of a limit's ladder: so many working days after it ran out, to a superior of the one who must answer.

    In `to`, `{lead}` stands for the lead department and `{department}` for the one who must answer.
    """

    after_working_days: WorkingDays
    to: Role

    def superior_of(self, lead: DepartmentId, owner: DepartmentId) -> DepartmentId:
        """The superior whom this rung reaches when `owner` has not answered."""
        return addressee(self.to, lead, owner)


class LimitRules(Frozen):
    """How long a matter may wait for its answer, when it is reminded of, and to whom it climbs."""

    working_days: WorkingDays
    reminders_working_days_before: tuple[WorkingDays, ...] = (1,)
    escalation: tuple[LimitStep, ...] = ()

    def __hash__(self) -> int:
        # Asked for at every look-up of a ladder, as with a milestone's rules.
        return hash((self.working_days, self.reminders_working_days_before))

    @model_validator(mode="after")
    def _ladder_climbs(self) -> Self:
        reminders = self.reminders_working_days_before
        if list(reminders) != sorted(set(reminders), reverse=True):
            raise UnsoundRuleError(
                "提醒的工作日数应由大到小、不得重复，例如 [3, 1]", ("reminders_working_days_before",)
            )
        days = [step.after_working_days for step in self.escalation]
        if days != sorted(set(days)):
            raise UnsoundRuleError("逐级上报的 after_working_days 应由小到大、不得重复", ("escalation",))
        return self


def _to(*steps: tuple[int, str]) -> tuple[LimitStep, ...]:
    return tuple(LimitStep(after_working_days=days, to=to) for days, to in steps)


_HEAD = "{department}主要负责人"


class Limits(Frozen):
    """The limit of every matter that waits for an answer, of departments and of the supervision section alike."""

    receipt: LimitRules = LimitRules(working_days=3, escalation=_to((1, _HEAD), (3, "分管领导")))
    declined_assignment: LimitRules = LimitRules(working_days=3, escalation=_to((1, "分管领导")))
    dispute: LimitRules = LimitRules(working_days=5, escalation=_to((1, "分管领导")))
    completion_review: LimitRules = LimitRules(working_days=5, escalation=_to((1, "督查室主任"), (5, "分管领导")))
    extension_review: LimitRules = LimitRules(working_days=3, escalation=_to((1, "督查室主任")))
    extension_ruling: LimitRules = LimitRules(working_days=3, escalation=_to((1, "分管领导")))
    inspection_answer: LimitRules = LimitRules(working_days=5, escalation=_to((1, _HEAD), (3, "分管领导")))
    rectification: LimitRules = LimitRules(
        working_days=20, reminders_working_days_before=(5, 1), escalation=_to((1, _HEAD), (5, "分管领导"))
    )
    rectification_check: LimitRules = LimitRules(working_days=5, escalation=_to((1, "督查室主任")))
    directive_answer: LimitRules = LimitRules(
        working_days=10, reminders_working_days_before=(3, 1), escalation=_to((1, _HEAD), (3, "分管领导"))
    )

    def of(self, kind: LimitKind) -> LimitRules:
        """The rules of one kind of matter."""
        rules: LimitRules = getattr(self, kind)
        return rules


class ParticipantRules(Frozen):
    """The lighter ladder of a participating department's own duty."""

    reminders_working_days_before: tuple[WorkingDays, ...] = (7,)
    urge_after_working_days: WorkingDays | None = 1
    escalation: tuple[EscalationStep, ...] = (EscalationStep(level="blue", after_working_days=3, to=_HEAD),)

    @model_validator(mode="after")
    def _ladder_climbs(self) -> Self:
        self.over(MilestoneRules())
        return self

    def over(self, rules: MilestoneRules) -> MilestoneRules:
        """The rules of a milestone with the participants' ladder in the place of the lead's."""
        return MilestoneRules(
            reminders_working_days_before=self.reminders_working_days_before,
            yellow_light_working_days_before=0,
            due_roll=rules.due_roll,
            urge_after_working_days=self.urge_after_working_days,
            escalation=self.escalation,
            rework_working_days=rules.rework_working_days,
        )


class PlannedInspection(Frozen):
    """One day of the yearly inspection plan, and how many in a hundred of the departments it samples."""

    on: Day
    sample_percent: Annotated[int, Field(ge=1, le=100)] = 25


class LifeCycleRules(Frozen):
    """What supervision expects of both sides beside the due dates.

    `supervision_section` is the addressee of what the supervisors themselves must answer. The caps count one month of
    one department: inspections are not opened above theirs without a reason, and above the other one reminders are
    withheld, with the reason; documents always go out.
    """

    supervision_section: DepartmentId = "督查室"
    limits: Annotated[Limits, SHARED] = shared(Limits())
    participants: Annotated[ParticipantRules, SHARED] = shared(ParticipantRules())
    lights: LightRules = LightRules()
    extensions_at_most: int = Field(default=2, ge=0, le=20)
    ongoing_report_every_months: int = Field(default=3, ge=1, le=12)
    pace_warnings_at_percent: tuple[Percent, ...] = (50, 75)
    takeover_working_days: WorkingDays = 5
    inspections_per_month: int = Field(default=2, ge=1, le=100)
    papers_per_month: int = Field(default=40, ge=1, le=10_000)
    inspection_plan: tuple[PlannedInspection, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        marks = self.pace_warnings_at_percent
        if list(marks) != sorted(set(marks)):
            raise UnsoundRuleError("进度预警的百分比应由小到大、不得重复，例如 [50, 75]", ("pace_warnings_at_percent",))
        days = [planned.on for planned in self.inspection_plan]
        if days != sorted(set(days)):
            raise UnsoundRuleError("督查计划应按日期先后、不得重复", ("inspection_plan",))
        return self
