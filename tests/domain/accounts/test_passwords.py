"""Which passwords are taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.accounts.passwords import SHORTEST, must_be_strong
from domain.accounts.refusals import WeakPasswordError

OPERATIONS = Path(__file__).parents[3] / "docs" / "operations.md"
WORDS = "violet anchor 7 harbour"


def test_a_password_has_one_least_length() -> None:
    """The rule, and what an administrator reads of it, are one number."""
    must_be_strong(WORDS[:SHORTEST], "wangwei")
    with pytest.raises(WeakPasswordError, match=f"须有 {SHORTEST} 到"):
        must_be_strong(WORDS[: SHORTEST - 1], "wangwei")
    assert f"({SHORTEST} characters or more)" in OPERATIONS.read_text(encoding="utf-8")
