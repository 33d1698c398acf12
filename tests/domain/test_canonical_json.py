"""Our canonical JSON is the standard's: byte for byte what the reference library writes, or a refusal."""

from __future__ import annotations

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from domain.canonical_json import MOST_SAFE, NotCanonicalError, canonical_json

NAMES = st.text(st.characters(max_codepoint=127), max_size=8)
LEAVES = (
    st.none() | st.booleans() | st.integers(-MOST_SAFE, MOST_SAFE) | st.text(st.characters(exclude_categories=["Cs"]))
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=5), max_leaves=20
)


@given(VALUES)
def test_canonical_bytes_are_those_of_the_reference_library(value: Any) -> None:
    """Whatever is taken is written as RFC 8785 says, and reads back as the same value."""
    assert canonical_json(value) == rfc8785.dumps(value)
    assert json.loads(canonical_json(value)) == value


@given(VALUES, VALUES)
def test_other_values_have_other_bytes(one: Any, other: Any) -> None:
    """Two values have the same bytes exactly where they are the same JSON."""
    assert (canonical_json(one) == canonical_json(other)) == (rfc8785.dumps(one) == rfc8785.dumps(other))


@given(st.permutations([("b", 1), ("a", "x"), ("A", None), ("_", True), ("a1", [])]))
def test_the_order_of_names_does_not_matter(pairs: list[tuple[str, Any]]) -> None:
    """An object made in any order is the same bytes."""
    assert canonical_json(dict(pairs)) == b'{"A":null,"_":true,"a":"x","a1":[],"b":1}'


@pytest.mark.parametrize(
    "value",
    [1.5, 1.0, float("nan"), 2**53, -(2**53), "\ud800", {"名": 1}, {1: 2}, {"a": {"b": [0.5]}}, object(), b"x", {1, 2}],
)
def test_what_has_no_canonical_form_here_is_refused(value: Any) -> None:
    """Fractions, numbers that readers lose, half characters, names beyond ASCII and other types are refused."""
    with pytest.raises(NotCanonicalError):
        canonical_json(value)
