"""A list is started by program: by one person, or prepared by one and confirmed by another, with their own keys."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from application.desk_work import draft_plans, list_starts
from application.desk_work.list_starts import Starting
from application.office.attesting import Giver
from domain.acts.act_digest import act_document
from domain.acts.attestation import OwnKeyProof
from entrypoints.api.answers import Answer, AskedBody, Item
from entrypoints.api.calls import Call
from entrypoints.api.challenges import OfficeChallengeAnswer, OwnKey, given_signed, office_challenge
from entrypoints.api.json_types import DayAsked
from entrypoints.api.plans import Key
from entrypoints.desk.plan_tables import rules_of


class StartedLine(Item):
    """What became of one project."""

    project_id: str
    outcome: str
    text: str


class StartedAnswer(Answer):
    """What became of each project."""

    results: tuple[StartedLine, ...]


class StartAsked(AskedBody):
    """How a list is started: `as_of` is the day from which it is supervised, `confirmed` says that it is meant."""

    as_of: DayAsked = None
    confirmed: Annotated[bool, Field(strict=True)] = False
    own_key: OwnKey = None


class ConfirmationAsked(AskedBody):
    """A start that another person prepared is confirmed."""

    own_key: OwnKey = None


class ListChallengeAsked(AskedBody):
    """What is about to be done with a list."""

    act: Literal["start", "confirm"]


class PreparedAnswer(Answer):
    """A start that waits for a second person."""

    key: str
    by: str
    ends_at: AwareDatetime | None


async def plan_challenge(call: Call, key: Key, asked: ListChallengeAsked) -> OfficeChallengeAnswer:
    """What the own key of the token's person signs when he starts a list, or confirms its start; nothing is done."""
    starting = await _starting(call, key, by_two=asked.act == "confirm")
    acts = await list_starts.acts_to_sign(call.office, starting)
    return await office_challenge(call, tuple(map(act_document, acts)))


async def start_plan(call: Call, key: Key, asked: StartAsked) -> StartedAnswer:
    """Start a list as the token's person; repeatable, with a result for each project.

    Raises:
        DoubtfulStartError: it can hardly be meant, and `confirmed` does not say so.
        SecondPersonForListError: it withdraws much of what runs: one person prepares it, another one confirms it.
        InputError: a reading waits for a ruling, or a project cannot be started; nothing is started then.
    """
    starting = await _starting(call, key, by_two=False)
    return await _started(call, replace(starting, as_of=asked.as_of, confirmed=asked.confirmed), asked.own_key)


async def prepare_plan_start(call: Call, key: Key) -> PreparedAnswer:
    """Prepare the start of a list that withdraws much of what runs; nothing is done before another person confirms."""
    accounts, now = call.premises.accounts, call.premises.clock()
    one = await draft_plans.draft(accounts, key)
    rules = rules_of(call.office, one.plan)
    prepared = await list_starts.prepare(call.office, accounts, one, rules, call.caller, now)
    return PreparedAnswer(as_of=call.as_of, key=prepared.key, by=prepared.by, ends_at=prepared.ends_at)


async def confirm_plan_start(call: Call, key: Key, asked: ConfirmationAsked) -> StartedAnswer:
    """Start a list as another person prepared it; repeatable, with a result for each project."""
    return await _started(call, await _starting(call, key, by_two=True), asked.own_key)


async def _starting(call: Call, key: str, *, by_two: bool) -> Starting:
    accounts, now = call.premises.accounts, call.premises.clock()
    one = await draft_plans.draft(accounts, key)
    starting = Starting(one, rules_of(call.office, one.plan), Giver(call.caller, "api"))
    if not by_two:
        return starting
    return replace(starting, prepared=await list_starts.prepared_for(accounts, one, call.caller, now))


async def _started(call: Call, starting: Starting, own_key: OwnKeyProof | None) -> StartedAnswer:
    accounts = call.premises.accounts
    results = await given_signed(
        call,
        own_key,
        lambda office: list_starts.start(office, accounts, starting),
        lambda office: list_starts.acts_to_sign(office, starting),
    )
    told = tuple(StartedLine(project_id=each.project_id, outcome=each.outcome, text=each.text) for each in results)
    return StartedAnswer(as_of=call.as_of, results=told)
