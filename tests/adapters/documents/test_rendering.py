"""Papers as LibreOffice shows them, in millimetres on the page; where it is not installed, nothing is shown."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pdfplumber
import pytest
from pdfplumber.page import Page

from adapters.documents.docx_document_store import DocxDocumentStore
from adapters.documents.pdf_printing import PdfPrinter, printing_program
from domain.papers.paper import DOCUMENT_KINDS, NumberedPaper
from tests.adapters.documents.busy_year import papers_of, real_projects

pytestmark = pytest.mark.skipif(printing_program() is None, reason="LibreOffice is not installed")

ISSUER, CONTACT = "某某市人民政府办公室督查室", "张华，电话：0570-3081234"
_LEFT, _RIGHT, _TOP, _BOTTOM = 28.0, 184.0, 37.0, 262.0
_MOST_EMPTY = 0.4
"""A form, or a table's last row with a sentence and the signature, goes to the next page whole."""
_MANY = "抄送很多"
_OWN_SHEET, _TABLES = ("督记", "督结"), ("督通", "结转")
_POINT = 25.4 / 72


class Sheet(NamedTuple):
    """A page: the lines of its text with their lower edges, the rules, how far all of it goes to either side, and what
    the cells of its tables say."""

    lines: list[tuple[str, float]]
    rules: list[float]
    sides: tuple[float, float]
    cells: list[str]

    @property
    def end(self) -> float:
        """Where what stands between the margins ends."""
        return max([self.rules[-1] if self.rules else 0.0, *(bottom for _, bottom in self.lines)])


Shown = dict[str, list[Sheet]]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """The longest and the shortest paper of each kind and colour, by its number, printed as a worker prints them."""
    kinds: dict[tuple[str, str], list[NumberedPaper]] = {}
    for each in papers_of(real_projects()[::5]):
        if each.paper.kind in DOCUMENT_KINDS:
            kinds.setdefault((each.paper.kind, each.paper.level or ""), []).append(each)
    assert {kind for kind, _ in kinds} == DOCUMENT_KINDS
    ordered = [sorted(found, key=lambda each: len(each.paper.body)) for found in kinds.values()]
    many = ordered[0][0]
    copies = tuple(f"第{number}责任部门" for number in range(30))
    many = many.model_copy(update={"number": _MANY, "paper": many.paper.model_copy(update={"copies_to": copies})})
    chosen = {each.number: each for found in ordered for each in (found[0], found[-1])}
    orders = kinds["supervision_order", ""]
    first = [each for each in orders if each.paper.body.startswith("《")]
    chosen |= {each.number: each for each in (*first, *kinds["closing_notice", ""])}
    later = next(each for each in orders if any(duty.due.startswith("2019年") for duty in each.paper.duties or ()))
    chosen[later.number] = later
    folder = tmp_path_factory.mktemp("papers")
    return asyncio.run(_printed(folder, [*chosen.values(), many]))


async def _printed(folder: Path, papers: list[NumberedPaper]) -> Shown:
    store, program = DocxDocumentStore(folder, ISSUER, CONTACT), printing_program()
    assert program is not None
    places = {each.number: folder / await store.produce(each) for each in papers}
    printer = PdfPrinter(folder, program)
    while await printer.print_new():
        pass
    return {number: list(_sheets(file.with_suffix(".pdf"))) for number, file in places.items()}


def _sheets(file: Path) -> Iterator[Sheet]:
    with pdfplumber.open(file) as document:
        for page in document.pages:
            yield _sheet(page)


def _sheet(page: Page) -> Sheet:
    lines = [(line["text"], line["bottom"] * _POINT) for line in page.extract_text_lines()]
    rules = sorted(each["bottom"] * _POINT for each in (*page.rects, *page.lines))
    inked = [letter for letter in page.chars if letter["text"].strip()]
    sides = (min(each["x0"] for each in inked) * _POINT, max(each["x1"] for each in inked) * _POINT)
    # The number of the page stands below.
    cells = [cell for table in page.extract_tables() for row in table for cell in row if cell]
    return Sheet([line for line in lines if not line[0].startswith("—")], rules, sides, cells)


def test_the_imprint_stands_at_the_foot_of_the_last_page(shown: Shown) -> None:
    """Its last rule on the bottom line of the text's area, there and nowhere else, however many get a copy."""
    for number, sheets in shown.items():
        *before, last = sheets
        assert abs(last.rules[-1] - _BOTTOM) < 1, number
        assert last.lines[-1][0].startswith(ISSUER), number
        assert last.lines[-1][0].endswith("日印发"), number
        assert not [line for sheet in before for line, _ in sheet.lines if line.endswith("印发")], number


def test_long_copies_go_on_under_their_first_name(shown: Shown) -> None:
    """Several lines of them stand above the printer's line, and within the margins."""
    last = shown[_MANY][-1]
    first = next(place for place, (line, _) in enumerate(last.lines) if line.startswith("抄送："))
    assert len(last.lines) - first > 5
    assert last.lines[-2][0].endswith("第29责任部门。")


def test_no_letter_stands_outside_the_margins(shown: Shown) -> None:
    """156 mm between them, on every page."""
    for number, sheets in shown.items():
        for sheet in sheets:
            assert sheet.sides[0] > _LEFT - 0.5, number
            assert sheet.sides[1] < _RIGHT + 0.5, number
            assert sheet.end < _BOTTOM + 1, number


def test_no_page_before_the_last_is_left_empty(shown: Shown) -> None:
    """What is kept together is short: a form, or the last words with the signature."""
    ends = {number: [round(sheet.end) for sheet in sheets[:-1]] for number, sheets in shown.items() if number != _MANY}
    least = _BOTTOM - _MOST_EMPTY * (_BOTTOM - _TOP)
    assert {number: found for number, found in ends.items() if min(found, default=_BOTTOM) < least} == {}


def test_a_signature_stands_under_some_text_and_an_imprint_not_alone(shown: Shown) -> None:
    """No page begins with the office's name, and none has the imprint and nothing above it."""
    for number, sheets in shown.items():
        for sheet in sheets:
            assert sheet.lines[0][0] != ISSUER or sheet is sheets[0], number
            assert not sheet.lines[0][0].startswith(("抄送：", f"{ISSUER} ")), number


def test_a_sentence_and_a_signature_under_a_table_have_a_row_of_it_above_them(shown: Shown) -> None:
    """No second page is `特此通知。` and a name: the table goes on there."""
    last = {number: sheets[-1].lines[0][0] for number, sheets in shown.items() if number.startswith(_TABLES)}
    assert {number: line for number, line in last.items() if not line.startswith(("序号", ISSUER))} == {}
    assert sum(line.startswith("序号") for line in last.values()) > 1


def test_a_form_stands_whole_on_one_page(shown: Shown) -> None:
    """Whoever fills it in gives back one sheet, which says which paper it answers."""
    parts = {number: [bool(_form_of(sheet)) for sheet in sheets] for number, sheets in shown.items()}
    assert {number: found for number, found in parts.items() if sum(found) > 1} == {}
    kinds = {number.partition("〔")[0] for number, found in parts.items() if any(found)} - {_MANY}
    assert kinds == {"催办", "督办", "督记", "退办", "超报", "督结", "批示"}


def test_an_order_s_receipt_stands_under_its_signature(shown: Shown) -> None:
    """It has no number of its own: whoever signs it sees on the same page what he signs."""
    orders = [sheets for number, sheets in shown.items() if number.startswith("督通")]
    for lines in ([line for line, _ in sheets[-1].lines] for sheets in orders):
        signed = next(place for place, line in enumerate(lines) if line.startswith("签收人及日期"))
        assert lines[signed - 1].startswith("（联系人：")
    assert orders


def test_half_of_the_first_orders_and_of_the_notices_of_a_year_s_end_have_one_page(shown: Shown) -> None:
    """A table of some duties, the signature and the receipt under it stand on it together."""
    pages = {kind: [len(sheets) for number, sheets in shown.items() if number.startswith(kind)] for kind in _TABLES}
    assert [kind for kind, found in pages.items() if found.count(1) < len(found) / 2] == []


def test_a_date_in_a_table_stands_in_one_line(shown: Shown) -> None:
    """Whatever the font's digits, and of another year too."""
    cells = [(number, cell) for number, sheets in shown.items() for sheet in sheets for cell in sheet.cells]
    assert [each for each in cells if re.search(r"\d+\n?年?\d*\n\d*月?\n?\d*日$", each[1])] == []
    assert any(re.fullmatch(r"2019年\d+月\d+日", cell.replace(" ", "")) for _, cell in cells)


def test_a_form_stands_on_the_first_page_where_that_has_room_for_it(shown: Shown) -> None:
    """Most orders have one page. What is filled in at length has a sheet of its own."""
    for number, sheets in shown.items():
        *before, last = sheets
        if not before or number.startswith(_OWN_SHEET) or last.lines[0][0] != _form_of(last):
            continue
        imprint = next(bottom for line, bottom in last.lines if line.startswith(("抄送：", f"{ISSUER} ")))
        form = max(rule for rule in last.rules if rule < imprint - 7) - _TOP
        assert before[-1].end + form + (_BOTTOM - imprint + 7) > _BOTTOM - 3, number
    assert {len(sheets) for number, sheets in shown.items() if number.startswith("督办")} == {1, 2}


def _form_of(sheet: Sheet) -> str:
    """The title of the form on a page; none where there is no form."""
    return next((line for line, _ in sheet.lines if re.match(r"(反馈单|签收|督查记录)（", line)), "")
