"""The doors' keys, as the ledger tells of them: which was opened, and which closed, each by its place in one stream."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from domain.acts.attestation import key_id_of
from domain.ports.ledger import Ledger, LedgerEntry
from domain.record.following import Following

DOORS_STREAM: Final = "log/doors"
"""The ledger's own stream about the keys with which doors attest acts."""
DOOR_OPENED: Final = "door.opened"
DOOR_CLOSED: Final = "door.closed"


@dataclass(frozen=True, slots=True)
class DoorKey:
    """A door's key: its kind of door, its public half, and whether acts may still come with it."""

    kind: str
    public: bytes
    is_open: bool = True


def doors_after(known: dict[str, DoorKey], entries: Iterable[LedgerEntry]) -> dict[str, DoorKey]:
    """The keys by their names, after more entries of the stream."""
    doors = dict(known)
    for entry in entries:
        data = entry.event["data"]
        key = str(data.get("key"))
        if entry.type == DOOR_OPENED:
            public = public_of(str(data.get("public")))
            # Named by its own hash: an entry that says otherwise opens nothing.
            if key_id_of(public) == key:
                doors.setdefault(key, DoorKey(str(data.get("door")), public))
        elif entry.type == DOOR_CLOSED and key in doors:
            doors[key] = replace(doors[key], is_open=False)
    return doors


class DoorReader(Following[dict[str, DoorKey]]):
    """The doors' keys by their names, for one who asks again and again."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger, DOORS_STREAM, {}, doors_after)


def public_of(text: str) -> bytes:
    """A public key as its entry has it; no bytes where they cannot be read."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""
