"""What a department says it did: early is good, a slip of the pen is told, and nothing said is no report."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.acts.commands import ReportProgress, RequestCompletion
from domain.acts.rejections import BeforeWindowError, EmptyReportError, PastDateError
from domain.events import CompletionRequested
from tests.domain.acts.test_decisions import DEPARTMENT_COMMANDS, refuse
from tests.domain.samples import Desk, milestone, request


@pytest.mark.parametrize("command", DEPARTMENT_COMMANDS)
def test_early_is_good_but_not_before_the_year_of_the_list(command: Any) -> None:
    """Any day of the list's year is accepted; one of the year before is a slip of the pen, and the sentence says so."""
    desk = Desk(milestone(starts_on=date(2018, 5, 2)))
    error = refuse(desk, BeforeWindowError, request(command, done_on=date(2017, 12, 31)))
    assert "请核对年份" in error.text
    desk.ask(request(command, done_on=date(2018, 1, 1)))


def test_a_window_that_began_in_the_year_before_takes_its_own_days() -> None:
    """What the list itself dates before its year may be done then."""
    desk = Desk(milestone(starts_on=date(2017, 12, 1)))
    refuse(desk, BeforeWindowError, request(ReportProgress, done_on=date(2017, 11, 30)))
    desk.ask(request(ReportProgress, done_on=date(2017, 12, 1)))


def test_a_completion_without_a_date_means_today_before_its_window_too() -> None:
    """Completed on the day before the window: accepted, with that day."""
    desk = Desk(milestone(starts_on=date(2018, 5, 10)))
    desk.run_until("05-09 17:00")
    event, *_ = desk.ask(request(RequestCompletion), "05-09 17:00")
    assert isinstance(event, CompletionRequested)
    assert event.done_on == date(2018, 5, 9)


def test_what_is_expected_is_not_over() -> None:
    """A day of the year before, typed for one of this year, is told; today is none that is over."""
    desk = Desk()
    error = refuse(desk, PastDateError, request(ReportProgress, forecast_on=date(2017, 6, 20)))
    assert "2017-06-20 已过：最早可写" in error.text
    desk.ask(request(ReportProgress, forecast_on=date.fromisoformat(error.text.rstrip("。")[-10:])))


@pytest.mark.parametrize("command", DEPARTMENT_COMMANDS)
@pytest.mark.parametrize("text", ["。", "-", "……", "无", "1", "（）", "※ ※"])
def test_a_report_that_says_nothing_is_refused(command: Any, text: str) -> None:
    """A dot, a dash, one character: the sentence says what is asked for, with an example."""
    error = refuse(Desk(), EmptyReportError, request(command, text=text))
    assert "请写明做了什么" in error.text


@pytest.mark.parametrize("text", ["已办", "50%", "OK", "无进展"])
def test_two_words_are_enough(text: str) -> None:
    """Whether they say enough is for people to judge."""
    Desk().ask(request(ReportProgress, text=text))
