"""The register as the ledger alone has it: one project with its milestones, or all of them at an instant."""

from __future__ import annotations

import asyncio
from datetime import date, datetime

from application.audit.inquiries import nothing_yet, register_at
from application.engine_room.standing import sickness_of
from application.engine_room.unavailable import SHORT_WORDS
from application.office.overdue import done_by, overdue_among
from application.office.present_register import Sick
from application.office.starting import anchor_of
from application.office.sub_duties import sub_duties_of_project
from application.records import Records
from application.settings import Settings
from domain.acts.rejections import UnknownProjectError
from domain.errors import NoWorkerError
from domain.ids import ProjectId
from domain.record.recorded_projects import recorded_state
from domain.seeing.sub_duties import SubDutiesView
from domain.seeing.views import RegisterView, view_of
from entrypoints.bootstrap import engine_now, must_have_ledger, open_office, open_records
from entrypoints.cli.acting import project_named
from entrypoints.cli.in_locale import told
from entrypoints.cli.project_page import show_project
from entrypoints.cli.register_document import recorded_document
from entrypoints.cli.register_table import register_table, tell_the_missing_worker
from entrypoints.cli.session import err, out, replied, run_async, wants_json
from entrypoints.cli.sub_duties import lines_of
from entrypoints.cli.tables import Tables

_FORETOLD = "这一天还没有到：以下是推算，假定此后没有新的办理。"


def show_recorded(settings: Settings, tables: Tables, project: str | None, as_of: date | datetime | None) -> int:
    """Show one project, or the register of an instant; 1 where the project does not go on."""
    wanted = project_named(project) if project else None
    sick: Sick = {}
    parts: tuple[SubDutiesView, ...] = ()
    remark = ""
    if as_of:
        register, remark = asyncio.run(_past(settings, wanted, anchor_of(as_of)))
    else:
        assert wanted is not None
        register, sick, parts = run_async(_one(settings, wanted))
    if remark:
        (err() if wants_json() else out()).print(remark)
    if replied(recorded_document(register, sick)):
        return 1 if wanted and sick else 0
    if wanted:
        for view in register.projects:
            show_project(tables, view, register.as_of)
        for line in lines_of(parts):
            out().print(line)
        for unavailable in sick.values():
            out().print(f"⚠ {told(SHORT_WORDS[unavailable.reason])}{told('：')}{told(unavailable.text)}")
    elif register.projects:
        tables.show(register_table(register.as_of, register.projects))
    return 1 if wanted and sick else 0


async def _one(settings: Settings, wanted: ProjectId) -> tuple[RegisterView, Sick, tuple[SubDutiesView, ...]]:
    async with open_office(settings) as office:
        nobody_works = not await office.engine.workers()
        now, state = office.now(), recorded_state(office.records.ledger, wanted)
        overdue = overdue_among([state] if state else [], done_by(office))
        sickness = await sickness_of(office.engine, wanted, state, overdue)
        if state is None and sickness is None:
            raise UnknownProjectError(project_id=wanted)
        if state is None and nobody_works:
            raise NoWorkerError(task_queue=settings.task_queue)
        tell_the_missing_worker(nobody_works=nobody_works)
        views = (view_of(state, now),) if state is not None else ()
        parts = await sub_duties_of_project(office, state) if state is not None else ()
        return RegisterView(as_of=now, projects=views), {wanted: sickness} if sickness else {}, parts


async def _past(settings: Settings, wanted: ProjectId | None, instant: datetime) -> tuple[RegisterView, str]:
    """The register of an instant, and what has to be said of it."""
    must_have_ledger(settings)
    with open_records(settings) as records:
        register = await register_at(records.ledger, instant, wanted)
        if not register.projects:
            return register, await nothing_yet(records.ledger, instant)
        return register, foretold(records, instant)


def foretold(records: Records, instant: datetime) -> str:
    """What is said of a register of an instant that has not come; nothing where it has."""
    return _FORETOLD if instant > records.clock.supervised(engine_now()) else ""
