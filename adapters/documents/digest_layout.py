"""The one paper of a morning: a table of all that reaches an addressee, what presses most on top."""

from __future__ import annotations

import io
from datetime import datetime

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt, RGBColor

from adapters.documents.docx_parts import add_form, add_table, add_text, fixed_archive, new_document, set_body_style
from adapters.documents.official_layout import (
    BODY_FONT,
    HEADING_FONT,
    RED,
    TITLE_FONT,
    add_signature,
    mark_size,
    printable,
    set_page,
)
from domain.clock import OFFICE_TIME
from domain.papers.draft import chinese_date
from domain.papers.mail import Digest
from domain.papers.message_lines import is_urgent
from domain.papers.paper import NumberedPaper

_HEADS = ("序号", "文号", "文书", "项目和事项", "时限", "签收")
_WIDTHS = (Mm(12), Mm(37), Mm(20), Mm(44), Mm(31), Mm(12))
_BLACK = RGBColor(0, 0, 0)


def digest_bytes(digest: Digest, sent_at: datetime, issuer: str, contact: str = "") -> bytes:
    """The document of a digest: the same bytes for the same digest, instant, issuer and contact."""
    document = new_document()
    set_page(document)
    set_body_style(document, BODY_FONT, Pt(16))
    day = sent_at.astimezone(OFFICE_TIME).date()
    centred = WD_ALIGN_PARAGRAPH.CENTER
    mark = printable(issuer)
    add_text(document, mark, font=TITLE_FONT, size=mark_size(mark), colour=RED, alignment=centred)
    title = add_text(document, "督办文书汇总单", font=TITLE_FONT, size=Pt(22), colour=_BLACK, alignment=centred)
    title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(14)
    add_text(document, f"{printable(digest.addressee)}：")
    urgent = sum(is_urgent(numbered.paper) for numbered in digest.items)
    pressing = f"，其中急件{urgent}件" if urgent else ""
    told = f"现将{chinese_date(day)}的督办文书汇总送达，共{len(digest.items)}件{pressing}，请逐件办理，一并签收。"
    add_text(document, told, indented=True)
    items = sorted(digest.items, key=lambda numbered: not is_urgent(numbered.paper))
    rows = [_row(number, numbered, digest.addressee) for number, numbered in enumerate(items, start=1)]
    add_table(document, _HEADS, rows, _WIDTHS, heading_font=HEADING_FONT, size=Pt(10.5))
    add_signature(document, issuer, day, contact)
    add_text(document, "", size=Pt(8))
    add_form(document, [("签收人及日期", "", 12)], label_font=HEADING_FONT)
    properties = document.core_properties
    properties.title = f"督办文书汇总单 {printable(digest.digest_id)}"[:255]
    properties.author = properties.last_modified_by = printable(issuer)[:255]
    properties.comments = ""
    properties.created = properties.modified = sent_at.astimezone(OFFICE_TIME).replace(tzinfo=None)
    stream = io.BytesIO()
    document.save(stream)
    return fixed_archive(stream.getvalue())


def _row(number: int, numbered: NumberedPaper, addressee: str) -> tuple[str, ...]:
    paper = numbered.paper
    copy = "（抄送）" if paper.to != addressee else ""
    serial = f"第{paper.serial}项　" if paper.serial else ""
    about = f"{serial}{paper.project_title}" + (f"：{paper.item}" if paper.item else "")
    due = chinese_date(paper.due_on) if paper.due_on else ""
    texts = (str(number), numbered.number, f"{paper.title}{copy}", about, due, "")
    return tuple(map(printable, texts))
