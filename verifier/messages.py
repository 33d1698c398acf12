"""The readers' messages: each carries digests that went out, is answered by a channel to which it was handed, and what
is said to be read in it was in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from verifier.findings import Step

_STREAMS = "delivery/"
_AT_THE_DESK = ("inbox", "DESK")
"""Where nothing is handed over: a message lies in the desk's own inbox, and is read there."""
_ANSWERS = ("MessageAccepted", "MessageDelivered", "MessageUnanswered", "MessageRead")


def is_a_readers(stream: str) -> bool:
    """Whether a stream is about a reader's messages."""
    return stream.startswith(_STREAMS)


def check_messages(step: Step, events: Iterable[dict[str, Any]]) -> None:
    """Hold each event of a reader's stream against the receipts and the events before it."""
    sent: defaultdict[str, set[Any]] = defaultdict(set)
    handed: set[tuple[str, str, str]] = set()
    carried: dict[tuple[str, str], set[Any]] = {}
    for event in events:
        kind, stream, data = event["type"], event["stream"], event["data"]
        if kind == "NoticeSent":
            sent[str(data["digest_id"])].add(data["paper_id"])
        elif is_a_readers(stream):
            message, channel = (stream, str(data["message_id"])), str(data.get("channel", "inbox"))
            if kind == "MessageGathered":
                digests = [sent[str(each)] for each in data["digests"]]
                carried[message] = set().union(*digests)
                if not all(digests):
                    step.fail("message_differs", event["id"], "消息所含的汇总件没有发出的回执")
            elif kind == "MessageHandedOver":
                handed.add((*message, channel))
            elif kind in _ANSWERS and channel not in _AT_THE_DESK and (*message, channel) not in handed:
                step.fail("message_differs", event["id"], f"消息记为 {channel} 已收或已阅，而没有交给它的记录")
            elif kind == "MessageRead" and data.get("paper_id") not in (None, *carried.get(message, ())):
                step.fail("message_differs", event["id"], "消息记为已阅的文书，消息里没有")
