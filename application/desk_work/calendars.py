"""Calendars to subscribe to: a secret address for a department or a leader, which its owner makes and revokes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from application.accounts.accounts import Accounts, hash_of, new_secret
from application.office.office import Office
from domain.accounts.account import login_key
from domain.accounts.desk_items import CalendarAddress
from domain.clock import office_day
from domain.directory.directory import Directory
from domain.directory.ids import IN_A_DEPARTMENT
from domain.directory.signed_in import SignedIn
from domain.errors import InputError
from domain.ids import DepartmentId
from domain.names import same_name
from domain.ports.register import DutyQuery
from domain.ports.register_lines import DutyRow
from domain.seeing.calendar_file import CalendarEntry, calendar_file

MOST_ADDRESSES, MOST_ENTRIES, MOST_DAYS_BEFORE = 20, 2_000, 30


class NotHisCalendarError(InputError, rule="own_calendar"):
    """Somebody wants a calendar of what is not his, or more calendars than anybody needs."""


@dataclass(frozen=True, slots=True)
class MadeAddress:
    """An address as it is told once."""

    address: CalendarAddress
    secret: str = field(repr=False)


async def make(
    accounts: Accounts, by: SignedIn, department: DepartmentId | None, days_before: int, now: datetime
) -> MadeAddress:
    """Make a secret address for the calendar of a department, or without one of what a leader answers for.

    Raises:
        NotHisCalendarError: the department is not his, he is no leader, or he has too many.
    """
    leads = {"leader_in_charge", "principal_leader", "head"} & set(by.roles)
    if (department is None and not leads) or (department is not None and department not in by.reads):
        raise NotHisCalendarError("只能给自己的部门，或自己分管的事项订阅日历。")
    if len(await addresses(accounts, by)) >= MOST_ADDRESSES:
        raise NotHisCalendarError(f"日历地址已有{MOST_ADDRESSES}个：请先停用不用的。")
    secret = new_secret()
    made = CalendarAddress(
        key=hash_of(secret),
        owner=login_key(by.account),
        account=by.account,
        department=department,
        made_at=now,
        days_before=days_before,
    )
    await accounts.store.change(lambda rows: rows.put(made))
    return MadeAddress(made, secret)


async def addresses(accounts: Accounts, by: SignedIn) -> Sequence[CalendarAddress]:
    """The addresses that somebody made, in order of their making."""
    found = await accounts.store.read(lambda rows: rows.every(CalendarAddress, login_key(by.account)))
    return sorted(found, key=lambda each: each.made_at)


async def revoke(accounts: Accounts, by: SignedIn, number: str) -> None:
    """Let one of one's own addresses answer no more; another one's stays."""
    owner = login_key(by.account)
    await accounts.store.change(
        lambda rows: [rows.remove(each) for each in rows.every(CalendarAddress, owner) if each.number == number]
    )


async def calendar_of(office: Office, accounts: Accounts, secret: str, base: str) -> bytes | None:
    """The calendar behind a secret address; none where it is unknown or revoked, or its owner lost what it shows.

    Entries lead to `base`, where people sign in: the calendar itself shows titles and dates alone.
    """
    key = hash_of(secret)
    address = await accounts.store.read(lambda rows: rows.one(CalendarAddress, key))
    if address is None:
        return None
    now = await asyncio.to_thread(office.now)
    day = office_day(now)
    made_on = office_day(accounts.office_time(address.made_at))
    scope = await asyncio.to_thread(lambda: _scope(accounts.directory(), address, made_on, day))
    if scope is None:
        return None
    await office.register.current()
    duties = await _duties(office, scope, address)
    entries = [_entry(duty, base) for duty in duties[:MOST_ENTRIES] if duty.answer_by is not None]
    name = f"督办：{address.department}" if address.department else "督办：我分管的事项"
    return calendar_file(name, entries, now, address.days_before)


def _scope(directory: Directory, address: CalendarAddress, made_on: date, day: date) -> tuple[DepartmentId, ...] | None:
    """The departments that a calendar shows today: none of them for a leader of all; nothing where nobody may."""
    person = directory.person_of_account(address.account, day)
    # The login may be another person's by now: whoever had it before knows the address still.
    if person is None or directory.person_of_account(address.account, made_on) != person:
        return None
    roles = directory.roles_on(person.person_id, day)
    if address.department is not None:
        mine = any(same_name(address.department, name) for name in directory.names_in(roles, day, *IN_A_DEPARTMENT))
        return (address.department,) if mine else None
    if any(grant.role == "principal_leader" for grant in roles):
        return ()
    return directory.names_in(roles, day, "leader_in_charge", "head") or None


async def _duties(office: Office, scope: tuple[DepartmentId, ...], address: CalendarAddress) -> list[DutyRow]:
    query = DutyQuery(open=True, sort="due", role=None if address.department else "lead", limit=MOST_ENTRIES)
    asked = [query.having(department=name) for name in scope] if scope else [query]
    return [row for each in asked for row in (await office.register.duties(each)).rows]


def _entry(duty: DutyRow, base: str) -> CalendarEntry:
    assert duty.answer_by is not None
    who = duty.department if duty.role == "lead" else f"{duty.department}（参与）"
    return CalendarEntry(
        uid=f"{duty.milestone_id}.{duty.role}.{duty.department}@duban",
        on=duty.answer_by,
        summary=f"{who}：{duty.description or duty.milestone_id}",
        description=f"{duty.milestone_id}\n{base}duties/{duty.milestone_id}",
    )
