"""The rule of wrong tries, at random: it lets go in time, grows, is never outrun, and is nobody else's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.accounts.lock_outs import RULES, Subject, Tries, after_right_password, counted, wait_of

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CALM = settings(suppress_health_check=[HealthCheck.too_slow])  # other processes share the machine
SUBJECTS: st.SearchStrategy[Subject] = st.sampled_from(["pair", "address", "device"])
GAPS = st.lists(st.integers(0, 30 * 3600), min_size=1, max_size=40)


def after(count: int, subject: Subject = "pair") -> Tries:
    """So many wrong tries, at one instant."""
    tries = None
    for _ in range(count):
        tries = counted(tries, subject, "k", START)
    assert tries is not None
    return tries


@CALM
@given(SUBJECTS, GAPS)
def test_who_waits_as_he_is_told_gets_his_next_try(subject: Subject, gaps: list[int]) -> None:
    """However often somebody failed, after the wait he is told nothing is left of it, and it is never over-long."""
    tries, now = None, START
    for gap in gaps:
        now += timedelta(seconds=gap)
        now += wait_of(tries, now)
        assert wait_of(tries, now) == timedelta(0)
        tries = counted(tries, subject, "k", now)
        assert wait_of(tries, now) <= RULES[subject].longest_wait


@CALM
@given(SUBJECTS, st.integers(1, 300), st.integers(-900 * 86_400, 900 * 86_400))
def test_a_clock_that_was_set_never_makes_one_wait_longer(subject: Subject, count: int, moved: int) -> None:
    """Forward or back, the wait stays between nothing and what so many tries cost."""
    tries = after(count, subject)
    wait = wait_of(tries, START + timedelta(seconds=moved))
    assert timedelta(0) <= wait <= RULES[subject].wait_after(count)


@CALM
@given(SUBJECTS, st.integers(0, 10**6))
def test_the_wait_grows_with_each_try_up_to_the_longest(subject: Subject, count: int) -> None:
    """One more wrong try never costs less; the free ones cost nothing."""
    rule = RULES[subject]
    assert rule.wait_after(count) <= rule.wait_after(count + 1) <= rule.longest_wait
    assert (rule.wait_after(count) == timedelta(0)) == (count < rule.free)


@CALM
@given(st.integers(1, 40))
def test_a_guesser_gets_few_tries_in_a_day(asked_every: int) -> None:
    """Whoever asks again and again from one address gets fewer than 120 passwords of one account looked at in a day."""
    tries, now, looked_at = None, START, 0
    while now < START + timedelta(days=1):
        wait = wait_of(tries, now)
        if wait == timedelta(0):
            tries, looked_at = counted(tries, "pair", "k", now), looked_at + 1
        now += max(wait, timedelta(seconds=asked_every))
    assert looked_at < 120


def test_tries_are_forgotten_a_day_after_the_last_one() -> None:
    """The next one is the first again."""
    tries = after(50)
    later = START + RULES["pair"].forgotten_after
    assert wait_of(tries, later) == timedelta(0)
    assert counted(tries, "pair", "k", later).count == 1


def test_a_right_password_clears_its_own_pair_and_not_the_address() -> None:
    """Somebody with an account of his own cannot use it to try all others from his address for nothing."""
    assert after_right_password(after(4, "pair")) is None
    assert after_right_password(after(4, "device")) is None
    left = after_right_password(after(90, "address"))
    assert left is not None
    assert left.count == 89
