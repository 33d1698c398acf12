from __future__ import annotations

import logging
import socket
from datetime import timedelta
from pathlib import Path

import pytest

from domain.ports.channel import Message
from tests.adapters.channels.conftest import HOSTILE, KINDS, WRONG, http_channel
from tests.other_sides import chat_sides
from tests.other_sides.http_server import Reply, Request, http_server

CODES = {"wecom": "errcode", "dingtalk": "errcode", "feishu": "code"}
LIMITED = {"wecom": 45009, "dingtalk": 130101, "feishu": 11232}


@pytest.mark.parametrize("kind", KINDS)
async def test_a_message_is_taken(kind: str, tmp_path: Path, message: Message) -> None:
    """The other side finds signature and form right and has the text with every paper; a webhook says delivered."""
    async with http_server(getattr(chat_sides, kind)) as server:
        channel = http_channel(kind, server.url, tmp_path)
        answer = await channel.send(message, None)
        await channel.close()

    assert answer.outcome == ("delivered" if kind == "webhook" else "accepted")
    (request,) = server.came
    text = request.body.decode()
    assert "催办〔2026〕3号" in text
    assert "提醒〔2026〕7号" in text


@pytest.mark.parametrize("kind", CODES)
async def test_an_error_inside_a_good_status_is_a_failure(kind: str, tmp_path: Path, message: Message) -> None:
    """HTTP 200 with a number that is not nought fails for good; one of too many messages fails for now."""
    codes = iter([40001, LIMITED[kind]])
    async with http_server(lambda _: Reply(content={CODES[kind]: next(codes), "msg": "x"})) as server:
        channel = http_channel(kind, server.url, tmp_path)
        refused, limited = await channel.send(message, None), await channel.send(message, None)
        await channel.close()

    assert (refused.outcome, refused.reason) == ("failed_for_good", "code:40001")
    assert (limited.outcome, limited.again_after) == ("failed_for_now", timedelta(minutes=1))


@pytest.mark.parametrize(
    "content", [b"<html>login</html>", b"[]", b'{"ok": true}', b'{"errcode": "0"}', b'{"code": true}']
)
@pytest.mark.parametrize("kind", CODES)
async def test_a_good_status_without_the_chats_own_nought_is_no_success(
    kind: str, content: bytes, tmp_path: Path, message: Message
) -> None:
    """What a proxy or a login page answers is never taken for a delivery."""
    async with http_server(lambda _: Reply(content=content)) as server:
        channel = http_channel(kind, server.url, tmp_path)
        answer = await channel.send(message, None)
        await channel.close()
    assert answer.outcome == "failed_for_now"


@pytest.mark.parametrize("kind", KINDS)
async def test_a_wrong_signature_fails_for_good(kind: str, tmp_path: Path, message: Message) -> None:
    """With another secret (of WeCom: another key) the other side refuses, and nothing is tried again."""
    async with http_server(getattr(chat_sides, kind)) as server:
        channel = http_channel(kind, server.url, tmp_path, secret=WRONG, key=WRONG)
        answer = await channel.send(message, None)
        await channel.close()
    assert answer.outcome == "failed_for_good"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("status", "outcome"),
    [(429, "failed_for_now"), (503, "failed_for_now"), (404, "failed_for_good"), (302, "failed_for_good")],
)
async def test_the_status_decides_where_it_is_not_good(
    kind: str, status: int, outcome: str, tmp_path: Path, message: Message
) -> None:
    """Too many and a fault of the server are for now, with the pause that it asks for; all else is not."""
    reply = Reply(status=status, headers={"Retry-After": "90", "Location": "http://127.0.0.1:1/"})
    async with http_server(lambda _: reply) as server:
        channel = http_channel(kind, server.url, tmp_path)
        answer = await channel.send(message, None)
        await channel.close()
    assert answer.outcome == outcome
    assert answer.again_after == (timedelta(seconds=90) if outcome == "failed_for_now" else None)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reply", [Reply(hangs=True), Reply(cuts=True)], ids=["time-out", "cut"])
async def test_no_answer_is_repeated_only_where_a_repeat_is_known(
    kind: str, reply: Reply, tmp_path: Path, message: Message
) -> None:
    """A robot may have shown the message, so it is unanswered; a webhook knows its identity and gets it again."""
    async with http_server(lambda _: reply) as server:
        channel = http_channel(kind, server.url, tmp_path)
        answer = await channel.send(message, None)
        await channel.close()
    assert answer.outcome == ("failed_for_now" if kind == "webhook" else "unanswered")
    assert channel.knows_repeats == (kind == "webhook")


@pytest.mark.parametrize("kind", KINDS)
async def test_a_server_that_is_not_there_fails_for_now(kind: str, tmp_path: Path, message: Message) -> None:
    """Nothing was handed over, so that any channel may try again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    channel = http_channel(kind, f"http://127.0.0.1:{port}", tmp_path)
    answer = await channel.send(message, None)
    await channel.close()
    assert answer.outcome == "failed_for_now"


@pytest.mark.parametrize("kind", KINDS)
async def test_nothing_secret_is_logged_or_answered(
    kind: str, tmp_path: Path, message: Message, caplog: pytest.LogCaptureFixture
) -> None:
    """The address with its key and the secret stand in no line of any logger at its finest, and in no answer."""
    caplog.set_level(logging.DEBUG)
    answers = []
    async with http_server(lambda _: Reply(status=500)) as server:
        channel = http_channel(kind, server.url, tmp_path, secret="very-secret", key="very-secret")
        answers.append(await channel.send(message, None))
        server.reply = lambda _: Reply(cuts=True)
        answers.append(await channel.send(message, None))
        await channel.close()
    assert "very-secret" not in caplog.text
    assert "very-secret" not in repr(answers)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", HOSTILE)
async def test_what_a_title_says_commands_nothing(kind: str, text: str, tmp_path: Path) -> None:
    """No mention, tag, mark-up, link, line or sign of control of a title or a reason gets through, and no formula."""
    message = Message(message_id="m", reader="组织部", subject=text, urgent=False, lines=(text, "二"), footer=text)
    async with http_server(getattr(chat_sides, kind)) as server:
        channel = http_channel(kind, server.url, tmp_path)
        assert (await channel.send(message, None)).outcome in ("accepted", "delivered")
        await channel.close()
    shown = _text(kind, server.came[0])
    assert not [
        sign for sign in ("<", ">", "@", "://", "`", "](", "www.", "\r", "\x1b", "\x00", "\u202e") if sign in shown
    ]
    lines = shown.split("\n")
    assert len(lines) == 4
    assert [line[:3] for line in lines[1:3]] == ["1. ", "2. "]


async def test_a_message_too_long_for_a_chat_says_how_many_there_are(tmp_path: Path) -> None:
    """As many lines as fit, whole, and then the number of all."""
    lines = tuple(f"催办〔2026〕{number}号 催办单（组织部）：配备挂兼职干部，请反馈。" for number in range(60))
    message = Message(message_id="m", reader="组织部", subject="督办文书60件", urgent=True, lines=lines)
    async with http_server(chat_sides.wecom) as server:
        channel = http_channel("wecom", server.url, tmp_path)
        answer = await channel.send(message, None)
        await channel.close()
    assert answer.outcome == "accepted"
    shown = _text("wecom", server.came[0]).split("\n")
    assert shown[0] == "【紧急】督办文书60件"
    assert shown[-1] == "……共60件，其余见督办平台。"
    assert shown[1:-1] == [f"{number}. {line}" for number, line in enumerate(lines, start=1)][: len(shown) - 2]


def _text(kind: str, request: Request) -> str:
    told = request.json
    texts = {"wecom": lambda: told["text"]["content"], "dingtalk": lambda: told["text"]["content"]}
    return str(texts.get(kind, lambda: told["content"]["text"] if kind == "feishu" else told["text"])())
