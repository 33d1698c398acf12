"""The same notice in every format an office keeps it in gives the same plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from adapters.readers.any_notice import read_notice
from domain.notice.compiling import compile_notice
from domain.notice.plan import Plan
from tests.adapters.readers.notice_files import (
    NOTICE,
    csv_text,
    markdown_text,
    parts,
    save_docx,
    save_pdf,
    save_xlsx,
)

_TEXT = NOTICE.read_text(encoding="utf-8")
_HEADS = ["序号", "项目名称", "牵头部门", "参与部门", "工作进度安排"]
_ROWS = [
    ["1", "项目甲", "组织部", "宣传部", "3月：启动"],
    ["2", "项目乙", "办公室", "", "6月底前：完成"],
]
_TITLE = "2018年重点项目清单"


def _compiled(path: Path) -> Plan:
    return compile_notice(read_notice(path))


@pytest.fixture(scope="module")
def expected() -> Plan:
    return _compiled(NOTICE)


_SAVERS: dict[str, Callable[[Path], object]] = {
    "notice.docx": lambda path: save_docx(path, *parts()),
    "notice.xlsx": lambda path: save_xlsx(path, *parts()),
    "gb18030.txt": lambda path: path.write_bytes(_TEXT.encode("gb18030")),
    "marked.txt": lambda path: path.write_bytes(_TEXT.encode("utf-8-sig")),
    "windows.txt": lambda path: path.write_bytes(_TEXT.replace("\n", "\r\n").encode("utf-8")),
    "utf16.txt": lambda path: path.write_bytes(_TEXT.encode("utf-16")),
    "utf16-without-a-mark.txt": lambda path: path.write_bytes(_TEXT.encode("utf-16-le")),
    "utf16-other-order.csv": lambda path: path.write_bytes(csv_text(*parts()).encode("utf-16-be")),
    "notice.tsv": lambda path: path.write_text(_TEXT, encoding="utf-8"),
    "notice.csv": lambda path: path.write_text(csv_text(*parts()), encoding="utf-8-sig"),
    "gb18030.csv": lambda path: path.write_bytes(csv_text(*parts()).encode("gb18030")),
    "notice.md": lambda path: path.write_text(markdown_text(*parts()), encoding="utf-8"),
    "without-a-suffix": lambda path: path.write_text(_TEXT, encoding="utf-8"),
}


@pytest.mark.parametrize("name", list(_SAVERS))
def test_the_real_notice_is_the_same_plan_in_every_format(name: str, tmp_path: Path, expected: Plan) -> None:
    """Word, spreadsheet, CSV, Markdown and text, in each encoding, give equal plans."""
    path = tmp_path / name
    _SAVERS[name](path)
    assert _compiled(path) == expected


def test_the_real_notice_as_a_pdf_differs_only_in_blanks(tmp_path: Path, expected: Plan) -> None:
    """A PDF wraps lines where a blank stood; every date, number and name is the same."""
    path = tmp_path / "notice.pdf"
    save_pdf(path, *parts())
    plan = _compiled(path)
    assert plan.header == expected.header
    for read, issued in zip(plan.projects, expected.projects, strict=True):
        assert read.schedule_text.replace(" ", "") == issued.schedule_text.replace(" ", "")
        assert read.participating_departments == issued.participating_departments
        told = [(m.starts_on, m.due_on, m.assigned, m.ongoing, m.quota, m.recurrence) for m in read.milestones]
        assert told == [
            (m.starts_on, m.due_on, m.assigned, m.ongoing, m.quota, m.recurrence) for m in issued.milestones
        ]


def test_a_merged_lead_cell_in_word_leads_every_row_that_it_covers(tmp_path: Path) -> None:
    """One department for several rows is merged, not blank."""
    document = docx.Document()
    document.add_paragraph(_TITLE)
    table = document.add_table(rows=3, cols=5)
    for at, row in enumerate([_HEADS, *_ROWS]):
        for column, text in enumerate(row):
            table.cell(at, column).text = text if (at, column) != (2, 2) else ""
    table.cell(1, 2).merge(table.cell(2, 2))
    path = tmp_path / "merged.docx"
    document.save(str(path))
    plan = _compiled(path)
    assert [project.lead_department for project in plan.projects] == ["组织部", "组织部"]
    assert "lead_as_above" not in {finding.code for finding in plan.findings}


def test_one_project_over_several_merged_rows_is_one_project(tmp_path: Path) -> None:
    """Serial and title merged over two schedule rows: the schedule has both."""
    document = docx.Document()
    document.add_paragraph(_TITLE)
    table = document.add_table(rows=3, cols=5)
    for at, row in enumerate([_HEADS, _ROWS[0], ["", "", "组织部", "宣传部", "6月：总结"]]):
        for column, text in enumerate(row):
            table.cell(at, column).text = text
    for column in (0, 1):
        table.cell(1, column).merge(table.cell(2, column))
    path = tmp_path / "rows.docx"
    document.save(str(path))
    (project,) = _compiled(path).projects
    assert project.schedule_text == "3月：启动\n6月：总结"
    assert project.participating_departments == ("宣传部",)


def test_section_rows_blank_rows_and_repeated_heads_are_no_projects(tmp_path: Path) -> None:
    """What a printed table repeats or divides by is not work."""
    path = tmp_path / "sections.xlsx"
    rows: list[Sequence[object]] = [
        [*_HEADS],
        ["一、党建工作", None, None, None, None],
        _ROWS[0],
        [None] * 5,
        _HEADS,
        _ROWS[1],
        ["合计", 2, "", "", ""],
    ]
    save_xlsx(path, [_TITLE], rows)
    assert [project.title for project in _compiled(path).projects] == ["项目甲", "项目乙"]


def test_merged_section_rows_and_several_sheets_are_one_list(tmp_path: Path) -> None:
    """Two sheets of one year, each with merged titles and sections."""
    book = openpyxl.Workbook()
    for number, sheet in enumerate((book.worksheets[0], book.create_sheet("第二部分"))):
        sheet.append([_TITLE])
        sheet.merge_cells("A1:E1")
        sheet.append(_HEADS)
        sheet.append(["一、重点"])
        sheet.merge_cells("A3:E3")
        sheet.append([number + 1, *_ROWS[number][1:]])
    path = tmp_path / "sheets.xlsx"
    book.save(path)
    assert [project.project_id for project in _compiled(path).projects] == ["2018-01", "2018-02"]


def test_a_hidden_sheet_is_not_part_of_the_list(tmp_path: Path) -> None:
    """Last year's list kept out of sight does not make two lists."""
    book = openpyxl.Workbook()
    for sheet, title in ((book.worksheets[0], _TITLE), (book.create_sheet("旧"), "2017年重点项目清单")):
        for row in ([title], _HEADS, *_ROWS):
            sheet.append(row)
    book["旧"].sheet_state = "hidden"
    path = tmp_path / "hidden.xlsx"
    book.save(path)
    assert _compiled(path).year == 2018


def test_a_table_that_goes_on_after_a_page_break_is_one_list(tmp_path: Path) -> None:
    """A second table without a head, its first row the rest of a cell, belongs to the first."""
    document = docx.Document()
    document.add_paragraph(_TITLE)
    for rows in ([_HEADS, _ROWS[0]], [["", "", "", "", "4月：推进；"], _ROWS[1]]):
        table = document.add_table(rows=len(rows), cols=5)
        for cells, row in zip(table.rows, rows, strict=True):
            for cell, text in zip(cells.cells, row, strict=True):
                cell.text = text
        document.add_paragraph("")
    path = tmp_path / "pages.docx"
    document.save(str(path))
    plan = _compiled(path)
    assert [len(project.milestones) for project in plan.projects] == [2, 1]


def test_automatic_numbers_are_serials(tmp_path: Path) -> None:
    """Word numbers rows by itself; the number is nowhere in the text."""
    document = docx.Document()
    document.add_paragraph(_TITLE)
    table = document.add_table(rows=3, cols=5)
    for at, row in enumerate([_HEADS, *_ROWS]):
        for column, text in enumerate(row):
            table.cell(at, column).text = "" if at and column == 0 else text
    for at in (1, 2):
        properties = table.cell(at, 0).paragraphs[0]._p.get_or_add_pPr()
        numbering = OxmlElement("w:numPr")
        number = OxmlElement("w:numId")
        number.set(qn("w:val"), "7")
        numbering.append(number)
        properties.append(numbering)
    path = tmp_path / "numbered.docx"
    document.save(str(path))
    assert [project.serial for project in _compiled(path).projects] == ["1", "2"]


def test_a_quarter_for_each_column_gives_each_its_window(tmp_path: Path) -> None:
    """Columns headed by a time are labels; a head over them is no label."""
    path = tmp_path / "quarters.xlsx"
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (
        [_TITLE],
        ["序号", "项目名称", "牵头部门", "工作进度安排", None, None, None],
        [None, None, None, "一季度", "二季度", "三季度", "四季度"],
        [1, "甲", "组织部", "启动", None, "检查", "总结"],
    ):
        sheet.append(row)
    for merged in ("A2:A3", "B2:B3", "C2:C3", "D2:G2"):
        sheet.merge_cells(merged)
    book.save(path)
    (project,) = _compiled(path).projects
    assert [(m.window_text, m.description) for m in project.milestones] == [
        ("一季度", "启动"),
        ("三季度", "检查"),
        ("四季度", "总结"),
    ]


@pytest.mark.parametrize(
    "heads",
    [
        ["序号", "工作任务", "责任单位", "配合单位", "完成时限"],
        ["编号", "重点工作", "责任部门", "协办单位", "时序进度"],
        ["No.", "Project", "Lead department", "Supporting departments", "Deadline"],
        ["序 号", "任 务", "牵头\n单位", "配合\n部门", "完成时间"],
        ["项次", "重点任务", "主责单位（部门）", "协同单位", "进度安排（2018年）"],
    ],
)
def test_columns_are_found_by_what_they_mean(heads: list[str], tmp_path: Path) -> None:
    """Offices name the same columns differently."""
    path = tmp_path / "heads.xlsx"
    save_xlsx(path, [_TITLE], [heads, *_ROWS])
    plan = _compiled(path)
    assert [project.lead_department for project in plan.projects] == ["组织部", "办公室"]
    assert plan.projects[0].participating_departments == ("宣传部",)
    assert [project.milestones[0].window_text for project in plan.projects] == ["3月", "6月底前"]


def test_columns_may_stand_in_any_order_and_be_missing(tmp_path: Path) -> None:
    """No content, no participants, the lead first."""
    path = tmp_path / "order.csv"
    path.write_text(f"{_TITLE}\n牵头单位,完成时限,工作任务,序号\n组织部,3月,甲,1\n", encoding="utf-8")
    (project,) = _compiled(path).projects
    assert (project.serial, project.title, project.lead_department, project.main_content) == ("1", "甲", "组织部", "")


def test_a_day_cell_of_a_spreadsheet_is_that_day(tmp_path: Path) -> None:
    """Excel keeps days as days; the plan is due on them."""
    path = tmp_path / "days.csv"
    path.write_text(f"{_TITLE}\n序号,任务,牵头单位,完成时限\n1,甲,组织部,2018/6/30\n", encoding="utf-8")
    (project,) = _compiled(path).projects
    assert str(project.milestones[0].due_on) == "2018-06-30"


def test_the_list_of_one_year_is_taken_out_of_two(tmp_path: Path) -> None:
    """With --year the other list is left alone."""
    path = tmp_path / "two.txt"
    head = "序号\t项目\t牵头部门\t进度安排\n"
    path.write_text(f"2018年清单\n{head}1\t甲\t组织部\t3月\n2019年清单\n{head}1\t乙\t组织部\t4月\n", encoding="utf-8")
    plan = compile_notice(read_notice(path), year=2019)
    assert [(project.project_id, project.title) for project in plan.projects] == [("2019-01", "乙")]
