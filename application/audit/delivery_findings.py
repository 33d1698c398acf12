"""The readers' messages held against the record: what went out, what was handed over, what waits too long."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.papers.delivery import DESK
from domain.papers.delivery_words import in_words
from domain.papers.routes import INBOX
from domain.ports.ledger import Ledger
from domain.record.recorded_deliveries import receipts_after, recorded_mail, recorded_readers

_LATE = timedelta(hours=1)


def delivery_findings(ledger: Ledger, now: datetime) -> list[tuple[str, str]]:
    """What of the readers' messages does not fit the record: their streams and sentences.

    A message names digests that went out, and is taken by a channel only after it was handed to it. What waits for
    longer than it may is told too.
    """
    found: list[tuple[str, str]] = []
    for reader in recorded_readers(ledger):
        stream = f"delivery/{reader}"
        handed: set[tuple[str, str]] = set()
        brought: dict[str, set[str]] = {}
        for entry in ledger.entries(stream):
            data = entry.event["data"]
            place = (data["message_id"], data.get("channel", INBOX))
            if entry.type == "MessageHandedOver":
                handed.add(place)
            elif entry.type in ("MessageAccepted", "MessageDelivered", "MessageUnanswered"):
                if place[1] != INBOX and place not in handed:
                    found.append((stream, f"消息 {place[0]} 记为{place[1]}已收，而没有交给它的记录"))
            elif entry.type == "MessageRead":
                if data["channel"] != DESK and place not in handed:
                    found.append((stream, f"消息 {place[0]} 记为{place[1]}已阅，而没有交给它的记录"))
                paper_id = data.get("paper_id")
                if paper_id and paper_id not in brought.get(place[0], ()):
                    found.append((stream, f"消息 {place[0]} 记为已阅文书 {paper_id}，而消息里没有这份文书"))
            elif entry.type == "MessageGathered":
                brought[place[0]] = {paper for digest in data["digests"] for paper in _papers_in(ledger, digest)}
                found += [
                    (stream, f"消息 {place[0]} 所含的汇总件 {digest_id} 没有发出的回执")
                    for digest_id in data["digests"]
                    if not _papers_in(ledger, digest_id)
                ]
        for delivery in recorded_mail(ledger, reader).open():
            due = delivery.try_again_at or delivery.since
            if delivery.state in ("handed_over", "failed_for_now", "unanswered") and now > due + _LATE:
                text = (
                    f"消息 {delivery.message_id} 停在“{in_words(delivery)}”已过一小时："
                    "请管理员看督办程序是否在运行（duban doctor）"
                )
                found.append((stream, text))
    return found


def _papers_in(ledger: Ledger, digest_id: str) -> set[str]:
    """The papers that a digest took out of the house, as their receipts say."""
    addressee = digest_id.rpartition("/")[0]
    return {event.paper_id for _, event in receipts_after(ledger, addressee, -1) if event.digest_id == digest_id}
