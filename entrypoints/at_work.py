"""A worker of an installation, with all that goes on beside it: refusals, mailboxes, the log's heads, the histories,
the register. Of several workers on one ledger one leads: it alone signs, keeps, sends and follows."""

from __future__ import annotations

import asyncio
import faulthandler
import os
import platform
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial

from application.audit.history_keeper import KEEP_EVERY, HistoryKeeper
from application.audit.stamping import LOOKS_EVERY_SECONDS as LOOKS_FOR_STAMPS
from application.engine_room.act_desk import ActInterceptor
from application.engine_room.build import build_id
from application.engine_room.decisions_first import DecisionsFirst
from application.engine_room.loops import Beside, going_on, tried
from application.engine_room.mailboxes import MailboxKeeper
from application.engine_room.mandated import led, under_a_mandate
from application.engine_room.own_tasks import OwnTasks
from application.engine_room.refusals import HEARD_EVERY_SECONDS, RefusalDesk
from application.engine_room.runtime import WorkerTuning, build_worker
from application.engine_room.versions import first_becomes_current
from application.log_lines import log_lines
from application.office.courier import LOOKS_EVERY_SECONDS, Courier
from application.office.office import Office
from application.office.outlook import LOOKED_AHEAD_EVERY_SECONDS, OutlookDesk
from application.office.overdue import WOKEN_EVERY_SECONDS, Waker, done_by
from application.office.register import FOLLOWED_EVERY_SECONDS, RegisterDesk
from application.office.repairing import Repairing
from application.office.watching import WATCHED_EVERY_SECONDS, Gauges, Watch
from application.settings import settings_of_copy
from domain.ports.audit_log import SEAL_EVERY
from domain.ports.document_printer import DocumentPrinter
from domain.ports.document_store import DocumentStore
from domain.record.rehearsals import rehearsal_of
from entrypoints.bootstrap import activities_of, calendar_of, end_of_certificate, guards_of
from entrypoints.bootstrap.channels import open_channels, routes_of
from entrypoints.bootstrap.documents import documents_of, printer_of
from entrypoints.bootstrap.engine_access import access_kept
from entrypoints.bootstrap.payloads import payload_keys_of
from entrypoints.bootstrap.stamps import stamp_desk_of
from entrypoints.core_sentences import paper_said
from entrypoints.log_setup import configure_logging

_OURSELVES = "督办程序"
_KEEP_SECONDS = 60
_GUARDS_ANSWER_WITHIN_SECONDS = 5.0
"""How long a start waits for the heads that are kept on other disks: one that hangs holds up no supervision."""
_PRINTED_EVERY_SECONDS = 20.0
_POST_RESTS_SECONDS = 30.0
_READ_MODELS_REST = 4.0
"""What follows the ledger takes a fifth of a thread, and waits while many decisions are recorded. Whoever opens a page
brings it up to date, and is told how much is behind."""
_LOOKS_AHEAD_AFTER_SECONDS = 120.0
"""How long the next few projects wait at most to be looked ahead in, while many decisions are recorded: the start of a
year, the end of a month of many projects."""
_log = log_lines("duban.audit")


@asynccontextmanager
async def working(office: Office, *, console: Callable[[str], str] | None = None) -> AsyncIterator[None]:
    """Run a worker of this installation as long as the block lasts: it also signs the ledger and keeps histories.

    `console` words what goes out for who looks on at a terminal; without it nobody does.
    """
    settings, log = office.settings, office.records.log
    if not faulthandler.is_enabled() and sys.__stderr__ is not None:
        faulthandler.enable(sys.__stderr__)  # a crash inside a library says where it was
    configure_logging(settings.log_format, settings.log_level, settings.log_file if console else None)
    # On the data folder's own engine nothing is ever pinned: a build without a worker would be waited for in silence.
    pinned = settings.versions == "pin" and office.web_ui is None
    async with under_a_mandate(office.records.mandates, f"{platform.node()}:{os.getpid()}"):
        await log.open()
        await office.records.doors.open()
        async with _at_work(office, console=console, pinned=pinned):
            yield


@asynccontextmanager
async def _at_work(office: Office, *, console: Callable[[str], str] | None, pinned: bool) -> AsyncIterator[None]:
    settings, log, mandates = office.settings, office.records.log, office.records.mandates
    # A rehearsal copy's papers say so, and nothing leaves it.
    rehearsed = rehearsal_of(office.records.ledger) is not None
    of_papers = settings_of_copy(settings, settings.data) if rehearsed else settings
    guards = guards_of(office.records, settings)
    desk = RefusalDesk(office.records.ledger.refuse)
    ours = OwnTasks(payload_keys_of(settings), office.records.ledger.refuse, partial(asyncio.to_thread, office.now))
    first = DecisionsFirst()
    keeper = MailboxKeeper(office.engine, office.records.ledger, office.records.outbox)
    await keeper.hurry_what_is_due(await asyncio.to_thread(office.now))
    histories = HistoryKeeper(office.archive)
    documents = documents_of(of_papers, settings.papers_folder, log.head_line)
    worker = build_worker(
        office.engine.client,
        task_queue=settings.task_queue,
        activities=activities_of(
            office.records,
            documents,
            settings.outbox_folder,
            console=console,
            mailboxes=keeper,
            guards=guards,
            language=settings.paper_language,
        ),
        interceptors=[desk, ActInterceptor(guards.acts), ours, first],
        tuning=WorkerTuning.of(settings),
        pinned=pinned,
    )
    refusals = Beside("refusals", HEARD_EVERY_SECONDS, desk.keep_all)
    sealing = Beside("sealing", SEAL_EVERY.total_seconds(), led(mandates, log.seal_what_came))
    # Each worker asks, the first time before it hears anything: what is not signed again is acted upon by none.
    guarding = Beside("guards", SEAL_EVERY.total_seconds(), partial(asyncio.to_thread, log.fork), at_once=False)
    with suppress(TimeoutError):
        await asyncio.wait_for(tried(guarding), _GUARDS_ANSWER_WITHIN_SECONDS)
    keep = led(mandates, partial(_keep_histories, office, histories))
    keeping = Beside("histories", KEEP_EVERY.total_seconds(), keep, at_once=False)
    read_models = office.records.ledger, office.records.register, office.now, _READ_MODELS_REST
    register = RegisterDesk(*read_models)
    following = Beside("register", FOLLOWED_EVERY_SECONDS, first.before(led(mandates, register.follow)))
    may_look = partial(first.give_way, _LOOKS_AHEAD_AFTER_SECONDS)
    ahead = OutlookDesk(*read_models, may_look, register.deriving)
    looking = Beside("outlook", LOOKED_AHEAD_EVERY_SECONDS, first.before(led(mandates, ahead.follow)))
    mailboxes = Beside("mailboxes", 0, keeper.look)
    waker = Waker(office, keeper.hurry_what_is_due, first.give_way, partial(_repair, office))
    waking = Beside("waking", WOKEN_EVERY_SECONDS, led(mandates, waker.look), at_once=False)
    access = access_kept(settings, office.engine, worker)
    beside = [refusals, mailboxes, waking, guarding, sealing, keeping, following, looking, access, *_watching(office)]
    if settings.stamp_url is not None and not rehearsed:
        beside.append(
            Beside(
                "stamping",
                LOOKS_FOR_STAMPS,
                led(mandates, partial(stamp_heads, office)),
                after_failure=LOOKS_FOR_STAMPS,
            )
        )
    printer = printer_of(settings, settings.papers_folder)
    if printer is not None:
        beside.append(Beside("printing", _PRINTED_EVERY_SECONDS, led(mandates, printer.print_new), at_once=False))
    post = _Post(office, documents, printer)
    if settings.channels is not None and not rehearsed:
        beside.append(
            Beside("courier", LOOKS_EVERY_SECONDS, led(mandates, post.look), after_failure=_POST_RESTS_SECONDS)
        )
    try:
        async with going_on(beside), worker:
            if pinned:
                await first_becomes_current(office.engine.client, build_id())
            yield
    finally:
        await post.close()
        for last in (refusals, keeping):
            await tried(last)


async def _repair(office: Office, workflow_id: str) -> str:
    by_itself = Repairing(office.archive, _OURSELVES, await asyncio.to_thread(done_by, office))
    return (await by_itself.one(workflow_id)).text


async def stamp_heads(office: Office) -> None:
    """One look for a time stamp, where the settings name an authority (raises as `StampDesk.look`)."""
    # Opened at each pass: settings that are not whole are told again and again, and hold up nothing.
    if (desk := stamp_desk_of(office.settings, office.records)) is not None:
        await desk.look()


def _watching(office: Office) -> list[Beside]:
    """Measuring the installation, where metrics are served."""
    runtime = office.engine.client.service_client.config.runtime
    if office.settings.metrics is None or runtime is None:
        return []
    gauges = Gauges(runtime.metric_meter)
    watch = Watch(office, partial(calendar_of, office.settings), end_of_certificate)

    async def measure() -> None:
        gauges.show(await watch.look())

    return [Beside("watching", WATCHED_EVERY_SECONDS, measure)]


class _Post:
    """Sending messages, where the office has channels. A file of channels that cannot be read holds up no supervision:
    each pass tells what is wrong with it, and the first one after it was mended goes on."""

    def __init__(self, office: Office, documents: DocumentStore, printer: DocumentPrinter | None) -> None:
        self._office, self._documents, self._printer = office, documents, printer
        self._courier: Courier | None = None

    async def look(self) -> None:
        if self._courier is None:
            settings, records = self._office.settings, self._office.records
            routes = routes_of(settings)
            channels = open_channels(settings, routes)
            told = records.log.head_line
            self._courier = Courier(
                records, routes, channels, self._office.now, told, self._documents, self._printer, paper_said
            )
        await self._courier.look()

    async def close(self) -> None:
        if self._courier is not None:
            await self._courier.close()


async def _keep_histories(office: Office, histories: HistoryKeeper) -> None:
    try:
        async with asyncio.timeout(_KEEP_SECONDS):
            await histories.keep_new()
    except TimeoutError:
        _log.warning("histories_wait", text="引擎没有及时应答，已结束的运行留待下次保存")
    await office.records.log.seal()
