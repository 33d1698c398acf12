"""A bundle whose place has no room for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from adapters.ledger.bundle_export import BundleExport, BundleExtras
from adapters.ledger.rows import KeptCheckpoint
from domain.errors import InputError
from tests.small_disk import small_disk


@pytest.mark.parametrize("name", ["bundle", "bundle.tar"])
def test_an_export_onto_a_full_disk_names_its_place_and_leaves_nothing(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was begun is removed, or the disk would stay full; then the same place takes the bundle."""
    monkeypatch.setattr(BundleExport, "contents", lambda *_: iter([("README.txt", b"x" * 1_000)]))
    export = BundleExport(*cast(tuple[Any, Any, Any, Any], (None,) * 4))
    with small_disk(tmp_path / "disk", 1_024) as disk:
        place = disk.folder / name
        with disk.full(), pytest.raises(InputError, match=f"{name}”写不进去"):
            export.write(place, cast(KeptCheckpoint, None), BundleExtras("", {}))
        assert list(disk.folder.iterdir()) == []
        assert export.write(place, cast(KeptCheckpoint, None), BundleExtras("", {})).exists()
