"""A certificate as the proxy has it: a PEM file, the proxy's own certificate first."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from cryptography import x509

from domain.errors import InputError
from domain.os_faults import os_fault


def days_of_certificates(known: Mapping[str, bytes | None]) -> dict[str, tuple[datetime, datetime]]:
    """From when until when the first certificate of each text in PEM is valid, by its name; none of what is none."""
    found: dict[str, tuple[datetime, datetime]] = {}
    for name, data in known.items():
        with suppress(ValueError, IndexError):
            found[name] = _days(data or b"")
    return found


def days_of_certificate(path: Path) -> tuple[datetime, datetime]:
    """From when until when the first certificate of a file is valid.

    Raises:
        InputError: the file cannot be read, or holds none.
    """
    try:
        return _days(path.read_bytes())
    except OSError as error:
        why = os_fault(error)
    except (ValueError, IndexError):
        why = "里面没有 PEM 格式的证书"
    raise InputError(f"证书 {path} 读不出来（{why}）：请核对 DUBAN_CERTIFICATE。", place=str(path))


def _days(data: bytes) -> tuple[datetime, datetime]:
    first = x509.load_pem_x509_certificates(data)[0]
    return first.not_valid_before_utc, first.not_valid_after_utc
