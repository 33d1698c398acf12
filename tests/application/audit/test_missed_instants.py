"""What reconciling says of what was due and is not on record: who does what, and from when on it is done by itself."""

from __future__ import annotations

from datetime import timedelta

from application.audit.reconciling import _overdue
from domain.rungs.wakeups import next_wakeup
from entrypoints.core_sentences import core_said, is_chinese
from tests.domain.samples import PROJECT, Desk, at


def test_a_paper_that_missed_its_day_is_made_up_for_at_the_next_opening_and_asked_about_after_it() -> None:
    """In the evening there is only the morning to wait for, and it is named; after it the doctor is asked."""
    desk = Desk()
    desk.run_until(at("05-10 10:00"))
    first = next_wakeup(desk.state, desk.now)
    assert first is not None
    evening = first.replace(hour=20, minute=0)
    opening = desk.state.policy.next_opening(evening, desk.state.calendar)
    (missed,) = _overdue(PROJECT, desk.state, evening)
    assert f"{opening:%Y-%m-%d %H:%M} 上班后补办" in missed.text
    assert not is_chinese(core_said("en", missed.text))
    (late,) = _overdue(PROJECT, desk.state, opening + timedelta(hours=2))
    assert "duban doctor" in late.text
    assert list(_overdue(PROJECT, desk.state, first + timedelta(minutes=30))) == []
