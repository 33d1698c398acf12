"""When a receiver of changes is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.accounts.webhooks import LONG_AWAY, LONGEST_REST, Webhook

NOW = datetime(2026, 5, 11, 9, 0, tzinfo=UTC)
RECEIVER = Webhook(
    key="k" * 16, url="https://a.example.org", secret="s", name="办公系统", by="李明", made_at=NOW, after=-1
)


@pytest.mark.parametrize("tries", [1, 5, 40])
def test_a_rest_that_a_clock_ahead_began_is_no_rest(tries: int) -> None:
    """It rests by the clock of now, for an hour at most; where the clock was put back by days it is tried at once."""
    failed = RECEIVER
    for _ in range(tries):
        failed = failed.failed("connect:refused", NOW)
    assert not failed.may_try(NOW)
    assert failed.may_try(NOW + LONGEST_REST)
    assert failed.may_try(NOW - timedelta(days=3))
    assert RECEIVER.claimed(NOW).may_try(NOW - timedelta(days=3))


def test_who_took_nothing_for_an_hour_is_long_away() -> None:
    """The rests between so many tries are over an hour in all, and those of one try fewer are not."""
    failed, rests = RECEIVER, list[timedelta]()
    while not failed.is_long_away:
        failed = failed.failed("http:500", NOW)
        assert failed.rests_until is not None
        rests.append(failed.rests_until - NOW)
    assert failed.failures == LONG_AWAY
    assert sum(rests[:-2], timedelta()) < timedelta(hours=1) < sum(rests[:-1], timedelta())
    assert not failed.took(7, NOW).is_long_away
