"""A PDF beside each document, where LibreOffice is there."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from adapters.documents.docx_document_store import DocxDocumentStore
from adapters.documents.pdf_printing import NotPrintedError, PdfPrinter
from tests.adapters.documents.conftest import MakePaper

_PRINTS = """#!/bin/sh
while [ "$1" != --outdir ]; do shift; done
out=$2; shift 2
echo $# >> "$(dirname "$0")/starts"
for file in "$@"; do
  case "$(basename "$file")" in
    BROKEN) ;;
    *) { printf '%%PDF'; cat "$file"; } > "$out/$(basename "$file" .docx).pdf" ;;
  esac
done
"""


def program(folder: Path, broken: str = "none") -> str:
    """A program that is called as LibreOffice is, and prints all but one."""
    file = folder / "soffice"
    file.write_text(_PRINTS.replace("BROKEN", broken))
    file.chmod(0o755)
    return str(file)


async def test_each_whole_document_gets_its_pdf_once(tmp_path: Path, make_paper: MakePaper) -> None:
    """A document whose data is not there yet waits; one that is printed is not printed again."""
    papers = tmp_path / "papers"
    store = DocxDocumentStore(papers)
    first, second = [papers / await store.produce(make_paper(number)) for number in (1, 2)]
    second.with_suffix(".json").rename(tmp_path / "later")
    printer = PdfPrinter(papers, program(tmp_path))
    assert await printer.print_new() == 1
    assert first.with_suffix(".pdf").read_bytes() == b"%PDF" + first.read_bytes()
    (tmp_path / "later").rename(second.with_suffix(".json"))
    assert [await printer.print_new(), await printer.print_new()] == [1, 0]


async def test_one_begin_serves_all_who_wait(tmp_path: Path, make_paper: MakePaper) -> None:
    """Letters and the folder ask at once: each gets its own documents' PDFs, in order, and each is printed once."""
    store = DocxDocumentStore(tmp_path / "papers")
    places = [tmp_path / "papers" / await store.produce(make_paper(number)) for number in range(1, 5)]
    documents = [place.read_bytes() for place in places]
    printer = PdfPrinter(tmp_path / "papers", program(tmp_path))
    wanted = [documents[:2], documents[1:], documents[::-1], documents[:1] * 2]
    new, *got = await asyncio.gather(printer.print_new(), *(printer.pdfs(each) for each in wanted))
    assert new == 4
    assert got == [[b"%PDF" + each for each in some] for some in wanted]
    printed = [int(count) for count in (tmp_path / "starts").read_text().split()]
    assert (sum(printed), len(printed) <= 2) == (4, True)


async def test_what_lies_beside_a_document_is_not_taken_for_its_pages(tmp_path: Path, make_paper: MakePaper) -> None:
    """A PDF that somebody changed on the disk goes into no letter: pages are made from the document's own bytes."""
    store = DocxDocumentStore(tmp_path / "papers")
    place = tmp_path / "papers" / await store.produce(make_paper())
    await PdfPrinter(tmp_path / "papers", program(tmp_path)).print_new()
    place.with_suffix(".pdf").write_bytes(b"%PDF forged")
    document = place.read_bytes()
    printer = PdfPrinter(tmp_path / "papers", program(tmp_path))
    assert await printer.pdfs([document]) == [b"%PDF" + document]


async def test_a_document_without_pages_has_none_and_a_program_that_is_gone_is_told(tmp_path: Path) -> None:
    """Whoever sends it sends the document."""
    printer = PdfPrinter(tmp_path, program(tmp_path, broken="1.docx"))
    assert await printer.pdfs([b"one", b"two", b"three"]) == [b"%PDFone", None, b"%PDFthree"]
    assert await printer.pdfs([b"two"]) == [None]
    with pytest.raises(OSError, match="gone"):
        await PdfPrinter(tmp_path, str(tmp_path / "gone")).pdfs([b"one"])


async def test_one_that_cannot_be_printed_stands_in_nobody_s_way(tmp_path: Path, make_paper: MakePaper) -> None:
    """It is tried once; when nothing at all is printed, that is said."""
    store = DocxDocumentStore(tmp_path / "papers")
    for number in (1, 2):
        await store.produce(make_paper(number))
    printer = PdfPrinter(tmp_path / "papers", program(tmp_path, broken="0.docx"))
    assert [await printer.print_new(), await printer.print_new()] == [1, 0]
    with pytest.raises(NotPrintedError):
        await PdfPrinter(tmp_path / "papers", "/bin/true").print_new()
