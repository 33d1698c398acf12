"""The log of heads: takes each log's signed head in turn, refuses what does not extend the last, proves what it has.

It checks as a witness does, with the verifier's own code, and keeps what it saw in a log of its own.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.ports.audit_log import AuditLog
from domain.ports.ledger import Ledger, LedgerEntry
from domain.ports.own_streams import OwnStreams
from domain.record.heads_of_logs import (
    FORKS_STREAM,
    HEAD_TAKEN,
    LOG_FORKED,
    LOG_WATCHED,
    LOGS_STREAM,
    Fork,
    HeadRefusedError,
    TakenHead,
    WatchedLog,
    heads_stream,
)
from domain.record.own_entries import OwnEntry, said_by
from verifier.notes import (
    LOG_KEY,
    Checkpoint,
    UnreadableNoteError,
    VerificationKey,
    checkpoint_from,
    key_from,
    signed_by,
)
from verifier.proofs import ConsistencyProof, consistency_from
from verifier.succession import successors
from verifier.tree import extends

_UNREADABLE: Final = (
    "送来的不是校验值的请求，或者残缺，读不懂，未收："
    "请管理这本台账的一方运行 duban audit witness request，把新的整个送来"
)


@dataclass(frozen=True, slots=True)
class KeptHead:
    """A head as it is kept: by which entry, and what that says."""

    entry: LedgerEntry
    head: TakenHead

    @property
    def at(self) -> datetime:
        """When it was taken."""
        return self.entry.appended_at


@dataclass(frozen=True, slots=True)
class LogSeen:
    """A log as the log of heads has it: its last head, and how many forks of it were seen."""

    log: WatchedLog
    last: KeptHead | None
    forks: int


@dataclass(frozen=True, slots=True)
class LogOfHeads:
    """Takes heads into streams of a ledger that stands under the signed heads of `log`."""

    ledger: Ledger
    streams: OwnStreams
    log: AuditLog

    async def watch(self, vkey: str) -> WatchedLog:
        """Name a log by its key.

        Raises:
            HeadRefusedError: the text is no log's key, or a log of this name has another one.
        """
        try:
            key = key_from(vkey)
        except UnreadableNoteError as error:
            detail = "公钥读不懂；请照抄台账所在单位给出的公钥"
            raise HeadRefusedError(log=vkey.partition("+")[0], detail=detail) from error
        if key.kind != LOG_KEY:
            raise HeadRefusedError(log=key.name, detail="这是见证人的公钥，不是台账的")
        known = next((each for each in self.watched() if each.log == key.name), None)
        if known is not None and known.vkey != str(key):
            raise HeadRefusedError(log=key.name, detail="已登记过同名的台账，公钥不同：请核对；换过密钥的不用重新登记")
        watched = known or WatchedLog(log=key.name, vkey=str(key))
        await self.streams.append_own(OwnEntry(LOGS_STREAM, LOG_WATCHED, watched.model_dump(), once=True))
        return watched

    def since(self, log: str) -> int:
        """How many entries the last head had that was taken of a log: a request starts there."""
        last = self._last(self._watched(log))
        return last.head.size if last else 0

    async def collect(self, log: str, request: bytes, restored: str = "") -> TakenHead | None:
        """Take a log's head out of a request (a consistency proof with a head); nothing where it was taken before.

        With `restored`, the reason for which a generation was begun anew that lost what the last head covers.

        Raises:
            HeadRefusedError: it is not taken; where the log itself signed what does not fit, that is on record.
        """
        watched = self._watched(log)
        try:
            asked = consistency_from(request)
        except UnreadableNoteError as error:
            raise HeadRefusedError(log=log, detail=_UNREADABLE) from error
        last = self._last(watched)
        key = _signer(watched, last, asked.checkpoint)
        if last is not None and await self._is_known(last, asked, restored=restored):
            return None
        head = asked.checkpoint
        taken = TakenHead(
            log=log,
            origin=head.origin,
            size=head.size,
            root=base64.b64encode(head.root).decode(),
            vkey=str(key),
            note=asked.note.decode(),
            restored=restored if last is not None and last.head.origin != head.origin else "",
        )
        await self.take(taken, last)
        return taken

    async def take(self, head: TakenHead, after: KeptHead | None) -> None:
        """Keep a head that was judged beside the last one.

        Raises:
            StreamMovedError: another one was taken meanwhile.
        """
        place = after.entry.stream_seq + 1 if after else 0
        await self.streams.append_own(OwnEntry(heads_stream(head.log), HEAD_TAKEN, head.model_dump(), first=place))

    async def _is_known(self, last: KeptHead, asked: ConsistencyProof, *, restored: str) -> bool:
        """Whether a head was taken before.

        Raises:
            HeadRefusedError: it is neither that nor an extension of the last one.
        """
        head, kept = asked.checkpoint, checkpoint_from(last.head.note.encode())
        log = last.head.log
        if head.origin == kept.origin and head.size <= kept.size:
            if (head.size, head.root) == (kept.size, kept.root):
                return True
            place = head.origin, head.size
            same = [each.head for each in self.heads(log) if (each.head.origin, each.head.size) == place]
            if any(base64.b64decode(each.root) != head.root for each in same):
                against = next(each for each in same if base64.b64decode(each.root) != head.root)
                raise await self._forked(Fork(log=log, how="contradicts", taken=against.note, shown=_text(asked)))
            if same:
                return True
            detail = (
                f"未收：送来的校验值只算到第 {head.size} 条，以前收下的已算到第 {kept.size} 条；"
                f"请对方重新出一份最新的再送，仍算不到第 {kept.size} 条的，台账可能被换成了旧的，请告知审计人员"
            )
            raise HeadRefusedError(log=log, detail=detail)
        if head.origin != kept.origin and restored and asked.old_size == 0:
            return False
        if asked.old_size != kept.size:
            detail = (
                f"未收：已收的校验值算到第 {kept.size} 条，送来的文件从第 {asked.old_size} 条起；请管这本台账的一方"
                f"运行 duban audit witness request --since {kept.size}，把新文件再送来"
            )
            if head.origin != kept.origin:
                detail += (
                    "；恢复过备份、丢了条目的，查明缘由后请对方从头出一份（duban audit witness request --since 0），"
                    "收时写明缘由（duban heads collect 台账=文件 --restored 缘由）"
                )
            raise HeadRefusedError(log=log, detail=detail)
        if not extends(old_size=kept.size, old_root=kept.root, size=head.size, root=head.root, proof=asked.hashes):
            raise await self._forked(Fork(log=log, how="not_shown", taken=last.head.note, shown=_text(asked)))
        return False

    async def _forked(self, fork: Fork) -> HeadRefusedError:
        await self.streams.append_own(OwnEntry(FORKS_STREAM, LOG_FORKED, fork.model_dump(), once=True))
        what = (
            "算到同一条的校验值签过两个，互不相同，说明有两本内容不同的台账"
            if fork.how == "contradicts"
            else "送来的校验值与以前收的接不上，台账可能被改写过"
        )
        return HeadRefusedError(
            log=fork.log,
            detail=f"未收：{what}；已把两个校验值记入总账作为证据；请立即告知审计人员，"
            "由管这本台账的一方和审计人员查明哪一个是真的",
        )

    def logs(self) -> list[LogSeen]:
        """Every log, as it stands."""
        forks = [each.log for each in self.forks()]
        return [LogSeen(each, self._last(each), forks.count(each.log)) for each in self.watched()]

    def missing(self, seen: Sequence[LogSeen], since: datetime) -> list[str]:
        """The logs of which no head came since an instant."""
        return [each.log.log for each in seen if each.last is None or each.last.at < since]

    def proof(self, log: str, under: int | None = None) -> str:
        """The proof that a log's last head stands in the log of heads, as a file with the entry itself.

        With `under`, the last one that stands under the signed head of so many entries.

        Raises:
            HeadRefusedError: none was taken.
            NotInLedgerError: no signed head has so many entries.
        """
        watched = self._watched(log)
        kept = [each for each in self.heads(log) if under is None or each.entry.position < under]
        if not kept:
            raise HeadRefusedError(log=watched.log, detail="到这个校验值为止还没有收过它的校验值")
        return self.log.receipt(kept[-1].entry.event_id, under=under, with_entry=True)

    def watched(self) -> list[WatchedLog]:
        """The logs whose heads are taken, in the order in which they were named."""
        return [said_by(entry, WatchedLog) for entry in self.ledger.entries(LOGS_STREAM)]

    def heads(self, log: str) -> list[KeptHead]:
        """The heads that were taken of a log, in order."""
        return [KeptHead(entry, said_by(entry, TakenHead)) for entry in self.ledger.entries(heads_stream(log))]

    def forks(self) -> list[Fork]:
        """Every fork that was seen."""
        return [said_by(entry, Fork) for entry in self.ledger.entries(FORKS_STREAM)]

    def _watched(self, log: str) -> WatchedLog:
        for each in self.watched():
            if each.log == log:
                return each
        raise HeadRefusedError(log=log, detail="没有登记过这本台账：请先用 duban heads watch 登记它的公钥")

    def _last(self, log: WatchedLog) -> KeptHead | None:
        last = next(self.ledger.newest(heads_stream(log.log)), None)
        return KeptHead(last, said_by(last, TakenHead)) if last is not None else None


def _signer(watched: WatchedLog, last: KeptHead | None, head: Checkpoint) -> VerificationKey:
    """The key that signed a head: the known one, or one for which it vouches.

    Raises:
        HeadRefusedError: neither did.
    """
    known = key_from(last.head.vkey if last else watched.vkey)
    # A key that was changed signs no head alone any more: whoever stole the old one gets nothing by it.
    current = (successors(head.note, [known]) or [known])[-1]
    if current.name != head.origin or not signed_by(head.note, current):
        raise HeadRefusedError(log=watched.log, detail="送来的校验值不是这本台账的密钥签的，也没有它作保的新密钥，未收")
    return current


def _text(asked: ConsistencyProof) -> str:
    return asked.note.decode()
