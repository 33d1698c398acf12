"""What an office file shows by a font, a style or a format, and not by its text: read as it is shown, or told."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from adapters.readers.any_notice import read_notice
from adapters.readers.csv_notice import csv_document
from domain.notice.compiling import compilation
from domain.notice.plan import Plan
from tests.domain.notice.plans import windows

_LINES = ("某市2026年重点工作清单", "2026年2月20日")
_HEADS = ("序号", "任务", "牵头单位", "完成时限")
_ROW = ("1", "修订章程", "甲局", "6月底前")


def _word(heads: tuple[str, ...] = _HEADS, row: tuple[str, ...] = _ROW) -> tuple[Any, Any]:
    """A Word list of one row, and its table."""
    document = docx.Document()
    for line in _LINES:
        document.add_paragraph(line)
    table = document.add_table(2, len(heads))
    for at, texts in enumerate((heads, row)):
        for column, text in enumerate(texts):
            table.cell(at, column).text = text
    return document, table


def _put(cell: Any, xml: str) -> None:
    cell.paragraphs[0]._p.append(parse_xml(xml))


def _run(inside: str) -> str:
    return f"<w:r {nsdecls('w')}>{inside}</w:r>"


def _plan(document: Any, path: Path) -> Plan:
    document.save(str(path))
    return compilation(read_notice(path)).plan


def _told(plan: Plan, words: str) -> bool:
    return any(words in finding.text for finding in plan.findings)


def test_a_check_mark_of_a_symbol_font_marks_its_month(tmp_path: Path) -> None:
    """Wingdings' check mark is a mark as `√` is."""
    document, table = _word(("序号", "任务", "牵头单位", "一季度", "二季度"), ("1", "修订章程", "甲局", "", ""))
    _put(table.cell(1, 4), _run('<w:sym w:font="Wingdings" w:char="F0FC"/>'))
    assert windows(_plan(document, tmp_path / "list.docx")) == [("2026-04-01", "2026-06-30")]


def test_a_symbol_that_nobody_knows_is_told(tmp_path: Path) -> None:
    """Its font and how many there are are named."""
    document, table = _word()
    _put(table.cell(1, 1), _run('<w:sym w:font="Webdings" w:char="F061"/>'))
    assert _told(_plan(document, tmp_path / "list.docx"), "1个符号（Webdings）")


def test_how_a_word_is_spoken_is_no_part_of_it(tmp_path: Path) -> None:
    """What stands above the characters is left out."""
    document, table = _word(row=("1", "", "甲局", "6月底前"))
    spoken = "<w:rt><w:r><w:t>zhang</w:t></w:r></w:rt>"
    written = "<w:rubyBase><w:r><w:t>修订章程</w:t></w:r></w:rubyBase>"
    _put(table.cell(1, 1), _run(f"<w:ruby>{spoken}{written}</w:ruby>"))
    plan = _plan(document, tmp_path / "list.docx")
    assert [project.title for project in plan.projects] == ["修订章程"]
    assert not plan.unruled


def test_words_that_a_style_strikes_through_are_not_valid(tmp_path: Path) -> None:
    """Of a run by its own style, or by the one that it is based on."""
    document, table = _word()
    gone = document.styles.add_style("gone", WD_STYLE_TYPE.CHARACTER)
    gone.font.strike = True
    based = document.styles.add_style("based", WD_STYLE_TYPE.CHARACTER)
    based.base_style = gone
    table.cell(1, 3).paragraphs[0].runs[0].style = based
    table.cell(1, 3).paragraphs[0].add_run("7月底前")
    plan = _plan(document, tmp_path / "list.docx")
    assert [due for _, due in windows(plan)] == ["2026-07-31"]
    assert _told(plan, "6月底前")


def test_a_place_deleted_under_tracked_changes_is_not_valid(tmp_path: Path) -> None:
    """Its words are told as struck out."""
    document, table = _word()
    table.cell(1, 3)._tc.get_or_add_tcPr().append(parse_xml(f'<w:cellDel {nsdecls("w")} w:id="9" w:author="a"/>'))
    plan = _plan(document, tmp_path / "list.docx")
    assert windows(plan) == [("None", "None")]
    assert _told(plan, "6月底前")


def test_characters_that_nobody_sees_part_no_limit(tmp_path: Path) -> None:
    """A soft hyphen or a joiner inside `6月底前` changes nothing."""
    document, _ = _word(row=("1", "修订章程", "甲局", "6\u200b月\u00ad底\u2060前"))
    assert windows(_plan(document, tmp_path / "list.docx")) == [("None", "2026-06-30")]


@pytest.mark.parametrize(
    ("value", "form", "window"),
    [
        (6, '0"月底前"', ("None", "2026-06-30")),
        (date(2026, 6, 30), 'yyyy"年"m"月"d"日前"', ("None", "2026-06-30")),
        (date(2026, 9, 1), 'm"月底前"', ("None", "2026-09-30")),
        (date(2026, 9, 1), 'yyyy"年"m"月"', ("2026-09-01", "2026-09-30")),
        (2026.1, "0.00", ("2026-10-01", "2026-10-31")),
    ],
)
def test_a_limit_that_a_format_prints_is_a_limit(
    value: object, form: str, window: tuple[str, str], tmp_path: Path
) -> None:
    """The sheet shows `6月底前`, and keeps 6."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    rows: list[list[Any]] = [*([line] for line in _LINES), [*_HEADS], [1, "修订章程", "甲局", value]]
    for row in rows:
        sheet.append(row)
    sheet["D4"].number_format = form
    assert windows(_plan(book, tmp_path / "list.xlsx")) == [window]


def test_what_is_printed_above_and_below_a_sheet_is_told(tmp_path: Path) -> None:
    """As it is of the pages of a Word file; a page's number is worth no word."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    rows: list[list[Any]] = [*([line] for line in _LINES), [*_HEADS], [1, *_ROW[1:]]]
    for row in rows:
        sheet.append(row)
    assert sheet.oddHeader is not None
    assert sheet.oddFooter is not None
    sheet.oddHeader.center.text = "乙局8月底前完成审计"
    sheet.oddFooter.center.text = "&P"
    plan = _plan(book, tmp_path / "list.xlsx")
    assert _told(plan, "乙局8月底前完成审计")
    assert not _told(plan, "页脚")


@pytest.mark.parametrize(("value", "severity"), [(2026.1, ["ruling"]), ("2026.1", []), (2026.6, [])])
def test_a_number_that_may_have_lost_its_zero_is_asked_about(
    value: object, severity: list[str], tmp_path: Path
) -> None:
    """A sheet shows October as `2026.1` where it is a number; as text it is January."""
    book = openpyxl.Workbook()
    rows: list[list[Any]] = [*([line] for line in _LINES), [*_HEADS], [1, "修订章程", "甲局", value]]
    for row in rows:
        book.worksheets[0].append(row)
    found = _plan(book, tmp_path / "list.xlsx").findings
    assert [finding.severity for finding in found if finding.code == "zero_lost"] == severity


@pytest.mark.parametrize(("other", "asked"), [("2026.6", True), ("2026.10", False)])
def test_a_number_in_a_text_of_a_sheet_is_asked_about_unless_another_keeps_its_zero(other: str, asked: bool) -> None:
    """`2026.1` in a file of separated values is a sheet's number; beside `2026.10` it is January."""
    rows = (",".join(_HEADS), "1,修订章程,甲局,2026.1", f"2,修订办法,甲局,{other}")
    plan = compilation(csv_document("\n".join((*_LINES, *rows)), "list.csv")).plan
    assert any(finding.code == "zero_lost" for finding in plan.findings) == asked
