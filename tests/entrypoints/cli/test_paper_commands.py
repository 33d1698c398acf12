"""`duban paper pdf`: what could not be printed is named, and the command says so by its status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.adapters.documents.test_pdf_printing import program
from tests.entrypoints.cli.conftest import Duban


@pytest.fixture
def papers(somewhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two papers of a data folder, one of them broken, and a program that prints the other."""
    program(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("DUBAN_PDF", "auto")
    monkeypatch.setenv("DUBAN_DATA", str(somewhere))
    folder = somewhere / "papers"
    folder.mkdir(parents=True)
    for number, content in (("催办〔2018〕1号", "good"), ("催办〔2018〕2号", "broken")):
        (folder / f"{number}.docx").write_text(content)
        (folder / f"{number}.json").write_text("{}")
    return folder


def test_what_could_not_be_printed_is_named(papers: Path, duban: Duban) -> None:
    """The other paper has its PDF; the sentence says which has none and what to do."""
    answer = duban("paper", "pdf")
    assert (answer.status, (papers / "催办〔2018〕1号.pdf").read_text()) == (1, "%PDFgood")
    assert "已转出 1 份 PDF" in answer.out
    assert "没有转出 PDF：催办〔2018〕2号。" in answer.out.replace("\n", "")


def test_a_program_reads_which_could_not_be_printed(papers: Path, duban: Duban) -> None:
    """One document, and the same status; without the broken one all is well."""
    answer = duban("paper", "pdf", "--json")
    assert (answer.status, json.loads(answer.out)) == (1, {"printed": 1, "missing": ["催办〔2018〕2号"]})
    (papers / "催办〔2018〕2号.json").unlink()
    answer = duban("paper", "pdf", "--json")
    assert (answer.status, answer.document) == (0, {"printed": 0, "missing": []})
