"""What a file shows is what is read: struck words apart, months as months, numbers that Word prints; notes named."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from adapters.readers.any_notice import read_notice
from domain.notice.compiling import Compilation, compilation

_LINES = ["某市2024年重点工作清单", "2024年2月20日"]
_HEADS = ["序号", "工作任务", "牵头单位", "完成时限"]


def _book(*rows: list[Any]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    listed: tuple[list[Any], ...] = ([_LINES[0]], [_LINES[1]], _HEADS, *rows)
    for row in listed:
        book.worksheets[0].append(row)
    return book


def _compiled(path: Path) -> Compilation:
    return compilation(read_notice(path))


def _dues(found: Compilation) -> list[str]:
    return [str(milestone.due_on) for project in found.plan.projects for milestone in project.milestones]


@pytest.mark.parametrize(
    ("form", "due"),
    [
        ('yyyy"年"m"月"', "2024-06-30"),
        ("yyyy/mm", "2024-06-30"),
        ("mmm-yy", "2024-06-30"),
        ('m"月"', "2024-06-30"),
        ("yyyy/m/d", "2024-06-01"),
        ('yyyy"年"m"月"d"日"', "2024-06-01"),
        ("[$-804]yyyy/m/d;@", "2024-06-01"),
    ],
)
def test_a_date_cell_is_read_as_it_is_shown(form: str, due: str, tmp_path: Path) -> None:
    """A cell that shows a month is due at the month's end, not on its first day."""
    book = _book([1, "任务甲", "甲局", datetime(2024, 6, 1)])  # noqa: DTZ001 - a spreadsheet's days have no zone
    book.worksheets[0]["D4"].number_format = form
    book.save(tmp_path / "list.xlsx")
    assert _dues(_compiled(tmp_path / "list.xlsx")) == [due]


def test_a_days_number_in_a_time_column_is_that_day(tmp_path: Path) -> None:
    """A date that lost its format is 45473: read as the day, and said."""
    (tmp_path / "list.csv").write_text("\n".join([*_LINES, ",".join(_HEADS), "1,任务甲,甲局,45473"]), encoding="utf-8")
    found = _compiled(tmp_path / "list.csv")
    assert _dues(found) == ["2024-06-30"]
    assert any("45473" in finding.text for finding in found.plan.findings)


def test_struck_through_words_of_a_spreadsheet_are_not_valid(tmp_path: Path) -> None:
    """A part of a cell, a whole cell: what is struck through is named and not read."""
    old = TextBlock(InlineFont(strike=True), "6月底前")
    book = _book(
        [1, "任务甲", "甲局", CellRichText(old, "9月底前")], [2, "任务乙", "乙局", "10月底前"], [3, "任务丙", "", ""]
    )
    sheet = book.worksheets[0]
    for place in ("A6", "B6"):
        sheet[place].font = Font(strike=True)
    book.save(tmp_path / "list.xlsx")
    found = _compiled(tmp_path / "list.xlsx")
    assert _dues(found) == ["2024-09-30", "2024-10-31"]
    told = "".join(finding.text for finding in found.plan.findings if finding.code == "struck_out")
    assert "6月底前" in told
    assert "任务丙" in told


def test_hidden_sheets_and_comments_are_named(tmp_path: Path) -> None:
    """They are no part of the list; the operator hears of them."""
    book = _book([1, "任务甲", "甲局", "6月底前"])
    book.worksheets[0]["D4"].comment = Comment("领导要求提前", "某人")
    book.create_sheet("旧").append(["去年的清单"])
    book["旧"].sheet_state = "hidden"
    book.save(tmp_path / "list.xlsx")
    told = [
        finding.text for finding in _compiled(tmp_path / "list.xlsx").plan.findings if finding.code == "file_left_out"
    ]
    assert any("去年的清单" in text for text in told)
    assert any("领导要求提前" in text for text in told)


def test_coloured_months_are_a_bar(tmp_path: Path) -> None:
    """Cells without a word, coloured under their months, are one window; a wholly coloured row is none."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (
        [_LINES[0]],
        [_LINES[1]],
        ["序号", "工作任务", "牵头单位", "1月", "2月", "3月"],
        [1, "甲", "甲局"],
        [2, "乙", "乙局", "√"],
    ):
        sheet.append(row)
    for place in ("E4", "F4", *(f"{column}5" for column in "ABCDEF")):
        sheet[place].fill = PatternFill("solid", fgColor="FF92D050")
    book.save(tmp_path / "list.xlsx")
    found = _compiled(tmp_path / "list.xlsx")
    spans = [(str(m.starts_on), str(m.due_on)) for project in found.plan.projects for m in project.milestones]
    assert spans == [("2024-02-01", "2024-03-31"), ("2024-01-01", "2024-01-31")]


def test_heads_and_feet_of_a_word_files_pages_are_named(tmp_path: Path) -> None:
    """What stands beside the body is no part of the list, and no page number is worth a word."""
    document = docx.Document()
    for line in _LINES:
        document.add_paragraph(line)
    table = document.add_table(2, 4)
    for at, row in enumerate([_HEADS, ["1", "任务甲", "甲局", "6月底前"]]):
        for column, text in enumerate(row):
            table.cell(at, column).text = text
    document.sections[0].header.paragraphs[0].text = "征求意见稿"
    document.sections[0].footer.paragraphs[0].text = "— 1 —"
    document.save(str(tmp_path / "list.docx"))
    found = _compiled(tmp_path / "list.docx")
    assert [finding.text for finding in found.plan.findings if finding.code == "file_left_out"] == [
        "页眉里的“征求意见稿”没有读。"
    ]
    assert found.coverage.file_missing == 0


def test_numbers_that_word_prints_by_itself_make_items(tmp_path: Path) -> None:
    """A list in running text whose numbers are nowhere in the text is still a list."""
    document = docx.Document()
    for line in _LINES:
        document.add_paragraph(line)
    for text in ("完成机房搬迁，6月底前。（运维科负责）", "完成测评，9月底前。（安全科负责）"):
        document.add_paragraph(text, style="List Number")
    document.save(str(tmp_path / "list.docx"))
    assert _dues(_compiled(tmp_path / "list.docx")) == ["2024-06-30", "2024-09-30"]
