"""Why a file or folder cannot be used, in words: what the system says in its own language is nobody's here."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from typing import Final

_WORDS: Final[tuple[tuple[type[OSError], str], ...]] = (
    (FileNotFoundError, "没有这个文件或文件夹"),
    (PermissionError, "没有权限"),
    (IsADirectoryError, "这是文件夹，不是文件"),
    (NotADirectoryError, "路径中有一段不是文件夹"),
    (FileExistsError, "已经有同名的文件或文件夹"),
)
_BY_NUMBER: Final[Mapping[int | None, str]] = {
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "用完了允许的磁盘空间",
    errno.EROFS: "磁盘只能读",
    errno.EIO: "磁盘读写出错",
    errno.EFBIG: "文件太大",
    errno.ENAMETOOLONG: "名称太长",
    errno.ENOTEMPTY: "文件夹不是空的",
    errno.EMFILE: "打开的文件太多",
    errno.EADDRINUSE: "端口已被占用",
    errno.EADDRNOTAVAIL: "本机没有这个地址",
}


def os_fault(error: Exception) -> str:
    """The reason of a system's error; what has no word of ours as the system says it. A path that the system does not
    even take is no error of its own kind."""
    for kind, words in _WORDS:
        if isinstance(error, kind):
            return words
    if not isinstance(error, OSError):
        return "路径不合法"
    return _BY_NUMBER.get(error.errno) or error.strerror or str(error)


def not_written(place: object, error: OSError) -> str:
    """What is told of a file that somebody asked for and that cannot be put at its place."""
    return f"“{place}”写不进去（{os_fault(error)}）：请检查文件夹、权限和磁盘空间。"


def not_usable(error: OSError) -> str:
    """What is told of the file or folder that a system's error is about."""
    if error.filename:
        return f"“{error.filename}”读写不了（{os_fault(error)}）：请检查路径、权限和磁盘空间。"
    return f"文件读写不了（{os_fault(error)}）：请检查路径、权限和磁盘空间。"
