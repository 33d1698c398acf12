"""A PDF beside each document, where LibreOffice is there."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from adapters.documents.docx_document_store import DocxDocumentStore
from adapters.documents.pdf_printing import PdfPrinter
from tests.adapters.documents.conftest import MakePaper

_PRINTS = """#!/bin/sh
given=$#
while [ "$1" != --outdir ]; do shift; done
out=$2; shift 2
echo $# >> "$(dirname "$0")/starts"
dropped=$((given - 254))
for file in "$@"; do
  [ "$dropped" -ge $# ] && exit 0
  dropped=$((dropped + 1))
  case "$(head -c 6 "$file")" in
    broken) ;;
    deadly) exit 1 ;;
    *) { printf '%%PDF'; cat "$file"; } > "$out/$(basename "$file" .docx).pdf" ;;
  esac
done
"""


def program(folder: Path) -> str:
    """A program that is called as LibreOffice is: it takes 254 words, makes no PDF of what is broken, and ends at what
    is deadly."""
    file = folder / "soffice"
    file.write_text(_PRINTS)
    file.chmod(0o755)
    return str(file)


def starts(folder: Path) -> list[int]:
    """How many documents each start had."""
    return [int(count) for count in (folder / "starts").read_text().split()]


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
    printed = starts(tmp_path)
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
    printer = PdfPrinter(tmp_path, program(tmp_path))
    assert await printer.pdfs([b"one", b"broken", b"three"]) == [b"%PDFone", None, b"%PDFthree"]
    assert await printer.pdfs([b"broken"]) == [None]
    with pytest.raises(OSError, match="gone"):
        await PdfPrinter(tmp_path, str(tmp_path / "gone")).pdfs([b"one"])


async def test_a_document_that_stops_the_program_costs_no_other_one_its_pages(tmp_path: Path) -> None:
    """Those behind it are printed in another start; two that stop it one after the other are no reason to give up."""
    documents = [b"one", b"deadly 1", b"two", b"three", b"broken", b"four"]
    expected = [b"%PDFone", None, b"%PDFtwo", b"%PDFthree", None, b"%PDFfour"]
    assert await PdfPrinter(tmp_path, program(tmp_path)).pdfs(documents) == expected
    assert starts(tmp_path) == [6, 1, 4, 1]
    assert await PdfPrinter(tmp_path, program(tmp_path)).pdfs([b"deadly 1", b"deadly 2", b"one"]) == [
        *(None, None),
        b"%PDFone",
    ]


async def test_a_program_that_prints_nothing_is_not_started_for_each_document(tmp_path: Path) -> None:
    """After three rounds without a page it is the program that is at fault."""
    documents = [f"deadly {number}".encode() for number in range(40)]
    assert await PdfPrinter(tmp_path, program(tmp_path)).pdfs(documents) == [None] * 40
    assert starts(tmp_path) == [40, 1, 39, 1, 38, 1]


async def test_one_that_cannot_be_printed_stands_in_nobody_s_way_and_is_named(
    tmp_path: Path, make_paper: MakePaper
) -> None:
    """It is tried once; where nothing at all is printed, no more is tried, and that is said too."""
    papers = tmp_path / "papers"
    store = DocxDocumentStore(papers)
    first, *_ = [papers / await store.produce(make_paper(number)) for number in range(1, 51)]
    first.write_bytes(b"broken")
    printer = PdfPrinter(papers, program(tmp_path))
    printed, (fault,) = await printer.print_all()
    assert (printed, fault.files, fault.printed) == (49, (first.stem,), 39)
    assert f"没有转出 PDF：{first.stem}。" in str(fault)
    assert await printer.print_new() == 0
    printed, (fault,) = await PdfPrinter(papers, "/bin/true").print_all()
    assert (printed, fault.files) == (0, (first.stem,))
    for file in papers.rglob("*.pdf"):
        file.unlink()
    printed, (fault,) = await PdfPrinter(papers, "/bin/true").print_all()
    assert (printed, len(fault.files)) == (0, 40)
    assert "等40份" in str(fault)


async def test_more_papers_than_one_start_takes_all_get_their_pages(tmp_path: Path) -> None:
    """What LibreOffice's starter drops of its command without a word was no document of ours."""
    documents = [f"document {number}".encode() for number in range(320)]
    made = await PdfPrinter(tmp_path, program(tmp_path)).pdfs(documents)
    assert made == [b"%PDF" + each for each in documents]
    assert starts(tmp_path) == [40] * 8
