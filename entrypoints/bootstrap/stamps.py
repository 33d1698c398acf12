"""The composition root of time stamps."""

from __future__ import annotations

from adapters.stamps.http_authority import HttpStampAuthority
from application.audit.stamping import StampDesk
from application.records import Records
from application.settings import Settings
from domain.errors import InputError
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
