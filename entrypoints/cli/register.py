"""The register as a person reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import click
from rich.table import Table

from application.engine_room.standing import SHORT_WORDS, Unavailable, sickness_of
from application.office.office import Office
from application.office.present_register import PresentRegister, Sick, behind, present_register
from application.office.starting import anchor_of
from application.settings import Settings
from domain.acts.rejections import UnknownProjectError
from domain.errors import NoWorkerError
from domain.ids import ProjectId
from domain.ports.register import ProjectQuery, ProjectRow
from domain.record.recorded_projects import recorded_projects, recorded_state, state_as_known_at
from domain.seeing.stage_words import light_mark, stage_word
from domain.seeing.views import ProjectView, RegisterView, view_of
from entrypoints.bootstrap import must_have_ledger, open_office, open_records
from entrypoints.cli.acting import project_named
from entrypoints.cli.project_page import project_page
from entrypoints.cli.register_filters import filtered, narrows, query_of
from entrypoints.cli.session import (
    INSTANT,
    data_option,
    err,
    json_option,
    out,
    print_json,
    print_text,
    run_async,
    settings_of,
)


@click.command()
@click.argument("project", required=False)
@click.option("--as-of", type=INSTANT, help="某日或某时的登记簿（只读台账，不需要引擎）")
@filtered
@data_option
@json_option
@click.pass_context
def status(
    context: click.Context,
    project: str | None,
    as_of: date | datetime | None,
    asked: Mapping[str, Any],
    data: str | None,
    *,
    as_json: bool,
) -> int:
    """登记簿：全部项目（可筛选、排序、分页），或一个项目的各节点。"""
    settings = settings_of(context, data=data)
    wanted = project_named(project) if project else None
    if asked and (wanted or as_of):
        raise click.UsageError("筛选、排序和分页只用于现在的登记簿：不要同时写项目编号或 --as-of。")
    if not wanted and not as_of:
        return run_async(_present(settings, query_of(asked, whole=as_json), as_json=as_json))
    sick: Sick = {}
    if as_of:
        register = _past(settings, wanted, anchor_of(as_of))
    else:
        assert wanted is not None
        register, sick = run_async(_one(settings, wanted))
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
        out().print(register_table(register.as_of, register.projects))
    return 1 if wanted and sick else 0


async def _present(settings: Settings, query: ProjectQuery, *, as_json: bool) -> int:
    async with open_office(settings) as office:
        _tell(nobody_works=not await office.engine.workers())
        present = await present_register(office, query)
        narrowed = narrows(query)
        if as_json:
            print_text(await _document(office, present, {} if narrowed else present.sick))
            return 0
    if present.page.rows or (present.sick and not narrowed):
        out().print(register_table(present.as_of, present.page.rows, present.sick, strangers=not narrowed))
    else:
        which = "没有符合条件的项目" if narrowed or query.offset else "没有督办中的项目"
        out().print(f"截至 {present.as_of:%Y-%m-%d %H:%M}，{which}。")
    tell_the_rest(present, query)
    return 0


async def _one(settings: Settings, wanted: ProjectId) -> tuple[RegisterView, Sick]:
    async with open_office(settings) as office:
        nobody_works = not await office.engine.workers()
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


def tell_the_rest(present: PresentRegister, query: ProjectQuery) -> None:
    """Say that there are more pages, and how far the register has come where it is behind."""
    count, rows = present.page.count, query.limit or present.page.count
    if rows < count:
        page, pages = query.offset // rows + 1, -(-count // rows)
        more = f"；下一页：--page {page + 1}" if page < pages else ""
        out().print(f"第 {page} 页，共 {pages} 页、{count} 个项目{more}。")
    if told := behind(present.standing):
        err().print(told, markup=False)


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


async def _document(office: Office, present: PresentRegister, strangers: Sick) -> str:
    """The page as JSON: the kept views as they are, so that ten thousand are not read and written again."""
    names = [row.project_id for row in present.page.rows]
    views, closed = await office.register.views(names), await office.register.closed()
    rows = []
    for name in names:
        unavailable = present.sick.get(name)
        rows.append(_with(json.loads(views[name]), unavailable) if unavailable else views[name])
    rows += [_with(_unrecorded(name), sick) for name, sick in strangers.items() if name not in closed]
    how = {"count": present.page.count, "behind": present.standing.behind, "due": present.standing.due}
    return f'{{"as_of":{_json(present.as_of.isoformat())},"projects":[{",".join(rows)}],"register":{_json(how)}}}'


def _with(row: dict[str, Any], unavailable: Unavailable) -> str:
    return _json({**row, "unavailable": unavailable.model_dump()})


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _unrecorded(project_id: ProjectId) -> dict[str, Any]:
    nothing = dict.fromkeys(("title", "lead_department", "stage", "next_due_on"))
    return {**nothing, "light": "grey", "milestones": [], "project_id": project_id}


def register_document(register: RegisterView, sick: Sick) -> dict[str, Any]:
    """Projects as JSON: one whose supervision does not go on has `unavailable` with its reason and text."""
    document = register.model_dump(mode="json")
    recorded = {row["project_id"] for row in document["projects"]}
    rows = [*document["projects"], *(_unrecorded(project_id) for project_id in sick if project_id not in recorded)]
    for row in rows:
        if unavailable := sick.get(row["project_id"]):
            row["unavailable"] = unavailable.model_dump()
    return {**document, "projects": rows}


def register_table(
    as_of: datetime, projects: Sequence[ProjectRow | ProjectView], sick: Sick | None = None, *, strangers: bool = True
) -> Table:
    """All projects, one a row; one whose supervision does not go on shows that in the light's place, and what to do.

    With `strangers`, what does not go on and stands on no row has one of its own.
    """
    sick = sick or {}
    table = Table(title=f"重点项目登记簿（截至 {as_of:%Y-%m-%d %H:%M}）", title_justify="left")
    for heading in ("编号", "灯", "项目", "牵头部门", "状态", "最近时限", "说明"):
        table.add_column(heading, overflow="fold", no_wrap=heading in {"编号", "灯", "最近时限"})
    for project in projects:
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
    shown = {project.project_id for project in projects}
    for project_id, unavailable in sick.items():
        if strangers and project_id not in shown:
            table.add_row(project_id, _mark(unavailable), "—", "—", "—", "—", unavailable.text)
    return table


def _mark(unavailable: Unavailable) -> str:
    return f"⚠{SHORT_WORDS[unavailable.reason]}"
