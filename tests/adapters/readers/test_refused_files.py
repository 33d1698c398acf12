"""Files that are no readable notice: one sentence that says what, where and what to do, and no traceback."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest

from adapters.readers.any_notice import read_notice
from domain.errors import InputError
from domain.notice.compiling import compile_notice
from tests.adapters.readers.notice_files import DOT, parts, save_docx, save_xlsx, save_zip

_HEADS = ["序号", "项目名称", "牵头部门", "参与部门", "工作进度安排"]
_TITLE = "2018年重点项目清单"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


_TRADITIONAL = "2026年重點工作任務清單\n2026年3月4日\n一、修訂章程，由財政局牽頭，6月底前完成。\n"


def _refusal(path: Path) -> str:
    with pytest.raises(InputError) as refused:
        compile_notice(read_notice(path))
    return refused.value.text


def _png(path: Path) -> None:
    body = b"IHDR" + struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body)))


def _only_a_picture(path: Path) -> None:
    document = docx.Document()
    document.add_picture(io.BytesIO(DOT))
    document.save(str(path))


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)


def _formula(path: Path) -> None:
    save_xlsx(path, [_TITLE], [_HEADS, [1, "甲", "组织部", "", '=CONCATENATE("3","月")']])


def _fault(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in ([_TITLE], _HEADS, [1, "甲", "组织部", "", "#REF!"]):
        sheet.append(row)
    sheet["E3"].data_type = "e"
    book.save(path)


def _merged_to_the_end(path: Path) -> None:
    save_xlsx(path, [_TITLE], [_HEADS, [1, "甲", "组织部", "", "3月：启动"]])
    with zipfile.ZipFile(path) as package:
        entries = {name: package.read(name) for name in package.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A3:XFD1048576"/></mergeCells>'
    save_zip(path, entries | {sheet: entries[sheet].replace(b"</sheetData>", merged)})


def _with_macros(path: Path) -> None:
    save_zip(path, {"word/document.xml": b"<x/>", "word/vbaProject.bin": b"x"})


def _table(path: Path, *rows: list[str], title: str = _TITLE) -> None:
    save_docx(path, [title], rows)


def _merged_serial(path: Path) -> None:
    document = docx.Document()
    document.add_paragraph(_TITLE)
    table = document.add_table(rows=3, cols=5)
    rows = [_HEADS, ["1", "甲", "组织部", "", "3月：启动"], ["", "乙", "办公室", "", "6月：完成"]]
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(at, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    document.save(str(path))


_CASES: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "nothing there": ("gone.docx", lambda path: None, "找不到文件"),
    "a folder": ("folder.docx", lambda path: path.mkdir(), "文件夹"),
    "empty Word": ("empty.docx", lambda path: path.write_bytes(b""), "空文件"),
    "empty text": ("empty.txt", lambda path: path.write_bytes(b""), "空文件"),
    "a picture named Word": ("picture.docx", _png, "不是Word文档"),
    "a picture named Excel": ("picture.xlsx", _png, "不是Excel工作簿"),
    "a picture named PDF": ("picture.pdf", _png, "不是PDF"),
    "a picture named text": ("picture.txt", _png, "不是文本文件"),
    "encrypted": ("locked.docx", lambda p: p.write_bytes(_OLE + "EncryptedPackage".encode("utf-16-le")), "打开密码"),
    "old Word under a new name": ("old.docx", lambda path: path.write_bytes(_OLE), "旧格式"),
    "old Word": ("old.doc", lambda path: path.write_bytes(_OLE), "另存为 .docx"),
    "old Excel": ("old.xls", lambda path: path.write_bytes(_OLE), "另存为 .xlsx"),
    "old WPS": ("old.wps", lambda path: path.write_bytes(_OLE), "另存为 .docx"),
    "old WPS tables": ("old.et", lambda path: path.write_bytes(_OLE), "另存为 .xlsx"),
    "an archived page": ("page.mht", lambda path: path.write_bytes(b"From: x"), "另存为网页"),
    "a page layout": ("page.ofd", lambda path: path.write_bytes(b"PK"), "Word文档"),
    "blanks": ("blank.txt", lambda path: path.write_text(" \n\n"), "没有可以读的文字"),
    "a picture in Word": ("only.docx", _only_a_picture, "1张图片"),
    "a cell without an end": ("open.csv", lambda path: path.write_text('a,b\n1,"' + "x" * 1_100_000), "有一格超过"),
    "200 MB": ("large.docx", _sparse, "200MB"),
    "200 MB of text": ("large.csv", _sparse, "200MB"),
    "a bomb": (
        "bomb.docx",
        lambda p: save_zip(p, {"word/document.xml": bytes(60 << 20), "b": bytes(60 << 20)}),
        "解压后",
    ),
    "a bomb of parts": ("parts.xlsx", lambda p: save_zip(p, {f"{i}": b"" for i in range(6000)}), "解压后"),
    "a zip of something else": ("zip.docx", lambda path: save_zip(path, {"a.txt": b"a"}), "没有Word文档的内容"),
    "damaged Word": ("broken.docx", lambda p: save_zip(p, {"word/document.xml": b"<w:document"}), "已损坏"),
    "damaged Excel": ("broken.xlsx", lambda p: save_zip(p, {"xl/workbook.xml": b"<workbook"}), "已损坏"),
    "damaged PDF": ("broken.pdf", lambda path: path.write_bytes(b"%PDF-1.7\n%%EOF"), "PDF"),
    "macros": ("macros.docx", _with_macros, "含有宏"),
    "macros by name": ("macros.xlsm", lambda path: path.write_bytes(b"PK"), "带宏"),
    "places merged to the sheet's end": ("merged.xlsx", _merged_to_the_end, "合并的单元格太多"),
    "a formula": ("formula.xlsx", _formula, "E3是公式"),
    "an error value": ("fault.xlsx", _fault, "E3是错误值#REF!"),
    "no table": ("letter.docx", lambda path: save_docx(path, ["2018年"], [["甲", "乙"]]), "没有重点项目表"),
    "no rows": ("head.docx", lambda path: _table(path, _HEADS), "没有一行项目"),
    "no year": (
        "undated.docx",
        lambda path: _table(path, _HEADS, ["1", "甲", "组织部", "", "3月"], title="重点项目清单"),
        "请写明是哪一年的清单",
    ),
    "Big5": (
        "traditional.txt",
        lambda path: path.write_bytes(_TRADITIONAL.encode("cp950")),
        "traditional.txt是Big5编码的繁体文字，读不了，请另存为UTF-8文本再读入。",
    ),
}


_ASKED: dict[str, tuple[Callable[[Path], object], str]] = {
    "no schedule": (lambda path: _table(path, _HEADS[:4], ["1", "甲", "组织部", ""]), "no_schedule_column"),
    "no lead": (lambda path: _table(path, ["序号", "项目名称", "完成时限"], ["1", "甲", "3月"]), "lead_assumed"),
    "a merged serial": (_merged_serial, "repeated_serial"),
    "no serial": (lambda path: _table(path, _HEADS, ["", "甲", "组织部", "", "3月：做"]), "no_serial"),
    "no title": (lambda path: _table(path, _HEADS, ["1", "", "组织部", "", "3月：做"]), "no_title"),
}


@pytest.mark.parametrize("case", list(_ASKED))
def test_a_list_that_lacks_something_is_asked_about_not_refused(case: str, tmp_path: Path) -> None:
    """What a list does not say waits for a ruling; the file need not be edited."""
    make, code = _ASKED[case]
    path = tmp_path / "list.docx"
    make(path)
    plan = compile_notice(read_notice(path))
    assert code in {finding.code for finding in plan.unruled}


@pytest.mark.parametrize("case", list(_CASES))
def test_a_bad_file_is_refused_in_one_sentence(case: str, tmp_path: Path) -> None:
    """The sentence names the file and what is wrong, and it is one."""
    name, make, words = _CASES[case]
    path = tmp_path / name
    make(path)
    text = _refusal(path)
    assert words in text
    assert name in text
    assert "\n" not in text
    assert text.endswith("。")
    assert text.count("。") == 1


def test_two_lists_in_one_file_ask_which_one(tmp_path: Path) -> None:
    """The years are named."""
    path = tmp_path / "two.csv"
    head = "序号,项目,牵头部门,进度安排\n"
    document = docx.Document()
    for year in (2018, 2019):
        document.add_paragraph(f"{year}年重点项目清单")
        table = document.add_table(rows=2, cols=4)
        for cells, row in zip(table.rows, (head.strip().split(","), ["1", "甲", "组织部", "3月"]), strict=True):
            for cell, text in zip(cells.cells, row, strict=True):
                cell.text = text
    path = tmp_path / "two.docx"
    document.save(str(path))
    text = _refusal(path)
    assert "2018年、2019年" in text
    assert "请写明读哪一年的" in text


def test_a_mutilated_office_file_never_ends_in_a_traceback(tmp_path: Path) -> None:
    """Bytes changed, cut off or doubled: a plan or a sentence, nothing else."""
    whole = tmp_path / "whole.docx"
    save_docx(whole, *parts())
    data = whole.read_bytes()
    chance = random.Random(2018)
    refusals: list[str] = []
    for round_ in range(40):
        damaged = bytearray(data)
        if round_ % 2:
            del damaged[chance.randrange(len(damaged)) :]
        for _ in range(chance.randrange(1, 30)):
            if damaged:
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        path = tmp_path / f"damaged{round_}.docx"
        path.write_bytes(damaged or b"x")
        try:
            compile_notice(read_notice(path))
        except InputError as error:
            refusals.append(error.text)
    assert len(refusals) > 20
    assert all(text.endswith("。") for text in refusals)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("宽.csv", "序号" + ",项目" * 1_000 + "\n", "第1行有1001格"),
        ("宽.txt", "序号" + "\t项目" * 1_000 + "\n", "第1行有1001格"),
        ("长.txt", "一、" * 30_000, "有一段超过50000字"),
        ("长.md", "一、" * 30_000, "有一段超过50000字"),
    ],
)
def test_what_no_list_is_like_is_refused_before_it_is_read_on(tmp_path: Path, name: str, text: str, says: str) -> None:
    """A megabyte in one line took minutes, in which the desk answered nobody; each line is filled up to the widest."""
    place = tmp_path / name
    place.write_text(text, encoding="utf-8")
    refusal = _refusal(place)
    assert says in refusal
    assert "不像一份通知" in refusal
