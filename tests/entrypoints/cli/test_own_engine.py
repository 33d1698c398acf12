"""The engine under `duban run`: where its folder is gone, nothing is begun in the empty place."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from application.settings import Settings
from entrypoints.cli.own_engine import OwnEngine
from tests.entrypoints.installation import apart


@pytest.mark.parametrize("place", ["gone", "empty"])
def test_no_engine_is_begun_where_the_data_folder_was(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Moved away, or its disk let go: it is told once, and whatever may come back finds its place as it was."""
    folder = tmp_path / "data"
    if place == "empty":
        folder.mkdir()

    async def look_twice() -> None:
        engine = OwnEngine(Settings(data=folder), asyncio.Event())
        for _ in range(2):
            await engine.look()

    apart(lambda: asyncio.run(look_twice()))
    assert capsys.readouterr().err.count("不见了") == 1
    assert [path.name for path in tmp_path.rglob("*")] == (["data"] if place == "empty" else [])
