"""What the keys of the engine's contents guarantee."""

from __future__ import annotations

import json
import stat
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.engine_keys.payload_keys import FolderPayloadKeys, UnsafePayloadKeysError
from domain.ports.payload_cipher import Sealed

SECRET = "经初审符合条件".encode()


def keys_in(folder: Path, ticks: Callable[[], float] = time.monotonic) -> FolderPayloadKeys:
    """The keys of a folder, as one more process has them."""
    now = datetime(2026, 5, 4, tzinfo=UTC)
    return FolderPayloadKeys(folder / "keys" / "payloads.keys", folder / "payload-keys.json", lambda: now, ticks)


def test_what_is_sealed_is_not_to_be_read_and_opens_again(tmp_path: Path) -> None:
    """The same bytes are sealed otherwise each time, and nobody but the file's owner reads the keys."""
    keys = keys_in(tmp_path)
    one, two = keys.seal(SECRET), keys.seal(SECRET)
    assert SECRET not in one.data
    assert one.data != two.data
    assert keys_in(tmp_path).open(one) == keys.open(two) == SECRET
    assert stat.S_IMODE((tmp_path / "keys" / "payloads.keys").stat().st_mode) == 0o600


def test_a_new_key_seals_from_now_on_in_every_process_and_the_old_one_still_opens(tmp_path: Path) -> None:
    """Nothing is restarted: within half a second a process that runs seals with the key that another one made."""
    seconds = [0.0]
    at_work = keys_in(tmp_path, lambda: seconds[0])
    before = at_work.seal(SECRET)
    added = keys_in(tmp_path).add_key()
    seconds[0] = 0.5
    after = at_work.seal(SECRET)
    assert after.key_id == added != before.key_id
    assert at_work.open(before) == at_work.open(after) == SECRET
    assert keys_in(tmp_path).key_ids() == [before.key_id, added]


def test_what_another_process_sealed_with_a_new_key_opens_at_once(tmp_path: Path) -> None:
    """Keys that were looked at a moment ago are looked at again where they have not the one that is asked for."""
    at_work = keys_in(tmp_path, lambda: 0.0)
    at_work.seal(SECRET)
    other = keys_in(tmp_path)
    other.add_key()
    assert at_work.open(other.seal(SECRET)) == SECRET


@pytest.mark.parametrize("at", [0, 12, -1])
def test_what_was_changed_does_not_open(tmp_path: Path, at: int) -> None:
    """Neither the nonce nor the bytes nor the name of the key can be exchanged."""
    keys = keys_in(tmp_path)
    sealed = keys.seal(SECRET)
    edited = bytearray(sealed.data)
    edited[at] ^= 1
    assert keys.open(Sealed(sealed.key_id, bytes(edited))) is None
    other = keys.add_key()
    assert keys.open(Sealed(other, sealed.data)) is None
    assert keys.open(Sealed("没有这把", sealed.data)) is None
    assert keys.open(Sealed(sealed.key_id, b"")) is None


def test_processes_that_begin_at_once_have_one_key(tmp_path: Path) -> None:
    """Whoever comes second takes the key of the first."""
    together = [keys_in(tmp_path) for _ in range(8)]
    with ThreadPoolExecutor(8) as threads:
        sealed = list(threads.map(lambda keys: keys.seal(SECRET), together))
    assert {each.key_id for each in sealed} == set(keys_in(tmp_path).key_ids())
    assert [keys_in(tmp_path).open(each) for each in sealed] == [SECRET] * 8


def test_a_file_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    """The sentence says what to do."""
    keys = keys_in(tmp_path)
    sealed = keys.seal(SECRET)
    (tmp_path / "keys" / "payloads.keys").chmod(0o640)
    for use in (lambda: keys_in(tmp_path).seal(SECRET), lambda: keys_in(tmp_path).open(sealed)):
        with pytest.raises(UnsafePayloadKeysError, match="chmod 600"):
            use()


@pytest.mark.parametrize("content", ["", "[]", "{}", json.dumps({"keys": [{"id": "a", "key": "短"}]}), '{"keys": []}'])
def test_a_torn_file_is_told_and_never_replaced(tmp_path: Path, content: str) -> None:
    """A new key in the place of lost ones would make what was sealed unreadable for good."""
    path = tmp_path / "keys" / "payloads.keys"
    path.parent.mkdir()
    path.write_text(content, encoding="utf-8")
    path.chmod(0o600)
    for use in (lambda: keys_in(tmp_path).seal(SECRET), lambda: keys_in(tmp_path).add_key()):
        with pytest.raises(UnsafePayloadKeysError, match="备份"):
            use()
    assert path.read_text(encoding="utf-8") == content


def test_a_folder_that_was_moved_away_under_a_worker_gets_no_new_key_in_its_place(tmp_path: Path) -> None:
    """What it sealed with that one, nobody could read once the folder is back; then it goes on as before."""
    seconds, folder = [0.0], tmp_path / "data"
    folder.mkdir()
    at_work = keys_in(folder, lambda: seconds[0])
    sealed = at_work.seal(SECRET)
    began_later = keys_in(folder)
    seconds[0] = 0.5
    folder.rename(tmp_path / "elsewhere")
    folder.mkdir()  # where a disk was mounted, an empty place stays
    for keys in (began_later, at_work):
        for use in (lambda: keys.seal(SECRET), lambda: keys.open(sealed), keys.add_key, keys.key_ids):  # noqa: B023
            with pytest.raises(UnsafePayloadKeysError, match="不见了"):
                use()
    assert list(folder.iterdir()) == []
    folder.rmdir()
    (tmp_path / "elsewhere").rename(folder)
    assert at_work.open(at_work.seal(SECRET)) == SECRET


def test_keys_that_were_lost_are_never_begun_anew(tmp_path: Path) -> None:
    """With another key in their place the next backup would have only that one: the file has to come back."""
    seconds = [0.0]
    at_work = keys_in(tmp_path, lambda: seconds[0])
    sealed = at_work.seal(SECRET)
    seconds[0] = 0.5
    path = tmp_path / "keys" / "payloads.keys"
    kept = path.read_bytes()
    path.unlink()
    for keys in (at_work, keys_in(tmp_path)):
        for use in (lambda: keys.seal(SECRET), lambda: keys.open(sealed), keys.add_key, keys.key_ids):  # noqa: B023
            with pytest.raises(UnsafePayloadKeysError, match="不见了"):
                use()
    path.write_bytes(kept)
    path.chmod(0o600)
    assert at_work.open(sealed) == SECRET


def test_a_file_of_before_or_of_elsewhere_is_told_until_a_new_key_is_made(tmp_path: Path) -> None:
    """What was sealed with the keys that it lacks would not open; where they are gone for good, the engine goes on."""
    keys_in(tmp_path).seal(SECRET)
    place = tmp_path / "keys" / "payloads.keys"
    before = place.read_bytes()
    keys_in(tmp_path).add_key()
    keys_in(tmp_path / "elsewhere").seal(SECRET)

    for other in (before, (tmp_path / "elsewhere" / "keys" / "payloads.keys").read_bytes()):
        place.write_bytes(other)
        with pytest.raises(UnsafePayloadKeysError, match=r"缺引擎内容用过的密钥 [12] 把.*duban engine new-key"):
            keys_in(tmp_path).seal(SECRET)
        with pytest.raises(UnsafePayloadKeysError):
            keys_in(tmp_path).key_ids()
    keys_in(tmp_path).add_key()
    assert keys_in(tmp_path).open(keys_in(tmp_path).seal(SECRET)) == SECRET
