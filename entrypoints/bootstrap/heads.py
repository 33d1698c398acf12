"""The composition root of the log of heads."""

from __future__ import annotations

from pathlib import Path

from adapters.files.secret_file import secret_in
from adapters.heads.http_log import head_at
from domain.errors import InputError
from domain.os_faults import os_fault


def request_from(log: str, source: str, since: int, token_file: Path | None) -> bytes:
    """What a source has of a log since so many entries: a file that somebody brought, or another office's interface.

    Raises:
        InputError: the file cannot be read, or the interface does not answer.
    """
    if source.startswith(("https://", "http://")):
        return head_at(log, source, since, secret_in(token_file, "令牌文件"))
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise InputError(f"“{source}”读不到（{os_fault(error)}）：请核对路径。", place=source) from error
