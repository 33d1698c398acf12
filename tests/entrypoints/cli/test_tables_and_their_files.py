"""The tables that a rehearsal prints against the files that it writes beside them: cell by cell."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Final

import pytest

from entrypoints.cli.main import called

LIST: Final = """关于印发2018年重点项目清单的通知
2018年4月25日
序号,项目名称,牵头部门,参与部门,工作进度安排
91,青年之家建设,宣传部,组织部,6月：印发方案；9月底前：建成3个
"""


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """What the shell prints of a rehearsal, and the folder of its files."""
    folder = tmp_path_factory.mktemp("rehearsed")
    (folder / "list.csv").write_text(LIST, encoding="utf-8")
    patched, printed = pytest.MonkeyPatch(), io.StringIO()
    patched.setenv("COLUMNS", "300")
    patched.setattr("sys.stdout", printed)
    try:
        assert called(["rehearse", str(folder / "list.csv"), "-o", str(folder / "out")]) == 0
    finally:
        patched.undo()
    return printed.getvalue(), folder / "out"


def _drawn(text: str, title: str) -> list[list[str]]:
    """The cells of the table under a title, its head first."""
    _, found, under = text.partition(f"\n{title}")
    assert found, text
    table = under.partition("└")[0]
    return [[cell.strip() for cell in line[1:-1].split(line[0])] for line in table.split("\n") if line[:1] in set("┃│")]


def test_the_days_and_addressees_of_the_tables_are_the_files(rehearsed: tuple[str, Path]) -> None:
    """Kind by kind with their sum; the screen has the ten days with most, the file all of them in that order."""
    text, folder = rehearsed
    for title, file in (("按日（高峰在前）", "days.csv"), ("按收文方", "addressees.csv")):
        shown = _drawn(text, title)
        counted = [dict(zip(shown[0], row, strict=True)) for row in shown[1:]]
        whole = _cells(folder / file)
        assert [{head: row[head] for head in shown[0]} for row in whole[: len(counted)]] == counted
        assert sum(int(row["合计"]) for row in whole) == len(_cells(folder / "papers.csv"))


def _cells(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_bytes().decode("utf-8-sig"))))


def test_every_paper_of_the_table_is_the_file_s(rehearsed: tuple[str, Path]) -> None:
    """Row by row in one order; an order with its colour in words, and a project where no milestone is meant."""
    text, folder = rehearsed
    head, *rows = _drawn(text, "全部文书")
    assert head == ["日期", "文书", "收文方", "节点"]
    in_file = [
        [
            each["日期"],
            each["文书"] + (f"（{each['级别']}）" if each["文书"] == "督办单" else ""),
            each["收文方"],
            each["节点"] or each["项目"],
        ]
        for each in _cells(folder / "papers.csv")
    ]
    assert rows == in_file
    assert {"督办单（蓝色）", "督办单（黄色）", "督办单（红色）"} < {name for _, name, *_ in rows}


def test_every_month_of_the_table_is_the_file_s(rehearsed: tuple[str, Path]) -> None:
    """What each addressee gets in each month, and what the cap holds back; an empty cell is no row of the file."""
    text, folder = rehearsed
    head, *rows = _drawn(text, "每月收文")
    in_table = {
        (row[0], f"20{month}"): cell for row in rows for month, cell in zip(head[1:], row[1:], strict=True) if cell
    }
    in_file = {
        (each["收文方"], each["月份"]): each["发出"] + (f" -{each['超限不发']}" if each["超限不发"] != "0" else "")
        for each in _cells(folder / "burden.csv")
    }
    assert in_table == in_file
    assert in_file
