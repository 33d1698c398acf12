"""A bundle as it lies before the auditor: a folder, or a tar of it."""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Protocol


class UnreadableBundleError(ValueError):
    """The place holds no bundle that can be read."""


NO_ROOM = "内存放不下"
"""Why a file that says it is larger than any memory, as a sparse one may, cannot be read."""
_BROKEN_TAR = (tarfile.TarError, ArithmeticError, LookupError, ValueError, TypeError, EOFError, RecursionError)
"""What the library raises, by its version, of headers that nobody's tar writes."""


class Bundle(Protocol):
    """Files by their names, with `/` between the parts."""

    @property
    def names(self) -> frozenset[str]:
        """The names of all files."""

    def read(self, name: str) -> bytes:
        """The bytes of a file; KeyError when there is none of this name."""

    def close(self) -> None:
        """Let the bundle go."""


class FolderBundle:
    """A bundle as a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names = frozenset(self._found())

    @property
    def names(self) -> frozenset[str]:
        """The names of all files."""
        return self._names

    def read(self, name: str) -> bytes:
        """The bytes of a file."""
        if name not in self._names:
            raise KeyError(name)
        try:
            return (self._folder / name).read_bytes()
        except (MemoryError, OverflowError) as error:
            raise UnreadableBundleError(f"{name}：{NO_ROOM}") from error

    def close(self) -> None:
        """Nothing is held open."""

    def _found(self) -> Iterable[str]:
        for path in self._folder.rglob("*"):
            if path.is_symlink():
                raise UnreadableBundleError(f"a link in the bundle: {path.relative_to(self._folder)}")
            if path.is_file():
                yield path.relative_to(self._folder).as_posix()


class TarBundle:
    """A bundle as one tar file, read where it lies."""

    def __init__(self, place: Path) -> None:
        self._tar = tarfile.open(place, "r:")  # noqa: SIM115 - open as long as the bundle is
        self._members: dict[str, tarfile.TarInfo] = {}
        try:
            for member in self._tar:
                self._add(member)
        except UnreadableBundleError:
            self.close()
            raise
        except _BROKEN_TAR as error:
            self.close()
            raise UnreadableBundleError(f"the tar breaks off: {error}") from error

    @property
    def names(self) -> frozenset[str]:
        """The names of all files."""
        return frozenset(self._members)

    def read(self, name: str) -> bytes:
        """The bytes of a file."""
        try:
            file = self._tar.extractfile(self._members[name])
            return file.read() if file else b""
        except MemoryError as error:
            raise UnreadableBundleError(f"{name}：{NO_ROOM}") from error
        except _BROKEN_TAR as error:
            if name not in self._members:
                raise
            raise UnreadableBundleError(f"{name!r} cannot be read: {error}") from error

    def close(self) -> None:
        """Let the tar go."""
        self._tar.close()

    def _add(self, member: tarfile.TarInfo) -> None:
        name = PurePosixPath(member.name)
        if member.isdir():
            return
        # A sparse file is as long as it says: a tar of a kilobyte would fill any memory.
        if (
            not member.isfile()
            or member.issparse()
            or name.is_absolute()
            or ".." in name.parts
            or name.as_posix() in self._members
        ):
            raise UnreadableBundleError(f"a link, a double or an escaping name in the tar: {member.name!r}")
        self._members[name.as_posix()] = member


def bundle_at(place: Path) -> Bundle:
    """The bundle at a place.

    Raises:
        UnreadableBundleError: it is none.
        OSError: there is no file, or it cannot be read.
    """
    if place.is_dir():
        return FolderBundle(place)
    try:
        return TarBundle(place)
    except UnreadableBundleError:
        raise
    except _BROKEN_TAR as error:
        raise UnreadableBundleError("不是文件夹，也不是 tar 文件") from error


def sha256_of(data: bytes) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
