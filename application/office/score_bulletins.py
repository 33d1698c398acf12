"""The bulletin of a published score: read from the record as it stood when the score was published, and made known."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import takewhile

from application.office.office import Office
from application.office.scoring import Decided, keep, scored_in
from application.records import Records
from domain.actors import Actor
from domain.events import DomainEvent
from domain.ids import supervision_workflow_id
from domain.ports.ledger import Ledger
from domain.record.leaf import SCORES_STREAM, domain_event_of
from domain.record.recorded_projects import listed_projects
from domain.scoring.period import Period
from domain.scoring.refusals import NotPublishedError, UnknownPublicationError
from domain.scoring.score_acts import ScoreBook, ScoreBulletinPublished, ScorePublished, recorded_scores, score_act_of
from domain.scoring.score_bulletin import ScoreBulletin, bulletin_published, score_bulletin
from domain.scoring.table import ScoreTable, score_table


async def bulletin_of(records: Records, period: Period, publication: int | None = None) -> ScoreBulletin:
    """The bulletin of a publication of a period, or of the last one: a draft until it was made known.

    Raises:
        ScoreRefusedError: the period has no such publication, or nothing to tell.
    """
    return await asyncio.to_thread(bulletin_from, records.ledger, period, publication)


async def make_known(
    office: Office, period: Period, by: Actor, reason: str, text: str | None, publication: int | None
) -> ScoreBulletinPublished:
    """Make a publication known as a bulletin, in the words of the draft or as its person edited them.

    Raises:
        ScoreRefusedError: a rule refuses it.
        StreamMovedError: by what somebody else said meanwhile it comes to something else; nothing was recorded.
        ActNotAttestedError: nobody is signed in here.
        ClassifiedError: a text of it bears a classification mark, or a word that the lists' policies refuse.
        SaysNothingError: a text of it has no word.
    """

    async def decided() -> Decided:
        draft = await bulletin_of(office.records, period, publication)
        book = await asyncio.to_thread(recorded_scores, office.records.ledger)
        act = ScoreBulletinPublished(
            by=by,
            reason=reason,
            on=office.now().date(),
            period=period.name,
            publication=draft.publication,
            table=draft.table,
            text=text if text is not None else draft.text,
        )
        about = {each.project_id for row in draft.departments for each in row.assignments}
        return Decided(bulletin_published(book, act), about, len(book.acts))

    kept = await keep(office, decided)
    assert isinstance(kept, ScoreBulletinPublished)
    return kept


def bulletin_from(ledger: Ledger, period: Period, publication: int | None) -> ScoreBulletin:
    """The same, read from a ledger."""
    entries = list(ledger.entries(SCORES_STREAM))
    acts = list(map(score_act_of, entries))
    places = [at for at, act in enumerate(acts) if isinstance(act, ScorePublished) and act.period == period.name]
    if not places:
        raise NotPublishedError(period=period.name)
    number = len(places) if publication is None else publication
    if not 1 <= number <= len(places):
        raise UnknownPublicationError(period=period.name, times=len(places), number=number)
    place = places[number - 1]
    said, book = acts[place], ScoreBook(acts)
    assert isinstance(said, ScorePublished)
    table = _as_published(ledger, period, said, ScoreBook(acts[:place]), entries[place].position)
    now = scored_in(ledger, period, None, said.until).table if place + 1 < len(acts) or number > 1 else table
    return score_bulletin(said, number, table, book, now)


def _as_published(ledger: Ledger, period: Period, said: ScorePublished, before: ScoreBook, position: int) -> ScoreTable:
    """The table from what the ledger had when it was published, and nothing that came later."""

    def events(stream: str) -> Iterator[DomainEvent]:
        earlier = takewhile(lambda entry: entry.position < position, ledger.entries(stream))
        return (domain_event_of(entry) for entry in earlier)

    streams = (events(supervision_workflow_id(project_id)) for project_id in listed_projects(ledger))
    return score_table(
        streams,
        said.rules,
        period,
        said.until,
        before.corrections(period.name),
        before.falsified(said.rules),
        said.names,
    )
