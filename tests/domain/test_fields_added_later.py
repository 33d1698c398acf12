"""An event that gains a field keeps the bytes of every one that was recorded before."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from domain.events import DOMAIN_EVENT, Event, InspectionOpened, ProgressReported, ReminderIssued
from domain.record.leaf import leaf_event
from tests.domain.samples import FIRST, START

_STREAM = "key-project/2018/05a"
_EVERY: dict[str, Any] = {
    "seq": 3,
    "occurred_at": START,
    "decided_at": START,
    "actor": "engine",
    "cause": "rung:reminder-7",
}
_REMINDER = ReminderIssued(**_EVERY, milestone_id=FIRST, due_on=date(2018, 5, 31), working_days_before=7, round=0)
_REPORT = ProgressReported(
    **_EVERY, milestone_id=FIRST, department="组织部", text="已开工", done_on=None, quantity=None, evidence=()
)
_INSPECTION = InspectionOpened(**_EVERY, milestone_id=FIRST, due_on=date(2018, 5, 31), round=0, level="yellow")
_FIRST_FIELDS = {
    "ReminderIssued": {"v", "cause", "milestone_id", "due_on", "working_days_before", "round"},
    "ProgressReported": {"v", "cause", "milestone_id", "department", "text", "done_on", "quantity", "evidence"},
    "InspectionOpened": {"v", "cause", "milestone_id", "due_on", "round", "level"},
}


@pytest.mark.parametrize("event", [_REMINDER, _REPORT, _INSPECTION], ids=lambda event: event.type)
def test_what_says_nothing_is_not_in_the_leaf(event: Event) -> None:
    """The data of the leaf has the fields of the first version and no more."""
    assert set(leaf_event(_STREAM, event)["data"]) == _FIRST_FIELDS[type(event).__name__]


def test_what_says_something_is_in_the_leaf() -> None:
    """A participant's reminder names it, and an act of a deputy names the principal."""
    ours = _REMINDER.model_copy(update={"department": "宣传部", "on_behalf_of": "department:宣传部"})
    data = leaf_event(_STREAM, ours)["data"]
    assert (data["department"], data["on_behalf_of"]) == ("宣传部", "department:宣传部")


_BEFORE = (
    (
        '{"v":1,"seq":8,"occurred_at":"2018-05-11T08:30:00+08:00","decided_at":"2018-05-11T08:30:00+08:00",'
        '"actor":"engine","cause":"rung:reminder-14","type":"ReminderIssued","milestone_id":"2018-05a-01",'
        '"due_on":"2018-05-31","working_days_before":14,"round":0}'
    ),
    (
        '{"v":1,"seq":9,"occurred_at":"2018-05-12T10:00:00+08:00","decided_at":"2018-05-12T10:00:00+08:00",'
        '"actor":"department:组织部","cause":"request:r1","type":"ProgressReported","milestone_id":"2018-05a-01",'
        '"department":"组织部","text":"已开工","done_on":null,"quantity":null,"evidence":[]}'
    ),
    (
        '{"v":1,"seq":10,"occurred_at":"2018-06-07T08:30:00+08:00","decided_at":"2018-06-07T08:30:00+08:00",'
        '"actor":"engine","cause":"rung:order-yellow","type":"InspectionOpened","milestone_id":"2018-05a-01",'
        '"due_on":"2018-05-31","round":0,"level":"yellow"}'
    ),
)
"""Events as they were written before there were the fields that came later."""


@pytest.mark.parametrize("line", _BEFORE, ids=_FIRST_FIELDS)
def test_an_event_of_before_is_read_as_it_was(line: str) -> None:
    """An event that was recorded before there was such a field is written again as it stands."""
    assert DOMAIN_EVENT.read(json.loads(line)).model_dump_json() == line
