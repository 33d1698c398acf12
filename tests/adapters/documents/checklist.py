"""What of an official paper an office would send back: a checklist from GB/T 9704-2012 and from real papers."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from adapters.documents.sign_off import RED
from domain.papers.draft import chinese_date
from domain.papers.paper import NumberedPaper

ISSUER, CONTACT = "某某市人民政府办公室督查室", "张华，电话：0570-3081234"
INTERNAL = re.compile(r"\d{4}-\d{2}[a-z]?-\d{2}|\d{4}-\d{2}[a-z]\b|key-project|None|\{\{|\}\}|“[^”]*“")
_TEXT_WIDTH = Mm(156)


def faults_of(numbered: NumberedPaper, content: bytes) -> Iterator[str]:
    """What of a document an office would send back."""
    document, paper = docx.Document(io.BytesIO(content)), numbered.paper
    yield from _page(document)
    lines = [line for line in document.paragraphs if line.text.strip()]
    texts = [line.text for line in lines]
    yield from _head(lines, numbered)
    on = chinese_date(paper.issued_at.date())
    if f"{paper.to}：" not in texts:
        yield "没有主送"
    if [ISSUER, on, f"（联系人：{CONTACT}）"] not in [texts[n : n + 3] for n in range(len(texts))]:
        yield "署名、成文日期、联系人不在一处"
    yield from _imprint(document, paper.copies_to, f"{on}印发")
    yield from _sign_off(lines)
    yield from _said(document, texts, paper.to)
    yield from _tables(document)


def _said(document: Any, texts: list[str], to: str) -> Iterator[str]:
    everything = [*texts, *(cell.text for table in document.tables for row in table.rows for cell in row.cells)]
    for text in everything:
        if found := INTERNAL.search(text.replace(CONTACT, "")):
            yield f"内部编号或多余的引号“{found.group()}”：{text}"
        if re.search(r"[：（“]。?$", text) and text != f"{to}：" and not text.endswith("如下："):
            yield f"空标题：{text}"


def _imprint(document: Any, copies: tuple[str, ...], printed: str) -> Iterator[str]:
    *first, last = [list(dict.fromkeys(cell.text for cell in row.cells)) for row in document.tables[-1].rows]
    if first != ([[f"抄送：{'，'.join(copies)}。"]] if copies else []):
        yield f"抄送{first}"
    if last != [ISSUER, printed]:
        yield "没有印发机关和印发日期"
    place = document.tables[-1]._tbl.tblPr.find(qn("w:tblpPr"))
    if place is None or (place.get(qn("w:vertAnchor")), place.get(qn("w:tblpYSpec"))) != ("margin", "bottom"):
        yield "版记应在末页版心的下边缘"
    if document.element.body[-2].text:
        yield "版记应在文末"


def _tables(document: Any) -> Iterator[str]:
    for table in document.tables:
        width = sum(cell.width or 0 for cell in table.rows[-1].cells)
        if width > _TEXT_WIDTH + Mm(0.5):
            yield f"表格宽{Mm(width).mm}毫米"
        last = table.rows[-1].cells[0].paragraphs[0].paragraph_format
        if table.rows[0].cells[0].text == "序号" and len(table.rows) > 2 and not last.keep_with_next:
            yield "表后一句和署名不应单独成页"
        if len(table.rows) == 0 or (table.rows[0].cells[0].text == "序号" and len(table.rows) == 1):
            yield "空表"
    labels = {row.cells[0].text: row.cells[1].text for row in document.tables[0].rows} if document.tables else {}
    for label in ("重点项目", "办理事项", "完成时限", "反馈时限"):
        if labels.get(label) == "":
            yield f"空标题：{label}"


def _page(document: Any) -> Iterator[str]:
    section = document.sections[0]
    sizes = [section.page_width, section.page_height, section.top_margin, section.bottom_margin]
    sizes += [section.left_margin, section.right_margin]
    if [round(size.mm) for size in sizes] != [210, 297, 37, 35, 28, 26]:
        yield f"纸张或页边{[round(size.mm) for size in sizes]}"
    style = document.styles["Normal"]
    if (style.font.size, style.paragraph_format.line_spacing) != (Pt(16), Pt(28)):
        yield "正文应为三号，行距28磅"
    if style.element.rPr.rFonts.get(qn("w:eastAsia")) != "仿宋_GB2312":
        yield "正文应为仿宋"
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        foot = footer.paragraphs[0]
        if not (foot.text.startswith("— ") and foot.text.endswith(" —")):
            yield "没有页码"
        if foot.alignment != side or not document.settings.odd_and_even_pages_header_footer:
            yield "单页码应居右，双页码应居左"


def _head(lines: list[Paragraph], numbered: NumberedPaper) -> Iterator[str]:
    mark, number, title = lines[:3]
    size = mark.runs[0].font.size or Pt(0)
    if mark.text != ISSUER or mark.runs[0].font.color.rgb != RED or size < Pt(22):
        yield "发文机关标志应为红色大字"
    if len(mark.text) * size > _TEXT_WIDTH:
        yield "发文机关标志超出版心"
    borders = number.paragraph_format.element.find(f"{qn('w:pPr')}/{qn('w:pBdr')}/{qn('w:bottom')}")
    if number.text != numbered.number or borders is None or borders.get(qn("w:color")) != str(RED):
        yield "发文字号下应有红色分隔线"
    if f"〔{numbered.paper.issued_at.year}〕" not in number.text:
        yield "发文字号的年份应为成文年份"
    if not title.text.removesuffix("的通知").endswith(numbered.paper.title) or title.runs[0].font.size != Pt(22):
        yield "标题应为二号"
    if not (title.text.startswith(("关于第", "关于落实第")) or title.text.endswith(("单", "色）", "记录"))):
        yield "标题应写明事由"
    if title.text.endswith("重点项目的批复"):
        yield "批复的标题应写明批复的是什么"
    if {line.alignment for line in (mark, number, title)} != {WD_ALIGN_PARAGRAPH.CENTER}:
        yield "标志、字号、标题应居中"


def _sign_off(lines: list[Paragraph]) -> Iterator[str]:
    place = next(n for n, line in enumerate(lines) if line.text.startswith("（联系人："))
    name, day = lines[place - 2 : place]
    if name.alignment != day.alignment or name.paragraph_format.left_indent != day.paragraph_format.left_indent:
        yield "署名与成文日期应居中对齐"
    if (name.paragraph_format.space_before or 0) < Pt(42):
        yield "没有留出盖章的位置"
    for line in (name, day):
        left, right = line.paragraph_format.left_indent or 0, line.paragraph_format.right_indent or 0
        room = _TEXT_WIDTH - left - right
        if sum(8 if letter.isascii() else 16 for letter in line.text) * Pt(1) > room:
            yield f"“{line.text}”写不下一行"
    if lines[place - 3].paragraph_format.keep_with_next is not True and not lines[place - 3].text.endswith("。"):
        yield "署名不应单独成页"
