"""The virtual calendar: instants go out and come back, time never runs backwards, no timer rings early."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.clock import OFFICE_TIME, VirtualClock
from tests.domain.samples import START, at

ANCHOR = datetime(2026, 11, 24, 1, 2, 3, 456789, tzinfo=UTC)
A_MICROSECOND = timedelta(microseconds=1)
speeds = st.one_of(st.integers(min_value=1, max_value=100), st.integers(min_value=1, max_value=10_000_000))
spans = st.timedeltas(min_value=timedelta(days=-400), max_value=timedelta(days=4_000))


def anchored(speed: int) -> VirtualClock:
    """A calendar that begins with the 2018 list, so many times as fast as life."""
    return VirtualClock(engine_at=ANCHOR, supervised_at=START, speed=speed)


@given(speeds, spans)
def test_a_timer_rings_at_the_first_instant_at_which_its_hour_has_come(speed: int, span: timedelta) -> None:
    """Never early, and not a microsecond later than it must."""
    clock = anchored(speed)
    wanted = START + span
    ring = clock.engine(wanted)
    assert clock.supervised(ring) >= wanted
    assert clock.supervised(ring - A_MICROSECOND) < wanted


@given(speeds, spans, st.timedeltas(min_value=timedelta(), max_value=timedelta(days=400)))
def test_time_never_runs_backwards(speed: int, span: timedelta, later: timedelta) -> None:
    """A later instant of the engine is no earlier one of the year, and the other way round."""
    clock = anchored(speed)
    assert clock.supervised(ANCHOR + span / speed) <= clock.supervised(ANCHOR + span / speed + later / speed)
    assert clock.engine(START + span) <= clock.engine(START + span + later)


@given(spans)
def test_at_the_speed_of_life_the_way_out_and_back_is_exact(span: timedelta) -> None:
    """No instant is lost, to the microsecond."""
    clock = anchored(1)
    assert clock.supervised(clock.engine(START + span)) == START + span
    assert clock.engine(clock.supervised(ANCHOR + span)) == ANCHOR + span


@given(speeds, spans)
def test_an_instant_of_the_engine_comes_back_as_itself(speed: int, span: timedelta) -> None:
    """Whatever the speed, the first instant at which an instant's hour has come is that instant."""
    clock = anchored(speed)
    now = ANCHOR + span / speed
    assert clock.engine(clock.supervised(now)) == now


def test_without_an_anchor_the_calendar_is_real_time_in_the_offices_time() -> None:
    """Eight hours before Greenwich; a summer day too."""
    clock = VirtualClock()
    assert clock.supervised(datetime(2018, 7, 1, 0, 30, tzinfo=UTC)).isoformat() == "2018-07-01T08:30:00+08:00"
    assert clock.engine(at("07-01 08:30")) == datetime(2018, 7, 1, 0, 30, tzinfo=UTC)


def test_the_supervised_instant_is_always_told_in_office_time() -> None:
    """A calendar anchored in another offset still shows the offices' day."""
    clock = VirtualClock(engine_at=ANCHOR, supervised_at=START.astimezone(UTC))
    assert clock.supervised(ANCHOR).utcoffset() == OFFICE_TIME.utcoffset(None)
    assert clock.supervised(ANCHOR + timedelta(hours=15)).date() == at("04-26 00:00").date()


@pytest.mark.parametrize(
    "fields",
    [
        {"engine_at": ANCHOR},
        {"supervised_at": START},
        {"speed": 2},
        {"engine_at": ANCHOR, "supervised_at": START, "speed": 0},
        {"engine_at": ANCHOR, "supervised_at": START, "speed": 1.5},
        {"engine_at": ANCHOR.replace(tzinfo=None), "supervised_at": START},
    ],
    ids=str,
)
def test_a_calendar_that_has_no_meaning_is_refused(fields: dict[str, object]) -> None:
    """One anchor alone, a speed without an anchor, a naive instant."""
    with pytest.raises(ValidationError):
        VirtualClock.model_validate(fields)


def test_a_calendar_survives_the_way_through_json() -> None:
    """A replay years later finds the same instants."""
    clock = anchored(60)
    again = VirtualClock.model_validate_json(clock.model_dump_json())
    assert again.supervised(ANCHOR + timedelta(days=3)) == clock.supervised(ANCHOR + timedelta(days=3))
    assert again == clock
