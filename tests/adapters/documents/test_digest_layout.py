"""The one paper of a morning."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path

import docx

from adapters.documents.docx_document_store import DocxDocumentStore
from domain.clock import OFFICE_TIME
from domain.papers.mail import Digest
from tests.adapters.documents.conftest import MakePaper

MORNING = datetime(2018, 6, 4, 9, 0, tzinfo=OFFICE_TIME)


async def test_a_morning_of_36_papers_is_one_table(tmp_path: Path, make_paper: MakePaper) -> None:
    """A line for each paper with its number, what is urgent on top, copies named; twice produced it is the same."""
    items = [make_paper(number, to="分管领导") for number in range(1, 35)]
    items += [make_paper(35, kind="escalation_order", level="red", to="分管领导"), make_paper(36, to="组织部")]
    digest = Digest(digest_id="分管领导/2018-06-04T090000", addressee="分管领导", items=tuple(items))
    store = DocxDocumentStore(tmp_path, "督查室", "李明")

    place = await store.produce_digest(digest, MORNING)
    assert place == "digests/分管领导/2018-06-04T090000.docx"
    before = (tmp_path / place).read_bytes()
    assert await store.produce_digest(digest, MORNING) == place
    assert (tmp_path / place).read_bytes() == before

    document = docx.Document(str(tmp_path / place))
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    # No page has a signature and nothing of the text above it.
    behind = document.tables[0]._tbl.getnext()
    assert (behind.xpath("string()"), bool(behind.xpath("w:pPr/w:keepNext"))) == ("请逐件办理，一并签收。", True)
    assert len(rows) == 37
    # The day of the list's own year needs no year: the room is the items'.
    assert not any(row[3].startswith("2018年") for row in rows)
    assert any(row[3].endswith("日") for row in rows)
    assert rows[1][:3] == ["1", "督办单（红色）\n督办〔2018〕35号", "第5项　配备挂兼职干部：组织暑期见习"]
    assert rows[-1][1] == "催办单（抄送）\n催办〔2018〕36号"
    assert {row[1].split("\n")[1] for row in rows[1:]} == {numbered.number for numbered in items}


async def test_a_leader_reads_of_whom_each_line_tells(tmp_path: Path, make_paper: MakePaper) -> None:
    """Two departments late with their receipts of one row are two lines that differ."""
    late = {"kind": "limit_escalation", "to": "分管领导", "item": None, "milestone_id": None}
    items = tuple(make_paper(n, **late, copies_to=(who,)) for n, who in ((1, "组织部"), (2, "学校部")))
    digest = Digest(digest_id="分管领导/2018-06-04T090000", addressee="分管领导", items=items)
    place = await DocxDocumentStore(tmp_path).produce_digest(digest, MORNING)
    rows = docx.Document(str(tmp_path / str(place))).tables[0].rows[1:]
    assert [row.cells[2].text[-5:] for row in rows] == ["（组织部）", "（学校部）"]


async def test_a_morning_s_list_carries_the_ledger_s_head(tmp_path: Path, make_paper: MakePaper) -> None:
    """In a line at its end: whoever keeps the paper is a witness. Without a head no label stands alone."""
    digest = Digest(digest_id="组织部/2018-06-04T090000", addressee="组织部", items=(make_paper(1), make_paper(2)))
    for head, told in (("duban 12 abc=", ["duban 12 abc="]), ("", [])):
        store = DocxDocumentStore(tmp_path / str(len(head)), head=partial(str, head))
        place = tmp_path / str(len(head)) / str(await store.produce_digest(digest, MORNING))
        lines = [each.text for each in docx.Document(str(place)).paragraphs if "台账校验值" in each.text]
        assert [line.split("：")[1] for line in lines] == told


async def test_one_paper_alone_needs_no_list(tmp_path: Path, make_paper: MakePaper) -> None:
    """A single item is its own paper."""
    digest = Digest(digest_id="组织部/2018-06-04T090000", addressee="组织部", items=(make_paper(1),))
    assert await DocxDocumentStore(tmp_path).produce_digest(digest, MORNING) is None
    assert not (tmp_path / "digests").exists()
