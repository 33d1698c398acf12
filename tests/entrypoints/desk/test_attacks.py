"""What a hostile page, person or machine tries against the desk, each with what happens then."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import io
import re
import zipfile
from urllib.parse import unquote

import httpx2
import openpyxl
import psutil
import pytest

from bench.patience import PATIENCE_SECONDS
from domain.accounts.own_path import own_path
from domain.evidence import EvidenceFile
from entrypoints.desk import serving as desk_serving
from entrypoints.desk.downloads import download
from entrypoints.desk.exports import as_csv, as_xlsx
from entrypoints.desk.guards import SECURITY_HEADERS, Limits, guarded
from tests.entrypoints.desk.conftest import BASE, Browser, Browsers, hidden

NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% raw %}",
    "javascript:alert(1)",
    "'; DROP TABLE entry; --",
    '=HYPERLINK("http://evil","x")',
)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://evil.example"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:9999"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://127.0.0.1:8600"},
        {},
    ],
)
async def test_a_form_from_anywhere_else_changes_nothing(seen: Browsers, headers: dict[str, str]) -> None:
    """Another site, another port of this host, no origin at all: 403, whatever cookie and token come with it."""
    browser = await seen.of("own")
    token = hidden(await browser.get("/today"), "csrf")
    before = len(list(seen.office.office.records.ledger.entries()))
    answer = await browser.client.post("/today/sign", data={"csrf": token}, headers=headers)
    assert answer.status_code == 403
    assert "不是从督办台的页面发出的" in answer.text
    assert len(list(seen.office.office.records.ledger.entries())) == before


async def test_a_form_of_another_session_changes_nothing(seen: Browsers) -> None:
    """The token of somebody else's form, or of one's own before the login, is refused."""
    own, other = await seen.of("own"), await seen.of("other")
    foreign = hidden(await other.get("/today"), "csrf")
    for token in (foreign, "", "x" * 64):
        answer = await own.client.post("/today/sign", data={"csrf": token}, headers=own.headers)
        assert answer.status_code == 403
        assert "表单已经过期" in answer.text


async def test_a_login_gives_a_session_of_its_own(seen: Browsers) -> None:
    """A session planted before the login is not the one after it; no script reaches the cookie."""
    browser = seen.new()
    browser.client.cookies.set("duban-session", "planted", domain="127.0.0.1")
    answer = await browser.post("/sign-in", {"account": "own", "password": "correct horse battery"})
    (cookie,) = [each for each in answer.headers.get_list("set-cookie") if each.startswith("duban-session=")]
    assert "planted" not in cookie
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert seen.office.door.sessions.get("planted") is None


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil", "javascript:alert(1)", "/a\r\nX: y", ""],
)
async def test_a_login_leads_nowhere_else(seen: Browsers, path: str) -> None:
    """Whatever could be another host's address is the first page."""
    answer = await seen.new().post("/sign-in", {"account": "own", "password": "correct horse battery", "next": path})
    assert answer.headers["location"] == "/"
    assert own_path(path) == "/"


async def test_a_link_in_a_notice_survives_the_login(seen: Browsers) -> None:
    """A duty's address: to the login, and from there to the duty."""
    browser = seen.new()
    asked = await browser.get("/duties/2018-05a-02?department=组织部")
    page = await browser.client.get(asked.headers["location"])
    answer = await browser.post(
        "/sign-in", {"account": "own", "password": "correct horse battery", "next": hidden(page, "next")}
    )
    assert answer.headers["location"].startswith("/duties/2018-05a-02?department=")


@pytest.mark.parametrize("text", NASTY)
async def test_nothing_that_somebody_writes_becomes_a_part_of_a_page(fresh: Browsers, text: str) -> None:
    """Through a report and a file's name, on the pages of the department, the operator and the auditor."""
    own = await fresh.of("own")
    answer = await own.post(
        "/duties/2018-05a-02/report-progress",
        {"text": text, "request_id": "desk-nasty"},
        files={"evidence": (f"{text}.txt", b"content", "text/html")},
    )
    assert answer.status_code == 303, answer.text
    operator, auditor = await fresh.of("operator"), await fresh.of("auditor")
    pages = [
        await own.get(answer.headers["location"]),
        await own.get("/duties/2018-05a-02"),
        await operator.get("/projects/2018-05a"),
        await operator.get("/projects/2018-05a/milestones/2018-05a-02"),
        await auditor.get("/events"),
        await operator.get(f"/register?text={text}&lead={text}&sort={text}"),
        await operator.get(f"/register?after={text}"),
    ]
    assert [page.status_code for page in pages] == [*[200] * (len(pages) - 1), 400], "what is no row's place is refused"
    for page in pages:
        assert "<script" not in page.text
        assert "<img" not in page.text
        assert page.headers["content-security-policy"] == SECURITY_HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize("digits", [30, 5_000])
async def test_a_number_that_nobody_means_is_none(fresh: Browsers, digits: int) -> None:
    """However many digits an address says, its page is shown: more than a store, or the language itself, reads."""
    auditor, number = await fresh.of("auditor"), "9" * digits
    for address in ("/events?before", "/year?year", "/as-of?days", "/verification?after"):
        assert (await auditor.get(f"{address}={number}")).status_code == 200, address


async def test_evidence_comes_as_a_download_and_to_its_own_people_alone(fresh: Browsers) -> None:
    """A page that was sent in is never shown as one of ours; another department gets none of it."""
    data, own = b"<script>alert(1)</script>", await fresh.of("own")
    await own.post(
        "/duties/2018-05a-01/report-progress",
        {"text": "见附件", "request_id": "desk-file"},
        files={"evidence": ('纪要"\r\n.html', data, "text/html")},
    )
    sha256 = EvidenceFile.of("x", data).sha256
    answer = await own.get(f"/duties/2018-05a-01/evidence/{sha256}")
    assert (answer.status_code, answer.content) == (200, data)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    other = await fresh.of("other")
    assert (await other.get(f"/duties/2018-05a-01/evidence/{sha256}")).status_code == 404
    assert (await own.get(f"/duties/2018-05a-02/evidence/{sha256}")).status_code == 404


async def test_a_file_with_a_mark_in_its_name_is_refused_in_a_sentence(fresh: Browsers) -> None:
    """The form comes back with the reason beside the field, and nothing was kept."""
    own = await fresh.of("own")
    answer = await own.post(
        "/duties/2018-05a-02/report-progress",
        {"text": "见附件", "request_id": "desk-marked"},
        files={"evidence": ("机密★10年.txt", b"content", "text/plain")},
    )
    assert answer.status_code == 400
    assert "已拒绝，没有保存" in answer.text


@pytest.mark.parametrize(
    "name",
    [
        'a"; filename="b',
        ".htaccess",
        "..\\..\\x.svg",
        "a\r\nSet-Cookie: x=y",
        "../../etc/passwd",
        "纪要.docx",
        "",
        "\x00",
    ],
)
def test_no_file_name_becomes_a_header(name: str) -> None:
    """The header has one line, one plain name and one encoded one."""
    answer = download(b"", name, "text/plain")
    header = answer.headers["content-disposition"]
    assert re.fullmatch(r"attachment; filename=\"[\w.-]*\"; filename\*=UTF-8''[\w.~%-]*", header, re.ASCII)
    kept = unquote(header.rpartition("''")[2])
    assert not kept.startswith(".")
    assert not {"/", "\\"} & set(kept)


@pytest.mark.parametrize(
    "cell",
    [
        *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u3000=1", "\u200b=1"),
        *("＝1+1", "＋1", "－1", "＠SUM(A1)", "﹦1", "a;=1", "http://evil.example", "{=1}"),
    ],
)
async def test_no_cell_of_an_export_becomes_a_formula_or_a_link(cell: str) -> None:
    """In csv a quote goes before it, in xlsx it is a text."""
    written = as_csv(["说明"], [[cell]]).decode("utf-8-sig")
    for delimiter in ",;\t":
        ((_head,), (kept,)) = csv.reader(io.StringIO(written, newline=""), delimiter=delimiter)
        assert kept.lstrip("\u200b\u3000 ")[0] not in "=+-@＝＋－＠﹦\t\r\n"
    data = await as_xlsx(["说明"], [[cell]])
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    assert (str(sheet["A2"].value).replace("_x000D_", "\r"), sheet["A2"].data_type) == (cell, "s")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sheet_xml = package.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet_xml
    assert b"<hyperlink" not in sheet_xml


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static/simple.css",
        "/static/simple.LICENSE",
    ],
)
async def test_no_path_leads_out_of_the_static_files(seen: Browsers, path: str) -> None:
    """Only the files that pages name, under the names with their hashes."""
    assert (await seen.new().get(path)).status_code == 404


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "127.0.0.1.evil.example", "127.0.0.1:1@evil.example", "127.0.0.1:8600, evil.example"),
        *("evil.example:8600", "[::1].evil.example", "[::1]:x", ":8600", "127.0.0.1:"),
    ],
)
async def test_a_name_that_is_not_ours_is_not_answered(seen: Browsers, host: str) -> None:
    """Another host's name that leads here (rebinding), or ours with another one behind it, gets no page."""
    answer = await seen.new().client.get("/sign-in", headers={"Host": host})
    assert answer.status_code == 421
    assert (await seen.new().client.get("/sign-in", headers={"Host": "[::1]:8600"})).status_code == 200


async def test_a_body_that_says_it_is_too_large_is_not_read(seen: Browsers) -> None:
    """1 GB announced: 413 before a byte of it."""
    headers = {"Content-Length": "1000000000", "Content-Type": "multipart/form-data; boundary=x"}
    answer = await seen.new().client.post("/sign-in", content=b"", headers=headers)
    assert answer.status_code == 413


async def test_a_gigabyte_costs_no_memory(seen: Browsers) -> None:
    """A body of 1 GB without a length: 413, with less than 50 MB more memory at its worst."""
    process, piece = psutil.Process(), b"x" * 1_000_000
    before, worst, sent = process.memory_info().rss, 0, 0
    head = b'--x\r\nContent-Disposition: form-data; name="evidence"; filename="a"\r\n\r\n'

    async def endless() -> object:
        nonlocal worst, sent
        body = piece if sent else head
        sent += len(body)
        worst = max(worst, process.memory_info().rss)
        return {"type": "http.request", "body": body, "more_body": sent < 1_000_000_000}

    status = []

    async def told(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            status.append(message["status"])

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/sign-in",
        "raw_path": b"/sign-in",
        "query_string": b"",
        "root_path": "",
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8600),
        "headers": [
            (b"host", b"127.0.0.1:8600"),
            (b"origin", BASE.encode()),
            (b"sec-fetch-site", b"same-origin"),
            (b"content-type", b"multipart/form-data; boundary=x"),
        ],
    }
    await seen.app(scope, endless, told)
    assert status == [413]
    assert worst - before < 50_000_000
    assert sent < 100_000_000


async def test_a_body_that_comes_too_slowly_is_given_up() -> None:
    """A client that sends one byte and waits: 408 when its time is over."""

    async def reads_all(scope: object, receive: object, send: object) -> None:
        while (await receive())["more_body"]:  # type: ignore[operator]  # as ASGI has it
            pass

    status: list[object] = []
    first = True

    async def slow() -> dict[str, object]:
        nonlocal first
        if not first:
            await asyncio.Event().wait()
        first = False
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def told(message: dict[str, object]) -> None:
        status.extend([message["status"]] if "status" in message else [])

    limited = Limits(reads_all, 1_000, seconds=0.05)
    await limited({"type": "http", "method": "POST", "headers": []}, slow, told)  # type: ignore[arg-type]  # as above
    assert status == [408]


async def test_slow_heads_are_closed_while_others_are_answered(seen: Browsers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hundred clients that never finish their heads: all closed, and a page comes meanwhile within a second."""
    monkeypatch.setattr(desk_serving.PromptHeads, "head_seconds", 1.0)
    settings = seen.office.office.settings.model_copy(update={"desk_port": 0})
    bound = desk_serving.listening(settings)
    address = desk_serving.address_of(bound)
    host, port = bound.getsockname()
    async with desk_serving.serving(guarded(seen.app, settings), bound):
        slow = [await asyncio.open_connection(host, port) for _ in range(200)]
        for _reader, writer in slow:
            writer.write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
        began = asyncio.get_running_loop().time()
        async with httpx2.AsyncClient() as client:
            assert (await client.get(f"{address}sign-in")).status_code == 200
        assert asyncio.get_running_loop().time() - began < 1.0
        async with asyncio.timeout(PATIENCE_SECONDS):
            ends = await asyncio.gather(*(reader.read() for reader, _writer in slow))
        assert all(b" 200 " not in end for end in ends)
        for _reader, writer in slow:
            writer.close()


async def test_one_address_has_so_many_connections_and_no_more(seen: Browsers) -> None:
    """The ninth is closed at once, the next one is taken when another is over; a proxy's are not counted."""
    settings = seen.office.office.settings.model_copy(update={"desk_port": 0})
    for proxies, taken in (("10.0.0.1", 8), ("127.0.0.1", 9)):
        bound = desk_serving.listening(settings)
        host, port = bound.getsockname()
        async with desk_serving.serving(guarded(seen.app, settings), bound, proxies, 8):
            kept = [await asyncio.open_connection(host, port) for _ in range(9)]
            ask = f"GET /alive HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode()
            async with asyncio.timeout(PATIENCE_SECONDS):
                answers = [await _first_line(reader, writer, ask) for reader, writer in kept]
                assert [b" 200 " in answer for answer in answers].count(True) == taken
                await _ended(kept[0][1])
                answered = b""
                while b" 200 " not in answered:
                    reader, writer = await asyncio.open_connection(host, port)
                    answered = await _first_line(reader, writer, ask)
                    await _ended(writer)
            for _reader, writer in kept[1:]:
                await _ended(writer)


async def _ended(writer: asyncio.StreamWriter) -> None:
    """Close a connection, whichever side was first."""
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


async def _first_line(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, ask: bytes) -> bytes:
    """What is answered first; nothing where the connection is closed."""
    try:
        writer.write(ask)
        await writer.drain()
        return await reader.readline()
    except ConnectionError:
        return b""


async def test_a_page_that_fails_says_so_and_shows_nothing_inside(
    fresh: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours: 500 with one sentence, no trace of the program, and the next page is answered."""
    browser: Browser = await fresh.of("operator")

    def broken(*_args: object) -> None:
        raise ValueError("inside /srv/secret")

    monkeypatch.setattr("entrypoints.desk.events.newest_events", broken)
    answer = await browser.get("/events")
    assert answer.status_code == 500
    assert "出了故障" in answer.text
    assert "secret" not in answer.text
    assert (await browser.get("/register")).status_code == 200
