"""What a year counts of its duties, derived from events and counted by each store."""

from __future__ import annotations

from datetime import date
from typing import Literal

from domain.acts.commands import AcceptCompletion, ReplaceParticipant, RequestCompletion, SignReceipt, Withdraw
from domain.ports.register import MonthCount
from domain.seeing.register_rows import registered
from tests.adapters.ledger.conftest import Store
from tests.domain.samples import FIRST, LEAD, PARTICIPANT, SECOND, Desk, milestone, request


async def test_a_year_counts_what_was_accepted_of_what_is_still_a_duty(store: Store) -> None:
    """A completion that waits for its review is not done; withdrawn work and released parts are nobody's duties."""
    desk = Desk(milestone(1), milestone(2, date(2018, 6, 30)))
    for who in (LEAD, PARTICIPANT):
        desk.ask(request(SignReceipt, None, by=who))
    desk.ask(request(Withdraw, SECOND), "05-10 10:00")
    register = store.register()

    async def counted() -> list[MonthCount]:
        await register.keep([registered(desk.state, desk.now)])
        return list(register.months(2018))

    def of(name: str, role: Literal["lead", "participant"], *numbers: int) -> MonthCount:
        duties, done, on_time, breaches = numbers
        return MonthCount(
            department=name,
            role=role,
            month="2018-05",
            duties=duties,
            done=done,
            on_time=on_time,
            breaches=breaches,
        )

    # In the order of the stores: by the letters of the names.
    assert await counted() == [of("宣传部", "participant", 1, 0, 0, 0), of("组织部", "lead", 1, 0, 0, 0)]
    desk.ask(request(ReplaceParticipant, FIRST, department="宣传部", to="学校部"))
    desk.ask(request(RequestCompletion), "05-12 10:00")
    assert await counted() == [of("学校部", "participant", 1, 0, 0, 0), of("组织部", "lead", 1, 0, 0, 0)]
    desk.ask(request(AcceptCompletion), "05-13 10:00")
    assert await counted() == [of("学校部", "participant", 1, 0, 0, 0), of("组织部", "lead", 1, 1, 1, 0)]


async def test_a_broken_date_stays_with_the_department_that_was_released(store: Store) -> None:
    """Late on 1 June and released on the 4th: no duty any more, and the breach is still counted."""
    desk = Desk(milestone())
    desk.ask(request(ReplaceParticipant, FIRST, department="宣传部", to=None), "06-04 10:00")
    register = store.register()
    await register.keep([registered(desk.state, desk.now)])
    found = {each.department: (each.duties, each.breaches) for each in register.months(2018)}
    assert found["宣传部"] == (0, 1)
