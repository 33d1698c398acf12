"""The rules of the score: what a department begins with, what is added and deducted, and how an appeal is heard."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from domain.frozen import Frozen
from domain.rules.ladder_rules import UnsoundRuleError

Points = Annotated[int, Field(ge=0, le=1_000)]
Days = Annotated[int, Field(ge=0, le=366)]
Weight = Annotated[int, Field(ge=1, le=100)]


class ScoreRules(Frozen):
    """How an assignment of a department (one project in which it leads or takes part) is scored in a period.

    Where something of it is due in the period it begins with `base` and stays between `lowest` and `highest`; what is
    added is at most `added_at_most`. The score of a department is the mean of these, weighted by `lead_weight` and
    `participant_weight`; of an assignment of which nothing is due its points alone move that mean (ADR 0260).

    Added: work accepted that was done `early_days` before the list's date, evidence shown with accepted work, praise.
    Deducted: a date that passed (`breach`) and each day of lateness (`breach_day`, at most `breach_days_at_most` points
    for one breach in a period; with `excuse_stopped_days` without the days on which the clock stood still), a report
    period without a report, a receipt after its limit, work returned, criticism, and a false report.
    """

    base: Points = 100
    lowest: Points = 0
    highest: Points = 120
    lead_weight: Weight = 2
    participant_weight: Weight = 1
    added_at_most: Points = 20
    early_days: Days = 10
    early: Points = 3
    evidenced: Points = 1
    praised: Points = 5
    breach: Points = 5
    breach_day: Points = 1
    breach_days_at_most: Points = 20
    excuse_stopped_days: bool = True
    missing_report: Points = 3
    late_receipt: Points = 2
    returned: Points = 3
    criticised: Points = 5
    falsified: Points = 20
    appeal_within_days: Days = 10

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.lowest <= self.base <= self.highest:
            raise UnsoundRuleError("基础分 base 应在最低分 lowest 和最高分 highest 之间", ("base",))
        return self
