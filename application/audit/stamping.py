"""Time stamps for the log's heads: an authority outside says when a head was there (RFC 3161).

It is done beside everything else, once a day: an authority that is away delays nothing, and the doctor says so.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from application.records import Records
from domain.clock import office_day, office_minute
from domain.errors import DubanError
from domain.ports.stamp_authority import StampAuthority
from domain.record.own_entries import said_by
from domain.record.stamps import STAMPS_STREAM, HeadStamp
from verifier.certificates import Certificate, certificates_in
from verifier.der import INTEGER, SEQUENCE, UnreadableDerError, piece
from verifier.stamps import CLOCKS_DIFFER, Stamp, UnreadableStampError, stamp_from

LOOKS_EVERY_SECONDS: Final = 600.0
_LATE: Final = timedelta(hours=30)
_NONCE_BITS: Final = 63
_GRANTED: Final = (0, 1)
# SHA-256, with the parameters that its name takes.
_ALGORITHM: Final = bytes.fromhex("300d06096086480165030402010500")


class StampRefusedError(DubanError, rule="stamp_holds"):
    """What an authority answered is no time stamp of our head by somebody whom we trust."""


@dataclass(frozen=True, slots=True)
class StampDesk:
    """Asks for a stamp of the last head, once on each day; `trusted` reads the certificates of those we trust."""

    records: Records
    authority: StampAuthority
    trusted: Callable[[], bytes]
    now: Callable[[], datetime]

    async def look(self) -> HeadStamp | None:
        """Get a stamp where none was got on this day and something came in (raises as `stamp`)."""
        last = last_stamp(self.records)
        if last is not None and office_day(last[1]) >= office_day(self.now()):
            return None
        return await self.stamp()

    async def stamp(self) -> HeadStamp | None:
        """Get a stamp of the last head and keep it beside the entries; none where nothing was signed yet.

        Raises:
            AuthorityUnreachableError: the authority does not answer.
            StampRefusedError: what it answered is no stamp of this head, or not by one whom we trust.
            LedgerUnavailableError: the store cannot be written.
        """
        line = self.records.log.head_line()
        if not line:
            return None
        origin, size, root = line.split(" ")
        digest = hashlib.sha256(f"{origin}\n{size}\n{root}\n".encode()).digest()
        trusted, nonce = self._trusted(), secrets.randbits(_NONCE_BITS)
        token = _token_in(await self.authority.ask(_request(digest, nonce)))
        stamp = _checked(token, digest, nonce, trusted)
        self._must_fit(stamp, int(size))
        file = await self.records.evidence.keep(f"{size}.tst", token)
        kept = HeadStamp(origin=origin, size=int(size), at=stamp.at, authority=self.authority.name)
        await self.records.log.record_stamp(kept, file)
        return kept

    def _must_fit(self, stamp: Stamp, size: int) -> None:
        """Refuse a stamp whose time the record contradicts: every later verification would take it for a lie."""
        last = next(iter(self.records.ledger.entries(after=size - 2))).appended_at
        if not last - CLOCKS_DIFFER <= stamp.at <= self.now() + CLOCKS_DIFFER:
            raise StampRefusedError(
                f"时间戳的时间 {office_minute(stamp.at)} 与台账所写的时间相差太多，没有采用："
                "请管理员校正本机的时钟；本机的时钟准的，请向时间戳机构查问。"
            )

    def _trusted(self) -> list[Certificate]:
        try:
            return certificates_in(self.trusted())
        except (OSError, UnreadableDerError) as error:
            raise StampRefusedError(
                f"时间戳机构的证书（DUBAN_STAMP_CERTIFICATES）读不懂（{error}）：请向该机构另取 PEM 格式的证书。"
            ) from error


def last_stamp(records: Records) -> tuple[HeadStamp, datetime] | None:
    """The last stamp, and when it was entered."""
    last = next(records.ledger.newest(STAMPS_STREAM), None)
    return None if last is None else (said_by(last, HeadStamp), last.appended_at)


def stamp_finding(records: Records, now: datetime) -> tuple[bool, str]:
    """Whether the heads are stamped day by day, and a sentence."""
    last = last_stamp(records)
    todo = "请核对 DUBAN_STAMP_URL 和网络，用 duban audit stamp 试取一次；日志 beside_failed 写有缘由，督办不受影响"
    if last is None:
        return (
            not records.log.head_line(),
            f"还没有取得过时间戳：{todo}" if records.log.head_line() else "还没有可盖时间戳的校验值",
        )
    told = f"{office_minute(last[0].at)}（前 {last[0].size} 条）"
    if now - last[1] > _LATE:
        return False, f"最近一个时间戳是 {told}，此后没有取得：{todo}"
    return True, f"最近一个时间戳是 {told}"


def _request(digest: bytes, nonce: int) -> bytes:
    number = nonce.to_bytes(nonce.bit_length() // 8 + 1, "big")
    imprint = _der(0x30, _ALGORITHM + _der(0x04, digest))
    return _der(0x30, _der(0x02, b"\x01") + imprint + _der(0x02, number) + b"\x01\x01\xff")


def _der(tag: int, content: bytes) -> bytes:
    return bytes([tag, len(content)]) + content


def _token_in(answer: bytes) -> bytes:
    try:
        status, *token = piece(answer).must_be(SEQUENCE).parts()
        said = status.parts()[0].must_be(INTEGER).number
    except (UnreadableDerError, IndexError) as error:
        raise StampRefusedError(f"时间戳机构的答复读不懂（{error}）：请核对 DUBAN_STAMP_URL。") from error
    if said not in _GRANTED or not token:
        raise StampRefusedError(f"时间戳机构没有给出时间戳（状态 {said}）：请向该机构查问。")
    return token[0].whole


def _checked(token: bytes, digest: bytes, nonce: int, trusted: list[Certificate]) -> Stamp:
    try:
        stamp = stamp_from(token)
    except UnreadableStampError as error:
        raise StampRefusedError(f"时间戳机构给出的不是可用的时间戳（{error}），没有采用。") from error
    if (stamp.imprint, stamp.nonce) != (digest, nonce):
        raise StampRefusedError("时间戳机构给出的是别的内容或以前的时间戳，没有采用：请管理员查明网络中间是谁。")
    if not stamp.is_by(trusted):
        raise StampRefusedError("时间戳不是所信任的机构签发的，没有采用：请核对 DUBAN_STAMP_CERTIFICATES。")
    return stamp
