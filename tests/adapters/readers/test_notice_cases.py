"""Small notices, one or more of each kind of fault that was found in what offices publish, with what is right."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from openpyxl.styles import Font

from adapters.readers.any_notice import read_notice
from domain.notice.compiling import compile_notice
from domain.notice.findings import Finding
from domain.notice.plan import Plan
from domain.notice.window_reading import WindowReading, read_window
from domain.project import KeyProject

_CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "domain" / "notice" / "notice_cases.json").read_text(encoding="utf-8")
)
_ALWAYS = ("no_issue_date", "no_serials")


def _write(case: dict[str, Any], folder: Path) -> Path:
    given = case["input"]
    path = folder / f"{case['id']}.{given['type']}"
    writer = {"xlsx": _xlsx, "docx": _docx, "csv": _csv}.get(given["type"])
    if writer is None:
        path.write_text(given["text"], encoding="utf-8")
    else:
        writer(given, path)
    return path


def _csv(given: dict[str, Any], path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows(given["rows"])


def _xlsx(given: dict[str, Any], path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in given["rows"]:
        sheet.append([datetime.fromisoformat(cell["date"]) if isinstance(cell, dict) else cell for cell in row])
    for merged in given.get("merges", ()):
        sheet.merge_cells(merged)
    for place, form in given.get("formats", {}).items():
        sheet[place].number_format = form
    for place in given.get("strike", ()):
        sheet[place].font = Font(strike=True)
    book.save(path)


def _docx(given: dict[str, Any], path: Path) -> None:
    document = docx.Document()
    for line in ("某市2024年重点工作清单", "发布日期：2024年2月20日"):
        document.add_paragraph(line)
    table = document.add_table(1 + len(given["rows"]), len(given["head"]))
    for at, row in enumerate([given["head"], *given["rows"]]):
        for column, text in enumerate(row):
            cell = table.cell(at, column)
            if isinstance(text, str):
                cell.text = text
            else:
                for words, struck in text:
                    cell.paragraphs[0].add_run(words).font.strike = struck
    document.save(str(path))


_TOLD: dict[str, Callable[[KeyProject], object]] = {
    "due": lambda project: [str(m.due_on) if m.due_on else None for m in project.milestones],
    "start": lambda project: [str(m.starts_on) if m.starts_on else None for m in project.milestones],
    "quota": lambda project: [m.quota.model_dump() if m.quota else None for m in project.milestones],
    "lead": lambda project: project.lead_department,
    "with": lambda project: list(project.participating_departments),
    "title": lambda project: project.title,
}


@pytest.mark.parametrize("case", _CASES, ids=lambda case: f"{case['id']}-{case['kind']}")
def test_a_small_notice_is_read_as_people_read_it(case: dict[str, Any], tmp_path: Path) -> None:
    """Rows, dates, texts, departments, and the question or the finding that belongs to it."""
    if "window" in case["input"]:
        _time_is_read(case)
    else:
        _list_is_read(case, tmp_path)


def _list_is_read(case: dict[str, Any], tmp_path: Path) -> None:
    plan = compile_notice(read_notice(_write(case, tmp_path)))
    expected = case["expected"]
    by_serial: dict[str, KeyProject] = {project.serial: project for project in plan.projects}
    real = [finding for finding in plan.findings if finding.code not in _ALWAYS]
    asked = [finding for finding in real if finding.needs_ruling]
    assert len(plan.projects) == expected.get("rows", len(plan.projects))
    for aspect, told in _TOLD.items():
        for serial, wanted in expected.get(aspect, {}).items():
            assert told(by_serial[serial]) == wanted, aspect
    for serial, wanted in expected.get("text", {}).items():
        told_texts = [milestone.description for milestone in by_serial[serial].milestones]
        assert len(told_texts) == len(wanted)
        assert all(text in told for text, told in zip(wanted, told_texts, strict=True)), told_texts
    _findings_fit(expected, plan, real, asked)


def _findings_fit(expected: dict[str, Any], plan: Plan, real: list[Finding], asked: list[Finding]) -> None:
    assert asked or not expected.get("asks")
    assert not asked or not expected.get("no_ask"), asked
    assert not real or not expected.get("no_notes"), real
    assert "mentions" not in expected or any(expected["mentions"] in finding.text for finding in plan.findings)


def _time_is_read(case: dict[str, Any]) -> None:
    given, expected = case["input"], case["expected"]
    issued = date.fromisoformat(given["issued"]) if "issued" in given else None
    reading: WindowReading = read_window(given["window"], given["year"], issued)
    asked = [finding for finding in reading.findings if finding.needs_ruling]
    if "win" in expected and not (expected.get("or_asks") and asked):
        ends = [(str(window.starts_on), str(window.due_on)) for window in reading.windows]
        wanted = [(str(start), str(end)) for start, end in expected["win"]]
        free = expected.get("start_free")
        assert [end for _, end in ends] == [end for _, end in wanted] if free else ends == wanted
    assert "win_kind" not in expected or reading.kind == expected["win_kind"]
    if "count" in expected and not asked:
        recurrence = reading.windows[0].recurrence
        assert recurrence is not None
        assert recurrence.count == expected["count"]
    if "day" in expected and not reading.findings:
        assert str(expected["day"]) in str(reading.windows[0].recurrence)
    assert asked or not expected.get("asks")
    assert reading.findings or not expected.get("asks_any")
