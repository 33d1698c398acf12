"""An instant before anything was supervised: what was asked, when it began, what to ask instead."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from application.audit.inquiries import NotYetDocketedError, in_minutes, nothing_yet, register_at
from application.office.starting import anchor_of
from domain.acts.rejections import UnknownProjectError
from domain.ports.ledger import Ledger
from entrypoints.cli.main import called
from tests.domain.samples import at
from tests.entrypoints.desk.small_office import SmallOffice, projects, small_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[SmallOffice]:
    """An office with nothing in it."""
    with small_office(tmp_path) as made:
        yield made


async def _docketed(office: SmallOffice) -> Ledger:
    await office.take(projects()[0])
    return office.office.records.ledger


async def test_a_project_before_its_docketing_is_told_with_the_instant_to_ask_for(office: SmallOffice) -> None:
    """What is told can be asked: at the instant that the sentence names the project is there."""
    ledger = await _docketed(office)
    with pytest.raises(NotYetDocketedError) as told:
        await register_at(ledger, at("04-01 09:00"), "2018-05a")
    assert told.value.text.startswith("2018-04-01 09:00 的登记簿里还没有项目 2018-05a：它 2018-04-25 ")
    named = anchor_of(at(told.value.docketed_at.removeprefix("2018-")))
    assert len((await register_at(ledger, named, "2018-05a")).projects) == 1
    with pytest.raises(NotYetDocketedError):
        await register_at(ledger, named - timedelta(minutes=2), "2018-05a")


async def test_what_never_was_is_not_told_as_too_early(office: SmallOffice) -> None:
    """No later instant would help."""
    with pytest.raises(UnknownProjectError) as told:
        await register_at(await _docketed(office), at("04-01 09:00"), "2018-99")
    assert type(told.value) is UnknownProjectError


async def test_a_register_before_everything_says_when_it_begins(office: SmallOffice) -> None:
    """With no list at all, that one is started first."""
    assert await nothing_yet(office.office.records.ledger, at("04-01 09:00")) == "台账里还没有项目：请先启动清单。"
    told = await nothing_yet(await _docketed(office), at("04-01 09:00"))
    assert "2018-04-01 09:00 时还没有督办中的项目：第一个项目 2018-04-25 " in told
    assert told.endswith("请改看那时或以后。")


def test_an_instant_is_never_told_as_one_before_it() -> None:
    """To the minute, upwards."""
    assert in_minutes(at("04-25 09:00")) == "2018-04-25 09:00"
    assert in_minutes(at("04-25 09:00") + timedelta(seconds=1)) == "2018-04-25 09:01"


@pytest.mark.parametrize("asked", [("audit", "as-of", "2018-04-01"), ("status", "--as-of", "2018-04-01")], ids=" ".join)
async def test_the_shell_tells_it_of_both_ways_to_ask(
    office: SmallOffice, asked: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """Of the register as an answer, of one project as a refusal without a command that would not help."""
    await _docketed(office)
    data = ("--data", str(office.office.settings.data))
    assert await asyncio.to_thread(called, [*asked, *data]) == 0
    assert "第一个项目 2018-04-25 09:00 才立项" in capsys.readouterr().out
    named = [*asked[:2], *(asked[2:]), "2018-05a"] if asked[0] == "audit" else ["status", "2018-05a", *asked[1:]]
    assert await asyncio.to_thread(called, [*named, *data]) == 1
    told = capsys.readouterr().err
    assert "的登记簿里还没有项目 2018-05a" in told
    assert "命令：" not in told
