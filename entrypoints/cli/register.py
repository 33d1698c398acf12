"""The register as a person reads it."""

from __future__ import annotations

from datetime import date, datetime

import click
from rich.table import Table

from domain.ids import ProjectId
from domain.rejections import UnknownProjectError
from domain.views import RegisterView, view_of
from entrypoints.bootstrap import must_have_ledger, open_office, open_records
from entrypoints.cli.acting import project_named
from entrypoints.cli.project_page import project_page
from entrypoints.cli.session import INSTANT, data_option, json_option, out, print_json, run_async, settings_of
from entrypoints.engine import gathered
from entrypoints.history import recorded_projects, state_as_known_at
from entrypoints.settings import Settings
from entrypoints.year import anchor_of
from workflows.details_page import light_mark, stage_word


@click.command()
@click.argument("project", required=False)
@click.option("--as-of", type=INSTANT, help="某日或某时的登记簿（只读台账，不需要引擎）")
@data_option
@json_option
@click.pass_context
def status(
    context: click.Context, project: str | None, as_of: date | datetime | None, data: str | None, as_json: bool
) -> None:
    """登记簿：全部项目，或一个项目的各节点。"""
    settings = settings_of(context, data=data)
    wanted = project_named(project) if project else None
    register = _past(settings, wanted, anchor_of(as_of)) if as_of else run_async(_present(settings, wanted))
    if as_json:
        print_json(register)
    elif not register.projects:
        out().print(f"截至 {register.as_of:%Y-%m-%d %H:%M}，没有督办中的项目。")
    elif wanted:
        out().print(project_page(register.projects[0], register.as_of))
    else:
        out().print(register_table(register))


async def _present(settings: Settings, wanted: ProjectId | None) -> RegisterView:
    async with open_office(settings) as office:
        now = office.now()
        if wanted:
            return RegisterView(as_of=now, projects=(await office.engine.status(wanted, now),))
        projects = recorded_projects(office.records.ledger)
        return RegisterView(as_of=now, projects=tuple(await gathered(office.engine, projects, now)))


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


def register_table(register: RegisterView) -> Table:
    """All projects, one a row."""
    table = Table(title=f"重点项目登记簿（截至 {register.as_of:%Y-%m-%d %H:%M}）", title_justify="left")
    for heading in ("编号", "灯", "项目", "牵头部门", "状态", "最近时限", "说明"):
        table.add_column(heading, overflow="fold", no_wrap=heading in {"编号", "灯", "最近时限"})
    for project in register.projects:
        table.add_row(
            project.project_id,
            light_mark(project.light),
            project.title,
            project.lead_department,
            stage_word(project.stage),
            str(project.next_due_on or "—"),
            project.explanation,
        )
    return table
