"""Evidence by programs: kept under its hash piece by piece, sent again after a cut, given out as a download alone."""

from __future__ import annotations

import asyncio
import hashlib
import io
import shutil
import zipfile
from collections.abc import AsyncIterator, Iterator

import httpx2
import psutil
import pytest

from application.office.open_texts import must_be_an_open_file
from domain.markings import ClassifiedError
from entrypoints.api.evidence import LEAST_FREE_BYTES
from entrypoints.api.table import ROOT
from tests.entrypoints.api.conftest import Programs

MINUTES = "会议纪要：建成10个青年之家。\n".encode() * 2_000
MILESTONE = "2018-05a-02"


def sha256_of(data: bytes) -> str:
    """By which a file is named."""
    return hashlib.sha256(data).hexdigest()


async def sent(
    programs: Programs, data: bytes, name: str = "纪要.txt", account: str = "own", sha256: str | None = None
) -> httpx2.Response:
    """Send a file under its hash, or under another one."""
    path = f"/evidence/{sha256 or sha256_of(data)}"
    return await programs.of(account).put(path, params={"name": name}, content=data)


async def test_a_file_is_kept_shown_and_given_back_to_its_own_people(fresh: Programs) -> None:
    """Sent twice it is one file; the act names it by the text of the answer; others get neither it nor a difference."""
    first, again = await sent(fresh, MINUTES), await sent(fresh, MINUTES)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json()["evidence"] == again.json()["evidence"]
    evidence = [first.json()["evidence"], "另附会议照片一张"]
    answer = await fresh.act(
        "own", "2018-05a", "report-progress", milestone_id=MILESTONE, text="见附件", evidence=evidence
    )
    assert answer.status_code == 200, answer.text
    for account, path, status in (
        ("own", f"/duties/{MILESTONE}", 200),
        ("own", "/duties/2018-05a-01", 404),
        ("other", f"/duties/{MILESTONE}", 404),
        ("auditor", "/projects/2018-05a", 200),
        ("operator", "/projects/2018-06", 404),
        ("own", "/projects/2018-05a", 403),
    ):
        got = await fresh.of(account).get(f"{path}/evidence/{sha256_of(MINUTES)}")
        assert got.status_code == status, (account, path)
        if status == 200:
            assert got.content == MINUTES
            assert got.headers["content-type"] == "application/octet-stream"
            assert got.headers["content-disposition"].startswith("attachment;")
            assert got.headers["x-content-type-options"] == "nosniff"


async def test_what_was_cut_off_is_not_kept_and_is_sent_again(fresh: Programs) -> None:
    """Half a file under the whole one's hash is refused with what to do; the whole one is taken afterwards."""
    half = await sent(fresh, MINUTES[: len(MINUTES) // 2], sha256=sha256_of(MINUTES))
    assert (half.status_code, half.json()["rule"]) == (409, "usable_evidence")
    assert "再发一次" in half.json()["detail"]
    store = fresh.office.office.records.evidence
    assert not store.has(sha256_of(MINUTES))
    assert not store.has(sha256_of(MINUTES[: len(MINUTES) // 2]))
    assert (await sent(fresh, MINUTES)).status_code == 200
    assert store.has(sha256_of(MINUTES), len(MINUTES))


async def test_a_client_that_goes_away_leaves_nothing(fresh: Programs) -> None:
    """The connection ends in the middle: no file, and the next call is answered."""
    coming: Iterator[dict[str, object]] = iter(
        [{"type": "http.request", "body": MINUTES[:1_000], "more_body": True}, {"type": "http.disconnect"}]
    )
    told: list[object] = []

    async def receive() -> dict[str, object]:
        return next(coming)

    async def send(message: dict[str, object]) -> None:
        told.append(message.get("status"))

    await fresh.app(put_scope(f"{ROOT}/evidence/{sha256_of(MINUTES[:1_000])}"), receive, send)
    assert told[0] == 400
    assert not fresh.office.office.records.evidence.has(sha256_of(MINUTES[:1_000]))
    assert (await fresh.of("own").get("/me")).status_code == 200


@pytest.mark.parametrize("name", ["机密★.txt", "秘密"])
async def test_marked_files_are_refused_before_they_are_kept(fresh: Programs, name: str) -> None:
    """In the name and in the text, however the text is spread over the pieces in which it arrives."""
    assert (await sent(fresh, b"plain", name)).json()["rule"] == "no_classified_content"
    marked = b"x" * 262_143 + "\n机密★10年\n".encode() + b"y" * 300_000
    answer = await sent(fresh, marked, "附件.txt")
    assert (answer.status_code, answer.json()["rule"]) == (409, "no_classified_content")
    assert not fresh.office.office.records.evidence.has(sha256_of(marked))


async def test_a_project_s_own_refused_words_count_for_files_sent_before(fresh: Programs) -> None:
    """What is kept already is looked through again for the words that this project's policy refuses."""
    told = await sent(fresh, "内部资料，注意保存。".encode())
    assert told.status_code == 200
    words = ("内部资料",)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("domain.record.refused_words.RefusedWords.of", lambda *_: words)
        answer = await fresh.act(
            "own",
            "2018-05a",
            "report-progress",
            milestone_id=MILESTONE,
            text="见附件",
            evidence=[told.json()["evidence"]],
        )
    assert (answer.status_code, answer.json()["rule"]) == (409, "no_classified_content")


async def test_files_leave_room_for_the_record(fresh: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a disk that is almost full no file is taken (503), and acts still are."""
    almost_full = shutil.disk_usage(fresh.office.office.settings.data)._replace(free=LEAST_FREE_BYTES)
    monkeypatch.setattr("entrypoints.api.evidence.shutil.disk_usage", lambda _path: almost_full)
    answer = await sent(fresh, MINUTES)
    assert (answer.status_code, answer.json()["rule"]) == (503, "room_for_evidence")
    assert not fresh.office.office.records.evidence.has(sha256_of(MINUTES))
    acted = await fresh.act("own", "2018-05a", "report-progress", milestone_id=MILESTONE, text="推进")
    assert acted.status_code == 200


def put_scope(path: str, account: str = "own") -> dict[str, object]:
    """A request that sends a body without saying how long it is."""
    return {
        "type": "http",
        "http_version": "1.1",
        "method": "PUT",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"name=x.bin",
        "root_path": "",
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8600),
        "headers": [(b"host", b"127.0.0.1:8600"), (b"authorization", f"Bearer duban_{account}".encode())],
    }


async def test_a_gigabyte_is_refused_and_a_large_file_kept_in_little_memory(fresh: Programs) -> None:
    """1 GB without a length ends with 413 at the limit; 19 MB are kept: less than 50 MB more memory at the worst."""
    process, piece = psutil.Process(), b"x" * 1_000_000
    before, worst = process.memory_info().rss, 0

    async def send(megabytes: int, sha256: str) -> tuple[int, int]:
        nonlocal worst
        sent_pieces, status = 0, 0

        async def pieces() -> dict[str, object]:
            nonlocal sent_pieces, worst
            sent_pieces += 1
            worst = max(worst, process.memory_info().rss)
            return {"type": "http.request", "body": piece, "more_body": sent_pieces < megabytes}

        async def told(message: dict[str, object]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(str(message["status"]))

        await fresh.app(put_scope(f"{ROOT}/evidence/{sha256}"), pieces, told)
        return status, sent_pieces

    assert await send(1_000, "0" * 64) == (413, 21)
    assert await send(19, sha256_of(piece * 19)) == (200, 19)
    assert fresh.office.office.records.evidence.has(sha256_of(piece * 19), 19_000_000)
    assert worst - before < 50_000_000


async def test_a_body_that_says_it_is_too_large_is_not_read(seen: Programs) -> None:
    """A gigabyte that is announced, for a file and for an act: 413 before a byte of it, as a problem."""
    for method, path in (("PUT", f"/evidence/{'0' * 64}?name=x"), ("POST", "/projects/2018-05a/acts/urge")):
        headers = {"Content-Length": "1000000000"}
        answer = await seen.of("operator").request(method, path, content=b"", headers=headers)
        assert (answer.status_code, answer.json()["rule"]) == (413, "bounded_content")
    large = b'{"text": "' + b"x" * 2_000_000 + b'"}'

    async def pieces() -> AsyncIterator[bytes]:
        yield large

    headers = {"Content-Type": "application/json", "Idempotency-Key": "k"}
    answer = await seen.of("operator").post("/projects/2018-05a/acts/urge", content=pieces(), headers=headers)
    assert (answer.status_code, answer.json()["rule"]) == (413, "bounded_content")


def bomb(megabytes: int, *, parts: int = 1) -> bytes:
    """An archive of a few kilobytes that swells."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(parts):
            archive.writestr(f"word/part{number}.xml", b"<w:p>" + b" " * (megabytes * 1_000_000))
    return data.getvalue()


async def test_an_archive_that_swells_costs_little_memory(fresh: Programs) -> None:
    """Thirty megabytes in one part, too many in all, sixty thousand parts: kept, and looked through in pieces."""
    process = psutil.Process()
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(60_000):
            archive.writestr(f"{number}.xml", b"")
    files = [bomb(30), bomb(100), many.getvalue()]
    before, worst = process.memory_info().rss, 0
    for data in files:
        sending = asyncio.create_task(sent(fresh, data, "附件.docx"))
        while not sending.done():
            worst = max(worst, process.memory_info().rss)
            await asyncio.sleep(0.01)
        assert sending.result().status_code == 200
    assert worst - before < 50_000_000


@pytest.mark.parametrize("run", ["机</w:t></w:r><w:r><w:t>密★10年", "机" + "<w:b/>" * 60_000 + "密★"])
def test_a_mark_in_several_runs_of_a_document_is_found(run: str) -> None:
    """Also where the runs lie in different pieces of the part."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("word/document.xml", f"<w:p><w:t>{'x' * 250_000}</w:t></w:p><w:p><w:t>{run}</w:t></w:p>")
    with pytest.raises(ClassifiedError):
        must_be_an_open_file("附件.docx", data, ())
