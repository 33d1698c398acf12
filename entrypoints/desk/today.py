"""Today: what waits for a department, most urgent first; lead and participating apart; the rest folded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from starlette.responses import Response

from application.office.acts import Act
from domain.acts.commands import SignReceipt
from domain.errors import DubanError
from domain.ids import ProjectId
from domain.ports.register import DutyQuery, DutyRow, MatterQuery, ProjectQuery
from domain.rules.life_cycle import LimitKind
from entrypoints.desk.giving import attested, new_request
from entrypoints.desk.languages import later as _
from entrypoints.desk.reading import actor_of, own_department
from entrypoints.desk.routing import DEPARTMENTS, Page
from entrypoints.desk.visits import Visit

_OWED: tuple[LimitKind, ...] = ("inspection_answer", "rectification", "directive_answer")
_SHOWN = 30
_SOON_DAYS = 7


@dataclass(frozen=True, slots=True)
class Group:
    """Duties that ask for the same thing; `folded` ones are shown when somebody asks."""

    key: str
    title: str
    duties: tuple[DutyRow, ...]
    folded: bool = False


async def today(visit: Visit) -> Response:
    """What waits for the department."""
    name = own_department(visit)
    desk = visit.office.register
    standing = await desk.current()
    now = await visit.desk.now()
    duties = (await desk.duties(DutyQuery(department=name, open=True, sort="due"))).rows
    owed = (await desk.matters(MatterQuery(owner=name, kinds=_OWED))).rows
    among = tuple(dict.fromkeys(duty.project_id for duty in duties))
    projects = (await desk.projects(ProjectQuery(among=among))).rows
    unsigned = [duty for duty in duties if not duty.signed]
    return visit.page(
        "today.html",
        as_of=now,
        standing=standing,
        department=name,
        departments=visit.signed_in.departments,
        unsigned=unsigned,
        owed=owed,
        roles=[
            (_("牵头"), "lead", groups([duty for duty in duties if duty.role == "lead"], now.date())),
            (_("参与"), "participant", groups([duty for duty in duties if duty.role == "participant"], now.date())),
        ],
        titles={row.project_id: row.title for row in projects},
        any=bool(duties or owed),
        most=_SHOWN,
    )


def groups(duties: Sequence[DutyRow], day: date) -> list[Group]:
    """Duties by what is most urgent; each stands once."""
    soon = day + timedelta(days=_SOON_DAYS - 1 - day.weekday())
    rest = list(duties)

    def taken(chosen: Iterable[DutyRow]) -> tuple[DutyRow, ...]:
        found = tuple(chosen)
        for each in found:
            rest.remove(each)
        return found

    made = [
        Group("returned", _("已退回，须重新办理"), taken([d for d in rest if d.stage == "returned_for_rework"])),
        Group("overdue", _("已逾期"), taken([d for d in rest if d.light == "red"])),
        Group(
            "in-retrospect",
            _("交办前已到期，请补报实际完成情况"),
            taken([d for d in rest if d.light == "grey" and d.answer_by is not None and d.answer_by < day]),
        ),
        Group("soon", _("本周到期"), taken([d for d in rest if d.answer_by is not None and d.answer_by <= soon])),
        Group("waiting", _("已申请办结，等候审核"), taken([d for d in rest if d.stage == "completion_requested"])),
        Group("later", _("以后到期"), tuple(rest), folded=True),
    ]
    return [group for group in made if group.duties]


async def sign_all(visit: Visit) -> Response:
    """Sign everything that is not signed yet, and say of each project whether it was done."""
    name = own_department(visit)
    duties = (await visit.office.register.duties(DutyQuery(department=name, open=True, signed=False))).rows
    results: list[tuple[ProjectId, str | None]] = []
    for project_id in dict.fromkeys(duty.project_id for duty in duties):
        nonce = new_request()
        command = SignReceipt(request_id=nonce, by=actor_of(visit.signed_in, name))
        try:
            await attested(visit, Act(project_id, command), nonce, 0)
            results.append((project_id, None))
        except DubanError as error:
            results.append((project_id, error.text))
    counts = {project_id: sum(duty.project_id == project_id for duty in duties) for project_id, _why in results}
    return visit.page("signed.html", results=results, counts=counts, department=name, as_of=await visit.desk.now())


PAGES = (
    Page("/today", today, DEPARTMENTS, menu=_("今天")),
    Page("/today/sign", sign_all, DEPARTMENTS, "POST"),
)
