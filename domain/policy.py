"""The supervision policy: when a department is reminded, urged and escalated, by whom, and within which hours.

A policy is a file that an operator edits (`examples/policy.yaml`). Rules hold for the whole list and may be
overridden for one project or one milestone; what an override leaves out stays as the list has it.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    field_validator,
    model_serializer,
    model_validator,
)

from domain.calendar import WorkingCalendar, office_instant
from domain.errors import InputError
from domain.ids import DepartmentId, MilestoneId, ProjectId, project_of
from domain.project import Frozen

Level = Literal["blue", "yellow", "red"]
LEVELS: tuple[Level, ...] = ("blue", "yellow", "red")
DueRoll = Literal["none", "following", "preceding"]
WorkingDays = Annotated[int, Field(ge=1, le=250)]


class UnsoundRuleError(InputError, ValueError):
    """Rules that contradict one another. `keys` are the paths of the fields concerned, the likeliest to change first.

    Also a ValueError, so that it can be raised while a model is validated.
    """

    rule = "sound_policy"

    def __init__(self, text: str, *keys: tuple[str, ...]) -> None:
        super().__init__(text)
        self.keys = keys


def _without_offset(value: time) -> time:
    if value.tzinfo is not None:
        raise UnsoundRuleError(f"{value.isoformat()} 带有时区，这里一律是办公室所在地时间，只写时和分，例如 08:30", ())
    return value


TimeOfDay = Annotated[time, AfterValidator(_without_offset)]
"""A time on the offices' clocks."""


class EscalationStep(Frozen):
    """One rung of the ladder: an order of this level, so many working days after the due date, to a superior.

    `to` names the superior's role; `{lead}` in it stands for the lead department.
    """

    level: Level
    after_working_days: WorkingDays
    to: str = Field(min_length=1, max_length=80)
    opens_inspection: bool = False

    @field_validator("to")
    @classmethod
    def _names_somebody(cls, to: str) -> str:
        rest = to.replace("{lead}", "")
        if not to.strip() or "{" in rest or "}" in rest:
            # A misspelt placeholder would be printed on an order as it stands.
            raise UnsoundRuleError(f"“{to}”不能确定发给谁：请写职务名称，其中只能用 {{lead}} 代表牵头部门", ())
        return to

    def superior_of(self, lead: DepartmentId) -> DepartmentId:
        """The superior whom this rung reaches when `lead` is the department that is late."""
        return self.to.replace("{lead}", lead)


class MilestoneRules(Frozen):
    """The rules that one milestone is supervised by."""

    reminders_working_days_before: tuple[WorkingDays, ...] = (14, 7, 1)
    yellow_light_working_days_before: int = Field(default=1, ge=0, le=250)
    due_roll: DueRoll = "none"
    urge_after_working_days: WorkingDays | None = 1
    escalation: tuple[EscalationStep, ...] = (
        EscalationStep(level="blue", after_working_days=3, to="{lead}主要负责人"),
        EscalationStep(level="yellow", after_working_days=5, to="分管领导", opens_inspection=True),
        EscalationStep(level="red", after_working_days=10, to="主要领导"),
    )
    rework_working_days: WorkingDays = 5

    def __hash__(self) -> int:
        # Asked for at every look-up of a ladder; few rules differ in the steps alone, and equality tells those apart.
        return hash((self.reminders_working_days_before, self.urge_after_working_days, self.rework_working_days))

    @model_validator(mode="after")
    def _ladder_climbs(self) -> Self:
        reminders = self.reminders_working_days_before
        if list(reminders) != sorted(set(reminders), reverse=True):
            raise UnsoundRuleError(
                "提醒的工作日数应由大到小、不得重复，例如 [14, 7, 1]", ("reminders_working_days_before",)
            )
        yellow = self.yellow_light_working_days_before
        if yellow and reminders and yellow not in reminders:
            raise UnsoundRuleError(
                f"黄灯随提醒亮起，而到期前 {yellow} 个工作日没有提醒："
                f"请从 {list(reminders)} 中选一个，或写 0（不亮黄灯）",
                ("yellow_light_working_days_before",),
                ("reminders_working_days_before",),
            )
        levels = [LEVELS.index(step.level) for step in self.escalation]
        if levels != sorted(set(levels)):
            raise UnsoundRuleError(
                "督办单应逐级升高：先 blue（蓝）再 yellow（黄）后 red（红），每级至多一次", ("escalation",)
            )
        days = [step.after_working_days for step in self.escalation]
        if days != sorted(set(days)):
            raise UnsoundRuleError("督办单应逐级升高：高一级的 after_working_days 必须大于低一级的", ("escalation",))
        if self.urge_after_working_days is not None and days and self.urge_after_working_days >= days[0]:
            raise UnsoundRuleError(
                f"催办应早于第一张督办单：urge_after_working_days 是 {self.urge_after_working_days}，"
                f"必须小于第一级的 {days[0]} 个工作日",
                ("urge_after_working_days",),
                ("escalation",),
            )
        return self


class RulesOverride(Frozen):
    """What one project or milestone has otherwise; what is absent stays as the list has it."""

    reminders_working_days_before: tuple[WorkingDays, ...] | None = None
    yellow_light_working_days_before: int | None = Field(default=None, ge=0, le=250)
    due_roll: DueRoll | None = None
    urge_after_working_days: WorkingDays | None = None
    escalation: tuple[EscalationStep, ...] | None = None
    rework_working_days: WorkingDays | None = None

    @model_serializer(mode="wrap")
    def _only_what_is_given(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        # A null overrides too, so what was left out must stay out wherever a policy travels as JSON.
        return {name: value for name, value in dump(self).items() if name in self.model_fields_set}

    def over(self, rules: MilestoneRules) -> MilestoneRules:
        """The rules with this override laid over them (a null in the file overrides too)."""
        given = {name: getattr(self, name) for name in self.model_fields_set}
        # A constructor call, not a copy: the ladder must climb after the override too.
        return MilestoneRules(**{**{name: getattr(rules, name) for name in MilestoneRules.model_fields}, **given})


class SupervisionPolicy(Frozen):
    """How a year's list is supervised. `spread_minutes` spreads the projects' wake-ups over the first part of the
    working day (and of the night after a due date), so that a month's end does not wake all at the same instant."""

    version: Literal[1] = 1
    working_hours_open: TimeOfDay = time(8, 30)
    working_hours_close: TimeOfDay = time(17, 30)
    spread_minutes: int = Field(default=30, ge=0, le=60)
    digest_at: TimeOfDay = time(9, 0)
    rules: MilestoneRules = MilestoneRules()
    projects: dict[ProjectId, RulesOverride] = Field(default_factory=dict)
    milestones: dict[MilestoneId, RulesOverride] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _digest_lies_in_working_hours(self) -> Self:
        if not self.working_hours_open <= self.digest_at < self.working_hours_close:
            raise UnsoundRuleError(
                f"汇总发送时间 {self.digest_at:%H:%M} 必须在工作时间"
                f" {self.working_hours_open:%H:%M} 至 {self.working_hours_close:%H:%M} 之内",
                ("digest_at",),
                ("working_hours_open",),
                ("working_hours_close",),
            )
        spread_until = datetime.combine(date.min, self.working_hours_open) + timedelta(minutes=self.spread_minutes)
        if spread_until > datetime.combine(date.min, self.digest_at):
            raise UnsoundRuleError(
                f"汇总发送时间 {self.digest_at:%H:%M} 不能早于错峰结束的 {spread_until:%H:%M}"
                "（上班时间加 spread_minutes 分钟）",
                ("digest_at",),
                ("spread_minutes",),
                ("working_hours_open",),
            )
        for project_id, override in self.projects.items():
            self._must_climb(("projects", project_id), override, self.rules)
        for milestone_id, override in self.milestones.items():
            below = self.projects.get(project_of(milestone_id))
            self._must_climb(("milestones", milestone_id), override, below.over(self.rules) if below else self.rules)
        return self

    @staticmethod
    def _must_climb(where: tuple[str, str], override: RulesOverride, rules: MilestoneRules) -> None:
        try:
            override.over(rules)
        except ValidationError as error:
            fault = error.errors()[0]
            unsound = fault.get("ctx", {}).get("error")
            if isinstance(unsound, UnsoundRuleError):
                raise UnsoundRuleError(
                    f"{where[1]} 的单独规定与清单的规定合起来不成立：{unsound.text}",
                    *((*where, *key) for key in unsound.keys),
                    where,
                ) from error
            # Only a null can pass an override's own types and fail those of the rules.
            name = str(fault["loc"][0])
            raise UnsoundRuleError(f"{where[1]} 的 {name} 不能是 null：不写即沿用清单的规定", (*where, name)) from error

    def rules_for(self, milestone_id: MilestoneId) -> MilestoneRules:
        """The rules that hold for a milestone: the list's, then its project's, then its own."""
        rules = self.rules
        for override in (self.projects.get(project_of(milestone_id)), self.milestones.get(milestone_id)):
            if override is not None:
                rules = override.over(rules)
        return rules

    def for_project(self, project_id: ProjectId) -> SupervisionPolicy:
        """The part of the policy that one project's workflow needs to carry (the policy itself when that is all)."""
        if self.projects.keys() <= {project_id} and all(project_of(key) == project_id for key in self.milestones):
            return self
        return self.model_copy(
            update={
                "projects": {key: value for key, value in self.projects.items() if key == project_id},
                "milestones": {key: value for key, value in self.milestones.items() if project_of(key) == project_id},
            }
        )

    def spread_for(self, project_id: ProjectId) -> timedelta:
        """How long after the nominal instant a project wakes: by its identity, never by chance, to the millisecond."""
        return _spread(project_id, self.spread_minutes)

    def within_working_hours(self, at: datetime, calendar: WorkingCalendar) -> bool:
        """Whether papers may go out at `at` (office time)."""
        return self.working_hours_open <= at.time() < self.working_hours_close and calendar.is_working_day(at.date())

    def next_opening(self, at: datetime, calendar: WorkingCalendar) -> datetime:
        """The next instant at which an office opens, after `at` (office time)."""
        day = at.date()
        if at.time() >= self.working_hours_open:
            day += timedelta(days=1)
        return office_instant(calendar.on_or_after(day), self.working_hours_open)


def shared_policy(policy: SupervisionPolicy) -> SupervisionPolicy:
    """The one copy of a policy that all projects of this process hold: ten thousand of them carry the same.

    It stands here and not beside the workflows, since the sandbox of a replay gives each workflow those modules anew.
    """
    return _policy_of(policy.model_dump_json())


@lru_cache(maxsize=64)
def _policy_of(text: str) -> SupervisionPolicy:
    return SupervisionPolicy.model_validate_json(text)


SharedPolicy = Annotated[SupervisionPolicy, AfterValidator(shared_policy)]
"""A policy that becomes the shared copy as soon as it is read: a workflow's input lives as long as its run."""


@lru_cache(maxsize=65_536)
def _spread(project_id: ProjectId, minutes: int) -> timedelta:
    milliseconds = minutes * 60_000
    if not milliseconds:
        return timedelta()
    digest = hashlib.sha256(project_id.encode()).digest()
    return timedelta(milliseconds=int.from_bytes(digest[:8], "big") % milliseconds)
