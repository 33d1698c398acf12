"""Numbers, times and words of how often that no form has taken: none of them is lost without a word."""

from __future__ import annotations

from datetime import date

import pytest

from domain.notice.window_reading import read_window


def _told(text: str) -> list[str]:
    return [finding.text for finding in read_window(text, 2027, date(2027, 2, 24)).findings]


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("全年空气质量优良天数达到310天", "310天"),
        ("全年GDP增长5.5%左右", "5.5%"),
        ("9月底前培训3期、300人次", "300人次"),
        ("6月底前投放试剂40剂", "40剂"),
        ("3月起建设，装机达12兆伏安", "12兆"),
        ("每月10日至15日", "15日"),
        ("5月10日-12日举办，会期3天", "3天"),
    ],
)
def test_a_number_that_is_no_target_is_told(text: str, lost: str) -> None:
    """Whatever it counts, in a unit that nobody has thought of too."""
    assert any(lost in sentence for sentence in _told(text))


@pytest.mark.parametrize(
    "text",
    [
        "9月底前完成“一网通办”2.0版上线",
        "7月底前完成12345热线整合",
        "6月底前完成G312国道改线",
        "5月底前为全区65岁以上老年人建立健康档案",
        "5月底前报送1-4月运行情况",
        "9月：举办第12届文化艺术节",
        "12月：召开2025年度总结表彰大会",
        "全年不超过4次",
        "3月、6月、9月各开展1次",
        "8月底前完成110千伏变电站建设",
    ],
)
def test_a_number_that_names_is_not_told(text: str) -> None:
    """A road, a version, an age, a year that something is about, and what is bounded from above."""
    assert not any("没有编入节点" in sentence or "没有读作时限" in sentence for sentence in _told(text))


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("一般事项当月办结，疑难事项年内办结", "当月"),
        ("平时每月一次，重要节点随时开展", "平时"),
        ("每季度一次，第四季度两次", "第四季度"),
        ("每月5日前报送上月情况，首次报送时间为4月5日", "4月5日"),
        ("3月底前上报，未按时上报的，4月10日前补报", "未按时上报的"),
    ],
)
def test_a_time_that_may_change_a_duty_is_asked_about(text: str, asked: str) -> None:
    """Another limit, a part of the year, a second number of sessions, those who are late."""
    findings = read_window(text, 2027, date(2027, 2, 24)).findings
    assert any(asked in finding.text and finding.needs_ruling for finding in findings)


def test_the_sessions_themselves_raise_no_question() -> None:
    """As many times as sessions are these sessions."""
    assert not _told("每半年召开一次，上半年6月底前，下半年12月底前")


@pytest.mark.parametrize(("text", "asked"), [("6月：检查；3月：方案", False), ("（1）6月：检查；（2）3月：方案", True)])
def test_months_out_of_order_are_asked_about_where_numbers_claim_an_order(text: str, asked: bool) -> None:
    """Nobody takes that March for the next year's."""
    findings = read_window(text, 2027, date(2027, 2, 24)).findings
    assert [finding.needs_ruling for finding in findings if finding.code == "month_order"] == [asked]
