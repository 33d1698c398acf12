"""E-mail by an SMTP server."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable
from datetime import datetime

import aiosmtplib

from adapters.channels.letter import Envelope, letter_of
from adapters.channels.tls_faults import tls_fault
from domain.papers.routes import MEGABYTE, EmailChannel
from domain.ports.channel import Answer, Message

_FOR_GOOD = 500
_NO_SUCH_ADDRESS = frozenset({550, 551, 553})
_NOT_OF_THE_ADDRESS = re.compile(r"\s*5\.[2-7]\.\d")
"""What a server says of a full box, of itself, or of its rules (RFC 3463): the address may be right."""


class Email:
    """Sends one letter to one address. Its Message-ID is made of the message's identity, by which mail programs and
    servers tell a letter that comes again."""

    knows_repeats = True
    carries_files = True

    def __init__(
        self,
        lines: EmailChannel,
        *,
        tls: ssl.SSLContext | None,
        login: tuple[str, str] | None,
        clock: Callable[[], datetime],
    ) -> None:
        self._lines, self._tls, self._login, self._clock = lines, tls, login, clock

    async def send(self, message: Message, address: str | None) -> Answer:
        if address is None:
            return Answer(outcome="failed_for_good", reason="no_address")
        smtp = aiosmtplib.SMTP(
            hostname=self._lines.host,
            port=self._lines.port,
            timeout=self._lines.timeout_seconds,
            use_tls=self._lines.security == "tls",
            start_tls=self._lines.security == "starttls",
            tls_context=self._tls,
        )
        try:
            await smtp.connect()
            if self._login is not None:
                await smtp.login(*self._login)
            code, _ = (await self._deliver(smtp, message, address))[:2]
        except aiosmtplib.SMTPException as error:
            return _refusal(error)
        except (OSError, TimeoutError) as error:
            return tls_fault(error) or Answer(outcome="failed_for_now", reason=f"connect:{type(error).__name__}")
        finally:
            smtp.close()
        return Answer(outcome="accepted", reference=f"smtp:{code}")

    async def _deliver(self, smtp: aiosmtplib.SMTP, message: Message, address: str) -> tuple[int, str]:
        await smtp.mail(self._lines.sender)
        announced = smtp.esmtp_extensions.get("size", "")
        most = int(announced) or None if announced.isdecimal() else None
        sender = (self._lines.sender_name or "", self._lines.sender)
        envelope = Envelope(message, sender, address, self._clock())
        letter = letter_of(envelope, self._lines.attach_megabytes * MEGABYTE, most).as_bytes()
        await smtp.rcpt(address)
        answer = await smtp.data(letter)
        return answer.code, ""

    async def close(self) -> None:
        """Nothing is kept open between letters."""


def _refusal(error: aiosmtplib.SMTPException) -> Answer:
    if (of_tls := tls_fault(error)) is not None:
        return of_tls
    if isinstance(error, aiosmtplib.SMTPResponseException):
        of_recipient = isinstance(error, aiosmtplib.SMTPRecipientRefused) and error.code in _NO_SUCH_ADDRESS
        good = error.code >= _FOR_GOOD
        return Answer(
            outcome="failed_for_good" if good else "failed_for_now",
            reason=f"smtp:{error.code}",
            address_refused=of_recipient and not _NOT_OF_THE_ADDRESS.match(error.message),
        )
    if "not supported" in str(error):
        return Answer(outcome="failed_for_good", reason="no_tls" if "TLS" in str(error) else "not_supported")
    return Answer(outcome="failed_for_now", reason=f"connect:{type(error).__name__}")
