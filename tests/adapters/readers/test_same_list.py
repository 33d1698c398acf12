"""One list as Word, spreadsheet with one and two rows of heads, CSV, Markdown, HTML, PDF and text is one plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import docx
import openpyxl
import pytest
from reportlab.lib.pagesizes import A3, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from adapters.readers.any_notice import read_notice
from adapters.readers.unruled import width
from domain.notice.compiling import compilation

_LINES = ["某市2024年重点工作清单", "2024年2月20日"]
_UPPER = ["序号", "工作任务", "进度安排", "", "牵头单位", "配合单位", "类别", "备注"]
_LOWER = ["", "", "具体措施", "完成时限", "", "", "", ""]
_HEADS = ["序号", "工作任务", "具体措施", "完成时限", "牵头单位", "配合单位", "类别", "备注"]
_ROWS = [
    ["1", "建设共享平台", "制定方案", "3月底前", "大数据局", "财政局、公安局", "改革", ""],
    ["", "", "平台上线", "9月底前", "", "", "", "二期另定"],
    ["2", "改造老旧小区", "完成改造20个", "1-6月", "住建局", "", "民生", ""],
    ["3", "新建学校", "开工建设", "4月", "教育局", "住建局", "民生", ""],
    ["", "", "建成投用", "8月底前", "", "", "", ""],
]
# The places of a spreadsheet that are merged: heads over their groups, and what a project says once.
_HEAD_MERGES = ["C3:D3", *(f"{column}3:{column}4" for column in "ABEFGH")]


def _merges(first: int) -> list[str]:
    return [f"{column}{top}:{column}{top + 1}" for column in "ABEFG" for top in (first, first + 3)]


def _sheet(path: Path, heads: Sequence[Sequence[str]], merges: Sequence[str]) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (*([line] for line in _LINES), *heads, *_ROWS):
        sheet.append([int(cell) if cell.isdigit() else cell or None for cell in row])
    for merged in merges:
        sheet.merge_cells(merged)
    book.save(path)


def _one_head(path: Path) -> None:
    _sheet(path, [_HEADS], _merges(4))


def _two_heads(path: Path) -> None:
    _sheet(path, [_UPPER, _LOWER], [*_HEAD_MERGES, *_merges(5)])


def _word(path: Path) -> None:
    document = docx.Document()
    for line in _LINES:
        document.add_paragraph(line)
    rows = [_UPPER, _LOWER, *_ROWS]
    table = document.add_table(len(rows), len(_UPPER))
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(at, column).text = text
    table.cell(0, 2).merge(table.cell(0, 3))
    for column in (0, 1, 4, 5, 6, 7):
        table.cell(0, column).merge(table.cell(1, column))
    for column in (0, 1, 4, 5, 6):
        for top in (2, 5):
            table.cell(top, column).merge(table.cell(top + 1, column))
    document.save(str(path))


def _csv(path: Path) -> None:
    lines = [*_LINES, *(",".join(row) for row in (_UPPER, _LOWER, *_ROWS))]
    path.write_text("\n".join(lines), encoding="utf-8-sig")


def _markdown(path: Path) -> None:
    lines = [f"| {' | '.join(row)} |" for row in (_HEADS, ["---"] * len(_HEADS), *_ROWS)]
    path.write_text("\n\n".join([f"# {_LINES[0]}", _LINES[1], "\n".join(lines)]), encoding="utf-8")


def _page(path: Path) -> None:
    """The web page on which an office publishes: menus, a table that lays out the page, the list in it."""
    _html(path)
    head, _, table = path.read_text(encoding="utf-8").partition("<table>")
    title, day = (line for line in head.replace("# ", "").split("\n") if line)
    path.write_text(
        "<!DOCTYPE html><html><head><script>var a = '<table>';</script></head><body>"
        f"<nav><a>首页</a></nav><h1>{title}</h1><table><tr><td><p>{day}</p><table>{table}</td></tr></table>"
        "<footer>版权所有</footer></body></html>",
        encoding="utf-8",
    )


def _html(path: Path) -> None:
    spans = {(top, column) for top in (0, 3) for column in (0, 1, 4, 5, 6)}
    lines = ["<table>", "<thead><tr>", *(f"<th>{head}</th>" for head in _HEADS), "</tr></thead>"]
    for top, row in enumerate(_ROWS):
        places = [
            f'<td rowspan="2"><p>{text}</p></td>' if (top, column) in spans else f"<td>{text}</td>"
            for column, text in enumerate(row)
            if (top - 1, column) not in spans
        ]
        lines.append(f"<tr>{''.join(places)}</tr>")
    path.write_text("\n\n".join([f"# {_LINES[0]}", _LINES[1], "\n".join([*lines, "</table>"])]), encoding="utf-8")


def _aligned(path: Path) -> None:
    rows = [_HEADS, *_ROWS]
    widths = [max(2 * len(row[column]) for row in rows) + 4 for column in range(len(_HEADS))]
    lines = [
        "".join(cell + " " * (place - width(cell)) for cell, place in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    path.write_text("\n".join([*_LINES, "", *lines]), encoding="utf-8")


def _text(path: Path) -> None:
    path.write_text("\n".join([*_LINES, *("\t".join(row) for row in (_HEADS, *_ROWS))]), encoding="utf-8")


def _pdf(path: Path, *, ruled: bool) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("notice", fontName="STSong-Light", fontSize=9, leading=12, wordWrap="CJK")
    rows = [_HEADS, *_ROWS]
    spans = [("SPAN", (column, top), (column, top + 1)) for column in (0, 1, 4, 5, 6) for top in (1, 4)]
    lines = [("GRID", (0, 0), (-1, -1), 0.5, (0, 0, 0)), *spans] if ruled else [("VALIGN", (0, 0), (-1, -1), "TOP")]
    cells = [[Paragraph(cell, style) for cell in row] for row in rows]
    table = Table(cells, colWidths=[40, 130, 150, 90, 90, 130, 60, 120], style=lines)
    story = [*(Paragraph(line, style) for line in _LINES), table]
    SimpleDocTemplate(str(path), pagesize=landscape(A3)).build(story)


_FORMATS: dict[str, Callable[[Path], None]] = {
    "two-heads.docx": _word,
    "one-head.xlsx": _one_head,
    "two-heads.xlsx": _two_heads,
    "two-heads.csv": _csv,
    "list.md": _markdown,
    "html.md": _html,
    "page.html": _page,
    "page.xls": _page,
    "list.txt": _text,
    "aligned.txt": _aligned,
    "ruled.pdf": lambda path: _pdf(path, ruled=True),
    "unruled.pdf": lambda path: _pdf(path, ruled=False),
}


@pytest.mark.parametrize("name", list(_FORMATS))
def test_the_same_list_gives_the_same_plan_in_every_format(name: str, tmp_path: Path) -> None:
    """Serials, titles, departments, categories, milestones with texts and dates; the unread remark is named."""
    path = tmp_path / name
    _FORMATS[name](path)
    plan = compilation(read_notice(path)).plan
    assert [
        (
            project.serial,
            project.title,
            project.lead_department,
            project.participating_departments,
            project.category,
            [(m.description, m.starts_on and str(m.starts_on), str(m.due_on)) for m in project.milestones],
        )
        for project in plan.projects
    ] == [
        (
            "1",
            "建设共享平台",
            "大数据局",
            ("财政局", "公安局"),
            "改革",
            [("制定方案", None, "2024-03-31"), ("平台上线", None, "2024-09-30")],
        ),
        ("2", "改造老旧小区", "住建局", (), "民生", [("完成改造20个", "2024-01-01", "2024-06-30")]),
        (
            "3",
            "新建学校",
            "教育局",
            ("住建局",),
            "民生",
            [("开工建设", "2024-04-01", "2024-04-30"), ("建成投用", None, "2024-08-31")],
        ),
    ]
    assert not plan.unruled
    assert any("备注" in finding.text and "二期另定" in finding.text for finding in plan.findings)
