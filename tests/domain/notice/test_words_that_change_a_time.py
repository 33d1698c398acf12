"""Words that make one time several, or another one: read as that, or asked about."""

from __future__ import annotations

from datetime import date

import pytest

from domain.notice.window_reading import WindowReading, read_window


def _read(text: str) -> WindowReading:
    return read_window(text, 2024, date(2024, 2, 20))


def _asked(text: str) -> set[str]:
    return {finding.code for finding in _read(text).findings if finding.needs_ruling}


@pytest.mark.parametrize("years", ["2022年至2024年", "2024—2026年", "连续三年", "未来三年", "“十四五”期间", "2024年起"])
@pytest.mark.parametrize("often", ["每年10月底前完成整治", "每年6月、12月各通报一次", "每年培训500人次"])
def test_what_comes_back_in_several_years_is_never_one_duty_in_silence(years: str, often: str) -> None:
    """One milestone of this year is only a part of what the list asks for."""
    text = f"{years}，{often}"
    sessions = [window.recurrence.count for window in _read(text).windows if window.recurrence is not None]
    assert _asked(text) or max(sessions, default=0) > 1


@pytest.mark.parametrize(("text", "sessions"), [("2024—2026年每季度末报送进展", 12), ("2024至2025年每半年评估一次", 4)])
def test_sessions_through_several_years_are_read(text: str, sessions: int) -> None:
    """Where the deliverable keeps every one of them nothing is left to ask."""
    (window,) = _read(text).windows
    assert window.recurrence is not None
    assert window.recurrence.count == sessions
    assert not _asked(text)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("6月15日（星期六）前报送", True),
        ("6月15日（星期一）前报送", False),
        ("2024年6月15日（周六）召开", True),
        ("2024年6月15日（周日）召开", False),
        ("六月十五日（星期天）", False),
        ("2024.6.15（礼拜一）", False),
        ("5月10日星期五下班前", True),
        ("4月30日（周二）前完成，5月10日（周四）前报备", False),
    ],
)
def test_a_weekday_that_does_not_fit_its_date_is_asked_about(text: str, fits: bool) -> None:
    """One of the two is wrong, and only a person knows which."""
    assert ("weekday" in _asked(text)) is not fits
    assert not fits or not _asked(text)


def test_the_question_about_a_weekday_offers_both_days() -> None:
    """The printed date, and the nearest one on that weekday."""
    (finding,) = _read("6月15日（星期一）前报送").findings
    assert [choice.key for choice in finding.choices] == ["2024年6月15日前", "2024年6月17日前"]


@pytest.mark.parametrize(
    "state",
    [
        "已完成的，持续巩固",
        "已建成部分加强管护",
        "已完成整改的，长期坚持",
        "已竣工项目抓紧办理决算",
        "已整改到位，加强日常巡查",
        "已投入运营的加强监管，未建成的10月底前建成",
    ],
)
def test_a_state_with_a_duty_that_goes_on_is_asked_about(state: str) -> None:
    """Finished or not, nobody says until when."""
    assert _asked(state)


@pytest.mark.parametrize(
    "season",
    [
        *("暑假前", "汛期前", "春节前", "秋收后", "供暖季前", "两会前", "入冬前", "三夏期间", "开学前", "防火期内"),
        *("农历年底前", "农历八月十五前", "雨季来临前", "夏粮收购期间", "农闲时节"),
    ],
)
def test_a_season_that_no_law_dates_is_asked_about(season: str) -> None:
    """A day that was guessed would be supervised as if it had been printed; the Spring Festival was over."""
    assert _asked(f"{season}完成排查")


@pytest.mark.parametrize(
    ("feast", "due"), [("国庆节前", "2024-09-30"), ("五一前", "2024-04-30"), ("教师节前", "2024-09-09")]
)
def test_a_feast_that_the_law_dates_is_read(feast: str, due: str) -> None:
    """By its eve."""
    (window,) = _read(feast).windows
    assert str(window.due_on) == due
    assert not _asked(feast)


@pytest.mark.parametrize("text", ["3月起至整改完成", "争取提前到5月底", "一季度一小结，半年一总结", "每旬逢五报送"])
def test_the_rest_of_a_time_is_read_or_told(text: str) -> None:
    """An end that is an event, a hope, a second period, a day of ten."""
    read = _read(text)
    assert read.findings or len(read.windows) > 1


@pytest.mark.parametrize("year", ["1930", "218", "2150", "20180"])
def test_a_year_that_no_list_can_mean_is_asked_about(year: str) -> None:
    """It is not passed over as if the month stood alone."""
    assert "time_beside" in _asked(f"{year}年6月底前完成")
