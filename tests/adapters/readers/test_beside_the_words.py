"""What an office file shows beside its words is named: pictures, drawings, files inside it; formulas show results."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from adapters.readers.any_notice import read_notice
from domain.notice.compiling import compilation
from domain.notice.plan import Plan
from tests.adapters.readers.notice_files import save_docx, save_xlsx

_TITLE = ["海城市2027年重点工作清单", "2027年2月25日"]
_ROWS = [["序号", "工作任务", "牵头单位", "完成时限"], ["1", "建平台", "市大数据局", "6月底前"]]
_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_TEXT = f"<x {_A}><a:p><a:r><a:t>第1项改为</a:t></a:r><a:r><a:t>9月底前</a:t></a:r></a:p></x>".encode()


def _plan(path: Path) -> Plan:
    return compilation(read_notice(path)).plan


def _with(path: Path, parts: Mapping[str, bytes], *changes: tuple[str, str]) -> Path:
    """The package with more parts, and with its first sheet changed."""
    with zipfile.ZipFile(path) as package:
        held = {name: package.read(name) for name in package.namelist()} | dict(parts)
    for before, after in changes:
        sheet = held["xl/worksheets/sheet1.xml"].decode()
        assert before in sheet
        held["xl/worksheets/sheet1.xml"] = sheet.replace(before, after).encode()
    with zipfile.ZipFile(path, "w") as package:
        for name, data in held.items():
            package.writestr(name, data)
    return path


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("list.xlsx", "xl/drawings/drawing1.xml"),
        ("list.xlsx", "xl/charts/chart1.xml"),
        ("list.docx", "word/diagrams/data1.xml"),
        ("list.docx", "word/charts/chart1.xml"),
    ],
)
def test_text_in_a_drawing_is_asked_about_where_it_may_move_a_date(name: str, part: str, tmp_path: Path) -> None:
    """A box over the sheet, a chart, a diagram."""
    (save_xlsx if name.endswith(".xlsx") else save_docx)(tmp_path / name, _TITLE, _ROWS)
    plan = _plan(_with(tmp_path / name, {part: _TEXT}))
    assert [finding.source.text for finding in plan.unruled] == ["第1项改为9月底前"]


def test_pictures_and_files_inside_are_told(tmp_path: Path) -> None:
    """Nobody can read them here, and nobody shall think that somebody did."""
    save_xlsx(tmp_path / "list.xlsx", _TITLE, _ROWS)
    parts = {"xl/drawings/drawing1.xml": b"<x><xdr:pic/><xdr:pic/></x>", "xl/embeddings/old.docx": b"x"}
    told = " ".join(finding.text for finding in _plan(_with(tmp_path / "list.xlsx", parts)).findings)
    assert "2张图片" in told
    assert "old.docx" in told


def test_a_formula_is_read_as_the_result_that_the_sheet_shows(tmp_path: Path) -> None:
    """`=ROW()-3` with its result 1, as a spreadsheet program saves it, is the serial 1."""
    rows = [_ROWS[0], ["=ROW()-3", "建平台", "市大数据局", "=A1"]]
    save_xlsx(tmp_path / "list.xlsx", _TITLE, rows)
    serial = ("<f>ROW()-3</f><v></v>", "<f>ROW()-3</f><v>1</v>")
    limit = ('<c r="D4"><f>A1</f><v></v>', '<c r="D4" t="str"><f>A1</f><v>6月底前</v>')
    (project,) = _plan(_with(tmp_path / "list.xlsx", {}, serial, limit)).projects
    assert (project.serial, str(project.milestones[0].due_on)) == ("1", "2027-06-30")
