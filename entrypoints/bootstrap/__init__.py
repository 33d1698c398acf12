"""The composition root: the only module that names adapters.

What only some commands need is loaded by them: an act must not wait for spreadsheets, documents and a worker.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters.clock import system_clock
from adapters.files.secret_file import secret_in
from application.engine_room.connecting import runtime_with_metrics, speak_through_our_log, standard_configuration
from application.engine_room.data_folder import copied_folder, must_not_leave_a_copy, prepare_data_folder
from application.engine_room.embedded import NAMESPACE, EmbeddedEngine
from application.engine_room.engine import Engine
from application.office.office import Office
from application.records import Records
from application.settings import Settings
from domain.errors import EngineUnreachableError, InputError

if TYPE_CHECKING:
    from datetime import datetime

    from adapters.ledger.ledger_address import LedgerAddress
    from application.engine_room.guards import Guards
    from application.office.attesting import Attestor, Giver
    from application.office.examination import Premises
    from domain.ids import DepartmentId
    from domain.papers.paper import PaperLanguage
    from domain.ports.audit_log import AuditLog
    from domain.ports.document_store import DocumentStore
    from domain.ports.mailboxes import Mailboxes
    from domain.ports.notifier import Notifier
    from domain.rules.calendar import WorkingCalendar
    from domain.rules.policy import SupervisionPolicy
    from domain.rules.score_rules import ScoreRules
    from domain.scoring.score_bulletin import ScoreBulletin
    from domain.seeing.period_report import PeriodReport

_YEARS_BEFORE, _YEARS_AFTER = 1, 2

engine_now: Callable[[], datetime] = system_clock.now


class NothingStartedError(EngineUnreachableError):
    """No engine was ever started on this data folder, and no other one is configured."""


@contextmanager
def open_records(settings: Settings, *, as_they_stand: bool = False) -> Iterator[Records]:
    """The ledger and the outbox: in the data folder, or in the PostgreSQL that the settings name; `as_they_stand`, also
    those of an earlier version, for whoever reads entries and what goes out, and changes nothing."""
    from adapters.ledger.audit_log import LedgerAuditLog
    from adapters.ledger.door_files import FolderDoorKeys
    from adapters.ledger.door_keys import LedgerDoorRegister
    from adapters.ledger.sqlite_ledger import SqliteLedger
    from adapters.vault.folder_vault import FolderVault
    from domain.record.refused_words import RefusedWords
    from entrypoints.bootstrap.evidence import evidence_of

    prepare_data_folder(settings)
    store = ledger_address(settings).open(engine_now, as_it_stands=as_they_stand)
    copied = copied_folder(settings)
    if copied is not None and isinstance(store, SqliteLedger):
        store.stand_still(copied)  # a ledger in a database is the one that it was
    try:
        vault, evidence = FolderVault(settings.vault_folder), evidence_of(settings)
        log_store = store.log_store()
        keys, origin, refused = settings.keys_folder, settings.log_origin, RefusedWords(store)
        log = LedgerAuditLog(log_store, vault, evidence, keys, origin, engine_now, settings.guards, refused)
        yield Records(
            ledger=store,
            outbox=store,
            log=log,
            vault=vault,
            evidence=evidence,
            opened_register=store.register,
            doors=LedgerDoorRegister(log_store, FolderDoorKeys(settings.keys_folder)),
            own_streams=log_store,
            mandates=store.mandates(),
        )
    finally:
        store.close()


def ledger_address(settings: Settings) -> LedgerAddress:
    """Where the ledger is: a file, or a database."""
    from adapters.ledger.ledger_address import LedgerAddress

    url = settings.ledger_url.get_secret_value() if settings.ledger_url else None
    return LedgerAddress(settings.ledger_file, url, settings.ledger_password_file)


def ledger_place(settings: Settings) -> str:
    """Where the ledger is, for people: its file, or its database without anything secret."""
    return ledger_address(settings).place


def has_ledger(settings: Settings) -> bool:
    """Whether a ledger was made there."""
    return ledger_address(settings).is_there()


def must_have_ledger(settings: Settings) -> None:
    """Refuse to read where there is no ledger yet, instead of making an empty one.

    Raises:
        InputError: there is none.
    """
    if not has_ledger(settings):
        place = f"数据目录 {settings.data} " if settings.ledger_url is None else f"数据库 {ledger_place(settings)} "
        raise InputError(f"{place}里没有台账：请用 --data 指明目录；还没有启动过督办的，请管理员运行 duban run。")


def set_up_ledger(settings: Settings, administrator: str, password_file: Path | None) -> str:
    """Make the ledger's database, schema and login as an administrator of PostgreSQL; safe to run again."""
    return ledger_address(settings).set_up(administrator, password_file)


@contextmanager
def open_log(settings: Settings) -> Iterator[AuditLog]:
    """The audit log of an installation that is there already.

    Raises:
        InputError: there is no ledger.
    """
    must_have_ledger(settings)
    with open_records(settings) as records:
        yield records.log


async def reach_engine(settings: Settings, **config: Any) -> tuple[Engine, str | None]:
    """Connect to the engine that Temporal's standard configuration names, or else to the data folder's own; answer
    the address of the Web UI where it is known.

    Raises:
        EngineUnreachableError: none is there.
        CopyStaysApartError: it is not the engine of a rehearsal copy's own folder.
        InputError: the engine's token cannot be read.
    """
    speak_through_our_log("error" if settings.log_level == "error" else "warning")
    from entrypoints.bootstrap.payloads import payloads_of

    config["payloads"] = payloads_of(settings)
    standard = standard_configuration()
    if standard is not None:
        must_not_leave_a_copy(settings, standard.target)
        if (token := engine_token(settings)) is not None:
            config["api_key"] = token
        return await Engine.connected(standard.target, settings.task_queue, **{**standard.config, **config}), None
    running = EmbeddedEngine(settings).running()
    if running is None:
        raise NothingStartedError(
            f"数据目录 {settings.data} 的引擎没有运行，没有办理，也没有记下什么："
            "请管理员运行 duban run，然后再执行一次。"
        )
    engine = await Engine.connected(running.address, settings.task_queue, namespace=NAMESPACE, **config)
    return engine, running.web_ui


def engine_token(settings: Settings) -> str | None:
    """What says to the engine what this process may do, where the settings name its file (raises as `secret_in`)."""
    return secret_in(settings.engine_token_file, "引擎令牌文件（DUBAN_ENGINE_TOKEN_FILE）")


@asynccontextmanager
async def open_office(
    settings: Settings, *, giver: Giver | None = None, as_it_stands: bool = False, **config: Any
) -> AsyncIterator[Office]:
    """An installation whose engine answers; `giver` gives acts here, where somebody does, and its records are opened
    `as_it_stands` where nothing of it may change.

    Raises:
        EngineUnreachableError: it does not.
    """
    engine, web_ui = await reach_engine(settings, **config)
    prepare_data_folder(settings)
    with ExitStack() as stack:
        opened = cache(lambda: stack.enter_context(open_records(settings, as_they_stand=as_it_stands)))
        yield Office(settings, engine, web_ui, opened, engine_now, cache(lambda: attestor_of(settings)), giver)


def attestor_of(settings: Settings) -> Attestor:
    """What attests acts: the doors' keys in the folder of keys, and the evidence store; the ledger is not opened."""
    from adapters.ledger.door_files import FolderDoorKeys
    from application.office.attesting import Attestor
    from entrypoints.bootstrap.evidence import evidence_of

    return Attestor(FolderDoorKeys(settings.keys_folder), evidence_of(settings), engine_now)


def local_user() -> Giver:
    """The user of the operating system who runs this process, as one who gives acts."""
    from application.office.attesting import local_giver

    return local_giver(engine_now())


def guards_of(records: Records, settings: Settings) -> Guards:
    """What stands between whoever reaches the engine and the record."""
    from adapters.accounts.public_keys import CryptographyKeys
    from adapters.ledger.door_files import is_signed
    from application.engine_room.guards import guards_over

    within = timedelta(minutes=settings.heard_within_minutes)
    return guards_over(records, is_signed, CryptographyKeys().has_signed, engine_now, within)


def premises_of(settings: Settings) -> Premises:
    """How each part of an installation is opened, for an examination that expects any of them to be missing."""
    from application.office.examination import Premises
    from application.office.named_checks import Named
    from entrypoints.bootstrap.accounts import certificates_of, counted_accounts, receivers_of, third_party_of
    from entrypoints.bootstrap.channels import checked_routes
    from entrypoints.bootstrap.documents import office_templates, printer_of
    from entrypoints.bootstrap.payloads import payload_keys_of

    return Premises(
        settings=settings,
        policy=lambda: policy_of(settings),
        routes=lambda: checked_routes(settings),
        templates=lambda: office_templates(settings),
        prints=lambda: printer_of(settings, settings.papers_folder) is not None,
        has_ledger=lambda: has_ledger(settings),
        ledger_place=lambda: ledger_place(settings),
        records=lambda: open_records(settings),
        accounts=lambda: counted_accounts(settings),
        receivers=lambda: receivers_of(settings),
        payload_keys=lambda: payload_keys_of(settings).key_ids(),
        named=Named(
            calendar=lambda year: calendar_of(settings, year),
            certificate_days=_days_of_certificate,
            authorities=lambda at: certificates_of(settings).must_count(at),
            third_party=lambda: third_party_of(settings),
            engine_certificates=_days_of_engine_certificates,
        ),
        office=lambda: open_office(settings),
        engine_now=engine_now,
    )


def activities_of(
    records: Records,
    documents: DocumentStore,
    outbox: Path,
    *,
    console: Callable[[str], str] | None = None,
    mailboxes: Mailboxes | None = None,
    guards: Guards | None = None,
    language: PaperLanguage = "zh",
) -> Sequence[Callable[..., Any]]:
    """All activities, with what they need; `console` words what goes out for who looks on, where somebody does, and
    `language` is that of new papers."""
    from activities.mail import MailActivities
    from activities.recording import RecordingActivities
    from adapters.notifications.console_notifier import ConsoleNotifier
    from adapters.notifications.file_notifier import FileNotifier
    from domain.clock import office_day
    from domain.directory.every_name import every_name
    from domain.papers.wording import in_english
    from domain.record.recorded_directory import DirectoryReader
    from entrypoints.core_sentences import paper_said

    notifiers: list[Notifier] = [FileNotifier(outbox, records.log.head_line, paper_said)]
    if console is not None:
        notifiers.append(ConsoleNotifier(sys.stdout, console))
    acts, starts, rules = (guards.acts, guards.starts, guards.mail) if guards else (None, None, None)
    worded = partial(in_english, say=paper_said) if language == "en" else None
    recording = RecordingActivities(records.ledger, mailboxes, acts, starts, records.evidence, worded)
    directory = DirectoryReader(records.ledger, records.evidence)

    def names(addressee: DepartmentId, at: datetime) -> Sequence[DepartmentId]:
        return every_name(addressee, directory.known_at(at), office_day(at))

    mail = MailActivities(records.outbox, documents, notifiers, rules, names)
    return (recording.record_decision, mail.mail_waiting, mail.deliver_digest)


@contextmanager
def rehearsal_premises(settings: Settings, folder: Path) -> Iterator[tuple[Records, Sequence[Callable[..., Any]]]]:
    """Records and activities of a folder of their own: nothing of a rehearsal may reach the installation's ledger."""
    from entrypoints.bootstrap.documents import documents_of

    scratch = settings.model_copy(update={"data": folder / "data", "ledger_url": None, "evidence": None})
    with open_records(scratch) as records:
        documents, language = documents_of(scratch, scratch.papers_folder), scratch.paper_language
        yield records, activities_of(records, documents, scratch.outbox_folder, language=language)


def metrics_of(settings: Settings) -> dict[str, Any]:
    """The connection option that serves the metrics, where the settings ask for them."""
    runtime = runtime_with_metrics(settings.metrics)
    return {"runtime": runtime} if runtime else {}


def end_of_certificate(path: Path) -> datetime:
    """Until when a certificate's file is valid.

    Raises:
        InputError: the file cannot be read.
    """
    return _days_of_certificate(path)[1]


def _days_of_certificate(path: Path) -> tuple[datetime, datetime]:
    from adapters.certificates import pem_file

    return pem_file.days_of_certificate(path)


def _days_of_engine_certificates() -> dict[str, tuple[datetime, datetime]]:
    from adapters.certificates import pem_file

    standard = standard_configuration()
    return pem_file.days_of_certificates(standard.certificates if standard else {})


def policy_of(settings: Settings) -> SupervisionPolicy:
    """The policy that the settings name, or the built-in default.

    Raises:
        InputError: the file cannot be read; the sentence names the line.
    """
    if settings.policy is None:
        from domain.rules.policy import SupervisionPolicy

        return SupervisionPolicy()
    from adapters.policy_files.yaml_policy import read_policy

    return read_policy(settings.policy)


def period_report_file(report: PeriodReport, ending: str, settings: Settings) -> bytes:
    """The draft of a bulletin or a report as a file (`.docx` or `.xlsx`), in the language of the office's papers."""
    from adapters.documents.report_documents import report_bytes
    from entrypoints.bootstrap.documents import said_of

    return report_bytes(report, ending, said_of(settings))


def score_bulletin_file(bulletin: ScoreBulletin, ending: str, settings: Settings) -> bytes:
    """The bulletin of a score as a file (`.docx` or `.xlsx`), in the language of the office's papers."""
    from adapters.documents.score_documents import bulletin_bytes
    from entrypoints.bootstrap.documents import said_of

    return bulletin_bytes(bulletin, ending, said_of(settings))


def score_rules_in(path: Path) -> ScoreRules:
    """The rules of the score that a file says.

    Raises:
        InputError: the file cannot be read; the sentence names the line.
    """
    from adapters.policy_files.yaml_policy import read_score_rules

    return read_score_rules(path)


def calendar_of(settings: Settings, year: int) -> WorkingCalendar:
    """The working calendar that a year's list needs: its own year and those around it.

    Raises:
        InputError: the extending file cannot be read.
    """
    from adapters.calendar.state_council import state_council_calendar

    years = range(year - _YEARS_BEFORE, year + _YEARS_AFTER + 1)
    return state_council_calendar(years, settings.calendar)


def calendar_with(path: Path, running: WorkingCalendar, year: int) -> WorkingCalendar:
    """A running calendar with the years of a file in the place of its own, as far as a year's list needs them.

    Raises:
        InputError: the file cannot be read.
    """
    from adapters.calendar.year_file import read_calendar_years
    from domain.rules.calendar import WorkingCalendar

    needed = range(year - _YEARS_BEFORE, year + _YEARS_AFTER + 1)
    given = {each.year: each for each in read_calendar_years(path) if each.year in needed}
    years = {each.year: each for each in running.years} | given
    return WorkingCalendar(years=tuple(years[each] for each in sorted(years)))
