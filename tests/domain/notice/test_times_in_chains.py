"""Times side by side, in brackets and from a day on: each has its own duty and window, or is asked about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.notice.deliverables import Deliverable
from domain.notice.schedule import read_schedule
from domain.notice.windows import TimeContext

_CONTEXT = TimeContext.of(2026, date(2026, 1, 5))


def _read(text: str) -> list[Deliverable]:
    return read_schedule(text, _CONTEXT).deliverables


def _day(day: date | None) -> str:
    return "-" if day is None else f"{day:%m-%d}" if day.year == 2026 else f"{day}"


def _told(text: str) -> str:
    """What a text is read as: windows with their words, `!` where something is asked, `?` where it is told."""
    told = []
    for item in _read(text):
        window = item.window
        severe = {doubt.severity for doubt in item.doubts}
        mark = "" if not severe else "?" if severe == {"note"} else "!"
        often = f"R{window.recurrence.count}" if window.recurrence else ""
        span = f"{_day(window.starts_on)}..{_day(window.due_on)}{'+' if window.ongoing else ''}{often}"
        told.append(f"{span}{mark} {item.description.rstrip('、，')}".strip())
    return " | ".join(told)


def _wrong(rows: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The rows of a table that are read in another way, with what was expected and what was read."""
    pairs = [row.split(" => ") for row in rows]
    return {text: (expected, read) for text, expected in pairs if (read := _told(text)) != expected}


_TABLE = Path(__file__).with_name("times_in_chains.txt").read_text(encoding="utf-8")
_KINDS = {part.splitlines()[0]: part.splitlines()[1:] for part in _TABLE.split("## ")[1:]}


@pytest.mark.parametrize("kind", _KINDS)
def test_each_time_of_a_kind_has_its_duty_or_is_asked_about(kind: str) -> None:
    """Every row of the kind's table, by its windows, its words and what is asked."""
    assert _wrong(_KINDS[kind]) == {}


_PAIRS = st.integers(1, 11).flatmap(lambda first: st.tuples(st.just(first), st.integers(first + 1, 12)))


@given(st.lists(_PAIRS, min_size=1, max_size=3, unique=True), st.sampled_from(["，", "；", "、", " ", "/", "\n"]))
def test_a_stroke_between_months_joins_them_wherever_it_stands(pairs: list[tuple[int, int]], mark: str) -> None:
    """`3/4月` is a stretch, `3/6月` two months, and the duty behind each of a chain is its own, in its own time."""
    duties = ("开展调研", "组织起草", "完成报批")
    text = mark.join(f"{a}/{b}月{duty}" for (a, b), duty in zip(pairs, duties, strict=False))
    expected = [
        (first, last, duty)
        for (a, b), duty in zip(pairs, duties, strict=False)
        for first, last in ([(a, b)] if b - a == 1 else [(a, a), (b, b)])
    ]
    read = [(item.window.starts_on, item.window.due_on, item.description.strip("、，/ ")) for item in _read(text)]
    told = [(starts.month, due.month, words) for starts, due, words in read if starts is not None and due is not None]
    assert told == expected, text


_DAYS = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 28)), min_size=2, max_size=4, unique=True).map(sorted)
_NAMES = ("世界湿地日", "全国爱耳日", "国家安全教育日", "环境日", "爱眼日", "科普日", "志愿者日", "法治宣传月")


@given(_DAYS, st.permutations(_NAMES), st.sampled_from(("集中宣传", "开展主题活动", "")))
def test_days_side_by_side_keep_their_names(days: list[tuple[int, int]], names: list[str], duty: str) -> None:
    """Each day of a chain has a milestone on it in whose words its own name stands, or the whole is asked about."""
    named = list(zip(days, names, strict=False))
    text = "、".join(f"{month}月{day}日{name}" for (month, day), name in named) + duty
    read = _read(text)
    for (month, day), name in named:
        mine = [item for item in read if item.window.due_on == date(2026, month, day)]
        contradicts = any(doubt.code == "another_day" for item in mine for doubt in item.doubts)
        assert contradicts or any(name in (item.description or item.window_text) for item in mine), (text, _told(text))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("培训2万人次，6月、9月、12月分别完成40%、70%、100%", ["40", "70", "100"]),
        ("改造电表8万只，一至四季度分别完成1.5万、2万、2.5万、2万只", ["15000", "20000", "25000", "20000"]),
        ("新建公厕12座：上半年5座，下半年7座", ["5", "7"]),
        ("文书评查，4月、8月各评查100份", ["100", "100"]),
        ("对32个问题，立行立改类20个4月底前完成", ["20"]),
    ],
)
def test_numbers_that_stand_apart_belong_to_a_time_each(text: str, numbers: list[str]) -> None:
    """Whatever else is counted before them, with the unit behind the last alone, and behind a heading's sum."""
    assert [str(item.window.quota.value) for item in _read(text) if item.window.quota] == numbers
