"""Whatever duties and times a cell joins: each printed time is a window, or is named in a finding."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from domain.notice.window_reading import WindowReading, read_window

_YEAR, _ISSUED = 2025, date(2025, 1, 10)
_DUTIES = (
    *("制定方案", "完成招标", "开工建设", "组织验收", "报送总结", "印发文件", "开展培训", "建成投用"),
    *("整改到位", "形成报告", "召开会议", "完成率达到80%", "新建站点5个", "总结评估"),
)
_SEPARATORS = ("，", "；", "。", "、", "，并", "；再", " ", "/", "→", "\n", "，最后", "（试点）；", "，随后", "，同时")
_ENDS = (("", "前"), (f"{_YEAR}年", "前"), ("", ""), ("于", "前"))


_QUARTERS, _HALVES = "一二三四", "上下"


@dataclass(frozen=True)
class _Printed:
    """A time as it is printed, the word of it that a finding must name, and the day on which it ends."""

    text: str
    word: str
    due: date


def _end(month: int) -> date:
    return date(_YEAR, month, calendar.monthrange(_YEAR, month)[1])


def _times(month: int) -> list[_Printed]:
    """The ways to print a time that ends with a month, or in it."""
    found = [
        *(_Printed(f"{before}{month}月底{after}", f"{month}月底", _end(month)) for before, after in _ENDS),
        _Printed(f"{month}月15日前", f"{month}月15日", date(_YEAR, month, 15)),
        _Printed(f"{month}月", f"{month}月", _end(month)),
        _Printed(f"{_YEAR}年{month}月", f"{month}月", _end(month)),
        _Printed(f"{month}月上旬", f"{month}月", date(_YEAR, month, 10)),
        _Printed(f"{month - 1}-{month}月", f"{month - 1}-{month}月", _end(month)),
    ]
    if month % 3 == 0:
        quarter = f"{_QUARTERS[month // 3 - 1]}季度"
        found += [_Printed(f"{quarter}{end}", quarter, _end(month)) for end in ("", "末前")]
    if month % 6 == 0:
        half = f"{_HALVES[month // 6 - 1]}半年"
        found.append(_Printed(half, half, _end(month)))
    return found


@st.composite
def _cells(draw: st.DrawFn) -> tuple[str, list[_Printed]]:
    """A cell of two to four duties, each with a time that ends later than the one before it, in one of the orders."""
    months = sorted(draw(st.sets(st.integers(2, 12), min_size=2, max_size=4)))
    joint = draw(st.sampled_from(_SEPARATORS))
    parts: list[str] = []
    printed: list[_Printed] = []
    for month in months:
        time = draw(st.sampled_from(_times(month)))
        duty = draw(st.sampled_from(_DUTIES))
        orders = [f"{time.text}{duty}", f"{duty}，{time.text}完成", f"{duty}（{time.text}）", f"{time.text}：{duty}"]
        parts.append(draw(st.sampled_from([*orders, f"{duty}：{time.text}", f"{duty}{time.text}完成"])))
        printed.append(time)
    return joint.join(parts), printed


def _named(read: WindowReading, time: _Printed) -> bool:
    told = any(
        time.word in finding.text or (finding.needs_ruling and time.word in finding.source.text)
        for finding in read.findings
    )
    return told or any(window.due_on == time.due for window in read.windows)


@given(_cells())
def test_each_printed_time_is_a_window_or_is_named(cell: tuple[str, list[_Printed]]) -> None:
    """Two to four duties, each with a time before, behind, in brackets or as a heading, under any separator."""
    text, printed = cell
    read = read_window(text, _YEAR, _ISSUED)
    assert all(_named(read, time) for time in printed), (text, read)
