"""Where the history of one run is gone, what the others say is compared with the ledger all the same."""

from __future__ import annotations

import pytest

from application.audit.inquiries import replay_verdicts
from application.audit.reconciling import _replay_findings
from application.audit.replay_pool import replay_pool
from application.records import Records
from domain.ids import supervised_project_id
from domain.ports.ledger import LedgerEntry
from tests.application.audit.conftest import HISTORIES, NAME, WORKFLOW
from tests.application.audit.test_kept_histories import RememberingEngine, archive
from tests.replay.golden import recorded_in


@pytest.mark.parametrize("changed", [False, True])
async def test_a_lost_history_hides_no_change_of_what_came_after_it(records: Records, changed: bool) -> None:
    """The gap is named as evidence that is missing; an entry of a later run that was changed is named as such."""
    engine = RememberingEngine(HISTORIES)
    del engine.there[HISTORIES[0].run_id]
    entries = list(records.ledger.entries(WORKFLOW))
    if changed:
        entries[-1] = _by_another(entries[-1])

    with replay_pool(1) as pool:
        found = await _replay_findings(archive(records, engine), pool, WORKFLOW, entries)

    assert [each.verdict for each in found] == ["evidence_missing", *["changed"] * changed]
    assert "只核对了其余各次" in found[0].text


@pytest.mark.parametrize("gone", [0, 1])
async def test_a_lost_run_is_named_and_the_others_are_replayed(records: Records, gone: int) -> None:
    """A replay says which run is nowhere any more, and what the others came to; all lost, that nothing can be."""
    engine, lost = RememberingEngine(HISTORIES), HISTORIES[gone].run_id
    del engine.there[lost]
    office, project_id = archive(records, engine), supervised_project_id(WORKFLOW)

    (verdict,) = await replay_verdicts(office, project_id)

    assert verdict.runs == len(HISTORIES) - 1
    assert 0 < verdict.computed == verdict.recorded < len(recorded_in(NAME))
    assert verdict.problem is not None
    assert f"运行 {lost} 的历史不在引擎中" in verdict.problem
    assert "重放一致" in verdict.problem

    engine.there.clear()
    (verdict,) = await replay_verdicts(office, project_id)
    assert (verdict.runs, verdict.problem) == (0, "历史不在引擎中，也没有保存，不能重放")


def _by_another(entry: LedgerEntry) -> LedgerEntry:
    return entry.model_copy(update={"event": {**entry.event, "actor": "另一个人"}})
