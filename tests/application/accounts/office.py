"""A small office with its accounts, on the stores of an installation and a clock that tests move."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from application.accounts.accounts import Accounts, hash_of
from application.accounts.opening import open_account, set_password
from application.accounts.signing_in import Entered, Knock, sign_in
from application.office.directory import AskedChange, change_directory
from domain.accounts.sessions import Session
from domain.directory import changes
from domain.directory.draft import Draft

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PASSWORD = "four unlikely words here"
HOME, ELSEWHERE = Knock("192.0.2.7"), Knock("198.51.100.9")


def asking(by: str = "李红", at: datetime = NOW) -> AskedChange:
    """A request of an administrator."""
    return AskedChange(by, at, "r1")


def _first(draft: Draft) -> None:
    organisation = changes.open_department(draft, "组织部")
    for name in ("李红", "王伟"):
        changes.open_person(draft, name)
    changes.give_role(draft, "P0001", "administrator")
    changes.give_role(draft, "P0001", "operator")
    changes.give_role(draft, "P0002", "department", department_id=organisation)


async def populate(accounts: Accounts) -> None:
    """A department, its administrator, one who acts for it."""
    await change_directory(accounts.records, asking(), _first)


async def with_password(accounts: Accounts, person: str, account: str, password: str = PASSWORD) -> None:
    """Open an account, and let its person choose a password."""
    link = await open_account(accounts, person, account, asking(), NOW)
    await set_password(accounts, link.secret, password, NOW)


async def entered(accounts: Accounts, account: str, knock: Knock = HOME, at: datetime = NOW) -> Entered:
    """Sign in with the password."""
    return await sign_in(accounts, account, PASSWORD, knock, at)


def later(**span: float) -> datetime:
    """An instant after the start."""
    return NOW + timedelta(**span)


async def kept_of(accounts: Accounts, login: Entered) -> Session:
    """The session of a login, as the store keeps it."""
    session = await accounts.store.read(lambda rows: rows.one(Session, hash_of(login.token)))
    assert session is not None
    return session
