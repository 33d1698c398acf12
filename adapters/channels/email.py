"""E-mail by an SMTP server."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Literal

import aiosmtplib

from adapters.channels.plain_text import harmless, text_of
from domain.papers.message_identity import mail_identity
from domain.ports.channel import Answer, Message

_MOST = 200_000
_FOR_GOOD = 500


class Email:
    """Sends one letter to one address. Its Message-ID is made of the message's identity, by which mail programs and
    servers tell a letter that comes again."""

    knows_repeats = True

    def __init__(
        self,
        *,
        host: str,
        port: int,
        security: Literal["starttls", "tls", "none"],
        tls: ssl.SSLContext | None,
        login: tuple[str, str] | None,
        sender: tuple[str, str],
        timeout_seconds: float,
        clock: Callable[[], datetime],
    ) -> None:
        self._host, self._port, self._security, self._tls = host, port, security, tls
        self._login, self._sender, self._timeout, self._clock = login, sender, timeout_seconds, clock

    async def send(self, message: Message, address: str | None) -> Answer:
        """Send a letter; answer what the server said, by its number alone."""
        if address is None:
            return Answer(outcome="failed_for_good", reason="no_address")
        smtp = aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            timeout=self._timeout,
            use_tls=self._security == "tls",
            start_tls=self._security == "starttls",
            tls_context=self._tls,
        )
        try:
            await smtp.connect()
            if self._login is not None:
                await smtp.login(*self._login)
            code, _ = (await self._deliver(smtp, message, address))[:2]
        except aiosmtplib.SMTPException as error:
            return _refusal(error)
        except ssl.SSLError:
            return Answer(outcome="failed_for_good", reason="certificate")
        except (OSError, TimeoutError) as error:
            return Answer(outcome="failed_for_now", reason=f"connect:{type(error).__name__}")
        finally:
            smtp.close()
        return Answer(outcome="accepted", reference=f"smtp:{code}")

    async def _deliver(self, smtp: aiosmtplib.SMTP, message: Message, address: str) -> tuple[int, str]:
        letter = self._letter(message, address).as_bytes()
        await smtp.mail(self._sender[1])
        await smtp.rcpt(address)
        answer = await smtp.data(letter)
        return answer.code, ""

    def _letter(self, message: Message, address: str) -> EmailMessage:
        letter = EmailMessage(policy=SMTP)
        name, sender = self._sender
        letter["From"] = Address(display_name=name, addr_spec=sender)
        letter["To"] = Address(addr_spec=address)
        letter["Subject"] = ("【紧急】" if message.urgent else "") + harmless(message.subject)
        letter["Date"] = format_datetime(self._clock())
        letter["Message-ID"] = f"<{mail_identity(message.message_id)}@{sender.rpartition('@')[2]}>"
        letter["Auto-Submitted"] = "auto-generated"
        if message.urgent:
            letter["Importance"] = "high"
        letter.set_content(text_of(message, most=_MOST), cte="base64")
        return letter

    async def close(self) -> None:
        """Nothing is kept open between letters."""


def _refusal(error: aiosmtplib.SMTPException) -> Answer:
    if isinstance(error.__cause__, ssl.SSLError):
        return Answer(outcome="failed_for_good", reason="certificate")
    if isinstance(error, aiosmtplib.SMTPResponseException):
        of_address = isinstance(error, aiosmtplib.SMTPRecipientRefused)
        good = error.code >= _FOR_GOOD
        return Answer(
            outcome="failed_for_good" if good else "failed_for_now",
            reason=f"smtp:{error.code}",
            address_refused=good and of_address,
        )
    if "not supported" in str(error):
        return Answer(outcome="failed_for_good", reason="no_tls" if "TLS" in str(error) else "not_supported")
    return Answer(outcome="failed_for_now", reason=f"connect:{type(error).__name__}")
