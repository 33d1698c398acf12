"""How the sub-duties of a project stand: counted upwards by milestone, one line for each unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import click

from application.office.sub_duties import sub_duties_of_project
from application.settings import Settings
from domain.actors import department
from domain.acts.commands import DecomposeDuty
from domain.acts.decisions import decide
from domain.errors import RejectedError
from domain.ids import DepartmentId, MilestoneId
from domain.record.recorded_projects import known_state
from domain.rungs.duties import departments_of
from domain.seeing.stage_words import light_mark, stage_word
from domain.seeing.sub_duties import SubDutiesView, SubDutyLine
from domain.state import ProjectState
from entrypoints.bootstrap import open_office
from entrypoints.cli.acting import project_named
from entrypoints.cli.in_locale import OwnWords
from entrypoints.cli.session import replied, run_async, settings_option
from entrypoints.cli.tables import Table, Tables, tables_option


@click.command("sub-duties")
@click.argument("project")
@settings_option
@tables_option
def sub_duties(settings: Settings, tables: Tables, project: str) -> None:
    """分解任务：一个项目各节点分给了哪些单位，各到哪一步，办结几个；下一级的用它自己的编号再看。"""
    project_id = project_named(project)

    async def read() -> tuple[tuple[SubDutiesView, ...], bool]:
        async with open_office(settings) as office:
            state = known_state(office.records.ledger, project_id)
            return await sub_duties_of_project(office, state), may_be_given_in_parts(state, office.now())

    found, more = run_async(read())
    if replied({"project_id": project_id, "sub_duties": [each.model_dump(mode="json") for each in found]}):
        return
    listed = [_table(each.milestone_id, counted(each), each.lines) for each in found]
    nothing = f"{project_id} 没有分解任务，现在也没有可以分解的任务。"
    if more:
        nothing = f"{project_id} 没有分解任务；承办部门用 duban decompose 分解。"
    tables.show(*listed or [_table("", "", ())], nothing=nothing)


def may_be_given_in_parts(state: ProjectState, now: datetime) -> bool:
    """Whether the core lets any department of a project give a duty of its own in parts now."""
    return any(
        _is_open(state, name, milestone_id, now)
        for milestone_id in state.milestones
        for name in (state.lead, *departments_of(state, milestone_id))
    )


def _is_open(state: ProjectState, name: DepartmentId, milestone_id: MilestoneId, now: datetime) -> bool:
    asked = DecomposeDuty(request_id="is-it-open", by=department(name), milestone_id=milestone_id, units=("…",))
    try:
        decide(state, asked, now)
    except RejectedError:
        return False
    return True


def counted(view: SubDutiesView) -> str:
    """A milestone's sub-duties in one line: how many are done, late and not signed for."""
    late = f"，逾期{view.overdue}个" if view.overdue else ""
    unsigned = f"，未签收{view.unsigned}个" if view.unsigned else ""
    beyond = f"，时限晚于整体{view.beyond}个" if view.beyond else ""
    together = f"，合计完成{view.quantity}" if view.quantity is not None else ""
    told = f"{late}{unsigned}{beyond}{together}"
    given = f"分解：{view.milestone_id} 由{view.department}分给{view.parts}个单位"
    return f"{given}，已办结 {view.done}/{view.parts}{told}"


def lines_of(found: Sequence[SubDutiesView]) -> list[str]:
    """Those lines, with where to read more."""
    if not found:
        return []
    project_id = found[0].milestone_id.rpartition("-")[0]
    return [*map(counted, found), f"各单位的情况：duban sub-duties {project_id}"]


def _table(name: str, title: str, lines: Sequence[SubDutyLine]) -> Table:
    heads = ("编号", "单位", "灯", "签收", "状态", "时限", "说明")
    table = Table(name, heads, title, whole={"编号", "灯", "时限"})
    for line in lines:
        table.add(
            line.project_id,
            OwnWords(line.unit),
            light_mark(line.light) if line.light else "—",
            "已签收" if line.signed else "未签收",
            stage_word(line.stage, signed=line.signed) if line.stage else "未启动",
            str(line.answer_by or "—"),
            line.explanation,
        )
    return table
