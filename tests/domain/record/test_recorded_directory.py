"""The directory as it is read again and again from the ledger."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import cast

import pytest

from domain.directory.events import DIRECTORY_STREAM, DirectoryEvent
from domain.directory.evolution import known_at
from domain.ports.evidence import EvidenceStore
from domain.ports.ledger import Ledger, LedgerEntry
from domain.record.leaf import leaf_event
from domain.record.recorded_directory import DirectoryReader
from tests.domain.directory.samples import committed, office_at_random


class Growing:
    """A ledger of nothing but a directory, which grows between two questions; other entries stand between its own."""

    def __init__(self) -> None:
        self.events: list[DirectoryEvent] = []
        self.names: dict[str, bytes] = {}
        self.answered = 0

    def read(self, sha256: str) -> bytes:
        """The file of a name."""
        return self.names[sha256]

    def entries(self, stream: str | None = None, *, after: int = -1) -> Iterator[LedgerEntry]:
        """The entries beyond a position."""
        if stream != DIRECTORY_STREAM:
            return  # nothing was erased
        for event in self.events:
            if 3 * event.seq + 5 > after:
                self.answered += 1
                leaf = leaf_event(DIRECTORY_STREAM, event)
                yield LedgerEntry(
                    position=3 * event.seq + 5,
                    event_id=leaf["id"],
                    stream=DIRECTORY_STREAM,
                    stream_seq=event.seq,
                    type=event.type,
                    appended_at=event.decided_at,
                    event=leaf,
                )


@pytest.mark.parametrize("seed", range(5))
def test_a_reader_knows_what_was_known(seed: int) -> None:
    """Asked for any instant in any order, a reader answers what was decided by then, and reads each event once."""
    chance = random.Random(seed)
    made: Sequence[DirectoryEvent] = office_at_random(chance, 60).events
    ledger = Growing()
    made = committed(made, ledger.names)
    reader = DirectoryReader(cast(Ledger, ledger), cast(EvidenceStore, ledger))
    for grown in sorted(chance.randrange(len(made) + 1) for _ in range(8)):
        ledger.events = list(made[:grown])
        for event in chance.sample(made, 3):
            assert reader.known_at(event.decided_at) == known_at(ledger.events, event.decided_at)
        assert ledger.answered == grown
