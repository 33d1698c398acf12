"""The engine under `duban run`: where its folder is gone, nothing is begun in the empty place."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from application.settings import Settings
from entrypoints.cli.own_engine import OwnEngine


@pytest.mark.parametrize("place", ["gone", "empty"])
async def test_no_engine_is_begun_where_the_data_folder_was(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Moved away, or its disk let go: it is told once, and whatever may come back finds its place as it was."""
    folder = tmp_path / "data"
    if place == "empty":
        folder.mkdir()
    engine = OwnEngine(Settings(data=folder), asyncio.Event())
    for _ in range(2):
        await engine.look()
    assert capsys.readouterr().err.count("不见了") == 1
    assert [path.name for path in tmp_path.rglob("*")] == (["data"] if place == "empty" else [])
