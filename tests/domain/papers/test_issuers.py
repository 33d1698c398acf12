"""Names of several offices or signers in one line."""

from __future__ import annotations

import pytest

from domain.papers.issuers import side_by_side


@pytest.mark.parametrize(
    ("names", "line"),
    [
        ("李明、欧阳建国", "李　明　欧阳建国"),
        ("李明", "李明"),
        ("Ann Lee、Bo", "Ann Lee　Bo"),
        ("Bo、李明", "Bo　李　明"),
    ],
)
def test_only_chinese_names_of_two_letters_are_made_wider(names: str, line: str) -> None:
    """A name in Latin letters stays one word."""
    assert side_by_side(names) == line
