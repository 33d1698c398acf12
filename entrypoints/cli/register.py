"""The register as a person reads it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import click

from application.office.office import Office
from application.office.present_register import present_register
from application.settings import Settings
from domain.ports.register import ProjectQuery
from entrypoints.bootstrap import open_office
from entrypoints.cli.register_document import page_document
from entrypoints.cli.register_filters import NAMES, filtered, narrows, query_of
from entrypoints.cli.register_table import register_table, tell_the_lag, tell_the_missing_worker, tell_the_rest
from entrypoints.cli.session import INSTANT, print_text, run_async, settings_option, wants_json
from entrypoints.cli.tables import Tables, tables_option


@click.command()
@click.argument("project", required=False)
@click.option("--as-of", type=INSTANT, help="某日或某时的登记簿（只读台账，不需要引擎）")
@filtered
@settings_option
@tables_option
def status(
    settings: Settings, tables: Tables, project: str | None, as_of: date | datetime | None, asked: Mapping[str, Any]
) -> int:
    """登记簿：全部项目（可筛选、排序、分页），或一个项目的各节点。"""
    if not project and not as_of:
        query = query_of(asked, whole=wants_json() or tables.file is not None)
        return run_async(_present(settings, tables, query))
    if asked:
        raise click.UsageError("筛选、排序和分页只用于现在的登记簿：不要同时写项目编号或 --as-of。")
    # What one project needs is loaded for it: a list does not wait for the core.
    from entrypoints.cli.recorded_register import show_recorded

    return show_recorded(settings, tables, project, as_of)


def _by_every_name(office: Office, query: ProjectQuery) -> ProjectQuery:
    if not query.lead and not query.participant:
        return query
    # A list of no department in particular does not wait for the directory.
    from domain.clock import office_day
    from domain.directory.every_name import projects_by_every_name

    return projects_by_every_name(query, office.records.persons.now(), office_day(office.now()))


async def _present(settings: Settings, tables: Tables, query: ProjectQuery) -> int:
    async with open_office(settings) as office:
        tell_the_missing_worker(nobody_works=not await office.engine.workers())
        present = await present_register(office, _by_every_name(office, query))
        narrowed = narrows(query)
        if wants_json():
            views = await office.register.views([row.project_id for row in present.page.rows])
            print_text(page_document(present, views, strangers=not narrowed))
            return 0
    table = register_table(present.as_of, present.page.rows, present.sick, strangers=not narrowed)
    if table.rows or not present.page.count:
        which = "没有符合条件的项目" if narrowed else "没有督办中的项目"
        names = NAMES if query.lead else ""
        tables.show(table, nothing=f"截至 {present.as_of:%Y-%m-%d %H:%M}，{which}。{names}")
    page = present.page
    tell_the_rest(page.lies, len(page.rows), page.count, "个项目")
    tell_the_lag(present.standing)
    return 0
