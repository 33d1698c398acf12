"""What time brings says which rule brought it; and which inspection it opens, of what, or why it opens none."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.acts.commands import OpenInspection, Suspend
from domain.events import EscalationOrderIssued, InspectionNotOpened, InspectionOpened, Resumed
from domain.evolution import fold
from domain.rules.life_cycle import LifeCycleRules, PlannedInspection
from domain.rules.policy import SupervisionPolicy
from domain.rungs.wakeups import wake
from tests.domain.samples import FIRST, Desk, at, lone, milestone, request

MAY = date(2018, 5, 31)
ON = date(2018, 5, 14)
PLANNED = SupervisionPolicy(
    spread_minutes=0, life_cycle=LifeCycleRules(inspection_plan=(PlannedInspection(on=ON, sample_percent=100),))
)


def brought(desk: Desk) -> list[tuple[str, str]]:
    """What time brought, with its cause."""
    return [(event.type, event.cause) for event in desk.events if event.cause.startswith("rung:")]


def test_what_a_due_date_brings_names_its_rung() -> None:
    """Every paper, and what is recorded instead of it after an absence."""
    desk, away = lone(), lone()
    desk.run_until("07-01 00:00")
    assert brought(desk) == [
        *(("ReminderIssued", f"rung:reminder-{days}") for days in (14, 7, 1)),
        ("DeadlineBreached", "rung:breach"),
        ("NoReportReceived", "rung:breach"),
        ("UrgeIssued", "rung:urge"),
        ("EscalationOrderIssued", "rung:order-blue"),
        ("EscalationOrderIssued", "rung:order-yellow"),
        ("InspectionOpened", "rung:order-yellow"),
        ("EscalationOrderIssued", "rung:order-red"),
    ]
    away.wake_at("06-08 10:00")
    assert brought(away)[:3] == [("NoticeNotSent", f"rung:reminder-{days}") for days in (14, 7, 1)]
    assert ("NoticeNotSent", "rung:urge") in brought(away)


def test_what_a_matter_brings_names_its_rung() -> None:
    """The stale reminder, the passing and each superior."""
    desk = Desk()
    desk.wake_at("05-10 10:00")
    assert list(dict.fromkeys(brought(desk))) == [
        ("LimitNoticeNotSent", "rung:limit-reminder-1"),
        ("LimitPassed", "rung:limit-passed"),
        ("LimitEscalated", "rung:limit-order-1"),
        ("LimitEscalated", "rung:limit-order-3"),
    ]


def test_what_a_day_that_was_set_brings_names_its_rung_and_the_date() -> None:
    """The end of a suspension, and the inspection of the plan or why there is none."""
    over = milestone(1, date(2018, 3, 31), starts_on=None, born_late=True)
    desk, nothing = lone(policy=PLANNED), lone(over, policy=PLANNED)
    desk.ask(request(Suspend, until=date(2018, 5, 2)))
    desk.run_until("05-15 00:00")
    nothing.run_until("05-15 00:00")
    assert [event.cause for event in desk.of(Resumed)] == ["rung:resumption"]
    (opened,), (not_opened,) = desk.of(InspectionOpened), nothing.of(InspectionNotOpened)
    assert {opened.cause, not_opened.cause} == {f"rung:planned-inspection-{ON}"}
    assert (opened.due_on, opened.level, opened.planned_on) == (desk[FIRST].answer_by, None, ON)
    assert (not_opened.planned_on, not_opened.elsewhere) == (ON, None)


def test_an_inspection_that_an_order_opens_says_of_which_date_and_level() -> None:
    """It is opened for the lateness that the order tells of."""
    desk = lone()
    desk.run_until("06-08 00:00")
    (opened,) = desk.of(InspectionOpened)
    assert (opened.due_on, opened.level, opened.round, opened.planned_on) == (MAY, "yellow", 0, None)
    assert [order.due_on for order in desk.of(EscalationOrderIssued)] == [MAY, MAY]


@pytest.mark.parametrize(
    ("own", "elsewhere", "reason", "told"),
    [
        (0, 1, None, None),
        (1, 1, "burden_cap", 1),
        (0, 2, "burden_cap", 2),
        (0, 5, "burden_cap", 5),
        (2, 0, "burden_cap", None),
    ],
)
def test_the_inspections_of_a_month_are_those_of_the_project_and_those_elsewhere(
    own: int, elsewhere: int, reason: str | None, told: int | None
) -> None:
    """At two in a month a further one is not opened; the record says how many of them were elsewhere, if any were."""
    desk = lone(milestone(), *(milestone(number, date(2018, 12, 20)) for number in range(2, 2 + own)))
    desk.run_until("06-06 00:00")
    for each in list(desk.state.milestones)[1:]:
        desk.ask(request(OpenInspection, each))
    opened = len(desk.of(InspectionOpened))
    events = wake(desk.state, at("06-07 08:30"), elsewhere)
    not_opened = [(each.reason, each.elsewhere) for each in events if isinstance(each, InspectionNotOpened)]
    assert not_opened == ([] if reason is None else [(reason, told)])
    assert len([each for each in events if isinstance(each, InspectionOpened)]) == (reason is None)
    assert opened == own


def test_what_is_inspected_already_is_not_inspected_twice_whatever_goes_on_elsewhere() -> None:
    """The reason is the open one, and no number stands beside it."""
    desk = lone()
    desk.ask(request(OpenInspection), "06-06 10:00")
    events = wake(desk.state, at("06-07 08:30"), 1)
    assert [(each.reason, each.elsewhere) for each in events if isinstance(each, InspectionNotOpened)] == [
        ("already_open", None)
    ]


def test_the_plan_passes_over_the_day_of_the_assignment() -> None:
    """Who is assigned today is not inspected today: the first planned day is the next one."""
    for day, inspected in ((14, 0), (15, 1)):
        plan = LifeCycleRules(inspection_plan=(PlannedInspection(on=date(2018, 5, day), sample_percent=100),))
        desk = lone(policy=SupervisionPolicy(spread_minutes=0, life_cycle=plan), start=at("05-14 07:00"))
        desk.run_until("05-16 00:00")
        assert len(desk.of(InspectionOpened)) == inspected


def test_a_suspension_without_a_day_that_can_be_counted_is_due_at_once_and_on_record() -> None:
    """Its end cannot be worked out: an event says so, and everything else goes on."""
    desk = lone()
    desk.ask(request(Suspend, FIRST, until=date(2018, 5, 30)))
    pause = desk[FIRST].suspension
    assert pause is not None
    endless: Any = desk[FIRST].having(suspension=pause.having(until=date.max))
    state = desk.state.having(milestones={FIRST: endless})
    (skipped,) = wake(state, at("05-09 10:00"))
    assert (skipped.type, skipped.cause, skipped.decided_at) == ("RungSkipped", "rung:resumption", at("05-09 10:00"))
    after = fold((skipped,), state)
    assert after is not None
    assert wake(after, at("05-10 10:00")) == ()
