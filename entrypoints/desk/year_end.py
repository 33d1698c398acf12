"""A year's end: what it would do first, then one person prepares it and another one confirms it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from starlette.responses import Response

from application.desk_work.year_end_by_two import (
    Foreseen,
    YearEndAsked,
    confirm,
    foreseen,
    give_up,
    prepare,
    prepared_year_ends,
)
from domain.accounts.refusals import NoOwnKeyError
from domain.errors import EngineUnreachableError, InputError, RejectedError, UnreadableIdError
from domain.ids import project_of
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import Column, Table, shown
from entrypoints.desk.routing import OFFICE, Page
from entrypoints.desk.signatures import NeedsSignatureError, signing_office, signing_page
from entrypoints.desk.visits import Visit

_OUTCOMES = {
    "done": _("已结转"),
    "unchanged": _("没有变化"),
    "closed": _("早已结束"),
    "failed": _("没有办成"),
}


async def year_end(visit: Visit) -> Response:
    """What closing a year would do, and what waits for a second person."""
    asked, faults = _asked(visit, visit.request.query_params.get)
    return await _page(visit, asked, faults)


async def prepare_it(visit: Visit) -> Response:
    """One person prepares a year's end."""
    asked, faults = _asked(visit, visit.given)
    if asked is not None and not asked.reason:
        faults.append(("reason", visit.say("请写明理由或依据。")))
    if asked is None or faults:
        return await _page(visit, asked, faults)
    try:
        await prepare(visit.office, visit.desk.accounts, asked, visit.signed_in, visit.desk.clock())
    except (InputError, RejectedError) as error:
        return await _page(visit, asked, [(None, error.text)])
    return visit.see(f"/year-end?year={asked.year}")


async def confirm_it(visit: Visit) -> Response:
    """Another person confirms a year's end, and sees what became of each project."""
    key = visit.request.path_params["key"]
    try:
        done, results = await confirm(
            signing_office(visit), visit.desk.accounts, key, visit.signed_in, visit.desk.clock()
        )
    except NeedsSignatureError as needed:
        return await signing_page(visit, needed, "/year-end")
    except EngineUnreachableError:
        raise
    except (InputError, RejectedError, NoOwnKeyError) as error:
        return await _page(visit, None, [(None, error.text)])
    columns = (
        Column(_("编号"), lambda each: each.project_id, "id", lambda each: f"/projects/{each.project_id}"),
        Column(_("结果"), lambda each: _OUTCOMES[each.outcome], "word"),
        Column(_("说明"), lambda each: each.text),
    )
    table = shown(visit, Table("year-end", _("各项目的结果"), columns, results))
    failed = sum(each.outcome == "failed" for each in results)
    return visit.page(
        "year_end_done.html", as_of=await visit.desk.now(), done=done, table=table, failed=failed, count=len(results)
    )


async def drop_it(visit: Visit) -> Response:
    """Give up what was prepared."""
    await give_up(visit.desk.accounts, visit.request.path_params["key"])
    return visit.see("/year-end")


def _asked(visit: Visit, given: Any) -> tuple[YearEndAsked | None, list[tuple[str | None, str]]]:
    faults: list[tuple[str | None, str]] = []
    numbers = {}
    for name in ("year", "to_year"):
        text = given(name) or ""
        if text and not (text.isascii() and text.isdigit() and len(text) == len("2018")):
            faults.append((name, visit.say("年份写作四位数字，如 2018。")))
        elif text:
            numbers[name] = int(text)
    ended = tuple((given("ended") or "").replace("、", " ").replace("，", " ").replace(",", " ").split())
    try:
        for milestone_id in ended:
            project_of(milestone_id)
    except UnreadableIdError as error:
        faults.append(("ended", error.text))
    if "year" not in numbers or faults:
        return None, faults
    to_year = numbers.get("to_year", numbers["year"] + 1)
    words = {name: (given(name) or "").strip() for name in ("reason", "despite_period")}
    return YearEndAsked(numbers["year"], to_year, words["reason"], ended, words["despite_period"] or None), faults


async def _page(visit: Visit, asked: YearEndAsked | None, faults: Sequence[tuple[str | None, str]]) -> Response:
    years = (await visit.office.register.choices()).years
    now = await visit.desk.now()
    if asked is None and years:
        asked = YearEndAsked(max([each for each in years if each <= now.year] or years), 0, "")
        asked = replace(asked, to_year=asked.year + 1)
    found: Foreseen | None = None
    errors = list(faults)
    if asked is not None and years:
        try:
            found = await foreseen(visit.office, asked.year, asked.ended, visit.signed_in)
        except (InputError, RejectedError) as error:
            errors = errors or [("year", error.text)]
    waiting = await prepared_year_ends(visit.desk.accounts, visit.desk.clock())
    return visit.page(
        "year_end.html",
        400 if faults else 200,
        as_of=now,
        years=years,
        asked=asked,
        found=found,
        waiting=waiting,
        errors=errors,
        faults=dict(errors),
    )


PAGES = (
    Page("/year-end", year_end, OFFICE),
    Page("/year-end", prepare_it, OFFICE, "POST"),
    Page("/year-end/{key}/confirm", confirm_it, OFFICE, "POST"),
    Page("/year-end/{key}/give-up", drop_it, OFFICE, "POST"),
)
