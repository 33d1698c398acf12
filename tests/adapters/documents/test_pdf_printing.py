"""A PDF beside each document, where LibreOffice is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.documents.docx_document_store import DocxDocumentStore
from adapters.documents.pdf_printing import NotPrintedError, PdfPrinter
from tests.adapters.documents.conftest import MakePaper

_PRINTS = """#!/bin/sh
while [ "$1" != --outdir ]; do shift; done
out=$2; shift 2
for file in "$@"; do
  case "$(basename "$file")" in BROKEN) ;; *) printf '%%PDF' > "$out/$(basename "$file" .docx).pdf" ;; esac
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
    assert first.with_suffix(".pdf").read_bytes() == b"%PDF"
    (tmp_path / "later").rename(second.with_suffix(".json"))
    assert [await printer.print_new(), await printer.print_new()] == [1, 0]


async def test_one_that_cannot_be_printed_stands_in_nobody_s_way(tmp_path: Path, make_paper: MakePaper) -> None:
    """It is tried once; when nothing at all is printed, that is said."""
    store = DocxDocumentStore(tmp_path / "papers")
    for number in (1, 2):
        await store.produce(make_paper(number))
    printer = PdfPrinter(tmp_path / "papers", program(tmp_path, broken="0.docx"))
    assert [await printer.print_new(), await printer.print_new()] == [1, 0]
    with pytest.raises(NotPrintedError):
        await PdfPrinter(tmp_path / "papers", "/bin/true").print_new()
