"""A rehearsal copy: another log, other keys; its time goes to a day with all that falls due; the year stays put."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
import pytest_asyncio
from temporalio.api.common.v1 import Payloads
from temporalio.api.history.v1 import HistoryEvent, WorkflowExecutionStartedEventAttributes
from temporalio.client import WorkflowHistory
from temporalio.common import WorkflowIDConflictPolicy

from adapters.ledger.last_head import guard_notes
from application.engine_room.connecting import DATA_CONVERTER
from application.engine_room.data_folder import CopyStaysApartError
from application.engine_room.engine import Engine, Runs
from application.rehearsing.copies import (
    BackwardsError,
    CopyAtWorkError,
    Jump,
    begin_from_the_record,
    copy_year,
    jump,
    let_time_go_on,
    set_time,
)
from application.settings import Settings, load_settings, settings_of_copy
from domain.clock import VirtualClock
from domain.errors import InputError
from domain.events import DeadlineBreached, DomainEvent
from domain.ids import supervision_workflow_id
from domain.record.recorded_projects import recorded_events, recorded_projects, repairs_in
from domain.record.rehearsals import NotARehearsalError, rehearsal_of
from domain.record.repairs import Repair
from entrypoints.bootstrap import activities_of, open_records, reach_engine
from entrypoints.bootstrap.backing_up import backup_tools
from entrypoints.bootstrap.documents import documents_of
from entrypoints.bootstrap.payloads import payload_keys_of
from tests.domain.samples import HEADER, WHOLE_LIFE, Desk, at
from tests.entrypoints.desk.small_office import NOW, SmallOffice, projects, small_office
from tests.forking import called
from workflows.inputs import Opening, SupervisionInput

TO = at("07-02 09:00")
SPEED = 60


@dataclass(frozen=True, slots=True)
class Copied:
    """A year, and its copy in another folder, at the same instant."""

    year: SmallOffice
    settings: Settings
    origin: str
    now: datetime

    async def jump(self, settings: Settings, to: datetime, later: timedelta = timedelta(0)) -> tuple[datetime, int]:
        """Let the time of an installation go to an instant, asked so much later than the copy was made."""
        with open_records(settings) as records:
            activities = activities_of(records, documents_of(settings, settings.papers_folder), settings.outbox_folder)
            return await jump(settings, records, activities, Jump(to, SPEED, self.now + later))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def copied(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Copied]:
    """Three projects on 4 June, copied."""
    folder, now = tmp_path_factory.mktemp("copies"), datetime.now(UTC)
    besides, guard = folder / "policy.yaml", folder / "guard"
    besides.write_text("{}\n", encoding="utf-8")
    with small_office(folder, policy=besides, guard=str(guard)) as office:
        payload_keys_of(office.office.settings).add_key()
        await office.take(*projects())
        await office.office.records.log.seal()
        settings = office.office.settings
        await office.office.records.ledger.settle_clock(VirtualClock(engine_at=now, supervised_at=NOW))
        copy = settings_of_copy(settings, folder / "copy")
        tools = backup_tools(settings), copy, backup_tools(copy)
        origin = await asyncio.to_thread(copy_year, settings, *tools, now)
        with open_records(copy) as records:
            clock = VirtualClock(engine_at=now, supervised_at=NOW)
            await set_time(records, office.office.records.log.head_line(), clock, now)
        yield Copied(office, copy, origin, now)


def keys_in(settings: Settings) -> set[bytes]:
    """The keys that sign in an installation's name, and those that open what its engine keeps."""
    return {file.read_bytes() for file in settings.keys_folder.iterdir() if ".key" in file.name}


def in_hours(events: Sequence[DomainEvent]) -> list[tuple[str, str]]:
    """What happened, each with its hour: an engine is milliseconds later than the core."""
    return [(event.type, f"{event.decided_at:%m-%d %H}") for event in events]


async def test_the_copy_is_another_log_with_other_keys_and_says_so(copied: Copied) -> None:
    """Its name, its key and its own entry; no key of the year is in it, and no channel is set."""
    year = copied.year.office
    assert copied.origin != year.records.log.head_line().split()[0]
    assert not keys_in(copied.settings) & keys_in(year.settings)
    assert not list(copied.settings.keys_folder.glob("door-*"))
    assert not copied.settings.made_payload_keys_file.exists()
    assert not (copied.settings.data / "restored-besides").exists()
    assert copied.settings.channels is None
    assert rehearsal_of(year.records.ledger) is None
    with open_records(copied.settings) as records:
        rehearsal = rehearsal_of(records.ledger)
    assert rehearsal is not None
    assert rehearsal.copied_from == year.records.log.head_line()


async def test_a_copy_is_opened_as_one_under_the_year_s_own_environment(copied: Copied) -> None:
    """Its folder says what it is: no database, guard, channels or stamps of the year; the year's head stays there."""
    year = copied.year.office
    (guard,) = year.settings.guards
    before = guard_notes([guard])
    named = {
        "DUBAN_LEDGER_URL": "postgresql://duban@localhost:1/year",
        "DUBAN_GUARD": str(guard),
        "DUBAN_CHANNELS": "channels.yaml",
        "DUBAN_STAMP_URL": "http://stamps.example.org",
    }
    settings = load_settings(named, data=copied.settings.data)
    assert (settings.ledger_url, settings.guards, settings.channels, settings.stamp_url) == (None, (), None, None)
    assert settings.issuer == "督查室（演练）"
    with open_records(settings) as records:
        await records.log.open()
        await records.log.seal()
    assert guard_notes([guard]) == before != []
    await year.records.log.seal()


async def test_a_copy_does_not_join_another_engine(copied: Copied, monkeypatch: pytest.MonkeyPatch) -> None:
    """The year's engine may be the one that the environment names: refused by rule, before anybody connects."""
    monkeypatch.setenv("TEMPORAL_ADDRESS", "temporal.example.org:7233")
    with pytest.raises(CopyStaysApartError, match=r"temporal\.example\.org:7233"):
        await reach_engine(load_settings({}, data=copied.settings.data))


async def test_the_year_itself_is_never_moved(copied: Copied) -> None:
    """Refused by its rule, before anything is done; not an entry, not its clock."""
    ledger = copied.year.office.records.ledger
    before = (sum(1 for _ in ledger.entries()), ledger.clock())
    with pytest.raises(NotARehearsalError) as refused:
        await copied.jump(copied.year.office.settings, TO)
    assert "duban rehearsal copy" in refused.value.text
    assert (sum(1 for _ in ledger.entries()), ledger.clock()) == before


async def test_time_does_not_go_back_nor_beyond_what_can_be_meant(copied: Copied) -> None:
    """The day before, and ten years on."""
    for to in (at("06-03 09:00"), at("2028-06-03 09:00")):
        with pytest.raises(BackwardsError):
            await copied.jump(copied.settings, to)


async def test_a_copy_that_runs_is_not_moved(copied: Copied, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two engines would decide the same weeks."""
    monkeypatch.setattr("application.rehearsing.copies.EmbeddedEngine.running", lambda _self: object())
    with pytest.raises(CopyAtWorkError):
        await copied.jump(copied.settings, TO)


async def test_a_jump_brings_what_the_weeks_would_have_brought(copied: Copied) -> None:
    """Each event of four weeks in its own hour, as the core has it, though the copy is nine days old."""
    year, days = copied.year.office.records.ledger, timedelta(days=9)
    start, entries = await copied.jump(copied.settings, TO, days)
    assert (start, entries > 0) == (NOW, True)
    with open_records(copied.settings) as records:
        known = recorded_projects(records.ledger)
        lived = {each: list(recorded_events(records.ledger, each)) for each in known}
        sent = [item for item in records.outbox.items() if item.state == "sent"]
        clock = records.ledger.clock()
    expected = {}
    for project in projects():
        desk = Desk(project=project, policy=WHOLE_LIFE)
        desk.run_until(TO)
        expected[project.project_id] = desk.events
    for project_id, events in lived.items():
        assert in_hours(events) == in_hours(expected[project_id]), project_id
    new = [each for each in lived["2018-05a"] if isinstance(each, DeadlineBreached) and each.decided_at > NOW]
    assert [f"{each.due_on:%m-%d}" for each in new if each.department in (None, "组织部")] == ["06-08"]
    assert clock == VirtualClock(engine_at=copied.now + days, supervised_at=TO, speed=SPEED)
    assert sent
    assert {event.decided_at <= NOW for each in known for event in recorded_events(year, each)} == {True}


async def test_a_copy_s_time_stands_until_it_is_opened(tmp_path: Path) -> None:
    """However late that is; once its supervisions have gone on, and in the year itself, time is not set back."""
    clock = VirtualClock(engine_at=NOW, supervised_at=NOW, speed=SPEED)
    later, latest = NOW + timedelta(days=30), NOW + timedelta(days=31)
    with small_office(tmp_path) as office:
        records = office.office.records
        await let_time_go_on(records, later)
        assert rehearsal_of(records.ledger) is None
        await set_time(records, "a head", clock, NOW)
        await let_time_go_on(records, later)
        opened = clock.model_copy(update={"engine_at": later})
        assert records.clock == opened
        went_on = Repair(
            workflow_id="key-project/2018/01",
            way="restarted",
            run_id="",
            first_run_id="",
            new_run_id="run",
            standing=1,
            reason="演练副本",
            by="engine",
        )
        await records.log.record_repair(went_on)
        await let_time_go_on(records, latest)
        assert records.clock == opened


async def test_a_jump_tells_people_in_sentences(copied: Copied, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing for programs but the document that they ask for; under another policy, that projects keep their rules."""
    told = await _in_the_shell(copied, "2018-08-01")
    assert "在办项目仍按立项时的规则办理" not in told[1]
    assert [line for line in "".join(told).splitlines() if line.startswith("{")] == []
    assert "副本里的时间已由" in told[0]
    policy = copied.settings.data.with_name("policy.yaml")
    await asyncio.to_thread(policy.write_text, "life_cycle: {extensions_at_most: 7}\n", encoding="utf-8")
    monkeypatch.setenv("DUBAN_POLICY", str(policy))
    out, err = await _in_the_shell(copied, "2018-08-08", "--json")
    assert set(json.loads(out)) == {"from", "to", "entries", "speed"}
    assert "life_cycle.extensions_at_most" in err
    assert "在办项目仍按立项时的规则办理" in err


async def _in_the_shell(copied: Copied, to: str, *more: str) -> tuple[str, str]:
    asked = ("rehearsal", "jump", to, "--data", str(copied.settings.data), *more)
    ended = await asyncio.to_thread(called, asked, os.environ)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout, ended.stderr


@dataclass
class KilledBefore:
    """An engine that has the runs of a copy already: each with the state from which it was told to begin, if any."""

    given: dict[str, SupervisionInput]

    async def runs(self, workflow_id: str) -> Runs:
        return Runs(f"run of {workflow_id}", "later", True)

    async def begin_another_run(self, _given: SupervisionInput, _running: WorkflowIDConflictPolicy) -> None:
        return None

    async def history(self, workflow_id: str, run_id: str) -> WorkflowHistory:
        assert run_id == f"run of {workflow_id}"
        (payload,) = DATA_CONVERTER.payload_converter.to_payloads([self.given[workflow_id]])
        started = WorkflowExecutionStartedEventAttributes(input=Payloads(payloads=[payload]))
        return WorkflowHistory(workflow_id, [HistoryEvent(workflow_execution_started_event_attributes=started)])


async def test_a_run_that_began_before_a_kill_is_put_on_record_once(tmp_path: Path) -> None:
    """What began from the record, with the state that it was given then; not what a list of the copy's own opened."""
    first, second, _ = projects()
    with small_office(tmp_path) as office:
        await office.take(first, second)
        state = await office.known(first.project_id)
        clock = VirtualClock(engine_at=NOW, supervised_at=NOW)
        began, opened = [supervision_workflow_id(each.project_id) for each in (first, second)]
        opening = Opening(listed=HEADER, project=second, policy=WHOLE_LIFE, calendar=state.calendar)
        given = {
            began: SupervisionInput(clock=clock, state=state),
            opened: SupervisionInput(clock=clock, opening=opening),
        }
        there = replace(office.office, engine=cast(Engine, KilledBefore(given)))
        assert [await begin_from_the_record(there) for _ in range(2)] == [0, 0]
        ledger = there.records.ledger
        (told,) = repairs_in(ledger, began)
        assert (told.new_run_id, told.standing) == (f"run of {began}", state.next_seq)
        assert repairs_in(ledger, opened) == []


def test_a_copy_needs_an_empty_place(tmp_path: Path) -> None:
    """Nothing is written over, and nothing is left behind."""
    with small_office(tmp_path / "year") as office:
        (tmp_path / "copy").mkdir()
        (tmp_path / "copy" / "mine").write_text("x", encoding="utf-8")
        settings = office.office.settings
        copy = settings_of_copy(settings, tmp_path / "copy")
        with pytest.raises(InputError, match="没有复制，未作任何改动"):
            copy_year(settings, backup_tools(settings), copy, backup_tools(copy), datetime.now(UTC))
    assert [file.name for file in (tmp_path / "copy").iterdir()] == ["mine"]
