"""The log of heads through the shell: fed by a file and by another office's interface, shown, proven, verified."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.application.audit.logs import OneLog
from tests.entrypoints.cli.conftest import Duban

CITY, COUNTY = "city.example/ledger", "county.example/ledger"
TOKEN = "duban_1234"


@contextmanager
def serving(request: Callable[[int], bytes]) -> Iterator[str]:
    """An office's interface on a port of this machine, which asks for its token."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.headers["Authorization"] == f"Bearer {TOKEN}"
            since = int(parse_qs(urlsplit(self.path).query)["since"][0])
            answer = request(since) if known else b"{}"
            self.send_response(200 if known else 401)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api/v1/audit/head"
    finally:
        server.shutdown()
        server.server_close()


async def test_a_province_collects_shows_and_proves(duban: Duban, tmp_path: Path) -> None:
    """Two logs, one on a stick and one over its interface; the verification of a bundle takes the proof."""
    city, county = await OneLog.opened(tmp_path / "1", CITY), await OneLog.opened(tmp_path / "2", COUNTY)
    data = ("--data", str(tmp_path / "province"))
    assert duban("heads", "show", *data).status == 2
    for log in (city, county):
        assert duban("heads", "watch", log.vkey(), *data).status == 0
    assert duban("heads", "show", *data).status == 1
    (tmp_path / "request").write_bytes(city.request())
    (tmp_path / "token").write_text(TOKEN)

    with serving(county.request) as url:
        sources = (f"{CITY}={tmp_path / 'request'}", f"{COUNTY}={url}")
        refused = duban("heads", "collect", *sources, *data, "--json")
        taken = duban("heads", "collect", *sources, *data, "--token-file", str(tmp_path / "token"))

    assert refused.status == 1
    assert [(told["size"], bool(told["problem"])) for told in refused.document["heads"]] == [(3, False), (None, True)]
    assert "HTTP 401" in refused.document["heads"][1]["problem"]
    assert taken.status == 0
    assert (
        f"{CITY}：没有新的校验值，上次收下的仍是最新的，不用处理" in taken.out,
        f"{COUNTY}：已收下算到第 3 条的校验值，不用再做什么" in taken.out,
    ) == (True, True)
    shown = duban("heads", "show", *data, "--json")
    assert (shown.status, [log["size"] for log in shown.document["logs"]]) == (0, [3, 3])
    assert duban("audit", "heads", *data, "-o", str(tmp_path / "kept")).status == 0
    assert duban("heads", "prove", CITY, *data, "-o", str(tmp_path / "proof")).status == 0
    city.log.export(str(tmp_path / "bundle.tar"), {})
    proof, kept = ("--heads-proof", str(tmp_path / "proof")), ("--heads-kept", str(tmp_path / "kept"))
    verified = duban("audit", "verify", str(tmp_path / "bundle.tar"), *proof, *kept)
    assert (verified.status, "收有本台账前 3 条的校验值" in verified.out) == (0, True)
    assert "[通过] 十一" in verified.out
    city.close()
    county.close()


async def test_a_fork_fails_the_collection_and_is_shown_ever_after(duban: Duban, tmp_path: Path) -> None:
    """The refusal says what it is; the list of logs has it, and ends with another status."""
    city = await OneLog.opened(tmp_path / "city", CITY)
    twin = city.twin(tmp_path / "twin")
    await city.grow(1)
    await twin.grow(1, reader="另一人")
    data = ("--data", str(tmp_path / "province"))
    duban("heads", "watch", city.vkey(), *data)
    for name, log in (("request", city), ("forked", twin)):
        (tmp_path / name).write_bytes(log.request())

    collected = [
        duban("heads", "collect", f"{CITY}={tmp_path / name}", *data) for name in ("request", "forked", "nothing")
    ]
    shown = duban("heads", "show", *data)

    assert [each.status for each in collected] == [0, 1, 1]
    assert "算到同一条的校验值签过两个" in collected[1].out
    assert (shown.status, "✗ 有 1 次不相延续" in shown.out) == (1, True)
    assert duban("heads", "collect", "nothing", *data).status == 2
    assert duban("heads", "prove", "unknown.example/ledger", *data).status == 2
    city.close()
    twin.close()
