"""How tests ask servers that speak without TLS: patiently, and without reading first whom the machine trusts."""

from __future__ import annotations

import ssl
from typing import Any, Final

from bench.patience import PATIENCE_SECONDS

PLAIN: Final[dict[str, Any]] = {"timeout": PATIENCE_SECONDS, "verify": ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)}
