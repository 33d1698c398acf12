"""What a channel says itself of what it took: proved by its own secret, kept once, and refused from anybody else."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from adapters.channels.signed_webhook import signed_headers
from application.office.courier import Courier
from domain.papers.delivery import Delivery
from domain.papers.message_identity import webhook_identity
from domain.record.recorded_deliveries import recorded_mail
from entrypoints.bootstrap import engine_now
from entrypoints.bootstrap.channels import routes_of
from tests.application.office.test_courier import TAKEN, Told
from tests.entrypoints.api.conftest import Programs, opened
from tests.entrypoints.desk.small_office import NOW
from tests.recorded_mail import send_digest

SECRET, READER = "a gateway's own secret", "组织部联络员"
_ROUTES = """channels:
  sms: {kind: webhook, url: "https://gateway.example.gov.cn/duban", secret_file: key}
  oa: {kind: webhook, url: "https://oa.example.gov.cn/duban", secret_file: key, off: true}
  mail: {kind: email, host: smtp.example.gov.cn, sender: dcs@example.gov.cn}
readers:
  组织部联络员: {reads: [组织部], to: [{channel: sms}]}
"""


async def _house(folder: Path) -> AsyncIterator[Programs]:
    (folder / "key").write_text(SECRET, encoding="utf-8")
    (folder / "channels.yaml").write_text(_ROUTES, encoding="utf-8")
    async for house in opened(folder / "data", channels=str(folder / "channels.yaml")):
        records = house.office.office.records
        clock = [NOW + timedelta(days=1)]
        await send_digest(records, "组织部", clock[0])
        routes = routes_of(house.office.office.settings)
        courier = Courier(records, routes, {"sms": Told(TAKEN)}, partial(clock.__getitem__, -1))
        for _ in range(2):
            clock.append(clock[-1] + timedelta(minutes=11))
            await courier.look()
            await courier.rest()
        await courier.close()
        yield house


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[Programs]:
    """An office whose gateway took one message."""
    async for each in _house(tmp_path):
        yield each


@pytest_asyncio.fixture(scope="module")
async def unmoved(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Programs]:
    """One in which nothing that is said is kept."""
    async for each in _house(tmp_path_factory.mktemp("house")):
        yield each


def message(house: Programs) -> Delivery:
    """The one message, as the ledger has it."""
    (only,) = recorded_mail(house.office.office.records.ledger, READER).deliveries.values()
    return only


async def said(house: Programs, *receipts: Any, channel: str = "sms", **wrong: Any) -> httpx2.Response:
    """The gateway sends receipts, signed as it should, or wrong in one thing."""
    body = json.dumps({"receipts": receipts}).encode()
    at = engine_now() - wrong.get("late", timedelta(0))
    headers = signed_headers(wrong.get("secret", SECRET), "receipt-1", str(int(at.timestamp())), body)
    headers = {**headers, **wrong.get("headers", {})}
    return await house.of(None).post(f"/channels/{channel}/receipts", content=wrong.get("body", body), headers=headers)


async def test_what_the_gateway_says_is_kept_once(house: Programs) -> None:
    """Delivered, then read, by the channel; sent once more it is nothing new; what it never took is named."""
    own = webhook_identity(message(house).message_id)
    told = await said(
        house, {"id": own, "state": "delivered"}, {"id": own, "state": "read"}, {"id": "x", "state": "read"}
    )
    assert (told.status_code, told.json()) == (200, {"new": 2, "unknown": ["x"]})
    assert message(house).state == "read"
    last = list(house.office.office.records.ledger.entries(f"delivery/{READER}"))[-1]
    assert (last.type, last.event["actor"]) == ("MessageRead", "channel:sms")
    assert (await said(house, {"id": own, "state": "read"})).json() == {"new": 0, "unknown": []}


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "another"},
        {"late": timedelta(minutes=6)},
        {"late": -timedelta(minutes=6)},
        {"headers": {"webhook-id": "receipt-2"}},
        {"headers": {"webhook-timestamp": "soon"}},
        {"headers": {"webhook-signature": ""}},
        {"body": b'{"receipts": [{"id": "x", "state": "read"}]}'},
        {"channel": "oa"},
        {"channel": "mail"},
        {"channel": "nobody"},
    ],
    ids=["secret", "old", "ahead", "id", "stamp", "unsigned", "body", "off", "e-mail", "unknown"],
)
async def test_nobody_else_says_so(unmoved: Programs, wrong: dict[str, Any]) -> None:
    """Another secret, an old or an altered message, a channel without a secret or switched off: nothing is kept."""
    own = webhook_identity(message(unmoved).message_id)
    assert (await said(unmoved, {"id": own, "state": "read"}, **wrong)).status_code == 401
    assert message(unmoved).state == "accepted"


@pytest.mark.parametrize("receipt", [{"id": "x"}, {"id": "x y", "state": "read"}, {"id": "x", "state": "opened"}])
async def test_what_cannot_be_read_keeps_nothing(unmoved: Programs, receipt: dict[str, str]) -> None:
    """A signed list with one unreadable line is refused whole."""
    own = webhook_identity(message(unmoved).message_id)
    assert (await said(unmoved, {"id": own, "state": "read"}, receipt)).status_code == 400
    assert message(unmoved).state == "accepted"


async def test_a_receipt_that_says_two_things_says_nothing(unmoved: Programs) -> None:
    """Signed, and of two states: whoever passed it on may have read the other one."""
    own = webhook_identity(message(unmoved).message_id)
    body = b'{"receipts": [{"id": "%s", "state": "delivered", "state": "read"}]}' % own.encode()
    at = str(int(engine_now().timestamp()))
    headers = signed_headers(SECRET, "receipt-1", at, body)
    answer = await unmoved.of(None).post("/channels/sms/receipts", content=body, headers=headers)
    assert answer.status_code == 400
    assert message(unmoved).state == "accepted"
