"""An act that its person sends again from a form that was drawn anew: Back kept his words, not the form's id."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, NamedTuple

from application.office.acts import Act, act_of
from application.office.attesting import Giver
from application.office.office import Office
from domain.acts.act_digest import act_digest
from domain.acts.attestation import attestation_from
from domain.errors import DubanError
from domain.events import DomainEvent
from domain.evidence import evidence_files
from domain.ids import supervision_workflow_id
from domain.record.leaf import domain_event_of
from domain.rungs.ladder import REQUEST_CAUSE

JUST_NOW: Final = timedelta(minutes=10)
"""So long a person is told what he has just given, and the same act is taken for that one."""


class Drawn(NamedTuple):
    """What a form says of itself: how many events of the project stood on it, and what tells its act from others."""

    seen: int
    nonce: str


async def as_first_sent(office: Office, act: Act, giver: Giver, drawn: Drawn) -> Drawn:
    """What the form said from which this very act was given just now, where nothing has happened since to what it is
    about; what this form says where it is another act, or one that cannot be given.
    """
    office = replace(office, giver=giver)
    last = await asyncio.to_thread(lambda: next(_his_last(office, act), None))
    first = await _form_of_the_same(office, act, last) if last is not None else None
    return drawn if first is None else first


async def given_before_others(office: Office, act: Act, giver: Giver, drawn: Drawn) -> DomainEvent | None:
    """The event of this very act where its person gave it just now from another form, and since then others about the
    same, and nobody else any: he may have come back to a form that he had sent, or mean it once more, which only he
    can tell.
    """
    office = replace(office, giver=giver)
    for event in await asyncio.to_thread(lambda: list(_his_last(office, act))):
        first = await _form_of_the_same(office, act, event)
        if first is not None:
            return event if first.nonce != drawn.nonce else None
    return None


async def _form_of_the_same(office: Office, act: Act, event: DomainEvent) -> Drawn | None:
    """What the form said from which an event's act came, where it is this very act; none where it is another one, or
    one that cannot be given."""
    first = await asyncio.to_thread(_drawn_for, office, event)
    if first is None:
        return None
    try:
        again = await act_of(office, act, first.seen, first.nonce)
    except DubanError:
        return None  # why, it is told when it is given
    return first if event.cause == f"{REQUEST_CAUSE}{act_digest(again)}" else None


def _his_last(office: Office, act: Act) -> Iterator[DomainEvent]:
    """The events about what an act is about, the newest first: those that its person made, not long ago, and after
    which nobody else made any."""
    about, now = getattr(act.command, "milestone_id", None), office.now()
    for event in _newest(office, act):
        if now - event.decided_at > JUST_NOW:
            return
        if about is None or getattr(event, "milestone_id", None) in (None, about):
            if event.actor != str(act.command.by):
                return
            yield event


def _newest(office: Office, act: Act) -> Iterator[DomainEvent]:
    return map(domain_event_of, office.records.ledger.newest(supervision_workflow_id(act.project_id)))


def attested_act(office: Office, event: DomainEvent) -> Mapping[str, Any]:
    """The act from which an event came, as its door attested it; nothing where that is not kept."""
    for file in evidence_files((event.attested,)) if event.attested else ():
        try:
            return attestation_from(office.records.evidence.read(file.sha256)).act
        except DubanError:
            return {}
    return {}


def _drawn_for(office: Office, event: DomainEvent) -> Drawn | None:
    """What was attested of the form from which an event's act came; none where that is not kept."""
    said = attested_act(office, event)
    return Drawn(said.get("seen", 0), said.get("nonce", "")) if said else None
