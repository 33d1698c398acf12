"""Columns that hold who and by when in one place (`责任单位及完成时限`)."""

from __future__ import annotations

from domain.notice.assignments import label_line
from domain.notice.column_heads import Role, plain_head
from domain.notice.columns import Columns
from domain.notice.front_matter import date_line
from domain.notice.heads import Heads
from domain.notice.listed import one_line
from domain.notice.offices_in_text import as_list, offices
from domain.notice.patterns import regex
from domain.notice.time_cells import TimeCells, is_a_time
from domain.notice.trail import RowView

_WHO = regex(r"单位|部门|处室|科室|股室|分工")
_HELPS = regex(r"配合|协办|参与|协助|协同|参加")
_PIECE = regex(r"[，,；;。\n（）()]|\s+")
_ROLE = regex(
    r"^(?:(?:牵头|责任|主办|配合|协办|参与)(?:单位|部门|处室|科室)?|(?:完成|办结|整改)?(?:时限|时间|期限))\s*[:：]"
)
_SHORTEST = 2


def who_stands_with_when(row: RowView, columns: Columns, heads: Heads, times: TimeCells) -> None:
    """Part a place's offices from its limit; where more than both stands there, its offices are asked about."""
    for at in (at for role in ("due", "schedule") if (at := columns.at(role)) is not None):
        head = one_line(heads[at][-1]) if at < len(heads) and heads[at] else ""
        text = row.text(at)
        if not text or times.text != text or _WHO.search(plain_head(head)) is None:
            continue
        labels = dict(label_line(one_line(text)))
        if {"lead", "due"} <= labels.keys() <= {"lead", "participants", "due"}:
            # `牵头：甲局；配合：乙局；时限：8月底前`
            times.lead, times.participants = labels["lead"], labels.get("participants", "")
            times.text = times.taken[at] = labels["due"]
            continue
        parted = _parted(text)
        helps = _HELPS.search(head) is not None
        if parted is None:
            if not is_a_time(text):
                sentence = (
                    f"“{head}”一栏写“{one_line(text)}”，部门没有读作牵头或参与；请把部门和时限分两栏写，再读一次。"
                )
                times.remarks.append(("offices_in_times", text, sentence))
            continue
        who, times.text = parted
        times.taken[at] = times.text
        if helps:
            times.participants = who
        else:
            times.lead = who


def who_and_when_alone(text: str) -> list[tuple[Role, str]]:
    """`县住建局 6月底前`, on a line of its own: who leads, and by when; one with a full date may be whoever signs."""
    parted = _parted(text)
    if parted is None or date_line(parted[1]) is not None:
        return []
    return [("lead", parted[0]), ("due", parted[1])]


def _parted(text: str) -> tuple[str, str] | None:
    """The offices of a place and its one limit; nothing where anything else stands there."""
    pieces = [piece for part in _PIECE.split(text) if (piece := _ROLE.sub("", part).strip())]
    pieces = [found for piece in pieces for found in _cut(piece)]
    limits = [piece for piece in pieces if is_a_time(piece)]
    names = [piece for piece in pieces if not is_a_time(piece)]
    if len(limits) != 1 or not names or not all(map(offices, names)):
        return None
    return "、".join(map(as_list, names)), limits[0]


def _cut(piece: str) -> list[str]:
    """`县水利局9月底前`: the offices, and the time that stands right behind them."""
    cuts = (at for at in range(_SHORTEST, len(piece) - 1) if is_a_time(piece[at:]) and offices(piece[:at]))
    at = next(cuts, None)
    return [piece] if at is None else [piece[:at], piece[at:]]
