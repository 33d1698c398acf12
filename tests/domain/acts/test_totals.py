"""What is delivered so far, as a number: where one is taken, when it may fall, what a completion claims."""

from __future__ import annotations

from typing import Any

import pytest

from domain.acts.commands import ReportProgress, RequestCompletion, ReturnForRework
from domain.acts.rejections import (
    EmptyReportError,
    NoQuotaError,
    NothingCorrectedError,
    PartWithoutQuantityError,
    QuantityFallsError,
    QuotaNotReachedError,
)
from domain.events import ProgressReported
from tests.domain.acts.test_decisions import DEPARTMENT_COMMANDS, MORNING, refuse
from tests.domain.samples import FIRST, PARTICIPANT, SECOND, Desk, milestone, request


@pytest.mark.parametrize("command", DEPARTMENT_COMMANDS)
def test_a_milestone_without_a_number_takes_no_number(command: Any) -> None:
    """A quantity is refused where nothing is counted, zero too."""
    refuse(Desk(), NoQuotaError, request(command, quantity=0))


@pytest.mark.parametrize("target", [{"quota": 30}, {"recurrence": 30}])
def test_a_number_must_be_reached_before_completion(target: dict[str, int]) -> None:
    """29 of 30 is not done, 30 is; a duty that comes back counts its times."""
    desk = Desk(milestone(**target))  # type: ignore[arg-type]
    error = refuse(desk, QuotaNotReachedError, request(RequestCompletion, quantity=29))
    assert "30" in error.text
    desk.ask(request(RequestCompletion, quantity=30))
    assert desk[FIRST].quantity == 30


def test_a_completion_without_a_number_claims_the_whole_of_it() -> None:
    """The claim is the target, or more where more was reported already."""
    desk = Desk(milestone(quota=30), milestone(2, quota=30))
    desk.ask(request(ReportProgress, SECOND, quantity=31), MORNING)
    desk.ask(request(RequestCompletion))
    desk.ask(request(RequestCompletion, SECOND))
    assert (desk[FIRST].quantity, desk[SECOND].quantity) == (30, 31)


def test_a_total_never_becomes_smaller() -> None:
    """After 12 the total may stay 12 and may not fall to 11, in a report and in a completion."""
    desk = Desk(milestone(quota=10))
    desk.ask(request(ReportProgress, quantity=12), MORNING)
    refuse(desk, QuantityFallsError, request(ReportProgress, quantity=11), None)
    refuse(desk, QuantityFallsError, request(RequestCompletion, quantity=11), None)
    desk.ask(request(ReportProgress, quantity=12))


def test_a_claim_that_was_returned_may_be_corrected_downwards() -> None:
    """Sent back because only 28 of the 30 were held, the department can report 28."""
    desk = Desk(milestone(quota=30))
    desk.ask(request(ReportProgress, quantity=20), MORNING)
    desk.ask(request(RequestCompletion))
    desk.ask(request(ReturnForRework))
    desk.ask(request(ReportProgress, quantity=28))
    assert desk[FIRST].quantity == 28
    refuse(desk, QuotaNotReachedError, request(RequestCompletion, quantity=29), None)


@pytest.mark.parametrize("right", [55, 0])
def test_a_total_that_was_too_high_is_corrected_in_words(right: int) -> None:
    """550 was reported in the place of 55: the lead says so, the record names both, and the next total may not fall."""
    desk = Desk(milestone(quota=60))
    desk.ask(request(ReportProgress, quantity=550), MORNING)
    assert "更正" in refuse(desk, QuantityFallsError, request(ReportProgress, quantity=right), None).text
    (event,) = desk.ask(request(ReportProgress, quantity=right, corrects=True, text="多写了一个零"))
    assert isinstance(event, ProgressReported)
    assert event.words() == f"反馈进展，累计{right}，更正此前的550：多写了一个零"
    assert (desk[FIRST].quantity, desk[FIRST].reports) == (right, 2)
    (event,) = desk.ask(request(ReportProgress, quantity=right, corrects=False))
    assert "corrects" not in event.model_dump()
    if right:
        refuse(desk, QuantityFallsError, request(ReportProgress, quantity=right - 1), None)


@pytest.mark.parametrize("quantity", [None, 12, 13])
def test_a_correction_gives_a_lower_total(quantity: int | None) -> None:
    """Without a number, or with one that is no lower, it corrects nothing; and it says why in words."""
    desk = Desk(milestone(quota=30))
    desk.ask(request(ReportProgress, quantity=12), MORNING)
    error = refuse(desk, NothingCorrectedError, request(ReportProgress, quantity=quantity, corrects=True), None)
    assert "12场" in error.text
    refuse(desk, EmptyReportError, request(ReportProgress, quantity=1, corrects=True, text="。"), None)


def test_only_the_lead_corrects_and_only_where_something_is_counted() -> None:
    """A participant reports in words; a milestone without a number takes no correction of one."""
    desk = Desk(milestone(quota=30), milestone(2))
    refuse(desk, PartWithoutQuantityError, request(ReportProgress, by=PARTICIPANT, corrects=True))
    refuse(desk, NoQuotaError, request(ReportProgress, SECOND, corrects=True), None)
