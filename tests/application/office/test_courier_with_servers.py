"""The courier over a real ledger and real servers: what each fault of each chat makes of a message, to its end."""

from __future__ import annotations

import json
import logging
import ssl
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
import structlog

from application.office.courier import Courier
from application.settings import Settings
from domain.papers.delivery import Delivery
from domain.record.recorded_deliveries import recorded_mail
from entrypoints.bootstrap import open_records
from entrypoints.bootstrap.channels import open_channels, routes_of
from tests.application.office.test_courier import MORNING, READER
from tests.other_sides import chat_sides
from tests.other_sides.certificates import WRONG, certificate, wrong_certificate
from tests.other_sides.http_server import HttpServer, Reply, Request, http_server
from tests.other_sides.mail_server import mail_server
from tests.recorded_mail import mailbox_receipts, send_digest

CHATS = ("wecom", "dingtalk", "feishu")
KINDS = (*CHATS, "webhook")
SECRETS = {"dingtalk": chat_sides.DING_SECRET, "feishu": chat_sides.FEISHU_SECRET, "webhook": chat_sides.HOOK_SECRET}
NUMBER = {"wecom": "errcode", "dingtalk": "errcode", "feishu": "code"}
LIMIT = {"wecom": 45009, "dingtalk": 130101, "feishu": 11232}
WRONG_SECRET = "a-wrong-secret"


Written = Callable[[], str]
"""All that was written so far: the courier's own lines, those of the libraries, and what went to a stream."""


@pytest.fixture
def written(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> Written:
    """All that is written, whichever log another test has set up in this process, or sets up with the first line."""
    caplog.set_level(logging.DEBUG)
    own = structlog.testing.LogCapture()
    heard = structlog.wrap_logger(
        structlog.testing.ReturnLogger(), processors=[own], wrapper_class=structlog.BoundLogger
    )
    monkeypatch.setattr("application.office.courier._log", heard)
    return lambda: "".join((str(own.entries), caplog.text, *capfd.readouterr()))


class Ended(NamedTuple):
    """How a message ended: as its events left it, its events counted, and what each side got of it."""

    delivery: Delivery
    events: Counter[str]
    posted: int
    letters: int


async def _sent(
    kind: str,
    folder: Path,
    answers: Callable[[HttpServer], None],
    *,
    tls: ssl.SSLContext | None = None,
    secret: str | None = None,
    **more: str,
) -> Ended:
    """Send one message by a chat, and by letter where the chat fails, until nothing more is to be done with it."""
    async with http_server(getattr(chat_sides, kind), tls) as server:
        answers(server)
        with ExitStack() as stack:
            mail = stack.enter_context(mail_server())
            (folder / "url").write_text(f"{server.url}/send?key={secret or 'right'}", encoding="utf-8")
            (folder / "secret").write_text(secret or SECRETS.get(kind, "none"), encoding="utf-8")
            place = {"url": server.url} if kind == "webhook" else {"url_file": "url"}
            signed = {} if kind == "wecom" else {"secret_file": "secret"}
            chat = {"kind": kind, "timeout_seconds": 1, "tries": 2, **place, **signed, **more}
            where = {"host": mail.host, "port": mail.port, "security": "none", "sender": "dcs@example.gov.cn"}
            ways = [{"channel": "chat"}, {"channel": "mail", "address": "a@example.gov.cn"}]
            lines = {
                "channels": {"chat": chat, "mail": {"kind": "email", **where}},
                "readers": {READER: {"reads": ["组织部"], "to": ways}},
            }
            (folder / "channels.yaml").write_text(json.dumps(lines), encoding="utf-8")
            settings = Settings(data=folder / "data", channels=folder / "channels.yaml")
            records, routes, now = stack.enter_context(open_records(settings)), routes_of(settings), MORNING
            courier = Courier(records, routes, open_channels(settings, routes), lambda: now)
            await send_digest(records, "组织部", MORNING)
            for _ in range(6):
                now += timedelta(minutes=11)
                await courier.look()
                await courier.rest()
            await courier.close()
            assert mailbox_receipts(records, "组织部") == 1
            (delivery,) = recorded_mail(records.ledger, READER).deliveries.values()
            events = Counter(entry.type for entry in records.ledger.entries(f"delivery/{READER}"))
        return Ended(delivery, events, len(server.came), len(mail.took))


def _always(reply: Reply) -> Callable[[HttpServer], None]:
    def answers(server: HttpServer) -> None:
        server.reply = lambda _: reply

    return answers


def _at_first(*replies: Reply) -> Callable[[HttpServer], None]:
    """These answers, and then those of the chat itself."""

    def answers(server: HttpServer) -> None:
        own, first = server.reply, list(replies)

        def reply(request: Request) -> Reply:
            return first.pop(0) if first else own(request)

        server.reply = reply

    return answers


@pytest.mark.parametrize("kind", KINDS)
async def test_what_a_chat_takes_goes_no_other_way(kind: str, tmp_path: Path) -> None:
    """One post, no letter, and the state that the side itself tells."""
    ended = await _sent(kind, tmp_path, _at_first())
    assert (ended.delivery.state, ended.delivery.channel) == (
        "delivered" if kind == "webhook" else "accepted",
        "chat",
    )
    assert (ended.posted, ended.letters) == (1, 0)


@pytest.mark.parametrize("kind", KINDS)
async def test_what_is_limited_comes_later_by_the_same_way(kind: str, tmp_path: Path) -> None:
    """Too many for now is no failure of the way: it is tried once more, and no letter goes."""
    limited = Reply(content={NUMBER[kind]: LIMIT[kind]}) if kind in CHATS else Reply(status=429)
    ended = await _sent(kind, tmp_path, _at_first(limited))
    assert (ended.delivery.channel, ended.delivery.given_up) == ("chat", ())
    assert ended.events["MessageFailedForNow"] == 1
    assert (ended.posted, ended.letters) == (2, 0)


@pytest.mark.parametrize("kind", CHATS)
async def test_an_error_inside_a_good_status_takes_the_next_way(kind: str, tmp_path: Path) -> None:
    """A number that is not nought is a refusal for good: one post, one letter."""
    ended = await _sent(kind, tmp_path, _always(Reply(content={NUMBER[kind]: 40001})))
    _went_by_letter(ended, "MessageFailedForGood", posted=1)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_wrong_signature_takes_the_next_way(kind: str, tmp_path: Path, written: Written) -> None:
    """Refused for good by the other side's own check; the secret stands in no log."""
    _went_by_letter(await _sent(kind, tmp_path, _at_first(), secret=WRONG_SECRET), "MessageFailedForGood", posted=1)
    _says_no_secret(written())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("wrong", WRONG)
async def test_a_wrong_certificate_takes_the_next_way(kind: str, wrong: str, tmp_path: Path, written: Written) -> None:
    """Nothing is said to whom nobody vouches for: no post, one letter, and the secret stands in no log."""
    context, trusted = wrong_certificate(tmp_path, wrong)
    ended = await _sent(kind, tmp_path, _at_first(), tls=context, ca_file=trusted.name, secret=WRONG_SECRET)
    _went_by_letter(ended, "MessageFailedForGood", posted=0)
    _says_no_secret(written())


@pytest.mark.parametrize("kind", KINDS)
async def test_a_right_certificate_of_the_offices_own_is_trusted(kind: str, tmp_path: Path) -> None:
    """By the file that the channel names."""
    context, trusted = certificate(tmp_path)
    ended = await _sent(kind, tmp_path, _at_first(), tls=context, ca_file=trusted.name)
    assert (ended.delivery.channel, ended.posted, ended.letters) == ("chat", 1, 0)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reply", [Reply(hangs=True), Reply(cuts=True)], ids=["time-out", "cut"])
async def test_no_answer_takes_the_next_way(kind: str, reply: Reply, tmp_path: Path, written: Written) -> None:
    """A chat gets it once and a letter goes; a webhook, which knows a repeat, gets it as often as it may be tried."""
    ended = await _sent(kind, tmp_path, _always(reply))
    if kind == "webhook":
        assert ended.events["MessageFailedForNow"] == 1
        _went_by_letter(ended, "MessageFailedForGood", posted=2)
    else:
        _went_by_letter(ended, "MessageUnanswered", posted=1)
        assert ended.delivery.unanswered == ("chat",)
    _says_no_secret(written())


def _went_by_letter(ended: Ended, why: str, posted: int) -> None:
    assert (ended.delivery.state, ended.delivery.channel) == ("accepted", "mail")
    assert ended.delivery.given_up == ("chat",)
    assert ended.events[why] == 1
    assert (ended.posted, ended.letters) == (posted, 1)


def _says_no_secret(said: str) -> None:
    assert "message_not_taken" in said
    assert not [secret for secret in (WRONG_SECRET, "key=right", *SECRETS.values()) if secret in said]
