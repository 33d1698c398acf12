"""Events, papers and decisions for tests of the ledger."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from domain.clock import OFFICE_TIME
from domain.events import DomainEvent, ReminderIssued
from domain.events.event import headed
from domain.ids import MilestoneId, event_id_for, project_of, supervision_workflow_id
from domain.papers.paper import NotSentReason, Paper, PaperKind, Withholding
from domain.ports.ledger import Decision

MILESTONE = "2018-05a-03"
STREAM = "key-project/2018/05a"
MORNING = datetime(2018, 5, 9, 9, 0, tzinfo=OFFICE_TIME)


def reminder(seq: int, *, milestone_id: MilestoneId = MILESTONE, cause: str = "rung:reminder-14") -> DomainEvent:
    """An event of the smallest kind that says something."""
    return headed(
        ReminderIssued,
        seq=seq,
        occurred_at=MORNING + timedelta(minutes=seq),
        decided_at=MORNING + timedelta(minutes=seq),
        actor="engine",
        cause=cause,
    )(
        milestone_id=milestone_id,
        due_on=date(2018, 5, 31),
        working_days_before=14,
        round=0,
    )


def paper(
    seq: int,
    kind: PaperKind = "reminder",
    *,
    milestone_id: MilestoneId = MILESTONE,
    to: str = "组织部",
    copies_to: tuple[str, ...] = (),
    send_from: datetime = MORNING,
    year: int = 2018,
    one_of: str | None = None,
) -> Paper:
    """A paper that follows from the event at `seq` of the milestone's project."""
    project_id = project_of(milestone_id)
    return Paper(
        paper_id=event_id_for(supervision_workflow_id(project_id), seq),
        kind=kind,
        year=year,
        project_id=project_id,
        project_title="两新组织党建",
        milestone_id=milestone_id,
        to=to,
        copies_to=copies_to,
        due_on=date(2018, 5, 31),
        issued_at=MORNING,
        send_from=send_from,
        body="节点将于5月31日到期。",
        one_of=one_of,
    )


def decision(
    *events: DomainEvent,
    papers: tuple[Paper, ...] = (),
    withheld: tuple[Withholding, ...] = (),
    stream: str = STREAM,
) -> Decision:
    """A decision of one project."""
    return Decision(stream=stream, events=events, papers=papers, withheld=withheld)


def withholding(by_seq: int, reason: NotSentReason = "settled_before_sending") -> Withholding:
    """What the event at `by_seq` overtook."""
    return Withholding(milestone_id=MILESTONE, reason=reason, by_event=event_id_for(STREAM, by_seq))
