"""What supervision costs in history events, counted in real histories against the floor of the engine paper."""

from __future__ import annotations

from datetime import date

from domain.commands import AcceptCompletion, RequestCompletion, StrikeOff
from tests.domain.samples import LI, WANG, milestone, request
from tests.workflows.conftest import Office, Supervision

JULY, AUGUST = date(2018, 7, 31), date(2018, 8, 31)


def floor(wake_ups: int, commands: int) -> int:
    """The floor: five events for a run, six for a wake-up, seven for a command."""
    return 5 + 6 * wake_ups + 7 * commands


async def counted(supervision: Supervision) -> int:
    """The events of the whole history, once the supervision is at rest."""
    await supervision.quiet()
    return len(await supervision.history_events())


async def test_an_on_time_milestone_with_two_reminders_costs_at_most_twenty_events(office: Office) -> None:
    """Reminded 14 and 7 working days before, completed before the last reminder: what the second such one adds."""
    supervision = await office.open(milestone(1, JULY), milestone(2, AUGUST))
    after: list[int] = []
    for ordinal, day in ((1, "07-26"), (2, "08-28")):
        await supervision.until(f"{day} 10:00")
        await supervision.command(request(RequestCompletion, f"{supervision.project_id}-{ordinal:02d}"))
        after.append(await counted(supervision))
    assert after[1] - after[0] <= 20


async def test_a_silent_project_costs_at_most_a_tenth_more_than_the_floor(office: Office) -> None:
    """Three reminders, the breach, the urge and three orders a milestone: eight wake-ups each."""
    supervision = await office.open(milestone(1, JULY), milestone(2, AUGUST))
    await supervision.until("10-08 18:00")
    assert await counted(supervision) <= 1.1 * floor(wake_ups=16, commands=0)


async def test_a_project_completed_and_struck_off_costs_at_most_a_tenth_more_than_the_floor(office: Office) -> None:
    """Three reminders and three commands a milestone, until the file is closed."""
    supervision = await office.open(milestone(1, JULY), milestone(2, AUGUST))
    for ordinal, day in ((1, "07-31"), (2, "08-31")):
        milestone_id = f"{supervision.project_id}-{ordinal:02d}"
        await supervision.until(f"{day} 10:00")
        await supervision.command(request(RequestCompletion, milestone_id))
        await supervision.command(request(AcceptCompletion, milestone_id, by=LI))
        await supervision.command(request(StrikeOff, milestone_id, by=WANG))
    assert await counted(supervision) <= 1.1 * floor(wake_ups=6, commands=6)
