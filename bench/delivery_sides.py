"""The other sides of a campaign's messages: real servers of mail, of the chats and of a webhook, and what they took.

Each reader has a channel and an address of his own, so that the other sides' own record says what reached whom. They
answer after a while, so that a kill meets a message before it left, on its way, and between its arrival and the
answer's record.
"""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence, Set
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from hashlib import sha256
from itertools import cycle
from pathlib import Path
from typing import Final

from bench.report import Report
from domain.papers.delivery import Delivery
from domain.ports.outbox import Outbox
from tests.other_sides import chat_sides
from tests.other_sides.http_server import HttpServer, Request, http_server
from tests.other_sides.mail_server import MailServer, mail_server

KINDS: Final = ("wecom", "dingtalk", "feishu", "webhook")
_MAIL: Final = "mail"
_KNOW_REPEATS: Final = ("webhook", _MAIL)
_NOT_ALL: Final = re.compile(r"……共(\d+)件")
_SECRETS: Final = {
    "dingtalk": chat_sides.DING_SECRET,
    "feishu": chat_sides.FEISHU_SECRET,
    "webhook": chat_sides.HOOK_SECRET,
}


@dataclass
class Sides:
    """The servers, and for each reader the kind of his first way; the second is a letter."""

    servers: dict[str, HttpServer]
    mail: MailServer
    kinds: dict[str, str]

    def write_channels(self, folder: Path) -> Path:
        """The file of channels and readers, with its secrets beside it."""
        common = {"timeout_seconds": 1, "pause_seconds": 1, "per_minute": 10_000}
        where = {"host": self.mail.host, "port": self.mail.port, "security": "none", "sender": "dcs@example.gov.cn"}
        lines: dict[str, object] = {_MAIL: {"kind": "email", **where, **common}}
        people: dict[str, object] = {}
        for number, (reader, kind) in enumerate(self.kinds.items()):
            ways: list[dict[str, str]] = [{"channel": _MAIL, "address": f"{number}@example.gov.cn"}]
            if kind != _MAIL:
                name = f"{kind}-{number}"
                lines[name] = {"kind": kind, **self._place(folder, name, kind), **common}
                ways.insert(0, {"channel": name})
            people[reader] = {"reads": [reader], "to": ways}
        path = folder / "channels.yaml"
        path.write_text(
            json.dumps({"gather_minutes": 0, "urgent_minutes": 0, "channels": lines, "readers": people}),
            encoding="utf-8",
        )
        return path

    def _place(self, folder: Path, name: str, kind: str) -> dict[str, str]:
        url = f"{self.servers[kind].url}/{name}"
        (folder / f"{name}-url").write_text(f"{url}?key=right", encoding="utf-8")
        (folder / f"{name}-secret").write_text(_SECRETS.get(kind, ""), encoding="utf-8")
        signed = {} if kind == "wecom" else {"secret_file": f"{name}-secret"}
        return {"url": url, **signed} if kind == "webhook" else {"url_file": f"{name}-url", **signed}

    def compare(self, outbox: Outbox, mails: Iterable[tuple[str, Sequence[Delivery]]], report: Report) -> None:
        """Hold the messages of the ledger against what the sides took: each paper once, by the way that says so."""
        took, shortened = self._took(), self._shortened()
        for reader, deliveries in mails:
            said: list[str] = []
            for delivery in deliveries:
                report.figures["messages"] += 1
                report.figures["chats without answer"] += len(delivery.unanswered)
                numbers = _numbers(outbox, delivery)
                said += numbers
                report.problems += self._of(reader, delivery, numbers, took, shortened, report)
            report.figures["papers"] += len(said)
            report.problems += [
                f"{reader}: {number} stands in two messages" for number in {n for n in said if said.count(n) > 1}
            ]
            came = {number for (way, number) in took if way.partition("/")[2] == self._number(reader)}
            report.problems += [f"{reader}: {number} came and stands in no message" for number in came - set(said)]

    def unlike(self, kept: Set[str]) -> list[str]:
        """A sentence for each letter that lacks a document of its papers, or has one that the ledger does not know."""
        found = []
        for letter in self.mail.took:
            papers = _papers_in(_written(letter))
            files = {str(part.get_filename()): part.get_content() for part in letter.iter_attachments()}
            found += [
                f"{paper} is in a letter without its document" for paper in papers if f"{paper}.docx" not in files
            ]
            strange = [name for name, content in files.items() if sha256(content).hexdigest() not in kept]
            found += [f"{name} is in a letter and not in the ledger" for name in strange]
        return found

    def _of(
        self,
        reader: str,
        delivery: Delivery,
        numbers: Sequence[str],
        took: dict[tuple[str, str], list[str]],
        shortened: Set[tuple[str, str, int]],
        report: Report,
    ) -> list[str]:
        found = []
        if delivery.state not in ("accepted", "delivered"):
            found.append(f"{reader}: a message ended as {delivery.state}")
        way = (delivery.channel or "").partition("-")[0]
        lost = {name.partition("-")[0] for name in delivery.unanswered}
        for number in numbers:
            by = {name: took.get((f"{name}/{self._number(reader)}", number), []) for name in (*KINDS, _MAIL)}
            # What is too long for a chat ends with how many papers there are, and where to see the others.
            place, count = f"{way}/{self._number(reader)}", len(numbers)
            if not by.get(way) and not any((place, each, count) in shortened for each in numbers):
                found.append(f"{reader}: {number} is {delivery.state} by {way}, which never got it")
            for name, identities in by.items():
                times = len(identities)
                if name in _KNOW_REPEATS:
                    report.figures["came again to a side that knows a repeat"] += max(0, times - 1)
                    times = len(set(identities))
                if times > 1:
                    found.append(f"{reader}: {number} came {times} times by {name}")
                if times and name != way:
                    report.figures["chats without answer that had it"] += 1
                    if name not in lost:
                        found.append(f"{reader}: {number} came by {name} too, which is not known to have no answer")
        return found

    def _took(self) -> dict[tuple[str, str], list[str]]:
        """By way and reader, and by the paper's number: the identity under which it came, each time."""
        took: dict[tuple[str, str], list[str]] = defaultdict(list)
        for kind, server in self.servers.items():
            for request in server.came:
                number = request.path.rpartition("-")[2]
                for paper in _papers_in(_text(kind, request)):
                    took[f"{kind}/{number}", paper].append(request.headers.get("webhook-id", ""))
        for letter in self.mail.took:
            number = str(letter["To"]).partition("@")[0]
            for paper in _papers_in(_written(letter)):
                took[f"{_MAIL}/{number}", paper].append(str(letter["Message-ID"]))
        return took

    def _shortened(self) -> set[tuple[str, str, int]]:
        """By way and reader, each paper's number in a message that had not room for all, and of how many."""
        return {
            (f"{kind}/{request.path.rpartition('-')[2]}", paper, int(found[1]))
            for kind, server in self.servers.items()
            for request in server.came
            if (found := _NOT_ALL.search(text := _text(kind, request)))
            for paper in _papers_in(text)
        }

    def _number(self, reader: str) -> str:
        return str(list(self.kinds).index(reader))


@asynccontextmanager
async def sides(readers: Sequence[str], chance: random.Random, answers_within: float) -> AsyncIterator[Sides]:
    """The servers, as long as the block lasts; the readers' first ways are the kinds in turn, and a letter."""
    async with AsyncExitStack() as stack:
        servers: dict[str, HttpServer] = {}
        for kind in KINDS:
            servers[kind] = await stack.enter_async_context(http_server(getattr(chat_sides, kind)))
            servers[kind].takes_seconds = lambda: chance.random() * answers_within
        mail = stack.enter_context(mail_server())
        mail.takes_seconds = lambda: chance.random() * answers_within
        yield Sides(servers, mail, dict(zip(readers, cycle((*KINDS, _MAIL)), strict=False)))


def secrets_in(log: bytes) -> list[str]:
    """A sentence for each secret of the channels that stands in a log."""
    secrets = (*_SECRETS.values(), "key=right")
    return [f"a secret is in the log: {secret}" for secret in secrets if secret.encode() in log]


def _numbers(outbox: Outbox, delivery: Delivery) -> list[str]:
    return [
        numbered.number
        for digest_id in delivery.digests
        for numbered in outbox.digest(digest_id.rpartition("/")[0], digest_id).items
    ]


def _papers_in(text: str) -> list[str]:
    return [line.split(" ")[1] for line in text.splitlines() if line[:1].isdigit()]


def _written(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


def _text(kind: str, request: Request) -> str:
    told = request.json
    if kind == "webhook":
        return str(told["text"])
    return str(told["content"]["text"] if kind == "feishu" else told["text"]["content"])
