"""The account of a notice adds up, names what was left, and catches whatever is lost on the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.readers import (
    aligned_text,
    csv_notice,
    docx_notice,
    html_tables,
    markdown_notice,
    plain_text,
    xlsx_notice,
)
from adapters.readers.any_notice import AnyNoticeReader
from domain.errors import InputError
from domain.notice import deliverables, drafts, outline, projects, prose, rows, schedule, tables
from domain.notice.columns import Columns
from domain.notice.compiling import Compilation, compilation
from domain.notice.document import Cell, NoticeDocument, Paragraph, Row, Table
from domain.notice.listed import ProjectRow
from tests.domain.notice.tables_at_random import compiled, made, must_be_accounted_for

_HEADS = ["序号", "工作任务", "主要内容", "牵头单位", "配合单位", "工作进度安排", "备注"]
_ROWS = [
    ["1", "任务甲", "建成系统", "甲局", "乙局、丙局", "3月：制定方案，4月底前报批；6月底前：建成投用", ""],
    ["2", "任务乙", "推广应用", "丁局", "戊局", "9月底前：推广到十个县", "联系人见附件"],
]
_LINES = ["某市2024年重点工作清单", "2024年2月20日"]
_LOST = {"left_unread", "file_unread", "file_order"}
_NAMES_A_LOSS = {*_LOST, "column_unread", "table_unread", "row_left", "time_beside"}


def _table(rows_: Sequence[Sequence[str]], name: str = "第") -> Table:
    return Table(tuple(Row(tuple(Cell(text) for text in row), f"{name}{at}行") for at, row in enumerate(rows_, 1)))


def _notice(*blocks: Paragraph | Table) -> NoticeDocument:
    return NoticeDocument("list", (*(Paragraph(line) for line in _LINES), *blocks))


def _codes(found: Compilation) -> set[str]:
    return {finding.code for finding in found.plan.findings}


def test_a_whole_list_leaves_nothing_but_its_remarks() -> None:
    """Tables, rows, columns, cells, paragraphs and characters are counted; the column that is not read is named."""
    found = compilation(_notice(_table([_HEADS, *_ROWS])))
    coverage = found.coverage
    assert (coverage.tables.taken, coverage.rows.taken, coverage.columns.left, coverage.cells.left) == (1, 3, 1, 1)
    assert [(part.kind, part.name, part.why, part.characters) for part in coverage.left] == [
        ("column", "备注", "这一栏不读", 6)
    ]
    assert any("备注" in finding.text and "联系人见附件" in finding.text for finding in found.plan.findings)


@pytest.mark.parametrize(
    ("rows_", "named"),
    [
        ([["单位", "联系人", "电话"], ["甲局", "张三", "12345"]], "联系人"),
        ([["序号", "责任单位", "金额"], ["1", "甲局", "12345"]], "责任单位"),
        ([["甲", "乙"], ["丙", "丁"]], "甲、乙"),
    ],
)
def test_a_table_beside_the_list_is_named(rows_: list[list[str]], named: str) -> None:
    """Whatever it holds, the operator hears that it was not taken."""
    found = compilation(_notice(_table([_HEADS, *_ROWS]), _table(rows_, "附表第")))
    assert any(finding.code == "table_unread" and named in finding.text for finding in found.plan.findings)
    assert found.coverage.tables.left == 1


def test_a_remark_that_changes_a_date_is_asked_about() -> None:
    """`改为9月底前完成` in a column that is not read must not be overlooked."""
    changed = [*_ROWS[1][:6], "改为12月底前完成"]
    found = compilation(_notice(_table([_HEADS, _ROWS[0], changed])))
    (finding,) = [finding for finding in found.plan.unruled if finding.code == "remark_changes"]
    assert finding.project_id == "2024-02"


def test_a_duty_in_the_notices_own_text_is_named() -> None:
    """A monthly report that only the text asks for is in no table."""
    found = compilation(_notice(_table([_HEADS, *_ROWS]), Paragraph("各单位每月25日前报送进展情况。")))
    assert any(finding.code == "duty_in_text" and "每月25日前" in finding.text for finding in found.plan.findings)


def test_struck_through_words_are_named_wherever_they_stand() -> None:
    """In a cell that is read, in one that is not, in a paragraph."""
    struck = Row(
        (*(Cell(text) for text in _ROWS[0][:5]), Cell("6月底前", struck="3月底前"), Cell("", struck="暂缓")), "第2行"
    )
    heads = _table([_HEADS]).rows
    found = compilation(_notice(Table((*heads, struck)), Paragraph("说明", struck="旧说明")))
    told = [finding.text for finding in found.plan.findings if finding.code == "struck_out"]
    assert all(any(words in text for text in told) for words in ("3月底前", "暂缓", "旧说明"))
    assert [str(milestone.due_on) for milestone in found.plan.projects[0].milestones] == ["2024-06-30"]


@given(st.integers(0, 1_000_000))
@settings(max_examples=120)
def test_what_went_into_a_table_comes_out_or_is_named(seed: int) -> None:
    """Any heads, one to three rows of them, merges, extra columns and tables, statuses, strikes: nothing is lost."""
    notice = made(seed)
    found = compiled(notice)
    if found is not None:
        must_be_accounted_for(notice, found)


# Places at which somebody's mistake would lose a part of a notice, from the readers to the grammar.

_Sabotage = Callable[[pytest.MonkeyPatch], None]


_ROWS_IN_HTML = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in (_HEADS, *_ROWS))
_TEXTS = {
    "list.md": "\n\n".join(
        [*_LINES, "\n".join(f"| {' | '.join(row)} |" for row in (_HEADS, ["---"] * len(_HEADS), *_ROWS))]
    ),
    "html.md": "\n\n".join([*_LINES, f"<table>{_ROWS_IN_HTML}</table>"]),
    "list.csv": "\n".join(",".join(row) for row in ([_LINES[0]], [_LINES[1]], _HEADS, *_ROWS)),
    "aligned.txt": "\n".join(
        [
            *_LINES,
            "",
            "序号  工作任务      牵头单位  完成时限",
            "1     修订应急预案  甲局      6月底前",
            "      并组织演练",
        ]
    ),
    "named.txt": "\n".join([*_LINES, "任务名称：修订章程和配套办法", "牵头单位：甲局", "完成时限：6月底前"]),
    "prose.txt": "\n".join(
        [*_LINES, "1.建成系统，6月底前投用。（甲局牵头，乙局配合）", "2.推广应用，9月底前覆盖十个县。（丁局牵头）", ""]
    ),
}


def _file(path: Path) -> Path:
    """The list in the format that the name says."""
    if path.suffix == ".docx":
        document = docx.Document()
        for line in _LINES:
            document.add_paragraph(line)
        shown = list(zip(_HEADS, _ROWS[1], strict=True)) if path.name == "card.docx" else [_HEADS, *_ROWS]
        table = document.add_table(len(shown), len(shown[0]))
        for at, row in enumerate(shown):
            for column, text in enumerate(row):
                table.cell(at, column).text = text
        document.save(str(path))
    elif path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for row in ([_LINES[0]], [_LINES[1]], _HEADS, *_ROWS):
            book.worksheets[0].append(row)
        book.save(path)
    elif path.name in _TEXTS:
        path.write_text(_TEXTS[path.name], encoding="utf-8")
    else:
        path.write_text("\n".join([*_LINES, *("\t".join(row) for row in (_HEADS, *_ROWS))]), encoding="utf-8")
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
    "half of a schedule cell is dropped": ("list.docx", _wrapped(rows, "time_cells", _half_a_time_cell)),
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
        _wrapped(outline, "_name_in", lambda kept, text: (kept(text) or "")[:3] or None),
    ),
    "a card's content is dropped": ("card.docx", _wrapped(tables, "card", _content_of_card_gone)),
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
    whole = compilation(AnyNoticeReader().read(path))
    assert not _codes(whole) & _LOST
    sabotage(monkeypatch)
    try:
        found = compilation(AnyNoticeReader().read(path))
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
    found = compilation(_notice(_table([heads, *listed])))
    (lost,) = [finding for finding in found.plan.findings if finding.code == "left_unread"]
    assert "市城管局" in lost.text
