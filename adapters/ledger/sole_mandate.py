"""The mandate over a ledger in a file: its host's lock orders who writes, and whoever works on it leads."""

from __future__ import annotations

from domain.ports.mandates import Mandate


class SoleMandate:
    """The port `Mandates` where nobody is elected."""

    elects = False
    leads = True
    lost = False

    def take(self, name: str) -> None:
        """Nothing is to be taken."""

    def leave(self) -> None:
        """Nothing is to be given back."""

    def held(self) -> list[Mandate]:
        """Nobody needs one."""
        return []
