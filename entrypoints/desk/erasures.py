"""Names of persons who have left, erased by order: one person prepares it, another one confirms it."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from application.desk_work.name_erasures import NameErasures, confirm, name_erasures, prepare
from domain.accounts.desk_items import PreparedByTwo
from domain.errors import InputError, RejectedError
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import Column, Table, exports, shown
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
    giver = visit.giver
    await confirm(visit.office, visit.desk.accounts, prepared, giver, await visit.desk.now())
    return visit.see(_BY_TWO.place)


async def whole(visit: Visit) -> Table:
    """Whose names were erased by which order."""
    return _table(await name_erasures(visit.office, await visit.desk.now()))


def _table(found: NameErasures) -> Table:
    columns = (
        Column(_("编号"), lambda each: each[0], "id"),
        Column(_("依据"), lambda each: each[1].order),
        Column(_("办理人"), lambda each: each[1].by),
        Column(_("确认人"), lambda each: each[1].confirmed_by),
    )
    return Table("erasures", _("已依令删除"), columns, found.erased)


async def _page(visit: Visit, faults: Faults) -> Response:
    now = await visit.desk.now()
    found = await name_erasures(visit.office, now)
    return visit.page(
        "erasures.html",
        as_of=now,
        left=found.left,
        erased=shown(visit, _table(found), "/directory/erasures"),
        waiting=await _BY_TWO.waiting(visit),
        given={name: visit.given(name) for name in ("who", "order")},
        errors=faults,
    )


_BY_TWO: Final = TwoPersons("/directory/erasures", {"name_erasure": _("依令删除姓名")}, _erase, _page, WHO)
PAGES = (
    Page("/directory/erasures", erasures, WHO, menu=_("依令删除姓名")),
    *exports("/directory/erasures", WHO, whole),
    Page("/directory/erasures", prepare_it, WHO, "POST"),
    *_BY_TWO.pages(),
)
