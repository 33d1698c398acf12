"""What somebody hands in that is of no project, such as a name in the directory, is held against the words of all
policies on record."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from application.records import Records
from domain.markings import TYPED, must_bear_no_mark


async def must_be_open_here(records: Records, texts: Collection[str | None]) -> None:
    """Refuse texts with a classification mark, or with a word that any policy on record refuses.

    Raises:
        ClassifiedError: one has one.
    """

    def looked_through() -> None:
        refused = records.refused_words.of_all()
        for text in texts:
            must_bear_no_mark(text or "", TYPED, refused)

    await asyncio.to_thread(looked_through)
