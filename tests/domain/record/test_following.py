"""What a fold over the ledger guarantees to those who ask it from several threads."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import cast

import pytest

from domain.clock import OFFICE_TIME
from domain.errors import LedgerUnavailableError
from domain.ports.ledger import Ledger, LedgerEntry
from domain.record.following import Following
from domain.record.issues import START_ISSUED

_THREADS = 4
_NINE = datetime(2018, 5, 9, 9, tzinfo=OFFICE_TIME)


class _Stream:
    """Three entries; the first readers are held until all of them ask, or have given up to wait for one another."""

    def __init__(self) -> None:
        self._together = threading.Barrier(_THREADS)
        self.fails_at: int | None = None

    def entries(self, _stream: str, *, after: int = -1) -> Iterator[LedgerEntry]:
        with contextlib.suppress(threading.BrokenBarrierError):
            self._together.wait(timeout=0.2)
        for position in range(after + 1, 3):
            if position == self.fails_at:
                raise LedgerUnavailableError("away")
            yield LedgerEntry(
                position=position,
                event_id=f"issues#{position}",
                stream="issues",
                stream_seq=position,
                type=START_ISSUED,
                appended_at=_NINE,
                event={},
            )


def _folded(known: tuple[int, ...], entries: Sequence[LedgerEntry]) -> tuple[int, ...]:
    return (*known, *(entry.position for entry in entries))


def test_threads_that_ask_at_once_fold_each_entry_once() -> None:
    """Nobody sees an entry twice, and nobody sees less than the ledger has."""
    following = Following[tuple[int, ...]](cast(Ledger, _Stream()), "issues", (), _folded)
    with ThreadPoolExecutor(_THREADS) as pool:
        seen = list(pool.map(lambda _: following.now(), range(_THREADS)))

    assert seen == [(0, 1, 2)] * _THREADS


def test_a_read_that_failed_leaves_nothing_half_folded() -> None:
    """The next one begins where the last whole one ended."""
    stream = _Stream()
    following = Following[tuple[int, ...]](cast(Ledger, stream), "issues", (), _folded)
    stream.fails_at = 2
    with pytest.raises(LedgerUnavailableError):
        following.now()
    stream.fails_at = None

    assert following.now() == (0, 1, 2)
