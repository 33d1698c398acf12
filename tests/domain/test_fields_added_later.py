"""An event that gains a field keeps the bytes of every one that was recorded before."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from domain.events import DOMAIN_EVENT, Event, InspectionOpened, ProgressReported, ReminderIssued
from domain.record.leaf import leaf_event
from tests.domain.samples import FIRST, START
from tests.replay.golden import FOLDER

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


_OF_EVERY = {"v", "seq", "occurred_at", "decided_at", "actor", "cause", "type", "request_digest"}


def _lines(name: str) -> list[str]:
    return (FOLDER / name / "events.jsonl").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("event", [_REMINDER, _REPORT, _INSPECTION], ids=lambda event: event.type)
def test_what_says_nothing_is_not_in_the_leaf(event: Event) -> None:
    """The data of the leaf has the fields of the first version and no more."""
    assert set(leaf_event(_STREAM, event)["data"]) == _FIRST_FIELDS[type(event).__name__]


def test_what_says_something_is_in_the_leaf() -> None:
    """A participant's reminder names it, and an act of a deputy names the principal."""
    ours = _REMINDER.model_copy(update={"department": "宣传部", "on_behalf_of": "department:宣传部"})
    data = leaf_event(_STREAM, ours)["data"]
    assert (data["department"], data["on_behalf_of"]) == ("宣传部", "department:宣传部")


@pytest.mark.parametrize("name", ["silent", "busy"])
def test_an_event_of_before_is_read_as_it_was(name: str) -> None:
    """Every line of two histories that were recorded before there were such fields is written again as it stands."""
    lines = _lines(name)
    assert len(lines) > 20
    assert [DOMAIN_EVENT.validate_json(line).model_dump_json() for line in lines] == lines


def test_the_histories_of_before_have_the_events_that_gained_a_field() -> None:
    """Each of those above stands in one of them, with the fields of the first version."""
    lines = [json.loads(line) for name in ("silent", "busy") for line in _lines(name)]
    for kind, fields in _FIRST_FIELDS.items():
        assert [set(line) - _OF_EVERY for line in lines if line["type"] == kind][:1] == [fields - _OF_EVERY], kind
