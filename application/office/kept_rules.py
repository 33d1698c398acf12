"""What a policy says otherwise than what the projects that run were docketed with: these keep their rules."""

from __future__ import annotations

from domain.events import ProjectDocketed
from domain.ids import is_sub_duty
from domain.ports.ledger import Ledger
from domain.project import ProjectList
from domain.record.recorded_projects import recorded_of, recorded_state
from domain.rules.changed_rules import changed_rules
from domain.rules.policy import SupervisionPolicy

_SHOWN = 10


def kept_rules(policy: SupervisionPolicy, listed: ProjectList | None, ledger: Ledger) -> str:
    """How many projects of a list (or of all that is on record) keep other rules than a policy has, and which, in one
    sentence; nothing for none."""
    wanted = {project.project_id: project for project in listed.projects} if listed is not None else {}
    count, names = 0, dict[str, None]()
    for project_id, opened in recorded_of(ledger, {ProjectDocketed}):
        if not isinstance(opened, ProjectDocketed) or is_sub_duty(project_id):
            continue
        if listed is not None and project_id not in wanted:
            continue
        now = policy.for_project(project_id, wanted.get(project_id, opened.project).category)
        changed = changed_rules(opened.policy, now)
        if changed and (state := recorded_state(ledger, project_id)) is not None and not state.closed:
            count += 1
            names |= dict.fromkeys(".".join(path) for path in changed)
    if not count:
        return ""
    named = "、".join([*names][:_SHOWN]) + ("……" if len(names) > _SHOWN else "")
    return (
        f"督办规则与{count}个在办项目立项时的不同（{named}）：在办项目仍按立项时的规则办理，改动只用于此后新增的项目。"
    )
