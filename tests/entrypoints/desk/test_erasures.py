"""What is erased by order: names of those who have left, by two persons at the desk; evidence, and who asks for it."""

from __future__ import annotations

import re

from domain.evidence import EvidenceFile
from domain.record.erasures import ERASURES_STREAM, EVIDENCE_ERASED
from domain.record.own_entries import OwnEntry
from domain.record.recorded_directory import recorded_directory
from tests.entrypoints.desk.conftest import Browsers
from tests.entrypoints.desk.small_office import with_one_who_left

ASKED = {"who": "P0099", "order": "〔2026〕7号"}
PAGE = "/directory/erasures"


async def test_a_name_is_erased_by_two_persons_at_the_desk(fresh: Browsers) -> None:
    """Prepared by a supervisor nothing is erased, nor does he confirm it; an administrator does, and it is told."""
    records = fresh.office.office.records
    await with_one_who_left(fresh.office)
    first, second = await fresh.of("operator"), await fresh.of("administrator")
    assert "陈旧人（P0099）" in (await first.get(PAGE)).text
    for lacks in ("who", "order"):
        assert (await first.post(PAGE, {**ASKED, lacks: ""})).status_code == 400
    assert "还没有离开" in (await first.post(PAGE, {**ASKED, "who": "P0006"})).text
    assert (await first.post(PAGE, ASKED)).status_code == 303
    (path,) = re.findall(r'action="([^"]+/confirm)"', (await second.get(PAGE)).text)
    refused = await first.post(path)
    assert (refused.status_code, "准备人以外" in refused.text) == (400, True)
    assert recorded_directory(records.ledger, records.evidence).persons["P0099"].name == "陈旧人"
    assert (await second.post(path)).status_code == 303
    assert recorded_directory(records.ledger, records.evidence).persons["P0099"].name == "已依令删除"
    page = (await first.get(PAGE)).text
    assert "陈旧人" not in page
    assert "没有已离开而姓名还在的人员" in page
    assert re.search(r"P0099</th><td[^>]*>〔2026〕7号</td><td[^>]*>P0003</td><td[^>]*>P0006</td>", page)
    assert (await second.post(path)).status_code == 400


async def test_what_was_prepared_is_dropped(fresh: Browsers) -> None:
    """Whoever may erase drops it, and nobody confirms it any more."""
    await with_one_who_left(fresh.office)
    first, second = await fresh.of("operator"), await fresh.of("second")
    assert (await first.post(PAGE, ASKED)).status_code == 303
    (path,) = re.findall(r'action="([^"]+)/confirm"', (await second.get(PAGE)).text)
    assert (await second.post(f"{path}/give-up")).status_code == 303
    assert (await second.post(f"{path}/confirm")).status_code == 400
    assert list(fresh.office.office.records.ledger.entries("log/erasures")) == []


async def test_evidence_that_is_gone_says_whether_by_order(fresh: Browsers) -> None:
    """Who may read it hears that it was erased, and by which order, or that it is lost; others hear nothing."""
    own, records = await fresh.of("own"), fresh.office.office.records
    for number, data in enumerate((b"erased", b"lost")):
        await own.post(
            "/duties/2018-05a-01/report-progress",
            {"text": f"见附件{number}", "request_id": f"desk-file-{number}"},
            files={"evidence": ("纪要.pdf", data, "application/pdf")},
        )
        await records.evidence.erase(EvidenceFile.of("x", data).sha256)
    facts = {"sha256": EvidenceFile.of("x", b"erased").sha256, "order": "〔2026〕2号", "by": "甲", "confirmed_by": "乙"}
    await records.own_streams.append_own(OwnEntry(ERASURES_STREAM, EVIDENCE_ERASED, facts))
    for data, told in ((b"erased", "已依“〔2026〕2号”删除"), (b"lost", "从备份恢复")):
        path = f"/duties/2018-05a-01/evidence/{EvidenceFile.of('x', data).sha256}"
        answer = await own.get(path)
        assert (answer.status_code, told in answer.text) == (404, True), answer.text
        assert told not in (await (await fresh.of("other")).get(path)).text
