"""The auditor's questions to a rehearsed 2018 of the real list."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import pytest
from temporalio.api.history.v1 import History
from temporalio.client import WorkflowHistory

from application.audit.inquiries import exported_verdict, register_at
from application.audit.kept_histories import (
    exported_histories,
    history_bytes,
    keep_closed_runs,
    lost_runs,
    recorded_hashes,
)
from application.audit.reconciling import reconcile
from application.audit.replaying import replayed
from application.desk_work.verification import replay_kept
from application.engine_room.namespace import RETENTION
from domain.events import EscalationOrderIssued, Event, InspectionOpened, LimitEscalated, ReminderIssued, UrgeIssued
from domain.ids import supervision_workflow_id
from domain.record.recorded_directory import recorded_directory
from domain.record.recorded_projects import accepted_commands, recorded_events, recorded_projects
from domain.rules.ladder_rules import MilestoneRules
from domain.rules.life_cycle import LifeCycleRules
from domain.rules.policy import SupervisionPolicy
from domain.seeing.what_if import foreseen
from domain.seeing.year_replay import Lived
from tests.rehearsal.audited_year import HANDED_OVER, HEADS, LOOKED_AT, SIGNALLED, AuditedYear
from tests.rehearsal.conftest import Rehearsing
from tests.rehearsal.edits import EDITS, ENGINES_OWN_NOTE
from verifier.bundle import bundle_at
from verifier.verify import Trust, verify

PROJECTS = 17


async def test_reconciliation_finds_nothing_in_an_honest_year(audited: AuditedYear) -> None:
    """Streams, events, rungs, papers, receipts and the replay of each kept history fit, for all seventeen projects."""
    found = await reconcile(audited.archive, audited.end, audited.engine_now, RETENTION)
    assert (found.findings, found.replayed) == ((), PROJECTS)
    assert found.papers > PROJECTS


async def test_orders_reach_the_heads_of_their_days(audited: AuditedYear) -> None:
    """An order to a head whom the directory knows names who headed the department then; any other has the word."""
    orders = [each.paper for each in audited.records.outbox.papers() if each.paper.kind == "escalation_order"]
    named = {(paper.to, paper.issued_at.date() > HANDED_OVER) for paper in orders if paper.copies_to[0] in HEADS}
    assert named == {
        ("组织部主要负责人（王伟）", False),
        ("组织部主要负责人（张敏）", True),
        ("宣传部主要负责人（刘洋）", False),
        ("宣传部主要负责人（刘洋）", True),
    }
    others = {paper.to for paper in orders if paper.copies_to[0] not in HEADS}
    assert others
    assert not [to for to in others if to.endswith("）")]
    directory = recorded_directory(audited.records.ledger, audited.records.evidence)
    assert [each.name for each in directory.departments.values()] == list(HEADS)


async def test_the_past_is_what_the_status_said_then(audited: AuditedYear) -> None:
    """Every project and milestone, as known on 30 June at nine, equals the answer given when the clock stood there."""
    past = (await register_at(audited.records.ledger, LOOKED_AT)).projects
    assert len(past) == PROJECTS
    assert past == audited.looked


async def test_what_had_happened_is_never_less_than_what_was_known(audited: AuditedYear) -> None:
    """A breach happens before it is recorded: as happened, a project has at least the events that were known."""
    known = (await register_at(audited.records.ledger, LOOKED_AT)).projects
    happened = (await register_at(audited.records.ledger, LOOKED_AT, happened=True)).projects
    assert all(there.events >= here.events for here, there in zip(known, happened, strict=True))


async def test_every_closed_run_is_kept_once(audited: AuditedYear) -> None:
    """All seventeen runs are in the vault and their hashes in the ledger; keeping again changes nothing."""
    assert audited.kept == PROJECTS
    assert await keep_closed_runs(audited.archive) == 0
    assert await lost_runs(audited.archive, audited.engine_now, RETENTION) == []


def test_the_bundle_of_the_year_is_verified_with_its_replay(audited: AuditedYear, tmp_path: Path) -> None:
    """The exported bundle passes all steps, the replay of seventeen histories among them."""
    audited.records.log.export(str(tmp_path / "bundle"), {"duban": "test"})
    report = verify(bundle_at(tmp_path / "bundle"), Trust(replay=replay_kept))
    assert report.passed, report.as_text()
    assert f"重放了 {PROJECTS} 个流程" in report.as_text()


CAUGHT_BY = {
    "activity result": {"hash", "code"},
    "workflow input": {"hash", "code"},
    "activity input": {"hash", "said"},
    "signal payload": {"hash", "code"},
    "times moved back": {"hash", "said"},
    "final result": {"hash", "said"},
    "tail cut off": {"hash", "events"},
    "activity dropped": {"hash", "code"},
    "signal dropped": {"hash", "code"},
    "two events swapped": {"hash", "code"},
    "activity type changed": {"hash", "code"},
}


async def checks_that_catch(audited: AuditedYear, edited: History) -> set[str]:
    """The checks that find an edited history of the signalled project."""
    workflow_id = supervision_workflow_id(SIGNALLED)
    ledger = audited.records.ledger
    caught = set()
    if hashlib.sha256(edited.SerializeToString(deterministic=True)).hexdigest() not in recorded_hashes(
        ledger, workflow_id
    ):
        caught.add("hash")
    history = WorkflowHistory(workflow_id, list(edited.events))
    verdict = await replayed([history], list(recorded_events(ledger, SIGNALLED)))
    assert (verdict.check is None) == (verdict.problem is None)
    if verdict.check:
        caught.add(verdict.check)
    return caught


async def test_a_history_that_nobody_edited_is_caught_by_nothing(audited: AuditedYear) -> None:
    """What the edits below begin with has its recorded hash, and its replay says what the ledger says."""
    assert await checks_that_catch(audited, History(events=audited.history(SIGNALLED).events)) == set()
    recorded = list(recorded_events(audited.records.ledger, SIGNALLED))
    verdict = await replayed([audited.history(SIGNALLED)], recorded)
    assert (verdict.problem, verdict.computed) == (None, len(recorded))


@pytest.mark.parametrize("edit", list(EDITS))
async def test_each_edit_of_a_history_is_caught(audited: AuditedYear, edit: str) -> None:
    """Each edit shows by the history's hash, and were that made anew, by the replay: which check of it is named."""
    history = History(events=audited.history(SIGNALLED).events)

    EDITS[edit](history)

    assert await checks_that_catch(audited, history) == CAUGHT_BY[edit]


async def test_an_edit_of_the_engine_s_own_note_is_caught_by_the_hash_alone(audited: AuditedYear) -> None:
    """How often a local activity was tried is nobody's decision: no code computes it, and only the hash fixes it."""
    history = History(events=audited.history(SIGNALLED).events)
    ENGINES_OWN_NOTE(history)

    assert await checks_that_catch(audited, history) == {"hash"}


async def test_a_folder_of_exported_histories_is_replayed(audited: AuditedYear, tmp_path: Path) -> None:
    """The exported files agree with code and ledger; one with its result changed does not, and is named."""
    workflow_id = supervision_workflow_id(SIGNALLED)
    place = tmp_path / "histories" / workflow_id
    place.mkdir(parents=True)
    (place / "run.pb").write_bytes(history_bytes(audited.history(SIGNALLED)))
    runs = exported_histories(tmp_path)[workflow_id]
    assert (await exported_verdict(audited.records.ledger, workflow_id, runs)).problem is None

    edited = History(events=audited.history(SIGNALLED).events)
    EDITS["final result"](edited)
    (place / "run.pb").write_bytes(edited.SerializeToString(deterministic=True))
    runs = exported_histories(tmp_path)[workflow_id]
    assert "run.pb" in str((await exported_verdict(audited.records.ledger, workflow_id, runs)).problem)


async def test_the_same_policy_makes_no_difference(audited: AuditedYear) -> None:
    """The year folded under its own rules is the recorded one: nothing differs, and nothing stays unexplained."""
    ledger = audited.records.ledger
    lived = [Lived(list(recorded_events(ledger, p)), accepted_commands(ledger, p)) for p in recorded_projects(ledger)]
    assert sum(len(each.commands) for each in lived) > 100
    same = foreseen(lived, SupervisionPolicy(), audited.end)
    assert (same.notices, same.lights, same.rejected, same.unexplained) == ((), (), (), 0)


async def test_a_changed_policy_shows_exactly_the_differing_orders(rehearsed: Rehearsing) -> None:
    """Without the red step and the reminder of a day before, exactly the recorded ones of these are not issued."""
    year = await rehearsed("silent")
    streams = list(year.events.values())
    recorded: list[Event] = [event for events in streams for event in events]
    rules = MilestoneRules()
    other = MilestoneRules(
        reminders_working_days_before=(14, 7), yellow_light_working_days_before=7, escalation=rules.escalation[:2]
    )

    found = foreseen(
        list(map(Lived, streams)), SupervisionPolicy().model_copy(update={"rules": other}), year.report.end
    )

    expected = Counter(
        (event.type, event.milestone_id, event.decided_at.date())
        for event in recorded
        if (isinstance(event, EscalationOrderIssued) and event.level == "red")
        or (isinstance(event, ReminderIssued) and event.working_days_before == 1)
    )
    assert Counter((notice.kind, notice.milestone_id, notice.was_on) for notice in found.notices) == expected
    assert {notice.change for notice in found.notices} == {"dropped"}
    assert found.counts == {
        "EscalationOrderIssued dropped": sum(
            n for (kind, *_), n in expected.items() if kind == "EscalationOrderIssued"
        ),
        "ReminderIssued dropped": sum(n for (kind, *_), n in expected.items() if kind == "ReminderIssued"),
    }
    assert found.unexplained == 0
    assert not any(isinstance(event, InspectionOpened) and event.level == "red" for event in recorded)


async def test_changed_limits_and_participants_rules_show_exactly_the_papers_that_differ(rehearsed: Rehearsing) -> None:
    """Receipts that never reach the second superior and parts that are never urged: these papers, and nothing else."""
    year = await rehearsed("silent")
    streams = list(year.events.values())
    recorded: list[Event] = [event for events in streams for event in events]
    life_cycle = LifeCycleRules()
    receipt = life_cycle.limits.receipt
    limits = life_cycle.limits.model_copy(
        update={"receipt": receipt.model_copy(update={"escalation": receipt.escalation[:1]})}
    )
    participants = life_cycle.participants.model_copy(update={"urge_after_working_days": None})
    changed = life_cycle.model_copy(update={"limits": limits, "participants": participants})

    found = foreseen(
        list(map(Lived, streams)),
        SupervisionPolicy().model_copy(update={"life_cycle": changed}),
        year.report.end,
    )

    expected = Counter(
        (event.type, event.milestone_id, event.decided_at.date())
        for event in recorded
        if (isinstance(event, LimitEscalated) and event.to == "分管领导")
        or (isinstance(event, UrgeIssued) and event.department is not None)
    )
    assert len(expected) > 50
    assert Counter((notice.kind, notice.milestone_id, notice.was_on) for notice in found.notices) == expected
    assert {notice.change for notice in found.notices} == {"dropped"}
    assert (found.lights, found.rejected, found.unexplained) == ((), (), 0)
