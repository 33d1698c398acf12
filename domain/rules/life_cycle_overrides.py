"""The life cycle's rules of single categories and projects: what they have otherwise than the whole list."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, field_validator

from domain.frozen import Frozen
from domain.ids import ProjectId
from domain.rules.ladder_rules import Override, UnsoundRuleError, WorkingDays
from domain.rules.life_cycle import LifeCycleRules, Limits, ParticipantRules, Percent
from domain.rules.light_rules import LightRules
from domain.texts import Label


class LifeCycleOverride(Override):
    """What one category or project has otherwise.

    Whom the supervision section is, the caps of a month and the yearly plan are of the whole list: they count over all
    projects of a department.
    """

    limits: Limits | None = None
    participants: ParticipantRules | None = None
    lights: LightRules | None = None
    extensions_at_most: Annotated[int, Field(ge=0, le=20)] | None = None
    ongoing_report_every_months: Annotated[int, Field(ge=1, le=12)] | None = None
    pace_warnings_at_percent: tuple[Percent, ...] | None = None
    takeover_working_days: WorkingDays | None = None

    @field_validator("*")
    @classmethod
    def _nothing_is_null(cls, value: Any) -> Any:
        if value is None:
            raise UnsoundRuleError("单独规定不能是 null：请不写，即沿用清单的规定", ())
        return value


class LifeCyclesOf(Frozen):
    """The life cycle's rules of categories, and of single projects over these."""

    categories: dict[Label, LifeCycleOverride] = Field(default_factory=dict)
    projects: dict[ProjectId, LifeCycleOverride] = Field(default_factory=dict)

    def over(self, rules: LifeCycleRules, project_id: ProjectId, category: str | None) -> LifeCycleRules:
        """The rules of one project: the list's, then its category's, then its own."""
        for override in (self.categories.get(category or ""), self.projects.get(project_id)):
            if override is not None:
                rules = override.over(rules)
        return rules

    def given_by(self, name: str, project_id: ProjectId, category: str | None) -> str | None:
        """Which of the two tables has this rule of a project; none where the list has it."""
        for table, override in (
            ("projects", self.projects.get(project_id)),
            ("categories", self.categories.get(category or "")),
        ):
            if override is not None and name in override.model_fields_set:
                return table
        return None
