"""What a reopening would do, before anybody says yes."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from application.office.reopening import preview_of
from domain.acts.commands import CloseYear
from domain.rules.ladder_rules import MilestoneRules
from tests.domain.samples import WANG, WHOLE_LIFE, Desk, at, milestone, request


@pytest.mark.parametrize(("today", "overdue"), [("2019-01-06", 0), ("2019-01-07", 0), ("2019-01-08", 1)])
def test_what_would_be_overdue_is_counted_by_the_day_that_counts(today: str, overdue: int) -> None:
    """Due on a Saturday that the rules move to the Monday: on the Sunday nothing is late yet."""
    policy = WHOLE_LIFE.model_copy(update={"rules": MilestoneRules(due_roll="following")})
    desk = Desk(milestone(due_on=date(2019, 1, 5)), policy=policy)
    desk.ask(request(CloseYear, None, by=WANG, to_year=2019), "12-29 10:00")
    office: Any = SimpleNamespace(now=lambda: at(f"{today} 10:00"))
    assert preview_of([desk.state], [desk.state], (), office).overdue == overdue
