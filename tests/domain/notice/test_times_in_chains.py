"""Times side by side, in brackets and from a day on: each has its own duty and window, or is asked about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.notice.deliverables import Deliverable
from domain.notice.schedule import read_schedule
from domain.notice.windows import TimeContext

_CONTEXT = TimeContext.of(2026, date(2026, 1, 5))


def _read(text: str) -> list[Deliverable]:
    return read_schedule(text, _CONTEXT).deliverables


def _day(day: date | None) -> str:
    return "-" if day is None else f"{day:%m-%d}" if day.year == 2026 else f"{day}"


def _told(text: str) -> str:
    """What a text is read as: windows with their words, `!` where something is asked, `?` where it is told."""
    told = []
    for item in _read(text):
        window = item.window
        severe = {doubt.severity for doubt in item.doubts}
        mark = "" if not severe else "?" if severe == {"note"} else "!"
        often = f"R{window.recurrence.count}" if window.recurrence else ""
        span = f"{_day(window.starts_on)}..{_day(window.due_on)}{'+' if window.ongoing else ''}{often}"
        told.append(f"{span}{mark} {item.description.rstrip('、，')}".strip())
    return " | ".join(told)


def _wrong(rows: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The rows of a table that are read in another way, with what was expected and what was read."""
    pairs = [row.split(" => ") for row in rows]
    return {text: (expected, read) for text, expected in pairs if (read := _told(text)) != expected}


_KINDS = {
    "in force from a day": (
        "2026年8月1日起生效 => -..08-01? 生效",
        "新版收费目录自10月1日起施行 => -..10-01? 新版收费目录自10月1日起施行",
        "4月底前出台，5月1日起施行 => -..04-30 出台 | -..05-01? 施行",
        "旧系统11月1日起停用 => -..11-01? 旧系统11月1日起停用",
        "6月15日起全市统一启用新平台 => -..06-15? 全市统一启用新平台",
        "7月起施行 => -..07-01! 施行",
        "自发布之日起施行 => -..01-05! 施行",
        "国庆起施行 => -..10-01! 施行",
        "9月1日起执行新票价 => 09-01..12-31+! 执行新票价",
        "7月1日起实施新标准，12月底前完成评估 => 07-01..12-31+! 实施新标准 | -..12-31 完成评估",
        "10月1日起取消收费 => 10-01..12-31+! 取消收费",
        "5月15日起实施专项整治行动 => 05-15..12-31+ 实施专项整治行动",
        "7月起推进改造 => 07-01..12-31+ 推进改造",
        "4月1日起每月通报 => 04-01..12-31+R9 每月通报",
    ),
    "strokes between months, quarters, days": (
        "4/5月摸排，6/7月整治，8月总结 => 04-01..05-31 摸排 | 06-01..07-31 整治 | 08-01..08-31 总结",
        "1/2季度摸底，3/4季度整改 => 01-01..06-30 摸底 | 07-01..12-31 整改",
        "3/4月份完成招标，5/6/7月施工 => 03-01..04-30 完成招标 | 05-01..07-31 施工",
        "3/4月调研 5/6月起草 => 03-01..04-30 调研 | 05-01..06-30 起草",
        "3/4月调研/5/6月起草 => 03-01..04-30 调研 | 05-01..06-30 起草",
        "3月15/20日前 => -..03-15 | -..03-20",
        "5月10/20日 => 05-10..05-10 | 05-20..05-20",
        "3月上/中旬 => 03-01..03-20",
        "3月底/6月底/9月底前报送 => -..03-31 报送 | -..06-30 报送 | -..09-30 报送",
        "Q1/2：survey；Q3/4：draft => 01-01..06-30 survey | 07-01..12-31 draft",
        "Q1-2 2027 => 2027-01-01..2027-06-30",
        "Q2/2027 => 2027-04-01..2027-06-30",
        "6月底前/33 => -..06-30!",
        "Winter 2026/27 => 12-01..2027-02-28!",
    ),
    "days with names": (
        "3月5日学雷锋日、5月4日青年节、7月1日建党节开展活动"
        " => 03-05..03-05 学雷锋日开展活动 | 05-04..05-04 青年节开展活动 | 07-01..07-01 建党节开展活动",
        "5月12日防灾减灾日、6月安全生产月开展演练 => 05-12..05-12? 防灾减灾日 | 06-01..06-30 安全生产月开展演练",
        "5月20日学生营养日、6月6日爱眼日、9月20日爱牙日开展宣传"
        " => 05-20..05-20? 学生营养日 | 06-06..06-06? 爱眼日 | 09-20..09-20 爱牙日开展宣传",
        "4月世界读书日、9月全民阅读周开展活动 => 04-23..04-23? 世界读书日 | 09-01..09-30 全民阅读周开展活动",
        "3月学雷锋月、5月助残日、9月敬老月走访 => 03-01..03-31? 学雷锋月 | 05-01..05-31? 助残日 | 09-01..09-30 敬老月走访",
        "3月15日消费者权益日、12月4日宪法日前后开展普法 => -..03-15! 开展普法 | -..12-04! 开展普法",
        "世界水日（3月22日）、环境日（6月5日）、低碳日宣传"
        " => 03-22..03-22 世界水日 | 06-05..06-05 环境日 | 06-05..06-05! 低碳日宣传",
        "12月4日国家宪法日举办活动 => 12-04..12-04 举办活动",
        "11月9日消防日前完成检查 => -..11-09 完成检查",
    ),
    "parts of the year": (
        "年初部署、年中检查、年底总结 => 01-01..01-31! 部署 | 06-01..06-30! 检查 | -..12-31 总结",
        "上半年部署，年中自查，下半年整改 => 01-01..06-30 部署 | 06-01..06-30! 自查 | 07-01..12-31 整改",
        "1月部署，年中通报，12月总结 => 01-01..01-31 部署 | 06-01..06-30! 通报 | 12-01..12-31 总结",
        "年初定目标、年中看进度、年末评成效 => 01-01..01-31! 定目标 | 06-01..06-30! 看进度 | -..12-31 评成效",
        "年初报计划、半年报小结、年底报总结 => 01-01..01-31! 报计划、半年报小结 | -..12-31 报总结",
        "5月上旬报名、中旬初赛、下旬决赛 => 05-01..05-10! 报名、中旬初赛、下旬决赛",
        "5月启动，月底完成 => 05-01..05-31! 启动，月底完成",
        "开年动员、年中推进、年末收官 => 06-01..06-30! 开年动员、年中推进 | -..12-31 收官",
    ),
    "parts in brackets": (
        "12月底前完工（其中一期6月底前、二期10月底前） => -..12-31 完工 | -..06-30 其中一期6月底前 | -..10-31 二期10月底前",
        "11月底前完成（一标段9月底前，二标段10月底前） => -..11-30 | -..09-30 一标段9月底前 | -..10-31 二标段10月底前",
        "年底前整改到位（其中：甲类3月底前；乙类9月底前）；整理归档"
        " => -..12-31 整改到位 | -..03-31 其中：甲类3月底前 | -..09-30 乙类9月底前 | -..12-31 整理归档",
        "全年培训10期（其中上半年4期、下半年6期） => 01-01..12-31R10 培训10期 | 01-01..06-30R4 | 07-01..12-31R6",
        "3月底前制定方案（征求意见稿2月底前） => -..03-31 制定方案 | -..02-28 征求意见稿2月底前",
        "年底前建成（其中一期6月底前），并组织验收 => -..12-31! 建成（其中一期6月底前），并组织验收",
        "4月底前完成（个别项目6月底前） => -..04-30! 完成（个别项目6月底前）",
        "10月底前完成（力争8月底前完成） => -..10-31! 完成（力争8月底前完成）",
        "10月底前完成（如遇汛期可延至12月底前） => -..10-31! 完成（如遇汛期可延至12月底前）",
        "6月底前（市政府要求5月底前） => -..06-30!",
    ),
    "an earlier year": (
        "2025年10月底前 => -..2025-10-31!",
        "2025年12月31日前完成 => -..2025-12-31!",
        "2025年10月底前完成；3月底前验收 => -..2025-10-31! | -..03-31 验收",
        "去年12月底前 => -..2025-12-31!",
        "2024年9月至2025年6月 => 2024-09-01..2025-06-30!",
        "2025年10月—2026年6月 => 2025-10-01..06-30",
        "2025年12月启动，2026年12月完成 => 2025-12-01..2025-12-31? 启动 | 12-01..12-31",
    ),
    "the time behind its duty": (
        "编制规划（3月底前）；组织实施（6—8月） => -..03-31 编制规划 | 06-01..08-31 组织实施",
        "开工，8月底前；完工，11月底前 => -..08-31 开工 | -..11-30 完工",
        "方案制定：3月 => 03-01..03-31 方案制定",
        "修订章程【5月底前】 => -..05-31 修订章程",
        "2场招聘会（4月、10月） => 04-01..04-30 2场招聘会 | 10-01..10-31 2场招聘会",
    ),
}


@pytest.mark.parametrize("kind", _KINDS)
def test_each_time_of_a_kind_has_its_duty_or_is_asked_about(kind: str) -> None:
    """Every row of the kind's table, by its windows, its words and what is asked."""
    assert _wrong(_KINDS[kind]) == {}


_PAIRS = st.integers(1, 11).flatmap(lambda first: st.tuples(st.just(first), st.integers(first + 1, 12)))


@settings(max_examples=150)
@given(st.lists(_PAIRS, min_size=1, max_size=3, unique=True), st.sampled_from("，；、 "))
def test_a_stroke_between_months_lists_them_as_a_mark_does(pairs: list[tuple[int, int]], mark: str) -> None:
    """`3/4月` is `3、4月` wherever it stands: the same windows, each with its own duty."""
    duties = ("开展调研", "组织起草", "完成报批")
    texts = [
        mark.join(f"{a}{sign}{b}月{duty}" for (a, b), duty in zip(pairs, duties, strict=False)) for sign in ("/", "、")
    ]
    stroke, listed = ([(item.window, item.description) for item in _read(text)] for text in texts)
    if mark != "、":
        assert stroke == listed
    told = "".join(description for _, description in stroke)
    assert all(duty in told for duty in duties[: len(pairs)])
    assert not any(char.isdigit() for char in told)


_DAYS = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 28)), min_size=2, max_size=4, unique=True).map(sorted)
_NAMES = ("世界湿地日", "全国爱耳日", "国家安全教育日", "环境日", "爱眼日", "科普日", "志愿者日", "法治宣传月")


@settings(max_examples=150)
@given(_DAYS, st.permutations(_NAMES), st.sampled_from(("集中宣传", "开展主题活动", "")))
def test_days_side_by_side_keep_their_names(days: list[tuple[int, int]], names: list[str], duty: str) -> None:
    """Each day of a chain has a milestone on it in whose words its own name stands, or the whole is asked about."""
    named = list(zip(days, names, strict=False))
    text = "、".join(f"{month}月{day}日{name}" for (month, day), name in named) + duty
    read = _read(text)
    for (month, day), name in named:
        mine = [item for item in read if item.window.due_on == date(2026, month, day)]
        words = [f"{item.description}{item.window_text if len(read) > 1 else ''}" for item in mine]
        assert any(name in said for said in words), (text, _told(text))
