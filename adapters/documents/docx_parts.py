"""Pieces of a Word document that its library has no verb for: Chinese fonts, rules, forms, a repeatable archive."""

from __future__ import annotations

import io
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
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.parfmt import ParagraphFormat
from docx.text.run import Run

_LATIN = "Times New Roman"
HEADING_FONT, _BODY_FONT = "黑体", "仿宋_GB2312"
_LABEL_WIDTH, _VALUE_WIDTH = Mm(40), Mm(116)
_BODY_SIZE, _TABLE_SIZE, _NUMBER_SIZE = Pt(16), Pt(12), Pt(14)
_LINE = Pt(28)
_SENTENCE_WIDTH = Mm(50)
_CELL_MARGIN = 40
"""Two points, in twentieths."""
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
    # The library's own name, its remark and a day of 2013 would stand there as those of the office's document.
    told = document.core_properties._element  # noqa: SLF001 - the library has no verb for it
    told[:] = []
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def set_body_style(document: DocxDocument) -> None:
    """Give the whole document its Chinese body font and size, on lines of 28 points."""
    style = document.styles["Normal"]
    style.font.name, style.font.size = _LATIN, _BODY_SIZE
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _BODY_FONT)
    style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing = _LINE
    # 28 letters stand in a line of 156 mm, each a quarter of a point nearer to the next than its size is.
    style.element.get_or_add_rPr().insert_element_before(element("w:spacing", {"val": "-5"}), "w:sz", "w:szCs")


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
    set_font(run, font)
    run.font.size = size
    if colour is not None:
        run.font.color.rgb = colour
    # As high whatever the font: what a page holds is the same wherever it is shown.
    paragraph.paragraph_format.line_spacing = max(_LINE, Length(size * 6 // 5))
    if indented:
        paragraph.paragraph_format.first_line_indent = size * 2
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY if alignment is None else alignment
    return paragraph


def add_gap(document: DocxDocument, height: Length) -> Paragraph:
    """An empty line so high: what hangs on it, or stands on both sides of it, is a table."""
    gap = add_text(document, "", size=Pt(1))
    gap.paragraph_format.line_spacing = height
    return gap


def add_form(document: DocxDocument, title: str, rows: Sequence[tuple[str, str, int]]) -> None:
    """A ruled table of label and value, each row at least so many millimetres high. It is torn only where one page does
    not hold it: whoever fills it in gives back one sheet. Its title stands again on the next."""
    table = document.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    widths = (_LABEL_WIDTH, _VALUE_WIDTH)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    if title:
        head = table.add_row()
        for cell, width in zip(head.cells, widths, strict=True):
            cell.width = width
        _fill_field(head.cells[0].merge(head.cells[1]), title, HEADING_FONT).keep_with_next = True
        _whole(head, heads=True)
    for place, (label, value, height) in enumerate(rows, start=1):
        row = table.add_row()
        row.height, row.height_rule = Mm(height), WD_ROW_HEIGHT_RULE.AT_LEAST
        _whole(row)
        for cell, text, letters, width in zip(row.cells, (label, value), (HEADING_FONT, None), widths, strict=True):
            cell.width = width
            _fill_field(cell, text, letters).keep_with_next = place < len(rows)


def _fill_field(cell: _Cell, text: str, font: str | None) -> ParagraphFormat:
    """What stands in a field of a form; what has a font of its own is a label."""
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    form: ParagraphFormat = paragraph.paragraph_format
    form.line_spacing, form.space_before, form.space_after = Pt(18), Pt(3), Pt(3)
    if font is not None:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    set_font(run, font)
    run.font.size = Pt(14)
    return form


def _whole(row: _Row, *, heads: bool = False) -> None:
    """A row is not torn between two pages; one that `heads` its table stands again on each."""
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - the library has no verb for either
    properties.append(element("w:cantSplit", {}))
    if heads:
        properties.append(element("w:tblHeader", {}))


def add_table(
    document: DocxDocument,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[Length],
    *,
    size: Length = _TABLE_SIZE,
    centred: Sequence[int] | None = None,
) -> None:
    """A ruled table whose heads come again on every page; no row is torn between two.

    The columns `centred` are; without it every short text is.
    """
    table = document.add_table(rows=0, cols=len(heads))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    table._tbl.tblPr.insert_element_before(cell_margins(_CELL_MARGIN), "w:tblLook")  # noqa: SLF001 - no verb for it
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for place, values in enumerate((heads, *rows)):
        row = table.add_row()
        _whole(row, heads=place == 0)
        for column, (cell, text, width) in enumerate(zip(row.cells, values, widths, strict=True)):
            cell.width = width
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.line_spacing = Length(size * 4 // 3)
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1)
            short = column in centred if centred is not None else len(text) < _SHORT and width < _SENTENCE_WIDTH
            if place == 0 or short:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            run = paragraph.add_run(text)
            set_font(run, HEADING_FONT if place == 0 else None)
            run.font.size = size


def ruled(paragraph: Paragraph, colour: RGBColor, sides: Sequence[tuple[str, int]]) -> None:
    """Ruled lines at the sides of a paragraph, each so many eighths of a point thick; paragraphs with the same lines
    that follow one another share those at the top, at the bottom and between."""
    borders = OxmlElement("w:pBdr")
    for side, eighths in sides:
        borders.append(element(f"w:{side}", {"val": "single", "sz": str(eighths), "space": "6", "color": str(colour)}))
    # The schema wants the borders before shading, tabs and spacing.
    paragraph._p.get_or_add_pPr().insert_element_before(  # noqa: SLF001 - the library has no public way to a border
        borders,
        *("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:snapToGrid", "w:spacing"),
        *("w:ind", "w:contextualSpacing", "w:jc", "w:textAlignment", "w:outlineLvl", "w:rPr", "w:sectPr"),
    )


def add_page_numbers(document: DocxDocument) -> None:
    """The page's number between dashes, at the outer side, one character from the margin: a document is printed on
    both sides of its sheets."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = _NUMBER_SIZE
        _add_page_number(paragraph)


def _add_page_number(paragraph: Paragraph) -> None:
    before, field, after = (paragraph.add_run(text) for text in ("— ", "", " —"))
    for run in (before, field, after):
        set_font(run, "宋体")
        run.font.size = _NUMBER_SIZE
    instruction = element("w:instrText", {})
    instruction.text = "PAGE"
    for part in (
        element("w:fldChar", {"fldCharType": "begin"}),
        instruction,
        element("w:fldChar", {"fldCharType": "end"}),
    ):
        field._r.append(part)  # noqa: SLF001 - the library has no public way to a field


def set_font(run: Run, font: str | None) -> None:
    """The font of Chinese letters; Latin ones have theirs."""
    if font is None:
        return
    run.font.name = _LATIN
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)  # noqa: SLF001 - fonts for Chinese have no verb


def cell_margins(width: int) -> BaseOxmlElement:
    """So much room at either side of a table's cells, in twentieths of a point."""
    margins = element("w:tblCellMar", {})
    margins.extend([element(f"w:{side}", {"w": str(width), "type": "dxa"}) for side in ("left", "right")])
    return margins


def element(tag: str, attributes: dict[str, str]) -> BaseOxmlElement:
    """An element of a document, for what the library has no verb for."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made
