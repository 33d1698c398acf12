"""A newcomer is told before a start what it would meet, and after each step what the next one is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from domain.clock import VirtualClock
from entrypoints.desk.app import desk_application
from tests.domain.samples import at
from tests.entrypoints.desk.conftest import Browsers
from tests.entrypoints.desk.small_office import NOW, healthy, projects, small_office, with_one_who_left, with_people
from tests.entrypoints.desk.test_plans import LIST, ruled_on

_ADMINISTRATOR_FROM = "起才有登记了的管理员"
_NOTHING_YET = "还没有督办中的项目"


@pytest_asyncio.fixture
async def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Browsers]:
    """An office with people, in which nothing was started."""
    monkeypatch.setattr("application.office.planning.sick_projects", healthy)
    with small_office(tmp_path) as office:
        await office.office.records.doors.open()
        with_people(office)
        office.door.person("first", "钱管理", "administrator", "operator")
        yield Browsers(office, desk_application(office.office, office.door, office.accounts))


async def test_the_preview_of_a_start_names_limits_that_are_over_and_the_first_day(empty: Browsers) -> None:
    """What was due before the issue stands there with its day; the field of the day refuses none that could be."""
    await with_one_who_left(empty.office)
    browser = await empty.of("operator")
    place = await ruled_on(browser, LIST.replace("6月：印发方案", "3月：印发方案"))
    page = (await browser.get(place)).text
    assert "印发前已到期的 1 个节点" in page
    assert '<span class="id">2018-91-01</span> 2018-03-31' in page
    assert _ADMINISTRATOR_FROM in page
    assert ' min="2018-06-05"' in page, "today began before they were on record"
    await empty.office.office.records.ledger.settle_clock(
        VirtualClock(engine_at=NOW, supervised_at=at("04-20 08:00"), speed=1)
    )
    assert _ADMINISTRATOR_FROM not in (await browser.get(place)).text


async def test_a_list_without_such_limits_warns_of_none(empty: Browsers) -> None:
    """No warning stands where there is nothing to warn of."""
    browser = await empty.of("operator")
    page = (await browser.get(await ruled_on(browser))).text
    assert "启动以后督查通知单随即签发" in page
    assert "印发前已到期" not in page
    assert _ADMINISTRATOR_FROM not in page


async def test_a_start_ends_in_what_comes_next(empty: Browsers) -> None:
    """Whoever started sees where the notices are and who opens accounts; a link only where he may open the page."""
    started = (await (await empty.of("operator")).post(f"{await _ready(empty, 'operator')}/start", _SURE)).text
    assert 'href="/coming">看将要发出' in started
    assert "账号由管理员开设" in started
    again = (await (await empty.of("first")).post(f"{await _ready(empty, 'first')}/start", _SURE)).text
    assert 'href="/directory">给各部门开设账号' in again


_SURE = {"confirmed": "yes"}


async def _ready(browsers: Browsers, account: str) -> str:
    return await ruled_on(await browsers.of(account))


async def test_an_office_without_projects_is_led_to_its_list(empty: Browsers) -> None:
    """Once somebody is of the section, the page of persons says what to do next, as long as nothing is supervised."""
    browser = await empty.of("first")
    assert _NOTHING_YET not in (await browser.get("/directory")).text
    await with_one_who_left(empty.office)
    page = (await browser.get("/directory")).text
    assert _NOTHING_YET in page
    assert 'href="/plans">交来一份清单' in page
    await empty.office.take(*projects())
    await empty.office.office.register.follow()
    assert _NOTHING_YET not in (await browser.get("/directory")).text
