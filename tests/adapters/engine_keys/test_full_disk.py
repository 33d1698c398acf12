"""The keys of the engine's contents on a disk that is full."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.engine_keys.payload_keys import FolderPayloadKeys
from tests.small_disk import SmallDisk, small_disk


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A disk of a megabyte and a half."""
    with small_disk(tmp_path / "disk", 1_536) as made:
        yield made


def test_a_key_of_the_engines_contents_that_does_not_fit_leaves_no_half_of_one(disk: SmallDisk) -> None:
    """Nothing is sealed with a key that is not on the disk; when there is room, the same call makes it."""
    cipher = FolderPayloadKeys(
        disk.folder / "payloads.keys", disk.folder / "payload-keys.json", lambda: datetime.now(UTC)
    )
    with disk.full(), pytest.raises(OSError, match="space"):
        cipher.seal(b"words")
    assert not list(disk.folder.glob("p*"))

    sealed = cipher.seal(b"words")

    assert cipher.open(sealed) == b"words"
    with disk.full(), pytest.raises(OSError, match="space"):
        cipher.add_key()
    assert cipher.open(sealed) == b"words"
    assert cipher.key_ids() == [sealed.key_id]
    assert cipher.add_key() == cipher.key_ids()[-1] != sealed.key_id
