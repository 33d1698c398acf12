"""The bytes of an entry: RFC 8785 (JCS), hashed as a leaf of an RFC 6962 tree.

JCS puts the names of an object in order, so that a leaf is always `{"appended":…,"event":…,"v":1}`: the event is
made canonical once, before it is known when it will be appended.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import rfc8785
from pydantic_core import from_json

from domain.events import Event
from domain.record.leaf import LEAF_VERSION, MOST_LEAF_BYTES, leaf_event
from domain.record.ledger_errors import LeafRefusedError, LedgerDamagedError

_MOST_SAFE_INTEGER = 2**53 - 1
_APPENDED_LENGTH = len("2018-04-25T01:00:00.000000Z")
_HEAD = b'{"appended":"'
_MIDDLE = b'","event":'
_TAIL = f',"v":{LEAF_VERSION}}}'.encode()
_ENVELOPE_BYTES = len(_HEAD) + _APPENDED_LENGTH + len(_MIDDLE) + len(_TAIL)


@dataclass(frozen=True, slots=True)
class CanonicalEvent:
    """An event ready to be appended: its canonical bytes and their SHA-256, the identity of its content."""

    event_id: str
    stream: str
    seq: int
    body: bytes
    event_hash: bytes


def canonical_event(stream: str, event: Event) -> CanonicalEvent:
    """The canonical form of a domain event in its stream.

    Raises:
        LeafRefusedError: the event cannot be written in the ledger's form (too long, or a number that JSON loses).
    """
    return canonical_leaf_event(leaf_event(stream, event))


def canonical_leaf_event(event: Mapping[str, Any]) -> CanonicalEvent:
    """The canonical form of the `event` part of a leaf.

    Raises:
        LeafRefusedError: as for `canonical_event`.
    """
    event_id = str(event["id"])
    plain = _is_plain(event)
    if not plain and _has_float(event):
        raise LeafRefusedError(event_id=event_id, detail="台账不记小数，应改用整数或文字")
    try:
        body = _quickly(event) if plain else rfc8785.dumps(cast(Any, event))
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise LeafRefusedError(event_id=event_id, detail=f"内容不能写成规范的 JSON（{error}）") from error
    if len(body) + _ENVELOPE_BYTES > MOST_LEAF_BYTES:
        raise LeafRefusedError(
            event_id=event_id,
            detail=f"内容有 {len(body) + _ENVELOPE_BYTES} 字节，超过 {MOST_LEAF_BYTES} 字节，应把附件另存后只记其摘要",
        )
    return CanonicalEvent(
        event_id=event_id,
        stream=str(event["stream"]),
        seq=int(event["seq"]),
        body=body,
        event_hash=hashlib.sha256(body).digest(),
    )


def leaf_of(body: bytes, appended: str) -> bytes:
    """The bytes that are kept and hashed; `appended` is in the ledger's form of an instant."""
    return _HEAD + appended.encode("ascii") + _MIDDLE + body + _TAIL


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf of an RFC 6962 tree."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def appended_of(leaf: bytes) -> str:
    """When a kept leaf was appended, in the ledger's form of an instant."""
    return leaf[len(_HEAD) : len(_HEAD) + _APPENDED_LENGTH].decode("ascii", "replace")


def event_in(leaf: bytes) -> dict[str, Any]:
    """The `event` part of a kept leaf.

    Raises:
        LedgerDamagedError: the bytes are none.
    """
    try:
        return cast(dict[str, Any], from_json(leaf)["event"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise LedgerDamagedError(what="一条记录", detail=type(error).__name__) from error


def said_in(event: Mapping[str, Any]) -> dict[str, Any]:
    """What an entry of the ledger's own says, without the number of its form."""
    return {name: value for name, value in event["data"].items() if name != "v"}


def place_in(leaf: bytes) -> tuple[object, ...] | None:
    """What a kept leaf says of itself and a store writes beside it, to find it by: the event's id, its stream, its
    place there, its hash. None where the bytes are no leaf."""
    try:
        event = from_json(leaf)["event"]
        body = leaf[len(_HEAD) + _APPENDED_LENGTH + len(_MIDDLE) : -len(_TAIL)]
        return event["id"], event["stream"], event["seq"], hashlib.sha256(body).digest()
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _quickly(event: Mapping[str, Any]) -> bytes:
    # A tenth of the library's time, which is Python; a test holds that both write the same bytes.
    return json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _is_plain(value: object) -> bool:
    """Whether Python's own JSON is the canonical form: for names in ASCII, and numbers that every JSON reader keeps."""
    if isinstance(value, str) or value is None:
        return True
    if isinstance(value, dict):
        return all(type(name) is str and name.isascii() and _is_plain(item) for name, item in value.items())
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return type(value) is bool or (type(value) is int and abs(value) <= _MOST_SAFE_INTEGER)


def _has_float(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(_has_float(item) for item in value.values())
    if isinstance(value, list | tuple):
        return any(_has_float(item) for item in value)
    return isinstance(value, float)
