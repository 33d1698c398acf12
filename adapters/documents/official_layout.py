"""How a paper looks: an official document on A4, after the national layout for such documents (GB/T 9704-2012).

Each kind of paper has a template that is made here; an office's own stands in its place.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from docx.document import Document as DocxDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Length, Mm, Pt, RGBColor

from adapters.documents.docx_parts import (
    add_form,
    add_gap,
    add_page_numbers,
    add_table,
    add_text,
    new_document,
    set_body_style,
)
from adapters.documents.imprint import add_imprint
from adapters.documents.latin_type import in_latin_type
from adapters.documents.paper_fields import DUTY_FIELDS, OF_PAPERS, paper_values
from adapters.documents.sign_off import IN_A_ROW, RED, TITLE_FONT, add_mark, add_number, add_signature
from adapters.documents.template import Template
from domain.directory.superiors import goes_up
from domain.papers.issuers import several, side_by_side
from domain.papers.paper import PAPER_TITLES, NumberedPaper, PaperKind, titled
from domain.papers.wording import Say, as_drafted
from domain.rules.ladder_rules import Level

BLACK = RGBColor(0, 0, 0)
_LEVEL_COLOURS: dict[Level, RGBColor] = {
    "blue": RGBColor(0x1F, 0x4E, 0x9E),
    "yellow": RGBColor(0xB8, 0x86, 0x0B),
    "red": RED,
}
_LEFT, _TEXT_WIDTH = Mm(28), Mm(156)
_LINE_OF_TEXT = Pt(28)
_BESIDE_A_TABLE = Pt(4)
_DUTIES_SIZE = Pt(10.5)
_NUMBER_WIDTH, _WHO_WIDTH, _LATIN_WHO_WIDTH = Mm(18), Mm(34), Mm(52)
_WHO = DUTY_FIELDS.index("责任部门")
_FORM_TITLES: dict[PaperKind, str] = {"inspection_record": "督查记录"}
_LAST_COLUMN: dict[PaperKind, tuple[str, Length]] = {
    "supervision_order": ("完成时限", Mm(31)),
    "closing_notice": ("督办结果", Mm(45)),
}
"""What the last column of a paper's table of duties says, and its width (a date of another year stands in one line); a
paper that is not here has none."""


class _Blank(NamedTuple):
    """A field that a person fills in by hand, so many millimetres high."""

    label: str
    height: int


_BLANKS: dict[PaperKind, tuple[_Blank, ...]] = {
    "supervision_order": (_Blank("签收人及日期", 9),),
    "urge": (_Blank("未完成的原因", 18), _Blank("预计完成时间", 12), _Blank("负责人签字", 12)),
    "escalation_order": (_Blank("领导批示", 17), _Blank("办理结果", 10)),
    "inspection_record": (
        _Blank("督查时间和人员", 20),
        _Blank("督查经过和佐证", 80),
        _Blank("处理意见", 60),
        _Blank("督查人员签字", 20),
    ),
    "return_notice": (_Blank("重新办理情况", 20), _Blank("负责人签字", 12)),
    "limit_escalation": (_Blank("领导批示", 17), _Blank("办理结果", 10)),
    "inspection_conclusion": (_Blank("答复意见", 80), _Blank("整改措施和时间", 60), _Blank("负责人签字", 20)),
    "directive": (_Blank("落实情况", 28), _Blank("负责人签字", 12)),
}
_SIGNED_ON_IT: frozenset[PaperKind] = frozenset({"supervision_order"})
"""Whose receipt is signed on the paper itself: one row that no page has alone, and so it needs no number."""
_SHEETS: frozenset[PaperKind] = frozenset({"inspection_record", "inspection_conclusion"})
"""Whose form is a sheet of its own: with the letter it would never stand on one page, and so it has room to write."""


def document_bytes(
    numbered: NumberedPaper,
    issuer: str,
    contact: str = "",
    own: Template | None = None,
    say: Say = as_drafted,
    *,
    signers: str = "",
) -> bytes:
    """The document of a paper, on the office's own template where there is one: the same bytes for the same. `say`
    says in the paper's language what stands on every paper of its kind; `signers` stand on what goes up."""
    signers = signers if goes_up(numbered.paper) else ""
    template = own or built_in(numbered.paper.kind, numbered.paper.level, issuer, say, signers)
    values, rows, properties = paper_values(numbered, issuer, contact, template.fields, say)
    values[say("签发人")] = side_by_side(signers)
    return template.filled(values, rows, properties)


@lru_cache(maxsize=64)
def built_in(kind: PaperKind, level: Level | None, issuer: str, say: Say = as_drafted, signers: str = "") -> Template:
    """The template of a kind of paper, an order's in the colour of its level."""
    return Template(template_bytes(kind, level, issuer, say, signers), OF_PAPERS.worded(say), PAPER_TITLES[kind])


def template_bytes(
    kind: PaperKind, level: Level | None, issuer: str, say: Say = as_drafted, signers: str = ""
) -> bytes:
    """The built-in template as a document: what an office begins its own with."""
    document = official_document()
    coloured = kind == "escalation_order" and level is not None
    _head(document, issuer, signers, _LEVEL_COLOURS[level] if coloured and level else None, say)
    roomy = kind in _SHEETS or (kind not in _BLANKS and kind not in _LAST_COLUMN)
    if roomy and len(several(issuer)) <= IN_A_ROW:
        # A page without a form or a table has the room that the layout asks for around a title.
        title = document.paragraphs[-1].paragraph_format
        title.space_before = title.space_after = _LINE_OF_TEXT
    add_text(document, say("{{主送}}："))
    _text(document, kind, say)
    add_signature(document, issuer, say)
    _form(document, kind, say)
    if kind not in _BLANKS:
        # Nor has a page an imprint and nothing else.
        document.paragraphs[-1].paragraph_format.keep_with_next = True
    add_imprint(document, _LEFT, say)
    document.core_properties.title = say(titled(kind, level))
    return saved(document, say)


def saved(document: DocxDocument, say: Say) -> bytes:
    """The bytes of a document, in the type of the language in which `say` says it."""
    if say is not as_drafted:
        in_latin_type(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def official_document() -> DocxDocument:
    """A document without a text: A4 with the margins of the layout, the page's number at the foot, its body's type."""
    document = new_document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = _LEFT, Mm(26)
    section.footer_distance = Mm(25)
    add_page_numbers(document)
    set_body_style(document)
    return document


def _head(document: DocxDocument, issuer: str, signers: str, colour: RGBColor | None, say: Say) -> None:
    """The office's red mark, the number and the red line under it; then the title, an order's in its colour."""
    add_mark(document, issuer, say)
    add_number(document, signers, say)
    add_title(document, say("{{标题}}"), colour)


def add_title(document: DocxDocument, text: str, colour: RGBColor | None = None) -> None:
    """The title under the head."""
    centred = WD_ALIGN_PARAGRAPH.CENTER
    title = add_text(document, text, font=TITLE_FONT, size=Pt(22), colour=colour, alignment=centred)
    title.paragraph_format.space_before, title.paragraph_format.space_after = Pt(10), Pt(6)


def _text(document: DocxDocument, kind: PaperKind, say: Say) -> None:
    """What the paper says, around its table; no page has a signature and nothing of the text."""
    body = add_text(document, say("{{正文}}"), indented=True)
    if kind in _LAST_COLUMN:
        head, width = _LAST_COLUMN[kind]
        who = _WHO_WIDTH if say is as_drafted else _LATIN_WHO_WIDTH
        what = Length(_TEXT_WIDTH - _NUMBER_WIDTH - who - width)
        body.paragraph_format.space_after = _BESIDE_A_TABLE
        add_table(
            document,
            [say(each) for each in ("序号", "办理事项", "责任部门", head)],
            [[f"{{{{{say(name)}}}}}" for name in DUTY_FIELDS]],
            (_NUMBER_WIDTH, what, who, width),
            size=_DUTIES_SIZE,
            centred=(0, 2, 3),
        )
        document.tables[-1].cell(1, _WHO)._tc.vMerge = "restart"  # noqa: SLF001 - no verb for a cell that goes on
        body = add_text(document, say("{{表后正文}}"), indented=True)
        body.paragraph_format.space_before = _BESIDE_A_TABLE
    body.paragraph_format.keep_with_next = True


def _form(document: DocxDocument, kind: PaperKind, say: Say) -> None:
    blanks = _BLANKS.get(kind, ())
    if not blanks:
        return
    rows = [(say(label), "", height) for label, height in blanks]
    if kind in _SIGNED_ON_IT:
        add_receipt(document, rows)
        return
    # Whoever gives it back says which paper it answers.
    title = say(f"{_FORM_TITLES.get(kind, '反馈单')}（{{{{文号}}}}）")
    add_gap(document, Pt(4)).paragraph_format.page_break_before = kind in _SHEETS
    reply_by = (say("反馈时限"), say("{{反馈时限}}"), 10)
    add_form(document, title, [reply_by, *rows])


def add_receipt(document: DocxDocument, rows: Sequence[tuple[str, str, int]]) -> None:
    """A form under the signature, on one page with it: what is signed is seen above it."""
    for paragraph in (document.paragraphs[-1], add_gap(document, Pt(6))):
        paragraph.paragraph_format.keep_with_next = True
    add_form(document, "", rows)
