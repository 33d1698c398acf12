"""How an event stands in the ledger: plain JSON values under the ledger's own names, and back again.

`event` of a leaf is `{id, stream, seq, type, occurred, decided, actor, data, blobs}`; `data` holds what the domain
event has beyond these, `v` and `cause` included. Instants are written in UTC with six decimals and a `Z`, so that
their order as text is their order in time, and the same instant is always the same text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import ValidationError

from domain.clock import OFFICE_TIME
from domain.directory.events import DIRECTORY_STREAM
from domain.directory.person_name import person_names
from domain.events import DOMAIN_EVENT, DomainEvent, Event
from domain.events.kinds import EventKinds
from domain.evidence import evidence_files
from domain.ids import event_id_for
from domain.papers.delivery import DELIVERY_EVENT, DeliveryEvent, reader_of_stream
from domain.papers.mail import MAIL_EVENT, MailEvent
from domain.ports.ledger import LedgerEntry
from domain.record.ledger_errors import UnreadableEventError

_E = TypeVar("_E")
AnEvent = TypeVar("AnEvent", bound=Event)
LEAF_VERSION = 1
MOST_LEAF_BYTES = 65_535
"""The public format of entry bundles gives a length two bytes."""
_ENVELOPE_BYTES = len('{"appended":"2018-04-25T01:00:00.000000Z","event":,"v":1}')
LOG_STREAM = "log"
"""The ledger's own stream: its opening, its keys, steps of the writer's clock."""
INCIDENT_STREAM = "log/incidents"
"""Identities that were claimed twice with different content, and supervisions that were repaired."""
HEADS_STREAM = "log/heads"
"""Each day's count and last leaf hash of every stream that grew."""
SCORES_STREAM = "log/score"
"""The acts about scores."""
READINGS_STREAM = "log/readings"
"""Who read the ledger as an auditor, and by which command."""
ISSUES_STREAM = "log/issued"
"""The starts that were issued, each with the calendar that its project keeps."""
DIGESTS_STREAM = "log/digests"
"""Each digest that went out, with the hashes of its files and of its documents."""
ROW_STREAMS = {"paper": "log/papers", "refusal": "log/refusals", "acceptance": "log/acceptances"}
"""What is kept beside the entries, by table: numbered papers, refused and accepted commands, each row by its hash."""
CLOSED_RUN = "workflow.closed"
"""The type of the entry that fixes the kept history of a run: its files are histories, those of others are evidence."""
REPAIRED = "workflow.repaired"
"""The type of the entry that says how a supervision that did not go on was brought back (`repairs.py`)."""
_HISTORY_PREFIX = "history/"
_MOST_OWN_BYTES = 1_000
_OWN_NAMES = ("seq", "type", "occurred_at", "decided_at", "actor")


def history_stream(workflow_id: str) -> str:
    """The ledger's own stream about the kept histories of a workflow's runs."""
    return f"{_HISTORY_PREFIX}{workflow_id}"


def is_own_stream(stream: str) -> bool:
    """Whether a stream is the ledger's own, the directory's or a reader's messages', and neither a project's nor a
    mailbox's."""
    if stream in (LOG_STREAM, DIRECTORY_STREAM) or reader_of_stream(stream) is not None:
        return True
    return stream.startswith((f"{LOG_STREAM}/", _HISTORY_PREFIX))


def own_event(
    stream: str,
    seq: int,
    type_: str,
    at: str,
    data: Mapping[str, Any],
    blobs: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """The `event` part of a leaf that the ledger writes about itself; `at` is in the ledger's form of an instant."""
    return {
        "id": event_id_for(stream, seq),
        "stream": stream,
        "seq": seq,
        "type": type_,
        "occurred": at,
        "decided": at,
        "actor": "ledger",
        "data": {"v": LEAF_VERSION, **data},
        "blobs": [dict(blob) for blob in blobs],
    }


def leaf_instant(instant: datetime) -> str:
    """An instant as the ledger writes it (`2018-04-25T01:00:00.000000Z`)."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def instant_of(text: str) -> datetime:
    """The instant (UTC) that the ledger wrote: the inverse of `leaf_instant`."""
    return datetime.fromisoformat(text)


def leaf_event(stream: str, event: Event) -> dict[str, Any]:
    """The `event` part of a leaf; its `blobs`, as `{sha256, size, name}`, are the files among the event's evidence, the
    files of the persons' names that it commits to, and the attestation of the act that caused it."""
    names = (str(name.file) for _, name in person_names(event))
    files = (*getattr(event, "evidence", ()), *names, *((event.attested,) if event.attested else ()))
    dumped = event.model_dump(mode="json")
    own = {name: dumped.pop(name) for name in _OWN_NAMES}
    return {
        "id": event_id_for(stream, event.seq),
        "stream": stream,
        "seq": own["seq"],
        "type": own["type"],
        "occurred": leaf_instant(event.occurred_at),
        "decided": leaf_instant(event.decided_at),
        "actor": own["actor"],
        "data": dumped,
        "blobs": [file.model_dump() for file in evidence_files(files)],
    }


def leaf_length(stream: str, event: Event) -> int:
    """How many bytes the entry of an event takes: names of any order and the canonical form are of one length."""
    text = json.dumps(leaf_event(stream, event), ensure_ascii=False, separators=(",", ":"))
    return len(text.encode()) + _ENVELOPE_BYTES


def most_leaf_length(stream: str, event: Event) -> int:
    """How many bytes the entry of an event takes at most, told in a tenth of the time: it says what its event says, and
    that or its stream twice at most, under names of its own."""
    return 2 * len((event.model_dump_json() + stream).encode()) + _MOST_OWN_BYTES


def too_long(stream: str, events: Iterable[AnEvent]) -> tuple[int, AnEvent] | None:
    """The longest of the events that one entry cannot hold, with its length; none where each fits."""
    doubtful = [event for event in events if most_leaf_length(stream, event) > MOST_LEAF_BYTES]
    length, longest = max(((leaf_length(stream, event), event) for event in doubtful), key=_first, default=(0, None))
    return (length, longest) if longest is not None and length > MOST_LEAF_BYTES else None


def _first(measured: tuple[int, object]) -> int:
    return measured[0]


def domain_event_of(entry: LedgerEntry) -> DomainEvent:
    """The project's event that an entry keeps, its instants in office time.

    Raises:
        UnreadableEventError: the entry is not an event of a project (see `is_own_stream` and `mail_event_of`).
    """
    return _read(DOMAIN_EVENT, entry)


def mail_event_of(entry: LedgerEntry) -> MailEvent:
    """The mailbox's event that an entry keeps, its instants in office time.

    Raises:
        UnreadableEventError: the entry is not an event of a mailbox.
    """
    return _read(MAIL_EVENT, entry)


def delivery_event_of(entry: LedgerEntry) -> DeliveryEvent:
    """The event of a reader's messages that an entry keeps, its instants in office time.

    Raises:
        UnreadableEventError: the entry is not an event of a reader's stream.
    """
    return _read(DELIVERY_EVENT, entry)


def _read(kinds: EventKinds[_E], entry: LedgerEntry) -> _E:
    try:
        return kinds.read(fields_of(entry.event))
    except (ValidationError, KeyError) as error:
        raise UnreadableEventError(position=entry.position, kind=entry.type) from error


def fields_of(event: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the domain event (or of the mailbox's event) that a leaf's `event` part keeps."""
    return {
        **event["data"],
        "seq": event["seq"],
        "type": event["type"],
        "occurred_at": instant_of(event["occurred"]).astimezone(OFFICE_TIME),
        "decided_at": instant_of(event["decided"]).astimezone(OFFICE_TIME),
        "actor": event["actor"],
    }
