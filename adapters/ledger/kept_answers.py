"""Answers that read all rows of the register: worked out once for as long as no row changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar

from adapters.ledger.rows import Readers

T = TypeVar("T")
_MOST: Final = 256
"""So many questions are kept at most; then all are asked anew."""


class KeptAnswers:
    """What was answered about the register as it stands; whoever writes a row of it says so in the same transaction.

    A question MUST have in it all that its answer depends on but the rows: the filter, the day, whose they are.
    """

    def __init__(self, readers: Readers) -> None:
        self._readers = readers
        self._kept: tuple[int, dict[Hashable, Any]] = -1, {}

    def of(self, question: Hashable, answer: Callable[[], T]) -> T:
        """The answer to a question. Any thread may ask."""
        # The number first: what is written meanwhile has a greater one, and whoever reads that one asks anew.
        changes = int(self._readers.rows("SELECT changes FROM register_head")[0][0])
        known, answers = self._kept
        if known != changes or len(answers) >= _MOST:
            answers = {}
            self._kept = changes, answers
        if question not in answers:
            answers[question] = answer()
        found: T = answers[question]
        return found
