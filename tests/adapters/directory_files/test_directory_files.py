"""A directory goes into a file and comes back the same; a file that cannot be trusted is refused."""

from __future__ import annotations

import random
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from adapters.directory_files.any_file import read_directory_file, write_directory_file
from adapters.directory_files.unreadable import UnreadableDirectoryFileError
from domain.directory import changes
from domain.directory.importing import planned_import
from domain.directory.table import HEADS, rows_of
from tests.domain.directory.samples import draft_on, office_at_random, small_office

KINDS = ["xlsx", "csv"]


def told(path: Path) -> str:
    """Why a file is refused."""
    with pytest.raises(UnreadableDirectoryFileError) as refused:
        read_directory_file(path)
    return refused.value.text


def workbook(path: Path, *rows: tuple[object, ...], sheet: str = "名册") -> Any:
    """A workbook with one sheet."""
    book: Any = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    book.save(path)
    return book


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(6))
def test_a_file_says_what_the_directory_says(kind: str, seed: int, tmp_path: Path) -> None:
    """Rows come back cell by cell, and importing them changes nothing."""
    directory = office_at_random(random.Random(seed), 80).directory
    path = tmp_path / f"名册.{kind}"
    write_directory_file(rows_of(directory), path)
    read = read_directory_file(path)
    assert [dict.fromkeys(HEADS, "") | dict(row.cells) for row in read.rows] == rows_of(directory)
    assert read.left_out == ()
    assert planned_import(read, draft_on(directory)).events == ()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "name", ["=1+1", "＝1+1", "＠部", "'＋部", "@部", "+86", "-部", "'=部", "''=部", "'部", '"部"', "a,b"]
)
def test_no_name_becomes_a_formula(kind: str, name: str, tmp_path: Path) -> None:
    """A name that a spreadsheet would obey is kept as a text, and comes back as it was."""
    draft = draft_on(small_office())
    changes.open_department(draft, name)
    path = tmp_path / f"x.{kind}"
    write_directory_file(rows_of(draft.directory), path)
    assert planned_import(read_directory_file(path), draft_on(draft.directory)).events == ()
    if kind == "csv":
        assert not re.search("[,\n][=＝+＋@＠-]", path.read_text("utf-8-sig"))
    else:
        sheet = openpyxl.load_workbook(path)["名册"]
        cells = [cell for row in sheet.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_text_of_any_office_is_read(encoding: str, separator: str, tmp_path: Path) -> None:
    """Comma-separated text is read in the encodings and with the separators that offices' programs write."""
    path = tmp_path / "x.csv"
    lines = (("类别", "名称", "自"), ("部门", "组织部", "2018/4/25"))
    path.write_bytes("\r\n".join(separator.join(line) for line in lines).encode(encoding))
    (row,) = read_directory_file(path).rows
    assert (row.place, dict(row.cells)) == ("第2行", {"类别": "部门", "名称": "组织部", "自": "2018/4/25"})


def test_a_sheet_as_people_make_it_is_read_and_the_rest_is_named(tmp_path: Path) -> None:
    """A title above the head, days and numbers as such, unknown columns, other sheets: read, or named as left out."""
    path = tmp_path / "x.xlsx"
    head = ("类别", "编号", "名称", "自", "备注")
    first = ("人员", 7, "李红", datetime(2018, 4, 25), "新来")  # noqa: DTZ001 - a cell has no zone
    book = workbook(path, ("2018年名册",), head, first, (None,), ("人员", 8.0, "王伟", date(2018, 5, 1), None, "x"))
    book.create_sheet("说明")
    book.save(path)
    read = read_directory_file(path)
    assert [(row.place, row.cells["编号"], row.cells["自"]) for row in read.rows] == [
        ("第3行", "7", "2018-04-25"),
        ("第5行", "8", "2018-05-01"),
    ]
    assert set(read.left_out) == {
        "工作表“说明”没有读入",
        "第1行在表头之上，没有读入：2018年名册",
        "“备注”一栏没有读入",
        "第5行第 6 栏没有表头，没有读入：x",
    }


def test_cells_that_cannot_be_trusted_refuse_the_file(tmp_path: Path) -> None:
    """A formula, a merged cell, several sheets without the right name, a head twice, none at all: refused, and why."""
    path = tmp_path / "x.xlsx"
    head = ("类别", "名称")
    workbook(path, head, ("部门", "=A1"))
    assert "B2 是公式" in told(path)
    book = workbook(path, head, ("部门", "组织部"), ("部门", None))
    book.active.merge_cells("A2:A3")
    book.save(path)
    assert "合并的单元格（A2:A3）" in told(path)
    book = workbook(path, head, ("部门", "组织部"))
    other = book.create_sheet("旧")
    for column in "ABCDEFGH":
        # Each of its places would be made on opening the file, also of a sheet that nobody reads.
        other.merged_cells.add(f"{column}1:{column}1048576")
    book.save(path)
    assert re.search("合并的单元格（[A-H]1:[A-H]1048576）", told(path))
    book = workbook(path, head, sheet="甲")
    book.create_sheet("乙")
    book.save(path)
    assert "有 2 张工作表" in told(path)
    workbook(path, ("类别", "名称", "名称"))
    assert "“名称”写了两次" in told(path)
    workbook(path, ("姓名", "部门"), *[("李红", "组织部")] * 30)
    assert "没有表头" in told(path)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("x.xlsx", b"PK\x03\x04 no", "不是 Excel 工作簿"),
        ("x.xlsx", b"", "不是 Excel 工作簿"),
        ("x.csv", b"\xff\xfe\x00", "不是文本"),
        ("x.csv", b"\x00\x01\x02", "不是文本"),
        ("x.csv", '类别,名称\n部门,"组织'.encode(), "引号不成对"),
        ("x.doc", b"", "应以 .xlsx 或 .csv 结尾"),
    ],
)
def test_what_is_no_table_is_refused(name: str, data: bytes, said: str, tmp_path: Path) -> None:
    """A damaged or foreign file is refused in a sentence that says what to do."""
    path = tmp_path / name
    path.write_bytes(data)
    assert said in told(path)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_written_over(kind: str, tmp_path: Path) -> None:
    """An export takes the place of no file, and leaves nothing beside it where it cannot be written."""
    path = tmp_path / f"x.{kind}"
    path.write_bytes(b"mine")
    with pytest.raises(UnreadableDirectoryFileError, match="已经存在"):
        write_directory_file([], path)
    with pytest.raises(UnreadableDirectoryFileError, match="写不进去"):
        write_directory_file([], tmp_path / "nowhere" / path.name)
    assert path.read_bytes() == b"mine"
    assert list(tmp_path.iterdir()) == [path]
