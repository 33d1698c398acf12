"""Small lists in real files, written to find what is lost or read wrong without a word, with what people read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.document import Document
from ruamel.yaml import YAML

from adapters.readers.any_notice import read_notice
from domain.notice.compiling import compilation
from domain.notice.findings import Finding, Ruling
from domain.notice.plan import Plan
from domain.project import KeyProject, Milestone

_CASES: list[dict[str, Any]] = YAML(typ="safe").load(
    (Path(__file__).parent / "small_lists.yaml").read_text(encoding="utf-8")
)
_HEAD = ["某市2024年重点工作清单", "2024年2月20日"]
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ALWAYS = ("no_issue_date", "no_serials")


def _rows(block: str) -> list[list[str]]:
    return [[cell.strip().replace("⏎", "\n") for cell in line.split("|")] for line in block.split("\n")]


def _is_table(block: str) -> bool:
    return (" | " in block and "\n" in block) or block.count(" | ") > 2


def _word(case: dict[str, Any], lines: Sequence[str], path: Path) -> None:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    for block in case["blocks"]:
        if _is_table(block):
            _word_table(document, _rows(block), case.get("dmerges", ()))
        else:
            document.add_paragraph(block)
    document.save(str(path))


def _word_table(document: Document, rows: list[list[str]], merges: Sequence[Sequence[int]]) -> None:
    table = document.add_table(len(rows), max(map(len, rows)))
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            for turn, words in enumerate(text.split("~~")):
                table.cell(at, column).paragraphs[0].add_run(words).font.strike = turn % 2 == 1
    for top, left, bottom, right in merges:
        words = table.cell(top, left).text
        table.cell(top, left).merge(table.cell(bottom, right)).text = words


def _value(text: str) -> object:
    if _DAY.fullmatch(text):
        return date.fromisoformat(text)
    return int(text) if text.isdigit() else text or None


def _sheet(case: dict[str, Any], lines: Sequence[str], path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for block in [*lines, *case["blocks"]]:
        for row in _rows(block) if _is_table(block) else [[block]]:
            sheet.append([_value(cell) for cell in row])
    for merged in case.get("merges", ()):
        sheet.merge_cells(merged)
    for place, form in case.get("formats", {}).items():
        sheet[place].number_format = form
    book.save(path)


def _text(case: dict[str, Any], lines: Sequence[str], path: Path) -> None:
    """Markdown, plain text with tabs, or separated values as they stand."""
    pieces = [f"# {lines[0]}" if path.suffix == ".md" else lines[0], *lines[1:]]
    for block in case["blocks"]:
        if path.suffix == ".csv" or not _is_table(block):
            pieces.append(block)
        elif path.suffix == ".md":
            rows = [f"| {' | '.join(row)} |".replace("\n", "<br>") for row in _rows(block)]
            pieces.append("\n".join([rows[0], "|" + "---|" * len(_rows(block)[0]), *rows[1:]]))
        else:
            pieces.append("\n".join("\t".join(row) for row in _rows(block)))
    path.write_text(("\n\n" if path.suffix == ".md" else "\n").join(pieces), encoding="utf-8")


def _compiled(case: dict[str, Any], folder: Path) -> Plan:
    path = folder / f"{case['id']}.{case['file']}"
    lines = [case.get("title", _HEAD[0]), case.get("date", _HEAD[1])]
    {"docx": _word, "xlsx": _sheet}.get(case["file"], _text)(case, lines, path)
    notice = read_notice(path)
    plan = compilation(notice).plan
    rulings = [
        Ruling(finding=finding.key, choice=rule["choice"])
        for rule in case.get("rule", ())
        for finding in plan.unruled
        if rule["finding"] in (finding.code, finding.key)
    ]
    return compilation(notice, rulings=rulings).plan if rulings else plan


def _is_day(wanted: str, milestone: Milestone) -> bool:
    def whole(day: str) -> str:
        return day if len(day) > len("12-31") else f"2024-{day}"

    start, _, end = wanted.rpartition("..")
    if wanted == "?" or (start not in ("", "-") and str(milestone.starts_on) != whole(start)):
        return wanted == "?"
    return (start != "-" or milestone.starts_on is None) and str(milestone.due_on) == whole(end)


def _as_wanted(project: KeyProject, wanted: str) -> None:
    title, lead, helpers, days = (part.strip() for part in wanted.split(">"))
    assert title in ("*", project.title)
    assert lead in ("*", project.lead_department)
    assert helpers in ("*", "、".join(project.participating_departments))
    listed = [day.strip() for day in days.split(",")]
    assert days == "*" or len(listed) == len(project.milestones), project.milestones
    assert days == "*" or all(map(_is_day, listed, project.milestones)), project.milestones


def _told(plan: Plan, title: str) -> list[Milestone]:
    return [milestone for project in plan.projects if project.title == title for milestone in project.milestones]


def _amount(milestone: Milestone) -> str | None:
    return f"{milestone.quota.value}{milestone.quota.unit}" if milestone.quota else None


@pytest.mark.parametrize("case", _CASES, ids=[f"{case['id']}-{case['kind']}" for case in _CASES])
def test_a_small_list_is_read_as_people_read_it(case: dict[str, Any], tmp_path: Path) -> None:
    """Projects, departments, days, texts, amounts and fields; what is not read is asked about or named."""
    plan = _compiled(case, tmp_path)
    for project, wanted in zip_longest(plan.projects, case["want"]):
        assert wanted is not None, project
        assert project is not None, wanted
        _as_wanted(project, wanted)
    for title, texts in case.get("text", {}).items():
        told = _told(plan, title)
        assert [text in milestone.description for text, milestone in zip(texts, told, strict=True)] == [True] * len(
            told
        )
    for title, amounts in case.get("quota", {}).items():
        assert [_amount(milestone) for milestone in _told(plan, title)] == amounts
    for title, fields in case.get("fields", {}).items():
        (project,) = [project for project in plan.projects if project.title == title]
        assert {name: getattr(project, name) for name in fields} == fields
    _told_or_asked(case, plan)


def _told_or_asked(case: dict[str, Any], plan: Plan) -> None:
    asked: list[Finding] = [finding for finding in plan.unruled if finding.code not in _ALWAYS]
    assert "asks" not in case or bool(asked) == case["asks"], asked
    assert not [finding for finding in asked if finding.code in ("left_unread", "file_unread")]
    for words in case.get("mentions", ()):
        assert any(words in finding.text for finding in plan.findings), plan.findings
