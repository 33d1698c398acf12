"""A time stamp authority (RFC 3161), as far as it is a machine elsewhere."""

from __future__ import annotations

from typing import Protocol

from domain.errors import DubanError


class AuthorityUnreachableError(DubanError, rule="stamp_authority_answers"):
    """The authority does not answer, or not with what it should."""


class StampAuthority(Protocol):
    """Somebody outside who says when something was there."""

    @property
    def name(self) -> str:
        """Where it is, for people: without anything secret."""

    async def ask(self, request: bytes) -> bytes:
        """The answer to a time stamp request, both in DER.

        Raises:
            AuthorityUnreachableError: there is none.
        """
