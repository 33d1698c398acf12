"""The bulletin of a published score by program: read, and made known in the words of the token's person."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import Field

from application.office import score_bulletins
from application.office.attesting import Giver
from application.office.scoring import period_of
from domain.actors import operator
from domain.scoring.bulletin_text import sections, tables
from domain.scoring.score_bulletin import ScoreBulletin
from domain.texts import Text
from entrypoints.api.answers import Answer, AskedBody, Item
from entrypoints.api.calls import Call
from entrypoints.api.problems import NothingThereError
from entrypoints.api.scores import PeriodName
from entrypoints.bootstrap.documents import said_of

Publication = Annotated[
    int | None, Query(ge=1, le=999, description="Which publication of the period; without it, the last one")
]


class BulletinSection(Item):
    """A heading with its paragraphs."""

    heading: str
    paragraphs: tuple[str, ...]


class BulletinTableAnswer(Item):
    """A table of a bulletin: the very cells of its page, its document and its workbook."""

    name: str
    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]


class ScoreBulletinAnswer(Answer):
    """The bulletin of a publication, as data and in words."""

    bulletin: ScoreBulletin
    sections: tuple[BulletinSection, ...]
    tables: tuple[BulletinTableAnswer, ...]


class BulletinAsked(AskedBody):
    """What a person makes known: on what ground, and the edited text; without a text, that of the draft."""

    reason: Text
    text: Text | None = None
    publication: int | None = Field(default=None, ge=1, le=999, strict=True)


async def score_bulletin(call: Call, period: PeriodName, publication: Publication = None) -> ScoreBulletinAnswer:
    """The bulletin of a published score, a draft until it is made known; a department's token reads its own part of
    one that was made known.

    Raises:
        ScoreRefusedError: the period was not published, or has nothing to tell.
    """
    found = await score_bulletins.bulletin_of(call.office.records, period_of(period), publication)
    if call.names:
        if found.told_on is None:
            raise NothingThereError
        found = found.of(*call.names)
    return _answer(call, found)


async def publish_score_bulletin(call: Call, period: PeriodName, asked: BulletinAsked) -> ScoreBulletinAnswer:
    """Make a published score known as a bulletin, as the token's person.

    Raises:
        ScoreRefusedError: it was made known already, or the score was published again since.
        ClassifiedError: its text bears a classification mark or a word that the lists' policies refuse.
    """
    of = period_of(period)
    office = call.office_of(Giver(call.caller, "api"))
    by = operator(call.caller.name)
    act = await score_bulletins.make_known(office, of, by, asked.reason, asked.text, asked.publication)
    return _answer(call, await score_bulletins.bulletin_of(office.records, of, act.publication))


def _answer(call: Call, found: ScoreBulletin) -> ScoreBulletinAnswer:
    say = said_of(call.office.settings)
    told = tuple(
        BulletinTableAnswer(
            name=each.name,
            caption=each.caption,
            heads=each.heads,
            rows=tuple(
                tuple(cell if isinstance(cell, str | int) else cell.isoformat() for cell in row) for row in each.rows
            ),
        )
        for each in tables(found, say)
    )
    parts = tuple(BulletinSection(heading=heading, paragraphs=lines) for heading, lines in sections(found, say))
    return ScoreBulletinAnswer(as_of=call.as_of, bulletin=found, sections=parts, tables=told)
