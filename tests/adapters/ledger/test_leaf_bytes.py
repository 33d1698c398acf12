"""The bytes of a leaf are exactly those of RFC 8785 over the whole leaf, whatever an event says."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from adapters.ledger.leaf_bytes import appended_of, canonical_leaf_event, event_in, leaf_hash, leaf_of
from domain.record.ledger_errors import LeafRefusedError

APPENDED = "2018-04-25T01:00:00.000000Z"
TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
INTEGERS = st.integers(-(2**53) + 1, 2**53 - 1)
VALUES = st.recursive(
    st.none() | st.booleans() | INTEGERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def event(data: object) -> dict[str, Any]:
    """The event part of a leaf with this data."""
    return {
        "id": "s#0",
        "stream": "s",
        "seq": 0,
        "type": "T",
        "occurred": APPENDED,
        "decided": APPENDED,
        "actor": "engine",
        "data": {"v": 1, "x": data},
        "blobs": [],
    }


@given(VALUES)
def test_a_leaf_is_the_canonical_form_of_the_whole(data: object) -> None:
    """An event made canonical once gives, with its envelope, the bytes that any other JCS program would give."""
    canonical = canonical_leaf_event(event(data))

    leaf = leaf_of(canonical.body, APPENDED)

    assert leaf == rfc8785.dumps({"v": 1, "appended": APPENDED, "event": event(data)})
    assert canonical.event_hash == hashlib.sha256(rfc8785.dumps(event(data))).digest()


@given(VALUES)
def test_a_leaf_is_read_back_as_it_was(data: object) -> None:
    """Instant and event come back equal, and the hash is that of an RFC 6962 leaf."""
    leaf = leaf_of(canonical_leaf_event(event(data)).body, APPENDED)

    assert (appended_of(leaf), event_in(leaf)) == (APPENDED, event(data))
    assert json.loads(leaf)["v"] == 1
    assert leaf_hash(leaf) == hashlib.sha256(b"\x00" + leaf).digest()


@pytest.mark.parametrize("value", [0.5, [1, {"deep": 1.0}], 2**53, -(2**53), "\ud800"])
def test_what_json_would_lose_is_refused(value: object) -> None:
    """Floats, integers that other programs round, and half characters never reach the ledger."""
    with pytest.raises(LeafRefusedError, match="s#0"):
        canonical_leaf_event(event(value))
