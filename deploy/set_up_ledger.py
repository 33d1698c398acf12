"""Makes the ledger's database, schema and login in the compose file's PostgreSQL, or brings them up to date.

Safe to run again. Only this job knows the administrator's password; the worker's login can add and settle, and neither
change nor remove.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from application.settings import load_settings
from domain.errors import DubanError
from entrypoints.bootstrap import set_up_ledger
from entrypoints.bootstrap.accounts import set_up_account_tables


def main() -> str | None:
    """Set the database up; answer what went wrong in one sentence, or nothing."""
    administrator = os.environ.get("DUBAN_LEDGER_ADMINISTRATOR")
    if not administrator:
        return (
            "没有设置 DUBAN_LEDGER_ADMINISTRATOR：请写数据库管理员的地址，如 postgresql://postgres@主机:5432/postgres。"
        )
    password_file = os.environ.get("DUBAN_LEDGER_ADMINISTRATOR_PASSWORD_FILE")
    try:
        settings, password = load_settings(), Path(password_file) if password_file else None
        place = set_up_ledger(settings, administrator, password)
        set_up_account_tables(settings, administrator, password)
    except DubanError as error:
        return error.text
    sys.stdout.write(f"The ledger's database is ready: {place}.\n")
    return None


if __name__ == "__main__":
    sys.exit(main())
