"""Pieces of a Word document that its library has no verb for: Chinese fonts, rules, forms, a repeatable archive."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from functools import lru_cache

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Length, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

_LATIN = "Times New Roman"
_LABEL_WIDTH, _VALUE_WIDTH = Mm(40), Mm(116)
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)
_BODY_SIZE, _TABLE_SIZE = Pt(16), Pt(12)
_SENTENCE_WIDTH = Mm(50)
_SHORT = 12
"""A text in a table that is shorter is centred, but for what is to be read as a sentence."""


_KEPT_STYLES = frozenset({"Normal", "DefaultParagraphFont", "TableNormal", "NoList", "TableGrid", "Header", "Footer"})
_KEPT_PARTS = (
    "/styles",
    "/settings",
    "/fontTable",
    "/theme",
    "/officeDocument",
    "/core-properties",
    "/extended-properties",
)


def new_document() -> DocxDocument:
    """An empty document of the few styles that are used here: the library's own template takes ten times as long to
    open and to pack, which a month's end would pay for each of its papers."""
    return Document(io.BytesIO(_lean_template()))


@lru_cache(maxsize=1)
def _lean_template() -> bytes:
    document = Document()
    styles = document.styles.element
    for child in list(styles):
        kind = child.tag.rpartition("}")[2]
        if kind == "latentStyles" or (kind == "style" and child.get(qn("w:styleId")) not in _KEPT_STYLES):
            styles.remove(child)
        else:
            for link in child.findall(qn("w:link")):
                child.remove(link)
    for relations in (document.part.rels, document.part.package.rels):
        for name, relation in list(relations.items()):
            if not relation.reltype.endswith(_KEPT_PARTS):
                del relations[name]
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def set_body_style(document: DocxDocument, font: str, size: Length) -> None:
    """Give the whole document its Chinese body font and size, on lines of 28 points."""
    style = document.styles["Normal"]
    style.font.name, style.font.size = _LATIN, size
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing = Pt(28)


def add_text(
    document: DocxDocument,
    text: str,
    *,
    font: str | None = None,
    size: Length = _BODY_SIZE,
    colour: RGBColor | None = None,
    alignment: WD_ALIGN_PARAGRAPH | None = None,
    indented: bool = False,
) -> Paragraph:
    """One paragraph; `indented` by two characters at its first line, as Chinese text is."""
    paragraph = document.add_paragraph()
    if alignment is not None:
        paragraph.alignment = alignment
    run = paragraph.add_run(text)
    _set_font(run, font)
    run.font.size = size
    if colour is not None:
        run.font.color.rgb = colour
    # Lines of 28 points cut a larger letter off.
    paragraph.paragraph_format.line_spacing = Pt(28) if size <= _BODY_SIZE else 1.0
    if indented:
        paragraph.paragraph_format.first_line_indent = size * 2
    return paragraph


def add_form(document: DocxDocument, rows: Sequence[tuple[str, str, int]], *, label_font: str) -> None:
    """A ruled table of label and value, each row at least so many millimetres high."""
    table = document.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, (_LABEL_WIDTH, _VALUE_WIDTH), strict=True):
        column.width = width
    for number, (label, value, height) in enumerate(rows):
        row = table.add_row()
        row.height, row.height_rule = Mm(height), WD_ROW_HEIGHT_RULE.AT_LEAST
        for cell, text, font, width in zip(
            row.cells, (label, value), (label_font, None), (_LABEL_WIDTH, _VALUE_WIDTH), strict=True
        ):
            cell.width = width
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.line_spacing = 1.0
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(3)
            # A form is filled in as a whole: it is not torn between two pages.
            paragraph.paragraph_format.keep_with_next = number < len(rows) - 1
            if font is not None:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            run = paragraph.add_run(text)
            _set_font(run, font)
            run.font.size = Pt(14)


def add_table(
    document: DocxDocument,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[Length],
    *,
    heading_font: str,
    size: Length = _TABLE_SIZE,
) -> None:
    """A ruled table whose heads come again on every page; no row is torn between two."""
    table = document.add_table(rows=0, cols=len(heads))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for place, values in enumerate((heads, *rows)):
        row = table.add_row()
        properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - the library has no verb for either
        properties.append(_element("w:cantSplit", {}))
        if place == 0:
            properties.append(_element("w:tblHeader", {}))
        for cell, text, width in zip(row.cells, values, widths, strict=True):
            cell.width = width
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.line_spacing = 1.0
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(3)
            if place == 0 or (len(text) < _SHORT and width < _SENTENCE_WIDTH):
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            run = paragraph.add_run(text)
            _set_font(run, heading_font if place == 0 else None)
            run.font.size = size


def rule_below(paragraph: Paragraph, colour: RGBColor, *, eighths_of_a_point: int, above: bool = False) -> None:
    """A ruled line under a paragraph, and over it too when `above`."""
    borders = OxmlElement("w:pBdr")
    for side in ("top", "bottom") if above else ("bottom",):
        borders.append(
            _element(f"w:{side}", {"val": "single", "sz": str(eighths_of_a_point), "space": "6", "color": str(colour)})
        )
    # The schema wants the borders before shading, tabs and spacing.
    paragraph._p.get_or_add_pPr().insert_element_before(  # noqa: SLF001 - the library has no public way to a border
        borders,
        *("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:snapToGrid", "w:spacing"),
        *("w:ind", "w:contextualSpacing", "w:jc", "w:textAlignment", "w:outlineLvl", "w:rPr", "w:sectPr"),
    )


def add_page_number(paragraph: Paragraph) -> None:
    """The page's number between dashes, as official documents have it."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    before, field, after = (paragraph.add_run(text) for text in ("— ", "", " —"))
    for run in (before, field, after):
        _set_font(run, "宋体")
        run.font.size = Pt(14)
    instruction = _element("w:instrText", {})
    instruction.text = "PAGE"
    for part in (
        _element("w:fldChar", {"fldCharType": "begin"}),
        instruction,
        _element("w:fldChar", {"fldCharType": "end"}),
    ):
        field._r.append(part)  # noqa: SLF001 - the library has no public way to a field


def fixed_archive(archive: bytes) -> bytes:
    """The same archive without the instant of its writing: packed again in its own order with one fixed date."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _FIXED_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same on every system
            entry.external_attr = 0o644 << 16
            target.writestr(entry, source.read(name))
    return stream.getvalue()


def _set_font(run: Run, font: str | None) -> None:
    if font is None:
        return
    run.font.name = _LATIN
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)  # noqa: SLF001 - fonts for Chinese have no verb


def _element(tag: str, attributes: dict[str, str]) -> BaseOxmlElement:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element
