"""The typed search attributes of a supervision, by which the engine's own lists can be filtered.

They are never encrypted, so no name stands in them (docs/adr/0162). Lights, stages and dates are derived from the
ledger: showing them in the engine's lists costs every wake-up (docs/adr/0091).
"""

from __future__ import annotations

from typing import Any

from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

YEAR = SearchAttributeKey.for_int("DubanYear")

ALL_KEYS: tuple[SearchAttributeKey[Any], ...] = (YEAR,)


def attributes_of(year: int) -> TypedSearchAttributes:
    """What a supervision of a year's list is started with."""
    return TypedSearchAttributes([SearchAttributePair(YEAR, year)])
