"""Lists that print the month in one column and the day in another: calendars of schools, offices, festivals."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from domain.notice.plan import Plan
from tests.domain.notice.plans import asked, plan_of, windows

_LINES = ("市第三中学2026年工作行事历", "2026年1月5日印发")
_WORK = ("全体教职工大会", "学雷锋志愿服务活动", "期初教学常规检查", "校园安全隐患大排查", "家长委员会换届")
_MONTHS = ("3月", "3月", "3月", "4月", "4月")
_DAYS = ("2日", "5日前", "9 日—13 日", "上旬", "23日至24日")
_WINDOWS = [
    ("2026-03-02", "2026-03-02"),
    ("None", "2026-03-05"),
    ("2026-03-09", "2026-03-13"),
    ("2026-04-01", "2026-04-10"),
    ("2026-04-23", "2026-04-24"),
]


def _compiled(heads: Sequence[str], months: Sequence[str], days: Sequence[str], *, days_first: bool = False) -> Plan:
    month, day = heads
    between = ("工作内容", "主责部门", "协办部门")
    top = (day, *between, month) if days_first else (month, *between, day)
    rows: list[tuple[str, ...]] = [top]
    for when, work, on in zip(months, _WORK, days, strict=True):
        said = (work, "教务处", "德育处")
        rows.append((on, *said, when) if days_first else (when, *said, on))
    return plan_of(*rows, lines=_LINES)


@pytest.mark.parametrize(
    "heads",
    [
        "月份|具体日期",
        "月份|日期",
        "月份|时间",
        "月份|具体时间",
        "月份|完成时间",
        "月份|时间节点",
        "时间|具体日期",
        "时间|日期",
        "月|日",
        "实施月份|完成时限",
        "月份|何日",
        "Month|Date",
    ],
)
def test_a_day_beside_its_month_is_the_limit(heads: str) -> None:
    """Whatever heads the two columns, and whichever stands first; nobody is asked."""
    for days_first in (False, True):
        plan = _compiled(heads.split("|"), _MONTHS, _DAYS, days_first=days_first)
        assert (windows(plan), asked(plan)) == (_WINDOWS, [])


def test_a_month_is_printed_once_for_all_days_below_it() -> None:
    """Blank places below a month are of that month, whether they are one merged place or not."""
    plan = _compiled(("月份", "日期"), ("3月份", "", "", "四月", ""), _DAYS)
    assert (windows(plan), asked(plan)) == (_WINDOWS, [])


def test_bare_numbers_are_months_and_days_by_their_heads() -> None:
    """`3` under 月份 and `9-13` under 日期; under other heads numbers say nothing."""
    days = ("2", "5", "9-13", "1-10", "23-24")
    plan = _compiled(("月份", "日期"), ("3", "3", "3", "4", "4"), days)
    expected = [_WINDOWS[0], ("2026-03-05", "2026-03-05"), *_WINDOWS[2:]]
    assert (windows(plan), asked(plan)) == (expected, [])
    counts = _compiled(("月份", "人数"), ("3", "3", "3", "4", "4"), days)
    assert windows(counts) == [*[("2026-03-01", "2026-03-31")] * 3, *[("2026-04-01", "2026-04-30")] * 2]


@pytest.mark.parametrize(
    ("day", "window"),
    [
        ("", ("2026-03-01", "2026-03-31")),
        ("3月20日", ("2026-03-20", "2026-03-20")),
        ("4月2日前", ("None", "2026-04-02")),
        ("中旬", ("2026-03-11", "2026-03-20")),
        ("底", ("None", "2026-03-31")),
        ("月底前", ("None", "2026-03-31")),
        ("20号", ("2026-03-20", "2026-03-20")),
        ("20日起", ("2026-03-20", "2026-12-31")),
        ("14日、15日", ("2026-03-14", "2026-03-14")),
    ],
)
def test_each_way_to_name_the_day(day: str, window: tuple[str, str]) -> None:
    """A part of the month, a day of its own, or nothing: the whole month."""
    plan = _compiled(("月份", "具体日期"), ("3月",) * 5, (day, "2日", "3日", "4日", "5日"))
    first = windows(plan)[0]
    assert first == window


@pytest.mark.parametrize("day", ["待定", "另行通知", "待定（以市招办通知为准）", "视天气而定"])
def test_a_day_that_nobody_knows_isasked(day: str) -> None:
    """The month alone would be a limit that nobody wrote."""
    plan = _compiled(("月份", "具体日期"), ("3月",) * 5, (day, "2日", "3日", "4日", "5日"))
    assert plan.projects[0].milestones[0].due_on is None or asked(plan)
    assert asked(plan)
