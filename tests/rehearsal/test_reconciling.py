"""Reconciliation of a rehearsed year that was tampered with: each check finds what it is there for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any, cast

import pytest

from application.audit.kept_histories import Archive
from application.audit.reconciling import Finding, reconcile
from application.engine_room.namespace import RETENTION
from domain.ids import supervision_workflow_id
from domain.papers.paper import NumberedPaper
from domain.ports.ledger import Ledger, LedgerEntry
from domain.ports.outbox import Outbox
from domain.record.leaf import ROW_STREAMS
from domain.record.recorded_projects import is_project
from tests.rehearsal.audited_year import SIGNALLED, AuditedYear

STREAM = supervision_workflow_id(SIGNALLED)


class Without:
    """A ledger or an outbox that answers as the real one, without some of its rows."""

    def __init__(self, real: Any, *, event: str | None = None, paper: str | None = None) -> None:
        self._real, self._event, self._paper = real, event, paper

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def entries(self, stream: str | None = None, *, after: int = -1) -> Iterator[LedgerEntry]:
        """All entries but the one."""
        return (entry for entry in self._real.entries(stream, after=after) if entry.event_id != self._event)

    def papers(self) -> list[NumberedPaper]:
        """All papers but the one."""
        return [paper for paper in self._real.papers() if paper.paper.paper_id != self._paper]


class Streams(Without):
    """A ledger that knows of the signalled project's stream, and of so many others: no other history is replayed."""

    def __init__(self, real: Any, others: int = 0) -> None:
        super().__init__(real)
        self._others = others

    def streams(self) -> list[str]:
        """The signalled project's and the others."""
        every = (each for each in self._real.streams() if is_project(each) and each != STREAM)
        return [STREAM, *islice(every, self._others)]


async def found(audited: AuditedYear, archive: Archive) -> tuple[Finding, ...]:
    """What a reconciliation of the signalled project's stream finds."""
    narrowed = replace(archive, ledger=cast(Ledger, Streams(archive.ledger)))
    done = await reconcile(narrowed, audited.end, audited.engine_now, RETENTION)
    return tuple(finding for finding in done.findings if finding.stream == STREAM)


async def test_a_removed_entry_is_a_gap_and_no_replay_fits_it(audited: AuditedYear) -> None:
    """An entry taken out of a stream shows as a gap, and as an event that the history has and the ledger has not."""
    ledger = Without(audited.records.ledger, event=f"{STREAM}#3")

    checks = {finding.check for finding in await found(audited, replace(audited.archive, ledger=cast(Ledger, ledger)))}

    assert {"dense", "replay"} <= checks


async def test_one_forged_project_among_many_is_found_by_processes_as_by_one(
    audited: AuditedYear, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Processes of their own find the forged project and no other, in the words and numbers of one process."""

    class Forged(Without):
        def entries(self, stream: str | None = None, *, after: int = -1) -> Iterator[LedgerEntry]:
            for entry in self._real.entries(stream, after=after):
                data = {**entry.event["data"], "cause": "rung:another"}
                yield (
                    entry.model_copy(update={"event": {**entry.event, "data": data}})
                    if (entry.event_id == f"{STREAM}#3")
                    else entry
                )

    archive = replace(audited.archive, ledger=cast(Ledger, Streams(Forged(audited.records.ledger), others=4)))
    alone = await reconcile(archive, audited.end, audited.engine_now, RETENTION, processes=1)
    monkeypatch.setattr("application.audit.replay_pool._WORTH_A_PROCESS", 1)
    monkeypatch.delattr("application.audit.replay_pool.ThreadPoolExecutor")
    told: list[int] = []

    together = await reconcile(
        archive,
        audited.end,
        audited.engine_now,
        RETENTION,
        on_open=told.append,
        on_each=lambda: told.append(1),
        processes=2,
    )

    assert together == alone
    replays = [(finding.stream, finding.text) for finding in together.findings if finding.check == "replay"]
    assert [(stream, "第3条事件" in text) for stream, text in replays] == [(STREAM, True)]
    assert told == [5, 1, 1, 1, 1, 1]


async def test_a_removed_paper_is_missed(audited: AuditedYear) -> None:
    """An event that must have a paper and has none is named."""
    paper = next(p.paper.paper_id for p in audited.records.outbox.papers() if p.paper.project_id == SIGNALLED)
    outbox = Without(audited.records.outbox, paper=paper)

    findings = await found(audited, replace(audited.archive, outbox=cast(Outbox, outbox)))

    assert [(finding.check, paper in finding.text) for finding in findings] == [("papers", True)]
    assert [(finding.verdict, "duban restore" in finding.text) for finding in findings] == [("changed", True)]


async def test_a_paper_that_was_never_issued_is_told_from_one_that_is_gone(audited: AuditedYear) -> None:
    """Where each paper stands whose hash the ledger has, another program drafted less: no backup is asked for."""

    class NeverHashed(Without):
        def entries(self, stream: str | None = None, *, after: int = -1) -> Iterator[LedgerEntry]:
            entries = self._real.entries(stream, after=after)
            if stream != ROW_STREAMS["paper"]:
                yield from entries
                return
            first = next(entries)
            data = {**first.event["data"], "sha256": first.event["data"]["sha256"][1:]}
            yield first.model_copy(update={"event": {**first.event, "data": data}})
            yield from entries

    paper = next(p.paper.paper_id for p in audited.records.outbox.papers() if p.paper.project_id == SIGNALLED)
    outbox = cast(Outbox, Without(audited.records.outbox, paper=paper))
    ledger = cast(Ledger, NeverHashed(audited.records.ledger))

    findings = await found(audited, replace(audited.archive, outbox=outbox, ledger=ledger))

    assert [(finding.check, finding.verdict) for finding in findings] == [("papers", "evidence_missing")]
    assert [(paper in finding.text, "不必恢复备份" in finding.text) for finding in findings] == [(True, True)]


async def test_a_rung_that_fell_due_without_its_event_is_missed(audited: AuditedYear) -> None:
    """With a stream that ends at its docketing, every duty, limit and pace that should have told since is named."""

    class Shortened(Without):
        def entries(self, stream: str | None = None, *, after: int = -1) -> Iterator[LedgerEntry]:
            entries = self._real.entries(stream, after=after)
            return (each for each in entries if each.stream != STREAM or each.event["data"]["cause"] == "start")

    ledger = cast(Ledger, Shortened(audited.records.ledger))

    findings = await found(audited, replace(audited.archive, ledger=ledger))

    assert {"due", "replay"} <= {finding.check for finding in findings}
    missed = [finding.text for finding in findings if finding.check == "due"]
    for told in (
        f"{SIGNALLED}-04 的 order-red 应于",
        f"{SIGNALLED}-04 的 order-blue（学校部） 应于",
        f"{SIGNALLED} 的 limit-passed（签收，基层工作部） 应于",
        f"{SIGNALLED}-05 的 pace-50 应于",
    ):
        assert any(told in text for text in missed), (told, missed)


async def test_evidence_that_is_named_and_not_kept_is_missed(audited: AuditedYear) -> None:
    """An entry that fixes a file by its hash, where the store has another file or none, is named."""
    sha256 = "0" * 64

    class Naming(Without):
        def entries(self, stream: str | None = None, *, after: int = -1) -> Iterator[LedgerEntry]:
            for entry in self._real.entries(stream, after=after):
                blobs = [{"sha256": sha256, "size": 1, "name": "纪要.pdf"}] if entry.event_id == f"{STREAM}#3" else []
                yield entry.model_copy(update={"event": {**entry.event, "blobs": blobs or entry.event["blobs"]}})

    archive = replace(audited.archive, ledger=cast(Ledger, Naming(audited.records.ledger)))

    findings = await found(audited, archive)

    assert [(finding.check, "纪要.pdf" in finding.text) for finding in findings] == [("evidence", True)]
