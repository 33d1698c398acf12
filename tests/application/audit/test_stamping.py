"""Time stamps over the log's heads, from a real authority (the openssl command) to the verifier's verdict."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import random
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric import ec

from adapters.stamps.http_authority import HttpStampAuthority
from application.audit.stamping import StampDesk, StampRefusedError, last_stamp, stamp_finding
from application.records import Records
from application.settings import Settings
from bench.memory_bundle import MemoryBundle
from domain.ports.stamp_authority import AuthorityUnreachableError
from entrypoints.bootstrap import open_records
from tests.other_sides.http_server import Reply, Request, http_server
from tests.stamp_authority import LocalAuthority
from verifier.bundle import bundle_at
from verifier.certificates import Certificate, certificates_in
from verifier.der import piece
from verifier.findings import Step
from verifier.stamps import Stamps, UnreadableStampError, stamp_from
from verifier.tree import Tree, leaf_hash
from verifier.verify import Trust, verify

KINDS: dict[str, dict[str, Any]] = {
    "RSA": {},
    "P-256": {"curve": ec.SECP256R1()},
    "P-384 with SHA-384": {"curve": ec.SECP384R1(), "digest": "sha384"},
    "RSA with SHA-512": {"digest": "sha512"},
    "named by SHA-1": {"essence": "sha1"},
}


@dataclass
class InHand:
    """The port `StampAuthority` over an authority at hand, whose answers a test may change."""

    authority: LocalAuthority
    name: str = "stamps.example"
    change: Callable[[bytes], bytes] = bytes
    asked: list[bytes] = field(default_factory=list)

    async def ask(self, request: bytes) -> bytes:
        self.asked.append(request)
        return self.change(await asyncio.to_thread(self.authority.answer, request))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> LocalAuthority:
    """An authority with RSA."""
    return LocalAuthority.opened(tmp_path_factory.mktemp("authority") / "one")


@pytest.fixture(scope="module")
def another(tmp_path_factory: pytest.TempPathFactory) -> LocalAuthority:
    """One that nobody trusts."""
    return LocalAuthority.opened(tmp_path_factory.mktemp("authority") / "two", name="Another Root")


@dataclass
class Site:
    """The records of an installation, and its authority at hand."""

    records: Records
    at_hand: InHand
    days: int = 0

    def now(self) -> datetime:
        """The machine's clock, which a test moves on by days."""
        return datetime.now(UTC) + timedelta(days=self.days)

    @property
    def desk(self) -> StampDesk:
        """What gets the stamps."""
        return StampDesk(self.records, self.at_hand, self.at_hand.authority.certificates.read_bytes, self.now)


@pytest_asyncio.fixture
async def site(tmp_path: Path, authority: LocalAuthority) -> AsyncIterator[Site]:
    """An installation whose log was opened and signed."""
    with open_records(Settings(data=tmp_path / "data")) as records:
        await records.log.open()
        await records.log.seal()
        yield Site(records, InHand(authority))


def bundle_of(site: Site, place: Path) -> dict[str, bytes]:
    """A bundle as it is now."""
    site.records.log.export(str(place), {})
    bundle = bundle_at(place)
    return {name: bundle.read(name) for name in bundle.names}


def step_of(files: dict[str, bytes], trusted: Sequence[Certificate] | None) -> Step:
    """What the verifier says of the stamps."""
    report = verify(MemoryBundle(files), Trust(stamp_authorities=trusted))
    (step,) = [step for step in report.steps if step.name == "stamps"]
    return step


def trusted(authority: LocalAuthority) -> list[Certificate]:
    """Its certificates."""
    return certificates_in(authority.certificates.read_bytes())


@pytest.mark.parametrize("kind", KINDS)
async def test_a_stamp_is_got_kept_bundled_and_verified_offline(tmp_path: Path, kind: str) -> None:
    """Whatever its key: the openssl command and the verifier, which has nothing but Python, find the same."""
    authority = LocalAuthority.opened(tmp_path / "authority", **KINDS[kind])
    with open_records(Settings(data=tmp_path / "data")) as records:
        await records.log.open()
        await records.log.seal()
        site = Site(records, InHand(authority))
        stamp = await site.desk.stamp()
        assert stamp is not None
        await records.log.seal()
        files = bundle_of(site, tmp_path / "bundle")
    step = step_of(files, trusted(authority))
    assert (step.verdict, step.findings) == ("passed", [])
    assert step.note.startswith("1 个时间戳")
    assert f"前 {stamp.size} 条" in step.note
    (token,) = [data for name, data in files.items() if name.startswith("blobs/") and _is_stamp(data)]
    head = "".join(f"{line}\n" for line in files[f"checkpoints/{stamp.size}"].decode().split("\n")[:3])
    digest = hashlib.sha256(head.encode()).digest()
    granted = b"\x30\x03\x02\x01\x00" + token
    length = len(granted).to_bytes(2, "big")
    assert authority.agrees(digest, b"\x30\x82" + length + granted)


async def test_one_stamp_a_day_is_got_and_none_where_there_is_one(site: Site) -> None:
    """A look every ten minutes asks nothing more of the authority; the next day it asks again."""
    first = await site.desk.look()
    assert first is not None
    assert await site.desk.look() is None
    site.days = 1
    await site.records.log.seal()
    second = await site.desk.look()
    assert second is not None
    assert second.size > first.size
    assert len(site.at_hand.asked) == 2
    found = last_stamp(site.records)
    assert found is not None
    assert found[0] == second


async def test_nothing_is_stamped_before_a_head_is_signed(tmp_path: Path, authority: LocalAuthority) -> None:
    """An installation that has not begun asks nobody."""
    with open_records(Settings(data=tmp_path / "data")) as records:
        site = Site(records, InHand(authority))
        assert await site.desk.look() is None
        assert site.at_hand.asked == []
        assert stamp_finding(records, site.now())[0]


async def test_what_the_authority_should_not_answer_is_not_kept(site: Site, another: LocalAuthority) -> None:
    """A refusal, an old stamp, another's, one with a bit turned: nothing is recorded, the sentence says it."""
    first = await site.desk.stamp()
    assert first is not None
    old = site.at_hand.authority.answer(site.at_hand.asked[-1])
    changes: dict[str, Callable[[bytes], bytes]] = {
        "以前的时间戳": lambda _: old,
        "不是可用的时间戳": lambda answer: answer[:-1] + bytes([answer[-1] ^ 1]),
        "读不懂": lambda _: b"<html>",
        "状态 2": lambda _: bytes.fromhex("30053003020102"),
        "不是所信任的": lambda _: another.answer(site.at_hand.asked[-1]),
    }
    for sentence, change in changes.items():
        site.at_hand.change = change
        with pytest.raises(StampRefusedError, match=sentence):
            await site.desk.stamp()
    found = last_stamp(site.records)
    assert found is not None
    assert found[0] == first


async def test_a_stamp_that_the_record_contradicts_is_not_kept(
    tmp_path: Path, authority: LocalAuthority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where this machine's clock or the authority's is wrong, every later verification would find a lie."""
    for minutes, holds in ((4, True), (6, False), (-6, False)):
        ahead = timedelta(minutes=minutes)
        monkeypatch.setattr("entrypoints.bootstrap.engine_now", lambda ahead=ahead: datetime.now(UTC) + ahead)
        with open_records(Settings(data=tmp_path / f"data{minutes}")) as records:
            await records.log.open()
            await records.log.seal()
            now = partial(lambda ahead: datetime.now(UTC) + ahead, ahead)
            desk = StampDesk(records, InHand(authority), authority.certificates.read_bytes, now)
            if holds:
                assert await desk.stamp() is not None
                continue
            with pytest.raises(StampRefusedError, match="请管理员校正本机的时钟"):
                await desk.stamp()
            assert last_stamp(records) is None


async def test_an_authority_that_is_away_is_told_in_time_and_seen_by_the_doctor(site: Site) -> None:
    """It hangs, refuses, answers with a page, or is not there: each ends with a sentence, and the heads go on."""
    replies = [Reply(hangs=True), Reply(status=503), Reply(content=b"<html>", headers={"Content-Type": "text/html"})]
    before = len(site.records.log.heads())
    async with http_server(lambda _: replies.pop(0)) as server:
        for _ in range(3):
            desk = replace(site.desk, authority=HttpStampAuthority(server.url, seconds=0.5))
            with pytest.raises(AuthorityUnreachableError, match="督办照常进行"):
                await desk.look()
    desk = replace(site.desk, authority=HttpStampAuthority(server.url, seconds=0.5))
    with pytest.raises(AuthorityUnreachableError):
        await desk.look()
    await site.records.log.record_reading("审计", "audit heads")
    await site.records.log.seal()
    assert len(site.records.log.heads()) == before + 1
    good, text = stamp_finding(site.records, site.now())
    assert not good
    assert "DUBAN_STAMP_URL" in text
    await site.desk.stamp()
    assert stamp_finding(site.records, site.now())[0]
    assert not stamp_finding(site.records, site.now() + timedelta(days=2))[0]


async def test_over_http_an_authority_is_asked_as_the_protocol_says(site: Site) -> None:
    """The types that RFC 3161 names go and come."""

    def answered(request: Request) -> Reply:
        assert request.headers["content-type"] == "application/timestamp-query"
        answer = site.at_hand.authority.answer(request.body)
        return Reply(content=answer, headers={"Content-Type": "application/timestamp-reply"})

    async with http_server(answered) as server:
        stamp = await replace(site.desk, authority=HttpStampAuthority(server.url)).stamp()
    assert stamp is not None
    assert stamp.authority == "127.0.0.1"


async def test_a_forged_moved_or_dropped_stamp_is_refused(site: Site, another: LocalAuthority, tmp_path: Path) -> None:
    """Each with its reason; who trusts the authority is told of another one's stamp."""
    await site.desk.stamp()
    site.days = 1
    await site.records.log.seal()
    await site.desk.stamp()
    await site.records.log.seal()
    files = bundle_of(site, tmp_path / "bundle")
    ours = trusted(site.at_hand.authority)
    honest = step_of(files, ours)
    assert honest.verdict == "passed", honest.findings
    first, second = [name for name in sorted(files) if name.startswith("blobs/") and _is_stamp(files[name])]
    turned = files[first][:-1] + bytes([files[first][-1] ^ 1])
    assert _codes({**files, first: turned}, ours) == {"stamp_forged"}
    assert _codes({**files, first: files[second], second: files[first]}, ours) == {"stamp_moved"}
    assert _codes({**files, first: files[second]}, ours) == {"stamp_moved"}
    assert _codes(files, trusted(another)) == {"stamp_untrusted"}
    assert "未经核对" in step_of(files, None).note
    dropped = verify(MemoryBundle({name: data for name, data in files.items() if name != first})).codes()
    assert "attachments.file_missing" in dropped


def _is_stamp(data: bytes) -> bool:
    try:
        stamp_from(data)
    except UnreadableStampError:
        return False
    return True


def _codes(files: dict[str, bytes], authorities: Sequence[Certificate]) -> set[str]:
    return {finding.code for finding in step_of(files, authorities).findings}


def token_over(authority: LocalAuthority, digest: bytes) -> bytes:
    """A stamp over a hash, asked for without any nonce."""
    algorithm = bytes.fromhex("300d06096086480165030402010500")
    imprint = b"\x30\x31" + algorithm + b"\x04\x20" + digest
    answer = authority.answer(b"\x30\x39\x02\x01\x01" + imprint + b"\x01\x01\xff")
    return piece(answer).parts()[1].whole


def test_a_stamp_counts_only_by_a_certificate_for_stamps_that_was_valid_then(authority: LocalAuthority) -> None:
    """The root is trusted, the signature holds, and yet one for something else, or one that had ended, counts not."""
    stamp = stamp_from(token_over(authority, bytes(32)))
    ours = trusted(authority)
    assert stamp.is_by(ours)
    assert not replace(stamp, at=stamp.at + timedelta(days=365)).is_by(ours)
    assert not replace(stamp, at=stamp.at - timedelta(days=365)).is_by(ours)
    assert not replace(stamp, signer=replace(stamp.signer, stamps_only=False)).is_by(ours)
    assert not replace(stamp, signer=replace(stamp.signer, signature=bytes(256))).is_by(ours)
    assert not stamp.is_by([])


async def test_a_stamp_whose_time_is_not_the_record_s_is_told(site: Site, tmp_path: Path) -> None:
    """A writer's clock that was turned back to make entries older than they are is betrayed by the authority's."""
    await site.desk.stamp()
    await site.records.log.seal()
    files = bundle_of(site, tmp_path / "bundle")
    bundle = MemoryBundle(files)
    for shift, code in (
        (timedelta(), set()),
        (timedelta(hours=-1), {"stamp_out_of_time"}),
        (timedelta(hours=1), {"stamp_out_of_time"}),
    ):
        stamps, step, appended, hashes = Stamps(), Step("stamps"), [], []
        for position, leaf in enumerate(_leaves(files)):
            hashes.append(leaf_hash(leaf))
            told = json.loads(leaf)
            appended.append((datetime.fromisoformat(told["appended"]) + shift).isoformat())
            stamps.take(position, told["event"])
        stamps.check(step, bundle, Tree(hashes), appended, None)
        assert {finding.code for finding in step.findings} == code


def _leaves(files: dict[str, bytes]) -> Iterator[bytes]:
    (data,) = [data for name, data in files.items() if name.startswith("log/tile/entries/")]
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 2], "big")
        yield data[at + 2 : at + 2 + length]
        at += 2 + length


def test_no_bytes_make_the_reader_of_stamps_fall_over(authority: LocalAuthority) -> None:
    """Cut off, turned and doubled bytes are no stamp, or the same stamp; nothing else comes of them."""
    digest = hashlib.sha256(b"head").digest()
    token = token_over(authority, digest)
    for seed in range(300):
        edited = twisted(token, random.Random(seed))
        with contextlib.suppress(UnreadableStampError):
            stamp = stamp_from(edited)
            assert (stamp.imprint, stamp.signer.stamps_only) == (digest, True), seed


def twisted(token: bytes, chance: random.Random) -> bytes:
    """Bytes with a few changes."""
    edited = bytearray(token)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(edited))
        match chance.randrange(3):
            case 0:
                edited[at] ^= 1 << chance.randrange(8)
            case 1:
                del edited[at : at + chance.randint(1, 9)]
            case _:
                edited[at:at] = edited[at : at + chance.randint(1, 9)]
    return bytes(edited)
