"""The composition root of time stamps.

The composition root of the log of heads.
"""

from __future__ import annotations

from pathlib import Path

from adapters.files.whole_file import secret_in
from adapters.heads.http_log import head_at
from adapters.stamps.http_authority import HttpStampAuthority
from application.audit.log_of_heads import LogOfHeads
from application.audit.stamping import StampDesk
from application.records import Records
from application.settings import Settings
from domain.errors import InputError
from domain.os_faults import os_fault
from entrypoints.bootstrap import engine_now


def stamp_desk_of(settings: Settings, records: Records) -> StampDesk | None:
    """What gets time stamps for the heads, where the settings name an authority.

    Raises:
        InputError: they name no certificates by which it is trusted.
    """
    if settings.stamp_url is None:
        return None
    certificates = settings.stamp_certificates
    if certificates is None:
        raise InputError("设置了时间戳机构 DUBAN_STAMP_URL，还须用 DUBAN_STAMP_CERTIFICATES 给出它的证书（PEM）。")
    return StampDesk(records, HttpStampAuthority(settings.stamp_url), certificates.read_bytes, engine_now)


def log_of_heads_in(records: Records) -> LogOfHeads:
    """The log of heads that is kept in these records."""
    return LogOfHeads(records.heads, records.log)


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
