"""The first day of a year that begins at a screen: somebody must be able to sign in on it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from application.office.directory import AskedChange, import_directory
from application.office.office import Office
from application.office.starting import clock_asked_for
from application.office.starting_a_list import _must_let_somebody_in, first_day
from application.settings import Settings
from domain.errors import InputError
from entrypoints.bootstrap import open_records
from tests.application.engine_room.test_act_desk import OFFICE
from tests.domain.samples import at

NOW = datetime(2018, 6, 1, 1, 0, tzinfo=UTC)


async def test_no_year_begins_before_there_is_an_administrator(tmp_path: Path) -> None:
    """Nobody could sign in, and an installation's calendar is settled once; an office without a directory is free."""
    with open_records(Settings(data=tmp_path)) as records:
        office = cast(Office, SimpleNamespace(records=records, engine_now=lambda: NOW))
        _must_let_somebody_in(office, clock_asked_for(date(2017, 3, 1), 1, NOW))
        await import_directory(records, OFFICE, AskedChange("管理员甲", at("04-20 09:01"), "r0"))
        # Its roles begin on the first of January: an act is heard by what the directory said at its instant.
        for day in (date(2017, 12, 31), date(2018, 1, 1), date(2018, 4, 20)):
            with pytest.raises(InputError, match="请写 2018-04-21 或以后"):
                _must_let_somebody_in(office, clock_asked_for(day, 1, NOW))
        assert first_day(office) == date(2018, 4, 21)
        for first in (date(2018, 4, 21), None):
            _must_let_somebody_in(office, clock_asked_for(first, 1, NOW))
