"""Tokens of programs: issued, told once, used, listed and revoked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from application.accounts.accounts import Accounts, hash_of, kept_of, new_secret
from application.office.directory import AskedChange, change_directory
from domain.accounts.account import login_key
from domain.accounts.refusals import AccountClosedError, BeyondRightsError
from domain.accounts.rights import is_bound_to, signed_in_by_token
from domain.accounts.tokens import ApiToken, TokenRole, must_end_soon
from domain.clock import office_day
from domain.directory.changes import department_in
from domain.directory.ids import ROLE_WORDS
from domain.directory.signed_in import SignedIn

PREFIX = "duban_"
"""How every token begins, so that a search for lost secrets finds it."""
_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class AskedToken:
    """A token that somebody wants: for which account, how it is called, bound to what, until when."""

    account: str
    name: str
    ends_at: datetime
    department: str | None = None
    role: TokenRole | None = None


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token as it is told once."""

    token: ApiToken
    secret: str = field(repr=False)


async def issue_token(accounts: Accounts, asked: AskedToken, asking: AskedChange, now: datetime) -> IssuedToken:
    """Issue a token, bound to one department or role that the account's person has today.

    Raises:
        UnusableEndError: its end has come, or is too far away.
        AccountClosedError: the account is nobody's today.
        BeyondRightsError: the person has not got what it shall be bound to.
        RejectedError: the one who asks is no administrator, or the department is not known.
    """
    must_end_soon(asked.ends_at, now)
    await change_directory(accounts.records, asking, lambda _: None)
    at = accounts.office_time(now)
    directory, day = accounts.directory(), office_day(at)
    person = directory.person_of_account(asked.account, day)
    if person is None:
        raise AccountClosedError(account=asked.account)
    department = department_in(directory, asked.department, day) if asked.department else None
    secret = PREFIX + new_secret()
    token = ApiToken(
        key=hash_of(secret),
        owner=login_key(asked.account),
        ends_at=asked.ends_at,
        account=asked.account,
        person_id=person.person_id,
        name=asked.name,
        department_id=department.department_id if department else None,
        role=asked.role,
        made_at=now,
    )
    if not any(is_bound_to(token, grant) for grant in directory.roles_on(person.person_id, day)):
        what = f"{department.name}的承办人" if department else ROLE_WORDS[asked.role or "department"]
        raise BeyondRightsError(
            f"{person.name}（{person.number}）今天不是{what}：令牌不能超出本人的权限，请核对部门或角色。"
        )
    await accounts.store.change(lambda rows: rows.put(token))
    return IssuedToken(token, secret)


async def token_of(accounts: Accounts, secret: str, now: datetime) -> SignedIn | None:
    """Who a program's token is now; none where it does not hold (any more), or its person lost what it is bound to."""
    key = hash_of(secret)
    token = await accounts.store.read(lambda rows: rows.one(ApiToken, key))
    if token is None or token.has_ended(now):
        return None
    if token.used_at is None or now - token.used_at >= _NOTED_EVERY:
        used = token.having(used_at=now)
        await accounts.store.change(lambda rows: rows.put(used) if rows.one(ApiToken, key) is not None else None)
    return await asyncio.to_thread(lambda: signed_in_by_token(accounts.directory(), token, accounts.office_time(now)))


async def tokens_of(accounts: Accounts, name: str | None, now: datetime) -> Sequence[ApiToken]:
    """The tokens that hold (of one account)."""
    return [token for token in await kept_of(accounts, ApiToken, name) if not token.has_ended(now)]
