"""A fold over what the ledger gains, for one who asks again and again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from domain.ports.ledger import Ledger, LedgerEntry

State = TypeVar("State")


class Following(Generic[State]):
    """What a stream of the ledger comes to: each look reads only what came since the last one. Any thread may ask.

    `fold` makes a new state and leaves the old one as it is, which others may be reading.
    """

    def __init__(
        self, ledger: Ledger, stream: str, begin: State, fold: Callable[[State, Sequence[LedgerEntry]], State]
    ) -> None:
        self._ledger = ledger
        self._stream = stream
        self._state = begin
        self._fold = fold
        self._read = -1
        # Threads that fold at once would fold an entry twice, or put an older state over a newer one.
        self._alone = threading.Lock()

    def now(self) -> State:
        """The state as the ledger has it now."""
        with self._alone:
            entries = list(self._ledger.entries(self._stream, after=self._read))
            if entries:
                self._state, self._read = self._fold(self._state, entries), entries[-1].position
            return self._state
