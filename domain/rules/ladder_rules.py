"""The rules of a ladder: when a due date is reminded of, urged and escalated, and to whom."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import AfterValidator, Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from domain.errors import InputError
from domain.frozen import Frozen
from domain.ids import DepartmentId
from domain.names import Addressee, Name, written_name

Rules = TypeVar("Rules", bound=Frozen)
Level = Literal["blue", "yellow", "red"]
LEVELS: tuple[Level, ...] = ("blue", "yellow", "red")
DueRoll = Literal["none", "following", "preceding"]
WorkingDays = Annotated[int, Field(ge=1, le=250)]


class UnsoundRuleError(InputError, ValueError, rule="sound_policy"):
    """Rules that contradict one another. `keys` are the paths of the fields concerned, the likeliest to change first.

    Also a ValueError, so that it can be raised while a model is validated.
    """

    def __init__(self, text: str, *keys: tuple[str, ...]) -> None:
        super().__init__(text)
        self.keys = keys


def _without_offset(value: time) -> time:
    if value.tzinfo is not None:
        raise UnsoundRuleError(f"{value.isoformat()} 带有时区，这里一律是办公室所在地时间，只写时和分，例如 08:30", ())
    return value


TimeOfDay = Annotated[time, AfterValidator(_without_offset)]
"""A time on the offices' clocks."""


def _named_role(to: str) -> str:
    # Each placeholder once: with two names of the longest kind the role is still an addressee's name.
    rest = to.replace("{lead}", "", 1).replace("{department}", "", 1)
    if not to.strip() or "{" in rest or "}" in rest:
        # A misspelt placeholder would be printed on an order as it stands.
        raise UnsoundRuleError(
            f"“{to}”不能确定发给谁：请写职务名称，可用 {{lead}} 代表牵头部门、{{department}} 代表逾期部门，各至多一次",
            (),
        )
    return to


Role = Annotated[Name, AfterValidator(_named_role)]
"""A superior's role as a policy writes it, refused where it would not say who."""


def addressee(to: str, lead: DepartmentId, department: DepartmentId) -> Addressee:
    """Whom a role names for a project that `lead` leads, when it is about `department`."""
    return written_name(to.replace("{lead}", lead).replace("{department}", department))


class EscalationStep(Frozen):
    """One rung of the ladder: an order of this level, so many working days after the due date, to a superior.

    `to` names the superior's role; `{lead}` in it stands for the lead department, `{department}` for the department
    that is late (the lead itself, or a participating one). An order's colour is no light: what is overdue is red.
    """

    level: Level
    after_working_days: WorkingDays
    to: Role
    opens_inspection: bool = False

    def superior_of(self, lead: DepartmentId, department: DepartmentId | None = None) -> Addressee:
        """The superior whom this rung reaches when `department` (the lead where none is given) is late."""
        return addressee(self.to, lead, department or lead)


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


class Override(Frozen):
    """What one of the list has otherwise; what is absent stays as the list has it."""

    @model_serializer(mode="wrap")
    def _only_what_is_given(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        # A null overrides too, or is refused, so what was left out must stay out wherever a policy travels as JSON.
        return {name: value for name, value in dump(self).items() if name in self.model_fields_set}

    def over(self, rules: Rules) -> Rules:
        """The rules with this override laid over them."""
        # A constructor call, not a copy: the ladder must climb after the override too.
        given, kind = self.model_fields_set, type(rules)
        return kind(**{name: getattr(self if name in given else rules, name) for name in kind.model_fields})


class RulesOverride(Override):
    """What one project or milestone has otherwise."""

    reminders_working_days_before: tuple[WorkingDays, ...] | None = None
    yellow_light_working_days_before: int | None = Field(default=None, ge=0, le=250)
    due_roll: DueRoll | None = None
    urge_after_working_days: WorkingDays | None = None
    escalation: tuple[EscalationStep, ...] | None = None
    rework_working_days: WorkingDays | None = None
