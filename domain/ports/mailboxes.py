"""The mailboxes of the addressees: whoever is to get a paper has one, whoever gave the command that it follows from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from domain.ids import DepartmentId


class Mailboxes(Protocol):
    """MUST NOT wait and MUST NOT fail: it is told of in the moment of recording, and does its work beside it."""

    def see_to(self, addressees: Iterable[DepartmentId]) -> None:
        """Have a mailbox opened for each of those who have none."""

    def hurry(self, addressees: Iterable[DepartmentId]) -> None:
        """Have their mailboxes look now: what came for them does not wait for the morning."""
