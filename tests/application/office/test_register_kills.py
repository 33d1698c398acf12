"""What kills in the middle of acts leave of the register: the shortened campaign; `python -m bench register` has 20."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_kill_9_in_the_middle_of_acts_leaves_a_register_that_is_never_ahead_and_comes_right() -> None:
    """Whatever instant it is killed at: no row of what the ledger does not have, and after a look the core's view."""
    # A process of its own: it forks, which a process with the tests' threads must not.
    done = subprocess.run(
        [sys.executable, "-m", "bench.register_kills", "--kills", "5"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=150,
    )
    assert json.loads(done.stdout) == {"kills": 5, "problems": []}, done.stderr
