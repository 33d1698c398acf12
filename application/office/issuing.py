"""A start is issued before the engine is asked to begin: an attested act says what a project is opened with."""

from __future__ import annotations

import asyncio
from datetime import time

from application.office.office import Office
from domain.acts.act_digest import ACT_VERSION
from domain.acts.rejections import ActNotAttestedError
from domain.lists.docketing import opened
from domain.record.issues import IssuedStart, opening_digest
from domain.rules.calendar import office_instant
from workflows.inputs import SupervisionInput


async def issue(office: Office, given: SupervisionInput, by: str) -> None:
    """Issue the start of a project, as whoever gives acts in this office; the same again changes nothing.

    Raises:
        ActNotAttestedError: nobody is signed in here.
        DubanError: it cannot be attested, or the ledger does not answer.
    """
    start = issued_start(given)
    if start in await asyncio.to_thread(office.records.issues.of, start.project_id):
        return
    if office.giver is None or office.attestor is None:
        raise ActNotAttestedError(detail="没有人登录")
    act = {
        "v": ACT_VERSION,
        "project_id": start.project_id,
        "command": start.command(by),
        "account": office.giver.by.account,
        "seen": 0,
        "nonce": "",
    }
    attested = await office.attestor().file_of(act, office.giver)
    await office.records.own_streams.append_own(start.entry(attested))


def issued_start(given: SupervisionInput) -> IssuedStart:
    """What is issued of a first run's input."""
    opening = given.opening
    assert opening is not None
    # No instant is in what is issued: any will do.
    at = given.clock.supervised_at or office_instant(opening.listed.issued_on, time())
    begun = opened(opening.listed, opening.project, opening.policy, opening.calendar, at, opening.rulings)
    return IssuedStart(project_id=opening.project.project_id, opening=opening_digest(begun.events), clock=given.clock)
