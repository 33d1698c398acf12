"""Whatever duties and times a cell joins: each printed limit is a window's end, or is named in a finding."""

from __future__ import annotations

import calendar
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.notice.window_reading import WindowReading, read_window

_YEAR, _ISSUED = 2025, date(2025, 1, 10)
_DUTIES = (
    *("制定方案", "完成招标", "开工建设", "组织验收", "报送总结", "印发文件", "开展培训", "建成投用"),
    *("整改到位", "形成报告", "召开会议", "完成率达到80%", "新建站点5个", "每月通报", "总结评估"),
)
_SEPARATORS = ("，", "；", "。", "、", "，并", "；再", " ", "/", "→", "\n", "，最后", "（试点）；")


def _limit(month: int) -> date:
    return date(_YEAR, month, calendar.monthrange(_YEAR, month)[1])


@st.composite
def _cells(draw: st.DrawFn) -> tuple[str, list[int]]:
    """A cell of two to four duties, each with the end of a later month than the one before it, in one of the orders."""
    months = sorted(draw(st.sets(st.integers(2, 12), min_size=2, max_size=4)))
    joint = draw(st.sampled_from(_SEPARATORS))
    parts: list[str] = []
    for month in months:
        time = draw(st.sampled_from([f"{month}月底前", f"{_YEAR}年{month}月底前", f"{month}月底", f"于{month}月底前"]))
        duty = draw(st.sampled_from(_DUTIES))
        order = draw(st.integers(0, 4))
        parts.append(
            [f"{time}{duty}", f"{duty}，{time}完成", f"{duty}（{time}）", f"{time}：{duty}", f"{duty}：{time}"][order]
        )
    return joint.join(parts), months


def _named(read: WindowReading, month: int) -> bool:
    told = any(f"{month}月底" in finding.text or f"{month}月底" in finding.source.text for finding in read.findings)
    return told or any(window.due_on == _limit(month) for window in read.windows)


@settings(max_examples=400, deadline=None)
@given(_cells())
def test_each_printed_limit_is_a_window_s_end_or_is_named(cell: tuple[str, list[int]]) -> None:
    """Two to four duties with a month's end each, before, behind, in brackets or as a heading, under any separator."""
    text, months = cell
    read = read_window(text, _YEAR, _ISSUED)
    assert all(_named(read, month) for month in months), (text, read)
