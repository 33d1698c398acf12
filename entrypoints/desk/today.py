"""Today: what waits for a department, most urgent first; lead and participating apart; the rest folded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from starlette.responses import Response

from application.desk_work.deputies import principals
from application.desk_work.mailed_answers import waiting_for
from application.office.acts import Act
from domain.acts.commands import SignReceipt
from domain.errors import DubanError
from domain.ids import MilestoneId, ProjectId
from domain.ports.register import DutyQuery, MatterQuery, ProjectQuery, Urgency
from domain.ports.register_lines import MatterRow, Role
from domain.rules.life_cycle import LimitKind
from domain.rungs.limits import LIMIT_WORDS
from entrypoints.desk.giving import attested, drawn_for, new_request
from entrypoints.desk.languages import later as _
from entrypoints.desk.reading import acting_department, actor_of, own_department, who_acts
from entrypoints.desk.routing import DEPARTMENTS, MEMBERS, Page
from entrypoints.desk.visits import Visit

_OWED: Final[tuple[LimitKind, ...]] = tuple(kind for kind in LIMIT_WORDS if kind != "receipt")
"""What a department owes an answer to, as it has the duty or as it gave a part of one; receipts stand by themselves."""
URGENCIES: Final[dict[Urgency, str]] = {
    "returned": _("已退回，须重新办理"),
    "overdue": _("已逾期"),
    "behind": _("红灯，还没有到期"),
    "in_retrospect": _("交办前已到期，请补报实际完成情况"),
    "soon": _("本周到期"),
    "waiting": _("已申请办结，等候审核"),
    "later": _("以后到期"),
}
_ROLES: Final[tuple[tuple[Role, str], ...]] = (("lead", _("牵头")), ("participant", _("参与")))
_SHOWN, _OWED_SHOWN = 10, 50
_SOON_DAYS = 7


async def today(visit: Visit) -> Response:
    """What waits for the department."""
    name = own_department(visit)
    desk = visit.office.register
    standing = await desk.current()
    now = await visit.desk.now()
    day = now.date()
    soon = day + timedelta(days=_SOON_DAYS - 1 - day.weekday())
    agenda = await desk.agenda(name, day, soon, _SHOWN)
    unsigned = await desk.duties(DutyQuery(department=name, open=True, signed=False, limit=1))
    to_sign = await desk.matters(MatterQuery(owner=name, kinds=("receipt",), limit=1))
    only_reads = await who_acts(visit, name)
    mailed = () if only_reads else await waiting_for(visit.desk.accounts, name)
    owed = await desk.matters(MatterQuery(owner=name, kinds=_OWED, limit=_OWED_SHOWN))
    return visit.page(
        "today.html",
        as_of=now,
        standing=standing,
        department=name,
        departments=visit.signed_in.reads,
        only_reads=only_reads,
        mailed=len(mailed),
        unsigned=unsigned.count,
        first_to_sign=to_sign.rows[0] if to_sign.rows else None,
        owed=owed,
        answered_at=await _answered_at(visit, owed.rows),
        roles=[(word, role, [part for part in agenda if part.role == role]) for role, word in _ROLES],
        urgencies=URGENCIES,
        titles=await _titles(visit, dict.fromkeys(duty.project_id for part in agenda for duty in part.rows)),
        any=bool(agenda or owed.rows or mailed),
        principals=await principals(visit.office, visit.signed_in, day),
    )


async def sign_all(visit: Visit) -> Response:
    """Sign everything that is not signed yet, and say of each project whether it was done."""
    name = acting_department(visit)
    duties = (await visit.office.register.duties(DutyQuery(department=name, open=True, signed=False))).rows
    results: list[tuple[ProjectId, str | None]] = []
    for project_id in dict.fromkeys(duty.project_id for duty in duties):
        act = Act(project_id, SignReceipt(request_id=new_request(), by=actor_of(visit.signed_in, name)))
        try:
            await attested(visit, act, await drawn_for(visit, act))
            results.append((project_id, None))
        except DubanError as error:
            results.append((project_id, visit.refused(error)))
    counts = {project_id: sum(duty.project_id == project_id for duty in duties) for project_id, _why in results}
    return visit.page(
        "signed.html",
        results=results,
        counts=counts,
        titles=await _titles(visit, counts),
        department=name,
        as_of=await visit.desk.now(),
    )


async def _answered_at(visit: Visit, owed: Iterable[MatterRow]) -> dict[ProjectId, MilestoneId]:
    """The milestone from whose page what is owed about a whole project is answered."""
    among = tuple(dict.fromkeys(each.project_id for each in owed if each.milestone_id is None))
    if not among:
        return {}
    lines = (await visit.office.register.duties(DutyQuery(among=among, role="lead", with_sub_duties=True))).rows
    return {duty.project_id: duty.milestone_id for duty in reversed(lines)}


async def _titles(visit: Visit, projects: Iterable[ProjectId]) -> dict[ProjectId, str]:
    """The titles of these projects, by their ids."""
    rows = (await visit.office.register.projects(ProjectQuery(among=tuple(projects)))).rows
    return {row.project_id: row.title for row in rows}


PAGES = (
    Page("/today", today, MEMBERS, menu=_("今天")),
    Page("/today/sign", sign_all, DEPARTMENTS, "POST"),
)
