"""Kinds of times that an unseen list was read wrong at, each with other wordings of the kind."""

from __future__ import annotations

from datetime import date

import pytest

from domain.notice.deliverables import Deliverable
from domain.notice.departments import is_placeholder
from domain.notice.schedule import read_schedule
from domain.notice.windows import TimeContext
from tests.domain.notice.expected_windows import expected

_YEAR = 2024
_CONTEXT = TimeContext.of(_YEAR, date(2024, 1, 15))


def _read(text: str, duty: str = "") -> list[Deliverable]:
    return read_schedule(text, _CONTEXT, duty=duty).deliverables


def _asked(text: str) -> set[str]:
    return {doubt.code for item in _read(text) for doubt in item.doubts if doubt.severity != "note"}


def _told(text: str) -> set[str]:
    return {doubt.code for item in _read(text) for doubt in item.doubts}


def _reads_as(text: str, reading: str) -> bool:
    windows = expected(reading, _YEAR)[1]
    found = [item.window for item in _read(text)]
    return len(windows) == len(found) and all(w.fits(f, quota=False) for w, f in zip(windows, found, strict=True))


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("4月底前修订热线知识库，每月通报办理情况。", "-..04-30 & 01-01..12-31R12/1"),
        ("6月底前建成平台，每季度报送运行报告", "-..06-30 & 01-01..12-31R4/3"),
        ("3月15日前印发方案，每两个月召开一次调度会", "-..03-15 & 01-01..12-31R6/2"),
        ("6月底前制定方案，并每月通报", "-..06-30 & 01-01..12-31R12/1"),
        ("9月底前完成改造，每半年评估一次", "-..09-30 & 01-01..12-31R2/6"),
    ],
)
def test_a_duty_that_comes_back_behind_a_deadline_is_not_due_with_it(text: str, reading: str) -> None:
    """It has the year as its own window, and whether it ends or begins with the deadline is asked."""
    assert _reads_as(text, reading), _read(text)
    assert "repeats_beyond" in _asked(text)


def test_a_duty_that_comes_back_beside_the_end_of_the_year_is_not_asked_about() -> None:
    """Ending with the year's last day is what it does anyhow."""
    assert _reads_as("年底前建成平台，每月报送进展", "-..12-31 & 01-01..12-31R12/1")
    assert not _asked("年底前建成平台，每月报送进展")


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("编制完成实施方案（4月15日前），组织专家评审（5月底前）", "-..04-15 & -..05-31"),
        ("制定方案（3月底），组织实施（6月底），总结（12月底）", "-..03-31 & -..06-30 & -..12-31"),
        ("调研（3月）、起草（4月）、论证（6月）", "03-01..03-31 & 04-01..04-30 & 06-01..06-30"),
        ("招标(时限:5月底前),开工(时限:8月底前)。", "-..05-31 & -..08-31"),
        ("上半年：制定方案（3月底前），组织实施（6月底前）", "-..03-31 & -..06-30"),
        ("上半年：制定方案（3月底前）；下半年：组织实施（9月底前）", "-..03-31 & -..09-30"),
        ("完成立项（2月）、招标（4月）和开工（6月）", "02-01..02-29 & 04-01..04-30 & 06-01..06-30"),
        ("Consultation (March 2024), trial (June 2024)", "03-01..03-31 & 06-01..06-30"),
    ],
)
def test_each_time_in_brackets_closes_a_duty_of_its_own(text: str, reading: str) -> None:
    """None of them is lost behind a comma."""
    assert _reads_as(text, reading), _read(text)
    assert all(item.description for item in _read(text))


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("Draft report: 31 March 2024. Final report: 30 June 2024", "?..03-31 & ?..06-30"),
        ("March 2024 (draft), June 2024 (final)", "03-01..03-31 & 06-01..06-30"),
        ("Consultation: March. Trial: June", "03-01..03-31 & 06-01..06-30"),
        ("Consultation: March 2024. Trial: June 2024.", "03-01..03-31 & 06-01..06-30"),
        ("Consultation March 2024; trial June 2024", "03-01..03-31 & 06-01..06-30"),
        ("Draft report June 2024, final report September 2024", "06-01..06-30 & 09-01..09-30"),
        ("Design: Q1 2024. Build: Q3 2024", "01-01..03-31 & 07-01..09-30"),
        ("Launch in May. Review in June.", "05-01..05-31 & 06-01..06-30"),
        ("Policy paper – March 2024; Bill – June 2024", "03-01..03-31 & 06-01..06-30"),
        ("Pilot 31 March 2024; rollout 30 September 2024", "?..03-31 & ?..09-30"),
    ],
)
def test_an_english_list_of_dates_has_each_date_once(text: str, reading: str) -> None:
    """Whatever separates them, none is lost and none is invented."""
    assert _reads_as(text, reading), _read(text)


def test_a_month_that_only_describes_a_paper_is_no_time() -> None:
    """`the June 2024 report` is asked about rather than due in June."""
    assert _asked("Publish the June 2024 report") == {"no_window"}


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("去年12月底前", "-..2023-12-31"),
        ("去年底前完成", "-..2023-12-31"),
        ("去年年底前", "-..2023-12-31"),
        ("上年11月30日前报送", "-..2023-11-30"),
        ("前年底前", "-..2022-12-31"),
    ],
)
def test_a_time_of_a_past_year_is_read_as_written_and_asked_about(text: str, reading: str) -> None:
    """A copied list or a duty that is late already: nobody but the clerk knows."""
    assert _reads_as(text, reading), _read(text)
    assert "past_year" in _asked(text)


def test_last_year_as_a_measure_is_no_time() -> None:
    """`比去年增长5%` compares."""
    assert _reads_as("比去年增长5%，6月底前完成", "-..06-30")
    assert not _asked("比去年增长5%，6月底前完成")


@pytest.mark.parametrize("text", ["中秋、国庆前", "中秋国庆前完成检查", "中秋节、国庆节前"])
def test_feasts_close_together_before_one_word_are_asked_about(text: str) -> None:
    """One deadline before the first of them, or one before each."""
    assert _reads_as(text, "-..09-16")
    assert "several_feasts" in _asked(text)


def test_feasts_far_apart_are_a_deadline_each() -> None:
    """Nobody means one day by `五一、国庆前`."""
    assert _reads_as("五一、国庆前", "-..04-30 & -..09-30")
    assert not _asked("五一、国庆前")


@pytest.mark.parametrize(
    "text",
    ["6月底前或7月初", "6月底前或者8月底前完成", "6月或9月", "June or July 2024", "by 30 June 2024 or 31 July 2024"],
)
def test_one_time_or_another_is_asked_about(text: str) -> None:
    """Which of the two holds is not written."""
    assert "either_time" in _asked(text)


@pytest.mark.parametrize("text", ["6月底前（8月）", "6月底前（8月底前）", "9月30日前（11月）"])
def test_another_time_in_brackets_behind_a_deadline_is_asked_about(text: str) -> None:
    """It may be the one that holds."""
    assert "two_times" in _asked(text)


def test_the_same_time_in_brackets_is_not_asked_about() -> None:
    """`6月底前（6月30日）` says the day."""
    assert not _asked("6月底前（6月30日）")


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("20240601-0630", "06-01..06-30"),
        ("20240601-30", "06-01..06-30"),
        ("20240601至0915", "06-01..09-15"),
        ("20240601-20240630", "06-01..06-30"),
    ],
)
def test_a_range_of_digits_has_an_end(text: str, reading: str) -> None:
    """What the end shares with the start may be left out."""
    assert _reads_as(text, reading), _read(text)


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("Q1 2024 and quarterly thereafter", "01-01..12-31R4/3"),
        ("June 2024 and monthly thereafter", "06-01..12-31R7/1"),
        ("by 31 March 2024, then quarterly thereafter", "01-01..12-31R4/3"),
    ],
)
def test_a_first_time_and_how_often_thereafter_comes_back(text: str, reading: str) -> None:
    """The first session is due with the time that is named."""
    assert _reads_as(text, reading), _read(text)


@pytest.mark.parametrize(("text", "month"), [("单月", 1), ("单月15日前报送", 1), ("每单月通报", 1), ("双月", None)])
def test_odd_months_are_not_even_months(text: str, month: int | None) -> None:
    """The odd month is the first of each two; the even one is their end."""
    (item,) = _read(text)
    assert item.window.recurrence is not None
    assert (item.window.recurrence.every_months, item.window.recurrence.month) == (2, month)
    assert not _told(text)


@pytest.mark.parametrize(
    "text",
    ["每周五", "每周一上午", "每月最后一个工作日前", "每月第一周", "每月第2个工作日报送", "6月底前建成，每周五例会"],
)
def test_a_detail_that_a_session_cannot_keep_is_told(text: str) -> None:
    """The day of the week is lost, but not in silence."""
    assert "detail_not_kept" in _told(text)


@pytest.mark.parametrize("text", ["每季度次月10日前", "每季度次月15日前报送报表"])
def test_the_following_month_of_a_quarter_keeps_its_day_and_is_asked_about(text: str) -> None:
    """It may be the month behind the quarter, or the second one in it."""
    (item,) = _read(text)
    assert item.window.recurrence is not None
    assert (item.window.recurrence.day, item.window.recurrence.month) in ((10, 1), (15, 1))
    assert "following_month" in _asked(text)


@pytest.mark.parametrize(
    "text",
    [
        "按照三年行动计划（2023—2025年），10月底前完成年度任务",
        "根据省厅工作安排（省厅〔2024〕3号），10月底前完成",
        "按照上级统一部署，10月底前完成改造",
        "持续实施，10月底前取得阶段性成效",
    ],
)
def test_what_only_leads_to_a_time_is_no_milestone(text: str) -> None:
    """A paper that is referred to has no window of its own."""
    assert _reads_as(text, "-..10-31"), _read(text)
    assert not _asked(text)


@pytest.mark.parametrize(
    ("text", "work"),
    [
        ("3月底前完成自查，9月底前完成整改", ["完成自查", "完成整改"]),
        ("3月底前开工，11月底前全部完工", ["开工", "全部完工"]),
        ("3月底前完成自查，9月底前整改到位", ["完成自查", "整改到位"]),
    ],
)
def test_the_work_behind_a_time_is_the_milestones_text(text: str, work: list[str]) -> None:
    """整改 and 完工 are work, not only the end of it."""
    assert [item.description for item in _read(text, "督查")] == work


@pytest.mark.parametrize(
    ("name", "stands_for_many"),
    [
        ("各部室", True),
        ("各行政执法部门", True),
        ("各社区居委会", True),
        ("市安委会各成员单位", True),
        ("物业服务企业", True),
        ("各行业主管部门", True),
        ("办公室", False),
        ("综合部", False),
        ("市行政执法局", False),
    ],
)
def test_many_at_once_are_no_department(name: str, stands_for_many: bool) -> None:
    """Papers cannot go to a department that is called 各部室."""
    assert is_placeholder(name) is stands_for_many
