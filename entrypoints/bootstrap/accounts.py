"""The composition root of accounts: where they are kept, and who hashes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from adapters.accounts.argon2_hashes import Argon2Hashes
from adapters.accounts.public_keys import CryptographyKeys
from adapters.accounts.sm2_certificates import OpensslCertificates
from adapters.accounts.sqlite_accounts import SqliteAccounts
from adapters.files.secret_file import secret_in
from application.accounts.accounts import Accounts
from application.records import Records
from application.settings import Settings
from domain.accounts.account import LocalAccount
from domain.accounts.refusals import NoThirdPartyError
from domain.accounts.sessions import SessionLimits
from domain.accounts.webhooks import Webhook
from domain.ports.accounts import AccountRows, AccountStore
from domain.ports.certificates import Certificates
from domain.ports.third_party import ThirdParty
from entrypoints.bootstrap import ledger_address

Answer = TypeVar("Answer")


@contextmanager
def open_accounts(settings: Settings, records: Records) -> Iterator[Accounts]:
    """The accounts beside open records: in a file of their own, or in the ledger's PostgreSQL."""
    limits = SessionLimits(timedelta(minutes=settings.session_idle_minutes), timedelta(hours=settings.session_hours))
    store, hashes = _account_store(settings), Argon2Hashes()
    try:
        yield Accounts(store, hashes, records, CryptographyKeys(), limits)
    finally:
        hashes.close()
        store.close()


def certificates_of(settings: Settings) -> Certificates:
    """What reads the certificates of persons, by the authorities that the settings name."""
    return OpensslCertificates(settings.sm2_authorities)


async def counted_accounts(settings: Settings) -> int:
    """How many accounts there are; none where nobody has opened the desk yet.

    Raises:
        LedgerUnavailableError: they cannot be read.
    """
    return await _read(settings, lambda rows: rows.count(LocalAccount), 0)


async def receivers_of(settings: Settings) -> Sequence[Webhook]:
    """The receivers of changes (raises as `counted_accounts`)."""
    return await _read(settings, lambda rows: rows.every(Webhook), ())


async def _read(settings: Settings, work: Callable[[AccountRows], Answer], nothing: Answer) -> Answer:
    if ledger_address(settings).dsn() is None and not settings.accounts_file.exists():
        return nothing
    store = _account_store(settings)
    try:
        return await store.read(work)
    finally:
        store.close()


def third_party_of(settings: Settings) -> ThirdParty | None:
    """The third party at which people sign in, where the settings name one.

    Raises:
        InputError: they name it in part, or its secret cannot be read.
    """
    if settings.oidc_issuer is None:
        return None
    from adapters.third_party.oidc_provider import OidcProvider

    if settings.oidc_client_id is None:
        raise NoThirdPartyError("设置了 DUBAN_OIDC_ISSUER，还须设置 DUBAN_OIDC_CLIENT_ID。")
    secret = secret_in(settings.oidc_client_secret_file, "统一登录的密钥文件")
    return OidcProvider(settings.oidc_issuer, settings.oidc_client_id, secret)


def set_up_account_tables(settings: Settings, administrator: str, password_file: Path | None) -> None:
    """Make the tables of accounts beside the ledger's as an administrator of PostgreSQL; safe to run again."""
    from adapters.accounts.postgres_accounts import set_up_accounts
    from adapters.ledger.ledger_address import LedgerAddress

    writer = ledger_address(settings).dsn()
    reached = LedgerAddress(settings.ledger_file, administrator, password_file).dsn()
    if writer is not None and reached is not None:
        set_up_accounts(reached, writer)


def _account_store(settings: Settings) -> AccountStore:
    dsn = ledger_address(settings).dsn()
    if dsn is None:
        return SqliteAccounts(settings.accounts_file)
    from adapters.accounts.postgres_accounts import PostgresAccounts

    return PostgresAccounts(dsn)
