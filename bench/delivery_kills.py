"""kill -9 of the whole worker while papers are decided, mailboxes send them and messages go out.

`python -m bench delivery-kills [--kills N] [--seed N]`: directives are given about real supervisions, and at a seeded
moment of their way (decided, recorded, sent by the mailbox, gathered, handed over, answered) the worker dies and is
started again. At the end each directive has one receipt for its addressee, stands in one of his messages, and his own
side's record has it.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from contextlib import suppress
from datetime import date
from datetime import time as time_of_day

from application.office.office import Office
from bench import sample
from bench.delivery_sides import Sides, secrets_in, sides
from bench.installation import WorkerProcess, at_work, installation, progress, start
from bench.patience import until
from bench.report import Report
from domain.actors import operator
from domain.acts.commands import IssueDirective
from domain.clock import VirtualClock
from domain.errors import DubanError
from domain.ids import mailbox_workflow_id
from domain.papers.delivery import Delivery
from domain.record.leaf import DIGESTS_STREAM, mail_event_of
from domain.record.recorded_deliveries import recorded_mail
from domain.rules.calendar import office_instant
from entrypoints.bootstrap import engine_now

# On a working morning, when a directive goes out as soon as it is given.
_NOW = office_instant(date(2018, 5, 9), time_of_day(9, 30))
_PROJECTS = 5
_ANSWERS_WITHIN = 0.6
_MORE = 4
_LONGEST_WAY = 1.5
"""The moments are spread over so many times the way of a directive that nothing happens to."""


async def delivery_kills(kills: int, seed: int = 1) -> Report:
    """Kill the worker so many times and then let it finish; compare ledger, outbox and what the other sides took."""
    chance = random.Random(seed)
    projects = tuple(
        sample.project(serial, sample.month_ends(9, 1)).model_copy(update={"participating_departments": ()})
        for serial in range(1, _PROJECTS + 1)
    )
    readers = [project.lead_department for project in projects]
    async with (
        installation("deliveries", sticky_seconds=1) as office,
        sides(readers, chance, _ANSWERS_WITHIN) as others,
    ):
        settings = office.settings.model_copy(update={"channels": others.write_channels(office.settings.data)})
        async with at_work(office, settings) as worker:
            await start(office, sample.year(projects, VirtualClock(engine_at=engine_now(), supervised_at=_NOW)))
            scene = _Scene(office, others, worker, chance)
            await scene.settled()
            await scene.play(kills)
        scene.compare()
        log = (settings.data / "worker.log").read_bytes()
        scene.report.problems += secrets_in(log)
    return scene.report


class _Scene:
    def __init__(self, office: Office, others: Sides, worker: WorkerProcess, chance: random.Random) -> None:
        self._office, self._others, self._worker, self._chance = office, others, worker, chance
        self._given: list[str] = []
        self.report = Report()

    async def play(self, kills: int) -> None:
        """One round that is left alone, then one for each kill; at the end everything that waits goes out."""
        begun = time.monotonic()
        await asyncio.gather(*self._directives("无事"))
        await self.settled()
        way = time.monotonic() - begun
        progress(f"  a directive is at its reader's after {way:.1f} s")
        figures, number = self.report.figures, 0
        # Where no kill met a message on its way, a few more are tried: such a run would show nothing of them.
        while number < kills or (not figures["kills that met some on their way"] and number < kills + _MORE):
            number += 1
            acts = self._directives(f"第{number}轮")
            # Every second one waits until a message leaves: the answers take the shorter part of the way.
            longest = way * _LONGEST_WAY
            if number % 2 == 0:
                with suppress(TimeoutError):
                    await until(self._left, "a message that leaves", every=0.02)
                    longest = _ANSWERS_WITHIN
            after = self._chance.uniform(0, longest)
            await asyncio.sleep(after)
            self._worker.kill()
            left = len(self._left())
            figures["kills"] += 1
            figures["kills that met some on their way"] += bool(left)
            self._worker.start_again()
            await asyncio.gather(*acts)
            progress(f"  kill {number} after {after:.2f} s: {left} messages had left and had no answer")
        await self.settled()

    def _left(self) -> list[Delivery]:
        """The messages that have left and have no answer."""
        return [each for _, mail in self._mails() for each in mail if each.state == "handed_over"]

    def _directives(self, text: str) -> list[asyncio.Task[None]]:
        serials = range(1, _PROJECTS + 1)
        return [asyncio.create_task(self._give(serial, f"{text}：请于本周内办结第{serial}项。")) for serial in serials]

    async def _give(self, serial: int, text: str) -> None:
        """Give a directive until it is taken, as somebody does who saw no answer."""
        project_id = sample.project(serial, ()).project_id
        act = IssueDirective(request_id=f"{serial}-{text}", by=operator("李明"), leader="王书记", text=text)

        async def taken() -> bool:
            with suppress(DubanError):
                await self._office.engine.command(project_id, act)
                return True
            return False

        await until(taken, f"{text} to be taken", every=0.2)
        self._given.append(text)

    async def settled(self) -> None:
        """Wait until no paper waits in a mailbox and no message is on its way."""
        try:
            await until(lambda: not self._waits(), "all mail")
        except TimeoutError:
            self.report.problems.append(f"not done in time: {self._waits()}")

    def _waits(self) -> str:
        items = (item for item in self._office.records.outbox.items() if item.state in ("waiting", "claimed"))
        at_once = [item for item in items if item.numbered.paper.kind == "directive"]
        behind = [reader for reader, mail in self._mails() if self._sent(reader) > sum(each.papers for each in mail)]
        open_ones = [each.message_id for _, mail in self._mails() for each in mail if each.is_open]
        return ", ".join([*(item.numbered.number for item in at_once), *behind, *open_ones])

    def _mails(self) -> list[tuple[str, list[Delivery]]]:
        ledger = self._office.records.ledger
        return [(reader, list(recorded_mail(ledger, reader).deliveries.values())) for reader in self._others.kinds]

    def _sent(self, reader: str) -> int:
        return sum(
            entry.type == "NoticeSent" for entry in self._office.records.ledger.entries(mailbox_workflow_id(reader))
        )

    def compare(self) -> None:
        """Hold everything against everything."""
        records, report = self._office.records, self.report
        self._others.compare(records.outbox, self._mails(), report)
        sent = (entry.event["data"]["files"] for entry in records.ledger.entries(DIGESTS_STREAM))
        report.problems += self._others.unlike({digest for files in sent for _, digest, _ in files})
        papers = [each.paper for each in records.outbox.papers() if each.paper.kind == "directive"]
        for text in self._given:
            if (times := sum(text in paper.body for paper in papers)) != 1:
                report.problems.append(f"the directive “{text}” became {times} papers")
        for reader in self._others.kinds:
            receipts: Counter[str] = Counter()
            for entry in records.ledger.entries(mailbox_workflow_id(reader)):
                if entry.type == "NoticeSent":
                    receipts[mail_event_of(entry).paper_id] += 1
            wanted = {paper.paper_id for paper in papers if reader in (paper.to, *paper.copies_to)}
            report.problems += [
                f"{reader}: {paper} has {receipts[paper]} receipts" for paper in wanted if receipts[paper] != 1
            ]
