"""A changed rule reaches running projects by a patch or not at all: without one, every replay shows the difference."""

from __future__ import annotations

import re

import pytest

from application.audit.replaying import replayed
from domain.events import ReminderIssued
from tests.replay.changed_rules import PatchedRuleSupervision, changed_wake
from tests.replay.conftest import Year
from workflows.department_mailbox import DepartmentMailbox

PATCHED = (PatchedRuleSupervision, DepartmentMailbox)


async def test_a_rule_that_changed_without_a_patch_shows_as_a_difference(
    year: Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The steps are the same and the decision is not: the digest of what was recorded says so, without the ledger."""
    async with await year.worker():
        await year.open("2018-30")
        await year.until("05-15 00:00")
    history, recorded = await year.history("2018-30"), year.recorded("2018-30")
    assert any(isinstance(event, ReminderIssued) for event in recorded)
    assert (await replayed([history], recorded)).problem is None
    monkeypatch.setattr("domain.acts.arrivals.wake", changed_wake)
    verdict = await replayed([history], None)
    assert verdict.check == "code"
    # One sentence, with the place in the record, and nothing of what the engine's library puts around it.
    assert re.fullmatch(r"第1次运行与代码不符：台账前\d+条之后，程序的办法与当时的不同（“time”）", str(verdict.problem))


async def test_the_same_change_behind_a_patch_holds_for_what_begins_and_differs_nowhere(year: Year) -> None:
    """A run that began under the old rule keeps it to its end, by the new code too; the next has the new rule."""
    async with await year.worker():
        await year.open("2018-31")
        await year.until("05-15 00:00")
        assert (await replayed([await year.history("2018-31")], year.recorded("2018-31"), PATCHED)).problem is None
    async with await year.worker(PATCHED):
        await year.open("2018-32")
        await year.until("05-30 00:00")
    for project_id, by_the_new_rule in (("2018-31", False), ("2018-32", True)):
        recorded = year.recorded(project_id)
        reminders = [event for event in recorded if isinstance(event, ReminderIssued)]
        assert {event.cause.endswith("-as-changed") for event in reminders} == {by_the_new_rule}
        assert (await replayed([await year.history(project_id)], recorded, PATCHED)).problem is None
