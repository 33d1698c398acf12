"""The rules of the lights: from when on silence, a missing receipt and work behind schedule are seen."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from domain.frozen import Frozen
from domain.rules.ladder_rules import UnsoundRuleError, WorkingDays

Points = Annotated[int, Field(ge=1, le=100)]


class LightRules(Frozen):
    """When a duty that is not due yet has no green light.

    `behind_yellow_points` and `behind_red_points` count how many hundredths of the whole a counted delivery is behind
    the calendar (序时进度): from the first on it is yellow, above the second it is red. `silent_yellow_percent` is the
    share of the time after which a department that has reported nothing is yellow; absent, silence is never a light.
    The schedule is not judged before a first report is due: the end of the first reporting period, or so many working
    days after the assignment (`behind_after_working_days`) where there are no periods; absent, from the first day on.
    `unsigned_is_yellow` says that a receipt whose limit is over is a yellow light; the limit's days stand with the life
    cycle (`Limits.receipt`). The yellow of the last days before a limit is a milestone's own
    (`MilestoneRules.yellow_light_working_days_before`).
    """

    unsigned_is_yellow: bool = True
    silent_yellow_percent: Annotated[int, Field(ge=1, le=99)] | None = 50
    behind_yellow_points: Points = 10
    behind_red_points: Points = 30
    behind_after_working_days: WorkingDays | None = 20

    @model_validator(mode="after")
    def _red_is_worse(self) -> Self:
        if self.behind_red_points < self.behind_yellow_points:
            raise UnsoundRuleError(
                f"序时进度落后亮红灯的百分点 {self.behind_red_points} 应不小于亮黄灯的 {self.behind_yellow_points}",
                ("behind_red_points",),
                ("behind_yellow_points",),
            )
        return self
