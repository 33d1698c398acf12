"""How a paper looks: an official document on A4, after the national layout for such documents (GB/T 9704-2012)."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import NamedTuple

from docx.document import Document as DocxDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.shared import Length, Mm, Pt, RGBColor

from adapters.documents.docx_parts import (
    add_form,
    add_page_number,
    add_table,
    add_text,
    fixed_archive,
    new_document,
    rule_below,
    set_body_style,
)
from domain.clock import OFFICE_TIME
from domain.papers.draft import chinese_date
from domain.papers.paper import NumberedPaper, Paper, PaperKind
from domain.rules.policy import Level

RED = RGBColor(0xD7, 0x00, 0x0F)
_LEVEL_COLOURS: dict[Level, RGBColor] = {
    "blue": RGBColor(0x1F, 0x4E, 0x9E),
    "yellow": RGBColor(0xB8, 0x86, 0x0B),
    "red": RED,
}
TITLE_FONT, HEADING_FONT, BODY_FONT = "方正小标宋简体", "黑体", "仿宋_GB2312"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DUTIES = "节点和时限："
_LARGEST_MARK, _LINE_POINTS = 44, 440
_SEAL_ROOM = Pt(56)
_DUTY_WIDTHS = (Mm(18), Mm(62), Mm(33), Mm(43))
_FORM_TITLES: dict[PaperKind, str] = {"supervision_order": "签收", "inspection_record": "督查记录"}


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


def document_bytes(numbered: NumberedPaper, issuer: str, contact: str = "") -> bytes:
    """The document of a paper: the same bytes for the same paper, issuer and contact."""
    document = new_document()
    set_page(document)
    set_body_style(document, BODY_FONT, Pt(16))
    paper = numbered.paper
    _head(document, numbered, issuer)
    if not paper.duties:
        _facts(document, paper)
    _addressee(document, paper)
    _text(document, paper)
    add_signature(document, issuer, paper.issued_at.astimezone(OFFICE_TIME).date(), contact)
    _form(document, paper)
    _imprint(document, paper, issuer)
    _properties(document, numbered, issuer)
    stream = io.BytesIO()
    document.save(stream)
    return fixed_archive(stream.getvalue())


def set_page(document: DocxDocument) -> None:
    """A4 with the margins of the layout, and the page's number at the foot."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    add_page_number(section.footer.paragraphs[0])


def _head(document: DocxDocument, numbered: NumberedPaper, issuer: str) -> None:
    """The office's red mark, the number and the red line under it; then the title, an order's in its colour."""
    paper = numbered.paper
    colour = _LEVEL_COLOURS.get(paper.level or "red", RED) if paper.kind == "escalation_order" else None
    centred = WD_ALIGN_PARAGRAPH.CENTER
    mark = printable(issuer)
    add_text(document, mark, font=TITLE_FONT, size=mark_size(mark), colour=RED, alignment=centred)
    number = add_text(document, printable(numbered.number), alignment=centred)
    number.paragraph_format.space_before, number.paragraph_format.space_after = Pt(40), Pt(28)
    rule_below(number, RED, eighths_of_a_point=16)
    title = add_text(document, paper.title, font=TITLE_FONT, size=Pt(22), colour=colour, alignment=centred)
    title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(14)


def mark_size(mark: str) -> Length:
    """As large as it stands in one line between the margins, and not larger than an office's own."""
    return Pt(max(min(_LARGEST_MARK, _LINE_POINTS // max(len(mark), 1)), 22))


def _addressee(document: DocxDocument, paper: Paper) -> None:
    addressee = add_text(document, f"{printable(paper.to)}：")
    addressee.paragraph_format.space_before = Pt(14)


def _text(document: DocxDocument, paper: Paper) -> None:
    opening, tail = _around_the_table(paper)
    for line in _lines(opening):
        add_text(document, line, indented=True)
    if paper.duties:
        add_table(
            document,
            ("序号", "办理事项", "责任部门", "完成时限"),
            [tuple(map(printable, (each.number, each.what, each.who, each.due))) for each in paper.duties],
            _DUTY_WIDTHS,
            heading_font=HEADING_FONT,
        )
        for line in _lines(tail):
            add_text(document, line, indented=True)
    if paper.before:
        add_text(document, f"此前督办情况：{printable('；'.join(paper.before))}。", indented=True)
    # No page has a signature and nothing of the text.
    document.paragraphs[-1].paragraph_format.keep_with_next = True


def _around_the_table(paper: Paper) -> tuple[str, str]:
    """What an order says before its table and after it: the table stands in the place of the duties' list."""
    opening, mark, duties = paper.body.partition(_DUTIES)
    if not mark or not paper.duties:
        return paper.body, ""
    _, asked, tail = duties.rpartition("。请")
    return f"{opening}办理事项和时限如下：", f"请{tail}" if asked else ""


def _facts(document: DocxDocument, paper: Paper) -> None:
    rows = [("重点项目", f"第{paper.serial}项　{paper.project_title}" if paper.serial else paper.project_title)]
    if paper.item is not None:
        rows.append(("办理事项", paper.item))
    if paper.due_on is not None:
        rows.append(("完成时限", chinese_date(paper.due_on)))
    add_form(document, [(label, printable(value), 10) for label, value in rows], label_font=HEADING_FONT)


def _lines(body: str) -> list[str]:
    return [line for line in printable(body).splitlines() if line.strip()]


def add_signature(document: DocxDocument, issuer: str, on: date, contact: str) -> None:
    """Name over date, four characters from the margin, with room above for the seal that goes over both."""
    right = WD_ALIGN_PARAGRAPH.RIGHT
    name, day = printable(issuer), chinese_date(on)
    signed = add_text(document, name, alignment=right)
    signed.paragraph_format.space_before = _SEAL_ROOM
    signed.paragraph_format.keep_with_next = True
    dated = add_text(document, day, alignment=right)
    # The shorter of the two is centred on the longer one.
    indents = (_right_indent(name, day), _right_indent(day, name))
    signed.paragraph_format.right_indent, dated.paragraph_format.right_indent = indents
    if contact:
        dated.paragraph_format.keep_with_next = True
        add_text(document, f"（联系人：{printable(contact)}）", indented=True)


def _right_indent(text: str, other: str) -> Length:
    shorter = max(_width_of(other) - _width_of(text), 0)
    return Pt(round(64 + shorter / 2))


def _width_of(text: str) -> int:
    return sum(8 if letter.isascii() else 16 for letter in text)


def _form(document: DocxDocument, paper: Paper) -> None:
    blanks = _BLANKS.get(paper.kind, ())
    if not blanks:
        return
    heading = add_text(document, f"{_FORM_TITLES.get(paper.kind, '反馈单')}", font=HEADING_FONT)
    heading.paragraph_format.space_before = Pt(14)
    heading.paragraph_format.keep_with_next = True
    rows = [(label, "", height) for label, height in blanks]
    if paper.due_on is not None and paper.due_on > paper.issued_at.astimezone(OFFICE_TIME).date():
        rows.insert(0, ("反馈时限", f"{chinese_date(paper.due_on)}前", 10))
    add_form(document, rows, label_font=HEADING_FONT)


def _imprint(document: DocxDocument, paper: Paper, issuer: str) -> None:
    """Who gets a copy, and who printed it when, between two rules."""
    black = RGBColor(0, 0, 0)
    day = chinese_date(paper.issued_at.astimezone(OFFICE_TIME).date())
    first = None
    if paper.copies_to:
        first = add_text(document, f"抄送：{printable('，'.join(paper.copies_to))}。", size=Pt(14))
        first.paragraph_format.space_before = Pt(20)
        first.paragraph_format.keep_with_next = True
        rule_below(first, black, eighths_of_a_point=6, above=True)
    printed = add_text(document, f"{printable(issuer)}\t{day}印发", size=Pt(14))
    printed.paragraph_format.tab_stops.add_tab_stop(Mm(156), WD_TAB_ALIGNMENT.RIGHT)
    if first is None:
        printed.paragraph_format.space_before = Pt(20)
    rule_below(printed, black, eighths_of_a_point=8, above=first is None)


def _properties(document: DocxDocument, numbered: NumberedPaper, issuer: str) -> None:
    properties = document.core_properties
    properties.title = f"{numbered.paper.title} {printable(numbered.number)}"[:255]
    properties.subject = printable(numbered.paper.project_title)[:255]
    properties.author = properties.last_modified_by = printable(issuer)[:255]
    properties.comments = ""
    properties.language = "zh-CN"
    # The instant of the paper, not of its printing: produced again, the document is the same.
    properties.created = properties.modified = numbered.paper.issued_at.astimezone(OFFICE_TIME).replace(tzinfo=None)


def printable(text: str) -> str:
    """A text as a document can hold it."""
    # What XML cannot hold would stop the whole paper; a visible mark stands in its place.
    return _NOT_XML.sub("\ufffd", text)
