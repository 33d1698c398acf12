"""kill -9 of the courier in the middle, again and again: every message arrives, and nowhere twice.

The other sides are real servers of this process. They answer after a while, so that a kill meets a message before it
left, on its way, and between its arrival and the answer's record.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from application.settings import Settings
from bench import chat_sides
from bench.delivery_mail import send_digest
from bench.http_server import HttpServer, Request, http_server
from bench.mail_server import MailServer, mail_server
from bench.patience import PATIENCE_SECONDS
from domain.papers.delivery import Delivery
from domain.record.recorded_deliveries import recorded_mail
from entrypoints.bootstrap import engine_now, open_records

_KINDS = ("wecom", "dingtalk", "feishu", "webhook")
_SECRETS = (chat_sides.DING_SECRET, chat_sides.FEISHU_SECRET, chat_sides.HOOK_SECRET, "key=right", "right-password")
_REPOSITORY = Path(__file__).parents[1]


@dataclass(frozen=True)
class DeliveryKillsPlan:
    """How many readers of each channel, how many kills, and by which seed."""

    readers: int = 4
    kills: int = 20
    seed: int = 1


@dataclass
class DeliveryKills:
    """What a campaign found; `problems` is empty when every guarantee held."""

    kills: int = 0
    messages: int = 0
    unanswered: int = 0
    repeated: int = 0
    """Messages that came again to a side that knows a repeat, and was told so."""
    fallbacks: int = 0
    problems: list[str] = field(default_factory=list)


async def delivery_kills(plan: DeliveryKillsPlan, folder: Path) -> DeliveryKills:
    """Kill the courier so many times and then let it finish; compare the ledger with what the other sides took."""
    chance, report = random.Random(plan.seed), DeliveryKills()
    async with AsyncExitStack() as stack:
        servers: dict[str, HttpServer] = {}
        for kind in _KINDS:
            servers[kind] = await stack.enter_async_context(http_server(getattr(chat_sides, kind)))
            servers[kind].takes_seconds = lambda: chance.random() * 0.15
        mail = stack.enter_context(mail_server())
        mail.takes_seconds = lambda: chance.random() * 0.15
        channels = _write_channels(folder, servers, mail, plan.readers)
        await _send_mail(folder, plan.readers)
        logged = b""
        for _ in range(plan.kills):
            ended, log = await _run(folder, channels, chance.random() * 0.35)
            logged += log
            report.kills += not ended
            if ended:
                # All is out before all the kills were made: another morning.
                await _send_mail(folder, plan.readers)
        _, log = await _run(folder, channels, None)
        _compare(folder, servers, mail, plan.readers, report)
        report.problems += [
            f"a secret is in the log: {secret}" for secret in _SECRETS if secret.encode() in logged + log
        ]
    return report


def _write_channels(folder: Path, servers: dict[str, HttpServer], mail: MailServer, readers: int) -> Path:
    secrets = {
        "dingtalk": chat_sides.DING_SECRET,
        "feishu": chat_sides.FEISHU_SECRET,
        "webhook": chat_sides.HOOK_SECRET,
    }
    common = {"timeout_seconds": 1, "pause_seconds": 1, "per_minute": 10_000}
    lines: dict[str, object] = {}
    for kind, server in servers.items():
        (folder / f"{kind}-url").write_text(f"{server.url}/send?key=right", encoding="utf-8")
        (folder / f"{kind}-secret").write_text(secrets.get(kind, ""), encoding="utf-8")
        signed = {} if kind == "wecom" else {"secret_file": f"{kind}-secret"}
        place = {"url": f"{server.url}/hook"} if kind == "webhook" else {"url_file": f"{kind}-url"}
        lines[kind] = {"kind": kind, **place, **signed, **common}
    where = {"host": mail.host, "port": mail.port, "security": "none", "sender": "dcs@example.gov.cn"}
    lines["mail"] = {"kind": "email", **where, **common}
    to = {kind: [{"channel": kind}, {"channel": "mail", "address": "all@example.gov.cn"}] for kind in _KINDS}
    to["mail"] = to["wecom"][1:]
    people = {name: {"reads": [name], "to": to[name.split("-")[0]]} for name in _readers(readers)}
    path = folder / "channels.yaml"
    path.write_text(json.dumps({"gather_minutes": 0, "channels": lines, "readers": people}), encoding="utf-8")
    return path


def _readers(each: int) -> list[str]:
    return [f"{kind}-{number}" for kind in (*_KINDS, "mail") for number in range(each)]


async def _send_mail(folder: Path, readers: int) -> None:
    with open_records(Settings(data=folder / "data")) as records:
        for name in _readers(readers):
            # Urgent: an ordinary second message of a day would wait for the next.
            await send_digest(records, name, engine_now(), kind="directive")


async def _run(folder: Path, channels: Path, seconds: float | None) -> tuple[bool, bytes]:
    """Run a courier, and kill it so long after it began; say whether it was done before, and what it logged."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.delivery_worker", str(folder / "data"), str(channels)),
        cwd=_REPOSITORY,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    await process.stdout.readline()
    reading = asyncio.create_task(process.communicate())
    try:
        out, log = await asyncio.wait_for(asyncio.shield(reading), seconds or PATIENCE_SECONDS)
    except TimeoutError:
        process.kill()
        out, log = await reading
        return False, out + log
    if process.returncode != 0:
        raise AssertionError(log.decode(errors="replace"))
    return True, out + log


def _compare(
    folder: Path, servers: dict[str, HttpServer], mail: MailServer, readers: int, report: DeliveryKills
) -> None:
    took: Counter[tuple[str, str]] = Counter()
    known: dict[tuple[str, str], set[str]] = {}
    for kind, server in servers.items():
        for request in server.came:
            for paper in _papers_in(_text(kind, request)):
                took[kind, paper] += 1
                known.setdefault((kind, paper), set()).add(request.headers.get("webhook-id", str(len(known))))
    for letter in mail.took:
        for paper in _papers_in(letter.get_content()):
            took["mail", paper] += 1
            known.setdefault(("mail", paper), set()).add(str(letter["Message-ID"]))
    with open_records(Settings(data=folder / "data")) as records:
        for reader in _readers(readers):
            for delivery in recorded_mail(records.ledger, reader).deliveries.values():
                report.messages += 1
                report.unanswered += len(delivery.unanswered)
                report.fallbacks += bool(delivery.given_up)
                papers = [
                    numbered.number
                    for digest_id in delivery.digests
                    for numbered in records.outbox.digest(reader, digest_id).items
                ]
                report.problems += _problems(reader, delivery, papers, took, known, report)


def _problems(
    reader: str,
    delivery: Delivery,
    papers: list[str],
    took: Counter[tuple[str, str]],
    known: dict[tuple[str, str], set[str]],
    report: DeliveryKills,
) -> list[str]:
    channel, state = delivery.channel or "", delivery.state
    found = [] if state in ("accepted", "delivered") else [f"{reader}: a message ended as {state}"]
    for paper in papers:
        if took[channel, paper] == 0:
            found.append(f"{reader}: {paper} is {state} by {channel}, which never got it")
        for name in (*_KINDS, "mail"):
            times = took[name, paper]
            if times > 1 and name in ("webhook", "mail"):
                report.repeated += times - 1
                times = len(known[name, paper])
            if times > 1:
                found.append(f"{reader}: {paper} came {times} times by {name}")
    return found


def _papers_in(text: str) -> list[str]:
    return [line.split(" ")[1] for line in text.splitlines() if line[:1].isdigit()]


def _text(kind: str, request: Request) -> str:
    told = request.json
    if kind == "webhook":
        return str(told["text"])
    return str(told["content"]["text"] if kind == "feishu" else told["text"]["content"])
