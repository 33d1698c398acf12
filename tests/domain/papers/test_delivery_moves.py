from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clock import OFFICE_TIME
from domain.papers.delivery import Delivery, ReadersMail
from domain.papers.moves import LONGEST_PAUSE, Receipt, pause_before, ripe
from domain.papers.routes import QuietHours, Routes, is_safe_url


def at(clock: str, day: int = 11) -> datetime:
    """An instant of an office day."""
    return datetime.fromisoformat(f"2026-05-{day:02d}T{clock}").replace(tzinfo=OFFICE_TIME)


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        (at("19:59"), None),
        (at("20:00"), at("08:00", 12)),
        (at("23:30"), at("08:00", 12)),
        (at("07:59"), at("08:00")),
        (at("08:00"), None),
    ],
)
def test_quiet_hours_go_over_midnight(now: datetime, ends: datetime | None) -> None:
    """They end on the morning that follows, and their last instant is open again."""
    quiet = QuietHours.model_validate({"begin": "20:00", "end": "08:00"})
    assert quiet.end_after(now) == ends


@given(st.text(max_size=30), st.integers(1, 60), st.integers(1, 3_600), st.integers(0, 7_200))
def test_a_pause_grows_and_stays_within_its_bounds(message: str, attempt: int, first: int, asked: int) -> None:
    """Twice as long each time up to an hour, a fifth more or less, and never shorter than the channel asked for."""
    pause = pause_before(message, attempt, timedelta(seconds=first), timedelta(seconds=asked))
    doubled = min(timedelta(seconds=first) * float(2 ** min(attempt - 1, 12)), LONGEST_PAUSE)
    assert max(doubled * 0.8, timedelta(seconds=asked)) <= pause + timedelta(microseconds=1)
    assert pause <= max(doubled * 1.2, timedelta(seconds=asked)) + timedelta(microseconds=1)


def test_messages_that_failed_together_do_not_come_again_together() -> None:
    """A hundred pauses after one failure lie apart."""
    pauses = {pause_before(f"m{number}", 1, timedelta(minutes=1)) for number in range(100)}
    assert len(pauses) > 70
    assert max(pauses) - min(pauses) > timedelta(seconds=20)


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1", True),
        ("http://127.0.0.1:8080/hook", True),
        ("http://gateway.example/hook", False),
        ("https://user:password@gateway.example/", False),
        ("http://127.0.0.1.evil.example/", False),
        ("file:///etc/passwd", False),
        ("https://a b/", False),
    ],
)
def test_only_what_nobody_reads_on_the_way_is_safe(url: str, safe: bool) -> None:
    """TLS, or this machine."""
    assert is_safe_url(url) == safe


@pytest.mark.parametrize(("minutes", "ripe_then"), [(0, False), (29, False), (30, True)])
def test_urgent_papers_of_one_half_hour_are_two_messages_at_most(minutes: int, ripe_then: bool) -> None:
    """The first comes at once; what follows it soon is gathered until the pause is over, and then comes together."""
    first = at("08:32")
    assert ripe(ReadersMail(), [urgent(first)], Routes(), first)
    told = Delivery(message_id="1", digests=(), papers=1, urgent=True, gathered_at=first, since=first)
    mail = ReadersMail(deliveries={"1": told})
    assert ripe(mail, [urgent(first)], Routes(), first + timedelta(minutes=minutes)) == ripe_then


def urgent(sent_at: datetime) -> Receipt:
    """The receipt of a red order."""
    return Receipt(1, "主要领导", "主要领导/1", "key-project/2026/01#1", sent_at, True)
