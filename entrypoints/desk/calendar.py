"""Calendars to subscribe to: secret addresses, made and revoked by whoever is signed in; the calendar itself."""

from __future__ import annotations

from starlette.responses import Response

from application.desk_work import calendars
from application.desk_work.calendars import MadeAddress
from domain.bounds import whole_number
from domain.errors import InputError
from entrypoints.desk.languages import later as _
from entrypoints.desk.leader import LEADERS
from entrypoints.desk.listings import Column, Table, exports, shown
from entrypoints.desk.routing import MEMBERS, Page
from entrypoints.desk.visits import NotFoundError, Visit


async def calendar(
    visit: Visit, errors: list[tuple[str, str]] | None = None, made: MadeAddress | None = None
) -> Response:
    """The addresses of whoever is signed in."""
    return await visit.page_now(
        "calendar.html",
        table=shown(visit, await whole(visit), "/calendar"),
        leads=visit.has(*LEADERS),
        departments=visit.signed_in.reads,
        made=made,
        base=str(visit.request.base_url),
        days_before=visit.given("days_before") or "3",
        errors=errors or (),
    )


async def make(visit: Visit) -> Response:
    """Make an address, and show it once."""
    days, department = whole_number(visit.given("days_before"), len("30")), visit.given("department") or None
    if days is None or days > calendars.MOST_DAYS_BEFORE:
        return await calendar(visit, [("days_before", visit.say("提前几天提醒写作 0 到 30 的数字。"))])
    try:
        made = await calendars.make(visit.desk.accounts, visit.signed_in, department, days, visit.desk.clock())
    except InputError as error:
        return await calendar(visit, [("department", visit.refused(error))])
    return await calendar(visit, made=made)


async def revoke(visit: Visit) -> Response:
    """Let an address answer no more."""
    await calendars.revoke(visit.desk.accounts, visit.signed_in, visit.request.path_params["number"])
    return visit.see("/calendar")


async def feed(visit: Visit) -> Response:
    """The calendar behind a secret address, for a program that nobody signs in to."""
    base = str(visit.request.base_url)
    secret = visit.request.path_params["secret"]
    data = await calendars.calendar_of(visit.office, visit.desk.accounts, secret, base)
    if data is None:
        raise NotFoundError
    return Response(data, media_type="text/calendar; charset=utf-8")


async def whole(visit: Visit) -> Table:
    """The addresses of whoever is signed in; no secret is among them, for none is kept."""
    columns = (
        Column(_("编号"), lambda each: each.number, "id"),
        Column(_("日历"), lambda each: each.department or visit.say("我分管的事项"), "told"),
        Column(_("提前提醒"), lambda each: visit.say("%(n)s 天", n=each.days_before), "told"),
        Column(_("设立时间"), lambda each: each.made_at, "instant"),
    )
    return Table("calendar", _("日历地址"), columns, await calendars.addresses(visit.desk.accounts, visit.signed_in))


PAGES = (
    Page("/calendar", calendar, MEMBERS | LEADERS, menu=_("日历订阅")),
    *exports("/calendar", MEMBERS | LEADERS, whole),
    Page("/calendar", make, MEMBERS | LEADERS, "POST"),
    Page("/calendar/{number}/revoke", revoke, MEMBERS | LEADERS, "POST"),
    Page("/feeds/{secret}.ics", feed, "everybody"),
)
