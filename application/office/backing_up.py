"""Backup and restore of a whole installation, each as one step that is done whole or not at all.

The engine's database is copied before the ledger: a decision reaches the ledger first, and what stands in the ledger
and is unknown to the engine stands (ADR 0002); the other way round it would be lost. Files come last: everything that
the copied ledger names is on the disk by then, and what it does not name is left out.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from application.engine_room.data_folder import PLACE, write_for_ourselves
from application.engine_room.desk_address import DESK_ADDRESS
from application.engine_room.embedded import HOLD, UNFINISHED
from application.settings import COPY_MARK, Settings
from domain.errors import DubanError, InputError
from domain.frozen import Frozen
from domain.os_faults import os_fault
from domain.ports.audit_log import NewGeneration
from domain.record.leaf import leaf_instant

ENGINE_DATABASE = Path("engine", "temporal.db")
_LEDGER = "ledger.db"
_ACCOUNTS = "accounts.db"
_GUARD = "guard/last-head"
_STAGE = ".restoring-"
RESTORED_BESIDES = "restored-besides"
"""The folder of the files that lay outside of the data folder when it was backed up."""
_BESIDE = ("-wal", "-shm", "-journal")
_PASSING = (".part", ".new", ".lock", *_BESIDE)
_OF_THE_ENGINE = {"engine.json", "engine.log", "engine.lock", HOLD, ENGINE_DATABASE.name}
_BY_LEDGER = ("papers", "outbox")
_SECRET = {"ledger_url"}
_OF_THE_MACHINE = {"data", "engine_port", "ui_port"}


class NotEmptyError(InputError, rule="nothing_is_overwritten"):
    """Something is at the place where a backup or a restored installation should go."""


class NotBackedUpError(DubanError, rule="backup_is_written"):
    """A backup was not written; what there was stays as it was."""


class WrittenBackup(Frozen):
    """A backup that was written and read back: where, how large, what it holds, and the ledger's last signed head."""

    place: str
    bytes: int
    files: int
    sealed: bool
    engine: bool
    head: dict[str, str | int] | None
    evidence_elsewhere: str | None
    """The bucket of the evidence, none of which is in the backup."""


class RestoredInstallation(Frozen):
    """An installation that was restored: from which backup, and the log's new generation."""

    data: str
    made: str
    files: int
    generation: NewGeneration | None
    differing: tuple[str, ...]
    """The settings that were other ones when the backup was made, as `DUBAN_NAME=value`."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What the composition root brings: databases, the archive, the log."""

    copy_database: Callable[[Path, Path], None]
    copy_ledger: Callable[[Path], bool]
    copy_accounts: Callable[[Path], bool]
    leave_logins_out: Callable[[Path], None]
    sent_files: Callable[[Path], set[str]]
    last_head: Callable[[Path], dict[str, str | int] | None]
    write: Callable[[Path, Iterator[tuple[str, Path]], Mapping[str, Any], str | None], dict[str, Any]]
    read: Callable[[Path, str | None, Path | None], dict[str, Any]]
    must_be_empty: Callable[[], None]
    begin_generation: Callable[[Path, Mapping[str, str], Sequence[str]], NewGeneration | None]
    filling_accounts: Callable[[Path], AbstractContextManager[bool]]
    fill_ledger: Callable[[Path], bool]


def back_up(
    settings: Settings, tools: Tools, place: Path, passphrase: str | None, besides: Sequence[Path], now: datetime
) -> WrittenBackup:
    """Write one consistent copy of everything, while everything runs, and read it back.

    Raises:
        NotEmptyError: something is at the place already.
        NotBackedUpError: it cannot be written, or what was read back is something else.
    """
    write_for_ourselves(settings)
    if place.exists():
        raise _taken(place)
    if place.resolve().is_relative_to(settings.data.resolve()):
        text = f"备份“{place}”不能放在数据目录里，那样会和它一起丢失：没有备份；请换一个位置。"
        raise InputError(text, place=str(place))
    if not settings.data.is_dir():
        raise InputError(f"数据目录 {settings.data} 不存在：没有可备份的；请用 --data 指明。")
    work = place.with_name(f"{place.name}.{secrets.token_hex(4)}.part")
    try:
        work.mkdir(mode=0o700)
        has_engine, ledger = _copied(settings, tools, work)
        head = tools.last_head(ledger) if ledger.exists() else None
        about = {
            "made": leaf_instant(now),
            "duban": version("duban"),
            "engine": has_engine,
            "head": head,
            "settings": _shown(settings),
        }
        written = tools.write(work / "backup", _files(settings, work, tools, besides), about, passphrase)
        if tools.read(work / "backup", passphrase, None) != written:
            raise NotBackedUpError(f"备份“{place}”写下后读回的不同：没有备份；请检查磁盘。", place=str(place))
        size = (work / "backup").stat().st_size
        # Whoever makes the name first has it: a backup that was made meanwhile is not written over. A second name by a
        # link would do the same, and not on every stick.
        place.touch(exist_ok=False)
        try:
            (work / "backup").replace(place)
        except OSError:
            place.unlink(missing_ok=True)
            raise
        _onto_the_disk(place.parent)
    except FileExistsError as error:
        raise _taken(place) from error
    except OSError as error:
        raise NotBackedUpError(
            f"备份“{place}”没有写成（{os_fault(error)}）：请检查磁盘空间和权限，再试一次。", place=str(place)
        ) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return WrittenBackup(
        place=str(place),
        bytes=size,
        files=len(written["files"]),
        sealed=passphrase is not None,
        engine=has_engine,
        head=head,
        evidence_elsewhere=settings.evidence,
    )


def _copied(settings: Settings, tools: Tools, work: Path) -> tuple[bool, Path]:
    """Copy the databases into a folder; whether the engine's is among them, and the place of the ledger's."""
    engine, ledger, accounts = settings.data / ENGINE_DATABASE, work / _LEDGER, work / _ACCOUNTS
    if has_engine := engine.exists():
        tools.copy_database(engine, work / ENGINE_DATABASE.name)
    if not tools.copy_ledger(ledger) and settings.ledger_file.exists():
        tools.copy_database(settings.ledger_file, ledger)
    if not tools.copy_accounts(accounts) and settings.accounts_file.exists():
        tools.copy_database(settings.accounts_file, accounts)
    if accounts.exists():
        tools.leave_logins_out(accounts)
    return has_engine, ledger


def _taken(place: Path) -> NotEmptyError:
    return NotEmptyError(f"“{place}”已经存在：没有备份；请换一个名字。", place=str(place))


def _files(settings: Settings, work: Path, tools: Tools, besides: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    if (engine := work / ENGINE_DATABASE.name).exists():
        yield f"data/{ENGINE_DATABASE.as_posix()}", engine
    sent: set[str] = set()
    if (ledger := work / _LEDGER).exists():
        yield f"data/{_LEDGER}", ledger
        sent = tools.sent_files(ledger)
    if (accounts := work / _ACCOUNTS).exists():
        yield f"data/{_ACCOUNTS}", accounts
    for path in sorted(settings.data.rglob("*")):
        name = path.relative_to(settings.data)
        if not path.is_file() or path.is_symlink() or _is_left_out(name, sent):
            continue
        yield (_GUARD if name.as_posix() == "keys/last-head" else f"data/{name.as_posix()}"), path
    named = (os.environ.get("DUBAN_SETTINGS"), settings.policy, settings.calendar, settings.ledger_password_file)
    for number, given in enumerate((*(Path(each) for each in named if each), *besides)):
        for path in sorted(given.rglob("*")) if given.is_dir() else [given]:
            if path.is_file():
                inside = path.relative_to(given.parent).as_posix()
                yield f"besides/{number}/{inside}", path


def _is_left_out(name: Path, sent: set[str]) -> bool:
    top = name.parts[0]
    if top == ENGINE_DATABASE.parts[0]:
        return name.name in _OF_THE_ENGINE or name.name.endswith(_PASSING) or name.name.startswith(UNFINISHED)
    if top in _BY_LEDGER:
        # A document that the copied ledger does not know would stand in the way of the one that gets its number.
        return name.as_posix() not in sent
    return (
        name.as_posix() in (_LEDGER, _ACCOUNTS, PLACE, DESK_ADDRESS)
        or name.name.endswith(_PASSING)
        or top.startswith(_STAGE)
    )


def _shown(settings: Settings) -> dict[str, str]:
    values = settings.model_dump(mode="json", exclude=_SECRET)
    return {name: str(value) for name, value in values.items() if value is not None}


def restore(
    settings: Settings,
    tools: Tools,
    place: Path,
    passphrase: str | None,
    known_heads: Sequence[str],
    prepared: Callable[[Path], None] = lambda _: None,
) -> RestoredInstallation:
    """Put a backup into an empty data folder (and an empty database, where one is named), and begin the log's next
    generation. Whatever it refuses, nothing was changed. The folder is `prepared` before it appears.

    Raises:
        NotEmptyError: the data folder has something in it.
        InputError: the backup is damaged, or a known head is none of this log.
        LedgerForkError: a known head contradicts the backup.
    """
    write_for_ourselves(settings)
    data = settings.data
    was_there = data.is_dir()
    if was_there:
        # What a restore left that was killed on its way; nothing else begins like this.
        for left in data.glob(f"{_STAGE}*"):
            shutil.rmtree(left, ignore_errors=True)
    if data.exists() and (not was_there or any(data.iterdir())):
        raise NotEmptyError(f"“{data}”不是空的：未恢复，未作任何改动；请用 --data 指明一个空目录。", place=str(data))
    if not place.is_file():
        raise InputError(f"备份“{place}”不存在：未恢复；请核对路径。", place=str(place))
    tools.must_be_empty()
    stage = data / f"{_STAGE}{secrets.token_hex(4)}"
    try:
        stage.mkdir(parents=True, mode=0o700)
        manifest = tools.read(place, passphrase, stage)
        inside = stage / "data"
        inside.mkdir(exist_ok=True, mode=0o700)
        facts = {"made": str(manifest["made"]), "sha256": _identity(manifest)}
        guard = stage / _GUARD
        known = [*known_heads, *([guard.read_text(encoding="utf-8")] if guard.exists() else [])]
        ledger = inside / _LEDGER
        generation = tools.begin_generation(inside, facts, known) if ledger.exists() else None
        # The accounts count as soon as the ledger is filled: none of the two comes without the other.
        with tools.filling_accounts(inside / _ACCOUNTS) as beside_the_ledger:
            if ledger.exists() and tools.fill_ledger(ledger):
                ledger.unlink()
        if beside_the_ledger:
            (inside / _ACCOUNTS).unlink(missing_ok=True)
        for beside in (f"{_LEDGER}{ending}" for ending in (".lock", *_BESIDE)):
            (inside / beside).unlink(missing_ok=True)
        if (stage / "besides").exists():
            (stage / "besides").rename(inside / RESTORED_BESIDES)
        prepared(inside)
        _moved(stage, data)
    except BaseException as error:
        shutil.rmtree(stage, ignore_errors=True)
        if not was_there:
            with suppress(OSError):
                data.rmdir()
        if isinstance(error, OSError):
            text = f"“{data}”写不下（{os_fault(error)}）：未恢复；请检查磁盘空间和权限，再试一次。"
            raise NotBackedUpError(text, place=str(data)) from error
        raise
    then, now = manifest["settings"], _shown(settings)
    differing = sorted(name for name in then if then[name] != now.get(name) and name not in _OF_THE_MACHINE)
    return RestoredInstallation(
        data=str(data),
        made=str(manifest["made"]),
        files=len(manifest["files"]),
        generation=generation,
        differing=tuple(f"DUBAN_{name.upper()}={then[name]}" for name in differing),
    )


def _moved(stage: Path, data: Path) -> None:
    """Let everything appear at its place: a copy's mark first, the format's last, so that half a folder is none."""
    inside = stage / "data"
    for path in sorted(inside.iterdir(), key=lambda each: (each.name == "format.json", each.name != COPY_MARK)):
        path.rename(data / path.name)
    shutil.rmtree(stage)
    _onto_the_disk(data)


def _identity(manifest: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()


def _onto_the_disk(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
