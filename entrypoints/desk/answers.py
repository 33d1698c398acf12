"""Answers that came by mail: drafts, which somebody of the department gives as his own report, or drops."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

from starlette.responses import Response

from application.desk_work.mailed_answers import done_with, kept_for, names_of, waiting_for
from domain.acts.commands import ReportProgress
from domain.ids import project_of
from entrypoints.desk.act_forms import filled, form_of
from entrypoints.desk.giving import Refused, given_at_once
from entrypoints.desk.languages import later as _
from entrypoints.desk.reading import acting_department, actor_of
from entrypoints.desk.routing import DEPARTMENTS, Page
from entrypoints.desk.visits import NotFoundError, Visit

_LETTERS = 32


async def answers(visit: Visit, fault: str = "", of: str = "") -> Response:
    """The drafts of the department."""
    name = acting_department(visit)
    drafts = await waiting_for(visit.desk.accounts, name)
    return await visit.page_now(
        "answers.html",
        department=name,
        drafts=drafts,
        names=await asyncio.to_thread(names_of, drafts, visit.office.records),
        fault=fault,
        of=of,
        errors=[(f"text-{of[:12]}", fault)] if fault else [],
        given=visit.given("text"),
    )


async def settle(visit: Visit) -> Response:
    """Give a draft as one's own report on one milestone, and keep it for others that it is about; or drop it."""
    name, key = acting_department(visit), visit.given("draft")
    back = f"/answers?department={quote(name)}"
    draft = next((each for each in await waiting_for(visit.desk.accounts, name) if each.key == key), None)
    if draft is None:
        raise NotFoundError
    if not visit.given("drop"):
        milestone_id = visit.given("milestone")
        if milestone_id not in draft.milestones:
            return await answers(visit, visit.say("请选一个节点。"), key)
        # The same draft given twice is one report.
        request = f"mailed-{key[:_LETTERS]}-{milestone_id}"
        by = actor_of(visit.signed_in, name)
        command = filled(form_of(ReportProgress), {"text": visit.given("text")}, request, by, milestone_id, ())
        answer = await given_at_once(visit, project_of(milestone_id), command)
        if isinstance(answer, Refused):
            return await answers(visit, answer.sentence, key)
        others = tuple(each for each in draft.milestones if each != milestone_id)
        if visit.given("keep") and others:
            await kept_for(visit.desk.accounts, draft, others)
            return visit.see(back)
    await done_with(visit.desk.accounts, draft)
    return visit.see(back)


PAGES = (
    Page("/answers", answers, DEPARTMENTS, menu=_("邮件回复")),
    Page("/answers", settle, DEPARTMENTS, "POST"),
)
