"""Whole lists in the shapes that offices give them, written with their plans before they were compiled.

The first twelve came before the reading was mended (7 were read as published), the others after (8 of 10; the tenth
names no year at all). Two numbers of questions are put right: a month is no day of issue.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from adapters.readers.any_notice import AnyNoticeReader
from domain.notice.compiling import compilation

_LISTS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "unseen_lists.json").read_text(encoding="utf-8"))


def _saved(path: Path, given: dict[str, Any]) -> Path:
    """The list as a file of its kind."""
    if given["kind"] == "xlsx":
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for told in given["sheets"]:
            sheet = book.create_sheet(told["name"])
            for row in told["rows"]:
                sheet.append([_value(cell) for cell in row])
            for merged in told["merges"]:
                sheet.merge_cells(merged)
        book.save(path)
    elif given["kind"] == "docx":
        document = docx.Document()
        for block in given["blocks"]:
            if isinstance(block, str):
                document.add_paragraph(block)
                continue
            table = document.add_table(len(block), len(block[0]))
            for at, row in enumerate(block):
                for column, text in enumerate(row):
                    table.cell(at, column).text = text
        document.save(str(path))
    else:
        path.write_bytes(given["text"].encode(given["encoding"]))
    return path


def _value(cell: object) -> object:
    try:
        return date.fromisoformat(cell) if isinstance(cell, str) else cell
    except ValueError:
        return cell


@pytest.mark.parametrize("given", _LISTS, ids=[given["name"] for given in _LISTS])
def test_an_unseen_list_is_read_as_published(given: dict[str, Any], tmp_path: Path) -> None:
    """Titles, leads, helpers and dates are those that people read, with no more questions than people would ask."""
    plan = compilation(AnyNoticeReader().read(_saved(tmp_path / given["name"], given))).plan
    wanted = given["projects"]
    assert [project.title for project in plan.projects] == [project["title"] for project in wanted]
    assert [project.lead_department for project in plan.projects] == [project["lead"] for project in wanted]
    for project, expected in zip(plan.projects, wanted, strict=True):
        assert list(project.participating_departments) == expected.get("with", list(project.participating_departments))
        assert [str(milestone.due_on) for milestone in project.milestones] == expected["due"], project.milestones
        for milestone, start in zip(project.milestones, expected["start"], strict=True):
            assert start == "?" or str(milestone.starts_on) in start.split("|")
    assert len(plan.unruled) <= given["questions"], plan.unruled
