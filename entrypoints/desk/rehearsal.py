"""A rehearsal of a list: begun here, run in a process of its own, shown as charts and the same as tables."""

from __future__ import annotations

from collections import Counter

from starlette.responses import Response

from application.desk_work import draft_plans
from application.desk_work.rehearsals import AskedRehearsal
from application.rehearsing.rehearsal import Rehearsed
from domain.errors import InputError
from domain.papers.paper import PAPER_TITLES
from entrypoints.bootstrap import calendar_of, policy_of
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import Column, Table, exports, shown
from entrypoints.desk.routing import OFFICE, Page
from entrypoints.desk.visits import NotFoundError, Visit

BEHAVIOURS = {
    "silent": _("谁都不办理"),
    "on-time": _("都按期办理"),
    "late:5": _("都晚五天"),
    "late:20": _("都晚二十天"),
    "early:7": _("都提前七天办结"),
    "mixed": _("各项不同，各种文书都有"),
}


async def begin(visit: Visit) -> Response:
    """Begin a rehearsal of a list."""
    one = await draft_plans.draft(visit.desk.accounts, visit.request.path_params["key"])
    plan, settings = draft_plans.as_ruled(one), visit.office.settings
    department = visit.given("department")
    behaviour = f"silent:{department}" if department else visit.given("behaviour")
    try:
        rules = policy_of(settings), calendar_of(settings, plan.year)
        visit.desk.rehearsals.begin(one.key, plan, *rules, behaviour, visit.desk.clock())
    except InputError as error:
        return await rehearsal(visit, [("behaviour", visit.refused(error))])
    return visit.see(f"/plans/{one.key}/rehearsal")


async def rehearsal(visit: Visit, errors: list[tuple[str, str]] | None = None) -> Response:
    """The last rehearsal of a list: how far it is, or what it brought."""
    one = await draft_plans.draft(visit.desk.accounts, visit.request.path_params["key"])
    plan = draft_plans.as_ruled(one)
    asked: AskedRehearsal | None = visit.desk.rehearsals.of(one.key)
    found, place = asked.found if asked else None, f"/plans/{one.key}/rehearsal"
    months = Counter(f"{paper.on:%Y-%m}" for paper in found.papers) if found else Counter()
    days = Counter(paper.on for paper in found.papers) if found else Counter()
    to = Counter(paper.to for paper in found.papers) if found else Counter()
    return await visit.page_now(
        "rehearsal.html",
        one=one,
        asked=asked,
        found=found,
        behaviours=BEHAVIOURS,
        departments=sorted({each.lead_department for each in plan.projects}),
        unruled=len(plan.unruled),
        by_month=[(month, n, "") for month, n in sorted(months.items())],
        by_addressee=[(visit.say(name), to[name], "") for name in sorted(to)],
        peaks=sorted(days.items(), key=lambda day: (-day[1], day[0]))[:5],
        papers=shown(visit, _papers(found, 200), f"{place}/papers") if found else None,
        burden=shown(visit, _burden(found), f"{place}/burden") if found else None,
        errors=errors or (),
    )


async def whole_papers(visit: Visit) -> Table:
    """Every paper that would go out."""
    return _papers(_found(visit))


async def whole_burden(visit: Visit) -> Table:
    """The papers of each addressee by month."""
    return _burden(_found(visit))


def _found(visit: Visit) -> Rehearsed:
    asked = visit.desk.rehearsals.of(visit.request.path_params["key"])
    if asked is None or asked.found is None:
        raise NotFoundError
    return asked.found


def _papers(found: Rehearsed, most: int | None = None) -> Table:
    columns = (
        Column(_("日期"), lambda paper: paper.on, "day"),
        Column(_("文书"), lambda paper: PAPER_TITLES[paper.kind], "word"),
        Column(_("收文方"), lambda paper: paper.to, "said"),
        Column(_("编号"), lambda paper: paper.milestone_id or paper.project_id, "id"),
    )
    return Table("papers", _("全部文书"), columns, found.papers[:most])


def _burden(found: Rehearsed) -> Table:
    columns = (
        Column(_("收文方"), lambda each: each.addressee, "said"),
        Column(_("月份"), lambda each: each.month, "id"),
        Column(_("发出"), lambda each: each.sent),
        Column(_("超出上限不发"), lambda each: each.withheld),
    )
    return Table("burden", _("每月收文"), columns, found.burden)


PAGES = (
    Page("/plans/{key}/rehearsal", rehearsal, OFFICE),
    Page("/plans/{key}/rehearsal", begin, OFFICE, "POST"),
    *exports("/plans/{key}/rehearsal/papers", OFFICE, whole_papers),
    *exports("/plans/{key}/rehearsal/burden", OFFICE, whole_burden),
)
