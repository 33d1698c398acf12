"""Whole schedule cells: what ends a deliverable, what governs it, what is content."""

from __future__ import annotations

from datetime import date

import pytest

from domain.notice.deliverables import Deliverable
from domain.notice.folding import fold
from domain.notice.schedule import read_schedule
from domain.notice.windows import TimeContext

_CONTEXT = TimeContext.of(2018, date(2018, 1, 2))


def _read(cell: str) -> list[Deliverable]:
    return read_schedule(cell, _CONTEXT).deliverables


def _told(cell: str) -> list[tuple[str, str, str]]:
    return [(item.assigned, item.window_text, item.description) for item in _read(cell)]


@pytest.mark.parametrize("mark", ["；", ";", "。"])
def test_a_mark_ends_a_deliverable_and_the_next_inherits(mark: str) -> None:
    """What follows a mark without a label of its own has the window before."""
    assert _told(f"4月：召开会议{mark}启动选拔工作") == [
        ("window", "4月", "召开会议"),
        ("inherited", "4月", "启动选拔工作"),
    ]


@pytest.mark.parametrize("mark", ["，", ",", "、"])
def test_a_comma_ends_nothing(mark: str) -> None:
    """A deliverable may have several parts."""
    assert _told(f"4月：召开会议{mark}研究任务") == [("window", "4月", f"召开会议{mark}研究任务")]


def test_marks_inside_quotations_end_nothing() -> None:
    """A title may hold any mark."""
    assert _told("4月：印发《办法；细则。》并公布") == [("window", "4月", "印发《办法；细则。》并公布")]


@pytest.mark.parametrize(
    "content",
    [
        "对全年工作作出部署",
        "半年度总结与下半年工作谋划部署",
        "总结上半年工作",
        "举办2018年第一期培训班",
        "编制2019年度计划",
        "启动暑期社会实践活动",
        "推进“12月行动”方案",
        "印发《2018年6月底前重点任务清单》",
        "按照一季度会议要求落实",
        "总结推广三月份的经验",
        "做好下半年的准备",
        "迎接国庆",
        "组织春节慰问",
        "参加第四季度例会",
        "检查上半年任务完成情况",
    ],
)
def test_a_time_inside_an_object_is_content(content: str) -> None:
    """Words that name a time without setting a deadline make no milestone of their own."""
    assert _told(f"8月：{content}") == [("window", "8月", content)]


@pytest.mark.parametrize(
    ("cell", "window", "description"),
    [
        ("全年：加强指导，上半年重点指导7个完成换届", "上半年", "重点指导7个完成换届"),
        ("3月：启动试点，6月底前完成试点", "6月底前", "完成试点"),
        ("3-5月：做好准备，力争6月底前建成", "6月底前", "建成"),
        ("3月：启动，并于12月底前全面推开", "12月底前", "全面推开"),
        ("3月：启动，其中4月15日前报送名单", "4月15日前", "报送名单"),
    ],
)
def test_another_window_inside_a_clause_is_a_milestone_of_its_own(cell: str, window: str, description: str) -> None:
    """The hidden deadline is embedded, with its own description."""
    outer, hidden = _told(cell)
    assert outer[0] == "window"
    assert hidden == ("embedded", window, description)


def test_the_same_deadline_said_twice_is_one_milestone() -> None:
    """A reminder of the clause's own end hides no second deadline."""
    assert _told("6月：开展调研，6月底前完成") == [("window", "6月", "开展调研，6月底前完成")]


def test_a_label_on_a_line_of_its_own_governs_the_lines_below() -> None:
    """Cells often put the time above what is to be done."""
    assert _told("3月\n制定方案\n5月\n召开会议；印发纪要") == [
        ("window", "3月", "制定方案"),
        ("window", "5月", "召开会议"),
        ("inherited", "5月", "印发纪要"),
    ]


def test_a_line_that_only_goes_on_is_the_same_deliverable() -> None:
    """A wrapped line ends nothing."""
    (item,) = _read("3月：开展试点\n蹲点调研工作；")
    assert item.description == "开展试点\n蹲点调研工作"


def test_numbers_that_count_the_clauses_are_neither_text_nor_left_over() -> None:
    """`1、3月` is the third month, not January to March, where the clauses are counted; nobody is told of the marks."""
    schedule = read_schedule("1、3月：制定方案；2、5月：组织实施", _CONTEXT)
    assert [item.window.due_on for item in schedule.deliverables] == [date(2018, 3, 31), date(2018, 5, 31)]
    assert (len(schedule.numbering), schedule.left_over) == (2, [])


def test_a_time_in_brackets_behind_its_deliverable_is_its_window() -> None:
    """Some offices write what first and when last."""
    assert [(item.description, item.window.due_on) for item in _read("制定方案（3月底前）；召开会议（6月）")] == [
        ("制定方案", date(2018, 3, 31)),
        ("召开会议", date(2018, 6, 30)),
    ]


def test_a_clause_without_any_time_is_an_error_to_rule_on() -> None:
    """Nothing is assumed where nothing is written."""
    (item,) = _read("召开推进会")
    assert (item.window.due_on, [doubt.severity for doubt in item.doubts]) == (None, ["error"])


def test_a_smaller_month_after_a_larger_one_is_asked_about() -> None:
    """It may mean next year: the assumption is told, the choices are both."""
    item = _read("11月：检查；1月：总结")[1]
    (doubt,) = item.doubts
    assert (doubt.code, item.window.due_on) == ("month_order", date(2019, 1, 31))
    assert [choice.key for choice in doubt.choices] == ["2018年1月", "2019年1月"]


@pytest.mark.parametrize(
    ("duty", "ongoing"),
    [
        ("加强对市县青联改革的指导", True),
        ("对重点项目进行检查", True),
        ("按照要求开展相应活动", True),
        ("指导各地成立工作机构", True),
        ("筹建成立成长基金", False),
        ("出台管理办法", False),
        ("建成服务平台", False),
        ("举办青年论坛", False),
    ],
)
def test_a_year_long_duty_that_only_continues_is_ongoing(duty: str, ongoing: bool) -> None:
    """A duty with a product is done when the product is there."""
    assert _read(f"全年：{duty}")[0].window.ongoing is ongoing


@pytest.mark.parametrize(
    ("duty", "quota"),
    [
        ("举办培训班3期", "3期"),
        ("新建青年之家500个", "500个"),
        ("培训团干部１２００人次", "1200人次"),
        ("覆盖率达到95%以上", "95%"),
        ("发展会员两千名", "2000名"),
        ("开展一次督查", "1次"),
        ("对全省11个试点进行蹲点调研", "11个"),
        ("完成投资2.5亿元", "25000万元"),
        ("征集案例1,200篇", "1200篇"),
        ("举办第四届大赛", None),
        ("选拔28届执行主席", None),
        ("举行万人相亲会", None),
        ("参与全省300个改革试点工作", None),
        ("召开九届二次全会", None),
        ("汇编《百个案例集》", None),
        ("落实“三会两制一课”", None),
        ("成立一个中心", None),
        ("分9个领域各选择一家单位", None),
        ("每个街道建设1个站点", None),
        ("完成第3批考核", None),
        ("推进一期工程建设", None),
    ],
)
def test_a_number_that_must_be_delivered_is_a_quota(duty: str, quota: str | None) -> None:
    """Ordinals, names, shares for each and descriptions are not."""
    found = _read(f"6月：{duty}")[0].window.quota
    assert (f"{found.value}{found.unit}" if found else None) == quota


@pytest.mark.parametrize(
    "cell",
    [
        "进度安排：3月：启动；4月：实施。备注略",
        "（一）3月启动；（二）4月实施；",
        "3月：；4月：",
        "；；3月：启动；；",
        "全年：加强指导，上半年重点指导7个；持续推进",
        "Q2: launch; by 30 June 2018 finish the pilot, all by year end.",
    ],
)
def test_every_character_is_in_a_span_or_left_over_or_a_mark(cell: str) -> None:
    """Nothing of the source text is lost."""
    schedule = read_schedule(cell, _CONTEXT)
    covered = {at for item in schedule.deliverables for at in range(item.start, item.end)}
    covered |= {at for start, end in (*schedule.left_over, *schedule.numbering) for at in range(start, end)}
    assert {fold(cell)[at] for at in range(len(cell)) if at not in covered} <= set(" ;。.,:、\n-")
