"""Papers that went out: whoever reads whole projects reads them, and their documents are had as they were issued."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from domain.clock import office_minute
from domain.ids import supervision_workflow_id
from domain.ports.outbox import OutboxItem
from entrypoints.bootstrap.documents import documents_of
from entrypoints.desk.project_tables import paper_address
from tests.entrypoints.desk.conftest import Browsers
from tests.entrypoints.desk.small_office import NOW, OWN
from tests.entrypoints.desk.test_year_pages import exported, shown_rows

PROJECT = "2018-05a"


async def _sent(browsers: Browsers) -> tuple[OutboxItem, Path]:
    """The project's order, sent to its lead with a document; and the document's file."""
    office = browsers.office.office
    records, settings = office.records, office.settings
    documents = documents_of(settings, settings.papers_folder)
    digest = await records.outbox.claim(OWN, f"{OWN}/1", NOW)
    order = next(each for each in records.outbox.papers(supervision_workflow_id(PROJECT)) if each in digest.items)
    place = await documents.produce(order)
    await records.outbox.settle(digest, NOW, await documents.kept(place))
    return records.outbox.items_of([order.paper.paper_id], OWN)[0], settings.papers_folder / place


@pytest.mark.parametrize("account", ["operator", "auditor", "leader"])
async def test_who_reads_whole_projects_reads_a_paper_of_theirs(fresh: Browsers, account: str) -> None:
    """From the project's page and its history: what it says, to whom it went and when, who opened it; and its file."""
    item, _file = await _sent(fresh)
    paper_id = item.numbered.paper.paper_id
    await (await fresh.of("own")).get(f"/papers/one?id={quote(paper_id, safe='')}")
    browser, address = await fresh.of(account), paper_address(paper_id)
    assert (await browser.get(f"/projects/{PROJECT}")).text.count(f'href="{address}"') == 2
    page = (await browser.get(address)).text
    assert item.numbered.number in page
    assert item.numbered.paper.body in page
    heads, *rows = await exported(browser, f"{address}/recipients")
    assert heads == ["收件方", "到了哪里", "发出时间", "未发原因", "阅读人", "阅读时间"]
    at = office_minute(NOW)
    assert [row for row in rows if row[0] == OWN] == [[OWN, "已发出", at, "", "张三", at]]
    assert shown_rows(page, "收件方") == [heads, *rows]
    assert f'href="{address}.docx"' in page


async def test_a_document_is_given_out_as_it_was_issued_or_not_at_all(fresh: Browsers) -> None:
    """To the section and to its addressee, under its number; one that is gone or was changed is refused in words."""
    item, file = await _sent(fresh)
    address = f"{paper_address(item.numbered.paper.paper_id)}.docx"
    own = f"/papers/one.docx?id={quote(item.numbered.paper.paper_id, safe='')}"
    operator, department, other = [await fresh.of(each) for each in ("operator", "own", "other")]
    issued = file.read_bytes()
    for browser, path in ((operator, address), (department, own)):
        answer = await browser.get(path)
        assert answer.content == issued
        assert quote(f"{item.numbered.number}.docx", safe="") in answer.headers["content-disposition"]
        assert answer.headers["cache-control"] == "no-store"
    assert (await other.get(own)).status_code == 404
    for change in (lambda: file.write_bytes(issued + b" "), file.unlink):
        change()
        for browser, path in ((operator, address), (department, own)):
            refused = await browser.get(path)
            assert refused.status_code == 409
            assert f"{item.numbered.number}的 Word 文件不在这台机器上，或与台账记录的不一样" in refused.text
            assert f'href="{path.replace(".docx", "")}"' in refused.text, "the way back to what the paper says"


async def test_a_paper_that_waits_is_read_and_has_no_document_yet(fresh: Browsers) -> None:
    """Before its morning an order can be read by the section, as waiting; of a number without a paper there is none."""
    operator = await fresh.of("operator")
    outbox = fresh.office.office.records.outbox
    first = outbox.papers(supervision_workflow_id(PROJECT))[0]
    address = paper_address(first.paper.paper_id)
    page = (await operator.get(address)).text
    assert "等候发出" in page
    assert "下载 Word 文件" not in page
    for path in (f"{address}.docx", f"/projects/{PROJECT}/papers/9999", "/projects/2018-99/papers/1"):
        assert (await operator.get(path)).status_code == 404
