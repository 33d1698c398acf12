"""The data folder: its format, and who may look into it."""

from __future__ import annotations

import json
import os
import stat
from contextlib import suppress
from pathlib import Path

from application.settings import Settings
from domain.errors import InputError, UnusableInputError
from domain.os_faults import os_fault

DATA_FORMAT = 3
"""Formats 1 and 2 were of the time before the first release; they are not read any more."""
_MARK = "format.json"
PLACE = "place.json"
"""Where the folder was when it was worked in last: what a copy and a backup must not carry elsewhere."""


class DataFormatError(InputError, rule="data_format"):
    """The data folder was written by a newer version of Duban, or before its first release."""


class FolderCopiedError(InputError, rule="one_folder_one_office"):
    """The data folder is a copy: it would go on with the original's year under the original's keys."""


class CopyStaysApartError(UnusableInputError, rule="copy_on_its_own_engine"):
    """A rehearsal copy runs on the engine in its own folder alone: another one may be the year's."""

    says = (
        "数据目录 {folder} 是演练副本，只在自己的引擎上运行，未作任何改动："
        "环境或 Temporal 配置文件指向另一引擎 {engine}，请去掉 TEMPORAL_ADDRESS 等设置后再运行。"
    )
    folder: str
    engine: str


def write_for_ourselves(settings: Settings) -> None:
    """Give others no more than `DUBAN_UMASK` allows of what this process, and the engine that it starts, write."""
    os.umask(settings.umask_bits)


def prepare_data_folder(settings: Settings) -> None:
    """Make the data folder where it is missing, mark its format, and close it to others, as `DUBAN_UMASK` says.

    Raises:
        DataFormatError: another version wrote it; nothing was touched.
        InputError: the folder cannot be made.
    """
    mark = settings.data / _MARK
    write_for_ourselves(settings)
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        if mark.exists():
            found = _format_in(mark)
            if found != DATA_FORMAT:
                todo = "请用更新的版本打开" if found > DATA_FORMAT else "那是发布前的格式，请用 --data 另选目录重新开始"
                raise DataFormatError(
                    f"数据目录 {settings.data} 的格式是 {found}，本程序只认识 {DATA_FORMAT}：{todo}。"
                )
        else:
            write_whole(mark, json.dumps({"format": DATA_FORMAT}) + "\n")
        for path in (settings.data, *settings.data.iterdir()):
            _close_to_others(path, settings.umask_bits)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"数据目录 {settings.data} 不能使用（{os_fault(error)}）：请检查权限，或用 --data 另选目录。"
        ) from error


def must_be_the_original(settings: Settings) -> None:
    """Refuse to work in a copy of a data folder: two that sign with the same keys make two histories of one office,
    which an auditor must take for a forgery. A folder that was renamed, or whose disk was replaced under the same path,
    is still the one; reading a copy is always allowed.

    Raises:
        FolderCopiedError: neither the folder itself nor its path is the one that was worked in last.
    """
    if (copied := copied_folder(settings)) is not None:
        raise copied
    if _place_in(settings.data / PLACE) != _place_of(settings.data):
        adopt(settings)


def copied_folder(settings: Settings) -> FolderCopiedError | None:
    """Why the folder may be read and not worked in, where it is a copy (see `must_be_the_original`)."""
    before, now = _place_in(settings.data / PLACE), _place_of(settings.data)
    if before is None or before["path"] == now["path"] or before == {**now, "path": before["path"]}:
        return None
    return FolderCopiedError(
        f"数据目录 {settings.data} 是从 {before['path']} 复制来的，未作任何改动："
        "两处用同一把签名密钥记账，审计时只能判为伪造。"
        "要在另一台机器上接续，请用 duban backup 和 duban restore；原目录确已停用、这里就是搬来的新址，"
        "请运行 duban engine adopt 后再启动。",
        folder=str(settings.data),
    )


def must_not_leave_a_copy(settings: Settings, engine: str) -> None:
    """Refuse to take a rehearsal copy to an engine that is not its folder's: it would join the year's queue.

    Raises:
        CopyStaysApartError: the folder is a copy's.
    """
    if settings.is_copy:
        raise CopyStaysApartError(folder=str(settings.data), engine=engine)


def adopt(settings: Settings) -> None:
    """Take this place for the office's from now on."""
    write_whole(settings.data / PLACE, json.dumps(_place_of(settings.data), ensure_ascii=False) + "\n")


def _place_of(folder: Path) -> dict[str, object]:
    # Disks number their folders alike: the first folder of a new disk, or its root, may have the original's number.
    # When the mark was written is what no copy brings along.
    written = (folder / _MARK).stat().st_ctime_ns
    return {"path": str(folder.resolve()), "inode": folder.stat().st_ino, "marked": written}


def _place_in(mark: Path) -> dict[str, object] | None:
    try:
        found = json.loads(mark.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None  # a torn mark must not stop an office: it is written anew
    return found if isinstance(found, dict) and found.keys() == {"path", "inode", "marked"} else None


def _format_in(mark: Path) -> int:
    try:
        found = json.loads(mark.read_bytes())["format"]
    except (ValueError, KeyError, TypeError, RecursionError):
        found = None
    if not isinstance(found, int):
        raise DataFormatError(
            f"数据目录的格式标记 {mark} 读不出来，未作任何改动：请从备份恢复这个文件（本程序写的是"
            f" {json.dumps({'format': DATA_FORMAT})}）。"
        )
    return found


def write_whole(path: Path, text: str) -> None:
    """Put a text at a place: whole or not at all, whatever ends this process or fills the disk meanwhile."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        error.filename = str(path)  # a disk that is full does not say for which file
        raise
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def open_to_others(settings: Settings) -> list[Path]:
    """What lies in the data folder and gives others more than `DUBAN_UMASK` allows."""
    found = [settings.data, *settings.data.rglob("*")] if settings.data.is_dir() else []
    return [path for path in found if not path.is_symlink() and _mode(path) & settings.umask_bits]


def _close_to_others(path: Path, bits: int) -> None:
    if path.is_symlink() or not (mode := _mode(path)) & bits:
        return
    # Somebody else's folder that we may use, such as a mounted volume, or a copy that nobody can write: let it be.
    with suppress(OSError):
        path.chmod(mode & ~bits)


def _mode(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return 0
