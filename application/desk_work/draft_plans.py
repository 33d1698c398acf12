"""A list that is handed in at a screen: read, ruled on in one's own time, compared with what runs."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from application.accounts.accounts import Accounts, new_secret
from application.office.office import Office
from application.office.open_texts import must_be_an_open_file
from application.office.planning import Step, planned
from domain.accounts.account import login_key
from domain.accounts.desk_items import DraftPlan, PreparedByTwo
from domain.clock import OFFICE_TIME
from domain.directory.signed_in import SignedIn
from domain.errors import InputError
from domain.lists.startable import must_be_startable
from domain.notice.compiling import compilation
from domain.notice.coverage import Coverage
from domain.notice.document import NoticeDocument
from domain.notice.findings import Ruling
from domain.notice.plan import Plan
from domain.notice.rulings import merged_rulings, settled
from domain.notice.tables import Given
from domain.ports.accounts import AccountRows
from domain.rules.calendar import WorkingCalendar
from domain.rules.policy import SupervisionPolicy

_ROWS = ("projects", "findings", "rulings")
"""What of a plan belongs to its rows."""


class NoDraftError(InputError, rule="draft_plan"):
    """There is no such list that was handed in."""


@dataclass(frozen=True, slots=True)
class Files:
    """How files of lists are read and written."""

    is_plan: Callable[[Path], bool]
    read_plan: Callable[[Path], Plan]
    read_notice: Callable[[Path], NoticeDocument]
    write_plan: Callable[[Plan, Path], None]


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A file as somebody hands it in, and what he says of it where the file itself does not."""

    name: str
    data: bytes
    year: int | None = None
    issued_on: date | None = None
    lead: str | None = None
    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)
    """The years whose working days can be counted."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a year starts under."""

    policy: SupervisionPolicy
    calendar: WorkingCalendar


async def hand_in(
    accounts: Accounts, files: Files, given: HandedIn, by: SignedIn, now: datetime, key: str | None = None
) -> DraftPlan:
    """Read a list, and keep it for rulings; under a key that is given, the one that is there already stays.

    Raises:
        ClassifiedError: it bears a classification mark, or a word that a policy on record refuses; nothing is kept.
        InputError: it cannot be read; the sentence says why and what to do.
    """
    refused = await asyncio.to_thread(accounts.records.refused_words.of_all)
    must_be_an_open_file(given.name, io.BytesIO(given.data), refused)
    there = await accounts.store.read(lambda rows: rows.one(DraftPlan, key)) if key is not None else None
    if there is not None:
        return there
    plan, coverage = await asyncio.to_thread(_read, files, given)
    kept = DraftPlan(
        key=key or new_secret()[:16],
        owner=login_key(by.account),
        file_name=given.name,
        plan=plan,
        coverage=coverage,
        by=by.name,
        handed_in_at=now,
    )
    await accounts.store.change(lambda rows: rows.put(kept))
    return kept


async def take_in(accounts: Accounts, plan: Plan, by: SignedIn, now: datetime) -> DraftPlan:
    """Keep a list that the record makes itself, for rulings; the same one once more is the one that is there."""
    key = base64.urlsafe_b64encode(hashlib.sha256(plan.model_dump_json().encode()).digest())[:16].decode()
    there = await accounts.store.read(lambda rows: rows.one(DraftPlan, key))
    if there is not None:
        return there
    kept = DraftPlan(
        key=key, owner=login_key(by.account), file_name=plan.title, plan=plan, by=by.name, handed_in_at=now
    )
    await accounts.store.change(lambda rows: rows.put(kept))
    return kept


def _read(files: Files, given: HandedIn) -> tuple[Plan, Coverage | None]:
    with tempfile.TemporaryDirectory(prefix="duban-list-") as folder:
        path = Path(folder) / Path(given.name).name
        path.write_bytes(given.data)
        if files.is_plan(path):
            return files.read_plan(path), None
        layout = Given(given.lead, ())
        found = compilation(
            files.read_notice(path),
            year=given.year,
            issued_on=given.issued_on,
            given=layout,
            calendar=given.calendar,
        )
        return found.plan, found.coverage


async def drafts(accounts: Accounts) -> Sequence[DraftPlan]:
    """The lists that were handed in, the newest first."""
    found = await accounts.store.read(lambda rows: rows.every(DraftPlan))
    return sorted(found, key=lambda each: each.handed_in_at, reverse=True)


async def draft(accounts: Accounts, key: str) -> DraftPlan:
    """One list that was handed in.

    Raises:
        NoDraftError: there is none.
    """
    found = await accounts.store.read(lambda rows: rows.one(DraftPlan, key))
    if found is None:
        raise NoDraftError("没有这份清单，或者已经撤掉：请回到清单页面查看。")
    return found


def as_ruled(one: DraftPlan) -> Plan:
    """The plan with the rulings so far."""
    return settled(one.plan)


async def rule(accounts: Accounts, key: str, ruling: Ruling) -> DraftPlan:
    """Rule on one doubtful reading.

    Raises:
        NoDraftError: there is no such list.
        InputError: the ruling cannot be applied; nothing is changed.
    """
    one = await draft(accounts, key)
    rulings = merged_rulings(one.plan.rulings, (ruling,), one.plan.findings)
    ruled = one.having(plan=one.plan.having(rulings=rulings))
    await asyncio.to_thread(as_ruled, ruled)

    def put(rows: AccountRows) -> None:
        rows.put(ruled)
        _give_up_start(rows, key)  # what was prepared is another list now

    await accounts.store.change(put)
    return ruled


def can_be_joined(one: DraftPlan, other: DraftPlan) -> bool:
    """Whether two lists may be started as one: of one year, with no project in both."""
    known = {each.project_id for each in one.plan.projects}
    return one.plan.year == other.plan.year and known.isdisjoint(each.project_id for each in other.plan.projects)


async def join(accounts: Accounts, key: str, other_key: str) -> None:
    """Take the rows of another list of the year into one, with what was ruled on them: what is started is the whole of
    a year. The other one stays as it is.

    Raises:
        NoDraftError: there is no such list.
        InputError: they are of different years, or have a project in common.
    """
    one, other = await draft(accounts, key), await draft(accounts, other_key)
    if not can_be_joined(one, other):
        raise InputError("这两份清单不是同一年的，或者有相同的项目，没有并入：请核对是不是要并入的那一份。")
    both = {name: (*getattr(one.plan, name), *getattr(other.plan, name)) for name in _ROWS}
    joined = one.having(plan=one.plan.model_copy(update=both))

    def put(rows: AccountRows) -> None:
        rows.put(joined)
        _give_up_start(rows, key)  # as after a ruling

    await accounts.store.change(put)


async def drop(accounts: Accounts, key: str) -> None:
    """Take a list away that was handed in; what was started of it runs on."""

    def remove(rows: AccountRows) -> None:
        for each in rows.every(DraftPlan):
            if each.key == key:
                rows.remove(each)
        _give_up_start(rows, key)

    await accounts.store.change(remove)


def _give_up_start(rows: AccountRows, key: str) -> None:
    prepared = rows.one(PreparedByTwo, key)
    if prepared is not None:
        rows.remove(prepared)


async def difference(office: Office, one: DraftPlan, rules: Rules) -> list[Step]:
    """What a start of this list would do against what runs.

    Raises:
        UnruledFindingsError: a doubtful reading waits for a ruling.
        InputError: a project of it cannot be started.
        EngineUnreachableError: the engine does not answer.
    """
    plan = startable(office, one, rules)
    return await planned(office.engine, office.records.ledger, plan)


def startable(office: Office, one: DraftPlan, rules: Rules) -> Plan:
    """The plan as it is started (raises as `difference`)."""
    plan = as_ruled(one)
    plan.must_be_ruled()
    must_be_startable(plan, rules.policy, rules.calendar, office.engine_now().astimezone(OFFICE_TIME))
    return plan


def written(files: Files, one: DraftPlan, ending: str) -> bytes:
    """The plan as a file, with its rulings: what the shell reads too."""
    with tempfile.TemporaryDirectory(prefix="duban-list-") as folder:
        path = Path(folder) / f"plan{ending}"
        files.write_plan(as_ruled(one), path)
        return path.read_bytes()
