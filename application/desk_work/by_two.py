"""What two persons do: one prepares it and nothing happens, another one confirms it and gives the act."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from application.accounts.accounts import Accounts, new_secret
from application.office.every_project import OverAYear, Preview, Result
from application.office.office import Office
from application.office.open_texts import must_be_open_here
from domain.accounts.account import login_key
from domain.accounts.desk_items import PREPARED_LASTS, ByTwo, PreparedByTwo
from domain.directory.signed_in import SignedIn
from domain.errors import InputError
from domain.frozen import FieldsOf
from domain.names import same_name

NOTHING_PREPARED: Final = "没有这份待确认的准备，或者已经办理：请回到原来的页面查看。"


class SamePersonError(InputError, rule="two_persons"):
    """The one who prepared something confirms it himself."""


class NothingPreparedError(InputError, rule="prepared"):
    """There is no such thing, or it was done or given up meanwhile."""


def key_of(*all_of_it: str) -> str:
    """A key made of all that is confirmed: under it nobody finds anything else, and the same asked again is one."""
    return hashlib.sha256("\n".join(all_of_it).encode()).hexdigest()[:16]


async def prepare(
    accounts: Accounts,
    what: ByTwo,
    reason: str,
    by: SignedIn,
    now: datetime,
    key: str | None = None,
    **asked: FieldsOf[PreparedByTwo],
) -> PreparedByTwo:
    """Prepare something for another person to confirm; nothing is done. Under a key that is given, of what it is about,
    it takes the place of what was prepared before.

    Raises:
        ClassifiedError: a reason bears a classification mark, or a word that a policy refuses; nothing is kept then.
    """
    given: Any = asked
    await must_be_open_here(accounts.records, [reason, given.get("despite_period") or ""])
    prepared = PreparedByTwo(
        key=key or new_secret()[:16],
        owner=login_key(by.account),
        ends_at=now + PREPARED_LASTS,
        what=what,
        reason=reason,
        by=by.name,
        person_id=by.person_id,
        prepared_at=now,
        **given,
    )
    await accounts.store.change(lambda rows: rows.put(prepared))
    return prepared


async def waiting(accounts: Accounts, what: Sequence[ByTwo], now: datetime) -> Sequence[PreparedByTwo]:
    """What waits for a second person."""
    found = await accounts.store.read(lambda rows: rows.every(PreparedByTwo))
    return [each for each in found if each.what in what and not each.has_ended(now)]


async def to_confirm(accounts: Accounts, key: str, what: Sequence[ByTwo], by: SignedIn, now: datetime) -> PreparedByTwo:
    """What somebody may confirm, of these kinds.

    Raises:
        NothingPreparedError: nobody prepared it as one of these, or it is done.
        SamePersonError: whoever prepared it is the one who confirms.
    """
    prepared = await accounts.store.read(lambda rows: rows.one(PreparedByTwo, key))
    if prepared is None or prepared.what not in what or prepared.has_ended(now):
        raise NothingPreparedError(NOTHING_PREPARED)
    same_account = login_key(by.account) == prepared.owner
    same_person = by.person_id is not None and by.person_id == prepared.person_id
    if same_account or same_person or same_name(by.name, prepared.by):
        raise SamePersonError("须由准备人以外的一位确认：请另一位登录后办理。")
    return prepared


async def give_over_a_year(
    office: Office, accounts: Accounts, prepared: PreparedByTwo, act: OverAYear[Preview]
) -> list[Result]:
    """Give to every project what another person prepared; answer what became of each.

    Whoever confirms gives the acts, for he is the giver of this office; whoever prepared them stands beside him.

    Raises:
        InputError: there is no such year, project or milestone any more.
        EngineUnreachableError: the engine does not answer, or nobody works.
    """
    results = await act.give(office)
    if not any(result.outcome == "failed" for result in results):
        await give_up(accounts, prepared.key, (prepared.what,))
    return results


async def give_up(accounts: Accounts, key: str, what: Sequence[ByTwo]) -> None:
    """Give up what was prepared as one of these kinds; what is not there (any more) stays so."""
    await accounts.store.change(
        lambda rows: [rows.remove(each) for each in rows.every(PreparedByTwo) if each.key == key and each.what in what]
    )
