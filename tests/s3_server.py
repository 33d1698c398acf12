"""An S3 server of the tests' own, from its wheel, and a line to it that can be cut."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from adapters.evidence.s3_evidence import Bucket, S3Evidence
from bench.patience import PATIENCE_SECONDS

KEY_ID, SECRET = "duban-tests", "duban-tests-secret"
_GRPC = ("-master.port", "-volume.port", "-filer.port", "-s3.port")


@contextmanager
def s3_server() -> Iterator[str]:
    """Run a server as long as the block lasts; answer its address. It makes a bucket when something is put into it."""
    folder = Path(tempfile.mkdtemp(prefix="duban-s3-"))
    identity = {"name": "tests", "credentials": [{"accessKey": KEY_ID, "secretKey": SECRET}], "actions": ["Admin"]}
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}), encoding="utf-8")
    ports = _free_ports(2 * len(_GRPC))
    named = [*_GRPC, *(f"{port}.grpc" for port in _GRPC)]
    given = [part for name, port in zip(named, ports, strict=True) for part in (name, str(port))]
    program = Path(sys.executable).with_name("weed")
    options = ("-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3", f"-s3.config={folder / 's3.json'}", "-s3.iam=false")
    without = ("-s3.port.iceberg=0", "-s3.port.lance=0", "-master.telemetry=false", "-volume.max=8")
    with (folder / "log").open("wb") as log:
        command = [str(program), "server", f"-dir={folder}", *options, *without, *given]
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        address = f"http://127.0.0.1:{ports[named.index('-s3.port')]}"
        _wait_for(address)
        yield address
    finally:
        server.kill()  # asked to end, it waits a quarter of a minute for its own connections
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def bucket_at(address: str, beginning: str, **other: str) -> Bucket:
    """The bucket of such a server, below a beginning; each bucket costs it seven volumes."""
    said = {"url": f"s3://duban/{beginning}", "region": "us-east-1", "key_id": KEY_ID, "secret": SECRET} | other
    return Bucket(endpoint=address, **said)


def _wait_for(address: str) -> None:
    """A server takes connections before it has room for anything."""
    store, end = S3Evidence(bucket_at(address, "ready")), time.monotonic() + PATIENCE_SECONDS
    while (trouble := store.trouble()) is not None:
        assert time.monotonic() < end, trouble
        time.sleep(0.05)


def _free_ports(number: int) -> list[int]:
    with ExitStack() as opened:
        sockets = [opened.enter_context(closing(socket.socket())) for _ in range(number)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]


class Line:
    """A line to a server that breaks for good after so many bytes towards it, until it is mended."""

    def __init__(self, address: str, after: int) -> None:
        self._to = int(address.rpartition(":")[2])
        self._left: float = after
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def mend(self) -> None:
        """Let everything through from now on."""
        self._left = float("inf")

    def end(self) -> None:
        """Take nobody any more."""
        self._listening.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
                for pair in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(*pair, pair[1] is far), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket, counted: bool) -> None:
        with suppress(OSError), source, sink:
            while self._left > 0 and (piece := source.recv(65_536)):
                self._left -= len(piece) if counted else 0
                sink.sendall(piece)
            for each in (source, sink):
                each.shutdown(socket.SHUT_RDWR)
