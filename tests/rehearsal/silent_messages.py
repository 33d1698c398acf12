"""A year in which nobody does anything, as its readers get it: `python -m tests.rehearsal.silent_messages`.

The year is rehearsed on an engine that skips time; the mail goes out as the mailboxes send it, morning by morning, with
the monthly cap; the receipts in the ledger are then gathered into messages by the courier's own rules.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from activities.recording import RecordingActivities
from adapters.calendar.state_council import state_council_calendar
from adapters.ledger.sqlite_ledger import SqliteLedger
from application.office.starting import Year
from application.rehearsing.behaviours import behaviour_of
from application.rehearsing.rehearsal import rehearse
from bench.report import table
from domain.clock import OFFICE_TIME, VirtualClock
from domain.events import headed
from domain.notice.compiling import compilation
from domain.papers.delivery import MessageGathered, ReadersMail, evolved
from domain.papers.mail_cap import cap_for
from domain.papers.message_lines import is_urgent
from domain.papers.moves import Receipt, ripe
from domain.papers.routes import Reader, Routes
from domain.ports.ledger import Decision
from domain.project import ProjectList
from domain.record.recorded_deliveries import receipts_after, recorded_addressees
from domain.rules.policy import SupervisionPolicy
from entrypoints.bootstrap.plan_files import load_plan, read_notice
from tests.examples.sixty_projects import notice

SECRETARY = "领导秘书"
_LEADERS = ("分管领导", "主要领导", "办公室")
_END = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ReadersYear:
    """What reached one reader: by day his papers, his messages, and those of them that did not press."""

    reader: str
    papers: Counter[date]
    messages: Counter[date]
    gathered: Counter[date]
    in_messages: int
    """How many papers his messages carry together."""


@dataclass(frozen=True, slots=True)
class SilentYear:
    """A silent year of a list: items of mail that were recorded, their receipts, those withheld, and its readers."""

    items: int
    receipts: int
    withheld: int
    open: int
    readers: tuple[ReadersYear, ...]


class MailedLedger(SqliteLedger):
    """A ledger whose mailboxes send what is due before anything later is recorded."""

    async def record(self, decision: Decision) -> None:
        """Send what went out before, then record."""
        if decision.events:
            await self.send_before(decision.events[0].decided_at)
        await super().record(decision)

    async def send_before(self, at: datetime) -> None:
        """Let each mailbox send at each instant at which something was due."""
        rules = SupervisionPolicy().life_cycle
        due = sorted({(line.send_from, line.addressee) for line in self.open_lines() if line.send_from < at})
        for when, addressee in due:
            digest = await self.claim(addressee, f"{addressee}/{when:%Y-%m-%dT%H%M%S}", when, cap_for(addressee, rules))
            if digest.items:
                await self.settle(digest, when)


async def rehearsed_with_mail(listed: ProjectList, file: Path) -> SilentYear:
    """Rehearse the year of a list, send its mail, gather its messages."""
    calendar = state_council_calendar(range(2017, 2021))
    year = Year(listed=listed, policy=SupervisionPolicy(), calendar=calendar, clock=VirtualClock())
    ledger = MailedLedger.open(file, lambda: datetime.now(UTC))
    try:
        await rehearse(year, behaviour_of("silent", listed), [RecordingActivities(ledger).record_decision])
        await ledger.send_before(_END)
        return silent_year(ledger)
    finally:
        ledger.close()


def silent_year(ledger: SqliteLedger) -> SilentYear:
    """What a ledger's receipts come to, for each addressee, and for a secretary who reads the leaders' mail."""
    states = Counter(item.state for item in ledger.items())
    addressees = recorded_addressees(ledger)
    reads = {name: (name,) for name in addressees} | {SECRETARY: _LEADERS}
    routes = Routes(readers={name: Reader(reads=boxes) for name, boxes in reads.items()})
    readers = tuple(_year_of(name, _receipts(ledger, boxes), routes) for name, boxes in reads.items())
    sent = sum(len(_receipts(ledger, (name,))) for name in addressees)
    waits = states.total() - states["sent"] - states["withheld"]
    return SilentYear(states.total(), sent, states["withheld"], waits, readers)


def _receipts(ledger: SqliteLedger, addressees: Sequence[str]) -> list[Receipt]:
    found = []
    for addressee in addressees:
        for position, event in receipts_after(ledger, addressee, -1):
            (item,) = ledger.items_of([event.paper_id], addressee)
            urgent = is_urgent(item.numbered.paper)
            found.append(Receipt(position, addressee, event.digest_id, event.paper_id, event.decided_at, urgent))
    return sorted(found, key=lambda each: each.sent_at)


def _year_of(reader: str, receipts: Sequence[Receipt], routes: Routes) -> ReadersYear:
    messages = messages_of(reader, receipts, routes)
    days = [(message.decided_at.astimezone(OFFICE_TIME).date(), message) for message in messages]
    return ReadersYear(
        reader,
        Counter(receipt.sent_at.astimezone(OFFICE_TIME).date() for receipt in receipts),
        Counter(day for day, _ in days),
        Counter(day for day, message in days if not message.urgent),
        sum(message.papers for message in messages),
    )


def messages_of(reader: str, receipts: Sequence[Receipt], routes: Routes) -> list[MessageGathered]:
    """The messages into which the courier gathers a reader's mail, looking at each instant at which there is any, and
    once later in every morning."""
    mail, made, waiting = ReadersMail(), list[MessageGathered](), list(receipts)
    for now in _looks(receipts, timedelta(minutes=routes.gather_minutes)):
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
            after=max(receipt.position for receipt in here),
        )
        mail, made = evolved(mail, gathered), [*made, gathered]
        waiting = [receipt for receipt in waiting if receipt.sent_at > now]
    return made


def _looks(receipts: Sequence[Receipt], later: timedelta) -> list[datetime]:
    """When a courier would look."""
    found = {receipt.sent_at for receipt in receipts}
    for at in {receipt.sent_at.astimezone(OFFICE_TIME) for receipt in receipts}:
        nine = at.replace(hour=9, minute=0, second=0, microsecond=0)
        found |= {nine + timedelta(days=after) + later for after in range(4)}
    return sorted(found)


def second_list(folder: Path) -> ProjectList:
    """The list of sixty projects, compiled from its notice."""
    file = folder / "notice.txt"
    file.write_text(notice(), encoding="utf-8")
    return compilation(read_notice(file)).plan


def figures(year: SilentYear) -> str:
    """Two tables: the whole year, and the readers who get most."""
    readers = year.readers
    papers = [count for each in readers for count in each.papers.values()]
    messages = [count for each in readers for count in each.messages.values()]
    calm = max(count for each in readers for count in each.gathered.values())
    mean, after = sum(papers) / len(papers), sum(messages) / len(messages)
    whole = [
        ("items of mail, each sent or withheld", f"{year.items} = {year.receipts} + {year.withheld}"),
        ("receipts that are missing", year.open),
        ("readers, days on which one gets something", f"{len(readers)}, {len(papers)}"),
        ("papers; messages that carry them", f"{sum(papers)}; {sum(messages)}"),
        ("a reader's day: papers; messages", f"{mean:.1f}; {after:.2f}"),
        ("most on one day: papers; messages", f"{max(papers)}; {max(messages)}"),
        ("most messages on one day that do not press", calm),
        ("days on which a reader has more than one", sum(count > 1 for count in messages)),
    ]
    most = sorted(readers, key=lambda each: -each.papers.total())[:8]
    rows = [
        (
            each.reader,
            each.papers.total(),
            len(each.papers),
            f"{each.papers.total() / len(each.papers):.1f}",
            max(each.papers.values()),
            each.messages.total(),
            max(each.messages.values()),
            max(each.gathered.values(), default=0),
        )
        for each in most
    ]
    head = ("reader", "papers", "days", "a day", "most a day", "messages", "most a day", "of these not pressing")
    return f"{table(('silent year', 'figure'), whole)}\n{table(head, rows)}"


async def main() -> None:
    """Both lists."""
    with tempfile.TemporaryDirectory(prefix="duban-silent-") as name:
        folder = Path(name)
        lists = {"the real list": load_plan(Path("examples/2018-key-projects.yaml")), "the second": second_list(folder)}
        for number, (called, listed) in enumerate(lists.items()):
            sys.stdout.write(f"{called}: {len(listed.projects)} projects\n\n")
            sys.stdout.write(f"{figures(await rehearsed_with_mail(listed, folder / f'{number}.db'))}\n")


if __name__ == "__main__":
    asyncio.run(main())
