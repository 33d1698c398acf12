"""What supervision asks of each addressee: papers and inspections by month, and who is over the caps."""

from __future__ import annotations

from collections import Counter

from domain.events import DomainEvent, InspectionOpened, LeadReassigned
from domain.events.event import headed
from domain.papers.paper import NumberedPaper, Paper
from domain.ports.outbox import ItemState, OutboxItem
from domain.rules.life_cycle import LifeCycleRules
from domain.seeing.burden import Inspections, burden_of, inspections_of
from tests.domain.samples import WHOLE_LIFE, Desk, at, milestone


def opened(seq: int, when: str) -> InspectionOpened:
    """An inspection that was opened."""
    return headed(
        InspectionOpened,
        seq=seq,
        occurred_at=at(when),
        decided_at=at(when),
        actor="operator:李",
        cause="request:1",
    )(
        milestone_id="2018-05a-01",
        due_on=None,
        round=0,
        level=None,
    )


def reassigned(seq: int, before: str, after: str) -> LeadReassigned:
    """Another department leads."""
    when = at("05-10 10:00")
    return headed(
        LeadReassigned,
        seq=seq,
        occurred_at=when,
        decided_at=when,
        actor="operator:李",
        cause="request:2",
    )(
        basis="x",
        before=before,
        after=after,
    )


def item(number: int, state: ItemState, when: str, digest: str | None = None) -> OutboxItem:
    """A paper to 组织部 that may go from an instant on."""
    paper = Paper(
        paper_id=f"p{number}",
        kind="reminder",
        year=2018,
        project_id="2018-05a",
        project_title="x",
        to="组织部",
        issued_at=at(when),
        send_from=at(when),
        body="x",
    )
    sent = at(when) if state == "sent" else None
    return OutboxItem(
        numbered=NumberedPaper(number=str(number), sequence=number, paper=paper),
        addressee="组织部",
        state=state,
        digest_id=digest,
        sent_at=sent,
    )


def test_an_inspection_counts_for_the_department_that_leads_that_day() -> None:
    """In two projects, by the month of office time; a new lead's inspections are its own."""
    first: list[DomainEvent] = [reassigned(1, "x", "组织部"), opened(2, "05-11 09:00"), opened(3, "05-31 23:59")]
    second: list[DomainEvent] = [
        reassigned(1, "x", "组织部"),
        opened(2, "05-12 09:00"),
        reassigned(3, "组织部", "宣传部"),
        opened(4, "05-13 09:00"),
    ]
    told = [(project_id, event) for project_id, events in (("a", first), ("b", second)) for event in events]
    assert inspections_of(told).opened == {("组织部", "2018-05"): 3, ("宣传部", "2018-05"): 1}


def test_a_department_that_was_renamed_has_one_row_and_one_cap() -> None:
    """Duties under two names: its inspections and papers stand together, under the name of today, and are over."""
    names = {"组织部": "组织人事部"}
    first: list[DomainEvent] = [reassigned(1, "x", "组织部"), opened(2, "05-11 09:00"), opened(3, "05-12 09:00")]
    second: list[DomainEvent] = [reassigned(1, "x", "组织人事部"), opened(2, "05-13 09:00")]
    told = [(project_id, event) for project_id, events in (("a", first), ("b", second)) for event in events]
    items = [item(1, "sent", "05-11 09:00", "a")]
    rules = LifeCycleRules(inspections_per_month=2)
    (row,) = burden_of(inspections_of(told, names), items, rules, names=names).rows
    assert (row.addressee, row.papers, row.inspections, row.over) == ("组织人事部", 1, 3, ("inspections",))


def test_an_inspection_that_the_cap_held_back_is_counted_for_its_department() -> None:
    """The third of one morning, in the month's row; the two that were opened stand beside it."""
    desk = Desk(*(milestone(n) for n in (1, 2, 3)), policy=WHOLE_LIFE)
    desk.run_until("06-08 12:00")
    found = inspections_of((desk.state.project_id, event) for event in desk.events)
    (row,) = burden_of(found, [], WHOLE_LIFE.life_cycle, "2018-06").rows
    assert (row.addressee, row.inspections, row.not_inspected, row.over) == ("组织部", 2, 1, ())


def test_a_digest_of_three_is_three_papers() -> None:
    """Sent, waiting and withheld apart; one morning is one digest."""
    items = [item(number, "sent", "05-11 09:00", "组织部/1") for number in range(3)]
    items += [
        item(3, "sent", "05-14 09:00", "组织部/2"),
        item(4, "waiting", "05-31 09:00"),
        item(5, "withheld", "05-15"),
    ]
    (row,) = burden_of(Inspections(Counter(), Counter()), items, None).rows
    assert (row.papers, row.digests, row.waiting, row.withheld, row.over) == (4, 2, 1, 1, ())


def test_above_a_cap_is_named_and_at_it_is_not() -> None:
    """The third inspection where two are allowed; the second paper where one is."""
    rules = LifeCycleRules(papers_per_month=1, inspections_per_month=2)
    counts = Counter({("组织部", "2018-05"): 3, ("宣传部", "2018-05"): 2})
    items = [item(1, "sent", "05-11 09:00", "a"), item(2, "sent", "05-11 09:00", "a")]
    view = burden_of(Inspections(counts, Counter()), items, rules, "2018-05")
    assert {row.addressee: row.over for row in view.rows} == {"组织部": ("papers", "inspections"), "宣传部": ()}
    assert (view.papers_per_month, view.inspections_per_month) == (1, 2)
    assert burden_of(Inspections(counts, Counter()), items, rules, "2018-06").rows == ()
