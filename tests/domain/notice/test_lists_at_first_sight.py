"""What forty lists of provinces, cities, counties and departments showed at first sight."""

from __future__ import annotations

import pytest

from domain.notice.assignments import assignment_in
from domain.notice.compiling import compilation
from domain.notice.document import NoticeDocument, Paragraph
from domain.notice.plan import Plan
from tests.domain.notice.plans import asked, plan_of, told

_HEADS = ["序号", "工作任务", "责任单位", "完成时限"]


def _of_lines(*lines: str) -> Plan:
    head = ("某区2024年重点任务分工", "2024年2月20日")
    return compilation(NoticeDocument("list", tuple(map(Paragraph, (*head, *lines))))).plan


def _cell(limit: str) -> list[tuple[str, str, int]]:
    (project,) = plan_of(_HEADS, ["1", "任务甲", "甲局", limit]).projects
    return [(m.description, str(m.due_on)[5:], m.recurrence.count if m.recurrence else 0) for m in project.milestones]


def test_departments_of_a_heading_hold_for_the_items_that_are_counted_through() -> None:
    """`一、…（牵头：甲局）` over 1 and 2, and `二、…` over 3: each item is a duty of its heading's departments."""
    plan = _of_lines(
        "一、市容秩序（牵头：甲局；配合：乙局）",
        "1.整治占道，4月底前完成。",
        "2.规范广告，6月底前完成。（丙局）",
        "二、园林绿化（牵头：丁局，9月底前完成）",
        "3.补植行道树500株。",
    )
    assert [(p.title, p.lead_department, p.participating_departments) for p in plan.projects] == [
        ("整治占道", "甲局", ("乙局",)),
        ("规范广告", "丙局", ()),
        ("补植行道树500株", "丁局", ()),
    ]
    assert [str(p.milestones[0].due_on)[5:] for p in plan.projects] == ["04-30", "06-30", "09-30"]
    assert asked(plan) == []


def test_items_that_are_counted_anew_stay_milestones_of_their_heading() -> None:
    """Under each heading from one on: they are its steps."""
    plan = _of_lines(
        "一、市容秩序（牵头：甲局）", "1.整治占道，4月底前完成。", "二、绿化（牵头：丁局）", "1.补植，9月底前完成。"
    )
    assert [(p.title, len(p.milestones)) for p in plan.projects] == [("市容秩序", 1), ("绿化", 1)]


@pytest.mark.parametrize(
    ("bracket", "lead", "schedule"),
    [
        ("甲局，开工：4月；完工：10月底", "甲局", "开工：4月\n完工：10月底"),
        ("责任单位：甲局；启动：3月20日；验收：9月底前", "甲局", "启动：3月20日\n验收：9月底前"),
        ("开工：4月；完工：10月底", "", "开工：4月\n完工：10月底"),
    ],
)
def test_one_bracket_says_who_and_when_each_step_is(bracket: str, lead: str, schedule: str) -> None:
    """Each step with its colon is a milestone, and no part of the title."""
    body, found = assignment_in(f"城南小学扩建（{bracket}）")
    assert (body, found.lead, found.schedule, found.due) == ("城南小学扩建", lead, schedule, "")


def test_a_beginning_and_an_end_in_labels_are_one_stretch() -> None:
    """`开工时间：4月；完工时间：10月底` had become two limits, one of them to the year's end."""
    _, found = assignment_in("扩建。责任单位：甲局；开工时间：4月；完工时间：10月底")
    assert (found.due, found.schedule) == ("4月—10月底", "")


def test_a_quarter_in_roman_figures_behind_a_mark_is_a_time_of_its_own() -> None:
    """`Ⅱ季度完成测试、Ⅲ季度上线` had lost the second quarter without a word."""
    assert _cell("Ⅱ季度完成测试、Ⅲ季度上线") == [("完成测试", "06-30", 0), ("上线", "09-30", 0)]


@pytest.mark.parametrize(
    ("limit", "read"),
    [
        ("监测：每月25日前更新数据，5月、9月各排查一次", [11, 0, 0]),
        ("对企业每月走访，9月集中座谈", [11, 0]),
        ("对企业每月调度，12月20日前报总结", [11, 0]),
    ],
)
def test_what_comes_back_is_kept_before_a_duty_with_months_of_its_own(limit: str, read: list[int]) -> None:
    """How often, behind a heading or an object, had given way to the months behind it without a word."""
    assert [count for _, _, count in _cell(limit)] == read


def test_a_time_that_ends_with_its_head_is_kept_behind_another_one() -> None:
    """`二季度：3月底前开标、6月底前开工`: the second limit had stood in the first one's words."""
    assert ("开工", "06-30", 0) in _cell("二季度：3月底前开标、6月底前开工")


def test_months_of_which_each_has_one_are_not_asked_about() -> None:
    """`四月、五月各一轮` is no stretch; without `各` it may be one."""
    say = [
        plan_of(_HEADS, ["1", "任务甲", "甲局", limit])
        for limit in ("四月、五月各一轮", "四月、五月", "4月、5月各单位自查一次")
    ]
    assert [asked(plan) for plan in say] == [[], ["adjacent_months"], ["adjacent_months"]]


def test_a_share_of_the_year_in_brackets_is_a_milestone() -> None:
    """`全年（上半年不少于2亿元）` had been told as a time that was not read."""
    assert _cell("全年（上半年不少于2亿元）")[1] == ("不少于2亿元", "06-30", 0)


def test_marks_under_neighbouring_ranges_of_months_are_one_stretch() -> None:
    """`4-6月` and `7-9月` under two marks are April to September."""
    (project,) = plan_of(
        ["序号", "事项", "责任单位", "1-3月", "4-6月", "7-9月"], ["1", "建站", "甲局", "选址", "√", "√"]
    ).projects
    assert [(str(m.starts_on)[5:], str(m.due_on)[5:]) for m in project.milestones] == [
        ("01-01", "03-31"),
        ("04-01", "09-30"),
    ]


def test_counted_milestones_beside_their_times_are_read() -> None:
    """`里程碑一 | 完成时间`, `里程碑二 | 完成时间`: what and by when, counted."""
    heads = ["序号", "任务", "责任部门", "里程碑一", "完成时间", "里程碑二", "完成时间"]
    plan = plan_of(heads, ["1", "压减户数", "甲部", "完成方案", "2月28日", "注销3户", "6月30日"])
    assert [(m.description, str(m.due_on)[5:]) for m in plan.projects[0].milestones] == [
        ("完成方案", "02-28"),
        ("注销3户", "06-30"),
    ]
    assert asked(plan) == []


def test_parts_of_a_goal_are_its_sub_tasks() -> None:
    """`分项内容` beside `目标任务` had been told as not read."""
    plan = plan_of(
        ["目标任务", "分项内容", "时间节点", "责任科室"],
        ["住房", "开工公寓100套", "6月底前", "甲科"],
        ["住房", "建成公寓50套", "10月底前", "甲科"],
    )
    assert [m.description for p in plan.projects for m in p.milestones] == ["开工公寓100套", "建成公寓50套"]
    assert "column_unread" not in told(plan)


def test_indicators_and_what_is_asked_of_them_are_title_and_content() -> None:
    """A table of indicators (`考核指标 | 考核内容`) was refused."""
    plan = plan_of(
        ["考核指标", "考核内容", "分值", "牵头单位", "报送时限"], ["耕地保护", "补充耕地3个", "10", "甲局", "9月20日前"]
    )
    assert [(p.title, p.main_content) for p in plan.projects] == [("耕地保护", "补充耕地3个")]


@pytest.mark.parametrize("first", ["任务1 水毁修复", "任务一 水毁修复", "1）30万吨级码头"])
def test_a_number_with_its_mark_counts_an_item(first: str) -> None:
    """`任务1` before a blank, and `1）` before a figure, had been left."""
    plan = _of_lines(first, "责任单位：甲局", "完成时限：4月30日前")
    assert [(p.title, p.lead_department) for p in plan.projects] == [(first.lstrip("任务1一） "), "甲局")]
    assert asked(plan) == []


@pytest.mark.parametrize(
    ("line", "lead", "others"),
    [
        ("由甲局会同人民银行某市分行，三季度组织对接会3场。", "甲局", ("人民银行某市分行",)),
        ("市司法局要在7月20日前清理证明事项。", "市司法局", ()),
        ("由市税务局牵头，于每月15日前通报退税进度。", "市税务局", ()),
        ("稳岗就业，全年1.2万人。（产业股）", "产业股", ()),
    ],
)
def test_minutes_say_whom_they_charge(line: str, lead: str, others: tuple[str, ...]) -> None:
    """Who is charged before a mark, by `要在`, or is a section of a county's office, had been asked for."""
    plan = _of_lines(f"一、{line}", "二、由乙局牵头，6月底前完成台账。")
    first = plan.projects[0]
    assert (first.lead_department, first.participating_departments, asked(plan)) == (lead, others, [])


def test_who_must_do_what_in_the_midst_of_an_item_is_no_item() -> None:
    """`如遇预警，各单位须在2小时内到岗` belongs to the item above."""
    plan = _of_lines(
        "1.值班值守。4月至9月。（甲局）", "如遇预警，各单位须在2小时内到岗。", "2.巡查。每月一次。（乙局）"
    )
    assert [p.lead_department for p in plan.projects] == ["甲局", "乙局"]


def test_a_step_of_a_sub_item_is_called_after_it() -> None:
    """`素养监测，八月上旬启动，十月下旬结束`: the end is that of the monitoring, not of the whole section."""
    plan = _of_lines("一、健康教育（甲科）", "（一）素养监测，八月上旬启动，十月下旬结束。")
    assert [m.description for m in plan.projects[0].milestones][-1] == "素养监测"
