"""The composition root of backup and restore: what copies, seals, reads back and fills."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from adapters.accounts import accounts_copy
from adapters.accounts.sqlite_accounts import leave_logins_out
from adapters.backups.archive import read_archive, write_archive
from adapters.backups.database_copy import copy_database
from adapters.ledger.audit_log import LedgerAuditLog
from adapters.ledger.last_head import guard_notes
from adapters.ledger.ledger_address import LedgerAddress
from adapters.ledger.ledger_copy import last_head, opened_as, sent_files
from adapters.vault.folder_vault import FolderVault
from application.office.backing_up import Tools
from application.settings import Settings
from domain.ports.audit_log import NewGeneration
from entrypoints.bootstrap import engine_now, ledger_address
from entrypoints.bootstrap.evidence import evidence_of


def backup_tools(settings: Settings) -> Tools:
    """What backup and restore of an installation work with."""
    address = ledger_address(settings)

    def must_be_empty() -> None:
        address.must_be_empty()
        if (dsn := address.dsn()) is not None:
            accounts_copy.must_be_empty(dsn)

    def copy_accounts(file: Path) -> bool:
        if (dsn := address.dsn()) is None:
            return False
        accounts_copy.copy_out(dsn, file)
        return True

    @contextmanager
    def filling_accounts(file: Path) -> Iterator[bool]:
        if (dsn := address.dsn()) is None:
            yield False
            return
        with accounts_copy.filling(file, dsn):
            yield True

    def begin_generation(data: Path, facts: Mapping[str, str], known: Sequence[str]) -> NewGeneration | None:
        staged = settings.model_copy(update={"data": data})
        origin = opened_as(staged.ledger_file)
        if origin is None:
            return None
        store = LedgerAddress(staged.ledger_file).open(engine_now)
        try:
            vault, evidence = FolderVault(staged.vault_folder), evidence_of(staged)
            log = LedgerAuditLog(store.log_store(), vault, evidence, staged.keys_folder, origin, engine_now)
            return asyncio.run(log.restore(facts, [*known, *guard_notes(settings.guards)]))
        finally:
            store.close()

    return Tools(
        copy_ledger=address.copy_to,
        copy_database=copy_database,
        leave_logins_out=leave_logins_out,
        sent_files=sent_files,
        last_head=last_head,
        write=write_archive,
        read=read_archive,
        must_be_empty=must_be_empty,
        copy_accounts=copy_accounts,
        filling_accounts=filling_accounts,
        begin_generation=begin_generation,
        fill_ledger=lambda file: address.fill_from(file, engine_now),
    )
