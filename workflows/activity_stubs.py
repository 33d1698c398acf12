"""The activities as the workflows see them: names and types only. A test holds them equal to the real ones."""

from __future__ import annotations

from temporalio import activity

from domain.ports.actions import DeliverDigest, MailQuery, MailWaiting
from domain.ports.ledger import Decision, Recorded
from workflows.activity_options import DELIVER_DIGEST, MAIL_WAITING, RECORD_DECISION


@activity.defn(name=RECORD_DECISION)
async def record_decision(decision: Decision) -> Recorded:
    """Append a decision's events and enqueue its papers, in one transaction; answer what stands there instead."""
    raise NotImplementedError


@activity.defn(name=MAIL_WAITING)
async def mail_waiting(query: MailQuery) -> MailWaiting:
    """How many papers may go to an addressee at an instant."""
    raise NotImplementedError


@activity.defn(name=DELIVER_DIGEST)
async def deliver_digest(request: DeliverDigest) -> int:
    """Send what is due to an addressee as one digest; answer how many items it had."""
    raise NotImplementedError
