"""The embedded engine and its folder: any name of a folder, and never the engine of another one."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from application.engine_room import embedded
from application.engine_room.embedded import EmbeddedEngine, RunningEngine
from application.settings import Settings
from domain.errors import EngineUnreachableError
from tests.entrypoints.installation import apart, free_port, kill_all, processes_of, until

STRANGE = "数据 #1?a=%20b&c"


def engine_in(folder: Path) -> EmbeddedEngine:
    """The engine of a data folder, on ports that nobody uses."""
    first = free_port()
    return EmbeddedEngine(Settings(data=folder, engine_port=first, ui_port=free_port(first + 1)))


def up(engine: EmbeddedEngine) -> RunningEngine:
    """Start an engine."""
    return apart(lambda: asyncio.run(engine.up()))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder whose name would mean something in a URI."""
    return tmp_path / STRANGE


def test_a_folder_of_any_name_keeps_its_database_and_starts_again(folder: Path, tmp_path: Path) -> None:
    """The database is in the folder and nowhere else, and a second start finds it; a copy has an engine of its own."""
    engine, copied = engine_in(folder), tmp_path / "copy"
    try:
        first = up(engine)
        assert (folder / "engine" / "temporal.db").stat().st_size
        assert {path.name for path in tmp_path.iterdir()} == {STRANGE}
        assert engine.running() == first

        shutil.copytree(folder, copied)
        other = engine_in(copied)
        assert other.running() is None
        assert other.down() is False
        assert engine.running() == first
        assert up(other).pid != first.pid
        assert other.down() is True

        assert engine.down() is True
        assert up(engine).pid != first.pid
        assert engine.down() is True
    finally:
        kill_all(tmp_path)


def test_another_folders_engine_on_the_same_port_is_not_taken_for_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two folders found the same port free: the one that comes too late goes on to the next one."""
    theirs = Settings(data=tmp_path / "theirs", engine_port=free_port(), ui_port=free_port())
    ours = theirs.model_copy(update={"data": tmp_path / "ours"})
    first = apart(lambda: asyncio.run(EmbeddedEngine(theirs).up()))
    ports = iter((first.port, *(free_port(first.port + 10 * place) for place in range(1, 6))))
    monkeypatch.setattr(embedded, "_free_port", lambda *_, **__: next(ports))
    try:
        second = apart(lambda: asyncio.run(EmbeddedEngine(ours).up()))
        assert second.port != first.port
        assert EmbeddedEngine(ours).running() == second
    finally:
        kill_all(tmp_path)


def test_a_first_start_that_was_killed_is_simply_given_again(tmp_path: Path) -> None:
    """A database that was made and has no tables yet stops the engine: it is put aside, and the start goes on."""
    engine, database = engine_in(tmp_path), tmp_path / "engine" / "temporal.db"
    database.parent.mkdir()
    database.touch()
    try:
        assert engine.running() is None
        up(engine)
        assert database.stat().st_size
        assert engine.running() is not None
    finally:
        kill_all(tmp_path)


def test_an_engine_that_was_killed_a_moment_ago_is_not_taken_for_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever looks while it ends sees it run, and starts another one as soon as it is gone."""
    engine = engine_in(tmp_path)
    try:
        up(engine)
        seen = engine.running()
        assert seen is not None
        os.kill(seen.pid, signal.SIGKILL)
        looks = iter([seen])
        really = engine.running
        monkeypatch.setattr(engine, "running", lambda: next(looks, None) or really())
        up(engine)
        again = really()
        assert again is not None
        assert again.pid != seen.pid
        assert again.port == seen.port, "workers and desks look for it where it was"
    finally:
        kill_all(tmp_path)


def test_one_that_starts_while_another_stops_is_still_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A first `duban run` ends and a second begins: one engine at most holds the database, and it is found."""
    stopping, started = engine_in(tmp_path), engine_in(tmp_path)
    try:
        first, told, really, waits = up(stopping), threading.Event(), os.kill, list[str]()

        def kill(pid: int, how: int) -> None:
            really(pid, how)
            told.set()
            until(lambda: stopping.running() is None, "the end of the first")
            time.sleep(1)  # the second would come up in between

        monkeypatch.setattr(os, "kill", kill)
        with ThreadPoolExecutor() as pool:
            ended = pool.submit(stopping.down)
            assert told.wait(30)
            second = pool.submit(lambda: asyncio.run(started.up(lambda: waits.append("told")))).result()
            assert ended.result() is True
        assert waits == ["told"], "whoever waits for the end of the first says so"
        assert second.pid != first.pid
        assert started.running() == second
        assert (tmp_path / "engine" / "engine.json").exists()
    finally:
        monkeypatch.undo()
        kill_all(tmp_path)


def test_an_engine_without_its_note_is_found_and_not_doubled(tmp_path: Path) -> None:
    """Whoever started it died before he wrote where it runs: the next start takes it, and can stop it."""
    engine = engine_in(tmp_path)
    try:
        first = up(engine)
        (tmp_path / "engine" / "engine.json").unlink()
        assert engine.running() == first
        assert up(engine) == first
        assert engine.down() is True
        assert engine.running() is None
    finally:
        kill_all(tmp_path)


def test_an_engine_that_is_not_seen_from_here_has_its_folder_for_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In two containers on one volume neither sees the other's processes: the second start says so, and starts none."""
    engine = engine_in(tmp_path)
    try:
        up(engine)
        monkeypatch.setattr(engine, "running", lambda: None)
        before = len(processes_of(tmp_path))
        with pytest.raises(EngineUnreachableError, match="另一个容器"):
            up(engine)
        assert len(processes_of(tmp_path)) == before
    finally:
        kill_all(tmp_path)


@pytest.mark.parametrize(
    ("made", "stays"),
    [
        ("", False),
        ("CREATE TABLE schema_version(version TEXT)", False),
        ("CREATE TABLE executions(id TEXT)", False),
        ("CREATE TABLE executions(id TEXT); INSERT INTO executions VALUES ('key-project/2018/01')", True),
        (None, True),
    ],
    ids=["nothing", "some tables", "no workflow", "one workflow", "no database at all"],
)
def test_only_what_holds_no_workflow_is_put_aside(made: str | None, stays: bool, tmp_path: Path) -> None:
    """One workflow, or bytes that nobody can read, stay where they are, whatever the engine says of them."""
    database = tmp_path / "engine" / "temporal.db"
    database.parent.mkdir()
    if made is None:
        database.write_bytes(b"garbage" * 1_000)
    else:
        with closing(sqlite3.connect(database)) as store:
            store.executescript(made)
    database.touch()
    before = database.read_bytes()
    engine_in(tmp_path)._set_aside_what_never_began()
    assert database.exists() is stays
    kept = database if stays else database.with_name("unfinished-temporal.db")
    assert kept.read_bytes() == before


@pytest.mark.parametrize("said", [b"", b"{", b"[1]", b"\xff\xfe\x00", b'{"pid": 1}'])
def test_a_torn_note_of_where_the_engine_runs_is_none(said: bytes, tmp_path: Path) -> None:
    """The note is written anew by the next start; what it held is no reason not to start."""
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine" / "engine.json").write_bytes(said)
    assert engine_in(tmp_path).running() is None


def test_an_engine_that_died_before_somebody_stopped_it_stays_stopped(folder: Path, tmp_path: Path) -> None:
    """A run that goes on brings back what died, and nothing that a person wanted stopped; the next start is a start."""
    engine = engine_in(folder)
    try:
        os.kill(up(engine).pid, signal.SIGKILL)
        until(lambda: engine.running() is None, "the end of the engine")
        assert not engine.is_stopped_by_hand()
        assert engine.down() is False
        assert not engine.is_stopped_by_hand()
        assert engine.down(by_hand=True) is False
        assert engine.is_stopped_by_hand()
        up(engine)
        assert not engine.is_stopped_by_hand()
    finally:
        kill_all(tmp_path)


def test_where_nothing_was_ever_started_nothing_is_stopped(tmp_path: Path) -> None:
    """And no folder is made of it."""
    assert engine_in(tmp_path / "data").down(by_hand=True) is False
    assert not (tmp_path / "data").exists()


def test_a_run_that_looks_while_somebody_stops_the_engine_takes_it_for_stopped(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would bring back what is just going down."""
    engine, seen = engine_in(folder), list[bool]()
    see_off = EmbeddedEngine._see_off

    def looked_at(here: EmbeddedEngine, gone: RunningEngine) -> None:
        see_off(here, gone)
        seen.append(here.is_stopped_by_hand())

    monkeypatch.setattr(EmbeddedEngine, "_see_off", looked_at)
    try:
        up(engine)
        assert engine.down(by_hand=True) is True
        assert seen == [True]
    finally:
        kill_all(tmp_path)
