"""How an event stands in the ledger, and comes back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clock import OFFICE_TIME
from domain.events import ProgressReported
from domain.events.event import headed
from domain.evidence import EvidenceFile
from domain.papers.mail import NoticeSent
from domain.ports.ledger import LedgerEntry
from domain.record.leaf import (
    MOST_LEAF_BYTES,
    domain_event_of,
    instant_of,
    leaf_event,
    leaf_instant,
    leaf_length,
    mail_event_of,
    most_leaf_length,
    too_long,
)
from domain.record.ledger_errors import UnreadableEventError

STREAM = "key-project/2018/05a"
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=OFFSETS)  # noqa: DTZ001 - zones are drawn
TEXTS = st.text(st.characters(codec="utf-8"), max_size=40)


def _kept(event: dict[str, object]) -> LedgerEntry:
    return LedgerEntry.model_validate(
        {
            "position": 0,
            "event_id": event["id"],
            "stream": event["stream"],
            "stream_seq": event["seq"],
            "type": event["type"],
            "appended_at": "2018-05-09T01:00:00Z",
            "event": event,
        }
    )


def _report(
    occurred_at: datetime, decided_at: datetime, text: str = "已办三期", quantity: int | None = 3
) -> ProgressReported:
    return headed(
        ProgressReported,
        seq=4,
        occurred_at=occurred_at,
        decided_at=decided_at,
        actor="department:组织部:张三",
        cause="request:r-1",
    )(
        milestone_id="2018-05a-03",
        department="组织部",
        text=text,
        done_on=date(2018, 5, 8),
        quantity=quantity,
        evidence=("纪要.pdf",),
    )


def test_a_leaf_event_has_the_ledgers_names_and_keeps_the_rest_in_data() -> None:
    """The outside format, to the letter."""
    instant = datetime(2018, 5, 9, 9, 0, tzinfo=OFFICE_TIME)

    assert leaf_event(STREAM, _report(instant, instant + timedelta(milliseconds=1))) == {
        "id": "key-project/2018/05a#4",
        "stream": "key-project/2018/05a",
        "seq": 4,
        "type": "ProgressReported",
        "occurred": "2018-05-09T01:00:00.000000Z",
        "decided": "2018-05-09T01:00:00.001000Z",
        "actor": "department:组织部:张三",
        "data": {
            "v": 1,
            "cause": "request:r-1",
            "milestone_id": "2018-05a-03",
            "department": "组织部",
            "text": "已办三期",
            "done_on": "2018-05-08",
            "quantity": 3,
            "evidence": ["纪要.pdf"],
        },
        "blobs": [],
    }


@given(INSTANTS, INSTANTS, TEXTS, st.none() | st.integers(0, 2**53 - 1))
def test_an_event_comes_back_as_it_was(
    occurred_at: datetime, decided_at: datetime, text: str, quantity: int | None
) -> None:
    """Whatever was reported, the ledger gives the same event back."""
    event = _report(occurred_at, decided_at, text, quantity)

    assert domain_event_of(_kept(leaf_event(STREAM, event))) == event


@given(INSTANTS, TEXTS)
def test_an_entry_is_never_longer_than_is_told_at_once(instant: datetime, text: str) -> None:
    """With characters that JSON writes out, and files that stand in the entry twice."""
    files = [EvidenceFile.named(f"{text}{number}", "0" * 64, number) for number in range(9)]
    report = _report(instant, instant, text).model_copy(update={"evidence": tuple(map(str, files))})
    assert leaf_length(STREAM, report) <= most_leaf_length(STREAM, report)


def test_an_entry_may_be_as_long_as_one_can_be() -> None:
    """To the byte; of several that are longer the longest is named, with its length."""
    instant = datetime(2018, 5, 9, 9, 0, tzinfo=OFFICE_TIME)
    room = MOST_LEAF_BYTES - leaf_length(STREAM, _report(instant, instant, ""))
    short, fits, long, longer = (_report(instant, instant, "x" * n) for n in (1, room, room + 1, room + 2))
    assert too_long(STREAM, [short, fits]) is None
    assert too_long(STREAM, []) is None
    assert too_long(STREAM, [short, longer, fits, long]) == (MOST_LEAF_BYTES + 2, longer)


@given(INSTANTS, INSTANTS)
def test_instants_as_text_are_in_the_order_of_time(one: datetime, other: datetime) -> None:
    """An auditor may sort the texts."""
    assert (leaf_instant(one) < leaf_instant(other)) == (one < other)
    assert instant_of(leaf_instant(one)) == one


@given(INSTANTS, OFFSETS)
def test_the_same_instant_in_another_zone_is_the_same_event(instant: datetime, zone: timezone) -> None:
    """An event does not change its identity because it was written down elsewhere."""
    here, there = _report(instant, instant), _report(instant.astimezone(zone), instant.astimezone(UTC))

    assert leaf_event(STREAM, here) == leaf_event(STREAM, there)


def test_a_receipt_comes_back_as_mail_and_not_as_a_projects_event() -> None:
    """The two kinds of streams are not mistaken for one another."""
    instant = datetime(2018, 5, 9, 9, 0, tzinfo=OFFICE_TIME)
    receipt = headed(
        NoticeSent,
        seq=0,
        occurred_at=instant,
        decided_at=instant,
        actor="engine",
        cause="digest:d",
    )(
        paper_id=f"{STREAM}#3",
        number="提醒〔2018〕1号",
        kind="reminder",
        addressee="组织部",
        digest_id="d",
    )
    entry = _kept(leaf_event("department-mailbox/组织部", receipt))

    assert mail_event_of(entry) == receipt
    with pytest.raises(UnreadableEventError, match="NoticeSent"):
        domain_event_of(entry)


def test_instants_come_back_in_office_time() -> None:
    """What a person reads is the time of the offices."""
    instant = datetime(2018, 5, 9, 1, 0, tzinfo=UTC)

    assert domain_event_of(_kept(leaf_event(STREAM, _report(instant, instant)))).occurred_at.hour == 9
