"""The text of one document of each kind, word for word."""

from __future__ import annotations

import pytest

from domain.papers.paper import DOCUMENT_KINDS
from tests.adapters.documents.texts_of_kinds import KEPT, one_of_each_kind, text_of

_KEPT = dict(each.split("\n", 1) for each in KEPT.read_text(encoding="utf-8").rstrip("\n").split("\n\n"))


def test_every_kind_of_document_has_its_kept_text() -> None:
    """All kinds, and all colours of an order."""
    assert set(_KEPT) == {f"== {kind}" for kind in one_of_each_kind()}
    assert {kind.split(" ")[1] for kind in _KEPT} == DOCUMENT_KINDS


@pytest.mark.parametrize("kind", sorted(one_of_each_kind()))
def test_a_document_says_what_it_said(kind: str) -> None:
    """From the mark at its head to its imprint: whoever changes a word sees it in the kept text."""
    assert text_of(one_of_each_kind()[kind]).splitlines() == _KEPT[f"== {kind}"].splitlines()
