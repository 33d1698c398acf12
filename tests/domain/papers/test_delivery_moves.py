from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.clock import OFFICE_TIME
from domain.papers.delivery import Delivery, DeliveryState, ReadersMail
from domain.papers.moves import LONGEST_PAUSE, HandOver, Receipt, next_move, pause_before, ripe
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


_MINUTES = 5


@example([(False, {140, 143}), (False, {142})])
@given(st.lists(st.tuples(st.booleans(), st.sets(st.integers(9 * 12 + 3, 17 * 12 + 5), max_size=3)), max_size=6))
def test_mail_of_an_afternoon_never_moves_the_mornings(days: list[tuple[bool, set[int]]]) -> None:
    """One message a day, none at night; a morning's mail that morning, the rest within a day and a gathering."""
    mornings = [at("09:00", day) for day, (comes, _) in enumerate(days, 1) if comes]
    later = [at("00:00", day) + timedelta(minutes=_MINUTES * n) for day, (_, each) in enumerate(days, 1) for n in each]
    sent, told, mail = sorted([*mornings, *later]), dict[datetime, datetime](), ReadersMail()
    for look in range((len(days) + 2) * 24 * 60 // _MINUTES):
        now = at("00:00", 1) + timedelta(minutes=_MINUTES * look)
        waiting = [each for each in sent if each <= now and each not in told]
        if ripe(mail, [routine(each) for each in waiting], Routes(), now):
            told |= dict.fromkeys(waiting, now)
            message = Delivery(message_id=str(now), digests=(), papers=1, urgent=False, gathered_at=now, since=now)
            mail = ReadersMail(deliveries={**mail.deliveries, message.message_id: message})
    gathered = sorted(set(told.values()))
    assert set(told) == set(sent)
    assert len({now.date() for now in gathered}) == len(gathered)
    assert all(9 <= now.hour < 18 for now in gathered)
    assert all(told[each] == each + timedelta(minutes=10) for each in mornings)
    assert all(told[each] <= each + timedelta(days=1, minutes=10) for each in later)


def test_a_channel_with_two_addresses_of_a_reader_is_two_ways() -> None:
    """Where the first address takes nothing the second one is tried, and then the desk has the message."""
    steps = [{"channel": "mail", "address": "a@b.cn"}, {"channel": "mail", "address": "c@d.cn"}]
    lines = {"kind": "email", "host": "h", "sender": "s@b.cn"}
    given = {"channels": {"mail": lines}, "readers": {"甲": {"reads": ["组织部"], "to": steps}}}
    routes, now = Routes.model_validate(given), at("09:00")
    waiting = Delivery(message_id="1", digests=(), papers=1, urgent=False, gathered_at=now, since=now)
    found = []
    for times in range(3):
        move = next_move(waiting.model_copy(update={"given_up": ("mail",) * times}), "甲", routes, now, frozenset())
        assert isinstance(move, HandOver)
        found.append(move.step.address or move.step.channel)
    assert found == ["a@b.cn", "c@d.cn", "inbox"]


@pytest.mark.parametrize("state", ["failed_for_now", "handed_over"])
def test_a_clock_that_ran_ahead_keeps_no_message_waiting(state: DeliveryState) -> None:
    """What was tried, gathered or handed over at an instant that is yet to come is not waited for until then."""
    lines = {"kind": "webhook", "url": "https://a.example.org/", "secret_file": "s"}
    given = {"channels": {"hook": lines}, "readers": {"甲": {"reads": ["组织部"], "to": [{"channel": "hook"}]}}}
    routes, now, ahead = Routes.model_validate(given), at("09:00"), at("09:00", 25)
    tried = Delivery(
        message_id="1", digests=(), papers=1, urgent=True, gathered_at=ahead, since=ahead, state=state,
        channel="hook", attempts=1, try_again_at=ahead + timedelta(minutes=1) if state == "failed_for_now" else None,
    )  # fmt: skip
    move = next_move(tried, "甲", routes, now, frozenset({"hook"}))
    assert isinstance(move, HandOver)
    assert next_move(tried.model_copy(update={"since": now}), "甲", routes, now, frozenset({"hook"})) is None
    mail = ReadersMail(deliveries={"1": tried})
    assert ripe(mail, [urgent(now)], Routes(), now)
    routinely = ReadersMail(deliveries={"1": tried.model_copy(update={"urgent": False})})
    assert ripe(routinely, [routine(at("17:00", 10))], Routes(), now)


def routine(sent_at: datetime) -> Receipt:
    """The receipt of what does not press."""
    return urgent(sent_at)._replace(urgent=False)


def urgent(sent_at: datetime) -> Receipt:
    """The receipt of a red order."""
    return Receipt(1, "主要领导", "主要领导/1", "key-project/2026/01#1", sent_at, True)
