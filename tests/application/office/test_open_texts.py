"""Texts and files are looked through before anything is kept."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from docx import Document

from application.office.open_texts import must_be_an_open_file, must_be_open
from domain.acts.commands import ReportProgress
from domain.markings import ClassifiedError
from tests.domain.samples import request


def _docx(*runs: str) -> bytes:
    document = Document()
    paragraph = document.add_paragraph()
    for run in runs:
        paragraph.add_run(run)
    document.add_paragraph("关于印发方案的通知")
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def _xlsx(text: str) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["B2"] = text
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _zip(name: str, text: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("汇报.txt", "机密★10年\n情况汇报".encode()),
        ("汇报.txt", "情况汇报\n秘密\n".encode("gb18030")),
        ("汇报.txt", "绝密★".encode("utf-16-le")),
        ("方案.docx", _docx("机密", "★", "10年")),
        ("名单.xlsx", _xlsx("秘密★1年")),
        ("资料.zip", _zip("a.txt", "绝密★")),
        ("机密★方案.pdf", b"%PDF-1.7"),
    ],
)
def test_a_file_with_a_mark_is_refused(name: str, data: bytes) -> None:
    """Plain text in an office's encodings, Word with the mark in several runs, Excel, an archive, the name itself."""
    with pytest.raises(ClassifiedError, match=name.partition(".")[0]):
        must_be_an_open_file(name, io.BytesIO(data), ())


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("汇报.txt", "机密文件清查工作已完成".encode()),
        ("方案.docx", _docx("工作方案")),
        ("名单.xlsx", _xlsx("名单")),
        ("照片.jpg", b"\xff\xd8\xff\xe0"),
        ("坏的.zip", b"PK\x03\x04broken"),
    ],
)
def test_any_other_file_is_taken(name: str, data: bytes) -> None:
    """What speaks of secrets, what cannot be read, what has no text."""
    must_be_an_open_file(name, io.BytesIO(data), ())


def test_the_words_of_a_policy_are_refused_in_texts_and_files() -> None:
    """In any text of a command, in any file; the sentence says in which."""
    command = request(ReportProgress, text="已形成内部资料一份")
    must_be_open(command, ())
    with pytest.raises(ClassifiedError, match="text"):
        must_be_open(command, ("内部资料",))
    with pytest.raises(ClassifiedError, match="汇报"):
        must_be_an_open_file("汇报.docx", io.BytesIO(_docx("内部资料")), ("内部资料",))
