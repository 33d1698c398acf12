from __future__ import annotations

import socket
from email.utils import parseaddr
from pathlib import Path

import pytest

from adapters.channels.registry import channels_of
from domain.papers.routes import Routes
from domain.ports.channel import Answer, Channel, Message
from tests.adapters.channels.conftest import HOSTILE, MORNING
from tests.other_sides.certificates import WRONG, certificate, wrong_certificate
from tests.other_sides.mail_server import mail_server

ADDRESS = "zzb@example.gov.cn"


def mail(folder: Path, port: int, **lines: object) -> Channel:
    """A channel to a mail server of this machine, with a second of patience."""
    written = {
        "kind": "email",
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "sender": "dcs@example.gov.cn",
        "sender_name": "督查室",
        "timeout_seconds": 1,
        **lines,
    }
    return channels_of(Routes.model_validate({"channels": {"out": written}}), folder, lambda: MORNING)["out"]


async def test_a_letter_is_taken_once_for_each_message(tmp_path: Path, message: Message) -> None:
    """The server has the letter with sender, subject and every paper; sent again it has the same Message-ID."""
    with mail_server() as server:
        channel = mail(tmp_path, server.port)
        answers = [await channel.send(message, ADDRESS), await channel.send(message, ADDRESS)]
    assert answers == [Answer(outcome="accepted", reference="smtp:250")] * 2
    first, again = server.took
    assert first["Subject"] == "督办文书2件（组织部，2026年5月9日）"
    assert parseaddr(first["From"])[1] == "dcs@example.gov.cn"
    assert first["To"] == ADDRESS
    assert "催办〔2026〕3号" in first.get_content()
    assert first["Message-ID"] == again["Message-ID"]


@pytest.mark.parametrize(
    ("rcpt", "data", "expected"),
    [
        ("450 later", "250 OK", Answer(outcome="failed_for_now", reason="smtp:450")),
        ("250 OK", "451 later", Answer(outcome="failed_for_now", reason="smtp:451")),
        ("550 no such user", "250 OK", Answer(outcome="failed_for_good", reason="smtp:550", address_refused=True)),
        ("250 OK", "554 refused", Answer(outcome="failed_for_good", reason="smtp:554")),
    ],
)
async def test_the_servers_number_decides(
    rcpt: str, data: str, expected: Answer, tmp_path: Path, message: Message
) -> None:
    """4xx is for now, 5xx for good; of a recipient it is the address that is refused."""
    with mail_server() as server:
        server.rcpt, server.data = rcpt, data
        assert await mail(tmp_path, server.port).send(message, ADDRESS) == expected
    assert server.took == []


async def test_a_server_that_does_not_answer_or_is_not_there_fails_for_now(tmp_path: Path, message: Message) -> None:
    """After the channel's patience, not later."""
    with mail_server() as server:
        server.hangs = True
        slow = await mail(tmp_path, server.port).send(message, ADDRESS)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        gone = await mail(tmp_path, probe.getsockname()[1]).send(message, ADDRESS)
    assert {slow.outcome, gone.outcome} == {"failed_for_now"}


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_a_letter_goes_by_tls(security: str, tmp_path: Path, message: Message) -> None:
    """Against a server whose certificate is trusted by the file that the office names."""
    context, trusted = certificate(tmp_path)
    with mail_server(context, at_once=security == "tls") as server:
        channel = mail(tmp_path, server.port, security=security, ca_file=trusted.name)
        assert (await channel.send(message, ADDRESS)).outcome == "accepted"
    assert len(server.took) == 1


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("wrong", WRONG)
async def test_a_wrong_certificate_gets_no_letter(security: str, wrong: str, tmp_path: Path, message: Message) -> None:
    """One that nobody vouches for, of another host, or over fails for good, before anything is said."""
    context, trusted = wrong_certificate(tmp_path, wrong)
    with mail_server(context, at_once=security == "tls") as server:
        channel = mail(tmp_path, server.port, security=security, ca_file=trusted.name)
        answer = await channel.send(message, ADDRESS)
    assert (answer.outcome, answer.reason) == ("failed_for_good", "certificate")
    assert server.took == []


async def test_a_server_without_tls_gets_no_letter(tmp_path: Path, message: Message) -> None:
    """Where the office asks for STARTTLS and the server has none, nothing goes in the clear."""
    with mail_server() as server:
        answer = await mail(tmp_path, server.port, security="starttls").send(message, ADDRESS)
    assert answer.outcome == "failed_for_good"
    assert server.took == []


@pytest.mark.parametrize(("password", "outcome"), [("right", "accepted"), ("wrong", "failed_for_good")])
async def test_the_password_comes_from_its_file(
    password: str, outcome: str, tmp_path: Path, message: Message, caplog: pytest.LogCaptureFixture
) -> None:
    """A right one is let in; a wrong one fails for good, and neither is logged or answered."""
    (tmp_path / "password").write_text(f"{password}\n", encoding="utf-8")
    caplog.set_level("DEBUG")
    with mail_server(login=True) as server:
        channel = mail(tmp_path, server.port, user="dcs", password_file="password")
        answer = await channel.send(message, ADDRESS)
    assert answer.outcome == outcome
    assert password not in repr(answer)
    assert not [
        record for record in caplog.records if "mail.log" not in record.name and password in record.getMessage()
    ]


async def test_a_title_cannot_begin_a_header(tmp_path: Path) -> None:
    """Line ends in a subject, a line or a reader's name make no header, no recipient and no second letter."""
    text = "标题\r\nBcc: all@example.com\r\n\r\n<b>.\r\nMAIL FROM:<x@y>"
    hostile = Message(message_id=text, reader=text, subject=text, urgent=True, lines=(text,), footer=text)
    with mail_server() as server:
        answer = await mail(tmp_path, server.port).send(hostile, ADDRESS)
    assert answer.outcome == "accepted"
    (letter,) = server.took
    assert letter["Bcc"] is None
    assert letter["To"] == ADDRESS
    assert letter["Subject"] == "【紧急】标题 Bcc: all＠example．com ＜b＞. MAIL FROM:＜x＠y＞"
    assert len(letter.get_content().strip().split("\n")) == 3


@pytest.mark.parametrize("text", HOSTILE)
async def test_what_a_title_says_commands_nothing_in_a_letter(text: str, tmp_path: Path) -> None:
    """As in the chats: no header more, no link, no formula and no sign of control, in any field that people fill."""
    hostile = Message(message_id=text, reader=text, subject=text, urgent=True, lines=(text, "二"), footer=text)
    with mail_server() as server:
        assert (await mail(tmp_path, server.port).send(hostile, ADDRESS)).outcome == "accepted"
    (letter,) = server.took
    assert (letter["To"], letter["Bcc"], letter["Cc"]) == (ADDRESS, None, None)
    assert letter.get_content_type() == "text/plain"
    shown = f"{letter['Subject']}\n{letter.get_content()}"
    signs = ("<", ">", "@", "://", "`", "](", "www.", "\x1b", "\x00", "\u202e")
    assert not [sign for sign in signs if sign in shown]
    assert [line[:3] for line in letter.get_content().splitlines()[1:3]] == ["1. ", "2. "]
