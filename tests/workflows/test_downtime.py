"""An engine that was off for weeks: what came due meanwhile is taken in order, each once, the stale ones on record."""

from __future__ import annotations

from collections import Counter
from datetime import date

from temporalio.common import WorkflowIDReusePolicy

from domain.acts.commands import DeclineAssignment, ReportProgress, RequestExtension, SignReceipt, Suspend
from domain.clock import VirtualClock
from domain.events import ClockResumed, DeadlineBreached, DomainEvent, LimitPassed, Resumed
from domain.evolution import fold
from domain.ids import supervision_workflow_id
from domain.rules.calendar import end_of
from tests.domain.samples import LEAD, LI, PARTICIPANT, WHOLE_LIFE, at, milestone, request
from tests.workflows.conftest import LONGER_THAN_ANY_TEST, Office, Supervision
from workflows.inputs import SupervisionInput
from workflows.project_supervision import ProjectSupervision


def said(events: list[DomainEvent]) -> list[str]:
    """What the rules recorded: when, of which milestone and whose, what, by which rung, why it was not sent."""
    return [
        " ".join(
            part
            for part in (
                f"{event.decided_at:%m-%d %H:%M}",
                (getattr(event, "milestone_id", None) or "")[-2:],
                getattr(event, "department", None) or getattr(event, "owner", None) or "",
                event.type,
                event.cause.removeprefix("rung:"),
                getattr(event, "reason", "") if event.type.endswith("NotSent") else "",
            )
            if part
        )
        for event in events
        if event.cause.startswith("rung:")
    ]


async def opened(office: Office) -> Supervision:
    """Three milestones on 24 May: the second suspended, of the third an extension is asked and a part declined."""
    project = office.next_project(
        milestone(1), milestone(2, date(2018, 6, 15)), milestone(3, date(2018, 6, 29)), participants=("宣传部",)
    )
    supervision = await office.open(project=project, policy=WHOLE_LIFE)
    first, second, third = (each.milestone_id for each in project.milestones)
    await supervision.command(request(SignReceipt, None, by=LEAD))
    await supervision.until("05-24 10:00")
    await supervision.command(request(ReportProgress, first))
    await supervision.command(request(DeclineAssignment, third, by=PARTICIPANT))
    await supervision.command(request(Suspend, second, by=LI, until=date(2018, 6, 1)))
    await supervision.command(request(RequestExtension, third, by=LEAD, new_due_on=date(2018, 7, 31), progress="一半"))
    return supervision


async def switched_off_until(supervision: Supervision, when: str) -> Supervision:
    """The same project on an engine that was off until then: this server's clock stands still without a worker."""
    office = supervision.office
    await supervision.quiet()
    state = await supervision.state()
    await supervision.handle.terminate()
    clock = VirtualClock(engine_at=await office.environment.get_current_time(), supervised_at=at(when))
    await office.engine.client.start_workflow(
        ProjectSupervision.run,
        SupervisionInput(clock=clock, state=state),
        id=supervision_workflow_id(supervision.project_id),
        task_queue="tests",
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        execution_timeout=LONGER_THAN_ANY_TEST,
    )
    return Supervision(office, clock, supervision.project_id)


async def test_after_weeks_off_every_rung_is_taken_in_order_and_the_stale_ones_are_on_record(office: Office) -> None:
    """Off over limits, a suspension's end and a month's end, until a Sunday night: facts at once, papers on Monday."""
    supervision = await opened(office)
    known = len(supervision.recorded())
    supervision = await switched_off_until(supervision, "06-10 03:00")
    await supervision.until("06-12 12:00")
    assert await supervision.agrees()
    assert said(supervision.recorded()[known:]) == [
        "06-10 03:00 03 督查室 LimitPassed limit-passed",
        "06-10 03:00 03 督查室 LimitPassed limit-passed",
        "06-10 03:00 01 DeadlineBreached breach",
        "06-10 03:00 01 宣传部 DeadlineBreached breach",
        "06-10 03:00 01 宣传部 NoReportReceived breach",
        "06-10 03:00 02 Resumed resumption",
        "06-10 03:00 02 ClockResumed resumption",
        "06-11 08:30 03 LimitNoticeNotSent limit-reminder-1 stale",
        "06-11 08:30 03 LimitNoticeNotSent limit-reminder-1 stale",
        "06-11 08:30 01 NoticeNotSent reminder-1 stale",
        "06-11 08:30 03 督查室 LimitEscalated limit-order-1",
        "06-11 08:30 03 督查室 LimitEscalated limit-order-1",
        "06-11 08:30 01 NoticeNotSent urge superseded",
        "06-11 08:30 01 宣传部 NoticeNotSent urge superseded",
        "06-11 08:30 01 EscalationOrderIssued order-blue",
        "06-11 08:30 01 宣传部 EscalationOrderIssued order-blue",
        "06-11 08:30 02 ReminderIssued reminder-14",
        "06-11 08:30 01 EscalationOrderIssued order-yellow",
        "06-11 08:30 01 InspectionOpened order-yellow",
    ]


async def test_what_was_over_while_the_engine_was_off_happened_on_its_own_day(office: Office) -> None:
    """Breaches, limits and the end of the suspension carry the end of their day, and no rung is taken twice."""
    supervision = await switched_off_until(await opened(office), "06-10 03:00")
    supervision = await switched_off_until(supervision, "06-20 03:00")
    await supervision.until("07-20 12:00")
    events = supervision.recorded()
    assert fold(events) == await supervision.state()
    assert {"DeadlineBreached", "LimitPassed", "Resumed", "ClockResumed"} <= {event.type for event in events}
    for event in events:
        if isinstance(event, DeadlineBreached | LimitPassed):
            assert event.occurred_at == end_of(event.due_on)
        if isinstance(event, Resumed | ClockResumed):
            assert event.occurred_at == at("06-02")
    gone_on = ("Resumed", "ClockResumed")
    ladders = Counter(_rung(event) for event in events if event.cause.startswith("rung:") and event.type not in gone_on)
    assert max(ladders.values()) == 1, ladders.most_common(1)


def _rung(event: DomainEvent) -> tuple[object, ...]:
    return (
        event.cause,
        event.type in ("NoReportReceived", "InspectionOpened", "InspectionNotOpened"),
        *(getattr(event, name, None) for name in ("milestone_id", "department", "limit_id")),
        getattr(event, "round", 0),
    )
