"""The examination of an installation whose changes go to other systems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from application.office.examination import examined
from application.office.record_checks import Check
from application.settings import Settings
from domain.accounts.webhooks import LONG_AWAY, Webhook
from entrypoints.bootstrap import premises_of
from tests.domain.accounts.test_receivers_of_changes import NOW, RECEIVER


async def checks_of(folder: Path, *receivers: Webhook) -> dict[str, Check]:
    """What is found where these are the receivers."""
    (folder / "data").mkdir(exist_ok=True)

    async def told() -> Sequence[Webhook]:
        return receivers

    premises = replace(premises_of(Settings(data=folder / "data")), receivers=told)
    return {check.name: check for check in await examined(premises)}


async def test_a_receiver_that_takes_nothing_is_told_with_its_reason_and_what_to_do(tmp_path: Path) -> None:
    """After an hour of tries; nothing is said of one that failed lately, and no line where there is no receiver."""
    failing = RECEIVER.took(3, NOW)
    for _ in range(LONG_AWAY - 1):
        failing = failing.failed("http:500", NOW)
    away = failing.failed("http:500", NOW)

    assert "receivers" not in await checks_of(tmp_path)
    assert (await checks_of(tmp_path, failing, RECEIVER))["receivers"].ok
    found = (await checks_of(tmp_path, away, RECEIVER))["receivers"]
    assert not found.ok
    for told in ("“办公系统”", f"已试 {LONG_AWAY} 次", "HTTP 500", "2026-05-11 17:00", "/api/v1/webhooks"):
        assert told in found.text
