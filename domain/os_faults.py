"""Why a file or folder cannot be used, in words: what the system says in its own language is nobody's here."""

from __future__ import annotations

from typing import Final

_WORDS: Final[tuple[tuple[type[OSError], str], ...]] = (
    (FileNotFoundError, "没有这个文件或文件夹"),
    (PermissionError, "没有权限"),
    (IsADirectoryError, "这是文件夹，不是文件"),
    (NotADirectoryError, "路径中有一段不是文件夹"),
)


def os_fault(error: Exception) -> str:
    """The reason of a system's error; what has no word of ours as the system says it. A path that the system does not
    even take is no error of its own kind."""
    for kind, words in _WORDS:
        if isinstance(error, kind):
            return words
    if not isinstance(error, OSError):
        return "路径不合法"
    return error.strerror or str(error)
