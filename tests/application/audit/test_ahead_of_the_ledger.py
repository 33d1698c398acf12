"""Which runs know what no ledger has, as the doctor asks them."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from application.audit import engine_findings
from application.audit.engine_findings import ahead_of_the_ledger
from application.audit.kept_histories import Archive
from domain.errors import ProjectUnavailableError

KNOWN = {"2018-01": 5, "2018-02": 4}


class Engine:
    """An engine of which one project fails and one never answers."""

    async def state(self, project_id: str) -> Any:
        """A state, as far as it is asked for."""
        if project_id == "fails":
            raise ProjectUnavailableError("没有应答", project_id=project_id)
        if project_id == "silent":
            await asyncio.Event().wait()
        return SimpleNamespace(next_seq=KNOWN[project_id])


async def test_what_does_not_answer_hides_no_project_that_is_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not waited for; the one whose run has an entry more is told, with the newer ledger to be found first."""
    monkeypatch.setattr(engine_findings, "_ASKED_FOR_SECONDS", 0.01)
    monkeypatch.setattr(engine_findings, "known_state", lambda *_: SimpleNamespace(next_seq=4))
    archive = cast(Archive, SimpleNamespace(engine=Engine(), ledger=None))
    told = await ahead_of_the_ledger(archive, ["silent", "fails", *KNOWN])
    assert list(told) == ["2018-01"]
    assert "先找回新的台账" in told["2018-01"].text
