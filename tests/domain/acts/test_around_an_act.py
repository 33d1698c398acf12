"""What a decision does around the act itself: what was late before it, whose key signed, what is left at the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from domain.actors import department, operator
from domain.acts import decisions
from domain.acts.commands import (
    AcceptCompletion,
    AmendProject,
    AppointDeputy,
    DeclineAssignment,
    ReportProgress,
    RequestCompletion,
    StrikeOff,
    Urge,
    Withdraw,
)
from domain.acts.decisions import caught_up, must_be_open, outcome_of
from domain.events import DeadlineBreached, DomainEvent, LimitEnded, ProjectArchived, UrgeIssued
from domain.evidence import EvidenceFile
from domain.evolution import fold
from domain.ids import supervision_workflow_id
from domain.record.leaf import MOST_LEAF_BYTES
from domain.rules.own_key_rules import OwnKeyRules
from domain.rungs.wakeups import wake
from tests.domain.acts.test_undecidable import failing
from tests.domain.acts.test_words_of_access import refused
from tests.domain.samples import FIRST, LI, PROJECT, SECOND, WANG, WHOLE_LIFE, Desk, at, lone, milestone, request

ATTESTATION = str(EvidenceFile.of("attestation.json", b"{}"))
STREAM = supervision_workflow_id(PROJECT)


def away_until(when: str, *milestones: Any) -> Desk:
    """A project whose engine was away until then: what fell due since April is not recorded."""
    desk = lone(*milestones)
    desk.now = at(when)
    return desk


def test_who_signed_stands_in_the_act_and_in_nothing_that_was_late_before_it() -> None:
    """The breach names who acted and for whom, as every entry of his decision; what he signed is his act alone."""
    desk = lone()
    period: dict[str, Any] = {"from_on": date(2018, 5, 1), "until_on": date(2018, 12, 31)}
    desk.ask(request(AppointDeputy, by=WANG, principal=WANG, deputy=LI, **period))
    desk.now = at("06-01 09:00")
    signed = {"attested": ATTESTATION, "own_key": "signed", "request_id": "签-1"}
    late, *_, urged = desk.ask(request(Urge, by=LI, on_behalf_of=WANG, **signed))
    assert (type(late), type(urged)) == (DeadlineBreached, UrgeIssued)
    assert [(each.actor, each.on_behalf_of) for each in (late, urged)] == [("operator:李", "operator:王")] * 2
    assert (urged.cause, urged.attested, urged.own_key) == ("request:签-1", ATTESTATION, "signed")
    assert (late.cause, late.attested, late.own_key, late.request_digest) == ("rung:breach", None, None, None)
    assert urged.request_digest


def test_an_act_that_changes_nothing_records_nothing_not_even_what_is_late() -> None:
    """The alarm records it in its own time."""
    desk = away_until("06-01 09:00")
    same = AmendProject(request_id="同-1", by=LI, basis="调整", project=desk.state.project)
    assert desk.ask(same) == ()
    assert outcome_of(desk.state, same).event_ids == ()


@pytest.mark.parametrize(
    ("rules", "own_key", "held"),
    [
        (OwnKeyRules(), "unsigned", True),
        (OwnKeyRules(asked_of="everybody"), None, False),
        (OwnKeyRules(asked_of="everybody"), "unsigned", True),
        (OwnKeyRules(), None, None),
        (OwnKeyRules(asked_of="everybody"), "signed", None),
        (OwnKeyRules(asked_of="nobody"), "unsigned", None),
        (OwnKeyRules(acts=("ruling",)), "unsigned", None),
    ],
)
def test_what_weighs_is_signed_by_the_persons_own_key(rules: OwnKeyRules, own_key: Any, held: bool | None) -> None:
    """Refused as the policy asks, and the refusal knows whether he has a key; what weighs nothing is not asked."""
    desk = Desk(milestone(1), milestone(2), policy=WHOLE_LIFE.model_copy(update={"own_key": rules}))
    command = request(Withdraw, FIRST, own_key=own_key)
    assert desk.ask(request(Urge, own_key=own_key))
    if held is None:
        assert desk.ask(command)
    else:
        error = refused(desk, command)
        assert error.rule == "own_key_signs_what_weighs"
        assert error.ids == {"project_id": PROJECT, "held": held}


def test_only_a_list_acts_under_the_ids_of_lists() -> None:
    """It amends and withdraws by them; every other act is refused with its id."""
    desk = Desk(milestone(1), milestone(2))
    error = refused(desk, request(Urge, request_id="plan-1"))
    assert (error.rule, error.ids) == ("list_request", {"request_id": "plan-1"})
    assert desk.ask(request(Withdraw, SECOND, request_id="plan-2"))
    renamed = desk.state.project.having(title="新名称")
    assert desk.ask(AmendProject(request_id="plan-3", by=LI, basis="调整", project=renamed))


def test_a_request_that_was_used_is_named_with_its_first_record() -> None:
    """Its id, and the event that answered it."""
    desk = Desk()
    (event,) = desk.ask(request(ReportProgress, request_id="甲-1"))
    error = refused(desk, request(Urge, request_id="甲-1"))
    assert error.ids == {"request_id": "甲-1", "first": f"{STREAM}#{event.seq}"}


def test_what_an_act_answers_is_its_events_and_where_its_milestone_stands() -> None:
    """An act on the project answers with the project's stage; one that changed nothing has no events."""
    desk = Desk(milestone(1), milestone(2))
    done, urge = request(RequestCompletion), request(Urge, SECOND)
    whole = request(AppointDeputy, principal=LI, deputy=WANG, from_on=date(2018, 5, 1), until_on=date(2018, 5, 2))
    answers = []
    for command in (done, urge, whole):
        events = desk.ask(command)
        outcome = outcome_of(desk.state, command)
        assert outcome.event_ids == tuple(f"{STREAM}#{event.seq}" for event in events)
        answers.append(outcome.stage)
    assert answers == ["completion_requested", "assigned", desk.state.stage]
    assert outcome_of(desk.state, request(Urge)).event_ids == ()


def test_an_act_whose_entry_would_be_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of its entries is looked at, in the stream in which it will stand; the refusal has both lengths."""
    desk = Desk()
    looked_at: list[tuple[str, DomainEvent]] = []

    def too_long(stream: str, events: Sequence[DomainEvent]) -> tuple[int, DomainEvent] | None:
        looked_at.extend((stream, event) for event in events)
        return None if len(looked_at) == len(events) else (MOST_LEAF_BYTES + 1, events[-1])

    monkeypatch.setattr(decisions, "too_long", too_long)
    events = desk.ask(request(Urge))
    assert looked_at == [(STREAM, event) for event in events]
    error = refused(desk, request(Urge))
    assert error.ids == {"project_id": PROJECT, "length": MOST_LEAF_BYTES + 1, "most": MOST_LEAF_BYTES}


def test_what_cannot_be_worked_out_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The project, the act, and what went wrong."""
    desk = Desk()
    monkeypatch.setattr(decisions, "papers_for", failing)
    error = refused(desk, request(Urge))
    assert error.ids == {"project_id": PROJECT, "command": "Urge", "problem": "ZeroDivisionError: 没有\x1b算出来"}


def test_a_project_that_is_caught_up_has_what_the_alarm_would_record() -> None:
    """Every breach and silence whose day is over; none where it cannot be worked out."""
    desk = away_until("06-01 00:10", milestone(1), milestone(2, date(2018, 7, 31)))
    found = caught_up(desk.state, desk.now)
    assert found is not None
    assert found == fold(wake(desk.state, desk.now), desk.state)
    assert [breach.due_on for breach in found.milestones[FIRST].breaches] == [date(2018, 5, 31)]


def test_a_project_that_cannot_be_caught_up_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks then asks what `decide` says."""
    monkeypatch.setattr(decisions, "take_what_is_over", failing)
    assert caught_up(Desk().state, at("06-01 09:00")) is None


def test_an_act_that_is_only_asked_about_is_refused_as_it_would_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """By whom it may not be given, and for how things stand now; the sentence is that of the act."""
    desk = Desk(milestone(1, date(2018, 5, 31)))
    desk.now = at("06-04 10:00")
    found = caught_up(desk.state, desk.now)
    assert found is not None
    for command in (request(AcceptCompletion), request(Urge, by=department("统战部")), request(StrikeOff, by=WANG)):
        with pytest.raises(Exception, match="。") as asked:
            must_be_open(found, command, desk.now)
        assert str(asked.value) == refused(desk, command).text


def test_what_would_follow_from_an_act_that_is_only_asked_about_is_not_worked_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither what is over once more, nor its entries, papers and alarms: many acts are asked of one instant."""
    desk = Desk()
    for place in ("take_what_is_over", "too_long", "papers_for", "withholdings_for", "next_rung"):
        monkeypatch.setattr(decisions, place, failing)
    must_be_open(desk.state, request(Urge), desk.now)
    with pytest.raises(Exception, match="没有待审核的办结申请"):
        must_be_open(desk.state, request(AcceptCompletion), desk.now)


def test_with_the_last_milestone_everything_that_waits_is_over() -> None:
    """An assignment that the lead department sent back as a whole is answered by nobody any more."""
    desk = Desk(milestone(1), milestone(2))
    desk.ask(request(DeclineAssignment, None, by=department("组织部")), "04-26 10:00")
    for where in (FIRST, SECOND):
        desk.ask(request(Withdraw, where, by=operator("李")))
    *_, ended, archived = desk.events
    assert isinstance(archived, ProjectArchived)
    assert isinstance(ended, LimitEnded)
    assert (ended.kind, ended.answered) == ("declined_assignment", False)
    assert desk.state.limits == {}


def test_a_project_whose_supervision_is_over_takes_nothing_more() -> None:
    """The refusal names it, and how it ended."""
    desk = Desk()
    desk.ask(request(Withdraw, None))
    assert refused(desk, request(Urge)).ids == {"project_id": PROJECT, "stage": "withdrawn"}
