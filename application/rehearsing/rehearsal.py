"""A rehearsal: the whole year on the time-skipping engine, with departments that behave as a script says."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import AwareDatetime
from temporalio.testing import WorkflowEnvironment

from application.audit.inquiries import foreseen_under
from application.engine_room.engine import Engine
from application.office.starting import START_OF_DAY, Year
from application.records import Records
from application.rehearsing.behaviours import Act, Behaviour, last_instant, script
from application.rehearsing.skipping import pass_time, skipping_engine
from domain.clock import OFFICE_TIME, VirtualClock
from domain.errors import RejectedError
from domain.events import DomainEvent, InspectionNotOpened
from domain.frozen import Frozen
from domain.ids import MilestoneId, ProjectId
from domain.names import Addressee
from domain.papers.mail import Digest
from domain.papers.mail_cap import MonthOfPapers, foretold_mail
from domain.papers.paper import DOCUMENT_KINDS, NumberedPaper, PaperKind
from domain.ports.document_store import DocumentStore
from domain.record.recorded_projects import recorded_events
from domain.rules.calendar import office_instant
from domain.rules.ladder_rules import Level
from domain.rules.policy import SupervisionPolicy
from domain.seeing.daily_lights import DayLight, changes_of_light
from domain.seeing.what_if import Foreseen
from workflows.inputs import Opening, SupervisionInput

OnProgress = Callable[[datetime, datetime], None]
"""Is told the instant that was reached, and the last one."""
Premises = Callable[[Path], AbstractContextManager[tuple[Records, Sequence[Callable[..., Any]]]]]
"""Opens a folder's own records, and makes the activities that write there: a rehearsal touches no other."""
_LONGER_THAN_ANY_YEAR = timedelta(days=3_000)


class RehearsedPaper(Frozen):
    """One paper that would go out."""

    on: date
    kind: PaperKind
    to: Addressee
    project_id: ProjectId
    milestone_id: MilestoneId | None
    level: Level | None


class Rehearsed(Frozen):
    """What a rehearsed year would bring; `events` counts the ledger's events, `seconds` how long the rehearsal took.

    `burden` has the papers of each addressee and month, copies included; `inspections_not_opened` counts those above
    the cap.
    """

    start: AwareDatetime
    end: AwareDatetime
    papers: tuple[RehearsedPaper, ...]
    counts: dict[str, int]
    events: int
    seconds: float
    burden: tuple[MonthOfPapers, ...] = ()
    inspections_not_opened: int = 0


class Played(NamedTuple):
    """A rehearsed year: what it brought, its changes of light, and what other rules would make different."""

    report: Rehearsed
    lights: list[DayLight]
    otherwise: Foreseen | None


async def rehearse_list(
    year: Year,
    behaviour: Behaviour,
    premises: Premises,
    on_progress: OnProgress,
    *,
    lights: bool = False,
    documents: DocumentStore | None = None,
    what_if: SupervisionPolicy | None = None,
) -> Played:
    """Play a year and say what it brings: the papers, the burden and, when asked for, the changes of light and what
    other rules would make different; into `documents` go the papers themselves, with the list of each morning."""
    with (
        tempfile.TemporaryDirectory(prefix="duban-rehearsal-") as scratch,
        premises(Path(scratch)) as (records, activities),
    ):
        took = await rehearse(year, behaviour, activities, on_progress)
        ledger, papers = records.ledger, records.outbox.papers()
        streams = [list(recorded_events(ledger, project.project_id)) for project in year.listed.projects]
        if documents is not None:
            await _produced(documents, papers)
        changes = [light for stream in streams for light in changes_of_light(stream, took[1])] if lights else []
        otherwise = await foreseen_under(ledger, what_if, took[1], took[1]) if what_if is not None else None
        return Played(
            report(papers, [event for stream in streams for event in stream], year.policy, took), changes, otherwise
        )


async def _produced(documents: DocumentStore, papers: Sequence[NumberedPaper]) -> None:
    mornings: dict[tuple[Addressee, datetime], list[NumberedPaper]] = {}
    for numbered in papers:
        if numbered.paper.kind in DOCUMENT_KINDS:
            await documents.produce(numbered)
        for to in dict.fromkeys((numbered.paper.to, *numbered.paper.copies_to)):
            mornings.setdefault((to, numbered.paper.send_from), []).append(numbered)
    for (to, at), items in mornings.items():
        digest_id = f"{to}/{at.astimezone(OFFICE_TIME):%Y-%m-%dT%H%M%S}"
        await documents.produce_digest(Digest(digest_id=digest_id, addressee=to, items=tuple(items)), at)


async def rehearse(
    year: Year,
    behaviour: Behaviour,
    activities: Sequence[Callable[..., Any]],
    on_progress: OnProgress = lambda _now, _end: None,
) -> tuple[datetime, datetime, float]:
    """Run the year; the papers are in the ledger that `activities` record into. Answers first and last instant and
    the seconds that it took."""
    began = time.monotonic()
    start = office_instant(year.listed.issued_on, START_OF_DAY)
    end = last_instant(year, start)
    async with skipping_engine(activities) as (environment, engine):
        clock = VirtualClock(engine_at=await environment.get_current_time(), supervised_at=start)
        await _start(engine, Year(year.listed, year.policy, year.calendar, clock))
        await _play(environment, engine, clock, script(year, behaviour, start), end, on_progress)
    return start, end, time.monotonic() - began


async def _start(engine: Engine, year: Year) -> None:
    for project in year.listed.projects:
        opening = Opening(
            listed=year.listed.header,
            project=project,
            policy=year.policy,
            calendar=year.calendar,
            rulings=year.listed.rulings_about(project),
        )
        given = SupervisionInput(clock=year.clock, opening=opening)
        # Without a time-out of its own a workflow would let this server's clock jump ten years.
        await engine.start_project(given, execution_timeout=_LONGER_THAN_ANY_YEAR)
        await engine.status(project.project_id)


async def _play(
    environment: WorkflowEnvironment,
    engine: Engine,
    clock: VirtualClock,
    acts: list[Act],
    end: datetime,
    on_progress: OnProgress,
) -> None:
    for at, together in groupby(acts, key=lambda act: act.at):
        await pass_time(environment, clock.engine(at))
        on_progress(at, end)
        for act in together:
            try:
                await engine.command(act.project_id, act.command)
            except RejectedError:
                if not act.may_be_refused:
                    raise
    await pass_time(environment, clock.engine(end))
    on_progress(end, end)


def report(
    papers: Sequence[NumberedPaper],
    events: Sequence[DomainEvent],
    policy: SupervisionPolicy,
    took: tuple[datetime, datetime, float],
) -> Rehearsed:
    """The report of a rehearsed year, in order of the days on which papers would go out; `took` is what `rehearse`
    answered."""
    start, end, seconds = took
    capped = (event for event in events if isinstance(event, InspectionNotOpened) and event.reason == "burden_cap")
    rehearsed = sorted(
        (
            RehearsedPaper(
                on=numbered.paper.send_from.date(),
                kind=numbered.paper.kind,
                to=numbered.paper.to,
                project_id=numbered.paper.project_id,
                milestone_id=numbered.paper.milestone_id,
                level=numbered.paper.level,
            )
            for numbered in papers
        ),
        key=lambda paper: (paper.on, paper.kind, paper.project_id, paper.milestone_id or ""),
    )
    counts = Counter(
        f"{paper.kind}/{paper.level}" if paper.kind == "escalation_order" else paper.kind for paper in rehearsed
    )
    return Rehearsed(
        start=start,
        end=end,
        papers=tuple(rehearsed),
        counts=dict(sorted(counts.items())),
        events=len(events),
        seconds=round(seconds, 1),
        burden=foretold_mail((numbered.paper for numbered in papers), policy.life_cycle),
        inspections_not_opened=sum(1 for _ in capped),
    )
