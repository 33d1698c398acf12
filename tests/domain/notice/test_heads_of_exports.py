"""Tables as task systems export them: heads of starts, limits and states, and heads that nobody knows."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from domain.notice.plan import Plan
from tests.domain.notice.plans import asked, plan_of, table_of, told, windows

_LINES = ("某市2026年重点任务", "2026年1月5日印发")
_TASKS = (("1", "滨江大道改造", "市住建局", "市财政局"), ("2", "图书馆新馆", "市文旅局", "市财政局、市审计局"))
_TIMES = (("2026-03-01", "2026-06-30"), ("2026/4/15", "2026/11/30"))


def _compiled(heads: Sequence[str], *more: Sequence[str], tasks: Sequence[Sequence[str]] = _TASKS) -> Plan:
    rows = [(*task, *rest) for task, rest in zip(tasks, more, strict=True)]
    return plan_of(heads, *rows, lines=_LINES)


_WINDOWS = [("2026-03-01", "2026-06-30"), ("2026-04-15", "2026-11-30")]


@pytest.mark.parametrize(
    "heads",
    [
        "开始|截止",
        "开始|截至",
        "开始|到期",
        "开始日期|截止日期",
        "开始时间|到期日",
        "起|止",
        "始|止",
        "起始|终止",
        "起始日|截止日",
        "计划开始|计划截止",
        "预计启动|预计完成",
        "启动日期|办结日期",
        "开始|应办结时间",
        "开始时间|最迟完成时间",
        "开始时间|最后期限",
        "计划开工|预计交付",
        "拟开工时间|拟竣工时间",
        "任务开始|任务截止",
        "开始|结项时间",
        "启动|结题",
        "开始|收尾时间",
        "开始时间|规定办结期限",
        "Start|Due",
        "Start|End",
        "Start_Date|Due_Date",
        "planned_start|planned_end",
        "Begin|Deadline",
        "Start|Completion",
        "Kick-off|Target_date",
    ],
)
def test_starts_and_limits_are_known_by_their_heads_or_by_what_stands_there(heads: str) -> None:
    """Whatever word of its family heads the limit beside the start, both are read and nobody is asked."""
    plan = _compiled(["序号", "任务名称", "主办", "协办", *heads.replace("_", " ").split("|")], *_TIMES)
    assert (windows(plan), asked(plan)) == (_WINDOWS, [])


@pytest.mark.parametrize(
    "heads",
    ["开始|收口", "计划开始|甲", "始|终", "Start|Until", "开始|下线", "D1|D2", "T0|T1", "期初|期末", "上线|下线"],
)
def test_a_head_that_nobody_knows_is_told_by_its_column(heads: str) -> None:
    """Times beside a start are the limit, and two columns of times are start and limit; which were taken is told."""
    plan = _compiled(["序号", "任务名称", "主办", "协办", *heads.split("|")], *_TIMES)
    assert (windows(plan), asked(plan)) == (_WINDOWS, [])
    assert "due_column_assumed" in told(plan)


@pytest.mark.parametrize(
    "head",
    ["原截止", "实际完成", "更新时间", "创建日期", "录入时间", "签收日期", "Actual end", "Last updated", "发现时间"],
)
def test_times_of_another_kind_are_no_limit(head: str) -> None:
    """When something was handed out, done or typed in does not stand for the limit that lacks: it is asked for."""
    plan = _compiled(["序号", "任务名称", "主办", "协办", "开始", head], *_TIMES)
    assert asked(plan)[:2] == ["no_end", "no_end"]


@pytest.mark.parametrize(
    "state",
    [
        "状态",
        "任务状态",
        "当前状态",
        "办理状态",
        "执行情况",
        "当前进度",
        "目前进度",
        "完成进度",
        "实际进度",
        "总体进度",
        "进度状态",
        "进度",
        "形象进度",
        "完成率",
        "完成百分比",
        "进度(%)",
        "最新进展",
        "工作动态",
        "Status",
        "Task_status",
        "Progress",
        "%_complete",
        "Percent_complete",
    ],
)
def test_a_state_never_takes_the_place_of_a_limit(state: str) -> None:
    """How far a duty is, in words or percent, is no window, wherever it stands, also where the limit lacks."""
    heads = ["序号", "任务名称", "主办", "协办", "开始", "截止", state.replace("_", " ")]
    for first, second in (("进行中", "未开始"), ("63%", "已完成40%（主体封顶）"), ("0%", "正常推进")):
        plan = _compiled(heads, (*_TIMES[0], first), (*_TIMES[1], second))
        assert (windows(plan), asked(plan)) == (_WINDOWS, [])
        lacking = _compiled(heads, ("2026-03-01", "", first), (*_TIMES[1], second))
        assert (windows(lacking)[1], asked(lacking)) == (_WINDOWS[1], ["no_end"])


@pytest.mark.parametrize("head", ["会签", "一起办", "配属", "B角单位", "Others", "成员", "联动", "共建"])
def test_offices_beside_the_lead_help(head: str) -> None:
    """The one column of offices that is left beside the lead's names those who help, and the list tells it."""
    plan = _compiled(["序号", "任务名称", "主办", head, "截止"], ("6月底前",), ("11月底前",))
    assert [list(project.participating_departments) for project in plan.projects] == [
        ["市财政局"],
        ["市财政局", "市审计局"],
    ]
    assert (asked(plan), "participants_column_assumed" in told(plan)) == ([], True)


@pytest.mark.parametrize("head", ["监督单位", "验收部门", "交办单位", "填报单位", "考核部门", "来文单位", "设计单位"])
def test_offices_of_another_part_do_not_help(head: str) -> None:
    """Whoever hands out, checks or takes in is nobody's participant; the column is told."""
    plan = _compiled(["序号", "任务名称", "主办", head, "截止"], ("6月底前",), ("11月底前",))
    assert [project.participating_departments for project in plan.projects] == [(), ()]
    assert "column_unread" in [finding.code for finding in plan.findings]


@pytest.mark.parametrize(
    ("head", "questions"),
    [
        ("具体时间", ["column_unread"]),
        ("具体日期", ["column_unread"]),
        ("启用时间", ["column_unread"]),
        ("交办时间", []),
        ("会议时间", []),
        ("更新日期", []),
    ],
)
def test_a_second_column_of_limits_is_asked_about_once(head: str, questions: list[str]) -> None:
    """A column that is headed as the limit is, beside the limit, is never left in silence; other kinds of days are."""
    plan = _compiled(
        ["序号", "任务名称", "主办", "协办", "截止日期", head], ("6月30日", "6月18日"), ("11月30日", "9月20日")
    )
    assert [window[1] for window in windows(plan)] == ["2026-06-30", "2026-11-30"]
    assert [code for code in asked(plan) if code == "column_unread"] == questions


@pytest.mark.parametrize(
    "heads",
    [
        "Finding|Agreed action",
        "Observation|Management response",
        "Issue|Action",
        "Audit finding|Corrective action required",
        "Weakness identified|Remedial measures",
        "Non-conformity|Corrective and preventive actions",
        "Gap|How",
        "Problem|Proposed actions",
    ],
)
def test_what_an_audit_found_is_the_title_and_what_was_agreed_its_content(heads: str) -> None:
    """Each row is one duty, told by both."""
    found, agreed = heads.split("|")
    said = (
        ("1", "Fuel use not monitored", "Install fleet tracking"),
        ("2", "Backups never tested", "Test restoration"),
    )
    rows = [(*each, "Administration", "2026-06-30") for each in said]
    heads_of_all = ("Ref", found, agreed, "Lead department", "Due date")
    plan = plan_of(heads_of_all, *rows, lines=("Management action tracker 2026", "Issued: 2 February 2026"))
    assert [project.title for project in plan.projects] == [each[1] for each in said]
    assert [project.main_content for project in plan.projects] == [each[2] for each in said]
    assert asked(plan) == []


@pytest.mark.parametrize("head", ["市级财政安排（万元）", "资金安排", "人员安排", "经费预算安排", "场地安排"])
def test_what_is_arranged_beside_time_is_no_schedule(head: str) -> None:
    """A table of money or people beside the list is none: each row of it had become a duty without a time."""
    rows = [("项目名称", "总投资（万元）", head), ("老年食堂", "1200", "600"), ("公办幼儿园", "28600", "12000")]
    heads, tasks = ("序号", "任务名称", "主办", "协办", "截止"), [(*task, "6月30日") for task in _TASKS]
    plan = plan_of(heads, *tasks, lines=_LINES, beside=[table_of(*rows)])
    assert [project.title for project in plan.projects] == [task[1] for task in _TASKS]
    assert "table_unread" in told(plan)
