"""All open duties of a department go to another one: what would go over first, then what became of each project."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from application.office.every_project import AskedBy, Result
from application.office.handing_over import HandingOver, HandingOverPreview
from application.office.named_givers import must_be_no_department
from domain.accounts.refusals import NoOwnKeyError
from domain.actors import operator
from domain.acts.commands import ReassignLead, ReplaceParticipant
from domain.errors import InputError, RejectedError
from entrypoints.desk.act_forms import Unusable, filled, form_of
from entrypoints.desk.giving import record_seen, record_until
from entrypoints.desk.languages import later as _
from entrypoints.desk.routing import OFFICE, Page
from entrypoints.desk.signatures import NeedsSignatureError, signing_office, signing_page
from entrypoints.desk.two_persons import results_table
from entrypoints.desk.visits import Visit

_PLACE: Final = "/hand-over"
_NOT_YET: Final = "preview"
"""The reason of what is only looked at."""
_LABELS: Final[dict[str | None, str]] = {
    "department": _("移交的部门"),
    "to": _("接办的部门"),
    "reason": _("理由或依据"),
}


async def hand_over(visit: Visit) -> Response:
    """The form; what would go over, where two departments are named."""
    given = visit.request.query_params.get
    return await _page(visit, {"reason": "", **{name: (given(name) or "").strip() for name in ("department", "to")}})


async def hand_it_over(visit: Visit) -> Response:
    """Hand over, and report of each project."""
    asked = {name: visit.given(name).strip() for name in ("department", "to", "reason")}
    if faults := _faults(visit, asked):
        return await _page(visit, asked, faults)
    act, office = _act(visit, asked), signing_office(visit)
    try:
        await must_be_no_department(office.records, act.asking.by)
        results = await act.give(office)
    except NeedsSignatureError as needed:
        return await signing_page(visit, needed, _PLACE)
    except (InputError, RejectedError, NoOwnKeyError) as error:
        return await _page(visit, asked, [(None, visit.refused(error))])
    return await _page(visit, asked, results=results)


def _act(visit: Visit, asked: dict[str, str]) -> HandingOver:
    asking = AskedBy(operator(visit.signed_in.name), None, asked["reason"], record_seen(visit))
    return HandingOver(None, asking, asked["department"], asked["to"])


def _faults(visit: Visit, asked: dict[str, str]) -> list[tuple[str | None, str]]:
    """What is wrong with what was written, by the fields of the acts that it becomes in projects."""
    by = operator(visit.signed_in.name)
    faults: dict[str | None, str] = {}
    for kind in (ReplaceParticipant, ReassignLead):
        usable = filled(form_of(kind), asked, "-", by, None, (), None)
        faults.update(usable.faults if isinstance(usable, Unusable) else {})
    return [
        (name, f"{visit.say(_LABELS[name])}：{fault}" if name in _LABELS else fault) for name, fault in faults.items()
    ]


def _figures(found: HandingOverPreview) -> list[tuple[str, int]]:
    return [
        (_("移交的项目"), found.projects),
        (_("其中牵头的"), found.leads),
        (_("随之移交的分解任务"), found.sub_duties),
        (_("未了结的节点"), found.milestones),
    ]


async def _page(
    visit: Visit,
    asked: dict[str, str],
    errors: list[tuple[str | None, str]] | None = None,
    results: list[Result] | None = None,
) -> Response:
    figures, faults = None, list(errors or ())
    seen_until = await record_until(visit)
    if results is None and (asked["department"] or asked["to"]):
        asked_anyhow = {**asked, "reason": asked["reason"] or _NOT_YET}
        faults = faults or _faults(visit, asked_anyhow)
        try:
            figures = None if faults else _figures(await _act(visit, asked_anyhow).preview(visit.office))
        except (InputError, RejectedError) as error:
            faults = [(None, visit.refused(error))]
    return visit.page(
        "hand_over.html",
        400 if faults else 200,
        as_of=await visit.desk.now(),
        asked=asked,
        figures=figures,
        table=results_table(visit, results, "hand-over") if results is not None else None,
        count=len(results or ()),
        failed=sum(each.outcome == "failed" for each in results or ()),
        departments=sorted({each.department for each in await visit.office.register.departments()}),
        errors=faults,
        seen_until=seen_until,
    )


PAGES = (
    Page(_PLACE, hand_over, OFFICE),
    Page(_PLACE, hand_it_over, OFFICE, "POST"),
)
