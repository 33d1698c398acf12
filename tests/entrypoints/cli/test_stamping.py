"""Time stamps through the shell: got by hand, told by the doctor, verified with the authority's certificate."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from application.settings import load_settings
from entrypoints.at_work import stamp_heads
from entrypoints.bootstrap import open_records
from tests.entrypoints.cli.conftest import Duban
from tests.entrypoints.desk.small_office import small_office
from tests.entrypoints.installation import Home
from tests.stamp_authority import LocalAuthority


@contextmanager
def answering(authority: LocalAuthority) -> Iterator[str]:
    """An authority on a port of this machine."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer = authority.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsa"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> LocalAuthority:
    """An authority with its certificate."""
    return LocalAuthority.opened(tmp_path_factory.mktemp("authority") / "one")


def test_a_stamp_is_got_and_seen_by_the_doctor_and_in_the_verification(
    running: Duban, home: Home, authority: LocalAuthority, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without a setting there is none; without a certificate, or an answer, the sentence says which setting."""
    without = running("audit", "stamp")
    assert (without.status, "DUBAN_STAMP_URL" in without.sentence) == (2, True)
    with answering(authority) as url:
        monkeypatch.setenv("DUBAN_STAMP_URL", url)
        unnamed = running("audit", "stamp")
        assert (unnamed.status, "DUBAN_STAMP_CERTIFICATES" in unnamed.sentence) == (2, True)
        monkeypatch.setenv("DUBAN_STAMP_CERTIFICATES", str(authority.certificates))
        stamp = running("audit", "stamp", "--json").document["stamp"]
    assert (stamp["authority"], stamp["size"] > 0) == ("127.0.0.1", True)
    away = running("audit", "stamp")
    assert (away.status, "没有应答" in away.sentence) == (1, True)
    checks = {check["name"]: check for check in running("doctor", "--json").document["checks"]}
    assert checks["stamps"]["ok"], checks["stamps"]["text"]
    assert f"前 {stamp['size']} 条" in checks["stamps"]["text"]
    bundle = tmp_path / "bundle.tar"
    assert running("audit", "export", str(bundle), "--json").status == 0
    alone = home.program("-m", "verifier", str(bundle), "--stamp-authority", str(authority.certificates))
    assert "[通过] 十、时间戳盖的就是这本台账当时的校验值：1 个时间戳" in alone.stdout, alone.stdout + alone.stderr
    unreadable = home.program("-m", "verifier", str(bundle), "--stamp-authority", str(bundle))
    assert (unreadable.returncode, "Traceback" in unreadable.stderr) == (2, False)


async def test_a_worker_gets_a_stamp_by_itself(tmp_path: Path, authority: LocalAuthority) -> None:
    """What goes on beside a worker asks once; an office that names no authority asks nobody."""
    with answering(authority) as url:
        given = {"stamp_url": url, "stamp_certificates": str(authority.certificates)}
        with small_office(tmp_path, **given) as office:
            await office.take()
            await office.office.records.log.seal()
            await stamp_heads(office.office)
            await stamp_heads(office.office)
    with open_records(load_settings({}, data=tmp_path / "data")) as records:
        assert [entry.type for entry in records.ledger.entries("log/stamps")] == ["head.stamped"]
