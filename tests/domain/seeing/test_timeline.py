"""A project's history as a person reads it: what was an act, what it brought, and no number of a machine."""

from __future__ import annotations

import re

from domain.acts.commands import RequestCompletion
from domain.ids import supervision_workflow_id
from domain.seeing.timeline import TimelineLine, timeline
from tests.domain.samples import PROJECT, Desk, attentive, request

_OF_A_MACHINE = re.compile(r"sha256|request:|rung:|[a-z]{3,}-[0-9a-z]+")


def _told(desk: Desk) -> list[TimelineLine]:
    return timeline(supervision_workflow_id(PROJECT), iter(desk.events), {})


def test_what_an_act_brings_points_to_the_act() -> None:
    """The act itself is an act; the clock that it stops and the limit that it sets name its record."""
    desk = attentive()
    desk.run_until("05-09 10:00")
    before = len(_told(desk))
    desk.ask(request(RequestCompletion, request_id=f"act-sha256-{'0' * 64}"))
    lines = _told(desk)[before:]
    act = lines[0].event_id.rpartition("#")[2]
    assert [line.why for line in lines] == ["办理", *(f"随 #{act}" for _ in lines[1:])]
    assert len(lines) > 1


def test_no_reason_is_a_number_of_a_machine() -> None:
    """Neither a request's id nor a rung's name stands in the history of a year that goes by."""
    desk = attentive()
    desk.ask(request(RequestCompletion, request_id=f"act-sha256-{'0' * 64}"), "05-09 10:00")
    desk.run_until("08-01 12:00")
    whys = {line.why for line in _told(desk)}
    assert {"启动清单", "到期", "办理"} <= whys
    assert [why for why in whys if _OF_A_MACHINE.search(why)] == []
