"""What a backup's file guarantees: whole or refused, sealed or not."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.backups import sealed_stream
from adapters.backups.archive import BackupDamagedError, PassphraseMissingError, read_archive, write_archive
from adapters.backups.database_copy import DatabaseNotCopiedError, copy_database

SECRET = "一句口令"
AS_SHIPPED = sealed_stream._COST


@pytest.fixture(scope="module", autouse=True)
def sealed_at_once() -> Iterator[None]:
    """What slows a guesser down tells these tests nothing, but for the one that asks for it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealed_stream, "_COST", 16)
        yield


def source(folder: Path) -> dict[str, bytes]:
    """Files of several sizes, the larger than a piece of the sealed stream."""
    contents = {
        "keys/ledger.key": b"secret",
        "empty": b"",
        "papers/催办.docx": b"x" * 70_000,
        "large": b"y" * 2_500_000,
    }
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return contents


def written(folder: Path, passphrase: str | None) -> tuple[Path, dict[str, bytes]]:
    """A backup of them."""
    contents = source(folder / "source")
    place = folder / "backup"
    files = ((name, folder / "source" / name) for name in contents)
    write_archive(place, files, {"made": "now", "settings": {}}, passphrase)
    return place, contents


@pytest.mark.parametrize("passphrase", [None, SECRET])
def test_what_was_written_comes_back_byte_for_byte_and_only_for_its_owner(
    tmp_path: Path, passphrase: str | None
) -> None:
    """Every file under its name, closed to others."""
    place, contents = written(tmp_path, passphrase)

    read_archive(place, passphrase, tmp_path / "back")

    found = {p.relative_to(tmp_path / "back").as_posix(): p for p in (tmp_path / "back").rglob("*") if p.is_file()}
    assert {name: path.read_bytes() for name, path in found.items()} == contents
    assert {path.stat().st_mode & 0o777 for path in [place, *found.values()]} == {0o600}


def test_a_sealed_backup_shows_nothing_and_opens_only_by_its_passphrase(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither names nor bytes can be read, and no other passphrase opens it; a guess costs what it should."""
    monkeypatch.setattr(sealed_stream, "_COST", AS_SHIPPED)
    place, _ = written(tmp_path, SECRET)

    assert b"ledger.key" not in place.read_bytes()
    assert b'{"n": 32768, "r": 8, "p": 1,' in place.read_bytes()
    with pytest.raises(PassphraseMissingError):
        read_archive(place, None)
    with pytest.raises(BackupDamagedError):
        read_archive(place, "另一句")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> dict[str | None, bytes]:
    """A plain and a sealed backup."""
    made: dict[str | None, bytes] = {}
    for passphrase in (None, SECRET):
        folder = tmp_path_factory.mktemp("backup")
        made[passphrase] = written(folder, passphrase)[0].read_bytes()
    return made


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_backup_is_refused(both: dict[str | None, bytes], tmp_path: Path, data: st.DataObject) -> None:
    """Cut off anywhere, or one byte changed in what is kept: never taken for whole."""
    passphrase = data.draw(st.sampled_from([None, SECRET]))
    whole = both[passphrase]
    place = tmp_path / "damaged"
    if data.draw(st.booleans()):
        place.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 12_000))])
    else:
        changed = bytearray(whole)
        # Between the files of a plain backup there is padding, which means nothing.
        at = whole.index(b"y" * 100) if passphrase is None else 200
        place_of = data.draw(st.integers(at, at + 2_400_000))
        changed[place_of] ^= data.draw(st.integers(1, 255))
        place.write_bytes(bytes(changed))

    with pytest.raises((BackupDamagedError, PassphraseMissingError)):
        read_archive(place, passphrase)


def test_a_database_is_copied_while_another_writes_to_it(tmp_path: Path) -> None:
    """One moment of it: whole transactions, none of them half, though a writer goes on."""
    original = tmp_path / "db"
    with sqlite3.connect(original) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE pair(a INTEGER, b INTEGER)")
    connection.close()
    stop = threading.Event()

    def write() -> None:
        writer = sqlite3.connect(original, isolation_level=None)
        number = 0
        while not stop.is_set():
            number += 1
            writer.execute("BEGIN")
            writer.execute("INSERT INTO pair VALUES (?, 0)", (number,))
            writer.execute("UPDATE pair SET b=a WHERE a=?", (number,))
            writer.execute("COMMIT")
        writer.close()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(20):
            copy_database(original, tmp_path / f"copy-{number}")
    finally:
        stop.set()
        thread.join()

    for number in range(20):
        copy = sqlite3.connect(tmp_path / f"copy-{number}")
        assert copy.execute("SELECT count(*) FROM pair WHERE a IS NOT b").fetchone() == (0,)
        copy.close()
    assert {path.name for path in tmp_path.glob("copy-*-*l")} == set()


def test_a_database_on_a_medium_that_nobody_can_write_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no place for the index of its log there: it is opened as one that does not change."""
    with closing(sqlite3.connect(tmp_path / "db")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE t(x TEXT)")
    opened: list[str] = []
    monkeypatch.setattr("os.access", lambda *_: False)
    connect = sqlite3.connect

    def connected(place: Any, **options: Any) -> sqlite3.Connection:
        opened.append(str(place))
        return cast("sqlite3.Connection", connect(place, **options))

    monkeypatch.setattr(sqlite3, "connect", connected)

    copy_database(tmp_path / "db", tmp_path / "copy")

    assert opened[0].endswith("?mode=ro&immutable=1")
    assert (tmp_path / "copy").exists()


def test_a_damaged_database_is_not_taken_into_a_backup(tmp_path: Path) -> None:
    """What cannot be read whole is said, instead of being kept for the day on which it is needed."""
    original = tmp_path / "db"
    connection = sqlite3.connect(original)
    connection.execute("CREATE TABLE t(x TEXT)")
    connection.executemany("INSERT INTO t VALUES (?)", [("z" * 500,)] * 2_000)
    connection.commit()
    connection.close()
    torn = bytearray(original.read_bytes())
    torn[8_192:12_288] = b"\x7f" * 4_096
    original.write_bytes(bytes(torn))

    with pytest.raises(DatabaseNotCopiedError):
        copy_database(original, tmp_path / "copy")


def test_a_file_that_is_erased_while_a_backup_is_written_does_not_end_it(tmp_path: Path) -> None:
    """An erasure or a log's rotation comes between: the rest is whole."""
    contents = source(tmp_path / "source")
    gone = [f"data/{folder}/gone" for folder in ("evidence", "papers", "outbox", "logs")]
    files = ((name, tmp_path / "source" / name) for name in [*contents, *gone])
    write_archive(tmp_path / "backup", files, {"made": "now", "settings": {}}, None)
    assert [each["path"] for each in read_archive(tmp_path / "backup", None)["files"]] == list(contents)


@pytest.mark.parametrize("name", ["data/keys/log.key", "data/ledger.db", "besides/0/data/papers/x"])
def test_a_backup_without_what_nobody_erases_is_none(tmp_path: Path, name: str) -> None:
    """A key or a ledger that is gone when its turn comes ends the backup: it does not say that it is whole."""
    with pytest.raises(FileNotFoundError):
        write_archive(tmp_path / "backup", [(name, tmp_path / "gone")], {"made": "now", "settings": {}}, None)


@pytest.mark.parametrize(
    ("passphrase", "change", "why"),
    [
        ("另一句", lambda whole: whole, "口令不对"),
        (SECRET, lambda whole: whole[:-5_000], "口令不对|没有写完"),
        (SECRET, lambda whole: whole + b"x", "末尾之后还有内容"),
        (SECRET, lambda whole: whole[:40], "读不懂|没有写完"),
        (None, lambda _: b"a letter, and no backup" * 100, "不是备份"),
        (None, lambda _: b"", "不是备份|没有写完"),
    ],
)
def test_why_a_backup_cannot_be_used_is_told_in_the_words_of_its_reader(
    both: dict[str | None, bytes], tmp_path: Path, passphrase: str | None, change: Callable[[bytes], bytes], why: str
) -> None:
    """Another passphrase, a cut, another file: in no words of a library."""
    place = tmp_path / "backup"
    place.write_bytes(change(both[SECRET]))
    with pytest.raises(BackupDamagedError, match=why) as refused:
        read_archive(place, passphrase)
    assert not any(each.isascii() and each.isalpha() for each in refused.value.detail)
