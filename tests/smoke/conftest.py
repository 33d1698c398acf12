"""Installations as real processes, all ended whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.entrypoints.installation import Home


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """An empty data folder with ports of its own."""
    home = Home(tmp_path)
    try:
        yield home
    finally:
        home.close()
