"""Which words are refused in what is said about one project, several, or none."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from application.office.scoring import must_be_sayable
from domain.markings import ClassifiedError
from domain.record.refused_words import RefusedWords
from domain.rules.policy import SupervisionPolicy
from tests.domain.samples import Desk, milestone


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> RefusedWords:
    """The words of three projects, each with a policy of its own."""
    opened = {
        name: Desk(milestone(), policy=SupervisionPolicy(refused_words=words)).events[0]
        for name, words in {"2018-01": ("内部资料", "草案"), "2018-02": ("草案",), "2018-03": ("会议纪要",)}.items()
    }
    place = "domain.record.refused_words"
    monkeypatch.setattr(f"{place}.recorded_projects", lambda _: sorted(opened))
    monkeypatch.setattr(f"{place}.recorded_events", lambda _, each: iter([opened[each]] if each in opened else []))
    return RefusedWords(cast("Any", None))


def test_the_words_are_those_of_the_policies_of_these_projects_alone(words: RefusedWords) -> None:
    """Each word once, in order; no other project's is among them; for the office itself all are."""
    assert words.of("2018-02") == ("草案",)
    assert words.of_all({"2018-01": 1, "2018-02": 2}) == ("内部资料", "草案")
    assert words.of_all() == ("内部资料", "草案", "会议纪要")


def test_what_is_said_of_a_project_that_is_not_on_record_is_held_against_all_words(words: RefusedWords) -> None:
    """Its refusal is kept for ever, as any other is."""
    assert words.of("2018-99") == words.of_all()


async def test_what_is_said_of_no_project_is_held_against_all_words(words: RefusedWords) -> None:
    """A score of a period in which no department has one is of no project: every policy's words are refused."""
    with pytest.raises(ClassifiedError):
        await must_be_sayable(cast("Any", SimpleNamespace(refused_words=words)), (), "见内部资料")
    await must_be_sayable(cast("Any", SimpleNamespace(refused_words=words)), {"2018-02"}, "见内部资料")
