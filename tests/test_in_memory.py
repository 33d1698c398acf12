"""Where a run of the tests writes its files."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from tests import in_memory


@pytest.mark.parametrize(("free", "expected"), [("200 kB", True), ("199 kB", False), (None, False)])
def test_files_lie_in_memory_only_where_twice_as_much_is_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: str | None, expected: bool
) -> None:
    """A folder in memory says how much it may take, not how much there is: what is tested needs memory too."""
    monkeypatch.setattr(in_memory, "ENOUGH", 100 << 10)
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("TMPDIR", "restored afterwards")
    del os.environ["TMPDIR"]
    meminfo = tmp_path / "meminfo"
    if free is not None:
        meminfo.write_text(f"MemTotal: 900 kB\nMemAvailable:   {free}\n", encoding="ascii")
    assert in_memory.write_in_memory(tmp_path, meminfo) is expected
    assert ("TMPDIR" in os.environ) is expected
