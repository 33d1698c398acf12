"""What a year counts of its duties, derived from events and counted by each store."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Literal

from domain.actors import department
from domain.acts.commands import (
    AcceptCompletion,
    CloseYear,
    ReassignLead,
    ReplaceParticipant,
    RequestCompletion,
    ReturnForRework,
    SignReceipt,
    StrikeOff,
    Withdraw,
)
from domain.ports.register import MonthCount
from domain.seeing.register_rows import registered
from tests.adapters.ledger.conftest import Store
from tests.domain.samples import FIRST, LEAD, LI, PARTICIPANT, SECOND, WANG, Desk, milestone, request


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
        duties, done, on_time = numbers
        return MonthCount(
            department=name,
            role=role,
            month="2018-05",
            duties=duties,
            done=done,
            on_time=on_time,
        )

    # In the order of the stores: by the letters of the names.
    assert await counted() == [of("宣传部", "participant", 1, 0, 0), of("组织部", "lead", 1, 0, 0)]
    desk.ask(request(ReplaceParticipant, FIRST, department="宣传部", to="学校部"))
    desk.ask(request(RequestCompletion), "05-12 10:00")
    assert await counted() == [of("学校部", "participant", 1, 0, 0), of("组织部", "lead", 1, 0, 0)]
    desk.ask(request(AcceptCompletion), "05-13 10:00")
    assert await counted() == [of("学校部", "participant", 1, 0, 0), of("组织部", "lead", 1, 1, 1)]


async def test_what_is_done_counts_for_who_asked_for_its_acceptance(store: Store) -> None:
    """Asked for by one, accepted when another leads: the one's; asked again after a return: the other's."""
    desk = Desk(milestone(1), milestone(2), milestone(3))
    for each in (FIRST, SECOND):
        desk.ask(request(RequestCompletion, each), "05-12 10:00")
    desk.ask(request(AcceptCompletion, SECOND), "05-13 10:00")
    desk.ask(request(ReassignLead, None, to="统战部"), "05-14 10:00")
    register = store.register()

    async def leading() -> dict[str, tuple[int, int]]:
        await register.keep([registered(desk.state, desk.now)])
        return {each.department: (each.duties, each.done) for each in register.months(2018) if each.role == "lead"}

    assert await leading() == {"组织部": (1, 1), "统战部": (2, 0)}
    again = deepcopy(desk)
    desk.ask(request(AcceptCompletion, FIRST), "05-15 10:00")
    assert await leading() == {"组织部": (2, 2), "统战部": (1, 0)}
    desk = again
    desk.ask(request(ReturnForRework, FIRST), "05-15 10:00")
    desk.ask(request(RequestCompletion, FIRST, by=department("统战部")))
    desk.ask(request(AcceptCompletion, FIRST, by=LI))
    await register.clear()
    assert await leading() == {"组织部": (1, 1), "统战部": (2, 1)}


async def test_a_part_that_was_delivered_stays_done_when_its_department_is_released(store: Store) -> None:
    """Delivered and released, by name or as the new lead: done; released before it was delivered: no duty."""
    desk = Desk(milestone(1), milestone(2))
    desk.ask(request(RequestCompletion, by=PARTICIPANT), "05-10 10:00")
    desk.ask(request(ReplaceParticipant, None, department="宣传部", to=None))
    register = store.register()
    await register.keep([registered(desk.state, desk.now)])
    parts = [each for each in register.months(2018) if each.role == "participant"]
    assert [(each.department, each.duties, each.done, each.on_time) for each in parts] == [("宣传部", 1, 1, 1)]


async def test_a_date_in_the_next_year_is_counted_there_unless_its_row_goes_over(store: Store) -> None:
    """Due in January by the list of 2018: one of 2019, done or not; carried over, it is the next list's."""
    desk = Desk(milestone(1, date(2019, 1, 31)), milestone(2, date(2019, 1, 31)))
    desk.ask(request(RequestCompletion), "12-20 10:00")
    desk.ask(request(AcceptCompletion))
    desk.ask(request(StrikeOff, by=WANG))
    register = store.register()
    await register.keep([registered(desk.state, desk.now)])
    assert {(each.month, each.role, each.duties, each.done) for each in register.months(2019)} == {
        ("2019-01", "lead", 2, 1),
        ("2019-01", "participant", 2, 0),
    }
    assert register.months(2018) == []
    desk.ask(request(CloseYear, None, by=WANG, to_year=2019), "12-29 10:00")
    await register.keep([registered(desk.state, desk.now)])
    assert [(each.role, each.duties, each.done) for each in register.months(2019) if each.role == "lead"] == [
        ("lead", 1, 1)
    ]
