"""Lists by program: handed in, ruled on, compared with what runs, started; the same as the desk's pages do."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import Path, Query
from pydantic import AwareDatetime, Field, ValidationError

from application.desk_work import draft_plans, list_starts
from application.desk_work.draft_plans import HandedIn
from domain.accounts.desk_items import DraftPlan
from domain.notice.findings import Finding, Ruling
from domain.texts import Line, Text
from entrypoints.api.answers import Answer, AskedBody, Item
from entrypoints.api.calls import Call
from entrypoints.api.evidence import Sha256, UnusableEvidenceError, arrived_bytes
from entrypoints.api.json_types import DayAsked, NameAsked, YearAsked
from entrypoints.api.problems import UnusableActError
from entrypoints.bootstrap.plan_files import known_calendar
from entrypoints.desk.plan_tables import rules_of
from entrypoints.desk.plans import FILES

_KEY: Final = r"^[0-9A-Za-z_-]{16}$"
Key = Annotated[str, Path(pattern=_KEY, description="A list that was handed in, by its key")]
_KEY_DIGITS: Final = 16


class PlanLine(Item):
    """One list that was handed in."""

    key: str
    file_name: str
    by: str
    handed_in_at: AwareDatetime
    year: int
    projects: int
    unruled: int = Field(description="How many doubtful readings wait for a ruling")


class PlansAnswer(Answer):
    """The lists that were handed in, the newest first."""

    plans: tuple[PlanLine, ...]


class PlanAnswer(Answer):
    """One list as it was read, with the rulings so far."""

    key: str
    file_name: str
    plan: dict[str, Any] = Field(description="The plan, as `duban compile --json` has it")
    unruled: tuple[Finding, ...]


class StepLine(Item):
    """What a start would do about one project."""

    project_id: str
    action: str
    problem: str | None


class DifferenceAnswer(Answer):
    """What a start of the list would do against what runs."""

    steps: tuple[StepLine, ...]
    withdrawn: tuple[str, ...] = Field(
        description="What the list leaves out of what runs, where it is so much that two persons start it: one prepares"
        " the start, another one confirms it"
    )
    unknown: str | None = Field(
        description="The names in it that nobody knows, those in the rules that nothing in it has, and what to do"
    )
    kept: str | None = Field(
        description="How many projects keep the rules that they began with, where the policy says otherwise since, and"
        " which rules these are"
    )


class RulingAsked(AskedBody):
    """A ruling on one doubtful reading: `choice` is one of its options, or a time in the words of a schedule."""

    finding: Line
    choice: Line
    reason: Text | None = None


class JoinAsked(AskedBody):
    """Which list is taken into the one of the address."""

    other: Annotated[str, Field(pattern=_KEY, description="The key of the other list")]


async def plans(call: Call) -> PlansAnswer:
    """The lists that were handed in, the newest first."""
    found = await draft_plans.drafts(call.premises.accounts)
    return PlansAnswer(as_of=call.as_of, plans=tuple(map(_line, found)))


async def hand_in_plan(
    call: Call,
    sha256: Sha256,
    name: Annotated[
        str, Query(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f/\\]+$", description="Its name")
    ],
    year: YearAsked = None,
    issued: DayAsked = None,
    lead: NameAsked = None,
) -> PlanAnswer:
    """Hand a list in under the hash of its bytes (a notice, a table or a plan); sent again, it is the same list.

    Raises:
        InputError: it cannot be read, or it bears a classification mark; nothing is kept.
    """
    data = await arrived_bytes(call, sha256)
    if not data:
        raise UnusableEvidenceError("交来的清单是空的，没有保存：请核对文件。")
    given = HandedIn(name, data, year, issued, lead, known_calendar(call.premises.office.settings.calendar))
    key = sha256[:_KEY_DIGITS]
    one = await draft_plans.hand_in(call.premises.accounts, FILES, given, call.caller, call.premises.clock(), key)
    return _answer(call, one)


async def plan(call: Call, key: Key) -> PlanAnswer:
    """One list as it was read, with the rulings so far and the doubts that are left."""
    return _answer(call, await draft_plans.draft(call.premises.accounts, key))


async def rule_on_plan(call: Call, key: Key, asked: RulingAsked) -> PlanAnswer:
    """Rule on one doubtful reading of a list."""
    await draft_plans.draft(call.premises.accounts, key)
    try:
        ruling = Ruling(
            finding=asked.finding,
            choice=asked.choice,
            ruled_by=call.caller.name,
            reason=asked.reason,
            ruled_on=call.now.date(),
        )
    except ValidationError as error:
        raise UnusableActError(error) from error
    return _answer(call, await draft_plans.rule(call.premises.accounts, key, ruling))


async def join_plan(call: Call, key: Key, asked: JoinAsked) -> PlanAnswer:
    """Take another list of the year into one, with what was ruled on it; the other one stays as it is."""
    await draft_plans.join(call.premises.accounts, key, asked.other)
    return await plan(call, key)


async def drop_plan(call: Call, key: Key) -> PlansAnswer:
    """Take a list away that was handed in; what was started of it runs on. What is not there (any more) stays so."""
    await draft_plans.drop(call.premises.accounts, key)
    return await plans(call)


async def plan_difference(call: Call, key: Key) -> DifferenceAnswer:
    """What a start of a list would do against what runs: projects added, amended, withdrawn, unchanged."""
    one = await draft_plans.draft(call.premises.accounts, key)
    rules = rules_of(call.office, one.plan)
    steps = await draft_plans.difference(call.office, one, rules)
    told = tuple(
        StepLine(project_id=each.project_id, action=each.action, problem=each.problem.text if each.problem else None)
        for each in steps
    )
    asked = await list_starts.questions(call.office, one, rules)
    return DifferenceAnswer(
        as_of=call.as_of,
        steps=told,
        withdrawn=tuple(asked.withdrawn),
        unknown=asked.unknown or None,
        kept=asked.kept or None,
    )


def _unruled(one: DraftPlan) -> tuple[Finding, ...]:
    ruled = {ruling.finding for ruling in one.plan.rulings}
    return tuple(each for each in one.plan.findings if each.severity == "ruling" and each.key not in ruled)


def _line(one: DraftPlan) -> PlanLine:
    return PlanLine(
        key=one.key,
        file_name=one.file_name,
        by=one.by,
        handed_in_at=one.handed_in_at,
        year=one.plan.year,
        projects=len(one.plan.projects),
        unruled=len(_unruled(one)),
    )


def _answer(call: Call, one: DraftPlan) -> PlanAnswer:
    return PlanAnswer(
        as_of=call.as_of,
        key=one.key,
        file_name=one.file_name,
        plan=one.plan.model_dump(mode="json"),
        unruled=_unruled(one),
    )
