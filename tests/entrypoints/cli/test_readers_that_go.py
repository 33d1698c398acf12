"""Who reads what a program says may go (`| head`, a pager): the program does what it was asked for all the same."""

from __future__ import annotations

import os

import pytest

from entrypoints.cli.session import out


def test_a_console_goes_on_where_its_reader_has_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is raised, however much is said after it: a running year would end in the middle of a sentence."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", encoding="utf-8") as stream:
        monkeypatch.setattr("sys.stdout", stream)
        console = out()
        for _line in range(3):
            console.print("登记簿" * 40_000)
        stream.flush()
