"""What time brought and was not done is found at the desk: where, why, since when, and what to do."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from domain.events import InspectionOpened
from domain.record.recorded_projects import recorded_events
from entrypoints.desk.app import desk_application
from tests.domain.samples import PROJECT, at
from tests.domain.seeing.test_undecided import capped
from tests.entrypoints.desk.conftest import Browsers
from tests.entrypoints.desk.small_office import _decision, small_office, with_people


async def with_a_held_inspection(browsers: Browsers) -> None:
    """A project of which the cap holds an inspection back."""
    desk, state = capped(), None
    for _at, group in itertools.groupby(desk.events, key=lambda event: event.decided_at):
        decision, state = _decision(state, tuple(group))
        await browsers.office.office.records.ledger.record(decision)
    browsers.office.now = at("07-02 10:00")
    await browsers.office.office.register.follow()


async def test_an_inspection_that_a_cap_held_back_is_found_and_opened(tmp_path: Path) -> None:
    """Among what waits for the section, with the act that does it; once it is done it is no longer there."""
    with small_office(tmp_path) as office:
        with_people(office)
        await office.office.records.log.open()
        await office.office.records.doors.open()
        await _found_and_opened(Browsers(office, desk_application(office.office, office.door, office.accounts)))


async def _found_and_opened(fresh: Browsers) -> None:
    operator = await fresh.of("operator")
    assert "没有待人工处理的事。" in (await operator.get("/waiting")).text
    await with_a_held_inspection(fresh)
    page = (await operator.get("/waiting")).text
    assert f"{PROJECT}-03的督查于 2018-06-07 没有开展，本月督查已达上限" in page
    way = f"/projects/{PROJECT}/acts/open-inspection?milestone={PROJECT}-03"
    assert way in page
    assert f"{PROJECT}-03的督查" in (await operator.get("/waiting/undecided.csv")).content.decode("utf-8-sig")
    about = {"milestone": f"{PROJECT}-03", "reason": "上月未开展"}
    done = await operator.post(way.partition("?")[0], about)
    assert done.status_code == 303, done.text
    assert way not in (await operator.get("/waiting")).text
    opened = list(recorded_events(fresh.office.office.records.ledger, PROJECT))
    assert isinstance(opened[-1], InspectionOpened)


@pytest.mark.parametrize("account", ["own", "auditor"])
async def test_it_is_the_section_s_page(fresh: Browsers, account: str) -> None:
    """Nobody else is asked to do what the section must."""
    assert (await (await fresh.of(account)).get("/waiting/undecided.csv")).status_code == 403
