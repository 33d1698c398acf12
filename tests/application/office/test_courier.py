"""The courier over a real ledger, with channels that do as they are told."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from application.office.courier import Courier
from application.records import Records
from application.settings import Settings
from domain.clock import OFFICE_TIME
from domain.papers.delivery import Delivery
from domain.papers.mail import Digest
from domain.papers.routes import Routes
from domain.ports.channel import Answer, Message
from domain.record.recorded_deliveries import recorded_mail
from entrypoints.bootstrap import open_records
from tests.recorded_mail import mailbox_receipts, send_digest

MORNING = datetime(2026, 5, 11, 9, 0, tzinfo=OFFICE_TIME)
READER, OTHER = "组织部联络员", "教育局联络员"
TAKEN, BUSY = Answer(outcome="accepted", reference="1"), Answer(outcome="failed_for_now", reason="http:503")
REFUSED = Answer(outcome="failed_for_good", reason="smtp:550", address_refused=True)
UNANSWERED = Answer(outcome="unanswered", reason="cut")


class Told:
    """A channel that answers what it is told, and keeps what it got."""

    carries_files = True

    def __init__(self, *answers: Answer, knows_repeats: bool = False) -> None:
        self.answers, self.knows_repeats, self.got = list(answers), knows_repeats, list[Message]()

    async def send(self, message: Message, address: str | None) -> Answer:
        self.got.append(message)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    async def close(self) -> None:
        pass


class House:
    """A ledger, two channels, and a clock that a test moves."""

    def __init__(self, records: Records) -> None:
        self.records, self.now = records, MORNING
        self.first, self.second = Told(TAKEN), Told(TAKEN)
        self.routes = routes()

    def courier(self) -> Courier:
        return Courier(self.records, self.routes, {"first": self.first, "second": self.second}, lambda: self.now)

    async def goes_on(self, courier: Courier, minutes: float = 11) -> None:
        """Let time pass, look, and wait for the answers."""
        self.now += timedelta(minutes=minutes)
        await courier.look()
        await courier.rest()

    def delivery(self, reader: str = READER) -> Delivery:
        (only,) = recorded_mail(self.records.ledger, reader).deliveries.values()
        return only

    def said(self, reader: str = READER) -> list[str]:
        return [entry.type for entry in self.records.ledger.entries(f"delivery/{reader}")]


def routes(reads: tuple[str, ...] = ("组织部",), **reader: Any) -> Routes:
    """Two channels, and two readers, the second one of another department."""
    lines = {"kind": "webhook", "url": "https://x.example/", "secret_file": "s", "tries": 3, "timeout_seconds": 20}
    steps = [{"channel": "first"}, {"channel": "second"}]
    readers = {READER: {"reads": reads, "to": steps, **reader}, OTHER: {"reads": ("教育局",), "to": steps[1:]}}
    return Routes.model_validate({"channels": {"first": lines, "second": lines}, "readers": readers})


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An empty house."""
    with open_records(Settings(data=tmp_path / "data")) as records:
        yield House(records)


@asynccontextmanager
async def at_work(house: House) -> AsyncIterator[Courier]:
    """A courier as long as the block lasts."""
    courier = house.courier()
    try:
        yield courier
    finally:
        await courier.close()


async def test_a_morning_of_several_offices_is_one_message(house: House) -> None:
    """36 papers in three mailboxes reach their one reader as one message with a line each; every receipt is there."""
    house.routes = routes(reads=("组织部", "分管领导", "办公室"))
    for minute, addressee in enumerate(("组织部", "分管领导", "办公室")):
        await send_digest(house.records, addressee, MORNING + timedelta(minutes=minute), papers=12)
    async with at_work(house) as courier:
        await house.goes_on(courier, 5)
        assert house.first.got == []
        await house.goes_on(courier, 6)
        await house.goes_on(courier, 60)
    (message,) = house.first.got
    assert len(message.lines) == 36
    assert house.delivery().state == "accepted"
    assert sum(mailbox_receipts(house.records, each) for each in ("组织部", "分管领导", "办公室")) == 36


async def test_a_copy_to_two_offices_of_one_reader_is_one_line(house: House) -> None:
    """The same paper by two ways is not told twice."""
    house.routes = routes(reads=("组织部", "办公室"))
    await send_digest(house.records, "组织部", MORNING, copies_to=("办公室",))
    async with at_work(house) as courier:
        await house.goes_on(courier)
    assert [len(message.lines) for message in house.first.got] == [1]


async def test_a_second_message_of_a_day_waits_for_the_next(house: House) -> None:
    """Nobody gets more than one gathered message a day."""
    async with at_work(house) as courier:
        await send_digest(house.records, "组织部", MORNING)
        await house.goes_on(courier)
        await send_digest(house.records, "组织部", house.now)
        await house.goes_on(courier, 120)
        assert len(house.first.got) == 1
        await house.goes_on(courier, 24 * 60)
    assert len(house.first.got) == 2


@pytest.mark.parametrize(("kind", "level"), [("directive", None), ("escalation_order", "red")])
async def test_what_is_urgent_goes_at_once(house: House, kind: Any, level: Any) -> None:
    """A directive and a red order are told the same day, beside the morning's message, and in quiet hours."""
    house.routes = routes(quiet={"begin": "00:00", "end": "23:59"})
    async with at_work(house) as courier:
        await send_digest(house.records, "组织部", MORNING, kind=kind, level=level)
        await house.goes_on(courier, 0)
    assert [message.urgent for message in house.first.got] == [True]


async def test_quiet_hours_hold_a_message_back(house: House) -> None:
    """Nothing leaves before they end, and then it does."""
    house.routes = routes(quiet={"begin": "20:00", "end": "10:30"})
    async with at_work(house) as courier:
        await send_digest(house.records, "组织部", MORNING)
        await house.goes_on(courier)
        assert (house.first.got, house.delivery().state) == ([], "waiting")
        await house.goes_on(courier, 90)
    assert len(house.first.got) == 1


async def test_a_failure_for_now_is_tried_again_later_and_then_the_next_way_is_taken(house: House) -> None:
    """Three tries with growing pauses, then the fallback; each step stands in the ledger."""
    house.first = Told(BUSY)
    async with at_work(house) as courier:
        await send_digest(house.records, "组织部", MORNING)
        await house.goes_on(courier)
        await house.goes_on(courier, 0.5)
        assert len(house.first.got) == 1
        for _ in range(4):
            await house.goes_on(courier, 5)
    assert (len(house.first.got), len(house.second.got)) == (3, 1)
    delivery = house.delivery()
    assert (delivery.state, delivery.channel, delivery.given_up) == ("accepted", "second", ("first",))
    assert Counter(house.said()) == {
        "MessageGathered": 1,
        "MessageHandedOver": 4,
        "MessageFailedForNow": 2,
        "MessageFailedForGood": 1,
        "MessageAccepted": 1,
    }


async def test_the_only_channel_is_tried_until_it_takes_the_message(house: House) -> None:
    """A mail server that is away for a day brings the message afterwards, once: behind it there is the desk alone."""
    house.second = Told(BUSY)
    async with at_work(house) as courier:
        await send_digest(house.records, "教育局", MORNING)
        for _ in range(8):
            await house.goes_on(courier, 75)
        tried, house.second.answers = len(house.second.got), [TAKEN]
        await house.goes_on(courier, 24 * 60)
        await house.goes_on(courier, 24 * 60)
    assert (tried > 5, len(house.second.got)) == (True, tried + 1)
    assert (house.delivery(OTHER).state, house.delivery(OTHER).channel) == ("accepted", "second")


async def test_a_refused_address_is_kept_and_the_next_way_taken(house: House) -> None:
    """What the administrator has to do is in the record: which channel knows no such address."""
    house.first = Told(REFUSED)
    async with at_work(house) as courier:
        await send_digest(house.records, "组织部", MORNING)
        for _ in range(2):
            await house.goes_on(courier)
    assert (house.delivery().refused, house.delivery().channel) == (("first",), "second")


async def test_what_was_not_answered_is_not_repeated_there(house: House) -> None:
    """It may have arrived: the fallback is taken, and the message says that it was handed over."""
    house.first = Told(UNANSWERED)
    async with at_work(house) as courier:
        await send_digest(house.records, "组织部", MORNING)
        for _ in range(3):
            await house.goes_on(courier)
    assert (len(house.first.got), len(house.second.got)) == (1, 1)
    assert house.delivery().unanswered == ("first",)


async def test_when_no_way_is_left_the_inbox_has_it(house: House) -> None:
    """A message never ends nowhere."""
    house.first = house.second = Told(REFUSED)
    async with at_work(house) as courier:
        await send_digest(house.records, "组织部", MORNING)
        for _ in range(4):
            await house.goes_on(courier)
    assert (house.delivery().state, house.delivery().channel) == ("delivered", "inbox")


async def test_a_dead_channel_keeps_no_other_one_waiting(house: House) -> None:
    """While one hangs, another reader's message goes out by another channel, and every mailbox has its receipts."""

    class Hanging(Told):
        async def send(self, message: Message, address: str | None) -> Answer:

            await asyncio.Event().wait()
            return TAKEN

    house.first = Hanging(TAKEN)
    await send_digest(house.records, "组织部", MORNING)
    await send_digest(house.records, "教育局", MORNING)
    async with at_work(house) as courier:
        house.now += timedelta(minutes=11)
        await courier.look()
        while house.delivery(OTHER).state != "accepted":
            await _turn()
        assert house.delivery().state == "handed_over"
    assert [mailbox_receipts(house.records, each) for each in ("组织部", "教育局")] == [1, 1]


async def test_a_readers_unreadable_mail_keeps_nobody_elses_waiting(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is wrong with what one gets, the others get theirs, and the fault is told."""
    digest = house.records.outbox.digest

    def unreadable(addressee: str, digest_id: str) -> Digest:
        if addressee == "组织部":
            raise ValueError("unreadable")
        return digest(addressee, digest_id)

    await send_digest(house.records, "组织部", MORNING)
    await send_digest(house.records, "教育局", MORNING)
    monkeypatch.setattr(house.records.outbox, "digest", unreadable)
    async with at_work(house) as courier:
        for _ in range(2):
            with pytest.raises(ValueError, match="unreadable"):
                await house.goes_on(courier)
            await courier.rest()
    assert house.delivery(OTHER).state == "accepted"


async def test_a_faulty_channel_is_a_failure_of_its_message_alone(house: House) -> None:
    """Whatever a channel raises, the message takes its next way."""

    class Faulty(Told):
        async def send(self, message: Message, address: str | None) -> Answer:
            raise RuntimeError("secret")

    house.first = Faulty(TAKEN)
    await send_digest(house.records, "组织部", MORNING)
    async with at_work(house) as courier:
        for _ in range(2):
            await house.goes_on(courier)
    assert (house.delivery().channel, house.delivery().unanswered) == ("second", ("first",))


@pytest.mark.parametrize(("knows_repeats", "sent"), [(True, (2, 0)), (False, (1, 1))])
async def test_what_was_under_way_at_a_crash_is_settled_by_the_next_courier(
    house: House, knows_repeats: bool, sent: tuple[int, int]
) -> None:
    """A channel that knows a repeat gets it again; another one's message takes the next way, and none is lost."""

    class Killed(Told):
        async def send(self, message: Message, address: str | None) -> Answer:
            await super().send(message, address)

            await asyncio.Event().wait()
            return TAKEN

    house.first = Killed(TAKEN, knows_repeats=knows_repeats)
    await send_digest(house.records, "组织部", MORNING)
    async with at_work(house) as courier:
        house.now += timedelta(minutes=11)
        await courier.look()
        while not house.first.got:
            await _turn()
    before, house.first = house.first, Told(TAKEN, knows_repeats=knows_repeats)
    async with at_work(house) as courier:
        await house.goes_on(courier, 0.1)
        assert house.first.got == house.second.got == []
        for _ in range(2):
            await house.goes_on(courier)
    assert (len(before.got) + len(house.first.got), len(house.second.got)) == sent
    assert len({message.message_id for message in (*before.got, *house.first.got)}) == 1
    assert house.delivery().state == "accepted"


async def test_an_old_message_is_withheld_with_the_reason(house: House) -> None:
    """What no channel took for days is not sent when it says nothing any more."""
    house.first = house.second = Told(BUSY)
    async with at_work(house) as courier:
        await send_digest(house.records, "组织部", MORNING)
        await house.goes_on(courier)
        await house.goes_on(courier, 4 * 24 * 60)
    assert (house.delivery().state, house.delivery().reason) == ("withheld", "stale")


@pytest.mark.parametrize("known", [True, False])
async def test_what_nobody_gathered_for_days_is_one_message_to_a_known_reader(house: House, known: bool) -> None:
    """A worker without channels for a week: who had messages before is told of all since; a new reader of nothing."""
    if known:
        await send_digest(house.records, "组织部", MORNING)
        async with at_work(house) as courier:
            await house.goes_on(courier)
    before = len(house.first.got)
    for day in (1, 3):
        house.now = MORNING + timedelta(days=day)
        await send_digest(house.records, "组织部", house.now)
    house.now = MORNING + timedelta(days=8)
    async with at_work(house) as courier:
        await house.goes_on(courier)
        await house.goes_on(courier)
    told = [len(message.lines) for message in house.first.got[before:]]
    assert told == ([2] if known else [])


async def test_a_reader_who_left_the_routes_gets_nothing_more(house: House) -> None:
    """What waited for him is withheld, and the record says why."""
    house.first = Told(BUSY)
    async with at_work(house) as courier:
        await send_digest(house.records, "组织部", MORNING)
        await house.goes_on(courier)
    house.routes = Routes()
    async with at_work(house) as courier:
        await house.goes_on(courier)
    assert (house.delivery().state, house.delivery().reason) == ("withheld", "reader_gone")


async def test_a_channels_rate_is_kept(house: House) -> None:
    """Above its number a minute a channel gets nothing, whoever reads."""
    limited = house.routes.channels["second"].model_copy(update={"per_minute": 1})
    readers = {name: {"reads": (name,), "to": [{"channel": "second"}]} for name in ("甲", "乙", "丙")}
    channels = {name: each.model_dump() for name, each in {**house.routes.channels, "second": limited}.items()}
    house.routes = Routes.model_validate({"channels": channels, "readers": readers})
    for name in readers:
        await send_digest(house.records, name, MORNING)
    async with at_work(house) as courier:
        await house.goes_on(courier)
        await house.goes_on(courier)
    assert len(house.second.got) == 1


async def _turn() -> None:

    await asyncio.sleep(0.01)
