"""An engine that lost its timers wakes nobody: what should have woken is told of, and brought back (docs/adr/0244)."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import PollWorkflowTaskQueueRequest

from application.audit.replaying import replayed
from application.engine_room.mailboxes import MailboxKeeper
from application.engine_room.standing import Overdue, sickness_of
from application.office import overdue as overdue_module
from application.office import repairing
from application.office.office import Office
from application.office.overdue import Waker, done_by
from application.office.repairing import Repairing
from application.settings import Settings, load_settings
from bench.histories import histories_of
from bench.patience import PATIENCE_SECONDS
from bench.race_checks import unfired
from domain.ids import DepartmentId, ProjectId, mailbox_workflow_id, supervision_workflow_id
from domain.record.leaf import domain_event_of
from domain.record.recorded_projects import recorded_state, repairs_in
from domain.rungs.wakeups import due_actions
from entrypoints import at_work
from entrypoints.at_work import working
from entrypoints.bootstrap import engine_now, open_office
from tests.entrypoints.installation import DUBAN, Home, apart, part_of_the_plan
from tests.smoke.test_one_sick_project import Shell

WOKEN, REPAIRED = "2018-01", "2018-02"
A_DAY_IN_SECONDS = 12
SPEED = 86_400 // A_DAY_IN_SECONDS
LATE = timedelta(hours=4)
RULES = """life_cycle:
  limits:
    receipt: {working_days: 1, reminders_working_days_before: []}
"""
"""Something comes due in the second night."""


def lose_the_timers(home: Home) -> None:
    """Take every timer out of the engine's database, and nothing else: nobody has it open."""
    with closing(sqlite3.connect(home.data / "engine" / "temporal.db")) as database:
        assert database.execute("DELETE FROM timer_tasks").rowcount > 0
        database.commit()


async def until(there: Callable[[], object], what: str) -> None:
    """Wait for something without keeping the worker from its work."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not await asyncio.to_thread(there):
        assert time.monotonic() < deadline, f"waited for {what}"
        await asyncio.sleep(0.1)


def overdue(office: Office, project_id: ProjectId) -> bool:
    """Whether something of a project has been over for hours and is not on record."""
    state = recorded_state(office.records.ledger, project_id)
    return state is not None and bool(due_actions(state, office.now() - LATE))


def late_mail(office: Office) -> list[DepartmentId]:
    """Whose papers could have gone out hours ago and wait."""
    return [mail.addressee for mail in office.records.outbox.open_mail() if mail.oldest_at < office.now() - LATE]


def goes_on_in_a_new_run(office: Office, addressee: DepartmentId, loop: asyncio.AbstractEventLoop) -> bool:
    """Whether a mailbox ended the run whose timer was lost: a moment after its mail is out."""
    there = asyncio.run_coroutine_threadsafe(office.engine.runs(mailbox_workflow_id(addressee)), loop).result()
    return there is not None and there.first != there.last


async def replays(office: Office, project_id: ProjectId) -> bool:
    """Whether a project's history replays to what the ledger has, without a task that failed."""
    stream = supervision_workflow_id(project_id)
    histories = [history async for history in histories_of(office.engine, stream)]
    recorded = [domain_event_of(entry) for entry in office.records.ledger.entries(stream)]
    failed = EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
    assert all(event.event_type != failed for history in histories for event in history.events)
    # The engine fires no later timer of a run while it waits for a lost one: each goes on in a new run.
    assert len(histories) > 1
    assert unfired(histories[0], engine_now())
    return (await replayed(histories, recorded)).problem is None


def stopped_in_the_evening(home: Home, monkeypatch: pytest.MonkeyPatch) -> tuple[Settings, Shell]:
    """An office of two projects that was begun and stopped; whoever works in it is late after hours of the year."""
    plan, rules = part_of_the_plan(home.folder, 2), home.folder / "rules.yaml"
    rules.write_text(RULES, encoding="utf-8")
    command = ("run", str(plan), "--policy", str(rules), "--as-of", "2018-04-25T18:00", "--speed", str(SPEED))
    running = home.start(*DUBAN, *command)
    running.shows("按 Ctrl-C 停止")
    assert running.interrupted() == 0
    monkeypatch.setattr(overdue_module, "MAY_TAKE", LATE / SPEED)
    monkeypatch.setattr(at_work, "WOKEN_EVERY_SECONDS", 0.2)
    ports = {name.removeprefix("DUBAN_").lower(): value for name, value in home.settings.items() if "PORT" in name}
    return load_settings({}, data=home.data, **ports), Shell(home)


def test_a_project_and_a_mailbox_whose_timers_were_lost_are_told_of_and_woken(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing comes of it by itself; the register says so; a repair wakes one, a pass the other, and mail goes."""
    settings, shell = stopped_in_the_evening(home, monkeypatch)
    # Nothing was under way when the office stopped: what is lost is what it waits for.
    assert home.call("engine", "down").returncode == 0
    lose_the_timers(home)
    assert home.call("engine", "up").returncode == 0

    async def wake_them() -> None:
        look, hurry, may_wake = Waker.look, MailboxKeeper.hurry_what_is_due, asyncio.Event()

        async def look_when_told(waker: Waker) -> None:
            await may_wake.wait()
            await look(waker)

        async def hurry_when_told(keeper: MailboxKeeper, now: datetime) -> None:
            if may_wake.is_set():
                await hurry(keeper, now)

        monkeypatch.setattr(Waker, "look", look_when_told)
        # A worker that begins asks the mailboxes, too.
        monkeypatch.setattr(MailboxKeeper, "hurry_what_is_due", hurry_when_told)
        async with open_office(settings) as office, working(office):
            for project_id in (WOKEN, REPAIRED):
                await until(partial(overdue, office, project_id), f"what comes due of {project_id}")
            await until(lambda: shell.reasons() == {WOKEN: "late", REPAIRED: "late"}, "a register that tells of both")
            assert "duban engine repair" in (await asyncio.to_thread(shell.wrong))["projects"]
            repairing_it = Repairing(office.archive, "管理员", done_by(office))
            mended = await repairing_it.one(supervision_workflow_id(REPAIRED))
            assert (mended.repair, "唤醒" in mended.text) == (None, True)
            await until(partial(late_mail, office), "the mail of the first morning that nobody sends")
            late = late_mail(office)
            assert "department-mailbox/" in (await asyncio.to_thread(shell.wrong))["stuck"]
            may_wake.set()
            await until(lambda: not overdue(office, WOKEN), "the one that is woken")
            await until(lambda: not late_mail(office), "the mail of the first morning")
            await until(lambda: shell.reasons() == {}, "a register in which nothing is late")
            loop = asyncio.get_running_loop()
            for addressee in late:
                await until(partial(goes_on_in_a_new_run, office, addressee, loop), f"the new run of {addressee}")
            assert [await replays(office, project_id) for project_id in (WOKEN, REPAIRED)] == [True, True]

    apart(lambda: asyncio.run(wake_them()))


async def begin_a_task_and_die(office: Office, project_id: ProjectId) -> None:
    """Be a worker that is given the project's task, whatever others before it, and never answers."""
    engine = office.engine
    await engine.look_at_the_clock(project_id)
    request = PollWorkflowTaskQueueRequest(
        namespace=engine.client.namespace, task_queue=TaskQueue(name=engine.task_queue), identity="a worker that dies"
    )
    while True:
        given = await engine.client.workflow_service.poll_workflow_task_queue(request)
        if given.workflow_execution.workflow_id == supervision_workflow_id(project_id):
            return


def test_a_project_whose_task_was_begun_and_is_watched_by_nobody_is_repaired(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No signal reaches it; by hand it is called stuck before anything is due; due, it is repaired in some minutes."""
    settings, shell = stopped_in_the_evening(home, monkeypatch)

    async def leave_it() -> None:
        async with open_office(settings) as office:
            await begin_a_task_and_die(office, WOKEN)

    assert home.call("engine", "up").returncode == 0
    apart(lambda: asyncio.run(leave_it()))
    assert home.call("engine", "down").returncode == 0
    lose_the_timers(home)
    monkeypatch.setattr(repairing, "_WELL_WITHIN_SECONDS", 1.0)
    assert home.call("engine", "up").returncode == 0

    async def repair_it() -> None:
        look, may_look = Waker.look, asyncio.Event()

        async def look_when_told(waker: Waker) -> None:
            await may_look.wait()
            await look(waker)

        monkeypatch.setattr(Waker, "look", look_when_told)
        async with open_office(settings) as office, working(office):
            state, begun_by = recorded_state(office.records.ledger, WOKEN), Overdue((), done_by(office).engine)
            await until(lambda: done_by(office).engine > begun_by.before + LATE / SPEED, "a task that is old")
            nothing_is_due = Overdue((), done_by(office).engine)
            sickness = await sickness_of(office.engine, WOKEN, state, nothing_is_due)
            assert sickness is not None
            assert sickness.reason == "stuck"
            await until(partial(overdue, office, WOKEN), "what comes due")
            may_look.set()
            await until(lambda: not overdue(office, WOKEN), "its repair")
            (repair,) = repairs_in(office.records.ledger, supervision_workflow_id(WOKEN))
            assert (repair.way, repair.by) == ("reset", "督办程序")
            await until(lambda: shell.reasons() == {}, "a register in which nothing is late")
            await until(lambda: home.call("audit", "reconcile").returncode == 0, "all that was begun")

    apart(lambda: asyncio.run(repair_it()))


def test_a_project_whose_task_is_watched_by_nobody_is_repaired_where_nothing_is_due(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody acts, and no day brings anything: its turn comes, and in the fourth look it is repaired."""
    plan = part_of_the_plan(home.folder, 2)
    running = home.start(*DUBAN, "run", str(plan), "--as-of", "2018-04-25T18:00")
    running.shows("按 Ctrl-C 停止")
    assert running.interrupted() == 0
    monkeypatch.setattr(overdue_module, "MAY_TAKE", timedelta(seconds=2))
    monkeypatch.setattr(at_work, "WOKEN_EVERY_SECONDS", 0.2)
    monkeypatch.setattr(repairing, "_WELL_WITHIN_SECONDS", 1.0)
    ports = {name.removeprefix("DUBAN_").lower(): value for name, value in home.settings.items() if "PORT" in name}
    settings = load_settings({}, data=home.data, **ports)

    async def leave_it() -> None:
        async with open_office(settings) as office:
            await begin_a_task_and_die(office, WOKEN)

    assert home.call("engine", "up").returncode == 0
    apart(lambda: asyncio.run(leave_it()))
    assert home.call("engine", "down").returncode == 0
    lose_the_timers(home)
    assert home.call("engine", "up").returncode == 0

    async def repair_it() -> None:
        async with open_office(settings) as office, working(office):
            stream = supervision_workflow_id(WOKEN)
            await until(lambda: repairs_in(office.records.ledger, stream), "its repair")
            (repair,) = repairs_in(office.records.ledger, stream)
            assert (repair.way, repair.by) == ("reset", "督办程序")
            assert not repairs_in(office.records.ledger, supervision_workflow_id(REPAIRED))
            await until(lambda: home.call("audit", "reconcile").returncode == 0, "all that was begun")

    apart(lambda: asyncio.run(repair_it()))
