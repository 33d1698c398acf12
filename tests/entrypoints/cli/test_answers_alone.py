"""What stands on standard output is the answer: a line of the log stands on standard error, also where one comes."""

from __future__ import annotations

import json
import subprocess
import sys

from bench.processes import ROOT

_A_CALL_THAT_FAILS = """
from types import SimpleNamespace
from temporalio.service import RPCError, RPCStatusCode
from application.engine_room.unreachable import not_done
from entrypoints.first_line import log_when_needed

log_when_needed("json", "info")
service = SimpleNamespace(config=SimpleNamespace(target_host="engine.office.example:7233"))
client = SimpleNamespace(service_client=service, namespace="duban")
print(type(not_done(client, RPCError("disk I/O error", RPCStatusCode.UNKNOWN, b""), "asked")).__name__)
"""


def test_a_call_that_the_engine_did_not_do_leaves_its_line_beside_the_answer() -> None:
    """`duban doctor --json` beside an engine whose disk is full is one document; the log says what the engine said."""
    done = subprocess.run(
        [sys.executable, "-c", _A_CALL_THAT_FAILS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "EngineUnreachableError\n"
    line = json.loads(done.stderr)
    assert (line["event"], line["said"], line["status"]) == ("engine_call_failed", "disk I/O error", "UNKNOWN")
