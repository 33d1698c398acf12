"""What an administrator asks about channels: a trial, how messages stand, what to do, what the other side took."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from application.office.record_checks import Check
from application.records import Records
from domain.papers.delivery import Delivery
from domain.papers.delivery_words import in_words
from domain.papers.message_identity import mail_identity, webhook_identity
from domain.papers.message_lines import words_of
from domain.papers.routes import INBOX, Routes, Step
from domain.papers.wording import Say
from domain.ports.channel import Answer, Channel, Message
from domain.ports.ledger import Ledger
from domain.record.recorded_deliveries import recorded_addressees, recorded_mail, recorded_readers

_RECENT = timedelta(days=14)
_MAY_TAKE = timedelta(hours=1)
_NAMED = 5


class Trial(NamedTuple):
    """What came of a trial by one way to a reader."""

    reader: str
    channel: str
    answer: Answer


class Standing(NamedTuple):
    """One message of a reader."""

    reader: str
    delivery: Delivery


async def tried_out(
    routes: Routes, channels: Mapping[str, Channel], reader: str, at: datetime, say: Say, only: str | None = None
) -> list[Trial]:
    """Send a trial to a reader by each of his ways, or by one, in the language of the office's papers; nothing of it is
    recorded."""
    message = Message(
        message_id=f"trial/{reader}/{at:%Y-%m-%dT%H%M%S}",
        reader=reader,
        subject=say("督办通知试发"),
        urgent=False,
        lines=(say("这是一条试发的消息，收到即说明通道可用，不必办理。"),),
        words=words_of(say),
    )

    async def trial(step: Step) -> Trial:
        return Trial(reader, step.channel, await channels[step.channel].send(message, step.address))

    steps = [step for step in routes.steps_of(reader) if step.channel != INBOX and only in (None, step.channel)]
    return list(await asyncio.gather(*(trial(step) for step in steps)))


def standings(ledger: Ledger, reader: str | None = None) -> list[Standing]:
    """Every message (of one reader), as the ledger has it."""
    readers = [reader] if reader else recorded_readers(ledger)
    return [Standing(name, each) for name in readers for each in recorded_mail(ledger, name).deliveries.values()]


def delivery_checks(records: Records, routes: Routes, now: datetime) -> list[Check]:
    """What the administrator has to do about readers, addresses and channels."""
    recent = [each for each in standings(records.ledger) if each.delivery.gathered_at > now - _RECENT]
    return [_addresses(recent, routes), _arrivals(recent, now), _unread(records, routes)]


def _addresses(recent: Iterable[Standing], routes: Routes) -> Check:
    refused = {
        (each.reader, channel): None
        for each in recent
        for channel in each.delivery.refused
        if each.reader in routes.readers and channel in {step.channel for step in routes.steps_of(each.reader)}
    }
    if not refused:
        return Check("addresses", True, "没有被退回的地址")
    named = "、".join(f"{reader}（{channel}）" for reader, channel in list(refused)[:_NAMED])
    text = f"{len(refused)} 个地址被对方退回：{named}；请管理员在通道文件里更正，再试发一次"
    return Check("addresses", False, text)


def _arrivals(recent: Sequence[Standing], now: datetime) -> Check:
    only_inbox = [each for each in recent if each.delivery.channel == INBOX and each.delivery.given_up]
    withheld = [each for each in recent if each.delivery.state == "withheld"]
    if bad := [*only_inbox, *withheld]:
        text = f"近两周有 {len(bad)} 条消息没有通道送出（{_last_of(bad)}），只在督办平台可见：请管理员看发送情况"
        return Check("deliveries", False, text)
    if late := [each for each in recent if _does_not_go(each.delivery, now)]:
        text = (
            f"{len(late)} 条消息一小时还没有发出去（{_last_of(late)}），会自动再试："
            "请管理员运行 duban channel states，照所写的缘由处理"
        )
        return Check("deliveries", False, text)
    return Check("deliveries", True, "近两周的消息都有通道送出")


def _last_of(found: Sequence[Standing]) -> str:
    return "、".join(dict.fromkeys(each.reader for each in found[-_NAMED:]))


def _does_not_go(delivery: Delivery, now: datetime) -> bool:
    """Whether the other side has not taken a message for an hour: it is tried until it is stale, for days."""
    return delivery.state == "failed_for_now" and now - delivery.gathered_at > _MAY_TAKE


def _unread(records: Records, routes: Routes) -> Check:
    read = {addressee for reader in routes.readers.values() for addressee in reader.reads}
    unread = [name for name in recorded_addressees(records.ledger) if name not in read]
    if not unread:
        return Check("readers", True, "有发文的收文方都有收件人")
    named = "、".join(unread[:_NAMED])
    return Check("readers", False, f"{len(unread)} 个收文方没有收件人（{named}）：请在通道文件的 readers 下补上")


def compared(ledger: Ledger, channel: str, took: Iterable[str]) -> list[tuple[str, str]]:
    """What a channel's own list of messages says otherwise than the ledger; each message with a sentence.

    The list has the messages' identities, as the letters' Message-ID or the header `webhook-id` carry them.
    """
    listed = {line.strip().strip("<>").partition("@")[0] for line in took if line.strip()}
    found = []
    for _, delivery in standings(ledger):
        known = {mail_identity(delivery.message_id), webhook_identity(delivery.message_id)} & listed
        says_taken = delivery.channel == channel and delivery.state in ("accepted", "delivered")
        if says_taken and not known:
            found.append((delivery.message_id, f"台账记为{channel}已收下，而对方的清单里没有"))
        elif known and not says_taken and channel not in delivery.unanswered:
            found.append((delivery.message_id, f"对方的清单里有，而台账记为“{in_words(delivery)}”"))
        listed -= known
    return [*found, *((identity, "对方的清单里有，而台账里没有这条消息") for identity in sorted(listed))]


def listed_in(path: Path) -> list[str]:
    """The lines of a channel's own list."""
    return path.read_text(encoding="utf-8", errors="replace").splitlines()
