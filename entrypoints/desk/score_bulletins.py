"""The bulletin of a published score: drafted, edited, made known, taken away; a department sees its own part."""

from __future__ import annotations

from functools import partial
from typing import Final
from urllib.parse import urlencode

from pydantic import ValidationError
from starlette.responses import Response

from application.office import score_bulletins
from application.office.scoring import period_of
from domain.actors import operator
from domain.bounds import whole_number
from domain.errors import InputError, RejectedError
from domain.markings import TYPED, must_bear_no_mark
from domain.scoring.bulletin_text import BulletinTable, sections, standing_told, tables
from domain.scoring.score_bulletin import ScoreBulletin
from entrypoints.bootstrap import score_bulletin_file
from entrypoints.bootstrap.documents import said_of
from entrypoints.desk.cells import Shown
from entrypoints.desk.downloads import document_download
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import ShownTable
from entrypoints.desk.reading import own_department
from entrypoints.desk.routing import MEMBERS, OFFICE, READERS, Page
from entrypoints.desk.signatures import signing_office
from entrypoints.desk.visits import NotFoundError, Visit

_WHOLE: Final = "/scores/bulletin"
_OWN: Final = "/own-score/bulletin"


async def bulletin(visit: Visit) -> Response:
    """The bulletin of a period, draft or made known; the scores, where no period is asked for."""
    name = visit.request.query_params.get("period", "")
    return await _page(visit, name) if name else visit.see("/scores")


async def own_bulletin(visit: Visit) -> Response:
    """What a bulletin that was made known says to the asking person's department."""
    try:
        found = await _own(visit)
    except (InputError, RejectedError) as error:
        return _none(visit, visit.request.query_params.get("period", ""), [(None, visit.refused(error))])
    return _shown(visit, found, _OWN, ())


async def document(visit: Visit) -> Response:
    """The bulletin as a file."""
    return await _file(visit, await _asked(visit))


async def own_document(visit: Visit) -> Response:
    """The part of the asking person's department as a file."""
    return await _file(visit, await _own(visit))


async def publish(visit: Visit) -> Response:
    """Make a publication known in the words of the person who edited the draft."""
    name, number, reason = visit.given("period"), visit.given("publication"), visit.given("reason")
    office = signing_office(visit)
    try:
        if not reason:
            raise InputError("请写明理由或依据。")
        for typed in (reason, visit.given("text")):
            must_bear_no_mark(typed, TYPED)
        by, period = operator(visit.signed_in.name), period_of(name)
        await score_bulletins.make_known(office, period, by, reason, visit.given("text"), whole_number(number, 3))
    except ValidationError:
        told = visit.say(_("通报的文字或依据没有写、太长，或者写了不能写的字：请改好后再发布。"))
        return await _page(visit, name, told, visit.given("text"))
    except (InputError, RejectedError) as error:
        return await _page(visit, name, visit.refused(error), visit.given("text"))
    return visit.see(f"{_WHOLE}?{urlencode({'period': name})}")


async def _asked(visit: Visit, name: str | None = None) -> ScoreBulletin:
    asked = visit.request.query_params
    period = period_of(asked.get("period", "") if name is None else name)
    return await score_bulletins.bulletin_of(
        visit.office.records, period, whole_number(asked.get("publication", ""), 3)
    )


async def _own(visit: Visit) -> ScoreBulletin:
    name, found = own_department(visit), await _asked(visit)
    if found.told_on is None:
        raise NotFoundError
    return found.of(name)


async def _file(visit: Visit, found: ScoreBulletin) -> Response:
    return await document_download(
        visit, said_of(visit.office.settings)(found.title), partial(score_bulletin_file, found)
    )


async def _page(visit: Visit, name: str, fault: str | None = None, edited: str | None = None) -> Response:
    errors = [(None, fault)] if fault else []
    try:
        found = await _asked(visit, name)
    except (InputError, RejectedError) as error:
        told = visit.refused(error)
        if told != fault:
            errors.append((None, told))
        return _none(visit, name, errors)
    return _shown(visit, found, _WHOLE, errors, edited)


def _none(visit: Visit, name: str, errors: object) -> Response:
    return visit.page("score_bulletin.html", 400, bulletin=None, period=name, errors=errors)


def _shown(
    visit: Visit,
    found: ScoreBulletin,
    place: str,
    errors: object,
    edited: str | None = None,
) -> Response:
    say = said_of(visit.office.settings)  # a bulletin is in the language of the papers, whoever looks at it
    query = {"period": found.period.name, "publication": found.publication}
    if place == _OWN:
        query["department"] = own_department(visit)
    return visit.page(
        "score_bulletin.html",
        bulletin=found,
        period=found.period.name,
        place=place,
        query=urlencode(query),
        title=say(found.title),
        standing=say(standing_told(found)),
        sections=sections(found, say),
        tables=[_as_shown(table) for table in tables(found, say)],
        text=say(found.text) if edited is None else edited,
        section=visit.has("operator"),
        errors=errors,
    )


def _as_shown(table: BulletinTable) -> ShownTable:
    cells = [[Shown(cell, "text", cell, None, isinstance(cell, str)) for cell in row] for row in table.rows]
    return ShownTable(f"{table.name}　{table.caption}", list(table.heads), cells)


PAGES = (
    Page(_WHOLE, bulletin, READERS),
    Page(f"{_WHOLE}.{{ending}}", document, READERS),
    Page(f"{_WHOLE}/publish", publish, OFFICE, "POST"),
    Page(_OWN, own_bulletin, MEMBERS),
    Page(f"{_OWN}.{{ending}}", own_document, MEMBERS),
)
