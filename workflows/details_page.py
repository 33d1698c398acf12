"""The page that the engine's own Web UI shows for a supervision: light, dates and milestones, as Markdown."""

from __future__ import annotations

from datetime import datetime

from domain.limits import LIMIT_WORDS
from domain.state import ProjectState
from domain.views import MilestoneView, ProjectView, view_of

_LIGHTS = {"grey": "⚪", "green": "🟢", "yellow": "🟡", "red": "🔴"}
_STAGES = {
    "assigned": "已交办",
    "in_progress": "推进中",
    "completion_requested": "办结待审",
    "returned_for_rework": "退办",
    "completed": "已办结",
    "struck_off": "已销号",
    "withdrawn": "已撤销",
    "carried_over": "已结转",
    "ended": "已终结",
    "archived": "已归档",
}
_PART_STAGES = {"assigned": "已交办", "in_progress": "推进中", "delivered": "已完成", "released": "已解除"}


def part_word(stage: str) -> str:
    """The stage of a participating department's part as people call it."""
    return _PART_STAGES[stage]


def stage_word(stage: str) -> str:
    """A stage as people call it."""
    return _STAGES[stage]


def light_mark(colour: str) -> str:
    """A light as a coloured dot."""
    return _LIGHTS[colour]


def details_page(state: ProjectState, now: datetime) -> str:
    """The page as it stands at `now`."""
    view = view_of(state, now)
    rows = "\n".join(_row(milestone) for milestone in view.milestones)
    return (
        f"## {_LIGHTS[view.light]} {view.project_id} {view.title}\n\n"
        f"{_head(state, view)}\n\n{view.explanation}\n\n"
        f"| 节点 | 灯 | 状态 | 时限 | 参与部门 | 内容 |\n|---|---|---|---|---|---|\n{rows}\n\n"
        f"{_open_matters(view)}"
        f"截至 {now:%Y-%m-%d %H:%M}\n"
    )


def _head(state: ProjectState, view: ProjectView) -> str:
    participants = "、".join(state.project.participating_departments) or "无"
    due = f"，最近时限 {view.next_due_on}" if view.next_due_on else ""
    return f"牵头：{view.lead_department}；参与：{participants}；{_STAGES[view.stage]}{due}"


def _row(milestone: MilestoneView) -> str:
    description = milestone.description.replace("|", "｜")
    participants = "、".join(
        f"{_LIGHTS[part.light]}{part.department}" for part in milestone.participants if part.stage != "released"
    )
    return (
        f"| {milestone.milestone_id} | {_LIGHTS[milestone.light]} | {_STAGES[milestone.stage]}"
        f" | {milestone.answer_by or '待定'} | {participants} | {description} |"
    )


def _open_matters(view: ProjectView) -> str:
    lines = [
        f"- {limit.milestone_id or '整个项目'} {LIMIT_WORDS[limit.kind]}：{limit.owner}，{limit.due_on}前\n"
        for limit in view.limits
    ]
    if view.suspension is not None:
        lines.insert(0, f"- 整个项目自{view.suspension.since}起中止：{view.suspension.reason}\n")
    return "".join(["**待办**\n\n", *lines, "\n"]) if lines else ""
