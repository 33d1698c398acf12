"""What encrypts what the engine keeps: its keys have names, so that a new one leaves the old contents readable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class Sealed(NamedTuple):
    """Encrypted bytes, and the name of the key that opens them."""

    key_id: str
    data: bytes


class PayloadCipher(Protocol):
    """Seals with the present key, opens with whichever key sealed."""

    def seal(self, data: bytes) -> Sealed:
        """Encrypt bytes with the present key.

        Raises:
            UnsafePayloadKeysError: the keys cannot be used as they are.
        """

    def open(self, sealed: Sealed) -> bytes | None:
        """The bytes as they were; none where the key is missing, or somebody changed what was sealed.

        Raises:
            UnsafePayloadKeysError: the keys cannot be used as they are.
        """

    def key_ids(self) -> Sequence[str]:
        """The names of all keys, the newest last; none before anything was sealed (raises as `open`)."""
