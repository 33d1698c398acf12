"""What the engine answers instead of a result, as people read it: a rule that refuses, a project that is silent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from domain.errors import DubanError, LedgerUnavailableError, ProjectBusyError, ProjectUnavailableError, RejectedError
from domain.ids import ProjectId, supervised_project_id
from workflows.message_names import BEHIND_ITS_RECORD

STALLED_SECONDS = 10.0
"""How long one record goes on before it is told that the ledger does not take it."""


class RefusedByRuleError(RejectedError):
    """The supervision refused a command; `rule` is the rule that the command breaks. It is about the project that
    refused, and the milestone that the command names."""

    def __init__(self, rule: str, text: str, refusal: Mapping[str, Any]) -> None:
        super().__init__(text, refusal=dict(refusal), **_about(refusal))
        self.rule = rule


def _about(refusal: Mapping[str, Any]) -> dict[str, str]:
    found = {"milestone_id": (refusal.get("command") or {}).get("milestone_id")}
    if refusal.get("stream"):
        found["project_id"] = supervised_project_id(refusal["stream"])
    return {name: value for name, value in found.items() if value}


def unavailable(project_id: ProjectId) -> ProjectUnavailableError:
    """A project does not answer, and somebody works: it may be this one alone, or a worker that is frozen."""
    return ProjectUnavailableError(
        f"项目 {project_id} 的督办流程没有应答：原因见这个项目的页面；只有它这样的，"
        f"请管理员运行 duban engine repair {project_id}，别的项目也这样的，请重新启动督办程序。",
        project_id=project_id,
    )


def busy(project_id: ProjectId) -> ProjectBusyError:
    """A project was given so much at once that this command was not taken."""
    return ProjectBusyError(
        f"项目 {project_id} 一直在办别的指令，没有轮到这一项，没有办理：请稍后再试。", project_id=project_id
    )


def not_asked(project_id: ProjectId, error: Exception) -> DubanError:
    """A question to a project failed."""
    return DubanError(
        f"项目 {project_id} 的状态查询失败（{error}）：请过一会儿再试；仍不行的，请管理员运行 duban doctor。"
    )


def not_yet(project_id: ProjectId, *, is_due: bool) -> DubanError:
    """A project cannot answer yet: something that `is_due` comes first, or its beginning is not recorded."""
    if is_due:
        return DubanError(
            f"系统还在办理项目 {project_id} 到期应自动办理的事项，状态暂时查不到："
            "请稍后再试；仍不行的，请管理员运行 duban doctor。"
        )
    return DubanError(f"项目 {project_id} 的立项还没有记入台账：请检查台账所在磁盘，稍后再试。")


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
    if isinstance(cause, ApplicationError) and cause.type == LedgerUnavailableError.__name__:
        return LedgerUnavailableError(cause.message)
    if isinstance(cause, ApplicationError) and "completed" in cause.message:
        return RefusedByRuleError(
            "open_project",
            "该项目已归档，不再接受办理：年终结转或撤销办错了的，请督查人员收回后再办。",
            {},
        )
    return DubanError(f"指令没有办成（{cause}）：请过一会儿再试；仍不行请告知系统维护人员。")


class AskedAgain:
    """What a command that was told to ask again learnt of the reason, each time."""

    def __init__(self) -> None:
        self._record: int | None = None
        self._since = 0.0
        self.is_behind = False
        """Whether the project must look into its record first."""

    def told(self, error: WorkflowUpdateFailedError, now: float) -> None:
        """The supervision said once more that it cannot take the command yet."""
        cause = error.cause
        record = cause.details[0] if isinstance(cause, ApplicationError) and cause.details else None
        self.is_behind = record == BEHIND_ITS_RECORD
        if not isinstance(record, int):
            record = None
        if record is None or record != self._record:
            self._record, self._since = record, now

    def in_vain(self, project_id: ProjectId, now: float) -> DubanError:
        """Why the command was not taken in time: one record does not come to its end, or others come first."""
        waits = now - self._since
        if self._record is not None and waits >= STALLED_SECONDS:
            return LedgerUnavailableError(
                f"项目 {project_id} 的上一件事 {waits:.0f} 秒没有记进台账，这项指令没有办理：台账可能写不进，"
                "请用 duban doctor 检查磁盘和数据库；恢复后会自动补记，请那时再办。",
                project_id=project_id,
            )
        return busy(project_id)
