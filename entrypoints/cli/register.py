"""The register as a person reads it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import click
from rich.table import Table

from application.engine_room.standing import SHORT_WORDS, Unavailable, sick_projects, sickness_of
from application.office.office import Office
from application.office.starting import anchor_of
from application.settings import Settings
from domain.acts.rejections import UnknownProjectError
from domain.errors import NoWorkerError
from domain.ids import ProjectId
from domain.record.recorded_projects import recorded_projects, recorded_state, recorded_states, state_as_known_at
from domain.seeing.stage_words import light_mark, stage_word
from domain.seeing.views import RegisterView, view_of
from entrypoints.bootstrap import engine_now, must_have_ledger, open_office, open_records
from entrypoints.cli.acting import project_named
from entrypoints.cli.project_page import project_page
from entrypoints.cli.session import INSTANT, data_option, err, json_option, out, print_json, run_async, settings_of

Sick = Mapping[ProjectId, Unavailable]
"""The projects whose supervision does not go on."""


@click.command()
@click.argument("project", required=False)
@click.option("--as-of", type=INSTANT, help="某日或某时的登记簿（只读台账，不需要引擎）")
@data_option
@json_option
@click.pass_context
def status(
    context: click.Context, project: str | None, as_of: date | datetime | None, data: str | None, *, as_json: bool
) -> int:
    """登记簿：全部项目，或一个项目的各节点。"""
    settings = settings_of(context, data=data)
    wanted = project_named(project) if project else None
    sick: Sick = {}
    if as_of:
        register = _past(settings, wanted, anchor_of(as_of))
    else:
        register, sick = run_async(_present(settings, wanted))
    if as_json:
        print_json(register_document(register, sick))
    elif not register.projects and not sick:
        out().print(f"截至 {register.as_of:%Y-%m-%d %H:%M}，没有督办中的项目。")
    elif wanted:
        for view in register.projects:
            out().print(project_page(view, register.as_of))
        for unavailable in sick.values():
            out().print(f"⚠ {SHORT_WORDS[unavailable.reason]}：{unavailable.text}", markup=False)
    else:
        out().print(register_table(register, sick))
    return 1 if wanted and sick else 0


async def _present(settings: Settings, wanted: ProjectId | None) -> tuple[RegisterView, Sick]:
    async with open_office(settings) as office:
        nobody_works = not await office.engine.workers()
        if not wanted:
            _tell(nobody_works=nobody_works)
            return await present_register(office)
        now, state = office.now(), recorded_state(office.records.ledger, wanted)
        sickness = await sickness_of(office.engine, wanted, state)
        if state is None and sickness is None:
            raise UnknownProjectError(project_id=wanted)
        if state is None and nobody_works:
            raise NoWorkerError(task_queue=settings.task_queue)
        _tell(nobody_works=nobody_works)
        views = (view_of(state, now),) if state is not None else ()
        return RegisterView(as_of=now, projects=views), {wanted: sickness} if sickness else {}


def _tell(*, nobody_works: bool) -> None:
    if nobody_works:
        err().print("没有督办进程：到期的事项无人办理，请运行 duban run 或 python worker.py。")


async def present_register(office: Office) -> tuple[RegisterView, Sick]:
    """The register as the ledger has it now, and the projects whose supervision does not go on."""
    now, states = office.now(), recorded_states(office.records.ledger)
    views = tuple(view_of(state, now) for state in states.values())
    return RegisterView(as_of=now, projects=views), await sick_projects(office.engine, states, engine_now())


def _past(settings: Settings, wanted: ProjectId | None, instant: datetime) -> RegisterView:
    must_have_ledger(settings)
    with open_records(settings) as records:
        projects = [wanted] if wanted else recorded_projects(records.ledger)
        states = [(project_id, state_as_known_at(records.ledger, project_id, instant)) for project_id in projects]
    if wanted and states[0][1] is None:
        raise UnknownProjectError(project_id=wanted)
    return RegisterView(
        as_of=instant, projects=tuple(view_of(state, instant) for _, state in states if state is not None)
    )


def register_document(register: RegisterView, sick: Sick) -> dict[str, Any]:
    """The register as JSON: a project whose supervision does not go on has `unavailable` with its reason and text."""
    document = register.model_dump(mode="json")
    recorded = {row["project_id"] for row in document["projects"]}
    unrecorded: list[dict[str, Any]] = [
        {**dict.fromkeys(("title", "lead_department", "stage", "next_due_on")), "light": "grey", "milestones": []}
        | {"project_id": project_id}
        for project_id in sick
        if project_id not in recorded
    ]
    for row in (*document["projects"], *unrecorded):
        if unavailable := sick.get(row["project_id"]):
            row["unavailable"] = unavailable.model_dump()
    return {**document, "projects": [*document["projects"], *unrecorded]}


def register_table(register: RegisterView, sick: Sick | None = None) -> Table:
    """All projects, one a row; one whose supervision does not go on shows that in the light's place, and what to do."""
    sick = sick or {}
    table = Table(title=f"重点项目登记簿（截至 {register.as_of:%Y-%m-%d %H:%M}）", title_justify="left")
    for heading in ("编号", "灯", "项目", "牵头部门", "状态", "最近时限", "说明"):
        table.add_column(heading, overflow="fold", no_wrap=heading in {"编号", "灯", "最近时限"})
    for project in register.projects:
        unavailable = sick.get(project.project_id)
        table.add_row(
            project.project_id,
            _mark(unavailable) if unavailable else light_mark(project.light),
            project.title,
            project.lead_department,
            stage_word(project.stage),
            str(project.next_due_on or "—"),
            unavailable.text if unavailable else project.explanation,
        )
    recorded = {project.project_id for project in register.projects}
    for project_id, unavailable in sick.items():
        if project_id not in recorded:
            table.add_row(project_id, _mark(unavailable), "—", "—", "—", "—", unavailable.text)
    return table


def _mark(unavailable: Unavailable) -> str:
    return f"⚠{SHORT_WORDS[unavailable.reason]}"
