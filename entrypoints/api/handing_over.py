"""All open duties of a department are handed over by program: what would go over, or what became of each project."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from application.office.attesting import Giver
from application.office.every_project import AskedBy
from application.office.handing_over import HandingOver
from application.office.named_givers import must_be_no_department
from domain.actors import operator
from domain.acts.act_digest import act_document
from domain.bounds import Place, Year
from domain.ids import DepartmentId
from domain.texts import Text
from entrypoints.api.answers import Answer, AskedBody
from entrypoints.api.calls import Call
from entrypoints.api.challenges import OfficeChallengeAnswer, OwnKey, given_signed, office_challenge
from entrypoints.api.list_starts import StartedLine
from entrypoints.api.problems import language_of
from entrypoints.core_sentences import core_said


class HandingOverToSign(AskedBody):
    """Whose duties go to whom, and why; of all years that run where none is named."""

    department: DepartmentId
    to: DepartmentId
    reason: Text
    year: Year | None = None
    seen_until: Place | None = None


class HandingOverAsked(HandingOverToSign):
    """The same, about to be given; `preview` does nothing."""

    preview: Annotated[bool, Field(strict=True)] = False
    own_key: OwnKey = None


class HandingOverAnswer(Answer):
    """What goes over, and what became of each project; of a preview, nothing yet."""

    projects: int
    leads: int = Field(description="Of these, so many it leads; in the others it takes part")
    sub_duties: int
    milestones: int
    seen_until: int = Field(description="How many entries the record has; sent back, what came since is not overridden")
    results: tuple[StartedLine, ...]


async def handing_over_challenge(call: Call, asked: HandingOverToSign) -> OfficeChallengeAnswer:
    """What the own key of the token's person signs when he hands over; nothing is done."""
    office = call.office_of(Giver(call.caller, "api"))
    acts = await (await _act(call, asked)).to_sign(office)
    return await office_challenge(call, tuple(map(act_document, acts)))


async def hand_over(call: Call, asked: HandingOverAsked) -> HandingOverAnswer:
    """Give all open duties of a department to another one, with a result for each project; repeatable.

    Raises:
        DubanError: nobody takes over, or it cannot be given (see `HandingOver.give`).
    """
    act, language = await _act(call, asked), language_of(call.request)
    entries = (await call.office.register.standing()).entries
    foreseen = await act.preview(call.office)
    results = [] if asked.preview else await given_signed(call, asked.own_key, act.give, act.to_sign)
    return HandingOverAnswer(
        as_of=call.as_of,
        projects=foreseen.projects,
        leads=foreseen.leads,
        sub_duties=foreseen.sub_duties,
        milestones=foreseen.milestones,
        seen_until=entries,
        results=tuple(
            StartedLine(project_id=each.project_id, outcome=each.outcome, text=core_said(language, each.text))
            for each in results
        ),
    )


async def _act(call: Call, asked: HandingOverToSign) -> HandingOver:
    by = operator(call.caller.name)
    await must_be_no_department(call.office.records, by)
    return HandingOver(asked.year, AskedBy(by, None, asked.reason, asked.seen_until), asked.department, asked.to)
