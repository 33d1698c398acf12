"""A certificate as the proxy has it: a PEM file, the proxy's own certificate first."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from cryptography import x509

from domain.errors import InputError


def end_of_certificate(path: Path) -> datetime:
    """Until when the first certificate of a file is valid.

    Raises:
        InputError: the file cannot be read, or holds none.
    """
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())[0].not_valid_after_utc
    except (OSError, ValueError, IndexError) as error:
        raise InputError(f"证书 {path} 读不出来（{error}）：请核对 DUBAN_CERTIFICATE。", place=str(path)) from error
