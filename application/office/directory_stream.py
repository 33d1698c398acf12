"""The directory's stream grows; it is read as every stream is. Persons' names are kept beside the entries, each with a
random salt, and never in one."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Final

from domain.directory.events import DIRECTORY_STREAM, DirectoryEvent
from domain.directory.person_name import PersonName, committed_name, name_file, person_names
from domain.ports.evidence import EvidenceStore
from domain.ports.own_streams import OwnStreams
from domain.record.ledger_errors import StreamMovedError

_SALT_BYTES: Final = 256


def committed(events: Sequence[DirectoryEvent]) -> tuple[DirectoryEvent, ...]:
    """The events as their entries will say them: with commitments to the persons' names that have none yet."""
    known: dict[tuple[str, str], PersonName] = {}
    made = []
    for event in events:
        names = {}
        for field, name in person_names(event):
            # A person's own name is one file, however often he is named; nobody else's is the same one.
            key = getattr(event, "person_id", ""), str(name)
            if name.file is None and key not in known:
                known[key] = committed_name(name, name_file(name, secrets.token_hex(_SALT_BYTES)))
            names[field] = name if name.file is not None else known[key]
        made.append(event.model_copy(update=names) if names else event)
    return tuple(made)


async def append_to_directory(streams: OwnStreams, files: EvidenceStore, events: Sequence[DirectoryEvent]) -> None:
    """Append events that were decided on the directory as it was read (raises as `append_next`). Where nothing was
    kept, no name that came with them is either."""
    events = committed(events)
    new = (name.unkept for event in events for _, name in person_names(event))
    # The names come first: an entry never commits to what is not there.
    kept = [await files.keep("name.json", name) for name in new if name is not None]
    try:
        await streams.append_next(DIRECTORY_STREAM, events)
    except StreamMovedError:
        for file in kept:
            await files.erase(file.sha256)
        raise
