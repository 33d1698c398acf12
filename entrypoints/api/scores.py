"""Scores by program: the table of a period, and what persons say about it, as at the desk and in the shell.

Each act stands in one table: what it asks, whose it is, how it is given. Its address, its challenge and its place in
the document are made of that.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final

from fastapi import HTTPException, Path
from pydantic import Field, ValidationError

from application.desk_work import by_two, scores_by_two
from application.office import scoring
from application.office.attesting import Giver
from application.office.office import Office
from application.office.office_acts import acts_to_sign
from application.office.scoring import period_of
from domain.accounts.desk_items import PreparedByTwo
from domain.actors import department, operator
from domain.directory.ids import DirectoryRole
from domain.ids import DepartmentId, MilestoneId
from domain.scoring.point_names import point_named
from domain.scoring.points import PointRule
from domain.scoring.reported_record import ReportedRecord
from domain.scoring.score_acts import (
    AnyScoreAct,
    AppealRuled,
    ReportFalsified,
    ScoreAppealed,
    ScoreCorrected,
    ScorePublished,
)
from domain.texts import Line, Text
from entrypoints.api.answers import Answer, AskedBody, Item
from entrypoints.api.calls import Call
from entrypoints.api.challenges import OfficeChallengeAnswer, OwnKey, given_signed, office_challenge
from entrypoints.api.json_types import PointsAsked
from entrypoints.api.prepared import PreparedKey, PreparedLine
from entrypoints.api.problems import UnusableActError
from entrypoints.desk.routing import DEPARTMENTS, OFFICE

PeriodName = Annotated[str, Path(max_length=10, description="A period, such as `2018-Q2`")]
_PeriodAsked = Annotated[str, Field(max_length=10, description="A period, such as `2018-Q2`")]
_PointAsked = Annotated[Line, Field(description="A point: its `key` in the table, or its name in the shell")]


class PointLine(Item):
    """Points that one record brought a department by one rule; `corrected` holds instead, where there is one."""

    key: str = Field(description="By what an appeal and a correction name it")
    project_id: str
    milestone_id: str | None
    rule: PointRule
    points: int
    corrected: int | None
    holds: int
    event_id: str
    on: date
    days: int | None


class AssignmentLine(Item):
    """What a department had to do in a project, and the points of that."""

    project_id: str
    role: str
    weight: int
    base: int | None = Field(description="None where nothing of it is due: `score` is that of its points then")
    score: int
    points: tuple[PointLine, ...]


class DepartmentScoreLine(Item):
    """The score of a department."""

    department: str
    formerly: tuple[str, ...] | None = Field(description="Its names of before")
    score: int = Field(description="In hundredths")
    assignments: tuple[AssignmentLine, ...]


class AppealLine(Item):
    """An appeal on which nobody has ruled."""

    department: str
    point: str
    reason: str
    on: date


class ElsewhereLine(Item):
    """A point that was corrected in a period within this one: its key, that period, and what holds there."""

    point: str
    period: str
    points: int


class ScoresAnswer(Answer):
    """The table of a period as it holds now."""

    period: str
    from_on: date
    to_on: date
    until: date = Field(description="The last day that counts in it")
    published_on: date | None
    changed: bool = Field(description="Whether anything was ruled or corrected since it was published")
    departments: tuple[DepartmentScoreLine, ...]
    appeals: tuple[AppealLine, ...]
    corrected_elsewhere: tuple[ElsewhereLine, ...] = Field(
        description="Points that were corrected in a period within this one, and count by the record here"
    )


class ScoreActAnswer(Answer):
    """What was said, as the record has it; or what waits for another person."""

    kind: str | None = None
    said: dict[str, Any] | None = None
    prepared: PreparedLine | None = None


class _Signed(AskedBody):
    own_key: OwnKey = None


class ScorePublicationAsked(_Signed):
    """Which period is published, on what ground."""

    period: _PeriodAsked
    reason: Text


class ScoreAppealAsked(_Signed):
    """Which point is to be looked at again, and why."""

    period: _PeriodAsked
    point: _PointAsked
    reason: Text


class ScoreRulingAsked(ScoreAppealAsked):
    """Whether an appeal is granted, and with how many points."""

    granted: Annotated[bool, Field(strict=True)]
    points: PointsAsked | None = None


class ScoreCorrectionAsked(ScoreAppealAsked):
    """How many points hold instead."""

    points: PointsAsked


class FalseReportAsked(_Signed):
    """Whose record about which milestone is false, and on what ground."""

    record: Line = Field(description="The record: its `event_id`, or its name (`2018-05a#17`)")
    milestone_id: MilestoneId
    department: DepartmentId
    reason: Text


class ScoreConfirmationAsked(_Signed):
    """What another person prepared, by its key."""

    key: PreparedKey


@dataclass(frozen=True, slots=True)
class ScoreAct:
    """One act about scores: what it asks and does, whose it is, how it is given; and what the record has of it then."""

    name: str
    body: type[_Signed]
    who: frozenset[DirectoryRole]
    give: Callable[[Call, Office, Any], Awaitable[AnyScoreAct | PreparedByTwo]]
    kinds: tuple[type[AnyScoreAct], ...] = ()

    async def to_sign(self, call: Call, office: Office, asked: _Signed) -> Sequence[Mapping[str, Any]]:
        """What the own key of its person signs of it; nothing is given, and nothing is signed of what is prepared."""
        return () if not self.kinds else await acts_to_sign(office, lambda here: self.give(call, here, asked))

    @property
    def answer(self) -> Callable[..., Awaitable[ScoreActAnswer]]:
        """What answers at its address."""

        async def answer(call: Call, asked: _Signed) -> ScoreActAnswer:
            done = await given_signed(
                call,
                asked.own_key,
                lambda office: self.give(call, office, asked),
                lambda office: self.to_sign(call, office, asked),
            )
            if isinstance(done, PreparedByTwo):
                return ScoreActAnswer(as_of=call.as_of, prepared=PreparedLine.model_validate(done))
            said = done.model_dump(mode="json", exclude_none=True)
            return ScoreActAnswer(as_of=call.as_of, kind=done.kind, said=said)

        answer.__name__, answer.__doc__ = self.give.__name__, self.give.__doc__
        given = [
            inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=kind)
            for name, kind in (("call", Call), ("asked", self.body))
        ]
        signature = inspect.Signature(given, return_annotation=ScoreActAnswer)
        answer.__signature__ = signature  # type: ignore[attr-defined]  # what the interface makes the route of
        return answer


async def publish_scores(call: Call, office: Office, asked: ScorePublicationAsked) -> AnyScoreAct:
    """Publish the scores of a period, against which departments may appeal then."""
    return await scoring.publish(office, period_of(asked.period), operator(call.caller.name), asked.reason, None)


async def appeal_score(call: Call, office: Office, asked: ScoreAppealAsked) -> AnyScoreAct:
    """Appeal against a point of the token's department."""
    by = department(call.names[0], call.caller.name)
    return await scoring.appeal(office, period_of(asked.period), by, asked.reason, point_named(asked.point))


async def rule_on_score(call: Call, office: Office, asked: ScoreRulingAsked) -> AnyScoreAct:
    """Rule on an appeal, by another person than the one who published; what is granted holds with so many points."""
    period, by, point = period_of(asked.period), operator(call.caller.name), point_named(asked.point)
    return await scoring.rule(office, period, by, asked.reason, point, granted=asked.granted, points=asked.points)


async def prepare_score_correction(call: Call, office: Office, asked: ScoreCorrectionAsked) -> PreparedByTwo:
    """Prepare that a point of a published score is corrected; nothing is before another person confirms it."""
    accounts, now, period = call.premises.accounts, call.premises.clock(), period_of(asked.period)
    point = point_named(asked.point)
    return await scores_by_two.prepare_correction(
        office, accounts, period, asked.reason, call.caller, now, point=point, points=asked.points
    )


async def prepare_false_report(call: Call, office: Office, asked: FalseReportAsked) -> PreparedByTwo:
    """Prepare that what a record says is found to be false; nothing is before another person confirms it."""
    named = ReportedRecord.named(asked.record, asked.milestone_id, asked.department)
    accounts, now = call.premises.accounts, call.premises.clock()
    return await scores_by_two.prepare_finding(office, accounts, named, asked.reason, call.caller, now)


async def confirm_score_act(call: Call, office: Office, asked: ScoreConfirmationAsked) -> AnyScoreAct:
    """Correct a point, or find a record to be false, as another person prepared it."""
    accounts, now = call.premises.accounts, call.premises.clock()
    prepared = await by_two.to_confirm(accounts, asked.key, scores_by_two.KINDS, call.caller, now)
    return await scores_by_two.confirm(office, accounts, prepared, call.caller)


SCORE_ACTS: Final[Mapping[str, ScoreAct]] = {
    each.name: each
    for each in (
        ScoreAct("publish", ScorePublicationAsked, OFFICE, publish_scores, (ScorePublished,)),
        ScoreAct("appeal", ScoreAppealAsked, DEPARTMENTS, appeal_score, (ScoreAppealed,)),
        ScoreAct("rule", ScoreRulingAsked, OFFICE, rule_on_score, (AppealRuled,)),
        ScoreAct("correct", ScoreCorrectionAsked, OFFICE, prepare_score_correction),
        ScoreAct("find-false", FalseReportAsked, OFFICE, prepare_false_report),
        ScoreAct("confirm", ScoreConfirmationAsked, OFFICE, confirm_score_act, (ScoreCorrected, ReportFalsified)),
    )
}


_ActName = Annotated[str, Field(pattern=f"^({'|'.join(sorted(SCORE_ACTS))})$")]


class ScoreChallengeAsked(AskedBody):
    """What is about to be said about scores."""

    act: _ActName = Field(description="The last part of the act's address")
    asked: dict[str, Any] = Field(description="What the act will be asked with, word for word, without `own_key`")


async def scores(call: Call, period: PeriodName) -> ScoresAnswer:
    """The scores of a period with each point and its record; a department's token reads its own."""
    found = await scoring.scored(call.office.records, period_of(period), None, call.now.date())
    table, book = found.table, found.book
    name, published = table.period.name, found.book.published(table.period.name)
    rows = [each for each in table.departments if not call.names or any(map(each.is_of, call.names))]
    own = {*call.names, *(each.department for each in rows)}
    appeals = [each for each in book.open_appeals(name) if not call.names or each.department in own]
    return ScoresAnswer(
        as_of=call.as_of,
        period=name,
        from_on=table.period.from_on,
        to_on=table.period.to_on,
        until=table.until,
        published_on=published.on if published else None,
        changed=published is not None and book.changed_since_published(name),
        departments=tuple(map(DepartmentScoreLine.model_validate, rows)),
        appeals=tuple(map(AppealLine.model_validate, appeals)),
        corrected_elsewhere=tuple(
            ElsewhereLine(point=key, period=each.period, points=each.holds)
            for key, each in found.elsewhere.items()
            if any(row.is_of(each.point.department) for row in rows)
        ),
    )


async def score_challenge(call: Call, asked: ScoreChallengeAsked) -> OfficeChallengeAnswer:
    """What the own key of the token's person signs of an act about scores; nothing is said."""
    act = SCORE_ACTS[asked.act]
    if not call.has(*act.who):
        raise HTTPException(403)
    try:
        body = act.body.model_validate(asked.asked, by_alias=True)
    except ValidationError as error:
        raise UnusableActError(error, "asked") from error
    office = call.office_of(Giver(call.caller, "api"))
    return await office_challenge(call, await act.to_sign(call, office, body))
