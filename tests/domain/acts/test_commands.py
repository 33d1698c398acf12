"""What a command may carry: nothing that the ledger, a document or a terminal could not take."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from adapters.ledger.leaf_bytes import canonical_event
from domain.actors import Actor, department, operator
from domain.acts.commands import ANY_COMMAND, ReportProgress, RequestCompletion, ReturnForRework, Urge, Withdraw
from domain.acts.decisions import reject
from domain.ids import supervision_workflow_id
from tests.domain.samples import FIRST, PROJECT, Desk, at, milestone, request

# Four bytes in UTF-8; a quotation mark or a line's end costs two in JSON.
WIDEST = "𠮷"


@pytest.mark.parametrize("command", [ReportProgress, RequestCompletion])
def test_the_longest_command_makes_an_event_that_the_ledger_takes(command: Any) -> None:
    """The longest texts and all the evidence that is allowed, in the widest characters, fit into one entry."""
    longest = department("组织部", WIDEST * 80)
    asked = request(
        command,
        by=longest,
        request_id=WIDEST * 100,
        text=WIDEST * 4_000,
        evidence=(WIDEST * 500,) * 20,
        quantity=1_000_000_000,
    )
    (event,) = Desk(milestone(quota=30)).ask(asked, "05-09 10:00")
    assert canonical_event(supervision_workflow_id(PROJECT), event).body


def test_the_longest_refusal_by_signal_fits_into_one_entry() -> None:
    """What arrived is cut, so that the record of a bad signal can always be kept."""
    (event,) = reject(Desk().state, "readable_command", "\x01" * 2_000, "\x01" * 100_000, at("05-09 10:00"))
    assert canonical_event(supervision_workflow_id(PROJECT), event).body


@pytest.mark.parametrize(
    "fields",
    [
        {"text": ""},
        {"text": "x" * 4_001},
        {"text": "红\x1b[2J"},
        {"text": "\x00"},
        {"text": "\uffff"},
        {"evidence": ("x",) * 21},
        {"evidence": ("",)},
        {"evidence": ("x\x0b",)},
        {"quantity": -1},
        {"quantity": 2**53},
        {"quantity": 1.5},
        {"request_id": ""},
        {"request_id": "x" * 101},
        {"request_id": "\x1b"},
        {"milestone_id": "2018-05a"},
        {"milestone_id": "2018-05a-1"},
        {"milestone_id": "２０１８-05a-01"},
        {"milestone_id": "2018-05a-01\n"},
        {"done_on": "2018-02-30"},
        {"by": {"role": "department", "name": "组织部"}},
        {"by": {"role": "operator", "name": "李", "department": "组织部"}},
        {"by": {"role": "operator", "name": "  "}},
        {"by": {"role": "king", "name": "李"}},
        {"type": "Report"},
        {"more": 1},
    ],
    ids=str,
)
def test_what_is_no_command_is_not_read_as_one(fields: dict[str, Any]) -> None:
    """Empty, endless, unprintable, unknown: refused before any rule is asked."""
    good = request(ReportProgress).model_dump(mode="json")
    assert ANY_COMMAND.validate_python(good).type == "ReportProgress"
    with pytest.raises(ValidationError):
        ANY_COMMAND.validate_python({**good, **fields})


@pytest.mark.parametrize(
    "command",
    [
        request(ReportProgress, done_on=date(2018, 5, 1), quantity=3, evidence=("https://x/1",)),
        request(ReturnForRework, reason="第一行\n第二行\t列"),
        request(Urge),
        request(Withdraw, None),
    ],
    ids=lambda command: str(command.type),
)
def test_a_command_survives_the_way_through_json(command: Any) -> None:
    """What is sent is what arrives, line ends and all."""
    assert ANY_COMMAND.validate_json(command.model_dump_json()) == command


def test_one_person_is_one_name() -> None:
    """Blanks around a name are no part of it."""
    assert operator(" 李 ") == operator("李")
    assert str(Actor(role="department", name="组织部 ", department=" 组织部")) == "department:组织部"
    assert request(Urge).milestone_id == FIRST
