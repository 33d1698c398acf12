"""How a paper looks: an official document on A4, after the national layout for such documents (GB/T 9704-2012)."""

from __future__ import annotations

import io
import re
from typing import NamedTuple

from docx.document import Document as DocxDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt, RGBColor

from adapters.documents.docx_parts import (
    add_form,
    add_page_number,
    add_text,
    fixed_archive,
    new_document,
    rule_below,
    set_body_style,
)
from domain.clock import OFFICE_TIME
from domain.papers.drafting import chinese_date
from domain.papers.paper import NumberedPaper, Paper, PaperKind
from domain.rules.policy import Level

_RED = RGBColor(0xD7, 0x00, 0x0F)
_LEVEL_COLOURS: dict[Level, RGBColor] = {
    "blue": RGBColor(0x1F, 0x4E, 0x9E),
    "yellow": RGBColor(0xB8, 0x86, 0x0B),
    "red": _RED,
}
_TITLE_FONT, _HEADING_FONT, _BODY_FONT = "方正小标宋简体", "黑体", "仿宋_GB2312"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DUTIES = "节点和时限："


class _Blank(NamedTuple):
    """A field that a person fills in by hand, so many millimetres high."""

    label: str
    height: int


_BLANKS: dict[PaperKind, tuple[_Blank, ...]] = {
    "supervision_order": (_Blank("签收人及日期", 12),),
    "urge": (_Blank("未完成的原因", 20), _Blank("预计完成时间", 12), _Blank("负责人签字", 12)),
    "escalation_order": (_Blank("领导批示", 20), _Blank("办理结果", 12)),
    "inspection_record": (
        _Blank("督查时间和人员", 14),
        _Blank("督查情况", 36),
        _Blank("存在问题", 26),
        _Blank("督查结论", 26),
        _Blank("被督查部门签字", 14),
    ),
    "limit_escalation": (_Blank("领导批示", 20), _Blank("办理结果", 12)),
    "inspection_conclusion": (_Blank("答复意见", 30), _Blank("整改措施和时间", 26), _Blank("负责人签字", 14)),
    "directive": (_Blank("落实情况", 36), _Blank("负责人签字", 12)),
}


def document_bytes(numbered: NumberedPaper, issuer: str) -> bytes:
    """The document of a paper: the same bytes for the same paper and issuer."""
    document = new_document()
    _set_page(document)
    set_body_style(document, _BODY_FONT, Pt(16))
    _head(document, numbered, issuer)
    _facts(document, numbered.paper)
    _text(document, numbered.paper)
    _signature(document, numbered.paper, issuer)
    _form(document, numbered.paper)
    _copies(document, numbered.paper)
    _properties(document, numbered, issuer)
    stream = io.BytesIO()
    document.save(stream)
    return fixed_archive(stream.getvalue())


def _set_page(document: DocxDocument) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    add_page_number(section.footer.paragraphs[0])


def _head(document: DocxDocument, numbered: NumberedPaper, issuer: str) -> None:
    colour = _LEVEL_COLOURS.get(numbered.paper.level or "red", _RED)
    if numbered.paper.kind != "escalation_order":
        colour = _RED
    centred = WD_ALIGN_PARAGRAPH.CENTER
    add_text(document, _printable(issuer), font=_TITLE_FONT, size=Pt(22), colour=_RED, alignment=centred)
    add_text(document, numbered.paper.title, font=_TITLE_FONT, size=Pt(32), colour=colour, alignment=centred)
    number = add_text(document, _printable(numbered.number), alignment=centred)
    number.paragraph_format.space_before = Pt(14)
    number.paragraph_format.space_after = Pt(16)
    rule_below(number, colour, eighths_of_a_point=16)


def _facts(document: DocxDocument, paper: Paper) -> None:
    rows = [("主送", paper.to), ("重点项目", f"{paper.project_id}  {paper.project_title}")]
    if paper.milestone_id is not None:
        rows.append(("节点", paper.milestone_id))
    if paper.due_on is not None:
        rows.append(("完成时限", chinese_date(paper.due_on)))
    add_form(document, [(label, _printable(value), 10) for label, value in rows], label_font=_HEADING_FONT)


def _text(document: DocxDocument, paper: Paper) -> None:
    addressee = add_text(document, f"{_printable(paper.to)}：")
    addressee.paragraph_format.space_before = Pt(14)
    for line in _lines(paper.body):
        add_text(document, line, indented=True)


def _lines(body: str) -> list[str]:
    printable = _printable(body)
    opening, mark, duties = printable.partition(_DUTIES)
    if mark:
        # An order's duties are read one by one, so each has a paragraph of its own.
        items = [f"{item}；" for item in duties.rstrip("。").split("；") if item.strip()]
        return [opening + mark, *items[:-1], f"{items[-1][:-1]}。"] if items else [opening]
    return [line for line in printable.splitlines() if line.strip()]


def _signature(document: DocxDocument, paper: Paper, issuer: str) -> None:
    right = WD_ALIGN_PARAGRAPH.RIGHT
    name = add_text(document, _printable(issuer), alignment=right)
    name.paragraph_format.space_before = Pt(20)
    name.paragraph_format.right_indent = Pt(32)
    name.paragraph_format.keep_with_next = True
    day = add_text(document, chinese_date(paper.issued_at.astimezone(OFFICE_TIME).date()), alignment=right)
    day.paragraph_format.right_indent = Pt(32)


def _form(document: DocxDocument, paper: Paper) -> None:
    blanks = _BLANKS.get(paper.kind, ())
    if blanks:
        add_text(document, "", size=Pt(8))
        add_form(document, [(label, "", height) for label, height in blanks], label_font=_HEADING_FONT)


def _copies(document: DocxDocument, paper: Paper) -> None:
    if not paper.copies_to:
        return
    copies = add_text(document, f"抄送：{_printable('，'.join(paper.copies_to))}。", size=Pt(14))
    copies.paragraph_format.space_before = Pt(20)
    rule_below(copies, RGBColor(0, 0, 0), eighths_of_a_point=6, above=True)


def _properties(document: DocxDocument, numbered: NumberedPaper, issuer: str) -> None:
    properties = document.core_properties
    properties.title = f"{numbered.paper.title} {_printable(numbered.number)}"[:255]
    properties.subject = _printable(numbered.paper.project_title)[:255]
    properties.author = properties.last_modified_by = _printable(issuer)[:255]
    properties.comments = ""
    properties.language = "zh-CN"
    # The instant of the paper, not of its printing: produced again, the document is the same.
    properties.created = properties.modified = numbered.paper.issued_at.astimezone(OFFICE_TIME).replace(tzinfo=None)


def _printable(text: str) -> str:
    # What XML cannot hold would stop the whole paper; a visible mark stands in its place.
    return _NOT_XML.sub("\ufffd", text)
