"""A period's report as a document to be edited, or as a workbook: every figure leads to the list that it counts."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import openpyxl
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from adapters.documents.archive import fixed_archive
from adapters.documents.docx_parts import HEADING_FONT, add_table, add_text
from adapters.documents.official_layout import add_title, official_document, saved
from adapters.documents.workbook_rows import Cell, add_row, add_sheet
from domain.ids import record_name
from domain.papers.draft import chinese_date
from domain.papers.wording import Say, as_drafted, capital
from domain.seeing.bulletins import BulletinDraft
from domain.seeing.period_report import FIGURE_WORDS, PeriodReport, listed_figures, situation

_SUMMARY, _LINK = "情况", Font(color="0563C1", underline="single")
_LIST_HEADS = ("日期", "项目", "节点", "部门", "内容", "记录编号")
_PRINTED_HEADS = ("日期", "序号", "部门", "内容")
_PRINTED_WIDTHS = (Mm(37), Mm(20), Mm(36), Mm(63))
"""What is printed stands between the margins, with the numbers of the list; the workbook has those of the record."""
_DEPARTMENT_WIDTH, _FIGURES_WIDTH = Mm(30), 126


def report_bytes(report: PeriodReport, ending: str, say: Say = as_drafted) -> bytes:
    """A report as a file of an ending, `.docx` or `.xlsx`, in the language in which `say` says it."""
    return _document(report, say) if ending == ".docx" else _workbook(report, say)


def _document(report: PeriodReport, say: Say) -> bytes:
    document = official_document()
    add_title(document, say(report.title))
    document.core_properties.title = say(report.title)
    add_text(document, say("（草稿，由督查室审定后印发）"), alignment=WD_ALIGN_PARAGRAPH.CENTER)
    for heading, lines in (
        ("一、总体情况", [situation(report)]),
        ("二、表扬", _told(report.praise)),
        ("三、存在的问题", _by_department(report.problems)),
        ("四、下期到期节点", _ahead(report)),
    ):
        add_text(document, say(heading), font=HEADING_FONT, indented=True)
        for line in lines or ["无。"]:
            add_text(document, capital(say(line)), indented=True)
    add_text(document, say("附：各部门情况"), font=HEADING_FONT, indented=True)
    names = [each.name for each in listed_figures(report)]
    heads = [say(each) for each in ("部门", *(FIGURE_WORDS[name] for name in names))]
    rows = [(who, *(str(counts[name] or "") for name in names)) for who, counts in report.by_department().items()]
    widths = (_DEPARTMENT_WIDTH, *(Mm(_FIGURES_WIDTH / max(1, len(names))) for _ in names))
    add_table(document, heads, rows, widths, size=Pt(9))
    for number, figure in enumerate(listed_figures(report), start=1):
        head = f"{say(f'附表{number}')}　{say(f'{FIGURE_WORDS[figure.name]}（{figure.value}件）')}"
        add_text(document, head, font=HEADING_FONT)
        lists = [(say(chinese_date(line.on)), line.number, line.department, say(line.words)) for line in figure.lines]
        heads = [say(each) for each in _PRINTED_HEADS]
        centred = (0, 1, 2)
        add_table(document, heads, lists, _PRINTED_WIDTHS, size=Pt(10.5), centred=centred)
    return fixed_archive(saved(document, say))


def _told(entries: Iterable[BulletinDraft]) -> list[str]:
    return [f"{entry.department}：{entry.text}" for entry in entries]


def _by_department(entries: Sequence[BulletinDraft]) -> list[str]:
    names = dict.fromkeys(entry.department for entry in entries)
    return [f"{name}：{''.join(entry.text for entry in entries if entry.department == name)}" for name in names]


def _ahead(report: PeriodReport) -> list[str]:
    return [
        f"{chinese_date(each.due_on)}：{each.department}，第{each.number}项{each.description.rstrip('。')}。"
        for each in report.next_deadlines
    ]


def _workbook(report: PeriodReport, say: Say) -> bytes:
    book = openpyxl.Workbook()
    summary = book.active
    assert isinstance(summary, Worksheet)
    summary.title = say(_SUMMARY)
    add_row(summary, [say(each) for each in ("事项", "件数", "清单")])
    for number, figure in enumerate(listed_figures(report), start=1):
        sheet = book.create_sheet(say(f"附表{number}"))
        add_row(sheet, [say(each) for each in _LIST_HEADS])
        for line in figure.lines:
            what = (
                line.project_id,
                line.milestone_id or "",
                line.department,
                say(line.words),
                record_name(line.event_id),
            )
            add_row(sheet, (line.on, *what))
        add_row(summary, (say(FIGURE_WORDS[figure.name]), figure.value, sheet.title))
        for column in (2, 3):
            cell = summary.cell(summary.max_row, column)
            cell.hyperlink, cell.font = f"#'{sheet.title}'!A1", _LINK
    heads = (say("部门"), say("内容"))
    add_sheet(book, say("各部门"), _departments(report, say))
    add_sheet(book, say("表扬"), [heads, *((entry.department, say(entry.text)) for entry in report.praise)])
    add_sheet(book, say("问题"), [heads, *((entry.department, say(entry.text)) for entry in report.problems)])
    ahead = [(each.due_on, each.department, each.milestone_id, each.description) for each in report.next_deadlines]
    add_sheet(book, say("下期到期"), [tuple(map(say, ("日期", "部门", "节点", "内容"))), *ahead])
    if len(report.months) > 1:
        _charted(book, report, say)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _departments(report: PeriodReport, say: Say) -> list[tuple[Cell, ...]]:
    names = [each.name for each in listed_figures(report)]
    rows: list[tuple[Cell, ...]] = [tuple(map(say, ("部门", *(FIGURE_WORDS[name] for name in names))))]
    rows += [(who, *(counts[name] for name in names)) for who, counts in report.by_department().items()]
    return rows


def _charted(book: openpyxl.Workbook, report: PeriodReport, say: Say) -> None:
    names = [each.name for each in listed_figures(report)]
    rows: list[tuple[Cell, ...]] = [tuple(map(say, ("月份", *(FIGURE_WORDS[name] for name in names))))]
    rows += [(month, *(counts[name] for name in names)) for month, counts in report.months.items()]
    sheet = add_sheet(book, say("各月"), rows)
    chart = BarChart()
    chart.title, chart.grouping, chart.overlap = say(report.title), "stacked", 100
    chart.add_data(
        Reference(sheet, min_col=2, max_col=len(names) + 1, min_row=1, max_row=len(rows)), titles_from_data=True
    )
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=len(rows)))
    sheet.add_chart(chart, f"A{len(rows) + 3}")
