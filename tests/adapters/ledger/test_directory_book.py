"""The directory's stream grows from where it was read, or not at all, in every store."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.evidence.folder_evidence import FolderEvidence
from adapters.ledger.postgres_ledger import PostgresLedger
from adapters.ledger.sqlite_ledger import SqliteLedger
from application.office.directory_stream import append_to_directory
from domain.directory import changes
from domain.directory.events import DIRECTORY_STREAM, PersonOpened
from domain.directory.person_name import person_names
from domain.record.ledger_errors import StreamMovedError
from domain.record.recorded_directory import directory_events, directory_known_at, recorded_directory
from tests.adapters.ledger.conftest import SteppedClock
from tests.domain.directory.samples import committed, draft_on

Kept = SqliteLedger | PostgresLedger


@pytest.fixture(params=["sqlite", "postgres"])
def kept(request: pytest.FixtureRequest, tmp_path: Path, writer_clock: SteppedClock) -> Iterator[Kept]:
    """A store of each kind."""
    opened: Kept
    if request.param == "sqlite":
        opened = SqliteLedger.open(tmp_path / "ledger.sqlite", writer_clock)
    else:
        opened = PostgresLedger.open(request.getfixturevalue("database"), writer_clock)
    yield opened
    opened.close()


@pytest.fixture
def names(tmp_path: Path) -> FolderEvidence:
    """Where the names of persons lie."""
    return FolderEvidence(tmp_path / "evidence")


async def test_what_is_appended_is_read_again(kept: Kept, names: FolderEvidence) -> None:
    """The directory is folded from the ledger as it was drafted, now and as it was known at an instant."""
    draft = draft_on()
    changes.open_person(draft, "李红")
    await append_to_directory(kept.log_store(), names, draft.events)
    assert recorded_directory(kept, names) == draft.directory
    assert list(directory_events(kept, names)) == draft.events
    assert directory_known_at(kept, names, draft.at) == draft.directory
    assert kept.streams() == [DIRECTORY_STREAM]


async def test_who_was_slower_changes_nothing(kept: Kept, names: FolderEvidence, tmp_path: Path) -> None:
    """Of two who decided on one directory the slower hears that it moved: no entry of his, no name, no incident."""
    store, drafts = kept.log_store(), [draft_on(), draft_on()]
    for draft, name in zip(drafts, ("李红", "王伟"), strict=True):
        changes.open_person(draft, name)
        changes.give_role(draft, "P0001", "administrator")
    ended = await asyncio.gather(
        *(append_to_directory(store, names, draft.events) for draft in drafts), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in ended) == ["NoneType", "StreamMovedError"]
    assert recorded_directory(kept, names) in [draft.directory for draft in drafts]
    assert len(list(kept.entries())) == 2
    (file,) = [name.file for event in directory_events(kept, names) for _, name in person_names(event)]
    assert file is not None
    assert [path.name for path in sorted((tmp_path / "evidence").rglob("*")) if len(path.name) == 64] == [file.sha256]
    with pytest.raises(StreamMovedError, match="请再执行一次"):
        await append_to_directory(store, names, drafts[0].events)


async def test_nothing_to_append_is_nothing(kept: Kept, names: FolderEvidence) -> None:
    """A change without events does not touch the ledger."""
    await append_to_directory(kept.log_store(), names, [])
    assert list(kept.entries()) == []


NAME_HASH = "d4c59fe562b186448ab8f9fe091d0a844f3fee0ee64be1813aa5018ef88bcfec"


def test_an_event_of_the_directory_is_an_entry_as_any_other() -> None:
    """Its facts stand in `data`, its days as `YYYY-MM-DD`, and its file of the name is named, not the name."""
    from domain.record.leaf import leaf_event  # noqa: PLC0415 - the other tests need the stores alone

    draft = draft_on()
    changes.open_person(draft, "李红")
    (opened,) = committed(draft.events)
    event = leaf_event(DIRECTORY_STREAM, opened)
    assert isinstance(draft.events[0], PersonOpened)
    assert event["id"] == "directory#0"
    assert event["data"] == {
        "v": 1, "cause": "request:1", "person_id": "P0001", "name": f"sha256:{NAME_HASH} name.json (512 bytes)",
        "from_on": "2018-04-25",
    }  # fmt: skip
    assert event["blobs"] == [{"sha256": NAME_HASH, "size": 512, "name": "name.json"}]
