"""From tables to the rows of the list: heads, sections, page breaks, merged cells, blank-below cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from domain.notice.columns import Columns, columns_of, plain_head
from domain.notice.document import Cell, NoticeDocument, Paragraph, Row, Table
from domain.notice.folding import fold
from domain.notice.labels import label_at
from domain.notice.refusals import (
    FaultyCellError,
    MergedSerialError,
    NoLeadColumnError,
    NoScheduleColumnError,
    NoSerialError,
    NoTableError,
    NoTitleColumnError,
    NoTitleError,
)
from domain.notice.windows import TimeContext

_HEAD_SEARCH = 15
_READING_YEAR = 2000
_TOTAL = re.compile(r"^(?:合计|总计|小计|共计|total|subtotal)", re.IGNORECASE)
_REMARK = re.compile(r"^(?:注|备注|说明|填表说明|note)s?[:：]?", re.IGNORECASE)


@dataclass(slots=True)
class ProjectRow:
    """One project of the list as printed, with the places it was read from."""

    serial: str
    title: str
    content: str
    lead: str
    participants: str
    schedule: str
    place: str
    lead_from_above: bool = False
    numbered: bool = True
    serial_region: int | None = None
    title_region: int | None = None
    lead_region: int | None = None


@dataclass(slots=True)
class ListedTable:
    """The rows of one list with the lines that stand above it."""

    heading: list[str]
    rows: list[ProjectRow] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Headed:
    columns: Columns
    heads: tuple[str, ...]
    width: int


def listed_tables(document: NoticeDocument) -> list[ListedTable]:
    """The lists of a notice; a table without a head goes on with the one before it.

    Raises:
        NoTableError: there is no table with heads.
        NoScheduleColumnError, NoLeadColumnError, NoTitleColumnError: a list lacks a column that it needs.
    """
    found: list[ListedTable] = []
    heading: list[str] = []
    headed: _Headed | None = None
    nearest: tuple[Columns, Row] | None = None
    for block in document.blocks:
        if isinstance(block, Paragraph):
            heading.append(block.text)
            continue
        at, columns = _head(block)
        if columns is not None and at is not None and columns.known >= 2:
            end = at + _head_height(block, at)
            if columns.title is None and columns.serial is None and not columns.has_schedule:
                continue
            nearest = nearest or (columns, block.rows[at])
            if not _is_list(columns):
                heading.extend(_texts(block.rows[:at]))
                continue
            headed = _Headed(columns, _heads(block, at, end), len(block.rows[at].cells))
            listed = ListedTable([*heading, *([block.name] if block.name else []), *_texts(block.rows[:at])])
            heading = []
            found.append(listed)
            _take(block.rows[end:], headed, listed, document.name)
        elif headed is not None and found and block.rows and len(block.rows[0].cells) == headed.width:
            _take(block.rows, headed, found[-1], document.name)
            heading = []
        else:
            heading.extend(_texts(block.rows))
    if not found:
        _refuse(document, nearest)
    return found


def _is_list(columns: Columns) -> bool:
    return columns.has_schedule and columns.title is not None and columns.lead is not None


def _refuse(document: NoticeDocument, nearest: tuple[Columns, Row] | None) -> None:
    if nearest is None:
        raise NoTableError(name=document.name)
    columns, row = nearest
    if not columns.has_schedule:
        raise NoScheduleColumnError(
            name=document.name, place=row.place, heads=[cell.text.strip() for cell in row.cells]
        )
    if columns.title is None:
        raise NoTitleColumnError(name=document.name, place=row.place)
    raise NoLeadColumnError(name=document.name, place=row.place)


def _texts(rows: Sequence[Row]) -> list[str]:
    texts: list[str] = []
    for row in rows:
        for text in dict.fromkeys(cell.text.strip() for cell in row.cells):
            texts.extend(line for line in text.split("\n") if line.strip())
    return texts


def _head(table: Table) -> tuple[int | None, Columns | None]:
    """The row of heads: the one among the first rows under which most kinds of column stand."""
    best: tuple[int, int, Columns] | None = None
    for at, row in enumerate(table.rows[:_HEAD_SEARCH]):
        if row.blank or len({cell.text.strip() for cell in row.cells if cell.text.strip()}) < 2:
            continue
        if any(len(cell.text) > 30 for cell in row.cells):
            continue
        end = at + _head_height(table, at)
        columns = columns_of(_heads(table, at, end))
        if columns.known >= 2 and (best is None or columns.known > best[0]):
            best = (columns.known, at, columns)
    return (best[1], best[2]) if best is not None else (None, None)


def _head_height(table: Table, at: int) -> int:
    """Two rows where a head is merged over sub-heads (`工作进度安排` over `一季度`…), one otherwise."""
    if at + 1 >= len(table.rows):
        return 1
    upper, lower = table.rows[at].cells, table.rows[at + 1].cells
    if len(upper) != len(lower):
        return 1
    down = any(a.region is not None and a.region == b.region for a, b in zip(upper, lower, strict=True))
    across = any(a.region is not None and a.region == b.region for a, b in pairwise(upper))
    if down and across:
        return 2
    below = columns_of([cell.text for cell in lower])
    if not down and len(below.periods) > 1 and all(len(cell.text) <= 12 for cell in lower):
        return 2
    return 1


def _heads(table: Table, at: int, end: int) -> tuple[str, ...]:
    lowest = table.rows[end - 1].cells
    return tuple(
        lowest[index].text.strip() or cell.text.strip() if index < len(lowest) else cell.text.strip()
        for index, cell in enumerate(table.rows[at].cells)
    )


def _take(rows: Sequence[Row], headed: _Headed, listed: ListedTable, name: str) -> None:
    plain = tuple(plain_head(head) for head in headed.heads)
    for row in rows:
        if row.blank or _repeats_head(row, plain):
            continue
        if _is_section(row, headed.columns):
            listed.remarks.extend(_texts((row,)))
            continue
        _take_row(row, headed.columns, listed, name)


def _repeats_head(row: Row, plain: tuple[str, ...]) -> bool:
    texts = tuple(plain_head(cell.text) for cell in row.cells)
    return texts == plain or sum(a == b and a != "" for a, b in zip(texts, plain, strict=False)) >= max(
        3, len(plain) - 1
    )


def _is_section(row: Row, columns: Columns) -> bool:
    """A row that names a part of the list, a total, or a remark: one text, and nobody who leads."""
    texts = {cell.text.strip() for cell in row.cells if cell.text.strip()}
    first = next((cell.text.strip() for cell in row.cells if cell.text.strip()), "")
    if _TOTAL.match(first) or (_REMARK.match(first) and len(texts) == 1):
        return True
    if len(texts) != 1:
        return False
    columns_with_text = [index for index, cell in enumerate(row.cells) if cell.text.strip()]
    scheduled = {columns.schedule, columns.deadline, *(index for index, _ in columns.periods)}
    return len(columns_with_text) > 1 or not scheduled.intersection(columns_with_text)


def _cell(row: Row, column: int | None) -> Cell:
    if column is None or column >= len(row.cells):
        return Cell("")
    return row.cells[column]


def _take_row(row: Row, columns: Columns, listed: ListedTable, name: str) -> None:
    serial, title, lead = (_cell(row, column) for column in (columns.serial, columns.title, columns.lead))
    texts = {
        "serial": serial.text.strip(),
        "title": title.text.strip(),
        "content": _cell(row, columns.content).text.strip(),
        "lead": lead.text.strip(),
        "participants": _cell(row, columns.participants).text.strip(),
        "schedule": _schedule(row, columns),
    }
    for column in columns.used:
        if (fault := _cell(row, column).fault) is not None:
            raise FaultyCellError(name=name, place=row.place, fault=fault)
    previous = listed.rows[-1] if listed.rows else None
    if previous is not None and _continues(previous, row, columns, texts, serial, title, lead):
        _append(previous, row, columns, texts)
        return
    if previous is not None and serial.region is not None and serial.region == previous.serial_region:
        raise MergedSerialError(name=name, serial=texts["serial"], places=(previous.place, row.place))
    if columns.serial is not None and not texts["serial"]:
        if previous is not None and previous.serial and not texts["lead"] and _merged_below(serial, previous):
            raise MergedSerialError(name=name, serial=previous.serial, places=(previous.place, row.place))
        raise NoSerialError(name=name, place=row.place, title=texts["title"] or texts["schedule"])
    if not texts["title"]:
        raise NoTitleError(name=name, place=row.place, serial=texts["serial"])
    from_above = not texts["lead"] and previous is not None
    listed.rows.append(
        ProjectRow(
            serial=texts["serial"] or str(len(listed.rows) + 1),
            title=_one_line(texts["title"]),
            content=texts["content"],
            lead=texts["lead"] or (previous.lead if previous is not None else ""),
            participants=texts["participants"],
            schedule=texts["schedule"],
            place=row.place,
            lead_from_above=from_above,
            numbered=columns.serial is not None,
            serial_region=serial.region,
            title_region=title.region,
            lead_region=lead.region,
        )
    )


def _merged_below(serial: Cell, previous: ProjectRow) -> bool:
    return serial.region is not None and serial.region == previous.serial_region


def _continues(
    previous: ProjectRow, row: Row, columns: Columns, texts: dict[str, str], serial: Cell, title: Cell, lead: Cell
) -> bool:
    """Whether a row goes on with the project above: a page break, or one project over several rows."""
    same_title = title.region is not None and title.region == previous.title_region
    same_serial = serial.region is not None and serial.region == previous.serial_region
    if same_title and (same_serial or columns.serial is None or not texts["serial"]):
        return True
    if columns.serial is not None and not texts["serial"] and not texts["title"]:
        return True
    if columns.serial is None:
        return not texts["title"]
    if texts["serial"]:
        return (
            texts["serial"] == previous.serial and _one_line(texts["title"]) == previous.title and not texts["content"]
        )
    label = label_at(fold(texts["schedule"]), 0, len(texts["schedule"]), TimeContext.of(_READING_YEAR))
    return serial.region is None and not texts["lead"] and (not texts["schedule"] or label is None)


def _append(previous: ProjectRow, row: Row, columns: Columns, texts: dict[str, str]) -> None:
    region = _cell(row, columns.title).region
    apart = region is None or region != previous.title_region
    if apart and texts["title"] and texts["title"] != previous.title:
        previous.title = _joined(previous.title, _one_line(texts["title"]))
    for attribute in ("content", "participants"):
        text = texts[attribute]
        if text and text != getattr(previous, attribute):
            joint = (
                _joined(getattr(previous, attribute), text)
                if attribute == "content"
                else f"{previous.participants}、{text}"
            )
            setattr(previous, attribute, joint.strip("、"))
    if texts["lead"] and texts["lead"] != previous.lead and columns.lead is not None:
        region = _cell(row, columns.lead).region
        if region is None or region != previous.lead_region:
            previous.lead = f"{previous.lead}、{texts['lead']}"
    if texts["schedule"] and texts["schedule"] != previous.schedule:
        begins = label_at(fold(texts["schedule"]), 0, len(texts["schedule"]), TimeContext.of(_READING_YEAR)) is not None
        ended = previous.schedule.rstrip()[-1:] in ("；", ";", "。", "")
        previous.schedule += ("\n" if begins and not ended else "") + texts["schedule"]


def _joined(one: str, other: str) -> str:
    return f"{one}{other}" if not one or not one[-1].isascii() else f"{one} {other}"


def _one_line(text: str) -> str:
    return re.sub(r"(?<=[^\x00-\x7f])\s*\n\s*|\s*\n\s*(?=[^\x00-\x7f])", "", text).replace("\n", " ")


def _schedule(row: Row, columns: Columns) -> str:
    """The schedule as printed; columns headed by a time give their head as the label, a deadline stands first."""
    if columns.periods:
        pieces = [f"{head}：{text}" for index, head in columns.periods if (text := _cell(row, index).text.strip())]
        printed = [_cell(row, columns.schedule).text.strip()] if columns.schedule is not None else []
        return "；\n".join(
            piece.rstrip("；;。") if piece != pieces[-1] else piece for piece in [*printed, *pieces] if piece
        )
    schedule = _cell(row, columns.schedule).text.strip()
    deadline = _cell(row, columns.deadline).text.strip()
    if not schedule or not deadline or schedule == deadline:
        return schedule or deadline
    if label_at(fold(schedule), 0, len(schedule), TimeContext.of(_READING_YEAR)) is not None:
        return schedule
    return f"{deadline}\n{schedule}"


def with_serial(row: ProjectRow, serial: str) -> ProjectRow:
    """The row under another serial."""
    return replace(row, serial=serial)
