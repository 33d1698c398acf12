"""A second time in a cell is a limit of its own or a question, and never the first one's duty."""

from __future__ import annotations

from datetime import date

import pytest

from domain.notice.schedule import read_schedule
from domain.notice.windows import TimeContext

CONTEXT = TimeContext.of(2026, date(2026, 1, 20))


def dues(text: str) -> list[str]:
    """The limits of a cell, in order."""
    return [f"{each.window.due_on:%m-%d}" for each in read_schedule(text, CONTEXT).deliverables if each.window.due_on]


def asked(text: str) -> set[str]:
    """What somebody has to rule on."""
    doubts = [doubt for each in read_schedule(text, CONTEXT).deliverables for doubt in each.doubts]
    return {doubt.code for doubt in doubts if doubt.severity == "ruling"}


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("三季度开工建设，四季度完成主体工程的30%", ["09-30", "12-31"]),
        ("9月开工建设，12月完成总工程量的30%", ["09-30", "12-31"]),
        ("上半年开工，下半年完成投资的一半", ["06-30", "12-31"]),
        ("H1完成，H2验收", ["06-30", "12-31"]),
        ("H1出方案，H2完成全部任务的80%", ["06-30", "12-31"]),
    ],
)
def test_a_verb_with_a_share_is_a_duty_with_its_own_time(text: str, limits: list[str]) -> None:
    """`完成主体工程的30%` is done; `完成的项目` only describes."""
    assert (dues(text), asked(text)) == (limits, set())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("清明前完成巡查，汛期前完成清淤", "time_beside"),
        ("8月底（9月中旬前完成验收）", "time_beside"),
        ("8月底（9月完成验收）", "time_beside"),
        ("6月30日前、最迟7月15日前完成", "words_beside"),
        ("6月底前或最晚8月底", "either_time"),
        ("力争9月底前、确保年底前完成", "words_beside"),
        ("6月3O日前", "words_beside"),
        ("l2月底前完成", "words_beside"),
        ("力争6月底前完成，确保9月底前完成", "hoped_for"),
        ("争取2026年底前完成，确保2027年6月底前完成", "hoped_for"),
    ],
)
def test_a_time_that_cannot_be_kept_is_asked_about(text: str, code: str) -> None:
    """A note would be passed over, and the duty would have the other time."""
    assert code in asked(text)


@pytest.mark.parametrize(
    "text",
    ["5月底前，汛期前完成清淤", "4月15日，7月15日，10月15日前分别上报一、二、三季度总结", "6月底前完成二季度的任务"],
)
def test_a_time_that_only_describes_is_not_asked_about(text: str) -> None:
    """Another word for the limit beside it, or a paper's name."""
    assert asked(text) == set()
