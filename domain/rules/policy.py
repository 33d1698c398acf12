"""The supervision policy: when a department is reminded, urged and escalated, by whom, and within which hours.

A policy is a file that an operator edits (`examples/policy.yaml`). Rules hold for the whole list and may be
overridden for one project or one milestone; what an override leaves out stays as the list has it.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, ValidationError, model_validator

from domain.frozen import SHARED, Frozen, shared
from domain.ids import MilestoneId, ProjectId, project_of
from domain.rules.calendar import WorkingCalendar, office_instant
from domain.rules.ladder_rules import (
    MilestoneRules,
    RulesOverride,
    TimeOfDay,
    UnsoundRuleError,
)
from domain.rules.life_cycle import LifeCycleRules
from domain.rules.life_cycle_overrides import LifeCyclesOf
from domain.rules.mass_act_rules import MassActRules
from domain.rules.own_key_rules import OwnKeyRules, is_default
from domain.texts import Line


class SupervisionPolicy(Frozen):
    """How a year's list is supervised. `spread_minutes` spreads the projects' wake-ups over the first part of the
    working day (and of the night after a due date), so that a month's end does not wake all at the same instant.

    `refused_words` are refused in every text and file beside the classification marks, such as `内部资料`. `version` is
    that of the file's format.
    """

    version: Literal[2] = 2
    working_hours_open: TimeOfDay = time(8, 30)
    working_hours_close: TimeOfDay = time(17, 30)
    spread_minutes: int = Field(default=30, ge=0, le=60)
    digest_at: TimeOfDay = time(9, 0)
    refused_words: tuple[Line, ...] = Field(default=(), max_length=50)
    rules: Annotated[MilestoneRules, SHARED] = shared(MilestoneRules())
    mass_acts: MassActRules = MassActRules()
    own_key: OwnKeyRules = Field(default=OwnKeyRules(), exclude_if=is_default)
    life_cycle: LifeCycleRules = LifeCycleRules()
    life_cycle_of: LifeCyclesOf = LifeCyclesOf()
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
                f"汇总发送时间 {self.digest_at:%H:%M} 应不早于错峰结束的 {spread_until:%H:%M}"
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
                    f"{where[1]} 的单独规定与清单的规定合起来不成立，请改其中一处：{unsound.text}",
                    *((*where, *key) for key in unsound.keys),
                    where,
                ) from error
            # Only a null can pass an override's own types and fail those of the rules.
            name = str(fault["loc"][0])
            raise UnsoundRuleError(
                f"{where[1]} 的 {name} 不能是 null：请不写，即沿用清单的规定", (*where, name)
            ) from error

    def rules_for(self, milestone_id: MilestoneId) -> MilestoneRules:
        """The rules that hold for a milestone: the list's, then its project's, then its own."""
        rules = self.rules
        if not self.projects and not self.milestones:
            return rules
        for override in (self.projects.get(project_of(milestone_id)), self.milestones.get(milestone_id)):
            if override is not None:
                rules = override.over(rules)
        return rules

    def for_project(self, project_id: ProjectId, category: str | None) -> SupervisionPolicy:
        """The policy as one project's workflow carries it: with the life cycle that holds for it, and of the other
        rules only its own (the policy itself when that is all)."""
        none = LifeCyclesOf()
        if (
            self.life_cycle_of == none
            and self.projects.keys() <= {project_id}
            and all(project_of(key) == project_id for key in self.milestones)
        ):
            return self
        return self.having(
            life_cycle=self.life_cycle_of.over(self.life_cycle, project_id, category),
            life_cycle_of=none,
            projects={key: value for key, value in self.projects.items() if key == project_id},
            milestones={key: value for key, value in self.milestones.items() if project_of(key) == project_id},
        )

    def spread_for(self, project_id: ProjectId) -> timedelta:
        """How long after the nominal instant a project wakes: by its identity, never by chance, to the millisecond."""
        return _spread(project_id, self.spread_minutes)

    def within_working_hours(self, at: datetime, calendar: WorkingCalendar) -> bool:
        """Whether papers may go out at `at` (office time)."""
        return self.working_hours_open <= at.time() < self.working_hours_close and calendar.is_working_day(at.date())

    def last_open(self, at: datetime, calendar: WorkingCalendar) -> datetime:
        """The last instant, not after `at` (office time), at which papers may have gone out."""
        if self.within_working_hours(at, calendar):
            return at
        closed_today = calendar.is_working_day(at.date()) and at.time() >= self.working_hours_close
        day = at.date() if closed_today else calendar.working_day(at.date(), -1)
        return office_instant(day, self.working_hours_close) - timedelta(minutes=1)

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
