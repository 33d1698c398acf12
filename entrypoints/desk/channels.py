"""Channels for an administrator: who gets whose papers by which way, a trial to each, and where every message is."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from starlette.responses import Response

from application.office.channel_desk import Standing, Trial, standings, tried_out
from domain.errors import DubanError, InputError
from domain.paging import latest_first
from domain.papers.delivery_words import STATE_WORDS, reason_in_words, why_and_next
from domain.papers.routes import INBOX, Routes
from domain.record.leaf import leaf_instant
from entrypoints.bootstrap import engine_now
from entrypoints.bootstrap.channels import open_channels, routes_of
from entrypoints.bootstrap.documents import said_of
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import Column, Table, exports, only_told, shown
from entrypoints.desk.paging import pages_of, part_of
from entrypoints.desk.routing import ADMINISTRATORS, Page
from entrypoints.desk.visits import Visit

ROWS: Final = 100


async def channels(
    visit: Visit, fault: str | None = None, found: list[Trial] | None = None, tried: str = ""
) -> Response:
    """The routes, and a trial for each reader."""
    routes, problem = Routes(), None
    try:
        routes = routes_of(visit.office.settings)
    except DubanError as error:
        problem = visit.refused(error)
    trials = (
        Column(_("通道"), lambda each: each.channel, "id"),
        Column(_("结果"), lambda each: STATE_WORDS[each.answer.outcome], "word"),
        Column(_("说明"), lambda each: each.answer.reference or reason_in_words(each.answer.reason), "said"),
    )
    return await visit.page_now(
        "channels.html",
        file=str(visit.office.settings.channels or ""),
        readers=shown(visit, _readers(visit, routes), "/channels"),
        problem=problem,
        tried=tried,
        table=only_told(visit, Table("trial", _("试发结果"), trials, found)) if found is not None else None,
        errors=[(None, fault)] if fault else (),
    )


async def trial(visit: Visit) -> Response:
    """Send a trial to a reader by each of his ways; nothing of it is recorded."""
    reader = visit.given("reader")
    try:
        routes = routes_of(visit.office.settings)
        if reader not in routes.readers:
            return await channels(visit, visit.say("通道文件里没有这位收件人：请核对通道文件。"))
        opened = open_channels(visit.office.settings, routes)
        try:
            found = await tried_out(routes, opened, reader, engine_now(), said_of(visit.office.settings))
        finally:
            for each in opened.values():
                await each.close()
    except InputError as error:
        return await channels(visit, visit.refused(error))
    return await channels(visit, found=found, tried=reader)


async def deliveries(visit: Visit) -> Response:
    """Where every message is, the newest first."""
    found = await _found(visit)
    part, lies = latest_first(found, part_of(visit, ROWS), _place)
    return await visit.page_now(
        "deliveries.html",
        table=shown(visit, _deliveries(part), "/deliveries"),
        pages=pages_of(lies, len(part), len(found)),
        states=STATE_WORDS,
        state=visit.request.query_params.get("state", ""),
        reader=visit.request.query_params.get("reader", ""),
    )


async def whole(visit: Visit) -> Table:
    """All messages that are asked for."""
    return _deliveries(await _found(visit))


async def _found(visit: Visit) -> list[Standing]:
    reader, state = visit.request.query_params.get("reader"), visit.request.query_params.get("state")
    found = await asyncio.to_thread(standings, visit.office.records.ledger, reader or None)
    wanted = [each for each in found if state in (None, "", each.delivery.state)]
    return sorted(wanted, key=_place, reverse=True)


def _place(each: Standing) -> str:
    return f"{leaf_instant(each.delivery.gathered_at)} {each.reader} {each.delivery.message_id}"


def _deliveries(found: Sequence[Standing]) -> Table:
    columns = (
        Column(_("收件人"), lambda each: each.reader),
        Column(_("时间"), lambda each: each.delivery.gathered_at, "instant"),
        Column(_("件数"), lambda each: each.delivery.papers),
        Column(_("通道"), lambda each: each.delivery.channel, "id"),
        Column(_("到了哪里"), lambda each: STATE_WORDS[each.delivery.state], "word"),
        Column(_("次数"), lambda each: each.delivery.attempts),
        Column(_("原因和下一步"), lambda each: why_and_next(each.delivery), "said"),
    )
    return Table("deliveries", _("发送情况"), columns, found)


async def whole_readers(visit: Visit) -> Table:
    """Who gets whose papers by which way."""
    return _readers(visit, routes_of(visit.office.settings))


def _readers(visit: Visit, routes: Routes) -> Table:
    def ways(name: str) -> str:
        steps = (step.channel for step in routes.steps_of(name))
        return " → ".join(visit.say("督办平台") if each == INBOX else each for each in steps)

    columns = (
        Column(_("收件人"), lambda name: name),
        Column(_("收谁的文书"), lambda name: visit.joined(routes.readers[name].reads), "told"),
        Column(_("通道（依次）"), ways, "told"),
    )
    return Table("channels", _("收件人"), columns, tuple(routes.readers))


PAGES = (
    Page("/channels", channels, ADMINISTRATORS, menu=_("通道")),
    *exports("/channels", ADMINISTRATORS, whole_readers),
    Page("/channels", trial, ADMINISTRATORS, "POST"),
    Page("/deliveries", deliveries, ADMINISTRATORS, menu=_("发送情况")),
    *exports("/deliveries", ADMINISTRATORS, whole),
)
