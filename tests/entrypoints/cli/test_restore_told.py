"""What `duban restore` says of what no backup has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from application.office.backing_up import RestoredInstallation
from entrypoints.cli.main import duban


def test_a_restore_says_that_the_receivers_of_changes_are_entered_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is sent to them any more, and nobody would notice."""
    (tmp_path / "backup").touch()

    def restored(*_given: Any) -> RestoredInstallation:
        return RestoredInstallation(data="x", made="2018-06-30T00:00:00Z", files=1, generation=None, differing=())

    monkeypatch.setattr("entrypoints.cli.backing_up.restore", restored)
    done = CliRunner().invoke(duban, ["restore", str(tmp_path / "backup"), "--data", str(tmp_path / "new")])
    assert done.exit_code == 0, done.output
    assert "请管理员重新登记接收方" in done.stdout.replace("\n", "")
