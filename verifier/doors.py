"""The doors of an office: their keys, as the ledger's own stream has them, and when each was open."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from verifier.findings import Step
from verifier.leaves import Leaves


@dataclass
class Door:
    """A key of a door."""

    kind: str
    public: bytes
    opened: int
    closed: int | None = None

    def is_open(self, position: int) -> bool:
        """Whether it could attest what an entry records."""
        # The entry that closes it may still have its word.
        return self.opened < position and (self.closed is None or position <= self.closed)


def doors_of(step: Step, leaves: Leaves) -> dict[str, Door]:
    """The doors' keys by their ids."""
    doors: dict[str, Door] = {}
    for position, kind, data in leaves.doors:
        try:
            key, public = str(data["key"]), base64.b64decode(data.get("public", ""), validate=True)
            if kind == "door.closed":
                doors[key].closed = min(doors[key].closed or position, position)
                continue
            if hashlib.sha256(public).hexdigest() != key or key in doors:
                raise ValueError(key)
            doors[key] = Door(str(data["door"]), public, position)
        except (KeyError, ValueError, TypeError):
            step.fail("door_unreadable", f"entry {position}", "登记受理端的记录不是台账的写法")
    return doors
