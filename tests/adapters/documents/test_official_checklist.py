"""Every paper of a busy year of two lists, held against a checklist from GB/T 9704-2012 and from real papers."""

from __future__ import annotations

import io
import re
import time

import docx
import pytest
from docx.shared import Mm

from adapters.documents.official_layout import document_bytes
from domain.papers.paper import DOCUMENT_KINDS, PAPER_KINDS, NumberedPaper
from tests.adapters.documents.busy_year import papers_of, real_projects, sixty_projects
from tests.adapters.documents.checklist import CONTACT, INTERNAL, ISSUER, faults_of


@pytest.fixture(scope="module")
def papers_of_both(tmp_path_factory: pytest.TempPathFactory) -> list[NumberedPaper]:
    """The papers of every sixth row of the real list and every twelfth of the second."""
    return papers_of(real_projects()[::6]) + papers_of(sixty_projects(tmp_path_factory.mktemp("list"))[::12])


@pytest.fixture(scope="module")
def papers(papers_of_both: list[NumberedPaper]) -> list[NumberedPaper]:
    """Their documents: of all kinds, one a row."""
    kept: dict[tuple[str, str, str], NumberedPaper] = {}
    for each in papers_of_both:
        if each.paper.kind in DOCUMENT_KINDS:
            kept[each.paper.kind, each.paper.level or "", each.paper.project_title] = each
    return list(kept.values())


def test_every_kind_of_paper_of_both_lists_stands_the_checklist(papers: list[NumberedPaper]) -> None:
    """Paper, margins, type, lines, head, sign-off, copies and imprint; no id, no empty heading, nothing too wide."""
    assert {each.paper.kind for each in papers} == DOCUMENT_KINDS
    began = time.process_time()
    made = [(each, document_bytes(each, ISSUER, CONTACT)) for each in papers]
    # A thousand in less than a minute, on a machine that has other work.
    assert (time.process_time() - began) / len(made) < 0.06
    faults = [f"{each.number}：{fault}" for each, content in made for fault in faults_of(each, content)]
    assert faults == []


def test_every_line_of_every_paper_is_a_sentence_without_an_internal_number(
    papers_of_both: list[NumberedPaper],
) -> None:
    """Those that are lines of a digest too: whoever gave the words closed them or not, they end once, and well."""
    bodies = {each.paper.body for each in papers_of_both}
    assert len({each.paper.kind for each in papers_of_both}) == len(PAPER_KINDS)
    assert [body for body in bodies if INTERNAL.search(body)] == []
    assert [body for body in bodies if not body.endswith(("。", "！", "？"))] == []
    assert [body for body in bodies if re.search(r"。[。，；）：]|[，；：][。，；]|\d{4}-\d{2}-\d{2}", body)] == []


def test_the_checklist_sees_what_is_wrong(papers: list[NumberedPaper]) -> None:
    """An id in a title, marks inside marks, and a table that is too wide are found."""
    numbered = next(each for each in papers if each.paper.kind == "urge")
    wrong = numbered.model_copy(
        update={"paper": numbered.paper.model_copy(update={"body": "节点2018-01-02请“抓“紧””。"})}
    )
    found = " ".join(faults_of(wrong, document_bytes(wrong, ISSUER, CONTACT)))
    assert "2018-01-02" in found
    document = docx.Document(io.BytesIO(document_bytes(numbered, ISSUER, CONTACT)))
    for cell in document.tables[0].rows[-1].cells:
        cell.width = Mm(100)
    document.sections[0].left_margin = Mm(20)
    document.add_paragraph("抄送：。")
    stream = io.BytesIO()
    document.save(stream)
    found = " ".join(faults_of(numbered, stream.getvalue()))
    for told in ("表格宽", "页边", "空标题"):
        assert told in found
