"""The processes of a run have the tests that one process has imported for all."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

from bench.patience import PATIENCE_SECONDS
from tests.gathering import gathered

_TEST = """import os
PID = os.getpid()
def test_numbers():
    assert PID == -PID
"""
_ASKED = """import os, sys
(test,) = (module for name, module in sys.modules.items() if name.endswith("test_numbers"))
try:
    test.test_numbers()
except AssertionError as error:
    print(test.PID, os.getpid(), error)
"""


def test_each_process_has_the_tests_imported_with_their_assertions_told(tmp_path: Path) -> None:
    """Two processes have the module of a third one, whose assertions say what they compared."""
    (tmp_path / "test_numbers.py").write_text(_TEST, encoding="utf-8")
    interpreter = gathered([str(tmp_path)])
    assert interpreter is not None
    (imported, one, said), (also, other, same) = (_answer(interpreter) for _ in range(2))
    assert imported == also
    assert len({imported, one, other}) == 3
    assert said == same == f"assert {imported} == -{imported}"


def test_where_a_test_cannot_be_imported_each_process_finds_out_itself(tmp_path: Path) -> None:
    """No process is begun with half of a module: it would find no fault in it."""
    (tmp_path / "test_numbers.py").write_text(f"{_TEST}import nothing_of_this_name\n", encoding="utf-8")
    assert gathered([str(tmp_path)]) is None


def _answer(interpreter: str) -> list[str]:
    ran = subprocess.run(
        shlex.split(interpreter),
        input=f"{_ASKED!r}\n",
        check=True,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    return ran.stdout.splitlines()[0].split(maxsplit=2)
