"""Names of persons who have left, erased by order: one person prepares it, another one confirms it."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from application.desk_work.name_erasures import confirm, name_erasures, prepare
from application.office.attesting import Giver
from domain.accounts.desk_items import PreparedByTwo
from domain.errors import InputError, RejectedError
from entrypoints.desk.languages import later as _
from entrypoints.desk.routing import ADMINISTRATORS, OFFICE, Page
from entrypoints.desk.two_persons import Faults, TwoPersons
from entrypoints.desk.visits import Visit

WHO: Final = OFFICE | ADMINISTRATORS


async def erasures(visit: Visit) -> Response:
    """Who has left, what waits for a second person, whose names were erased by which order."""
    return await _page(visit, [])


async def prepare_it(visit: Visit) -> Response:
    """One person prepares it."""
    who, order = visit.given("who"), visit.given("order")
    faults: list[tuple[str | None, str]] = []
    if not who:
        faults.append(("who", visit.say("请选择人员。")))
    if not order:
        faults.append(("order", visit.say("请写明依据：谁的哪一份决定。")))
    if faults:
        return await _page(visit, faults)
    now = visit.desk.clock()
    try:
        await prepare(visit.office, visit.desk.accounts, who, order, visit.signed_in, now, await visit.desk.now())
    except (InputError, RejectedError) as error:
        return await _page(visit, [("who", visit.refused(error))])
    return visit.see(_BY_TWO.place)


async def _erase(visit: Visit, prepared: PreparedByTwo) -> Response:
    giver = Giver(visit.signed_in, "desk")
    await confirm(visit.office, visit.desk.accounts, prepared, giver, await visit.desk.now())
    return visit.see(_BY_TWO.place)


async def _page(visit: Visit, faults: Faults) -> Response:
    now = await visit.desk.now()
    found = await name_erasures(visit.office, now)
    return visit.page(
        "erasures.html",
        400 if faults else 200,
        as_of=now,
        left=found.left,
        erased=found.erased,
        waiting=await _BY_TWO.waiting(visit),
        given={name: visit.given(name) for name in ("who", "order")},
        errors=faults,
        faults=dict(faults),
    )


_BY_TWO: Final = TwoPersons("/directory/erasures", {"name_erasure": _("依令删除姓名")}, _erase, _page, WHO)
PAGES = (
    Page("/directory/erasures", erasures, WHO, menu=_("依令删除姓名")),
    Page("/directory/erasures", prepare_it, WHO, "POST"),
    *_BY_TWO.pages(),
)
