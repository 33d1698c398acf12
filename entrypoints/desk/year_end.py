"""A year's end: what it would do first, then one person prepares it and another one confirms it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from starlette.responses import Response

from application.desk_work.draft_plans import take_in
from application.desk_work.year_end_by_two import Foreseen, YearEndAsked, act_of, foreseen, prepare
from application.office.every_project import AskedBy
from application.office.year_end import left_over
from domain.actors import operator
from domain.errors import InputError, RejectedError, UnreadableIdError
from domain.ids import project_of
from entrypoints.desk.days import NO_YEAR, year_in
from entrypoints.desk.giving import record_until
from entrypoints.desk.languages import later as _
from entrypoints.desk.routing import OFFICE, Page
from entrypoints.desk.two_persons import Faults, over_a_year
from entrypoints.desk.visits import Visit


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
        return await _page(visit, asked, [(None, visit.refused(error))])
    return visit.see(f"/year-end?year={asked.year}")


async def carried_over(visit: Visit) -> Response:
    """Take what a closed year leaves to a later one into the lists: its dates are ruled on and started there."""
    asked, faults = _asked(visit, visit.given)
    if asked is None:
        return await _page(visit, asked, faults or [("year", visit.say(NO_YEAR))])
    by = visit.signed_in
    try:
        plan = await left_over(visit.office, asked.year, AskedBy(operator(by.name), None, asked.reason))
    except (InputError, RejectedError) as error:
        return await _page(visit, asked, [(None, visit.refused(error))])
    return visit.see(f"/plans/{(await take_in(visit.desk.accounts, plan, by, visit.desk.clock())).key}")


def _asked(visit: Visit, given: Any) -> tuple[YearEndAsked | None, list[tuple[str | None, str]]]:
    faults: list[tuple[str | None, str]] = []
    numbers = {}
    for name in ("year", "to_year"):
        text = given(name) or ""
        if (year := year_in(text)) is not None:
            numbers[name] = year
        elif text:
            faults.append((name, visit.say(NO_YEAR)))
    ended = tuple((given("ended") or "").replace("、", " ").replace("，", " ").replace(",", " ").split())
    try:
        for milestone_id in ended:
            project_of(milestone_id)
    except UnreadableIdError as error:
        faults.append(("ended", visit.refused(error)))
    if "year" not in numbers or faults:
        return None, faults
    to_year = numbers.get("to_year", numbers["year"] + 1)
    words = {name: (given(name) or "").strip() for name in ("reason", "despite_period")}
    return YearEndAsked(numbers["year"], to_year, words["reason"], ended, words["despite_period"] or None), faults


async def _page(visit: Visit, asked: YearEndAsked | None, faults: Faults) -> Response:
    years = (await visit.office.register.choices()).years
    now = await visit.desk.now()
    if asked is None and years:
        asked = YearEndAsked(max([each for each in years if each <= now.year] or years), 0, "")
        asked = replace(asked, to_year=asked.year + 1)
    found: Foreseen | None = None
    errors = list(faults)
    seen_until = await record_until(visit)
    if asked is not None and years:
        try:
            found = await foreseen(visit.office, asked.year, asked.ended, visit.signed_in)
        except (InputError, RejectedError) as error:
            errors = errors or [("year", visit.refused(error))]
    return visit.page(
        "year_end.html",
        400 if faults else 200,
        as_of=now,
        years=years,
        asked=asked,
        found=found,
        waiting=await _BY_TWO.waiting(visit),
        errors=errors,
        seen_until=seen_until,
    )


_BY_TWO: Final = over_a_year(
    "/year-end", {"year_end": _("年终")}, act_of, lambda visit, faults: _page(visit, None, faults)
)
PAGES = (
    Page("/year-end", year_end, OFFICE),
    Page("/year-end", prepare_it, OFFICE, "POST"),
    Page("/year-end/carried-over", carried_over, OFFICE, "POST"),
    *_BY_TWO.pages(),
)
