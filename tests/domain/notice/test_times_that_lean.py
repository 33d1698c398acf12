"""Times and cadences that leave out what stands before them: read as if it stood there, or asked about."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from domain.notice.deliverables import Deliverable
from domain.notice.schedule import read_schedule
from domain.notice.windows import TimeContext

_CONTEXT = TimeContext.of(2026, date(2026, 1, 5))
_MARKS = st.sampled_from(["、", "，", "；", "→", "\n"])
_DUTIES = ("报名", "组织初赛", "开展复核", "完成评审")


def _read(text: str) -> list[Deliverable]:
    return read_schedule(text, _CONTEXT).deliverables


def _windows(text: str) -> list[tuple[date | None, date | None]]:
    return [(item.window.starts_on, item.window.due_on) for item in _read(text)]


def _asked(text: str) -> bool:
    return any(doubt.severity != "note" for item in _read(text) for doubt in item.doubts)


_WITHIN = ("上旬", "中旬", "下旬", "5日前", "16日前", "25日前", "月底前")
_ORDER = (("上旬", "5日前"), ("中旬", "16日前"), ("下旬", "25日前", "月底前"))
_CHAINS = st.tuples(*(st.sampled_from(choices) for choices in _ORDER))


@given(st.integers(1, 12), _CHAINS, _MARKS, st.sampled_from(["", "2027年"]))
def test_a_time_within_a_month_leans_on_the_month_before_it(
    month: int, chain: tuple[str, ...], mark: str, year: str
) -> None:
    """The chain with the month once says the same as the chain with the month each time, with the same duties."""
    once = [f"{year}{month}月{chain[0]}", *chain[1:]]
    each = [f"{year}{month}月{time.removeprefix('月')}" for time in chain]
    short, whole = (
        mark.join(f"{time}{duty}" for time, duty in zip(times, _DUTIES, strict=False)) for times in (once, each)
    )
    assert _windows(short) == _windows(whole), short
    words = [item.description.strip("、，") for item in _read(short)]
    assert all(any(duty in word for word in words) for duty in _DUTIES[:3]), (short, words)
    assert not _asked(short)


@given(st.integers(1, 12), st.sampled_from(_WITHIN[1:3]), st.sampled_from(_WITHIN[:1]), _MARKS)
def test_a_time_before_the_one_that_it_leans_on_is_asked_about(month: int, later: str, sooner: str, mark: str) -> None:
    """`4月下旬动员，上旬总结` may mean the next month."""
    assert _asked(f"{month}月{later}动员{mark}{sooner}总结")


_UNITS = {"月度": 12, "季度": 4, "半年": 2, "年度": 1}
_WORDS = ("调度", "通报", "自查", "抽查", "督导评价", "会商")
_LISTS = st.lists(st.sampled_from(list(_UNITS)), min_size=2, max_size=4, unique=True)


@given(_LISTS, st.permutations(_WORDS), st.sampled_from(["、", "，", "/", "；"]))
def test_units_side_by_side_come_back_each_in_its_own_way(units: list[str], words: list[str], mark: str) -> None:
    """Every unit of a list with what is done in it is a milestone with as many sessions as the year has of it."""
    text = mark.join(f"{unit}{word}" for unit, word in zip(units, words, strict=False))
    counts = [item.window.recurrence.count for item in _read(text) if item.window.recurrence is not None]
    assert counts == [_UNITS[unit] for unit in units], text


@given(_LISTS, st.sampled_from(["、", "/", "和"]), st.sampled_from(["通报", "调度情况", "例会", ""]))
def test_no_unit_that_shares_its_duty_is_lost(units: list[str], mark: str, duty: str) -> None:
    """`月度/季度通报`: a milestone for each, or the whole is asked about."""
    text = mark.join(units) + duty
    counts = [item.window.recurrence.count for item in _read(text) if item.window.recurrence is not None]
    assert counts == [_UNITS[unit] for unit in units] or _asked(text), text


@given(st.integers(1, 11), st.integers(1, 27), st.sampled_from(["之后", "此后", "以后", "随后"]))
def test_what_comes_back_behind_a_limit_goes_on_in_the_next_month(month: int, day: int, since: str) -> None:
    """The month of the limit has its session by the limit, whatever day it is."""
    limit, rest = _read(f"{month}月{day}日前完成第一批，{since}每月一批")
    assert limit.window.due_on == date(2026, month, day)
    assert rest.window.starts_on == date(2026, month + 1, 1)
    assert rest.window.recurrence is not None
    assert rest.window.recurrence.count == 12 - month


@given(st.sampled_from([(1, 3), (4, 6), (7, 9), (10, 12)]), st.data())
def test_a_time_that_only_holds_others_is_no_milestone(quarter: tuple[int, int], data: st.DataObject) -> None:
    """`三季度：7月启动，9月中旬举办`: the times inside are the milestones; nothing is lost and nothing is added."""
    months = sorted(data.draw(st.lists(st.integers(*quarter), min_size=2, max_size=2, unique=True)))
    name = "一二三四"[(quarter[0] - 1) // 3]
    text = f"{name}季度：{months[0]}月启动，{months[1]}月中旬举办"
    assert _windows(text) == _windows(f"{months[0]}月启动，{months[1]}月中旬举办"), text
