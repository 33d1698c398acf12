"""What a crash leaves: the shortened campaign; `python -m bench.ledger kills` runs a thousand."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_kill_9_while_appending_loses_nothing_and_doubles_nothing() -> None:
    """Whatever instant it is killed at: what was acknowledged is there, once, and every earlier head is a prefix."""
    # A process of its own: it forks, which a process with the tests' threads must not.
    done = subprocess.run(
        [sys.executable, "-m", "bench.ledger", "kills", "--count", "20"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=150,
    )

    report = json.loads(done.stdout)
    assert (report["problems"], done.returncode) == ([], 0), done.stderr
    assert (report["kills"], report["heads"]) == (20, 20)
    assert report["acknowledged"] > 0
