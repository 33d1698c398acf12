"""What every store of the outlook guarantees: what was put comes back by day, page by page; what is counted is once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from random import Random
from typing import get_args

from domain.papers.paper import PaperKind
from domain.ports.outlook import MOST_DAYS, Foretold, ForetoldPaper, OutlookQuery, TallyKey
from domain.rules.calendar import office_instant
from tests.adapters.ledger.conftest import SteppedClock, Store
from tests.adapters.ledger.in_memory_ledger import InMemoryLedger
from tests.adapters.ledger.samples import decision, reminder
from tests.adapters.ledger.test_contract_of_the_register import DEPARTMENTS, a_project

DAY = date(2018, 5, 8)
NOON = office_instant(DAY, time(12))


def foretold(rng: Random, number: int, *, events: int = 3, since: date = DAY) -> Foretold:
    """What time brings of a project, of any content."""
    papers = tuple(
        ForetoldPaper(
            on=since + timedelta(days=rng.randrange(MOST_DAYS)),
            to=rng.choice(DEPARTMENTS),
            kind=rng.choice(get_args(PaperKind)),
            milestone_id=rng.choice([None, f"2018-{number:02d}-01"]),
            copy_of=rng.random() < 0.5,
        )
        for _ in range(rng.randrange(9))
    )
    wakes_at = rng.choice([None, office_instant(since, time(9)) + timedelta(hours=rng.randrange(99))])
    return Foretold(
        f"2018-{number:02d}", events, since, since + timedelta(days=MOST_DAYS + number % 9), papers, wakes_at
    )


async def test_any_question_is_answered_as_by_plain_loops(store: Store) -> None:
    """Two hundred questions: the same papers in the same order, the same counts; what was put comes back whole."""
    rng = Random(4)
    projects, found = [a_project(rng, n) for n in range(1, 31)], [foretold(rng, n) for n in range(1, 31)]
    loops, register = InMemoryLedger(SteppedClock()).register(), store.register()
    for each in (loops, register):
        await each.keep(projects)
        await each.outlook.keep(found)
    assert register.outlook.kept() == found
    assert [each.wakes_at for each in register.outlook.kept()] == [each.wakes_at for each in found]
    day = DAY + timedelta(days=9)
    places = [None, None, (day, DEPARTMENTS[0], "2018-07", 1), (day, DEPARTMENTS[1], "", -1), (date.max, "", "", 0)]
    for _ in range(200):
        query = OutlookQuery(
            until=DAY + timedelta(days=rng.randrange(70)),
            to=rng.choice([None, None, *DEPARTMENTS]),
            on=rng.choice([None, None, DAY + timedelta(days=rng.randrange(20))]),
            limit=rng.choice([None, 1, 7, 100]),
            after=rng.choice(places),
            before=rng.choice(places),
        )
        assert register.outlook.count(query) == loops.outlook.count(query), query
        assert register.outlook.papers(query) == loops.outlook.papers(query), query
        assert register.outlook.counts(query.until) == loops.outlook.counts(query.until)


async def test_a_project_is_due_until_it_was_looked_at_far_enough_and_since_its_last_event(store: Store) -> None:
    """Not looked at; of fewer events than its row; a paper whose day is over; not far enough: each is due."""
    rng, register = Random(7), store.register()
    await register.keep([a_project(rng, n, events=3) for n in (1, 2, 3, 4)])
    await register.outlook.keep([foretold(rng, 2, events=2)])
    far = Foretold("2018-03", 3, DAY, DAY + timedelta(days=MOST_DAYS), ())
    paper = ForetoldPaper(on=DAY, to="组织部", kind="reminder", milestone_id=None, copy_of=False)
    await register.outlook.keep([far, Foretold("2018-04", 3, DAY, far.until, (paper,))])
    assert register.outlook.due(NOON) == ["2018-01", "2018-02"]
    assert register.outlook.due(NOON + timedelta(days=1)) == ["2018-01", "2018-02", "2018-04"]
    assert register.outlook.due(NOON + timedelta(days=2)) == ["2018-01", "2018-02", "2018-03", "2018-04"]


async def test_what_was_foretold_by_a_clock_ahead_is_foretold_again_as_soon_as_the_clock_is_right(store: Store) -> None:
    """From tomorrow, what comes today is not seen; of two clocks around midnight neither undoes the other's look."""
    rng, register = Random(9), store.register()
    await register.keep([a_project(rng, 1, events=3)])
    right = Foretold("2018-01", 3, DAY, DAY + timedelta(days=MOST_DAYS), ())
    await register.outlook.keep([replace(right, since=DAY + timedelta(days=1))])
    assert register.outlook.due(NOON) == ["2018-01"]
    assert register.outlook.due(office_instant(DAY, time(23, 58))) == []
    await register.outlook.keep([right])
    assert (register.outlook.due(NOON), register.outlook.kept()) == ([], [right])


async def test_what_should_have_woken_is_what_came_due_and_saw_nothing_since(store: Store) -> None:
    """Due before the instant and of as many events as the row: the oldest in front; not what is put off."""
    rng, register = Random(8), store.register()
    nine = office_instant(DAY, time(9))
    await register.keep([a_project(rng, n, events=3) for n in (1, 2, 3, 4, 5)])
    wakes = {1: nine, 2: nine - timedelta(hours=1), 3: nine + timedelta(hours=1), 4: nine, 5: None}
    looked = {number: foretold(rng, number, events=2 if number == 4 else 3) for number in wakes}
    await register.outlook.keep([replace(looked[number], wakes_at=at) for number, at in wakes.items()])
    assert register.outlook.should_have_woken(nine) == ["2018-02"]
    later = nine + timedelta(seconds=1)
    assert register.outlook.should_have_woken(later) == ["2018-02", "2018-01"]
    await register.outlook.put_off([("2018-02", 3, later), ("2018-01", 4, later)])
    assert register.outlook.should_have_woken(later) == ["2018-01"]
    await register.outlook.put_off([("2018-01", 3, None)])
    assert register.outlook.should_have_woken(later) == []


async def test_a_look_takes_the_place_of_one_at_fewer_events_or_on_another_day(store: Store) -> None:
    """More events win, then whoever looked last; papers of the look before are gone."""
    rng, register = Random(9), store.register()
    old, more = foretold(rng, 7, events=3), foretold(rng, 7, events=4)
    later = foretold(rng, 7, events=4, since=DAY + timedelta(days=1))
    for kept, stands in ((more, more), (old, more), (later, later), (old, later)):
        await register.outlook.keep([kept])
        assert register.outlook.kept() == [stands]


async def test_what_is_counted_is_counted_once_and_dropped_with_the_register(store: Store) -> None:
    """Only where exactly the entries before were counted, and never more than there are; a clearing begins anew."""
    register = store.register()
    await store.record(decision(reminder(0), reminder(1)))
    key: TallyKey = ("papers", "组织部", "2018-05")
    assert await register.outlook.tally(0, 1, {key: 2})
    assert not await register.outlook.tally(0, 1, {key: 2})
    assert not await register.outlook.tally(1, 3, {key: 1})
    assert await register.outlook.tally(1, 2, {key: 1, ("returns", "组织部", "2018-05"): 1})
    assert register.outlook.tallies() == (2, {key: 3, ("returns", "组织部", "2018-05"): 1})
    await register.clear()
    assert register.outlook.tallies() == (0, {})
