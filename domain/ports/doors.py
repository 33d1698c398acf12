"""The doors through which acts come in: each signs with a key of its own, whose public half the ledger has."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final, Protocol, get_args

from domain.acts.attestation import DoorKind
from domain.errors import DubanError
from domain.evidence import EvidenceFile

SignatureCheck = Callable[[bytes, bytes, bytes], bool]
"""Whether a signature (the third) over a message (the second) was made with the key that has this public half."""


DOORS: Final[tuple[DoorKind, ...]] = get_args(DoorKind)

AttestChange = Callable[[str, str], Awaitable[EvidenceFile]]
"""The file that attests that a door's key (the first name) is closed and another one (the second) takes its place."""


class DoorKeys(Protocol):
    """MUST keep each private half where its owner alone reads it; MUST NOT sign with a key that was replaced."""

    def sign(self, kind: DoorKind, message: bytes) -> bytes:
        """The signature of a door's present key over a message.

        Raises:
            UnsafeKeyError: there is no key, others can read it, or it is damaged.
        """

    def key_of(self, kind: DoorKind) -> str:
        """The name of a door's present key (raises as `sign`)."""


class DoorRegister(Protocol):
    """MUST say in the ledger which keys were opened and closed, before anything is signed with one."""

    async def open(self, kinds: Iterable[DoorKind] = DOORS) -> None:
        """Make the key of each door that never had one, and say in the ledger which ones are open; finish a change that
        was begun; again changes nothing.

        Raises:
            UnsafeKeyError: a key is gone, is damaged, can be read by others, or is not the one on record.
            LedgerUnavailableError: the ledger does not answer.
        """

    def faults(self) -> Sequence[DubanError]:
        """Why doors could not be opened with the keys that lie there; nothing is changed."""

    async def change(self, kind: DoorKind, reason: str, attest: AttestChange) -> str:
        """Close a door's present key, with what attests that and names the next one, and open that; answer its name
        (raises as `open`). The present one is that of the record, whatever became of its file."""
