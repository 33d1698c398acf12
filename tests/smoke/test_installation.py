"""What the workers of a throw-away installation are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from application.settings import Settings
from bench.installation import environment_of


@pytest.mark.parametrize(("here", "there"), [("off", "off"), ("auto", "auto"), (None, "auto")])
def test_its_workers_print_papers_when_the_process_that_starts_them_does(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, here: str | None, there: str
) -> None:
    """A worker that printed each paper by LibreOffice would take longer for that than for all else that is tried."""
    monkeypatch.delenv("DUBAN_PDF", raising=False)
    if here is not None:
        monkeypatch.setenv("DUBAN_PDF", here)
    assert environment_of(Settings(data=tmp_path))["DUBAN_PDF"] == there
