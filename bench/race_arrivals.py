"""What arrives at a raced project, drawn from a seed: commands, unreadable signals, questions, requests to cancel."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from temporalio.client import WorkflowQueryFailedError
from temporalio.service import RPCError

from application.office.office import Office
from bench.report import Report
from domain.actors import department, operator
from domain.acts.commands import (
    AcceptCompletion,
    AnyCommand,
    ReportProgress,
    RequestCompletion,
    Resume,
    ReturnForRework,
    SignReceipt,
    StrikeOff,
    Suspend,
    Urge,
)
from domain.errors import DubanError
from domain.ids import supervision_workflow_id
from domain.project import KeyProject
from workflows.message_names import COMMAND, LOOK_AT_THE_CLOCK

Kind = Literal["update", "signal", "query", "cancel"]
_KINDS: tuple[Kind, ...] = ("update", "signal", "query", "cancel")
_WEIGHTS = (40, 25, 30, 5)
_QUESTIONS = ("status", "state", "__temporal_workflow_metadata", "no such question")
_WITHIN = timedelta(seconds=20)
_LI, _WANG, _STRANGER = operator("李"), operator("王"), department("别的部门")


@dataclass(frozen=True, slots=True)
class Arrival:
    """One thing that arrives: after how long, what, and the text that must be on record once it is acknowledged."""

    after: float
    kind: Kind
    name: str = COMMAND
    what: Any = None
    leaves: str | None = None


class Door:
    """Gives projects what arrives, and counts how it was answered."""

    def __init__(self, office: Office, report: Report) -> None:
        self._office, self._answers = office, report.figures

    async def give(self, project: KeyProject, arrival: Arrival) -> str | None:
        """Give it; what must be on record from now on, or none when it was not acknowledged."""
        engine, project_id = self._office.engine, project.project_id
        handle = engine.client.get_workflow_handle(supervision_workflow_id(project_id))
        ways: dict[Kind, Callable[[], Awaitable[Any]]] = {
            "update": lambda: engine.command(project_id, arrival.what),
            "signal": lambda: handle.signal(arrival.name, arrival.what, rpc_timeout=_WITHIN),
            "query": lambda: handle.query(arrival.name, rpc_timeout=_WITHIN),
            "cancel": lambda: handle.cancel(rpc_timeout=_WITHIN),
        }
        try:
            await ways[arrival.kind]()
        except (DubanError, RPCError, WorkflowQueryFailedError) as error:
            # A refusal, or nobody there to answer: only what was acknowledged must hold.
            self._answers[f"{arrival.kind}: {type(error).__name__}"] += 1
            return None
        self._answers[f"{arrival.kind}: answered"] += 1
        return arrival.leaves


def arrivals_of(project: KeyProject, chance: random.Random, seconds: float) -> list[Arrival]:
    """Six to twenty arrivals within so many seconds, some of them at one moment."""
    arrivals: list[Arrival] = []
    for number in range(chance.randint(6, 20)):
        # A quarter comes together with the one before.
        after = arrivals[-1].after if arrivals and chance.random() < 0.25 else chance.uniform(0, seconds)
        arrivals.append(any_arrival(project, chance, f"{project.project_id}/{number}", after))
    return arrivals


def any_arrival(project: KeyProject, chance: random.Random, request_id: str, after: float = 0.0) -> Arrival:
    """One arrival of any kind; `request_id` is the id of its request where it has one."""
    (kind,) = chance.choices(_KINDS, _WEIGHTS)
    match kind:
        case "query":
            return Arrival(after, kind, chance.choice(_QUESTIONS))
        case "cancel":
            return Arrival(after, kind)
        case "signal" if chance.random() < 0.2:
            return Arrival(after, kind, LOOK_AT_THE_CLOCK)
        case "signal" if chance.random() < 0.4:
            return _unreadable(chance, request_id, after)
        case _:
            command = _command(project, chance, request_id)
            # A report is always taken, a refusal by signal is recorded; an archived project takes neither.
            leaves = request_id if isinstance(command, ReportProgress) and command.by != _STRANGER else None
            return Arrival(after, kind, COMMAND, command, leaves)


def _unreadable(chance: random.Random, request_id: str, after: float) -> Arrival:
    name, what = chance.choice(
        ((COMMAND, {"type": "Nothing", "request_id": request_id}), (COMMAND, request_id), (request_id, None))
    )
    return Arrival(after, "signal", name, what, request_id)


def _command(project: KeyProject, chance: random.Random, request: str) -> AnyCommand:
    lead = department(project.lead_department)
    where = chance.choice(project.milestones).milestone_id
    commands: list[tuple[int, Callable[[], AnyCommand]]] = [
        (10, lambda: ReportProgress(request_id=request, by=lead, milestone_id=where, text="已办")),
        (2, lambda: ReportProgress(request_id=request, by=_STRANGER, milestone_id=where, text="已办")),
        (3, lambda: RequestCompletion(request_id=request, by=lead, milestone_id=where, text="办结")),
        (2, lambda: AcceptCompletion(request_id=request, by=_LI, milestone_id=where)),
        (1, lambda: ReturnForRework(request_id=request, by=_LI, milestone_id=where, reason="补正")),
        (2, lambda: StrikeOff(request_id=request, by=_WANG, milestone_id=where)),
        (2, lambda: SignReceipt(request_id=request, by=lead)),
        (2, lambda: Suspend(request_id=request, by=_LI, milestone_id=where, reason="等待")),
        (2, lambda: Resume(request_id=request, by=_LI, milestone_id=where, reason="恢复")),
        (2, lambda: Urge(request_id=request, by=_LI, milestone_id=where, reason="请抓紧")),
    ]
    (chosen,) = chance.choices([make for _, make in commands], [weight for weight, _ in commands])
    return chosen()
