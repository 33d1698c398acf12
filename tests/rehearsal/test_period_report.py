"""The month's bulletin and the year's report of a rehearsed year: every figure is the length of its list."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document
from docx.shared import Mm

from adapters.documents.report_documents import report_bytes
from domain.seeing.period_report import FIGURE_WORDS, FigureName, PeriodReport, drafted, listed_figures, situation
from tests.rehearsal.conftest import RehearsedYear, Rehearsing
from tests.rehearsal.expected import facts_of
from tests.rehearsal.notice_2018 import the_list

MAY, JUNE = (date(2018, 5, 1), date(2018, 5, 31)), (date(2018, 6, 1), date(2018, 6, 30))
YEAR = (date(2018, 1, 1), date(2018, 12, 31))


def report_of(year: RehearsedYear, period: tuple[date, date], until: date) -> PeriodReport:
    """The draft of a period."""
    return drafted("通报", list(year.events.values()), *period, until)


@pytest.mark.parametrize("behaviour", ["silent", "late:4"])
@pytest.mark.parametrize("period", [MAY, JUNE, YEAR], ids=["may", "june", "year"])
async def test_the_figures_are_those_of_the_independent_calculation(
    rehearsed: Rehearsing, behaviour: str, period: tuple[date, date]
) -> None:
    """Breaches of leads and participants, missed periods and late receipts, counted from the notice alone."""
    report = report_of(await rehearsed(behaviour), period, YEAR[1])
    leads = {project.project_id: project.lead_department for project in the_list().projects}
    expected: Counter[str] = Counter()
    for fact in facts_of(the_list(), behaviour):
        if period[0] <= fact.on <= period[1]:
            match fact.what:
                case "DeadlineBreached":
                    expected["breached" if fact.who == leads[fact.project_id] else "parts_breached"] += 1
                case "ReportPeriodMissed":
                    expected["missing_reports"] += 1
                case "LimitPassed":
                    expected["late_receipts"] += 1
                case _:
                    continue
    names: tuple[FigureName, ...] = ("breached", "parts_breached", "missing_reports", "late_receipts")
    assert {name: report.figure(name).value for name in names} == {name: expected[name] for name in names}


async def test_each_line_of_a_list_names_an_event_of_the_record(rehearsed: Rehearsing) -> None:
    """Of its own day, once in its list, and the months add up to the year."""
    year = await rehearsed("late:4")
    report = report_of(year, YEAR, date(2019, 12, 31))
    known = {f"{stream}#{event.seq}" for stream, events in year.events.items() for event in events}
    for figure in report.figures:
        assert {line.event_id for line in figure.lines} <= known
        assert len({line.event_id for line in figure.lines}) == figure.value
        assert sum(counts[figure.name] for counts in report.months.values()) == figure.value
    assert sum(sum(counts.values()) for counts in report.by_department().values()) == sum(
        figure.value for figure in report.figures
    )


async def test_a_month_s_draft_says_what_is_due_in_the_next_and_nothing_that_came_later(rehearsed: Rehearsing) -> None:
    """Made in June or at the end of the year, May's draft is the same: its deadlines are those of June."""
    year = await rehearsed("on-time")
    report = report_of(year, MAY, JUNE[1])
    due = {(m.milestone_id, m.due_on) for p in the_list().projects for m in p.milestones}
    assert {(each.milestone_id, each.due_on) for each in report.next_deadlines} == {
        each for each in due if each[1] is not None and JUNE[0] <= each[1] <= JUNE[1]
    }
    then = [[each for each in events if each.decided_at.date() <= date(2018, 6, 5)] for events in year.events.values()]
    assert drafted("通报", then, *MAY, JUNE[1]) == report


async def test_the_documents_have_every_figure_with_its_list(rehearsed: Rehearsing, tmp_path: Path) -> None:
    """In Word a figure names its table; in the workbook it is a link to its sheet, which has as many rows."""
    report = report_of(await rehearsed("late:4"), YEAR, date(2019, 12, 31))
    for ending in (".docx", ".xlsx"):
        (tmp_path / f"年报{ending}").write_bytes(report_bytes(report, ending))
    text = [paragraph.text for paragraph in Document(str(tmp_path / "年报.docx")).paragraphs]
    tables = Document(str(tmp_path / "年报.docx")).tables
    book = openpyxl.load_workbook(tmp_path / "年报.xlsx")
    assert situation(report) in text
    ids = {line.milestone_id for figure in report.figures for line in figure.lines if line.milestone_id}
    printed = {cell.text for table in tables[1:] for row in table.rows for cell in row.cells}
    assert ids
    assert not ids & printed
    assert [cell.text for cell in tables[-1].rows[0].cells] == ["日期", "序号", "部门", "内容"]
    for table in tables:
        assert sum(cell.width or 0 for cell in table.rows[-1].cells) <= Mm(156.5)
    for number, figure in enumerate(listed_figures(report), start=1):
        word = FIGURE_WORDS[figure.name]
        assert f"附表{number}　{word}（{figure.value}件）" in text
        assert len(tables[number].rows) == figure.value + 1
        row: Any = next(row for row in book["情况"].iter_rows(min_row=2) if row[0].value == word)
        link = row[1].hyperlink.location or row[1].hyperlink.target
        assert (row[1].value, link.lstrip("#")) == (figure.value, f"'附表{number}'!A1")
        assert book[f"附表{number}"].max_row == figure.value + 1
    months: Any = book["各月"]
    assert len(months._charts) == 1
