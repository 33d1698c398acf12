"""The accounts of a new installation."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from application.accounts.accounts import Accounts
from application.settings import Settings
from entrypoints.bootstrap import open_records
from entrypoints.bootstrap.accounts import open_accounts
from tests.application.accounts.office import populate


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The settings of an installation of its own."""
    return Settings(data=tmp_path / "data")


@pytest.fixture
async def accounts(settings: Settings) -> AsyncIterator[Accounts]:
    """The accounts of a small office that nobody can sign in to yet."""
    with open_records(settings) as records, open_accounts(settings, records) as opened:
        await populate(opened)
        yield opened
