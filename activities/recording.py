"""Recording what was decided."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from temporalio import activity

from activities.failures import told_to_the_engine
from activities.inspections_elsewhere import InspectionBook, is_foreseen
from domain.clock import office_day
from domain.directory.every_name import present_names
from domain.errors import LedgerConflictError
from domain.events import DomainEvent
from domain.ids import DepartmentId, supervised_project_id
from domain.papers.paper import Paper
from domain.ports.asked_first import ActDesk, StartDesk
from domain.ports.evidence import EvidenceStore
from domain.ports.ledger import Decision, Ledger, NotHeard, Recorded
from domain.ports.mailboxes import Mailboxes
from domain.record.leaf import domain_event_of
from domain.record.recorded_directory import DirectoryReader


class RecordingActivities:
    """Appends decisions to the ledger, names the superiors whom their papers reach, and has mailboxes opened. Papers of
    an office that does not work in Chinese are `worded` before they are recorded."""

    def __init__(
        self,
        ledger: Ledger,
        mailboxes: Mailboxes | None = None,
        desk: ActDesk | None = None,
        starts: StartDesk | None = None,
        names: EvidenceStore | None = None,
        worded: Callable[[Paper], Paper] | None = None,
    ) -> None:
        self._ledger = ledger
        self._mailboxes = mailboxes
        self._desk = desk
        self._starts = starts
        self._directory = DirectoryReader(ledger, names)
        self._inspections = InspectionBook(ledger, self._names_then)
        # One question after another, also after one whose activity was cancelled: its thread reads on all the same.
        self._in_turn = ThreadPoolExecutor(1, "inspections")
        self._worded = worded

    @activity.defn(name="record_decision")
    async def record_decision(self, decision: Decision) -> Recorded:
        """Append a decision's events and enqueue its papers, in one transaction; a repeat changes nothing.

        The answer says what the decision took and when: a replay may find itself a moment later, with other arrivals
        at hand, and follows what was recorded. Where the stream has other events in their place (an earlier decision
        reached the ledger, and the engine lost it), nothing is appended and the answer is what stands there. Where an
        act must not be heard, nothing is appended and the answer says which one and why; where an inspection would be
        above the department's cap over all projects, how many it has in the others.

        Raises:
            ApplicationError: final when the stream has a gap, to be retried when the store does not answer.
        """
        with told_to_the_engine():
            if self._starts is not None and (instead := await self._starts.answer(decision)) is not None:
                return instead
            if not decision.events:
                # Nothing is added, but what the engine lost is told all the same.
                standing = await asyncio.to_thread(self._standing, decision)
                return Recorded(standing=standing, ends=decision.ends) if standing else Recorded.as_given(decision)
            if decision.unheard and (refused := await asyncio.to_thread(self._not_heard, decision)):
                return Recorded(not_heard=refused)
            if (elsewhere := await self._elsewhere(decision)) is not None:
                return Recorded(elsewhere=elsewhere)
            papers = await asyncio.to_thread(self._as_issued, decision.papers) if decision.papers else ()
            try:
                await self._ledger.record(decision.having(papers=papers))
                if self._mailboxes is not None:
                    self._mailboxes.see_to(name for paper in papers for name in (paper.to, *paper.copies_to))
                    at_once = [paper for paper in papers if paper.held_because is None]
                    self._mailboxes.hurry(name for paper in at_once for name in (paper.to, *paper.copies_to))
            except LedgerConflictError:
                standing = await asyncio.to_thread(self._standing, decision)
                if not standing:
                    raise
                return Recorded(standing=standing, ends=decision.ends)
        return Recorded.as_given(decision)

    def _names_then(self, at: datetime) -> Mapping[DepartmentId, DepartmentId]:
        return present_names(self._directory.known_at(at), office_day(at))

    def _as_issued(self, papers: Sequence[Paper]) -> tuple[Paper, ...]:
        """Papers to whom they climb, in the office's language."""
        addressed = self._directory.with_superiors(papers)
        return tuple(map(self._worded, addressed)) if self._worded is not None else addressed

    async def _elsewhere(self, decision: Decision) -> int | None:
        if not any(map(is_foreseen, decision.events)):
            return None
        above_the_cap = self._inspections.above_the_cap
        return await asyncio.get_running_loop().run_in_executor(self._in_turn, above_the_cap, decision)

    def _not_heard(self, decision: Decision) -> tuple[NotHeard, ...]:
        if self._desk is None:
            return ()
        project_id = supervised_project_id(decision.stream)
        verdicts = [
            (act.key, self._desk.verdict(project_id, act.command, act.at, act.engine_at)) for act in decision.unheard
        ]
        return tuple(
            NotHeard(key=key, rule=error.rule, text=error.text) for key, error in verdicts if error is not None
        )

    def _standing(self, decision: Decision) -> tuple[DomainEvent, ...]:
        first = decision.events[0].seq if decision.events else decision.first
        assert first is not None
        entries = self._ledger.entries(decision.stream)
        return tuple(domain_event_of(entry) for entry in entries if entry.stream_seq >= first)
