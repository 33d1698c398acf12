"""Whoever has mail has a mailbox, whoever gave the command and whatever was killed in between."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from activities.recording import RecordingActivities
from application.engine_room import mailboxes
from application.engine_room.engine import Engine
from application.engine_room.loops import Beside, kept_going
from application.engine_room.mailboxes import MailboxKeeper
from bench.patience import PATIENCE_SECONDS
from domain.errors import EngineUnreachableError
from domain.events import DomainEvent
from domain.ports.ledger import Decision
from tests.adapters.ledger.in_memory_ledger import InMemoryLedger
from tests.adapters.ledger.samples import MORNING
from tests.domain.samples import PROJECT, Desk
from workflows.inputs import MailboxInput


class Switchboard:
    """An engine that knows which mailboxes were started, and can be away."""

    def __init__(self) -> None:
        self.opened: dict[str, MailboxInput] = {}
        self.collected: list[str] = []
        self.away = False

    async def start_mailbox(self, given: MailboxInput) -> None:
        """Start a mailbox, or be away."""
        if self.away:
            raise EngineUnreachableError("引擎没有应答。")
        self.opened[given.addressee] = given

    async def collect_mail(self, addressee: str) -> None:
        """Have a mailbox look now."""
        self.collected.append(addressee)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Switchboard:
    """The switchboard, in the engine's place."""
    board = Switchboard()

    async def missing(_: Engine, addressees: list[str]) -> list[str]:
        return [name for name in addressees if name not in board.opened]

    monkeypatch.setattr(mailboxes, "without_mailbox", missing)
    return board


def docketing() -> tuple[Desk, Decision]:
    """A project's first decision, with its supervision order."""
    desk = Desk()
    events: tuple[DomainEvent, ...] = tuple(desk.events)
    return desk, Decision(stream=f"key-project/{PROJECT[:4]}/{PROJECT[5:]}", events=events, papers=tuple(desk.papers))


async def until_opened(engine: Switchboard, name: str) -> None:
    """Wait until a mailbox was started."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if name in engine.opened:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"{name} has no mailbox: {sorted(engine.opened)}")


async def test_recording_has_a_mailbox_opened_for_a_new_addressee(engine: Switchboard) -> None:
    """Update or signal, shell or engine: what is recorded is what counts; the mailbox keeps the project's own hours."""
    ledger, (desk, decision) = InMemoryLedger(lambda: MORNING), docketing()
    keeper = MailboxKeeper(cast(Engine, engine), ledger, ledger)
    attending = asyncio.create_task(kept_going(Beside("mailboxes", 0, keeper.look)))
    try:
        await asyncio.sleep(0.05)
        assert engine.opened == {}
        await RecordingActivities(ledger, keeper).record_decision(decision)
        await until_opened(engine, desk.state.lead)
        given = engine.opened[desk.state.lead]
        assert given.calendar == desk.state.calendar
        assert given.policy.working_hours_open == desk.state.policy.working_hours_open
    finally:
        attending.cancel()


async def test_what_a_crash_left_without_a_mailbox_gets_one_at_the_next_start(engine: Switchboard) -> None:
    """Recorded, and nobody was told: the first look of a worker opens it; an engine that is away is asked again."""
    ledger, (desk, decision) = InMemoryLedger(lambda: MORNING), docketing()
    await RecordingActivities(ledger).record_decision(decision)
    engine.away = True
    keeper = MailboxKeeper(cast(Engine, engine), ledger, ledger)
    attending = asyncio.create_task(kept_going(Beside("mailboxes", 0, keeper.look, after_failure=0.1)))
    try:
        await asyncio.sleep(0.05)
        assert engine.opened == {}
        engine.away = False
        await until_opened(engine, desk.state.lead)
    finally:
        attending.cancel()


async def test_a_known_mailbox_is_not_asked_for_again(engine: Switchboard, monkeypatch: pytest.MonkeyPatch) -> None:
    """The herd of a month's end records thousands of papers: the engine hears of none whose mailbox is open."""
    ledger, (_, decision) = InMemoryLedger(lambda: MORNING), docketing()
    await RecordingActivities(ledger).record_decision(decision)
    keeper = MailboxKeeper(cast(Engine, engine), ledger, ledger)
    await keeper.open_missing()
    asked: list[Any] = []

    async def nobody(_: Engine, names: list[str]) -> list[str]:
        asked.append(names)
        return []

    monkeypatch.setattr(mailboxes, "without_mailbox", nobody)
    await keeper.open_missing()
    assert asked == [[]]


@pytest.mark.parametrize(("earlier", "collected"), [(timedelta(), ["组织部"]), (timedelta(days=1), [])])
async def test_who_died_before_mail_that_is_due_was_looked_for_left_it_to_the_next(
    engine: Switchboard, earlier: timedelta, collected: list[str]
) -> None:
    """A worker that starts has the mailboxes look whose mail could have gone out; the others have their own hours."""
    ledger, (desk, decision) = InMemoryLedger(lambda: MORNING), docketing()
    await RecordingActivities(ledger).record_decision(decision)
    (mail,) = (mail for mail in ledger.open_mail() if mail.addressee == desk.state.lead)
    engine.opened[desk.state.lead] = cast(Any, None)
    keeper = MailboxKeeper(cast(Engine, engine), ledger, ledger)
    await keeper.hurry_what_is_due(mail.oldest_at - earlier)
    looking = asyncio.create_task(keeper.look())
    await asyncio.sleep(0.05)
    looking.cancel()
    assert [name for name in engine.collected if name == desk.state.lead] == collected


async def test_a_mailbox_that_was_ended_is_opened_again_in_a_busy_hour(
    engine: Switchboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is known of mailboxes is forgotten by the clock: papers that hurry leave no quiet pass for it."""
    monkeypatch.setattr(mailboxes, "LOOK_EVERY_SECONDS", 0.1)
    ledger, (desk, decision) = InMemoryLedger(lambda: MORNING), docketing()
    await RecordingActivities(ledger).record_decision(decision)
    keeper = MailboxKeeper(cast(Engine, engine), ledger, ledger)
    await keeper.open_missing()
    engine.opened.clear()
    for _ in range(20):
        keeper.hurry(["宣传部"])
        looking = asyncio.create_task(keeper.look())
        await asyncio.sleep(0.02)
        keeper.hurry(["宣传部"])
        await looking
    assert desk.state.lead in engine.opened


def test_the_keeper_is_told_in_the_moment_of_recording_and_never_waits() -> None:
    """`see_to` answers at once whatever the engine does: a recording is not held up by a mailbox."""
    keeper = MailboxKeeper(cast(Engine, SimpleNamespace()), cast(Any, None), cast(Any, None))
    keeper.see_to(["组织部"])
    assert keeper._wanted.is_set()
