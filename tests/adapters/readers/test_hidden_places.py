"""What a file hides, deletes, or puts where a list has no place for it is asked about, or told as not valid."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl.comments import Comment

from adapters.readers.any_notice import read_notice
from domain.notice.compiling import compilation
from domain.notice.plan import Plan

_LINES = ("某市2024年重点工作清单", "2024年2月20日")
_HEADS = ["序号", "任务", "牵头单位", "完成时限"]
_ROWS = [["1", "修订章程", "甲局", "6月底前"], ["2", "建设系统", "乙局", "9月底前"]]


def _word() -> tuple[Any, Any]:
    document = docx.Document()
    for line in _LINES:
        document.add_paragraph(line)
    return document, _filled(document, [_HEADS, *_ROWS])


def _filled(where: Any, rows: list[list[str]]) -> Any:
    table = where.add_table(len(rows), len(rows[0]))
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(at, column).text = text
    return table


def _plan(path: Path) -> Plan:
    return compilation(read_notice(path)).plan


def _told(plan: Plan) -> list[tuple[str, list[str]]]:
    return [(project.title, [str(m.due_on) for m in project.milestones]) for project in plan.projects]


def _asked(plan: Plan, code: str) -> str:
    return "\n".join(finding.text for finding in plan.unruled if finding.code == code)


def test_a_row_deleted_under_tracked_changes_is_no_duty(tmp_path: Path) -> None:
    """The row is told as not valid, and is not in the plan."""
    document, table = _word()
    properties = table.rows[2]._tr.get_or_add_trPr()
    properties.append(parse_xml(f'<w:del {nsdecls("w")} w:id="3" w:author="a"/>'))
    document.save(str(tmp_path / "deleted.docx"))
    plan = _plan(tmp_path / "deleted.docx")
    assert _told(plan) == [("修订章程", ["2024-06-30"])]
    assert any("建设系统" in finding.text for finding in plan.findings if finding.code == "struck_out")


def test_a_table_inside_a_place_is_asked_about(tmp_path: Path) -> None:
    """Its words are no part of the title, and its times wait."""
    document, table = _word()
    _filled(table.cell(1, 1), [["步骤", "时间"], ["调研", "3月底前"]])
    document.save(str(tmp_path / "inside.docx"))
    plan = _plan(tmp_path / "inside.docx")
    assert _told(plan)[0] == ("修订章程", ["2024-06-30"])
    assert "3月底前" in _asked(plan, "file_left_out")


def test_a_frame_around_the_list_is_no_table(tmp_path: Path) -> None:
    """A table of one place that holds the whole list is looked into."""
    document = docx.Document()
    for line in _LINES:
        document.add_paragraph(line)
    _filled(document.add_table(1, 1).cell(0, 0), [_HEADS, *_ROWS])
    document.save(str(tmp_path / "frame.docx"))
    plan = _plan(tmp_path / "frame.docx")
    assert _told(plan) == [("修订章程", ["2024-06-30"]), ("建设系统", ["2024-09-30"])]
    assert not plan.unruled


def test_hidden_words_are_asked_about(tmp_path: Path) -> None:
    """Nobody sees them on paper."""
    document, table = _word()
    table.cell(2, 3).paragraphs[0].add_run("（延期至11月底前）").font.hidden = True
    document.save(str(tmp_path / "hidden.docx"))
    assert "延期至11月底前" in _asked(_plan(tmp_path / "hidden.docx"), "hidden_read")


@pytest.mark.parametrize("what", ["row", "column", "comment"])
def test_what_a_sheet_hides_is_asked_about(what: str, tmp_path: Path) -> None:
    """Rows and columns that are hidden are read, a comment that changes a date is not: each waits."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in ([_LINES[0]], [_LINES[1]], _HEADS, *_ROWS):
        sheet.append(row)
    if what == "row":
        sheet.row_dimensions[5].hidden = True
    elif what == "column":
        sheet.column_dimensions["C"].hidden = True
    else:
        sheet["D4"].comment = Comment("改为8月底前", "x")
    book.save(tmp_path / "list.xlsx")
    plan = _plan(tmp_path / "list.xlsx")
    asked = _asked(plan, "file_left_out" if what == "comment" else "hidden_read")
    assert {"row": "建设系统", "column": "乙局", "comment": "改为8月底前"}[what] in asked
    assert [due for _, due in _told(plan)] == [["2024-06-30"], ["2024-09-30"]]


def test_alignment_and_links_of_markdown_are_no_text(tmp_path: Path) -> None:
    """`:-:` rules a table, and a link is its words."""
    lines = [
        "| 序号 | 任务 | 牵头单位 | 完成时限 |",
        "|:-:|---|-|:-|",
        "| 1 | 修订章程 | [甲局](http://a/b) | 6月底前 |",
    ]
    (tmp_path / "list.md").write_text("\n\n".join([*_LINES, "\n".join(lines)]), encoding="utf-8")
    plan = _plan(tmp_path / "list.md")
    assert _told(plan) == [("修订章程", ["2024-06-30"])]
    assert plan.projects[0].lead_department == "甲局"
    assert not plan.unruled


def test_strokes_separate_the_places_of_a_plain_text(tmp_path: Path) -> None:
    """A table that was copied as `序号|任务|…`."""
    path = tmp_path / "list.txt"
    path.write_text("\n".join([*_LINES, *("|".join(row) for row in (_HEADS, *_ROWS))]), encoding="utf-8")
    assert _told(_plan(path)) == [("修订章程", ["2024-06-30"]), ("建设系统", ["2024-09-30"])]
