"""Numbers alone under times: how much is due by then, or the day of a month."""

from __future__ import annotations

from domain.notice.columns import Columns
from domain.notice.folding import fold
from domain.notice.patterns import STROKES, regex
from domain.notice.trail import RowView

DOTTED = regex(r"(0?[1-9]|1[0-2])[.．](3[01]|[12]\d|0[1-9])")
"""A month and a day of it (`6.30`)."""
_AMOUNT = regex(r"\d+(?:\.\d+)?")
_NOTHING = regex(rf"{STROKES}|否|无")
_LONGEST_MONTH = 31


def are_amounts(row: RowView, columns: Columns) -> bool:
    """Whether numbers stand under the times, and not every one may be a day (`4.15`, `25` under a month)."""
    under = _under_times(row, columns)
    days = all(DOTTED.fullmatch(text) or _is_a_day(head, text) for head, text in under)
    return not days and all(_AMOUNT.fullmatch(text) for _, text in under)


def may_be_days(row: RowView, columns: Columns) -> list[str]:
    """The numbers alone under months that may be days of them."""
    return [text for head, text in _under_times(row, columns) if _is_a_day(head, text)]


def _under_times(row: RowView, columns: Columns) -> list[tuple[str, str]]:
    texts = [(head, row.text(at)) for at, head in columns.periods]
    return [(head, text) for head, text in texts if text and not _NOTHING.fullmatch(fold(text))]


def _is_a_day(head: str, text: str) -> bool:
    return head.endswith(("月", "月份")) and text.isdigit() and 1 <= int(text) <= _LONGEST_MONTH
