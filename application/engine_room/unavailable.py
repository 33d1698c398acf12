"""Why a supervision or a mailbox does not go on, in words for people, and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from domain.frozen import Frozen
from domain.ids import ProjectId

Reason = Literal[
    "stuck",
    "terminated",
    "cancelled",
    "failed",
    "timed_out",
    "ended",
    "missing",
    "late",
    "ahead",
    "starting",
    "unrecorded",
]

SHORT_WORDS: Mapping[Reason, str] = {
    "stuck": "未应答",
    "terminated": "被终止",
    "cancelled": "被取消",
    "failed": "已失败",
    "timed_out": "已超时",
    "ended": "提前结束",
    "missing": "引擎中没有",
    "late": "到期未办",
    "ahead": "多于台账",
    "starting": "正在立项",
    "unrecorded": "台账中没有",
}
"""What stands where the register shows the light."""

NOT_AS_RECORDED = "程序与已有的历史不符"
"""The cause where today's code does not follow what a run has done so far."""

_SENTENCES: Mapping[Reason, str] = {
    "stuck": "督办流程办不下去{cause}",
    "terminated": "督办流程在引擎中被终止{cause}",
    "cancelled": "督办流程在引擎中被取消",
    "failed": "督办流程在引擎中失败{cause}",
    "timed_out": "督办流程在引擎中超时",
    "ended": "台账中尚未办结，引擎中的督办流程却已结束",
    "missing": "引擎中没有这个项目的督办流程",
    "late": "有事项已经到期，督办流程却没有醒来办理",
    "ahead": "督办流程里有台账没有的记录",
    "starting": "引擎已经收下，还没有记入台账",
    "unrecorded": "引擎中有这个督办流程，台账中却没有立项{cause}",
}
_REPAIRED_BY = "请管理员运行 duban engine repair {workflow}"
_WOKEN_BY = "督办程序几分钟内会自动唤醒，十分钟后仍这样的，请管理员运行 duban engine repair {workflow}"
_FOUND_BY = (
    "台账像是换上了旧的，请管理员先找回新的台账（恢复备份用 duban restore），"
    "找不回的，运行 duban engine repair {workflow}，按现有台账接着办"
)
_RECORDED_BY = "引擎或台账所在的磁盘很慢，记入后自动开始督办；请过几分钟把清单再启动一次，已在办的不受影响"
_REMOVED_BY = "请管理员查明来历，再用 duban engine repair {workflow} --remove 移除"


class Unavailable(Frozen):
    """Why a project's supervision does not go on, and in words for people what to do."""

    reason: Reason
    text: str


def told_of(project_id: ProjectId, reason: Reason, cause: str) -> Unavailable:
    """What is said of a project that does not go on, with what the engine noted as its `cause`, and what to do."""
    todos = {"starting": _RECORDED_BY, "unrecorded": _REMOVED_BY, "late": _WOKEN_BY, "ahead": _FOUND_BY}
    todo = todos.get(reason, _REPAIRED_BY)
    return Unavailable(reason=reason, text=f"{_what(reason, cause)}：{todo.format(workflow=project_id)}。")


def told_of_mailbox(workflow_id: str, reason: Reason, cause: str) -> str:
    """The same of a mailbox, by its workflow's id."""
    what = _what(reason, cause).replace("督办流程", "收文流程")
    return f"{what}：{_REPAIRED_BY.format(workflow=workflow_id)}。"


def sentences(sick: Mapping[ProjectId, Unavailable]) -> Sequence[str]:
    """Each project that does not go on, in a sentence."""
    return [f"{project_id} {unavailable.text}" for project_id, unavailable in sorted(sick.items())]


def _what(reason: Reason, cause: str) -> str:
    return _SENTENCES[reason].format(cause=f"（{cause}）" if cause else "")
