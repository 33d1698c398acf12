"""The outlook follows the ledger: what the core foretells, counted once, of whoever did it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from application.office.outlook import OutlookDesk
from application.office.register import RegisterDesk
from bench.register_findings import register_findings
from domain.actors import department
from domain.acts.commands import (
    CheckRectification,
    ConcludeInspection,
    OpenInspection,
    ReassignLead,
    ReportRectification,
    RequestCompletion,
    ReturnForRework,
)
from domain.clock import OFFICE_TIME
from domain.ids import supervision_workflow_id
from domain.papers.drafting import papers_for
from domain.ports.ledger import Decision, LedgerEntry
from domain.ports.outlook import MOST_DAYS, OutlookQuery
from domain.rules.calendar import end_of
from domain.rungs.wakeups import next_wakeup
from domain.seeing.foretold import foretold_papers
from tests.adapters.ledger.in_memory_ledger import InMemoryLedger
from tests.domain.samples import PROJECT, SECOND, Desk, at, milestone, request


async def recorded(ledger: InMemoryLedger, desk: Desk, before: int) -> int:
    """Record what happened since, with its papers; answer how many events there are."""
    events = tuple(desk.events[before:])
    papers = tuple(papers_for(desk.state, events))
    await ledger.record(Decision(stream=supervision_workflow_id(PROJECT), events=events, papers=papers))
    return len(desk.events)


async def test_what_is_foretold_is_what_the_core_foretells_and_follows_each_act() -> None:
    """The papers of the days that come, as the core issues them; after an act those that are left; nothing is due."""
    ledger, desk = InMemoryLedger(lambda: at("04-25")), Desk()
    desk.run_until(at("05-10 10:00"))
    register = ledger.register()
    rows = RegisterDesk(ledger, register, lambda: desk.now)
    ahead = OutlookDesk(ledger, register, lambda: desk.now)
    done, counts = 0, []
    for act in (None, request(RequestCompletion, done_on=at("05-09").date())):
        if act is not None:
            desk.ask(act)
        done = await recorded(ledger, desk, done)
        await rows.follow()
        await ahead.follow()
        today = desk.now.date()
        until = today + timedelta(days=MOST_DAYS - 1)
        core = [
            (paper.send_from.astimezone(OFFICE_TIME).date(), to)
            for paper in foretold_papers(desk.state, desk.now, end_of(until))
            for to in dict.fromkeys((paper.to, *paper.copies_to))
        ]
        kept = register.outlook.papers(OutlookQuery(until=until))
        assert sorted((each.on, each.to) for each in kept) == sorted(each for each in core if each[0] <= until)
        assert register.outlook.due(desk.now) == []
        assert [each.wakes_at for each in register.outlook.kept()] == [next_wakeup(desk.state, desk.now)]
        counts.append(len(kept))
    assert counts[0] != counts[1] > 0
    assert list(register_findings(ledger, register)) == []


async def test_what_the_register_has_read_of_a_project_the_outlook_does_not_read_again() -> None:
    """Beside a worker both follow the ledger: an entry is read and folded once for them."""
    ledger, desk = InMemoryLedger(lambda: at("04-25")), Desk()
    desk.run_until(at("05-10 10:00"))
    register, read = ledger.register(), list[int]()
    rows = RegisterDesk(ledger, register, lambda: desk.now)
    ahead = OutlookDesk(ledger, register, lambda: desk.now, deriving=rows.deriving)
    entries = ledger.entries

    def counted(stream: str | None = None, *, after: int = -1) -> Iterator[LedgerEntry]:
        for entry in entries(stream, after=after):
            if stream:
                read.append(entry.position)
            yield entry

    ledger.entries = counted  # type: ignore[method-assign]  # what is asked of it is what is tried
    await recorded(ledger, desk, 0)
    await rows.follow()
    await ahead.follow()
    assert register.outlook.due(desk.now) == []
    assert sorted(read) == list(range(len(desk.events)))


async def test_a_month_counts_broken_dates_and_what_was_put_right_in_vain_of_who_had_them() -> None:
    """A date of May, in the night to June; what is sent back after a check: the department's of then, as in reports."""
    ledger, desk = InMemoryLedger(lambda: at("04-25")), Desk(milestone(1), milestone(2, date(2018, 8, 31)))
    desk.ask(request(OpenInspection, SECOND), "05-08 10:00")
    desk.ask(request(ConcludeInspection, SECOND, rectify=True))
    desk.ask(request(ReportRectification, SECOND), "05-14 10:00")
    desk.run_until(at("06-01 10:00"))
    desk.ask(request(ReassignLead, to="统战部"))
    desk.ask(request(CheckRectification, SECOND, holds=False, rectify_by=date(2018, 6, 25)))
    await recorded(ledger, desk, 0)
    assert await OutlookDesk(ledger, ledger.register(), lambda: desk.now).tallies() == {
        ("inspections", "组织部", "2018-05"): 1,
        ("breaches", "组织部", "2018-05"): 1,
        ("breaches", "宣传部", "2018-05"): 1,
        ("returns", "组织部", "2018-06"): 1,
    }


async def test_a_month_counts_what_went_out_and_what_was_sent_back_of_who_asked_for_it() -> None:
    """Sent back when the next one leads, and again of that one: one for each; each paper for its addressee, once."""
    ledger, desk = InMemoryLedger(lambda: at("04-25")), Desk()
    desk.run_until(at("05-10 10:00"))
    desk.ask(request(RequestCompletion, done_on=at("05-09").date()))
    desk.ask(request(ReassignLead, to="统战部", reason="调整"))
    desk.ask(request(ReturnForRework, reason="缺材料"))
    desk.ask(request(RequestCompletion, done_on=at("05-09").date(), by=department("统战部")))
    desk.ask(request(ReturnForRework, reason="仍缺材料"))
    await recorded(ledger, desk, 0)
    sent = await ledger.claim("组织部", "组织部/1", at("06-30"))
    await ledger.settle(sent, at("06-30"))
    first, second = (OutlookDesk(ledger, ledger.register(), lambda: desk.now) for _ in range(2))
    assert await first.tallies() == await second.tallies()
    assert await second.tallies() == {
        ("returns", "组织部", "2018-05"): 1,
        ("returns", "统战部", "2018-05"): 1,
        ("papers", "组织部", "2018-06"): len(sent.items),
    }
    assert len(sent.items) > 0
