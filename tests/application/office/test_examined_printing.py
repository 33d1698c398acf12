"""The examination of an installation whose letters are to carry PDFs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from application.office.examination import examined
from application.settings import Settings
from entrypoints.bootstrap import premises_of

_ROUTES = """
channels: {mail: {kind: email, host: mail.example.gov.cn, sender: dcs@example.gov.cn, attach: ATTACH}}
readers: {组织部: {reads: [组织部], to: [{channel: mail, address: zzb@example.gov.cn}]}}
"""


@pytest.mark.parametrize(
    ("attach", "prints", "ok"),
    [("docx", False, True), ("pdf", True, True), ("pdf", False, False), ("both", False, False)],
)
async def test_a_missing_printer_is_told_where_letters_want_it(
    tmp_path: Path, attach: str, prints: bool, ok: bool
) -> None:
    """Which channel asks for PDFs, what goes out meanwhile, and what to do."""
    (tmp_path / "data").mkdir()
    channels = tmp_path / "channels.yaml"
    channels.write_text(_ROUTES.replace("ATTACH", attach), encoding="utf-8")
    premises = premises_of(Settings(data=tmp_path / "data", channels=channels))
    checks = {check.name: check for check in await examined(replace(premises, prints=lambda: prints))}
    assert checks["channels"].ok is ok
    if not ok:
        assert "“mail”要附 PDF" in checks["channels"].text
        assert "只附 .docx" in checks["channels"].text
