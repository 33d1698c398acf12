"""Texts and files are looked through before anything is kept."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from docx import Document

from application.office.open_texts import SaysNothingError, must_be_an_open_file, must_be_fit, must_be_open
from domain.acts.commands import AnswerInspection, ReportProgress, Urge
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


def _zip(name: str, content: str | bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return held.getvalue()


def _older_word(text: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + text.encode("utf-16-le") + b"\xff\xdf" * 40


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
        ("方案（秘密）终稿.pdf", b"%PDF-1.7"),
        ("机密-方案.pdf", b"%PDF-1.7"),
        ("方案.docx", _docx("关于印发方案的通知", "（机密）")),
        ("方案.docx", _docx("密级：秘密")),
        ("资料.zip", _zip("方案.docx", _docx("机密★"))),
        ("资料.zip", _zip("里面.zip", _zip("名单.xlsx", _xlsx("秘密★1年")))),
        ("资料.zip", _zip("机密-名单.jpg", b"\xff\xd8")),
        ("资料.zip", _zip("情况.txt", "绝密★\n情况".encode("gb18030"))),
        ("资料.zip", _zip("旧方案.doc", _older_word("机密★10年\r方案"))),
        ("旧方案.doc", _older_word("通知\r机密\r方案")),
    ],
)
def test_a_file_with_a_mark_is_refused(name: str, data: bytes) -> None:
    """Text in an office's encodings, Word (older, too), Excel, archives of these, the name itself and those inside."""
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
        ("资料.zip", _zip("方案.docx", _docx("机密文件清查工作已完成"))),
        ("旧方案.doc", _older_word("开展机密文件清查\r已完成")),
    ],
)
def test_any_other_file_is_taken(name: str, data: bytes) -> None:
    """What speaks of secrets, what cannot be read, what has no text."""
    must_be_an_open_file(name, io.BytesIO(data), ())


def test_the_words_of_a_policy_are_refused_in_texts_and_files() -> None:
    """In any text of a command, in any file; the sentence says in which of the two."""
    command = request(ReportProgress, text="已形成内部资料一份")
    must_be_open(command, ())
    with pytest.raises(ClassifiedError, match="填写的内容"):
        must_be_open(command, ("内部资料",))
    with pytest.raises(ClassifiedError, match="汇报"):
        must_be_an_open_file("汇报.docx", io.BytesIO(_docx("内部资料")), ("内部资料",))
    with pytest.raises(ClassifiedError, match="汇报"):
        must_be_an_open_file("汇报.zip", io.BytesIO(_zip("内部 资料.txt", "")), ("内部资料",))


@pytest.mark.parametrize("given", ["。", "……", "——", "※ ※", "🙂", "\u2800", "\u200b。"])
def test_a_reason_or_an_answer_that_says_nothing_is_refused(given: str) -> None:
    """Punctuation, signs and what nobody sees; one word is enough, and a report has a rule of its own."""
    for command in (request(Urge, reason=given), request(AnswerInspection, text=given)):
        with pytest.raises(SaysNothingError, match="请写明理由或情况"):
            must_be_fit(command, ())
    must_be_fit(request(Urge, reason="急"), ())
    must_be_fit(request(ReportProgress, text="。"), ())
