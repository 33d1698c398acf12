"""The register follows the ledger: the core's view at any instant, rebuilt equal to itself, however it ends."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

import pytest
import pytest_asyncio

from adapters.ledger.sqlite_ledger import SqliteLedger
from application.audit.register_findings import rows_of
from application.office.outlook import OutlookDesk
from application.office.register import RegisterDesk
from bench.register_findings import register_findings
from domain.acts.commands import ReportProgress, RequestCompletion
from domain.errors import LedgerUnavailableError, RejectedError
from domain.events import DomainEvent
from domain.evolution import fold
from domain.ids import ProjectId, supervision_workflow_id
from domain.ports.ledger import Decision, LedgerEntry
from domain.ports.register import DutyQuery, ProjectQuery
from domain.record.leaf import domain_event_of
from domain.seeing.views import view_of
from domain.state import ProjectState
from tests.adapters.ledger.in_memory_ledger import InMemoryLedger
from tests.domain.samples import Desk, at, request
from tests.domain.scripts import ScriptWriter, a_policy, six_milestones

INSTANTS = (
    "04-25 09:00",
    "05-15 08:00",
    "06-01 00:00:01",
    "06-18 12:00",
    "07-02 10:00",
    "08-31 23:59:59",
    "09-01 00:00:01",
    "10-08 09:30",
    "11-30 17:00",
    "2019-01-01 00:00:01",
)
"""Three of them just after a midnight at which something fell due, and nothing happened since."""


@cache
def a_year(seed: int, project_id: ProjectId) -> tuple[DomainEvent, ...]:
    """A project's events of a year: what time brings, and commands at random."""
    rng = Random(seed)
    desk = Desk(project=six_milestones(project_id), policy=a_policy(rng))
    writer = ScriptWriter(rng, desk.state.project)
    while desk.now < at("12-20"):
        desk.run_until(writer.instant(desk.state, desk.now))
        if rng.random() < 0.3:
            try:
                desk.ask(writer.command(desk.state, desk.now))
            except RejectedError:
                continue
    return tuple(desk.events)


@dataclass
class Office:
    """A ledger that fills as a year goes by, and the register beside it."""

    ledger: SqliteLedger
    events: dict[ProjectId, tuple[DomainEvent, ...]]
    now: datetime = field(default_factory=lambda: at("04-25"))

    def __post_init__(self) -> None:
        self.register = self.ledger.register()
        self.desk = RegisterDesk(self.ledger, self.register, lambda: self.now)

    async def live_until(self, now: datetime) -> None:
        """Let the year go by; what is decided comes into the ledger, and nobody looks at the register."""
        self.now = now
        for project_id, events in self.events.items():
            stream = supervision_workflow_id(project_id)
            there = sum(1 for _ in self.ledger.entries(stream))
            new = tuple(event for event in events[there:] if event.decided_at <= now)
            if new:
                await self.ledger.record(Decision(stream=stream, events=new))

    def states(self) -> Iterator[ProjectState]:
        """Every project, as its events until now make it."""
        for events in self.events.values():
            state = fold(event for event in events if event.decided_at <= self.now)
            if state is not None:
                yield state


@pytest_asyncio.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """Twelve random projects of one year."""
    names = [f"2018-{number:02d}" for number in range(1, 13)]
    office = Office(
        SqliteLedger.open(tmp_path / "ledger.sqlite", lambda: at("04-25")),
        {name: a_year(seed, name) for seed, name in enumerate(names)},
    )
    yield office
    office.ledger.close()


async def test_the_register_is_the_core_s_view_at_ten_instants_of_a_year(office: Office) -> None:
    """Every project's whole view and every duty, each time; midnights at which nothing happened among them."""
    seen, lights = 0, set()
    for instant in map(at, INSTANTS):
        await office.live_until(instant)
        await office.desk.follow()
        kept = office.register.views(list(office.events))
        for state in office.states():
            view = view_of(state, instant)
            assert kept[view.project_id] == view.model_dump_json(), (instant, view.project_id)
            (row,) = [r for r in office.register.projects(ProjectQuery()).rows if r.project_id == view.project_id]
            assert (row.light, row.explanation, row.stage) == (view.light, view.explanation, view.stage)
            duties = office.register.duties(DutyQuery(project_id=view.project_id)).rows
            shown = [(milestone.light, milestone.explanation) for milestone in view.milestones]
            assert [(duty.light, duty.explanation) for duty in duties if duty.role == "lead"] == shown
            lights |= {row.light}
            seen += 1
        assert office.register.standing(instant).complete
    assert seen == 120
    assert lights >= {"green", "yellow", "red"}


async def test_a_midnight_alone_makes_rows_due_and_a_look_makes_them_right(office: Office) -> None:
    """Nothing is recorded between two instants; the rows whose view changed are due, and only those change."""
    await office.live_until(at("05-31 23:59"))
    await office.desk.follow()
    before = rows_of(office.register)
    entries = office.register.standing(office.now).entries
    office.now = at("06-01 00:00:01")
    standing = office.register.standing(office.now)
    assert (standing.behind, standing.entries) == (0, entries)
    due = set(office.register.due(office.now))
    assert len(due) > 0
    await office.desk.follow()
    after = rows_of(office.register)
    for state in fold_all(office):
        name, view = state.project_id, view_of(state, office.now).model_dump_json()
        assert after[name].view == view
        if name not in due:
            assert after[name] == before[name]


def fold_all(office: Office) -> list[ProjectState]:
    """Every project as the ledger has it."""
    states = [fold(map(domain_event_of, office.ledger.entries(supervision_workflow_id(n)))) for n in office.events]
    return [state for state in states if state is not None]


async def test_dropped_and_rebuilt_it_equals_itself(office: Office) -> None:
    """Every row, every duty, every view, at the same instant, and nothing is behind."""
    await office.live_until(at("09-01 00:00:01"))
    await office.desk.follow()
    before = rows_of(office.register)
    fresh = RegisterDesk(office.ledger, office.register, lambda: office.now)
    await fresh.follow()
    assert await fresh.rebuild() == 12
    # What a row was derived at is older where nothing changed since.
    moved = {n: p.row.model_copy(update={"as_of": office.now, "changes_at": None}) for n, p in before.items()}
    after = rows_of(office.register)
    assert {n: p.row.model_copy(update={"changes_at": None}) for n, p in after.items()} == moved
    assert {n: (p.duties, p.view) for n, p in after.items()} == {n: (p.duties, p.view) for n, p in before.items()}
    assert office.register.standing(office.now).complete


async def test_two_that_follow_at_once_do_no_harm(office: Office) -> None:
    """Whoever reads helps: what both derive is there once, and is the core's."""
    other = RegisterDesk(office.ledger, office.ledger.register(), lambda: office.now)
    for instant in (at("06-01 09:00"), at("08-01 09:00")):
        await office.live_until(instant)
        await asyncio.gather(office.desk.follow(), other.follow(), other.follow())
        await asyncio.gather(office.desk.follow(), other.rebuild(), return_exceptions=True)
    await office.desk.follow()
    assert list(register_findings(office.ledger, office.register)) == []
    assert office.register.projects(ProjectQuery()).count == 12


async def test_a_reader_sees_what_was_recorded_before_it_asked(office: Office) -> None:
    """Nobody follows the ledger: the reader brings its page up to date; without patience it says what is missing."""
    await office.live_until(at("06-20 09:00"))
    hurried = await office.desk.listed(ProjectQuery(), patience=0)
    assert hurried.standing.behind == hurried.standing.entries - hurried.standing.taken > 0
    listed = await office.desk.listed(ProjectQuery(sort="light", limit=3))
    assert listed.standing.complete
    assert (len(listed.page.rows), listed.page.count) == (3, 12)


async def test_who_is_counted_and_what_is_chosen_from_have_what_was_just_recorded(office: Office) -> None:
    """Right behind a start every department of the list is there, and its year: none is opened later, or missed."""
    await office.live_until(at("06-20 09:00"))
    leads = {state.lead for state in office.states()}
    assert {each.department for each in await office.desk.departments()} >= leads
    await office.register.clear()
    assert set((await office.desk.choices()).leads) == leads


class Damaged(InMemoryLedger):
    """A ledger of which one stream cannot be read."""

    broken: str | None = None

    def entries(self, stream: str | None = None, *, after: int = -1) -> Iterator[LedgerEntry]:
        if stream is not None and stream == self.broken:
            raise LedgerUnavailableError("读不出来", place=stream)
        return super().entries(stream, after=after)


async def test_what_falls_due_during_a_look_is_looked_at_too(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader is not told that the register is behind because a day began while it was brought up to date."""
    await office.live_until(at("04-27 00:01"))
    follow = office.desk.follow
    looks: list[datetime] = []

    async def followed() -> None:
        await follow()
        if not looks:
            await office.live_until(at("05-03 00:01"))
        looks.append(office.now)

    monkeypatch.setattr(office.desk, "follow", followed)
    assert (await office.desk.current()).complete
    assert len(looks) == 2


async def test_a_reader_does_not_lack_what_was_recorded_after_it_asked(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy morning something is recorded during each look: whoever asked before has all that there was."""
    await office.live_until(at("04-27 00:01"))
    follow, asked_at = office.desk.follow, office.now
    later = iter(("05-03 00:01", "05-10 00:01", "05-20 00:01"))
    looks: list[int] = []

    async def followed() -> None:
        await follow()
        await office.live_until(at(next(later)))
        office.now = asked_at
        looks.append(office.register.standing(office.now).behind)

    monkeypatch.setattr(office.desk, "follow", followed)
    standing = await office.desk.current()
    assert standing.complete
    assert min(looks) > 0, "nothing was recorded meanwhile"


async def test_a_project_that_cannot_be_read_leaves_all_others_up_to_date_and_the_register_behind() -> None:
    """The others are there; nothing is claimed as taken in; it comes when it can be read again."""
    ledger = Damaged(lambda: at("04-25"))
    for number in (1, 2, 3):
        desk = Desk(project=six_milestones(f"2018-0{number}"), policy=a_policy(Random(1)))
        await ledger.record(Decision(stream=supervision_workflow_id(f"2018-0{number}"), events=tuple(desk.events)))
    ledger.broken = supervision_workflow_id("2018-02")
    register = ledger.register()
    desk_of_the_register = RegisterDesk(ledger, register, lambda: at("05-02 09:00"))
    with pytest.raises(LedgerUnavailableError):
        await desk_of_the_register.follow()
    assert [row.project_id for row in register.projects(ProjectQuery()).rows] == ["2018-01", "2018-03"]
    assert register.standing(at("05-02 09:00")).taken == 0
    ledger.broken = None
    await desk_of_the_register.follow()
    assert register.standing(at("05-02 09:00")).complete
    assert register.projects(ProjectQuery()).count == 3


async def test_the_audit_finds_every_way_in_which_the_register_can_be_wrong(office: Office) -> None:
    """A row changed, a duty changed, a view changed, a row gone, a row too many: each is told; whole, none is."""
    await office.live_until(at("07-02 10:00"))
    ahead = OutlookDesk(office.ledger, office.register, lambda: office.now)
    await office.desk.follow()
    await ahead.follow()
    assert list(register_findings(office.ledger, office.register)) == []
    rows = rows_of(office.register)
    by_hand = office.ledger._path
    changes = {
        "UPDATE register_project SET light=3, explanation='好' WHERE project_id='2018-01'": "2018-01",
        "UPDATE register_duty SET signed=1-signed WHERE project_id='2018-02' AND place=0": "2018-02",
        "UPDATE register_view SET view=CAST('{}' AS BLOB) WHERE project_id='2018-03'": "2018-03",
        "DELETE FROM register_project WHERE project_id='2018-04'": "2018-04",
        "UPDATE register_project SET changes_at=NULL WHERE project_id='2018-05'": "2018-05",
        "UPDATE register_project SET events=events-1 WHERE project_id='2018-06'": "2018-06",
        "UPDATE outlook_paper SET on_day='2018-07-09' WHERE project_id='2018-07' AND place=0": "2018-07",
        "DELETE FROM outlook_paper WHERE project_id='2018-08' AND place=1": "2018-08",
        "INSERT INTO outlook_tally VALUES ('papers', '组织部', '2018-05', 1)": "",
    }
    for change, project_id in changes.items():
        if project_id == "2018-05" and rows[project_id].row.changes_at is None:
            continue
        with sqlite3.connect(by_hand) as connection:
            connection.execute(change)
        connection.close()
        assert [name for name, _ in register_findings(office.ledger, office.register)] == [project_id], change
        await office.desk.rebuild()
        await ahead.follow()
    assert list(register_findings(office.ledger, office.register)) == []
    stranger = json.loads(rows["2018-01"].view)["project_id"].replace("01", "77")
    alien = rows["2018-01"].row.model_copy(update={"project_id": stranger})
    await office.register.keep([type(rows["2018-01"])(alien, (), "{}")])
    assert [name for name, _ in register_findings(office.ledger, office.register)] == [stranger]


async def test_an_act_is_in_the_register_with_its_own_event_count(office: Office) -> None:
    """A project that goes on is read on from where it was known: the row counts every event once."""
    desk = Desk(project=six_milestones("2018-99"), policy=a_policy(Random(2)))
    stream, done = supervision_workflow_id("2018-99"), 0
    for command in (ReportProgress, ReportProgress, RequestCompletion):
        await office.ledger.record(Decision(stream=stream, events=tuple(desk.events[done:])))
        done = len(desk.events)
        office.now = desk.now + timedelta(minutes=1)
        await office.desk.follow()
        view = office.register.views(["2018-99"])["2018-99"]
        assert view == view_of(desk.state, office.now).model_dump_json()
        desk.ask(request(command, milestone_id="2018-99-01"), office.now)
