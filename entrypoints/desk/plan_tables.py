"""The tables of lists: those that were handed in, what a start of one would do, what became of a start."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from application.desk_work import by_two, draft_plans, list_starts
from application.desk_work.draft_plans import Rules
from application.office.office import Office
from application.office.planning import ACTION_WORDS, Step, summary_of
from application.office.starting import OUTCOME_WORDS, Started
from domain.accounts.desk_items import DraftPlan
from domain.notice.plan import Plan
from entrypoints.bootstrap import calendar_of, policy_of
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import Column, Table, exports
from entrypoints.desk.routing import OFFICE
from entrypoints.desk.visits import Visit


async def asked_draft(visit: Visit) -> DraftPlan:
    """The list that the address names."""
    return await draft_plans.draft(visit.desk.accounts, visit.request.path_params["key"])


def rules_of(office: Office, of: Plan) -> Rules:
    """The policy and the calendar under which a plan is compared and started."""
    return Rules(policy_of(office.settings), calendar_of(office.settings, of.year))


async def whole_plans(visit: Visit) -> Table:
    """The lists that were handed in, the newest first."""
    found = await draft_plans.drafts(visit.desk.accounts)
    waiting = await by_two.waiting(visit.desk.accounts, list_starts.KINDS, visit.desk.clock())
    prepared = {each.key for each in waiting}
    columns = (
        Column(_("清单"), lambda one: one.plan.title, "text", lambda one: f"/plans/{one.key}"),
        Column(_("年度"), lambda one: one.plan.year),
        Column(_("项目数"), lambda one: len(one.plan.projects)),
        Column(_("待裁定"), lambda one: len(draft_plans.as_ruled(one).unruled)),
        Column(_("确认"), lambda one: _("待另一位确认") if one.key in prepared else None, "word"),
        Column(_("交来的人"), lambda one: one.by),
        Column(_("时间"), lambda one: one.handed_in_at, "instant"),
    )
    return Table("plans", _("交来的清单"), columns, found)


async def whole_difference(visit: Visit) -> Table:
    """What a start of one list would do, without what stays as it is."""
    one = await asked_draft(visit)
    ruled = await asyncio.to_thread(draft_plans.as_ruled, one)
    return difference_of(await draft_plans.difference(visit.office, one, rules_of(visit.office, ruled)))


def difference_of(steps: Sequence[Step]) -> Table:
    """What these steps would do, without those that change nothing."""
    columns = (
        Column(_("编号"), lambda step: step.project_id, "id"),
        Column(_("会怎样"), lambda step: ACTION_WORDS[step.action], "word"),
        Column(_("项目"), lambda step: step.title),
        Column(_("变更内容"), lambda step: step.problem.text if step.problem else "；".join(summary_of(step))),
    )
    told = [step for step in steps if step.action != "unchanged" or summary_of(step)]
    return Table("difference", _("启动会办理什么"), columns, told)


def started_of(results: Sequence[Started]) -> Table:
    """What became of each project of a list."""
    columns = (
        Column(_("编号"), lambda each: each.project_id, "id", lambda each: f"/projects/{each.project_id}"),
        Column(_("结果"), lambda each: OUTCOME_WORDS[each.outcome], "word"),
        Column(_("说明"), lambda each: each.text),
    )
    return Table("start", _("各项目的结果"), columns, results)


PAGES = (
    *exports("/plans", OFFICE, whole_plans),
    *exports("/plans/{key}/difference", OFFICE, whole_difference),
)
