"""Sessions at random: none outlives its limits, whatever the use, the clock or a shorter limit of today."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.accounts.sessions import Session, SessionLimits, end_of, is_alive, seen

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CALM = settings(suppress_health_check=[HealthCheck.too_slow])  # other processes share the machine
LIMITS = st.builds(
    SessionLimits,
    idle=st.integers(1, 180).map(lambda each: timedelta(minutes=each)),
    absolute=st.integers(1, 1_800).map(lambda each: timedelta(minutes=each)),
)
GAPS = st.lists(st.integers(0, 4 * 3600), max_size=40)


def begun(limits: SessionLimits) -> Session:
    """A session that began at the start."""
    return Session(
        key="0" * 64,
        owner="wangwei",
        ends_at=end_of(START, START, limits),
        account="wangwei",
        person_id="P0002",
        how="password",
        logged_in_at=START,
        seen_at=START,
        from_address="192.0.2.7",
    )


@CALM
@given(LIMITS, GAPS)
def test_use_keeps_a_session_alive_within_its_limits_and_no_longer(limits: SessionLimits, gaps: list[int]) -> None:
    """It lives as long as no pause reaches the idle limit, give or take what is not noted, and never past the other."""
    session, now, last_use = begun(limits), START, START
    for gap in gaps:
        now += timedelta(seconds=gap)
        alive = is_alive(session, limits, now)
        if now - START >= limits.absolute or now - last_use >= limits.idle:
            assert not alive
        if not alive:
            assert now - START >= limits.absolute or now - last_use >= limits.idle * 0.75 - timedelta(seconds=1)
            return
        last_use, session = now, seen(session, limits, now) or session


@CALM
@given(LIMITS, LIMITS, st.integers(0, 30 * 3600))
def test_limits_made_shorter_count_at_once(before: SessionLimits, today: SessionLimits, age: int) -> None:
    """A session that began under longer limits ends under today's; longer ones of today do not prolong it unused."""
    alive = is_alive(begun(before), today, START + timedelta(seconds=age))
    assert alive == (timedelta(seconds=age) < min(before.idle, before.absolute, today.idle, today.absolute))


@CALM
@given(LIMITS, st.integers(1, 400 * 86_400))
def test_a_clock_before_the_login_ends_the_session(limits: SessionLimits, back: int) -> None:
    """Nobody knows how old it is then."""
    assert not is_alive(begun(limits), limits, START - timedelta(seconds=back))
