"""The examination of an installation whose files are another account's, as after a restore by the administrator."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from application.office.examination import examined
from application.settings import Settings
from entrypoints.bootstrap import premises_of


async def test_files_of_another_account_are_findings_and_end_no_examination(tmp_path: Path) -> None:
    """Which file it is, once for each part that needs it; all other parts are looked at."""

    def refused() -> NoReturn:
        raise PermissionError(13, "Permission denied", "/srv/duban/keys/ledger.key")

    (tmp_path / "data").mkdir()
    premises = replace(premises_of(Settings(data=tmp_path / "data")), has_ledger=lambda: True)
    checks = {c.name: c for c in await examined(replace(premises, payload_keys=refused, records=refused))}
    told = "“/srv/duban/keys/ledger.key”读写不了（没有权限）"
    assert {name for name, check in checks.items() if check.text.startswith(told)} == {"payloads", "record"}
    assert {"disk", "policy", "closed", "accounts", "engine"} <= checks.keys()
