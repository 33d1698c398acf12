"""A leader's day in one page, with his directive where he reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from starlette.responses import Response

from application.office.leaders_day import leaders_day
from domain.actors import operator
from domain.acts.commands import IssueDirective
from domain.directory.ids import DirectoryRole
from domain.ports.register import ProjectQuery
from domain.ports.register_lines import ProjectRow
from entrypoints.desk.act_forms import filled, form_of
from entrypoints.desk.giving import Refused, asked_request, given_at_once, seen_of
from entrypoints.desk.languages import later as _
from entrypoints.desk.reading import project_known
from entrypoints.desk.routing import Page
from entrypoints.desk.visits import Visit

LEADERS: Final[frozenset[DirectoryRole]] = frozenset({"leader_in_charge", "principal_leader"})


async def leader(visit: Visit, faults: dict[str, str] | None = None, opened: str = "") -> Response:
    """What is the leader's today; and the project on which he wants to give a directive, whatever its light."""
    person, opened = visit.signed_in, opened or visit.request.query_params.get("project", "")
    departments = await visit.answers_for()
    day = await leaders_day(visit.office, person.name, departments, all_of_them=visit.has("principal_leader"))
    apart: Sequence[ProjectRow] = ()
    if opened and all(row.project_id != opened for row in day.red):
        among = ((await project_known(visit, opened)).project_id,)
        apart = (await visit.office.register.projects(ProjectQuery(among=among))).rows
    return visit.page(
        "leader.html",
        as_of=day.as_of,
        apart=apart,
        day=day,
        done=visit.request.query_params.get("done", ""),
        opened=opened,
        given={name: visit.given(name) for name in ("text", "answer_by")},
        request_id=asked_request(visit),
        errors=list((faults or {}).items()),
    )


async def direct(visit: Visit) -> Response:
    """Give a directive on a project, in one's own name."""
    known = await project_known(visit, visit.given("project"))
    person, request = visit.signed_in, asked_request(visit)
    values = {"leader": person.name, "text": visit.given("text"), "answer_by": visit.given("answer_by")}
    command = filled(form_of(IssueDirective), values, request, operator(person.name), None, ())
    answer = await given_at_once(visit, known.project_id, command, seen_of(visit))
    if isinstance(answer, Refused):
        labels = {"text": visit.say("批示"), "answer_by": visit.say("要求反馈的日期")}
        faults = {name: f"{labels.get(name, name)}：{told}" for name, told in answer.faults.items()}
        here = {f"{name}-{known.project_id}": told for name, told in (faults or {"text": answer.sentence}).items()}
        return await leader(visit, here, known.project_id)
    return visit.see(f"/leader?done={known.project_id}#told")


PAGES = (
    Page("/leader", leader, LEADERS, menu=_("我的一天")),
    Page("/leader/directives", direct, LEADERS, "POST"),
)
