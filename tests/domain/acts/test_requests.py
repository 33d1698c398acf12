"""A request's own id: the same content again is the same request, other content is another one and is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.actors import department
from domain.acts.commands import OpenInspection, ReportProgress, SignReceipt, Urge
from domain.acts.decisions import outcome_of
from domain.acts.rejections import RequestReusedError
from domain.evolution import fold
from domain.ids import record_name
from domain.state import ProjectState
from tests.domain.samples import FIRST, SECOND, WHOLE_LIFE, Desk, milestone, request

SAME: dict[str, Any] = {"request_id": "甲-1", "text": "已办三成", "done_on": date(2018, 5, 2), "evidence": ("照片",)}


@pytest.mark.parametrize(
    "other",
    [
        {"text": "已办四成"},
        {"by": department("组织部", "张三")},
        {"done_on": date(2018, 5, 3)},
        {"done_on": None},
        {"evidence": ()},
        {"milestone_id": SECOND},
        {"forecast_on": date(2018, 6, 1)},
    ],
    ids=str,
)
def test_the_same_id_with_other_content_is_refused_and_names_the_first(other: dict[str, Any]) -> None:
    """Another text, person, day, evidence or milestone is another request, and the first event no answer."""
    desk = Desk(milestone(1), milestone(2))
    desk.ask(request(ReportProgress, **SAME), "05-09 10:00")
    before = desk.state
    with pytest.raises(RequestReusedError) as refused:
        desk.ask(request(ReportProgress, **{"milestone_id": FIRST, **SAME, **other}))
    assert record_name(outcome_of(before, request(ReportProgress, **SAME)).event_ids[0]) in refused.value.text
    assert desk.state is before


def test_the_same_id_for_another_act_is_refused() -> None:
    """A report's id does not answer an urge."""
    desk = Desk()
    desk.ask(request(ReportProgress, **SAME), "05-09 10:00")
    with pytest.raises(RequestReusedError):
        desk.ask(request(Urge, request_id="甲-1"))


def test_the_same_request_again_changes_nothing_and_gets_the_same_answer() -> None:
    """Later, and however the department's name is written, it is the request that was applied."""
    desk = Desk()
    desk.ask(request(ReportProgress, **SAME), "05-09 10:00")
    answer = outcome_of(desk.state, request(ReportProgress, **SAME))
    assert desk.ask(request(ReportProgress, **SAME, by=department("组织 部")), "05-29 10:00") == ()
    assert outcome_of(desk.state, request(ReportProgress, **SAME)) == answer


def test_what_the_installation_counts_is_not_what_a_person_asks() -> None:
    """An inspection that was opened is counted the next time: asking again is the same request all the same."""
    desk = Desk(policy=WHOLE_LIFE)
    assert desk.ask(request(OpenInspection, request_id="乙", this_month=0))
    assert desk.ask(request(OpenInspection, request_id="乙", this_month=1)) == ()


def test_the_second_person_is_told_that_it_stands() -> None:
    """Two persons of one department sign under one id: the second is refused, not thanked."""
    desk = Desk(policy=WHOLE_LIFE)
    desk.ask(request(SignReceipt, None, request_id="丙", by=department("组织部", "张三")))
    with pytest.raises(RequestReusedError):
        desk.ask(request(SignReceipt, None, request_id="丙", by=department("组织部", "李四")))


def test_a_request_is_known_after_its_state_has_travelled() -> None:
    """The digest is in the events, so that the fold of the record knows it, and the carried state too."""
    desk = Desk(policy=WHOLE_LIFE)
    desk.ask(request(OpenInspection, request_id="丁"))
    state = ProjectState.model_validate_json(desk.state.model_dump_json())
    assert state == desk.state == fold(desk.events)
    assert state.applied["丁"].digest == request(OpenInspection, request_id="丁").digest


def test_what_was_recorded_without_a_digest_is_answered_as_before() -> None:
    """An earlier record does not know what was asked: the same id is the same request."""
    desk = Desk()
    events = desk.ask(request(ReportProgress, **SAME), "05-09 10:00")
    plain = [event.model_copy(update={"request_digest": None}) for event in desk.events]
    assert len(events) == 1
    other = Desk()
    other.run_until("05-09 10:00")
    other._state = fold(plain)
    assert other.ask(request(ReportProgress, **{**SAME, "text": "又办"})) == ()
