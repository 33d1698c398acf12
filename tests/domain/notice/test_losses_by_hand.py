"""A part of a notice that is lost by somebody's mistake, wherever it is made: the account catches it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from adapters.readers import (
    aligned_text,
    csv_notice,
    docx_notice,
    html_tables,
    markdown_notice,
    plain_text,
    xlsx_notice,
)
from adapters.readers.any_notice import read_notice
from domain.errors import InputError
from domain.notice import deliverables, drafts, heads, outline, projects, prose, row_times, rows, schedule, tables
from domain.notice.columns import Columns
from domain.notice.compiling import Compilation, compilation
from domain.notice.document import Cell
from domain.notice.listed import ProjectRow
from tests.domain.notice.test_account import HEADS, LINES, ROWS, notice_of, table_of

_LOST = {"left_unread", "file_unread", "file_order"}
_NAMES_A_LOSS = {*_LOST, "column_unread", "table_unread", "row_left", "time_beside", "number_beside", "no_schedule"}


def _codes(found: Compilation) -> set[str]:
    return {finding.code for finding in found.plan.findings}


# Places at which somebody's mistake would lose a part of a notice, from the readers to the grammar.

_Sabotage = Callable[[pytest.MonkeyPatch], None]


def _rows(listed: list[list[str]]) -> str:
    return "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in listed)


def _page(*listed: list[list[str]]) -> str:
    """A web page with tables."""
    return "".join(
        [*(f"<p>{line}</p>" for line in LINES), *(f"<table>{_rows(each)}</table><p>附</p>" for each in listed)]
    )


_SHORT_HEADS = ["序号", "工作任务", "牵头单位", "完成时限"]
_TEXTS = {
    "list.md": "\n\n".join(
        [*LINES, "\n".join(f"| {' | '.join(row)} |" for row in (HEADS, ["---"] * len(HEADS), *ROWS))]
    ),
    "html.md": "\n\n".join([*LINES, f"<table>{_rows([HEADS, *ROWS])}</table>"]),
    "list.csv": "\n".join(",".join(row) for row in ([LINES[0]], [LINES[1]], HEADS, *ROWS)),
    "aligned.txt": "\n".join(
        [
            *LINES,
            "",
            "序号  工作任务      牵头单位  完成时限",
            "1     修订应急预案  甲局      6月底前",
            "      并组织演练",
        ]
    ),
    "headless.html": _page(
        [
            ["1", "任务甲", "甲局", "乙局", "6月底前"],
            ["2", "任务乙", "丙局", "丁局", "9月底前"],
            ["3", "任务丙", "戊局", "己局", "11月底前"],
        ]
    ),
    "labelled.txt": "\n".join(
        [
            *LINES,
            "1.任务甲",
            "牵头单位：甲局",
            "配合单位：乙局",
            "完成时限：6月底前",
            "2.任务乙",
            "牵头单位：丙局",
            "完成时限：9月底前",
        ]
    ),
    "groups.csv": "\n".join(
        [
            *LINES,
            "序号,工作任务,牵头单位,配合单位,完成时限",
            "1,任务甲,甲局,各县区、丁局,6月底前",
            "2,任务乙,乙局,市直各部门,9月底前",
        ]
    ),
    "years.csv": "\n".join(
        [
            *LINES,
            "序号,工作任务,牵头单位,完成时限",
            "1,任务甲,甲局,3月建成8个站点；4月至10月每月培训2期",
            "2,任务乙,乙局,6月底前完成一期，9月底前完成二期",
        ]
    ),
    "merged.html": _page(
        [_SHORT_HEADS, ["1", "任务甲", "甲局", "6月底前"], ["2", "任务乙", "9月底前"]],
        [_SHORT_HEADS, ["3", "任务丙", "丙局", "10月底前"]],
    ).replace("<td>甲局</td>", "<td rowspan=2>甲局</td>"),
    "named.txt": "\n".join([*LINES, "任务名称：修订章程和配套办法", "牵头单位：甲局", "完成时限：6月底前"]),
    "prose.txt": "\n".join(
        [*LINES, "1.建成系统，6月底前投用。（甲局牵头，乙局配合）", "2.推广应用，9月底前覆盖十个县。（丁局牵头）", ""]
    ),
}


def _file(path: Path) -> Path:
    """The list in the format that the name says."""
    if path.suffix == ".docx":
        document = docx.Document()
        for line in LINES:
            document.add_paragraph(line)
        shown = list(zip(HEADS, ROWS[1], strict=True)) if path.name == "card.docx" else [HEADS, *ROWS]
        table = document.add_table(len(shown), len(shown[0]))
        for at, row in enumerate(shown):
            for column, text in enumerate(row):
                table.cell(at, column).text = text
        document.save(str(path))
    elif path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for row in ([LINES[0]], [LINES[1]], HEADS, *ROWS):
            book.worksheets[0].append(row)
        book.save(path)
    elif path.name in _TEXTS:
        path.write_text(_TEXTS[path.name], encoding="utf-8")
    else:
        path.write_text("\n".join([*LINES, *("\t".join(row) for row in (HEADS, *ROWS))]), encoding="utf-8")
    return path


def _wrapped(module: Any, name: str, change: Callable[..., Any]) -> _Sabotage:
    def sabotage(monkeypatch: pytest.MonkeyPatch) -> None:
        kept = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *given, **named: change(kept, *given, **named))

    return sabotage


def _last_row_gone(kept: Callable[..., Any], *given: Any) -> Any:
    """A table without its last row."""
    table = kept(*given)
    return replace(table, rows=table.rows[:-1])


def _last_texts_exchanged(kept: Callable[..., Any], *given: Any) -> Any:
    """A table whose last two rows have each other's last texts."""
    table = kept(*given)
    *rows_, one, other = table.rows
    at = 5
    texts = one.cells[at].text, other.cells[at].text
    ends = [
        replace(row, cells=tuple(replace(cell, text=text) if n == at else cell for n, cell in enumerate(row.cells)))
        for row, text in ((one, texts[1]), (other, texts[0]))
    ]
    return replace(table, rows=(*rows_, *ends))


def _first_table_alone(kept: Callable[..., Any], self: Any, table: Any) -> None:
    if not self.lists.tables:
        kept(self, table)


def _without_participants(kept: Callable[..., Any], *given: Any) -> Any:
    columns: Columns | None = kept(*given)
    if columns is None:
        return None
    return replace(columns, places={role: at for role, at in columns.places.items() if role != "participants"})


def _first_row_for_heads(kept: Callable[..., Any], *given: Any) -> Any:
    headed = kept(*given)
    return replace(headed, end=headed.end + 1) if headed is not None else None


def _column_gone(kept: Callable[..., Any], *given: Any) -> Any:
    row = kept(*given)
    return replace(row, cells=tuple(Cell("") if at == 2 else cell for at, cell in enumerate(row.cells)))


def _no_lead_row(kept: Callable[..., Any], self: Any, row: Any, **named: Any) -> None:
    if row.text(0) != "2":
        kept(self, row, **named)


def _content_forgotten(kept: Callable[..., Any], *given: Any) -> Any:
    row: ProjectRow = kept(*given)
    row.content = ""
    return row


def _without_content_column(kept: Callable[..., Any], *given: Any) -> Any:
    columns: Columns = kept(*given)
    return replace(columns, places={role: at for role, at in columns.places.items() if role != "content"})


def _second_clause_gone(kept: Callable[..., Any], *given: Any, **named: Any) -> Any:
    read = kept(*given, **named)
    read.deliverables = read.deliverables[:1] if len(read.deliverables) > 1 else read.deliverables
    return read


def _half_a_time_cell(kept: Callable[..., Any], *given: Any) -> Any:
    cells = kept(*given)
    cells.text = cells.text.split("；")[0]
    return cells


def _content_of_card_gone(kept: Callable[..., Any], *given: Any) -> Any:
    """A card whose content is passed over."""
    found = kept(*given)
    if found is None:
        return None
    heads, (above, below) = found
    return heads, [above, replace(below, row=_column_gone(lambda row: row, below.row))]


def _shorter_words(kept: Callable[..., Any], *given: Any) -> Any:
    draft = kept(*given)
    return replace(draft, description=draft.description[:2])


def _two_characters_further(kept: Callable[..., Any], *given: Any) -> Any:
    label = kept(*given)
    return replace(label, body=label.body + 2) if label is not None else None


_SABOTAGES: dict[str, tuple[str, _Sabotage]] = {
    "the Word reader drops a row": ("list.docx", _wrapped(docx_notice._Body, "_table", _last_row_gone)),
    "the Word reader exchanges two limits": (
        "list.docx",
        _wrapped(docx_notice._Body, "_table", _last_texts_exchanged),
    ),
    "the Markdown reader exchanges two limits": (
        "list.md",
        _wrapped(markdown_notice, "_table", _last_texts_exchanged),
    ),
    "the spreadsheet reader drops a column": ("list.xlsx", _wrapped(xlsx_notice, "_row", _column_gone)),
    "the Markdown reader drops a row": ("list.md", _wrapped(markdown_notice, "_table", _last_row_gone)),
    "the text reader cuts a cell": (
        "list.txt",
        _wrapped(plain_text, "_cells", lambda kept, line: [c[:3] for c in kept(line)]),
    ),
    "the CSV reader is given half a file": (
        "list.csv",
        _wrapped(csv_notice, "_separator", lambda kept, text: kept(text) if "任务" not in text else "；"),
    ),
    "a row is passed over": ("list.docx", _wrapped(rows.Taking, "_take", _no_lead_row)),
    "a row's content is forgotten": ("list.docx", _wrapped(rows.Taking, "_new", _content_forgotten)),
    "a column is not recognized": ("list.docx", _wrapped(tables, "completed", _without_content_column)),
    "every row is taken for a head": ("list.docx", _wrapped(rows, "repeats_head", lambda kept, *given: True)),
    "half of a schedule cell is dropped": ("list.docx", _wrapped(row_times, "time_cells", _half_a_time_cell)),
    "the grammar drops a clause": ("list.docx", _wrapped(projects, "read_schedule", _second_clause_gone)),
    "the grammar passes over a time inside a clause": (
        "list.docx",
        _wrapped(drafts, "hidden_times", lambda kept, *given, **named: []),
    ),
    "a duty's words are cut": ("list.docx", _wrapped(deliverables.Told, "of", _shorter_words)),
    "a label eats the words behind it": ("list.docx", _wrapped(schedule, "label_at", _two_characters_further)),
    "the HTML reader cuts a place": (
        "html.md",
        _wrapped(html_tables._Tables, "handle_data", lambda kept, self, data: kept(self, data[:4])),
    ),
    "the reader of aligned text drops a line": (
        "aligned.txt",
        _wrapped(aligned_text, "_groups", lambda kept, text: [group[:-1] or group for group in kept(text)]),
    ),
    "the name of an item is cut": (
        "named.txt",
        _wrapped(outline, "name_in", lambda kept, text: (kept(text) or "")[:3] or None),
    ),
    "a card's content is dropped": ("card.docx", _wrapped(tables, "card", _content_of_card_gone)),
    "the spreadsheet reader exchanges two limits": (
        "list.xlsx",
        _wrapped(xlsx_notice, "_table", _last_texts_exchanged),
    ),
    "the CSV reader cuts the last place of each row": (
        "list.csv",
        _wrapped(csv_notice, "Row", lambda kept, cells, place: kept(cells[:-1], place)),
    ),
    "the HTML reader loses a merged office": (
        "merged.html",
        _wrapped(html_tables._Tables, "_fill", lambda kept, self, cells, below: below.clear()),
    ),
    "a second table is passed over": ("merged.html", _wrapped(tables._Finder, "table", _first_table_alone)),
    "a list without heads loses its helpers": (
        "headless.html",
        _wrapped(heads, "by_what_stands_there", _without_participants),
    ),
    "the first row of a list without heads is taken for its heads": (
        "headless.html",
        _wrapped(tables, "without_heads", _first_row_for_heads),
    ),
    "a label of an item is passed over": (
        "labelled.txt",
        _wrapped(outline, "label_line", lambda kept, text: [] if "牵头" in text else kept(text)),
    ),
    "an item stands under the one before it": (
        "labelled.txt",
        _wrapped(prose, "nested", lambda kept, nodes: kept(nodes)[:1]),
    ),
    "a group is dropped from those who take part": (
        "groups.csv",
        _wrapped(projects, "departments", lambda kept, text: [n for n in kept(text) if not n.startswith("各")]),
    ),
    "the grammar believes a second limit to be the first": (
        "years.csv",
        _wrapped(drafts, "says_the_same", lambda kept, *given, **named: True),
    ),
    "the grammar passes over every number": (
        "years.csv",
        _wrapped(deliverables, "find_quotas", lambda kept, *given: []),
    ),
    "the last clause of a cell is forgotten": (
        "years.csv",
        _wrapped(schedule, "clauses", lambda kept, *given: kept(*given)[:-1]),
    ),
    "participants are forgotten": (
        "list.docx",
        _wrapped(projects.ProjectCompiler, "_departments", lambda kept, *g: (kept(*g)[0], [])),
    ),
    "an item of running text is dropped": (
        "prose.txt",
        _wrapped(prose, "nested", lambda kept, nodes: kept(nodes)[:1]),
    ),
}


@pytest.mark.parametrize("place", list(_SABOTAGES))
def test_a_loss_made_by_hand_is_caught(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is lost between the file and the plan waits as a finding, or is named as left."""
    name, sabotage = _SABOTAGES[place]
    path = _file(tmp_path / name)
    whole = compilation(read_notice(path))
    assert not _codes(whole) & _LOST
    sabotage(monkeypatch)
    try:
        found = compilation(read_notice(path))
    except InputError:
        # A file that is refused in a sentence loses nothing in silence.
        return
    before = {finding.key for finding in whole.plan.findings}
    assert {finding.code for finding in found.plan.findings if finding.key not in before} & _NAMES_A_LOSS


def test_an_office_that_is_lost_is_missed_though_another_row_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence about a person names his office too: that explains no other row's cell."""
    heads = ["序号", "工作任务", "责任单位", "完成时限"]
    listed = [["1", "任务甲", "市城管局（李明）", "6月底前"], ["2", "任务乙", "市教育局、市城管局", "6月底前"]]
    _wrapped(projects.ProjectCompiler, "_departments", lambda kept, *g: (kept(*g)[0], []))(monkeypatch)
    found = compilation(notice_of(table_of([heads, *listed])))
    (lost,) = [finding for finding in found.plan.findings if finding.code == "left_unread"]
    assert "市城管局" in lost.text
