"""Which words are refused in what is said about several projects at once."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from application.audit.inquiries import record_reading
from application.office.scoring import must_be_sayable
from domain.markings import ClassifiedError
from domain.record.refused_words import refused_words_of
from domain.rules.policy import SupervisionPolicy
from tests.domain.samples import Desk, milestone


def test_the_words_are_those_of_the_policies_of_these_projects_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each word once, in order; no other project's is among them; for the office itself all are."""
    opened = {
        name: Desk(milestone(), policy=SupervisionPolicy(refused_words=words)).events[0]
        for name, words in {"2018-01": ("内部资料", "草案"), "2018-02": ("草案",), "2018-03": ("会议纪要",)}.items()
    }
    monkeypatch.setattr("domain.record.refused_words.recorded_of", lambda *_: opened.items())
    ledger = cast("Any", None)
    assert refused_words_of(ledger, {"2018-01", "2018-02"}) == ("内部资料", "草案")
    assert refused_words_of(ledger, ()) == ()
    assert refused_words_of(ledger) == ("内部资料", "草案", "会议纪要")


async def test_what_is_said_of_no_project_is_held_against_all_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """A score of a period in which no department has one is of no project: every policy's words are refused."""
    words = {None: ("内部资料",)}
    monkeypatch.setattr("application.office.scoring.refused_words_of", lambda _, about=None: words.get(about, ()))
    with pytest.raises(ClassifiedError):
        await must_be_sayable(cast("Any", SimpleNamespace(ledger=None)), (), "见内部资料")


async def test_who_reads_bears_no_mark() -> None:
    """The name stands in the ledger for ever; nothing is recorded of one with a mark."""
    with pytest.raises(ClassifiedError):
        await record_reading(cast("Any", None), "李明（机密）", "audit history")
