"""Offices that issue together, and who signed what goes up: after GB/T 9704-2012, 7.2.4 to 7.2.6 and 7.3.5."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
import pdfplumber
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH

from adapters.documents.docx_document_store import DocxDocumentStore
from adapters.documents.office_templates import UnknownPaperError, read_templates, write_built_in
from adapters.documents.official_layout import document_bytes
from adapters.documents.pdf_printing import PdfPrinter, printing_program
from application.settings import Settings, settings_of_copy
from domain.papers.mail import Digest
from entrypoints.bootstrap.documents import begin_templates, documents_of
from tests.adapters.documents.conftest import MakePaper

TWO, FOUR = "市委督查室、市人民政府督查室", "市委督查室、市人大常委会办公室、市政府督查室、市政协办公室"
RED: dict[str, Any] = {
    "kind": "escalation_order",
    "level": "red",
    "to": "主要领导",
    "copies_to": ("组织部",),
    "body": "至今未办结。现发红色督办单，提请主要领导督促办理。",
}
_POINT = 25.4 / 72


def opened(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


def said(document: Any) -> list[str]:
    """Every text of a document, those of its tables behind the others, without what is empty."""
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    paragraphs = [*document.paragraphs, *(each for cell in cells for each in cell.paragraphs)]
    return [each.text for each in paragraphs if each.text]


def test_offices_that_issue_together_stand_in_their_order_at_both_ends(make_paper: MakePaper) -> None:
    """Marks as wide as one another, a name for each seal, the last over the date; the first one prints."""
    document = opened(document_bytes(make_paper(), TWO))
    first, second = TWO.split("、")
    marks = document.paragraphs[:2]
    assert [mark.text for mark in marks] == [first, second]
    assert {mark.alignment for mark in marks} == {WD_ALIGN_PARAGRAPH.DISTRIBUTE}
    signature, imprint = document.tables[0], document.tables[-1]
    assert [cell.text for cell in signature.rows[-1].cells] == [first, f"{second}\n2018年6月4日"]
    assert [cell.text for cell in imprint.rows[-1].cells] == [first, "2018年6月4日印发"]


@pytest.mark.parametrize(
    ("changes", "signed"),
    [
        (RED, True),
        (RED | {"kind": "limit_escalation", "level": None, "to": "分管领导（王伟）"}, True),
        (RED | {"level": "blue", "to": "组织部主要负责人"}, False),
        (RED | {"to": "组织部", "copies_to": ()}, False),
        ({}, False),
    ],
)
def test_who_signed_stands_beside_the_number_of_what_goes_up(
    make_paper: MakePaper, changes: dict[str, Any], signed: bool
) -> None:
    """What goes to a leader, and not to the head of the department that is late."""
    document = opened(document_bytes(make_paper(**changes), "督查室", signers="李明"))
    assert ("签发人：李明" in said(document)) is signed
    # Without him the number stands in the middle, as it does in whatever goes down.
    number = [each for each in document.paragraphs if each.text.endswith("〕3号")]
    assert [each.alignment for each in number] == [] if signed else [WD_ALIGN_PARAGRAPH.CENTER]


def test_nobody_s_name_has_no_heading(make_paper: MakePaper) -> None:
    """Where no signer is set, nothing is said of one."""
    assert [text for text in said(opened(document_bytes(make_paper(**RED), TWO))) if "签发" in text] == []


async def test_what_a_department_issues_bears_none_of_the_office_s_signers(
    make_paper: MakePaper, tmp_path: Path
) -> None:
    """It is one office's, whoever else issues together, on an office's own template too."""
    write_built_in(tmp_path / "own", TWO, signers="李明、王建国")
    for own in ({}, read_templates(tmp_path / "own")):
        store = DocxDocumentStore(tmp_path / f"papers-{bool(own)}", TWO, templates=own, signers="李明、王建国")
        places = [await store.produce(make_paper(n, **RED, issuer=who)) for n, who in ((3, None), (4, "市教育局"))]
        ours, theirs = (said(opened((tmp_path / f"papers-{bool(own)}" / place).read_bytes())) for place in places)
        assert "签发人：李　明　王建国" in ours
        assert not [text for text in theirs if "签发" in text or "督查室" in text]
        assert theirs.count("市教育局") == 3


@pytest.mark.parametrize("joint", ["督办单", "督办单（红色）、通报", "Escalation Order (red)、Bulletin"])
async def test_only_what_the_office_names_is_issued_together(joint: str, make_paper: MakePaper, tmp_path: Path) -> None:
    """All offices and signers stand on it, the first ones alone on the rest; on own templates too."""
    settings = Settings(issuer=TWO, signers="李明、王建国", joint_papers=joint)
    begin_templates(settings, tmp_path / "own")
    for own in (None, tmp_path / "own"):
        papers = tmp_path / f"papers-{bool(own)}"
        store = documents_of(settings.model_copy(update={"templates": own}), papers)
        up = {"to": "主要领导", "kind": "limit_escalation", "level": None}
        places = [await store.produce(each) for each in (make_paper(3, **RED), make_paper(4, **RED | up))]
        order, report = (said(opened((papers / place).read_bytes())) for place in places)
        first, second = TWO.split("、")
        assert "签发人：李　明　王建国" in order
        assert (order.count(first), order.count(second)) == (3, 2), "mark and signature of both, imprint of one"
        assert "签发人：李明" in report
        assert (report.count(first), report.count(second)) == (3, 0)
        items = (make_paper(5), make_paper(6))
        morning = Digest(digest_id="组织部/2018-06-04T090000", addressee="组织部", items=items)
        place = await store.produce_digest(morning, items[0].paper.issued_at)
        assert second not in said(opened((papers / str(place)).read_bytes()))


def test_a_paper_that_no_office_issues_cannot_be_issued_together(tmp_path: Path) -> None:
    """The sentence names the setting and what papers there are."""
    with pytest.raises(UnknownPaperError, match=r"DUBAN_JOINT_PAPERS 里的“红头单”不是文书名称.*督办单（红色）"):
        documents_of(Settings(issuer=TWO, joint_papers="督办单、红头单"), tmp_path)


def test_an_own_template_names_all_offices_wherever_it_names_one(make_paper: MakePaper, tmp_path: Path) -> None:
    """Alone in its paragraph the field comes again for each; inside a line they stand beside one another."""
    write_built_in(tmp_path, "督查室")
    file = tmp_path / "催办单.docx"
    document = docx.Document(str(file))
    document.add_paragraph("{{发文机关}}联合印发")
    document.save(str(file))
    texts = said(opened(document_bytes(make_paper(), TWO, "", read_templates(tmp_path)["催办单"])))
    assert texts[:2] == TWO.split("、")
    assert f"{TWO.replace('、', ' ')}联合印发" in texts


def test_a_copy_s_offices_all_bear_its_mark() -> None:
    """No name of a rehearsal stands for the office's own."""
    settings = Settings(issuer=TWO)
    assert settings_of_copy(settings, Path("copy")).issuer == "市委督查室（演练）、市人民政府督查室（演练）"


@pytest.mark.skipif(printing_program() is None, reason="LibreOffice is not installed")
async def test_four_offices_as_they_are_shown(make_paper: MakePaper, tmp_path: Path) -> None:
    """The number stands in the line of the last names, seals of 42 mm have room, and all is between the margins."""
    content = document_bytes(make_paper(**RED), FOUR, signers="李明、王建国、赵四、钱文")
    (pdf,) = await PdfPrinter(tmp_path, printing_program() or "").pdfs([content])
    assert pdf is not None
    words = [word for page in pdfplumber.open(io.BytesIO(pdf)).pages for word in page.extract_words()]
    assert _under("王建国", words) == _under("签发人：李", words) < _under("督办〔2018〕3", words)
    assert _under("督办〔2018〕3", words) == _under("赵", words)
    names = [word for word in words if word["text"] in FOUR.split("、") and word["bottom"] - word["top"] < 20]
    assert len(names) >= 4
    one, other, below = names[0], names[1], names[2]
    assert (other["x0"] + other["x1"] - one["x0"] - one["x1"]) / 2 * _POINT > 42
    assert (below["top"] - one["top"]) * _POINT > 42
    assert all(word["x0"] * _POINT > 27.5 and word["x1"] * _POINT < 184.5 for word in words)


def _under(text: str, words: Sequence[dict[str, Any]]) -> int:
    bottoms = [float(word["bottom"]) for word in words if word["text"].startswith(text)]
    return round(bottoms[0])
