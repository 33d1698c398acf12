"""What the supervision section changes by hand of a running project: `duban amend`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import click

from application.office.acts import Told, first_mail_of, told_of
from application.office.hand_amendment import HandAmended, amend_by_hand
from application.office.named_givers import must_be_no_department
from application.office.planning import Step, summary_of
from application.settings import Settings
from domain.actors import Actor, operator
from domain.acts.amending import difference
from domain.acts.commands import AmendProject
from domain.acts.hand_amendments import NOTHING, MilestoneChange, ProjectChange, with_milestone, with_text
from domain.ids import DepartmentId, ProjectId
from domain.project import KeyProject
from domain.seeing.stage_words import stage_word
from domain.state import ProjectState
from entrypoints.cli.acting import (
    actor_given,
    as_given,
    milestone_named,
    on_behalf_of_option,
    principal_given,
    project_named,
    records_in_short,
    request_id_given,
    unheard,
)
from entrypoints.cli.session import DAY, err, out, replied, run_async, usual_options
from entrypoints.cli.signing import giving_office

_MILESTONE_FIELDS = ("window", "starts_on", "due_on", "description", "quota")
_PROJECT_FIELDS = ("title", "main_content", "participants")
_BETWEEN_NAMES = re.compile(r"[、，,;；\s]+")

basis_option = click.option("--basis", required=True, help="变更依据：文号，或理由")
by_option = click.option("--by", required=True, help="办理人姓名")
request_option = click.option("--request-id", help="请求编号：同一编号重复提交只算一次")


@dataclass(frozen=True, slots=True)
class _AskedAmendment:
    """Who wants what changed, and on what ground."""

    project_id: ProjectId
    wanted: Callable[[ProjectState], KeyProject]
    basis: str
    by: Actor
    on_behalf_of: Actor | None
    request_id: str
    nonce: str | None

    def command(self, wanted: KeyProject) -> AmendProject:
        """The command that makes the running project the wanted one."""
        with as_given():
            return AmendProject(
                request_id=self.request_id,
                by=self.by,
                on_behalf_of=self.on_behalf_of,
                basis=self.basis,
                project=wanted,
                by_identity=True,
            )


@click.command()
@click.argument("project")
@click.argument("milestone", required=False)
@click.option("--window", help="节点的时间表述，如 6月底前")
@click.option("--starts-on", type=DAY, help="节点的起始日期")
@click.option("--due-on", type=DAY, help="节点的时限")
@click.option("--text", "--description", "description", help="节点的内容")
@click.option("--quota", help=f"节点的目标，如 30场；没有目标写作 {NOTHING}")
@click.option("--title", help="项目名称")
@click.option("--main-content", help="主要内容")
@click.option("--participants", help=f"参与部门，用顿号隔开；没有写作 {NOTHING}")
@basis_option
@by_option
@on_behalf_of_option
@request_option
@usual_options
def amend(
    settings: Settings,
    /,
    project: str,
    milestone: str | None,
    basis: str,
    by: str,
    on_behalf_of: str | None,
    request_id: str | None,
    **given: str | date | None,
) -> None:
    """变更一个节点（写节点编号），或项目的名称、内容、参与部门；原定时限和违期记录不变。"""
    changes = {name: value for name, value in given.items() if value is not None}
    if not changes:
        raise click.UsageError("请写明变更什么，例如 --due-on 2018-06-29 或 --title “……”。")
    others = _PROJECT_FIELDS if milestone else _MILESTONE_FIELDS
    if misplaced := [f"--{name.replace('_', '-')}" for name in changes if name in others]:
        told = "是项目的内容，不要写节点" if milestone else f"是节点的内容，请写明节点，如 duban amend {project} 3"
        raise click.UsageError(f"{'、'.join(misplaced)} {told}。")
    wanted, who = _wanted(project, milestone, changes), actor_given(operator, by)
    principal, request = principal_given(operator, on_behalf_of), request_id_given(request_id)
    asked = _AskedAmendment(
        project_named(project), wanted, basis, who, principal, request, None if request_id else request
    )
    _amend(settings, asked)


def _wanted(project: str, milestone: str | None, changes: dict[str, Any]) -> Callable[[ProjectState], KeyProject]:
    """How the wanted project follows from the running one."""
    with as_given():
        if milestone is not None:
            milestone_id, change = milestone_named(project, milestone), MilestoneChange(**changes)
            return lambda state: with_milestone(state, milestone_id, change)
        if isinstance(names := changes.get("participants"), str):
            parted = [] if names.strip() == NOTHING else [name for name in _BETWEEN_NAMES.split(names) if name]
            if not parted and names.strip() != NOTHING:
                raise click.UsageError(f"请写明参与部门；没有参与部门写作 --participants {NOTHING}。")
            changes = {**changes, "participants": tuple(parted)}
        text = ProjectChange(**changes)
        return lambda state: with_text(state, text)


def _amend(settings: Settings, asked: _AskedAmendment) -> None:

    async def give() -> tuple[HandAmended, Told | None, list[DepartmentId]]:
        async with giving_office(settings) as office:
            await must_be_no_department(office.records, asked.by)
            amended = await amend_by_hand(office, asked.project_id, asked.wanted, asked.command, asked.nonce)
            had = amended.before.project.participating_departments
            new = [each for each in amended.wanted.participating_departments if each not in had]
            unheard_of = [each for each in new if await first_mail_of(office, asked.project_id, each)]
            return amended, await told_of(office, asked.project_id, amended.done), unheard_of

    amended, told, unheard_of = run_async(give())
    for name in unheard_of:
        err().print(unheard(name))
    if not replied(amended.done.outcome):
        _tell(asked, amended, told)


def _tell(asked: _AskedAmendment, amended: HandAmended, told: Told | None) -> None:
    console, outcome, wanted = out(), amended.done.outcome, amended.wanted
    if not outcome.event_ids:
        console.print(f"没有变化：{asked.project_id} 已经是这样。")
        return
    found = difference(amended.before, wanted, by_identity=True)
    for line in summary_of(Step(asked.project_id, "amended", wanted, running=amended.before, found=found)):
        console.print(line)
    console.print(
        f"已变更：{asked.project_id} 现为“{stage_word(outcome.stage)}”。下一步：各部门按变更后的内容和时限办理。"
        f"{told.next if told is not None else ''}（记录 {records_in_short(outcome.event_ids)}）"
    )
