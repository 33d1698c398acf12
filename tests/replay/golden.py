"""The kept histories: each run as protobuf bytes, and the events that the ledger had, one a line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from temporalio.api.history.v1 import History
from temporalio.client import WorkflowHistory

from domain.events import DOMAIN_EVENT, DomainEvent

FOLDER = Path(__file__).parent / "histories"


def names() -> list[str]:
    """The kept workflows."""
    return sorted(path.name for path in FOLDER.iterdir() if path.is_dir())


def histories_of(name: str) -> list[WorkflowHistory]:
    """All runs of a kept workflow, in order."""
    workflow_id = json.loads((FOLDER / name / "about.json").read_text(encoding="utf-8"))["workflow_id"]
    return [
        WorkflowHistory(workflow_id, list(History.FromString(path.read_bytes()).events))
        for path in sorted((FOLDER / name).glob("run-*.pb"))
    ]


def recorded_in(name: str) -> list[DomainEvent]:
    """The events that the ledger had at the end."""
    lines = (FOLDER / name / "events.jsonl").read_text(encoding="utf-8").splitlines()
    return [DOMAIN_EVENT.read(json.loads(line)) for line in lines]


def keep(name: str, about: str, histories: Sequence[WorkflowHistory], recorded: Sequence[DomainEvent]) -> None:
    """Keep the runs of a workflow under a name that is not there yet."""
    folder = FOLDER / name
    folder.mkdir()
    for number, history in enumerate(histories, start=1):
        (folder / f"run-{number:02d}.pb").write_bytes(History(events=history.events).SerializeToString())
    lines = "".join(event.model_dump_json() + "\n" for event in recorded)
    (folder / "events.jsonl").write_text(lines, encoding="utf-8")
    facts = {"workflow_id": histories[0].workflow_id, "how": about}
    (folder / "about.json").write_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
