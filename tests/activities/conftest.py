"""Fakes that break when they are told to, and the outbox's in-memory store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pytest

from domain.papers.mail import Digest
from domain.papers.paper import NumberedPaper
from domain.ports.vault import KeptFile
from tests.adapters.ledger.in_memory_ledger import InMemoryLedger
from tests.adapters.ledger.samples import MORNING


class CrashError(Exception):
    """The process died here."""


class Crashes:
    """Dies at the n-th step that is asked for, once; without a number never."""

    def __init__(self, at: int | None = None) -> None:
        self.at = at
        self.steps = 0

    def step(self) -> None:
        """One more place where the process could die."""
        self.steps += 1
        if self.steps == self.at:
            raise CrashError


class FragileDocuments:
    """Produces papers in memory, with a place to die before and after each."""

    def __init__(self, crashes: Crashes) -> None:
        self.crashes = crashes
        self.produced: list[str] = []

    async def produce(self, numbered: NumberedPaper) -> str:
        self.crashes.step()
        if numbered.number not in self.produced:
            self.produced.append(numbered.number)
        self.crashes.step()
        return self.place_of(numbered)

    async def produce_digest(self, digest: Digest, sent_at: datetime) -> str | None:
        self.crashes.step()
        return None

    def place_of(self, numbered: NumberedPaper) -> str:
        return f"{numbered.number}.docx"

    async def kept(self, place: str) -> list[KeptFile]:
        return [KeptFile(name=f"papers/{place}", sha256="0" * 64, size=1)]

    async def read(self, name: str) -> bytes | None:
        return b"x" if name.removeprefix("papers/").removesuffix(".docx") in self.produced else None


class FragileNotifier:
    """Delivers by the digest's identity, with a place to die before and after."""

    def __init__(self, crashes: Crashes) -> None:
        self.crashes = crashes
        self.delivered: dict[str, tuple[str, ...]] = {}
        self.documents: dict[str, str] = {}

    async def deliver(self, digest: Digest, documents: Mapping[str, str], sent_at: datetime) -> list[KeptFile]:
        self.crashes.step()
        self.delivered.setdefault(digest.digest_id, tuple(numbered.number for numbered in digest.items))
        self.documents |= documents
        self.crashes.step()
        return []


@pytest.fixture
def store() -> InMemoryLedger:
    """An empty ledger and outbox."""
    return InMemoryLedger(lambda: MORNING)
