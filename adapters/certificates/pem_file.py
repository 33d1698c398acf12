"""A certificate as the proxy has it: a PEM file, the proxy's own certificate first."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from cryptography import x509

from domain.errors import InputError
from domain.os_faults import os_fault


def ends_of_certificates(known: Mapping[str, bytes | None]) -> dict[str, datetime]:
    """Until when the first certificate of each text in PEM is valid, by its name; none of what is no certificate."""
    found: dict[str, datetime] = {}
    for name, data in known.items():
        with suppress(ValueError, IndexError):
            found[name] = x509.load_pem_x509_certificates(data or b"")[0].not_valid_after_utc
    return found


def end_of_certificate(path: Path) -> datetime:
    """Until when the first certificate of a file is valid.

    Raises:
        InputError: the file cannot be read, or holds none.
    """
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())[0].not_valid_after_utc
    except OSError as error:
        why = os_fault(error)
    except (ValueError, IndexError):
        why = "里面没有 PEM 格式的证书"
    raise InputError(f"证书 {path} 读不出来（{why}）：请核对 DUBAN_CERTIFICATE。", place=str(path))
