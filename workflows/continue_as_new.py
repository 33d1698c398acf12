"""Where a run ends and the next one begins: a history that has grown, and a build that has become the current one."""

from __future__ import annotations

from temporalio import workflow
from temporalio.workflow import ContinueAsNewVersioningBehavior

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
