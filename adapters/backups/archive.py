"""A backup as one file: a tar whose last member lists every other with its hash, sealed on wish."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

from adapters.backups.sealed_stream import MAGIC, OpeningReader, SealingWriter, WrongPassphraseError
from domain.errors import UnusableInputError

FORMAT = 1
_MANIFEST = "manifest.json"
_READ = 1 << 20
_ERASED = ("data/evidence/", "data/papers/", "data/outbox/", "data/logs/")
"""Where files go while everything runs."""


class BackupDamagedError(UnusableInputError, rule="backup_is_whole"):
    """A backup is not whole, or the passphrase is not its own; nothing was changed."""

    says = "备份“{place}”不能用（{detail}）：未作任何改动；请换另一份备份，或核对口令。"
    place: str
    detail: str


class PassphraseMissingError(UnusableInputError, rule="backup_passphrase"):
    """A sealed backup was given without its passphrase."""

    says = "备份“{place}”是加密的：未恢复；请给出口令文件（duban restore --passphrase-file 文件）。"
    place: str


def write_archive(
    place: Path, files: Iterable[tuple[str, Path]], about: Mapping[str, Any], passphrase: str | None
) -> dict[str, Any]:
    """Write files under their names into one new file, force it to the disk, and answer its manifest.

    A file that was erased after it was listed is left out, as if it had been erased before: evidence, a document, a
    log. Any other that is gone, as a key, is a fault.

    Raises:
        FileNotFoundError: a file is gone that nobody erases.
    """
    listed: list[dict[str, Any]] = []
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
        sealing = SealingWriter(written, passphrase) if passphrase is not None else None
        target = cast(BinaryIO, sealing or written)
        with tarfile.open(fileobj=target, mode="w|", format=tarfile.PAX_FORMAT) as tar:
            for name, path in files:
                try:
                    file = path.open("rb")
                except FileNotFoundError:
                    if name.startswith(_ERASED):
                        continue
                    raise
                with file:
                    listed.append(_added(tar, name, file))
            manifest = {"v": FORMAT, **about, "files": listed}
            data = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
            data += b"\n" + hashlib.sha256(data).hexdigest().encode()
            info = tarfile.TarInfo(_MANIFEST)
            info.size, info.mode = len(data), 0o600
            tar.addfile(info, io.BytesIO(data))
        if sealing is not None:
            sealing.close()
        written.flush()
        os.fsync(written.fileno())
    return manifest


def read_archive(place: Path, passphrase: str | None, into: Path | None = None) -> dict[str, Any]:
    """Read a backup whole and compare every hash; with `into`, put its files there. Answers its manifest.

    Raises:
        BackupDamagedError: a file is missing, was added or changed, or the passphrase is another.
        PassphraseMissingError: it is sealed, and no passphrase was given.
    """
    found: list[dict[str, Any]] = []
    manifest: dict[str, Any] | None = None
    try:
        with _opened(place, passphrase) as source, tarfile.open(fileobj=source, mode="r|") as tar:
            for member in tar:
                if manifest is not None:
                    raise BackupDamagedError(place=str(place), detail="清单之后还有文件")
                data = _content_of(tar, member, place)
                if member.name == _MANIFEST:
                    manifest = _manifest_in(b"".join(data), place)
                else:
                    found.append(_kept(member, data, into))
            while source.read(_READ):
                pass
    except WrongPassphraseError as error:
        raise BackupDamagedError(place=str(place), detail=str(error)) from error
    except (tarfile.TarError, EOFError) as error:
        raise BackupDamagedError(place=str(place), detail="不是备份，或没有写完") from error
    if manifest is None:
        raise BackupDamagedError(place=str(place), detail="没有写完，缺少清单")
    if manifest["files"] != found:
        wrong = next((file["path"] for file in found if file not in manifest["files"]), "清单")
        raise BackupDamagedError(place=str(place), detail=f"{wrong} 与清单不符")
    return manifest


def is_sealed(place: Path) -> bool:
    """Whether a file is under a passphrase."""
    with place.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


@contextmanager
def _opened(place: Path, passphrase: str | None) -> Iterator[BinaryIO]:
    if is_sealed(place) and passphrase is None:
        raise PassphraseMissingError(place=str(place))
    with place.open("rb") as file:
        yield cast(BinaryIO, OpeningReader(file, passphrase or "")) if is_sealed(place) else file


class _Hashing:
    """A file that is read, hashed on the way; what grows meanwhile is read as far as it was long."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.hash = hashlib.sha256()

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        self.hash.update(data)
        return data


def _added(tar: tarfile.TarFile, name: str, file: BinaryIO) -> dict[str, Any]:
    info, there = tarfile.TarInfo(name), os.fstat(file.fileno())
    info.size, info.mode = there.st_size, there.st_mode & 0o777
    source = _Hashing(file)
    tar.addfile(info, cast(BinaryIO, source))
    return {"path": name, "size": info.size, "sha256": source.hash.hexdigest(), "mode": info.mode}


def _content_of(tar: tarfile.TarFile, member: tarfile.TarInfo, place: Path) -> Iterator[bytes]:
    name = PurePosixPath(member.name)
    if not member.isfile() or name.is_absolute() or ".." in name.parts or not name.parts:
        raise BackupDamagedError(place=str(place), detail=f"有不该有的条目 {member.name!r}")
    file = tar.extractfile(member)
    read: Callable[[], bytes] = (lambda: file.read(_READ)) if file else bytes
    return iter(read, b"")


def _manifest_in(data: bytes, place: Path) -> dict[str, Any]:
    text, _, said = data.rpartition(b"\n")
    if hashlib.sha256(text).hexdigest().encode() != said:
        raise BackupDamagedError(place=str(place), detail="清单被改动过")
    try:
        manifest = cast(dict[str, Any], json.loads(text))
        version, complete = int(manifest["v"]), {"made", "settings", "files"} <= manifest.keys()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupDamagedError(place=str(place), detail="清单读不懂") from error
    if not complete:
        raise BackupDamagedError(place=str(place), detail="清单不全")
    if version > FORMAT:
        raise BackupDamagedError(place=str(place), detail="由更新的版本写成，请用新版程序恢复")
    return manifest


def _kept(member: tarfile.TarInfo, data: Iterator[bytes], into: Path | None) -> dict[str, Any]:
    hashed, size = hashlib.sha256(), 0
    target: BinaryIO | None = None
    if into is not None:
        path = into / member.name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Nothing of a backup is for others to read; what was read only stays so.
        mode = 0o600 if member.mode & 0o200 else 0o400
        target = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb")
    try:
        for piece in data:
            hashed.update(piece)
            size += len(piece)
            if target is not None:
                target.write(piece)
        if target is not None:
            target.flush()
            os.fsync(target.fileno())
    finally:
        if target is not None:
            target.close()
    return {"path": member.name, "size": size, "sha256": hashed.hexdigest(), "mode": member.mode}
