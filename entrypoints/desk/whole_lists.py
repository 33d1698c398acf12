"""A whole list reopened or withdrawn: what it would do first, then one person prepares it and another one confirms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from starlette.responses import Response

from application.desk_work.whole_lists import ListAsked, WholeList, act_of, foreseen, prepare
from application.office.reopening import ReopeningPreview
from application.office.withdrawing import WithdrawalPreview
from domain.accounts.desk_items import ByTwo
from domain.errors import InputError, RejectedError
from entrypoints.desk.days import NO_YEAR, year_in
from entrypoints.desk.giving import record_until
from entrypoints.desk.languages import later as _
from entrypoints.desk.routing import OFFICE, Page
from entrypoints.desk.two_persons import Faults, over_a_year
from entrypoints.desk.visits import Visit

KINDS: Final[dict[ByTwo, str]] = {"reopening": _("收回年终或撤销，恢复督办"), "withdrawal": _("撤销整份清单")}


async def whole_lists(visit: Visit) -> Response:
    """What it would do, where a year is asked for, and what waits for a second person."""
    asked, faults = _asked(visit, visit.request.query_params.get)
    return await _page(visit, asked, faults)


async def prepare_it(visit: Visit) -> Response:
    """One person prepares it."""
    asked, faults = _asked(visit, visit.given)
    if asked is not None and not asked.reason:
        faults.append(("reason", visit.say("请写明理由或依据。")))
    if asked is None or faults:
        return await _page(visit, asked, faults or [("year", visit.say(NO_YEAR))])
    try:
        await prepare(visit.office, visit.desk.accounts, asked, visit.signed_in, visit.desk.clock())
    except (InputError, RejectedError) as error:
        return await _page(visit, asked, [(None, visit.refused(error))])
    return visit.see("/whole-lists")


def _asked(visit: Visit, given: Callable[[str], str | None]) -> tuple[ListAsked | None, list[tuple[str | None, str]]]:
    text = (given("year") or "").strip()
    if not text:
        return None, []
    if (year := year_in(text)) is None:
        return None, [("year", visit.say(NO_YEAR))]
    named = (given("projects") or "").replace("、", " ").replace("，", " ").replace(",", " ").split()
    words = {name: (given(name) or "").strip() for name in ("reason", "despite_period")}
    what: WholeList = "withdrawal" if given("what") == "withdrawal" else "reopening"
    projects = tuple(named) if what == "reopening" else ()
    return ListAsked(what, year, words["reason"], projects, words["despite_period"] or None), []


def _figures(found: ReopeningPreview | WithdrawalPreview) -> list[tuple[str, int]]:
    if isinstance(found, ReopeningPreview):
        return [
            (_("恢复的项目"), found.projects),
            (_("随之恢复的分解任务"), found.sub_duties),
            (_("不用恢复的项目"), found.others),
            (_("重新开放的节点"), found.milestones),
            (_("其中已过期的节点"), found.overdue),
            (_("恢复的待办"), found.matters),
        ]
    return [
        (_("要撤销的项目"), found.projects),
        (_("随之撤销的分解任务"), found.sub_duties),
        (_("早已结束的项目"), found.over),
        (_("未了结的节点"), found.milestones),
        (_("随之终止的待办"), found.matters),
    ]


async def _page(visit: Visit, asked: ListAsked | None, faults: Faults) -> Response:
    found, errors = None, list(faults)
    seen_until = await record_until(visit)
    if asked is not None:
        try:
            found = await foreseen(visit.office, asked, visit.signed_in)
        except (InputError, RejectedError) as error:
            errors = errors or [("year", visit.refused(error))]
    if isinstance(found, ReopeningPreview) and found.nothing:
        errors, found = errors or [("year", found.nothing)], None
    return await visit.page_now(
        "whole_lists.html",
        400 if faults else 200,
        years=(await visit.office.register.choices()).years,
        kinds=KINDS,
        asked=asked,
        figures=_figures(found) if found else None,
        runs=found.carried_over_runs if isinstance(found, ReopeningPreview) else (),
        waiting=await _BY_TWO.waiting(visit),
        errors=errors,
        seen_until=seen_until,
    )


_BY_TWO: Final = over_a_year("/whole-lists", KINDS, act_of, lambda visit, faults: _page(visit, None, faults))
PAGES = (
    Page("/whole-lists", whole_lists, OFFICE),
    Page("/whole-lists", prepare_it, OFFICE, "POST"),
    *_BY_TWO.pages(),
)
