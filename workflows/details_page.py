"""The page that the engine's own Web UI shows for a supervision: light, dates and milestones, as Markdown."""

from __future__ import annotations

from datetime import datetime

from domain.rungs.limits import LIMIT_WORDS
from domain.seeing.stage_words import light_mark, stage_word
from domain.seeing.views import MilestoneView, ProjectView, view_of
from domain.state import ProjectState


def details_page(state: ProjectState, now: datetime) -> str:
    """The page as it stands at `now`."""
    view = view_of(state, now)
    rows = "\n".join(_row(milestone) for milestone in view.milestones)
    return (
        f"## {light_mark(view.light)} {view.project_id} {view.title}\n\n"
        f"{_head(state, view)}\n\n{view.explanation}\n\n"
        f"| 节点 | 灯 | 状态 | 时限 | 参与部门 | 内容 |\n|---|---|---|---|---|---|\n{rows}\n\n"
        f"{_open_matters(view)}"
        f"截至 {now:%Y-%m-%d %H:%M}\n"
    )


def _head(state: ProjectState, view: ProjectView) -> str:
    participants = "、".join(state.project.participating_departments) or "无"
    due = f"，最近时限 {view.next_due_on}" if view.next_due_on else ""
    return f"牵头：{view.lead_department}；参与：{participants}；{stage_word(view.stage)}{due}"


def _row(milestone: MilestoneView) -> str:
    description = milestone.description.replace("|", "｜")
    participants = "、".join(
        f"{light_mark(part.light)}{part.department}" for part in milestone.participants if part.stage != "released"
    )
    return (
        f"| {milestone.milestone_id} | {light_mark(milestone.light)} | {stage_word(milestone.stage)}"
        f" | {milestone.answer_by or '待定'} | {participants} | {description} |"
    )


def _open_matters(view: ProjectView) -> str:
    lines = [
        f"- {limit.milestone_id or '整个项目'} {LIMIT_WORDS[limit.kind]}：{limit.owner}，{limit.due_on}前\n"
        for limit in view.limits
    ]
    lines += [f"- {each.text}\n" for each in view.undecided]
    if view.suspension is not None:
        lines.insert(0, f"- 整个项目自{view.suspension.since}起中止：{view.suspension.reason}\n")
    return "".join(["**待办**\n\n", *lines, "\n"]) if lines else ""
