"""What is to be done about channels, read from a real ledger."""

from __future__ import annotations

from datetime import timedelta

from application.audit.delivery_findings import delivery_findings
from application.office.channel_desk import compared, delivery_checks, standings
from domain.events.event import Header, headed
from domain.papers.delivery import MessageAccepted, MessageGathered, delivery_stream
from domain.papers.message_identity import mail_identity
from domain.papers.routes import INBOX
from tests.application.office.test_courier import (
    BUSY,
    MORNING,
    READER,
    REFUSED,
    TAKEN,
    House,
    Told,
    at_work,
    house,
)
from tests.recorded_mail import send_digest

__all__ = ["house"]


async def test_a_refused_address_is_the_administrators_task_until_it_is_mended(house: House) -> None:
    """The sentence names reader and channel; a message that only the inbox has, and unread mail, are named too."""
    house.first = house.second = Told(REFUSED)
    await send_digest(house.records, "组织部", MORNING)
    await send_digest(house.records, "财政局", MORNING)
    async with at_work(house) as courier:
        for _ in range(4):
            await house.goes_on(courier)
    addresses, arrivals, unread = delivery_checks(house.records, house.routes, house.now)
    assert not addresses.ok
    assert "组织部联络员（first）" in addresses.text
    assert not arrivals.ok
    assert READER in arrivals.text
    assert "财政局" in unread.text
    mended = house.routes.model_copy(update={"readers": {}})
    assert delivery_checks(house.records, mended, house.now)[0].ok


async def test_a_house_in_order_has_no_task(house: House) -> None:
    """What every channel took asks nothing of anybody."""
    await send_digest(house.records, "组织部", MORNING)
    async with at_work(house) as courier:
        await house.goes_on(courier)
    assert [check.ok for check in delivery_checks(house.records, house.routes, house.now)] == [True, True, True]
    assert delivery_findings(house.records.ledger, house.now) == []


async def test_a_server_that_puts_everybody_off_is_told_after_an_hour(house: House) -> None:
    """It is tried again for days, and so long the doctor says whose messages wait; what goes out in time is no task."""
    house.first = house.second = Told(BUSY)
    await send_digest(house.records, "组织部", MORNING)
    async with at_work(house) as courier:
        await house.goes_on(courier)
        assert house.delivery().state == "failed_for_now"
        assert delivery_checks(house.records, house.routes, house.now)[1].ok
        arrivals = delivery_checks(house.records, house.routes, house.now + timedelta(hours=1, minutes=1))[1]
        assert not arrivals.ok
        assert READER in arrivals.text
        assert "duban channel states" in arrivals.text
    house.first = Told(TAKEN)
    async with at_work(house) as courier:
        await house.goes_on(courier, 90)
    assert delivery_checks(house.records, house.routes, house.now)[1].ok


async def test_what_waits_too_long_is_found(house: House) -> None:
    """A message whose repeat is due for an hour says that nobody is at work."""
    house.first = Told(BUSY)
    await send_digest(house.records, "组织部", MORNING)
    async with at_work(house) as courier:
        await house.goes_on(courier)
    assert delivery_findings(house.records.ledger, house.now) == []
    ((stream, text),) = delivery_findings(house.records.ledger, house.now + timedelta(hours=2))
    assert stream == f"delivery/{READER}"
    assert "已过一小时" in text


async def test_a_forged_delivery_is_found(house: House) -> None:
    """A message of a digest that never went out, and one that is taken without having been handed over."""
    header = Header(seq=0, occurred_at=MORNING, decided_at=MORNING, actor="engine", cause="x")
    gathered = headed(MessageGathered, **header)(
        message_id="m", digests=("组织部/2026-01-01T090000",), papers=1, urgent=False, after=0
    )
    accepted = headed(MessageAccepted, **Header({**header, "seq": 1}))(message_id="m", channel="first", reference="")
    await house.records.own_streams.append_next(delivery_stream(READER), [gathered, accepted])
    texts = [text for _, text in delivery_findings(house.records.ledger, house.now)]
    assert len(texts) == 2
    assert "没有发出的回执" in texts[0]
    assert "没有交给它的记录" in texts[1]


async def test_a_channels_own_list_is_compared(house: House) -> None:
    """Alike: nothing; short of one, or with a stranger's: each is named; what was never answered may stand there."""
    await send_digest(house.records, "组织部", MORNING)
    async with at_work(house) as courier:
        await house.goes_on(courier)
    ((_, delivery),) = standings(house.records.ledger)
    identity = f"<{mail_identity(delivery.message_id)}@example.gov.cn>"
    assert compared(house.records.ledger, "first", [identity, ""]) == []
    assert [message for message, _ in compared(house.records.ledger, "first", [])] == [delivery.message_id]
    assert [message for message, _ in compared(house.records.ledger, "first", [identity, "stranger"])] == ["stranger"]
    assert [message for message, _ in compared(house.records.ledger, "second", [identity])] == [delivery.message_id]
    assert delivery.channel != INBOX
    assert TAKEN.outcome == delivery.state
