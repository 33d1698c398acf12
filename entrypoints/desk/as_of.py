"""The register as it was known on a day: worked out from the ledger, shown and taken away, each look on record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from starlette.responses import Response

from application.audit.inquiries import first_docketed, nothing_yet, record_reading, register_at
from domain.bounds import whole_number
from domain.seeing.views import ProjectView, RegisterView
from entrypoints.desk.days import ENDS, NO_DAY, instant_of
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import Table, exports, shown
from entrypoints.desk.register import EXPLANATION, STANDING
from entrypoints.desk.routing import AUDITORS, Page
from entrypoints.desk.visits import NotFoundError, Visit


async def register_as_of(visit: Visit) -> Response:
    """The register as the ledger had it at an instant of the supervised year."""
    asked = visit.request.query_params.get("at", "") or await _slid_to(visit)
    at, problem = instant_of(asked, ENDS), None
    found, nothing = None, ""
    if asked and at is None:
        problem = ("at", visit.say(NO_DAY))
    if at is not None:
        found = await _read(visit, at)
        nothing = "" if found.projects else await nothing_yet(visit.office.records.ledger, at)
    now = await visit.desk.now()
    first = (await first_docketed(visit.office.records.ledger) or now).date()
    return visit.page(
        "as_of.html",
        200,
        as_of=at or now,
        at=asked,
        found=shown(visit, _table(found.projects), "/as-of") if found else None,
        nothing=nothing,
        foretold=at is not None and at.date() > now.date(),
        first=first,
        last=now.date(),
        days=(now.date() - first).days,
        shown_day=((at or now).date() - first).days,
        errors=(problem,) if problem else (),
    )


async def _slid_to(visit: Visit) -> str:
    """The day to which the slider was moved: it counts the days since the first one."""
    days = whole_number(visit.request.query_params.get("days", ""), len("36500"))
    first = await first_docketed(visit.office.records.ledger)
    return "" if first is None or days is None else (first.date() + timedelta(days=days)).isoformat()


async def whole(visit: Visit) -> Table:
    """The register of the day that is asked for.

    Raises:
        NotFoundError: no day is asked for.
    """
    at = instant_of(visit.request.query_params.get("at", "") or await _slid_to(visit), ENDS)
    if at is None:
        raise NotFoundError
    return _table((await _read(visit, at)).projects)


async def _read(visit: Visit, at: datetime) -> RegisterView:
    await record_reading(visit.office.records, visit.signed_in.name, f"desk register --as-of {at.isoformat()}")
    return await register_at(visit.office.records.ledger, at)


def _table(rows: Sequence[ProjectView]) -> Table:
    return Table("register", _("登记簿"), (*STANDING, EXPLANATION), rows)


PAGES = (
    Page("/as-of", register_as_of, AUDITORS, menu=_("某日登记簿")),
    *exports("/as-of", AUDITORS, whole),
)
