"""Mail for the campaigns and tests of the courier: papers recorded, and digests that went out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from application.records import Records
from domain.events import ReminderIssued
from domain.events.event import headed
from domain.ids import event_id_for, mailbox_workflow_id
from domain.papers.paper import Paper, PaperKind
from domain.ports.ledger import Decision

_STREAM = "key-project/2026/01"


async def send_digest(
    records: Records, addressee: str, at: datetime, papers: int = 1, *, copies_to: Sequence[str] = (), **said: Any
) -> str:
    """Record papers to an addressee and let his mailbox send them at an instant; answer the digest's identity."""
    await record_papers(records, addressee, at, papers, copies_to=copies_to, **said)
    digest_id = ""
    for each in dict.fromkeys((addressee, *copies_to)):
        digest = await records.outbox.claim(each, f"{each}/{at:%Y-%m-%dT%H%M%S}", at)
        await records.outbox.settle(digest, at)
        digest_id = digest_id or digest.digest_id
    return digest_id


async def record_papers(
    records: Records,
    addressee: str,
    at: datetime,
    papers: int = 1,
    *,
    kind: PaperKind = "reminder",
    copies_to: Sequence[str] = (),
    title: str = "配备挂兼职干部",
    **more: Any,
) -> None:
    """Record papers to an addressee, as decided at an instant; `more` is what else a paper has."""
    first = sum(1 for _ in records.ledger.entries(_STREAM))
    events = tuple(_event(first + number, at) for number in range(papers))
    made = tuple(
        Paper(
            **{
                "paper_id": event_id_for(_STREAM, event.seq),
                "kind": kind,
                "year": 2026,
                "project_id": "2026-01",
                "project_title": title,
                "milestone_id": "2026-01-01",
                "to": addressee,
                "copies_to": tuple(copies_to),
                "due_on": date(2026, 5, 31),
                "issued_at": at,
                "send_from": at,
                "body": f"{addressee}：请办理第{event.seq}件。",
                **more,
            }
        )
        for event in events
    )
    await records.ledger.record(Decision(stream=_STREAM, events=events, papers=made))


def mailbox_receipts(records: Records, addressee: str) -> int:
    """How many papers a mailbox sent."""
    entries = records.ledger.entries(mailbox_workflow_id(addressee))
    return sum(entry.type == "NoticeSent" for entry in entries)


def _event(seq: int, at: datetime) -> ReminderIssued:
    at += timedelta(microseconds=seq)
    return headed(ReminderIssued, seq=seq, occurred_at=at, decided_at=at, actor="engine", cause="rung:reminder-14")(
        milestone_id="2026-01-01", due_on=date(2026, 5, 31), working_days_before=14, round=0
    )
