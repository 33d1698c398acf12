"""Steps that a content dates beside the one limit of its row, and what beside a limit is no step."""

from __future__ import annotations

import pytest

from tests.domain.notice.plans import asked, plan_of, told

_HEADS = ["序号", "任务", "主要内容", "责任单位", "完成时限"]


def _steps(content: str, limit: str = "11月底") -> list[tuple[str, str]]:
    (project,) = plan_of(_HEADS, ["1", "任务甲", content, "甲局", limit]).projects
    return [(milestone.description, str(milestone.due_on)[5:]) for milestone in project.milestones]


def test_steps_of_the_content_are_milestones_and_the_limit_is_the_end() -> None:
    """The limit stands for the whole; where the last of nothing but steps ends on it, it is that step's."""
    assert _steps("3月底前开工，11月底前试生产") == [("开工", "03-31"), ("试生产", "11-30")]
    assert _steps("3月底前完成招标，8月底前封顶") == [("完成招标", "03-31"), ("封顶", "08-31"), ("任务甲", "11-30")]


def test_a_limit_stays_where_some_of_the_content_has_no_time() -> None:
    """What is due only by the limit has its milestone."""
    steps = _steps("1.6月底前完成清零；\n2.建立长效机制；\n3.11月底前补齐设施15座。")
    assert steps == [("完成清零", "06-30"), ("补齐设施15座", "11-30"), ("任务甲", "11-30")]


def test_steps_are_told_once_for_the_list_and_nothing_is_asked() -> None:
    """Somebody who looks for the limit's column alone sees that more was read."""
    plan = plan_of(
        _HEADS,
        ["1", "任务甲", "3月底前开工", "甲局", "11月底"],
        ["2", "任务乙", "9—10月普查", "乙局", "12月底"],
    )
    assert (told(plan).count("steps_in_content"), "time_in_content" in told(plan), asked(plan)) == (1, False, [])
    assert "有2项" in next(finding.text for finding in plan.findings if finding.code == "steps_in_content")


@pytest.mark.parametrize(
    "content",
    [
        "12月底前完成",
        "如资金到位，6月底前开工",
        "力争6月底前完工",
        "原计划6月底前完成，现推迟",
        "截至3月底已完成60%",
        "每月5日前报送进度",
        "6月底前完成的项目优先保障",
        "根据4月20日会议精神，逐条整改",
        "2023年6月已开工，续建",
        "按照5月底前出台的方案执行",
        "6月底前完成招标（若流标则顺延）",
        "11月底前完成",
    ],
)
def test_what_is_no_step_leaves_the_limit_alone(content: str) -> None:
    """A hope, a condition, what comes back, what was, a paper's day and what is later than the limit are no steps."""
    assert _steps(content) == [("任务甲", "11-30")]


@pytest.mark.parametrize("limit", ["每月", "汛期前", "3月底前开工，11月底前完工"])
def test_steps_stand_beside_one_plain_limit_alone(limit: str) -> None:
    """Beside how often, a limit without its day or a schedule with steps the content is told, as before."""
    plan = plan_of(_HEADS, ["1", "任务甲", "5月底前完成摸底", "甲局", limit])
    assert "steps_in_content" not in told(plan)
    assert "time_in_content" in told(plan)


def test_steps_lie_in_the_stretch_of_their_row() -> None:
    """`2026.4—2026.10`: what is due before it began is none of its steps."""
    assert _steps("5月底前开工", "2024年4月—10月") == [("开工", "05-31"), ("任务甲", "10-31")]
    assert _steps("3月底前开工", "2024年4月—10月") == [("任务甲", "10-31")]
