"""The silent year of the real list as its readers get it: papers and messages by person and day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from domain.events import headed
from domain.papers.delivery import MessageGathered, ReadersMail, evolved
from domain.papers.message_lines import is_urgent
from domain.papers.moves import Receipt, ripe
from domain.papers.paper import NumberedPaper
from domain.papers.routes import Reader, Routes
from tests.rehearsal.conftest import Rehearsing

SECRETARY = "领导秘书"


async def test_nobody_gets_more_than_one_message_a_morning_beside_what_presses(rehearsed: Rehearsing) -> None:
    """A morning of dozens of papers is one message, no paper is left out, and what presses comes the same day."""
    year = await rehearsed("silent")
    items = [(to, each) for each in year.papers for to in dict.fromkeys((each.paper.to, *each.paper.copies_to))]
    read_by = {to: (to,) for to, _ in items} | {SECRETARY: ("分管领导", "主要领导", "办公室")}
    routes = Routes(readers={name: Reader(reads=reads) for name, reads in read_by.items()})
    most_papers = most_messages = 0
    for reader, reads in read_by.items():
        theirs = [(to, each) for to, each in items if to in reads]
        messages = messages_of(reader, theirs, routes)
        papers = Counter(each.paper.send_from.date() for _, each in theirs)
        gathered = Counter(message.decided_at.date() for message in messages if not message.urgent)
        most_papers = max([most_papers, *papers.values()])
        most_messages = max([most_messages, *gathered.values()])
        assert sum(message.papers for message in messages) == len(theirs)
    assert most_papers >= 30
    assert most_messages == 1
    pressing = [each.paper for each in year.papers if is_urgent(each.paper)]
    assert pressing
    assert all(paper.send_from == paper.issued_at for paper in pressing)


def messages_of(reader: str, items: Sequence[tuple[str, NumberedPaper]], routes: Routes) -> list[MessageGathered]:
    """The messages into which the courier gathers a reader's mail, looking at each instant at which there is any, and
    once later in every morning."""
    sent = [
        Receipt(place, to, f"{to}/{each.paper.send_from}", f"{to} {each.number}", each.paper.send_from, urgent)
        for place, (to, each) in enumerate(sorted(items, key=lambda item: item[1].paper.send_from))
        for urgent in (is_urgent(each.paper),)
    ]
    mail, made, waiting = ReadersMail(), list[MessageGathered](), list(sent)
    for now in looks(sent, timedelta(minutes=routes.gather_minutes)):
        here = [receipt for receipt in waiting if receipt.sent_at <= now]
        if not ripe(mail, here, routes, now):
            continue
        make = headed(
            MessageGathered, seq=mail.next_seq, occurred_at=now, decided_at=now, actor="engine", cause="digest:1"
        )
        gathered = make(
            message_id=f"{reader}/{now}",
            digests=tuple(dict.fromkeys(receipt.digest_id for receipt in here)),
            papers=len(here),
            urgent=any(receipt.urgent for receipt in here),
            after=here[-1].position,
        )
        mail, made = evolved(mail, gathered), [*made, gathered]
        waiting = [receipt for receipt in waiting if receipt.sent_at > now]
    return made


def looks(sent: Sequence[Receipt], later: timedelta) -> list[datetime]:
    """When a courier would look."""
    instants = {receipt.sent_at for receipt in sent}
    days: set[date] = set()
    found = set(instants)
    for at in sorted(instants):
        for after in range(4):
            day = at + timedelta(days=after)
            if day.date() not in days:
                days.add(day.date())
                found.add(day.replace(hour=9, minute=0) + later)
    return sorted(found)
