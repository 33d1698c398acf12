"""Kinds of schedule cells: times behind their clauses, numbered items, order, festivals, sets and totals."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.notice.deliverables import Deliverable
from domain.notice.schedule import read_schedule
from domain.notice.windows import TimeContext, last_of_month

_CONTEXT = TimeContext.of(2024, date(2024, 2, 20))


def _read(cell: str) -> list[Deliverable]:
    return read_schedule(cell, _CONTEXT).deliverables


def _told(cell: str) -> list[tuple[str, str]]:
    return [(item.description, str(item.window.due_on)) for item in _read(cell)]


@pytest.mark.parametrize(
    "cell",
    [
        "制定方案，3月底前完成；组织实施，10月底前完成",
        "制定方案，3月底前完成，组织实施，10月底前完成",
        "制定方案，力争3月底前完成；组织实施，确保10月底前完成。",
        "制定方案，3月底前；组织实施，10月底前",
        "制定方案，3月31日前印发；组织实施，10月31日前建成投用",
        "制定方案（3月底前）；组织实施（10月底前）",
        "制定方案（3月底前完成）；组织实施（时限：10月底前）",
        "制定方案3月底前完成；组织实施10月底前完成",
        "制定方案，于3月底前完成；组织实施，于10月底前全面完成",
        "1.制定方案，3月底前完成；2.组织实施，10月底前完成",
        "（1）制定方案，3月底前完成（2）组织实施，10月底前完成",
        "制定方案，3月投入使用；组织实施，10月投入使用",
        "Draft plan, by end of March; roll out, by end of October",
        "制定方案，截至3月底完成；组织实施，截至10月底完成",
    ],
)
def test_a_time_behind_its_clause_belongs_to_that_clause(cell: str) -> None:
    """Two duties, each with the time that stands behind it, and no phantom between them."""
    assert [due for _, due in _told(cell)] == ["2024-03-31", "2024-10-31"]
    first, second = (text for text, _ in _told(cell))
    assert "制定方案" in first or "Draft" in first
    assert "组织实施" in second or "roll out" in second


_MONTHS = st.lists(st.integers(3, 12), min_size=2, max_size=4, unique=True).map(sorted)
_DUTIES = ("制定方案", "组织实施", "开展评估", "完善制度")


@given(
    months=_MONTHS,
    tail=st.sampled_from(["完成", "印发", "投入使用", "建成", "全面完成", ""]),
    mark=st.sampled_from("；;。"),
)
def test_any_list_of_duties_with_times_behind_them_is_read_in_order(months: list[int], tail: str, mark: str) -> None:
    """By construction: the n-th duty is due at the end of the n-th month."""
    cell = mark.join(f"{_DUTIES[i]}，{month}月底前{tail}" for i, month in enumerate(months))
    read = _read(cell)
    assert [item.window.due_on for item in read] == [last_of_month(2024, month) for month in months]
    assert all(_DUTIES[i] in item.description for i, item in enumerate(read))


@given(
    month=st.integers(3, 12),
    items=st.lists(
        st.sampled_from(["图书进校园", "辩论赛1次", "讲座2场", "座谈会", "根据省厅政策，启动申报"]),
        min_size=2,
        max_size=5,
    ),
    style=st.sampled_from(["（{}）", "({})", "{}.", "{}、", "circle"]),
    gap=st.sampled_from(["", "\n", "；", " "]),
)
def test_numbered_items_under_a_month_are_a_milestone_each(month: int, items: list[str], style: str, gap: str) -> None:
    """On one line or on several, whatever numbers them; the marks leave no note."""
    marks = [chr(0x2460 + i) if style == "circle" else style.format(i + 1) for i in range(len(items))]
    schedule = read_schedule(
        f"{month}月：" + gap.join(m + item for m, item in zip(marks, items, strict=True)), _CONTEXT
    )
    assert [item.window.due_on for item in schedule.deliverables] == [last_of_month(2024, month)] * len(items)
    assert [item.description for item in schedule.deliverables] == items
    assert schedule.left_over == []


@pytest.mark.parametrize(
    "phrase",
    [
        "根据省厅政策，启动申报",
        "按照上级要求，开展自查",
        "根据工作需要，召开推进会",
        "按省里统一部署，组织评选",
        "根据实际情况，调整方案",
        "依照中央安排，落实任务",
        "按照进度计划，推进施工",
        "根据需要，走访企业",
        "按照统一安排，参加培训",
        "及时，总结经验",
    ],
)
def test_a_phrase_that_says_how_leaves_the_time_above_it(phrase: str) -> None:
    """What stands under a month stays there, and so does what follows."""
    assert {str(item.window.due_on) for item in _read(f"5月-7月：\n（1）推动试点\n（2）{phrase}\n（3）推进认证")} == {
        "2024-07-31"
    }


@pytest.mark.parametrize(
    "cell",
    [
        "5月：换届；3月—12月：日常活动",
        "6月：中期检查；1-12月：日常管理",
        "9月：开学；4月至10月：宣传",
        "10月：验收；全年：巡查",
        "3月：启动；3月：培训",
        "5月：启动；5-6月：实施",
    ],
)
def test_a_window_that_reaches_beyond_the_one_before_raises_no_question(cell: str) -> None:
    """It cannot mean next year."""
    assert not [doubt for item in _read(cell) for doubt in item.doubts if doubt.severity != "note"]


@pytest.mark.parametrize(
    ("cell", "dues"),
    [
        ("12月：组织验收；1月：实施甲；总结乙", ["2024-12-31", "2025-01-31", "2025-01-31"]),
        ("11月：甲；1月：乙；2月：丙", ["2024-11-30", "2025-01-31", "2025-02-28"]),
        ("10月：甲；12月：乙；3月：丙；总结；归档", ["2024-10-31", "2024-12-31"] + ["2025-03-31"] * 3),
        ("12月底前完成甲；1月底前完成乙", ["2024-12-31", "2025-01-31"]),
    ],
)
def test_the_next_year_holds_for_all_that_follows_under_it(cell: str, dues: list[str]) -> None:
    """One question, one answer, for the label, its followers and the later labels of that year."""
    read = _read(cell)
    assert [str(item.window.due_on) for item in read] == dues
    assert any(doubt.code == "month_order" for item in read for doubt in item.doubts)


@pytest.mark.parametrize(
    "duty",
    [
        "举办三八节活动",
        "召开五四座谈会",
        "开展七一表彰",
        "组织八一慰问",
        "开展六一活动",
        "举行一二九歌会",
        "举办三八国际劳动妇女节活动",
        "开展五一节慰问",
        "公布现有185项清单的第一批",
        "形成新一轮方案",
        "验收立项的30个项目",
        "整改上年度12个问题",
        "梳理去年的15项任务",
        "对确定的20个村开展评估",
        "启动新一批试点",
        "通报已建成的8个站点",
        "评估在建的6个项目",
        "节约用电",
    ],
)
def test_names_of_days_and_existing_sets_are_no_amounts(duty: str) -> None:
    """Nobody has to deliver what is there already, or a festival."""
    (item,) = _read(f"4月：{duty}")
    assert item.window.quota is None


@pytest.mark.parametrize(
    ("duty", "quota"),
    [
        ("新建站点5个", "5个"),
        ("举办活动3场", "3场"),
        ("完成剩余8个村", "8个"),
        ("培训三百人次", "300人次"),
        ("打造30个品牌", "30个"),
    ],
)
def test_what_is_to_be_delivered_stays_an_amount(duty: str, quota: str) -> None:
    """The sets and the festivals take nothing else with them."""
    (item,) = _read(f"4月：{duty}")
    found = item.window.quota
    assert (f"{found.value}{found.unit}" if found else None) == quota


@pytest.mark.parametrize(
    "cell",
    [
        "6月底前建成900公里；年底前建成1500公里",
        "6月底前完成10个，9月底前完成25个，年底前完成40个",
        "上半年末新增3万亩；年底前新增5万亩",
    ],
)
def test_a_growing_number_is_told_to_be_a_total(cell: str) -> None:
    """The later milestone counts from the beginning."""
    assert "growing_target" in {doubt.code for item in _read(cell) for doubt in item.doubts}


@pytest.mark.parametrize("cell", ["5月：举办3场；6月：举办5场", "6月底前培训100人次；年底前培训200人次"])
def test_sessions_and_months_of_their_own_are_no_growing_total(cell: str) -> None:
    """What is done anew each time does not grow."""
    assert not {doubt.code for item in _read(cell) for doubt in item.doubts}


@pytest.mark.parametrize(
    "cell",
    [
        "July 2024 (not in letter)",
        "6月底前（下同）",
        "每月",
        "每季度一次",
        "6月底前完成",
        "2024年6月（暂定）",
        "全年（每季度1次）",
        "每月25日前",
        "Monthly",
        "by 30 June 2024",
    ],
)
def test_a_cell_with_nothing_but_a_time_leaves_the_title_as_the_description(cell: str) -> None:
    """A remark, a frequency or a bare 完成 is no name of a milestone."""
    assert {item.description for item in _read(cell)} == {""}


@given(
    months=_MONTHS,
    mark=st.sampled_from(["• {}", "●{}", "▪ {}", "a){}", "A.{}", "a、{}"]),
    between=st.sampled_from(["；", " ", "\n", "；\n"]),
)
def test_bullets_and_letters_count_duties_and_are_no_part_of_them(months: list[int], mark: str, between: str) -> None:
    """Each duty has its own limit and its own words, whichever mark stands before it."""
    marks = [mark.replace(mark[0], chr(ord(mark[0]) + at)) if mark[0].isalpha() else mark for at in range(len(months))]
    duties = [(f"{month}月底前{duty}", duty) for month, duty in zip(months, _DUTIES, strict=False)]
    cell = between.join(each.format(said) for each, (said, _) in zip(marks, duties, strict=True))
    days = [str(last_of_month(2024, month)) for month in months]
    assert _told(cell) == [(duty, day) for (_, duty), day in zip(duties, days, strict=True)]


@pytest.mark.parametrize("cell", ["5月30曰前完成", "5月3O日前完成"])
def test_a_character_that_looks_like_one_of_a_time_is_asked_about(cell: str) -> None:
    """`曰` for `日`: the day is not dropped without a question."""
    (item,) = _read(cell)
    assert any(doubt.severity == "ruling" for doubt in item.doubts)
