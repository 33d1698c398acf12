"""Where a run ends and the next one begins: a history that has grown, and a build that has become the current one.

What arrives while a run records that it ends is carried into the next run, which records it first.
"""

from __future__ import annotations

from collections.abc import Iterable

from temporalio import workflow
from temporalio.workflow import ContinueAsNewVersioningBehavior

from domain.acts.arrivals import Arrival, CommandGiven, Decided, RefusedArrival
from workflows.inputs import Heard


def carried(waiting: Iterable[Decided]) -> tuple[Heard, ...]:
    """What was decided and not recorded, as the next run is given it; a look at the clock is none."""
    found: list[Heard] = []
    for each in waiting:
        match each.arrival:
            case CommandGiven(command=command, received=received):
                found.append(Heard(at=each.at, received=received, command=command))
            case RefusedArrival(rule=rule, text=text, received=received):
                found.append(Heard(at=each.at, received=received, rule=rule, text=text))
    return tuple(found)


def arrival_of(heard: Heard, key: str) -> Arrival:
    """The arrival that was carried, under its name in this run."""
    if heard.command is not None:
        return CommandGiven(key, heard.command, heard.received)
    return RefusedArrival(key, heard.rule, heard.text, heard.received)


UNDER_THE_CURRENT_BUILD = ContinueAsNewVersioningBehavior.AUTO_UPGRADE
"""How the next run begins where runs are pinned to builds; without builds it says nothing."""


def run_should_end(history_limit: int) -> bool:
    """Whether a workflow that has nothing half done should go on as a new run.

    What the next run begins with is the state alone, so that a new build needs to know no old order of steps.
    """
    info = workflow.info()
    return (
        info.is_continue_as_new_suggested()
        or info.get_current_history_length() >= history_limit
        or info.is_target_worker_deployment_version_changed()
    )
