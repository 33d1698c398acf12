"""Evidence that is on record and not in the store is supplied by its hash: nobody can slip another file in."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from application.audit.kept_histories import evidence_named
from application.office.open_texts import must_be_an_open_file
from application.office.shown_files import ShownFile
from application.records import Records
from domain.record.erasures import erasures


@dataclass(frozen=True, slots=True)
class Supplied:
    """What became of each file (its hash, whether it was kept), and what is still missing, with where it is named."""

    files: Sequence[tuple[str, bool]]
    missing: Mapping[str, set[str]]


async def supply(records: Records, files: Sequence[ShownFile], *, unnamed: bool = False) -> Supplied:
    """Keep the files that the ledger names; with `unnamed`, also those that it does not.

    Raises:
        ClassifiedError: a file bears a classification mark; none of them is kept.
    """
    for file in files:
        with file.opened() as stream:
            await asyncio.to_thread(must_be_an_open_file, file.name, stream, ())
    named = await asyncio.to_thread(evidence_named, records.ledger)
    kept = []
    for file in files:
        sha256 = (await asyncio.to_thread(file.described)).sha256
        wanted = unnamed or sha256 in named
        if wanted:
            with file.opened() as stream:
                await records.evidence.take(file.name, stream)
        kept.append((sha256, wanted))
    erased = await asyncio.to_thread(erasures, records.ledger)
    lacking = await asyncio.to_thread(records.evidence.lacking, sorted(named.keys() - erased.keys()))
    return Supplied(kept, {sha256: named[sha256] for sha256 in lacking})
