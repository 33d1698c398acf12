"""An auditor at the desk: the record verified with its verdict, the bundle taken away, one entry's receipt."""

from __future__ import annotations

import asyncio
import io
import tarfile
from pathlib import Path

import pytest

from application.desk_work import verification
from bench.patience import PATIENCE_SECONDS
from domain.record.ledger_errors import LedgerForkError
from tests.entrypoints.desk.conftest import Browsers


async def test_the_record_is_verified_and_the_page_says_which_of_three_verdicts(
    fresh: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each step with its result, and what was found in it; that somebody read is on record."""
    # In this process: what another one computes is the verifier's own affair, and takes seconds to begin.
    monkeypatch.setattr(verification, "ProcessPoolExecutor", lambda *_a, **_k: _Here())
    browser = await fresh.of("auditor")
    assert "还没有核验过" in (await browser.get("/verification")).text
    assert (await browser.post("/verification")).status_code == 303
    (task,) = asyncio.all_tasks() - {asyncio.current_task()} - _others()
    await asyncio.wait_for(task, PATIENCE_SECONDS)
    page = (await browser.get("/verification")).text
    # Nobody issued these projects: they were put into the record.
    assert "台账已被改动" in page
    assert "不是由已下达的清单启动的" in page
    assert ">通过</td>" in page
    assert "引擎没有应答" in page
    reads = [entry for entry in fresh.office.office.records.ledger.entries() if entry.type == "ledger.read"]
    assert len(reads) == 1


class _Here:
    """Runs what another process would, here."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_error: object) -> None:
        return None


def _others() -> set[asyncio.Task[object]]:
    return {task for task in asyncio.all_tasks() if "_followed" not in repr(task.get_coro())}


async def test_a_ledger_that_was_changed_is_a_verdict(fresh: Browsers, monkeypatch: pytest.MonkeyPatch) -> None:
    """A head that does not fit what was signed: changed, with the sentence; no second one beside one that goes on."""
    browser = await fresh.of("auditor")
    log, going_on = fresh.office.office.records.log, asyncio.Event()

    async def forked() -> None:
        await going_on.wait()
        raise LedgerForkError(size=3, detail="开头与签过的校验值不同")

    monkeypatch.setattr(type(log), "seal", lambda _self: forked())
    await browser.post("/verification")
    assert "正在核验" in (await browser.get("/verification")).text
    assert "另一次核验还在进行" in (await browser.post("/verification")).text
    (task,) = asyncio.all_tasks() - {asyncio.current_task()} - _others()
    going_on.set()
    await asyncio.wait_for(task, PATIENCE_SECONDS)
    page = (await browser.get("/verification")).text
    assert "台账已被改动" in page
    assert "开头与签过的校验值不同" in page


async def test_a_bundle_and_a_receipt_are_taken_away(fresh: Browsers, tmp_path: Path) -> None:
    """The bundle is what the verifier reads; a receipt names its entry; an unknown entry is said at the field."""
    browser = await fresh.of("auditor")
    bundle = await browser.get("/verification/bundle.tar")
    with tarfile.open(fileobj=io.BytesIO(bundle.content)) as packed:
        assert any("checkpoint" in name for name in packed.getnames())
    receipt = await browser.get("/verification/receipt?event=key-project/2018/05a%233")
    assert receipt.headers["content-disposition"].startswith("attachment")
    assert "key-project/2018/05a#3" in receipt.text or "c2sp.org" in receipt.text
    unknown = await browser.get("/verification/receipt?event=key-project/2018/99%231")
    assert unknown.status_code == 400
    assert 'href="#field-event"' in unknown.text
    del tmp_path
