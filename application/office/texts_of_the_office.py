"""What is said of the office itself, such as a name in the directory, is held against the words of all its policies."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from application.records import Records
from domain.markings import must_bear_no_mark
from domain.record.refused_words import refused_words_of


async def must_be_open_here(records: Records, texts: Collection[str]) -> None:
    """Refuse texts with a classification mark, or with a word that any policy on record refuses.

    Raises:
        ClassifiedError: one has one.
    """

    def looked_through() -> None:
        refused = refused_words_of(records.ledger)
        for text in texts:
            must_bear_no_mark(text, "填写的内容", refused)

    await asyncio.to_thread(looked_through)
