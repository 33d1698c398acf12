"""A secret that stands in a file of its own, as containers and services hand secrets on."""

from __future__ import annotations

from pathlib import Path

from domain.errors import InputError


def secret_in(file: Path | None, what: str) -> str | None:
    """The secret in a file, without the line's end, or none where no file is named; `what` names the file to people.

    Raises:
        InputError: the file cannot be read, or is empty.
    """
    if file is None:
        return None
    try:
        secret = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{what} {file} 读不出来（{error}）：请检查路径和权限。", place=str(file)) from error
    if not secret:
        raise InputError(f"{what} {file} 是空的：请把内容写进去，或取消这项设置。", place=str(file))
    return secret
