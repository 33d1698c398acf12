"""What TLS has against a server, found behind the error of whatever library met it."""

from __future__ import annotations

import ssl

from domain.ports.channel import Answer


def tls_fault(error: BaseException) -> Answer | None:
    """What becomes of a message that met this fault of TLS; none where the error is of another kind.

    A certificate that cannot be trusted is a matter of a person; all else (a cut, a proxy that speaks no TLS) may pass.
    """
    found: BaseException | None = error
    while found is not None and not isinstance(found, ssl.SSLError):
        found = found.__cause__ or found.__context__
    if found is None:
        return None
    if isinstance(found, ssl.SSLCertVerificationError):
        return Answer(outcome="failed_for_good", reason="certificate")
    return Answer(outcome="failed_for_now", reason="connect:tls")
