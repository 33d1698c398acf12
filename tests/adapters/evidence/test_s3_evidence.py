"""The evidence store in S3, against a real server: what the folder guarantees, the bucket guarantees."""

from __future__ import annotations

import asyncio
import hashlib
import io
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import BinaryIO, ClassVar, cast

import obstore
import psutil
import pytest

from adapters.evidence.s3_evidence import S3Evidence
from application.office.acts import Act, give
from application.office.attesting import local_giver
from application.office.backing_up import back_up
from application.office.evidence import supply
from application.office.record_checks import record_checks
from application.office.shown_files import ShownFile
from application.settings import load_settings, settings_of_copy
from domain.acts.commands import ReportProgress
from domain.errors import InputError, LedgerConflictError, LedgerUnavailableError
from domain.evidence import EvidenceFile
from domain.record.ledger_errors import ErasedEvidenceError, NotInLedgerError
from entrypoints.bootstrap import rehearsal_premises
from entrypoints.bootstrap.backing_up import backup_tools
from entrypoints.bootstrap.evidence import evidence_of
from tests.domain.samples import request
from tests.entrypoints.desk.small_office import projects, small_office
from tests.s3_server import KEY_ID, SECRET, Line, bucket_at, s3_server

MINUTES = b"%PDF minutes"
SHA256 = hashlib.sha256(MINUTES).hexdigest()
LARGE = bytes(range(256)) * 50_000
LARGE_SHA256 = hashlib.sha256(LARGE).hexdigest()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """One server for all of these tests; each has a place of its own in its bucket."""
    with s3_server() as address:
        yield address


@pytest.fixture
def store(server: str, tmp_path: Path) -> S3Evidence:
    """An empty place in the bucket."""
    return S3Evidence(bucket_at(server, tmp_path.name))


def names_in(store: S3Evidence) -> list[str]:
    """Everything in a bucket, by its name."""
    return sorted(each["path"] for page in obstore.list(store._store) for each in page)


def all_of(file: BinaryIO) -> bytes:
    """A file to its end, and closed."""
    with file:
        return file.read()


@pytest.mark.parametrize("data", [MINUTES, LARGE, b""], ids=["small", "in parts", "empty"])
async def test_a_file_is_kept_to_the_byte_under_its_hash(store: S3Evidence, data: bytes) -> None:
    """In one piece or in many: what is read back is what was given, whole and as a stream."""
    kept = await store.keep("会议纪要.pdf", data)

    assert kept == EvidenceFile.of("会议纪要.pdf", data)
    assert (store.has(kept.sha256), store.has(kept.sha256, len(data)), store.has(kept.sha256, 1)) == (True, True, False)
    assert store.read(kept.sha256) == all_of(store.open(kept.sha256)) == data


async def test_the_same_content_is_kept_once_whoever_shows_it(store: S3Evidence) -> None:
    """Again, under another name, and from many at the same time: one file."""
    await asyncio.gather(*(store.keep(f"{number}.pdf", MINUTES) for number in range(20)))

    assert names_in(store) == [f"{SHA256[:2]}/{SHA256}"]


@pytest.mark.parametrize("data", [MINUTES, LARGE], ids=["small", "in parts"])
async def test_a_kept_file_that_was_changed_is_never_covered_up(store: S3Evidence, data: bytes) -> None:
    """When the same evidence comes again and the kept bytes are not it any more, that is said, not mended."""
    kept = await store.keep("a", data)
    place = f"{kept.sha256[:2]}/{kept.sha256}"
    obstore.put(store._store, place, b"%PDF another")

    with pytest.raises(LedgerConflictError, match="已被改动"):
        await store.keep("a", data)
    assert store.read(kept.sha256) == b"%PDF another"


class Changing(io.BytesIO):
    """A file that has other bytes each time it is read from its beginning."""

    def seek(self, offset: int, whence: int = 0) -> int:
        if (offset, whence) == (0, 0):
            self.getbuffer()[-1] ^= 1
        return super().seek(offset, whence)


@pytest.mark.parametrize("data", [MINUTES, LARGE], ids=["small", "in parts"])
async def test_a_file_that_changes_while_it_is_read_is_not_kept(store: S3Evidence, data: bytes) -> None:
    """Nothing stands under the hash that it had before, nor under the other."""
    with pytest.raises(LedgerConflictError, match="读取时被改动"):
        await store.take("a", Changing(data))

    assert names_in(store) == []


async def test_an_upload_that_is_cut_leaves_nothing_and_is_sent_again(server: str, store: S3Evidence) -> None:
    """The line breaks in the middle of the second part: one clear error, no half of a file; mended, it is kept."""
    line = Line(server, 8_000_000)
    cut = S3Evidence(replace(store._bucket, endpoint=line.address))
    try:
        with pytest.raises(LedgerUnavailableError, match="没有正常应答"):
            await cut.keep("a", LARGE)
        assert names_in(store) == []

        line.mend()
        await cut.keep("a", LARGE)
        assert store.read(LARGE_SHA256) == LARGE
    finally:
        line.end()


async def test_an_erased_file_is_gone_and_never_kept_again(store: S3Evidence) -> None:
    """Erased twice, once before it ever came: no bytes are left, and whoever sends it is told."""
    await store.keep("a", MINUTES)
    for sha256 in (SHA256, SHA256, LARGE_SHA256):
        await store.erase(sha256)

    for data in (MINUTES, LARGE):
        with pytest.raises(ErasedEvidenceError):
            await store.keep("a", data)
    assert names_in(store) == sorted(f"{each[:2]}/{each}.erased" for each in (SHA256, LARGE_SHA256))
    assert store.lacking([SHA256, LARGE_SHA256]) == [SHA256, LARGE_SHA256]


async def test_what_is_lacking_is_told_in_its_order(store: S3Evidence) -> None:
    """Those that are kept are left out, more of them than one page of a listing has places for."""
    at_once = asyncio.Semaphore(8)

    async def keep(number: int) -> str:
        async with at_once:
            return (await store.keep("a", f"{number}".encode())).sha256

    kept = await asyncio.gather(*(keep(number) for number in range(1_010)))

    assert store.lacking(["f" * 64, *kept, "0" * 64]) == ["f" * 64, "0" * 64]


@pytest.mark.parametrize("sha256", ["0" * 64, "../../etc/passwd", "", "0" * 63 + "/"])
def test_what_is_not_kept_is_not_found(store: S3Evidence, sha256: str) -> None:
    """Neither another hash nor a way out of the bucket's beginning."""
    for asked in (store.read, store.open):
        with pytest.raises(NotInLedgerError):
            asked(sha256)


async def test_a_large_file_goes_both_ways_in_little_memory(store: S3Evidence) -> None:
    """80 MB out and in again: less than 50 MB more memory at the worst."""
    process = psutil.Process()
    with tempfile.TemporaryFile() as file:
        for number in range(80):
            file.write(bytes([number]) * 1_000_000)
        await store.keep("warm", LARGE)
        before, worst, done = process.memory_info().rss, 0, asyncio.Event()

        async def watched() -> None:
            nonlocal worst
            while not done.is_set():
                worst = max(worst, process.memory_info().rss)
                await asyncio.sleep(0.01)

        watching = asyncio.create_task(watched())
        kept = await store.take("a", cast(BinaryIO, file))
        with store.open(kept.sha256) as back:
            # The standard library's own protocol for files names what every file here has.
            read = await asyncio.to_thread(hashlib.file_digest, back, "sha256")  # type: ignore[arg-type]
        done.set()
        await watching
    assert read.hexdigest() == kept.sha256
    assert worst - before < 50_000_000


def test_a_good_bucket_has_no_trouble_asked_again_as_well(store: S3Evidence) -> None:
    """What is asked leaves one small object, and only one."""
    assert [store.trouble(), store.trouble()] == [None, None]
    assert names_in(store) == ["duban-probe"]


def test_a_bucket_that_cannot_be_reached_says_why(server: str) -> None:
    """A wrong secret, and a server that is not there: each a sentence that names the settings."""
    said = {
        "不接受这把密钥": bucket_at(server, "wrong", secret="another"),
        "连不上": bucket_at("http://127.0.0.1:9", "gone"),
    }
    for why, bucket in said.items():
        trouble = S3Evidence(bucket).trouble()
        assert trouble is not None
        assert (why in trouble, "DUBAN_EVIDENCE" in trouble) == (True, True)


class Careless(BaseHTTPRequestHandler):
    """A server that takes whatever comes: it overwrites, or it keeps old versions."""

    versions = False
    seen: ClassVar[set[str]] = set()

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        again = self.versions and self.command == "PUT" and self.path in self.seen
        self.seen.add(self.path)
        self.send_response(412 if again else 200)
        for name, value in {
            "ETag": '"e"',
            "Last-Modified": "Fri, 27 Nov 2026 08:00:00 GMT",
            "Content-Length": "0",
        }.items():
            self.send_header(name, value)
        if self.versions:
            self.send_header("x-amz-version-id", "v1")
        self.end_headers()

    do_PUT = do_HEAD = _answer  # noqa: N815 - the names that the standard library asks for

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize(("versions", "why"), [(False, "会覆盖"), (True, "版本管理")], ids=["overwrites", "versions"])
def test_a_server_that_does_not_keep_its_word_is_found_out(versions: bool, why: str) -> None:
    """One that overwrites what is there (some do without a word), and one that would keep what is erased."""
    careless = type("Careless", (Careless,), {"versions": versions, "seen": set()})
    with ThreadingHTTPServer(("127.0.0.1", 0), careless) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        trouble = S3Evidence(bucket_at(f"http://127.0.0.1:{http.server_port}", "")).trouble()
        http.shutdown()
    assert trouble is not None
    assert why in trouble


@pytest.fixture
def in_s3(server: str, tmp_path: Path) -> dict[str, object]:
    """The settings of an office whose evidence is in the bucket."""
    (tmp_path / "secret").write_text(f"{SECRET}\n", encoding="utf-8")
    where = {"evidence": f"s3://duban/{tmp_path.name}", "evidence_endpoint": server}
    return {**where, "evidence_key_id": KEY_ID, "evidence_key_file": tmp_path / "secret"}


async def test_an_office_keeps_its_evidence_in_the_bucket(in_s3: dict[str, object], tmp_path: Path) -> None:
    """Act and file are in no folder; the doctor looks there, a bundle has both, a backup says it has neither."""
    with small_office(tmp_path, **in_s3) as made:
        office, records = made.office, made.office.records
        await made.take(projects()[0])
        shown = ShownFile.of("纪要.pdf", MINUTES)
        report = request(ReportProgress, "2018-05a-01", text="已办", evidence=(str(shown.described()),))
        await give(replace(office, giver=local_giver(made.now)), Act("2018-05a", report, (shown,)))
        await records.log.seal()

        def said() -> tuple[bool, str]:
            checks = {check.name: check for check in record_checks(records, office.settings, made.now)}
            return checks["evidence"].ok, checks["evidence"].text

        assert not office.settings.evidence_folder.exists()
        assert said() == (True, f"台账所记的佐证都在（{in_s3['evidence']}）")
        assert records.log.export(str(tmp_path / "bundle"), {}).missing == ()
        backup = back_up(office.settings, backup_tools(office.settings), tmp_path / "backup", None, (), made.now)
        assert backup.evidence_elsewhere == in_s3["evidence"]

        store = cast(S3Evidence, records.evidence)
        obstore.delete(store._store, f"{SHA256[:2]}/{SHA256}")
        assert said()[0] is False
        await supply(records, [shown])
        assert said()[0] is True


def test_a_bucket_without_its_key_is_a_sentence(in_s3: dict[str, object], tmp_path: Path) -> None:
    """No key, or a file that is not there: which settings, before anything is opened."""
    for missing in ({"evidence_key_id": None}, {"evidence_key_file": tmp_path / "nothing"}):
        settings = load_settings({}, data=tmp_path / "data").model_copy(update={**in_s3, **missing})
        with pytest.raises(InputError, match=r"DUBAN_EVIDENCE_KEY|密钥文件"):
            evidence_of(settings)


def test_a_copy_keeps_its_evidence_apart(in_s3: dict[str, object], tmp_path: Path) -> None:
    """Neither a rehearsal copy nor a rehearsal writes into the year's bucket."""
    settings = load_settings({}, data=tmp_path / "data", **in_s3)
    assert settings_of_copy(settings, tmp_path / "copy").evidence is None
    with rehearsal_premises(settings, tmp_path / "rehearsal") as (records, _):
        assert not isinstance(records.evidence, S3Evidence)
