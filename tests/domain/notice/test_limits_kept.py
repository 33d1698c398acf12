"""A limit that a schedule prints and no milestone has is found without the grammar."""

from __future__ import annotations

from datetime import date

import pytest

from domain.notice.limits_kept import times_in_content, times_in_title, unkept_limits
from domain.project import KeyProject, Milestone, Recurrence, SourceSpan


def _project(schedule: str, due_on: date | None, recurrence: Recurrence | None = None) -> KeyProject:
    milestone = Milestone(
        milestone_id="2024-01-01",
        description="任务",
        window_text="",
        starts_on=None,
        due_on=due_on,
        assigned="window",
        recurrence=recurrence,
        source=SourceSpan(start=0, end=len(schedule)),
    )
    return KeyProject(
        project_id="2024-01",
        serial="1",
        title="任务",
        main_content="",
        lead_department="甲局",
        participating_departments=(),
        schedule_text=schedule,
        milestones=(milestone,),
    )


_JUNE = date(2024, 6, 30)


@pytest.mark.parametrize(
    ("schedule", "lost"),
    [
        ("6月底前完成一期，9月底前完成二期", ["9月底前"]),
        ("6月30日前完成，9月15日之前验收", ["9月15日之前"]),
        ("1.6月底前完成；2.9月底前验收", ["9月底前"]),
        ("2025年6月底前完成", []),
        ("3、6月底前完成", []),
        ("按《9月底前工作方案》6月底前完成", []),
    ],
)
def test_a_limit_on_which_nothing_is_due_is_found(schedule: str, lost: list[str]) -> None:
    """Whatever the year; not inside a title, and not the first of several under one word."""
    assert [schedule[start:end] for start, end in unkept_limits(_project(schedule, _JUNE), [])] == lost


def test_what_is_told_or_asked_about_is_not_asked_about_again() -> None:
    """A sentence that names it, a question about its milestone, a milestone without a date, sessions of its own."""
    schedule = "6月底前完成，9月底前完成二期"
    twice = Recurrence(count=2, every_months=6)
    assert list(unkept_limits(_project(schedule, _JUNE), []))
    assert not list(unkept_limits(_project(schedule, _JUNE), ["“9月底”没有读作时限"]))
    assert not list(unkept_limits(_project(schedule, _JUNE), [], {"2024-01-01"}))
    assert not list(unkept_limits(_project(schedule, None), []))
    assert not list(unkept_limits(_project(schedule, _JUNE, twice), []))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("每月开展一次安全检查", ["每月"]),
        ("9月底前完成招标，建成系统", ["9月底前"]),
        ("6月底前建成系统", []),
        ("1.加快支付，9月底达到75%，年底达到90%；2.十一月底前通报", ["9月底", "年底", "十一月底前"]),
        ("1.9月10日前普查；2.10月底前改造", ["9月10日前", "10月底前"]),
        ("第三季度末评估，上半年完成招标", ["第三季度末"]),
        ("截至9月底已投资3亿元，较去年底增长，每年底总结，9月30日竣工", ["9月30日"]),
        ("建成系统，落实《每月一查制度》", []),
        ("3月开工，12月试生产", ["3月", "12月"]),
        ("根据4月20日会议精神，7月1日启动", ["7月1日"]),
        ("一季度招标、三季度开工，7至8月完工", ["一季度", "三季度", "7至8月"]),
        ("6月完工，2025年3月已开工", []),
        ("", []),
    ],
)
def test_a_time_in_the_content_that_no_milestone_keeps_is_told(content: str, told: list[str]) -> None:
    """The schedule stands in a column of its own, and the content may ask for more."""
    project = _project("6月底前", _JUNE).model_copy(update={"main_content": content})
    assert times_in_content(project) == told


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("数字化改造（分三年推进，2024年完成30%、2025年完成70%）", ["2024年", "2025年"]),
        ("任务，2025年6月底前完成", ["2025年6月底前"]),
        ("任务（2024年6月30日前）", []),
        ("2025年完成3项改革", []),
        ("任务（2024年计划）", []),
    ],
)
def test_a_title_tells_of_the_years_in_which_so_much_is_to_be_done(title: str, said: list[str]) -> None:
    """A year says by when where it says how much; what a title begins with is its name."""
    assert times_in_title(_project("6月底前", _JUNE).having(title=title)) == said
