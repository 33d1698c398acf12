"""What the engine answers instead of a result, as people read it: a rule that refuses, a project that is silent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from domain.errors import DubanError, ProjectUnavailableError, RejectedError
from domain.ids import ProjectId


class RefusedByRuleError(RejectedError):
    """The supervision refused a command; `rule` is the rule that the command breaks."""

    def __init__(self, rule: str, text: str, refusal: Mapping[str, Any]) -> None:
        super().__init__(text, refusal=dict(refusal))
        self.rule = rule


def unavailable(project_id: ProjectId) -> ProjectUnavailableError:
    """A project does not answer, and the others do."""
    return ProjectUnavailableError(
        f"项目 {project_id} 的督办流程没有应答，其他项目照常：原因见 duban status {project_id}，"
        f"修复请运行 duban engine repair {project_id}。",
        project_id=project_id,
    )


def is_refused_as(error: WorkflowUpdateFailedError, kind: str) -> bool:
    """Whether a command was refused for a reason of this kind."""
    return isinstance(error.cause, ApplicationError) and error.cause.type == kind


def refusal_of(error: WorkflowUpdateFailedError) -> DubanError:
    """The refusal that an update ended in, as its rule has it."""
    cause = error.cause
    if isinstance(cause, ApplicationError) and cause.type and cause.details:
        details = cause.details[0]
        if isinstance(details, Mapping):
            return RefusedByRuleError(cause.type, cause.message, details)
    if isinstance(cause, ApplicationError) and "completed" in cause.message:
        return RefusedByRuleError("open_project", "该项目已归档，不再接受办理。", {})
    return DubanError(f"指令没有办成：{cause}。")
