"""Rules for single categories, projects or milestones that hold for nothing: told before anybody counts on them.

What a policy says otherwise than what the projects that run were docketed with: these keep their rules.
"""

from __future__ import annotations

from collections.abc import Iterable

from domain.events import ProjectDocketed
from domain.ids import is_sub_duty, year_of
from domain.ports.ledger import Ledger
from domain.project import KeyProject, ProjectList
from domain.record.recorded_projects import listed_projects, recorded_of, recorded_state, recorded_states
from domain.rules.changed_rules import changed_rules
from domain.rules.policy import SupervisionPolicy
from domain.rules.unmatched_names import UnmatchedName, unmatched_names

_SHOWN = 10


def unmatched_rules(policy: SupervisionPolicy, listed: ProjectList) -> str:
    """What a policy says of single things that a list has not, in one sentence; nothing where it has all of them."""
    return _told(unmatched_names(policy, listed.projects))


def unmatched_on_record(policy: SupervisionPolicy, ledger: Ledger) -> str:
    """What a policy says of single things that no list on record has, in one sentence."""
    if not _names_single_things(policy):
        return ""  # nobody waits for a fold of ten thousand projects without need
    return _told(unmatched_names(policy, (state.project for state in recorded_states(ledger).values())))


def unmatched_at_start(policy: SupervisionPolicy, listed: ProjectList, ledger: Ledger) -> str:
    """The same of a list that is to be started, with how a person says that it is meant.

    One folder may have several years, and one policy: a name of another year's list is known. Where all of a list runs,
    its rules stand on record, and only what the list takes away from them is new.
    """
    doubts = unmatched_names(policy, listed.projects)
    if not doubts:
        return ""
    on_record = listed_projects(ledger)
    states = [state for each in on_record if (state := recorded_state(ledger, each)) is not None]
    others = [each.project for each in states if year_of(each.project_id) != listed.year]
    doubts = _not_in(doubts, policy, others)
    if {each.project_id for each in listed.projects} <= set(on_record):
        own = (each for each in states if year_of(each.project_id) == listed.year and not each.closed)
        still = _not_in(doubts, policy, (each.project for each in own))
        doubts = [each for each in doubts if each not in still]
    return _told(doubts, asks=True)


def _names_single_things(policy: SupervisionPolicy) -> bool:
    of = policy.life_cycle_of
    return bool(of.categories or of.projects or policy.projects or policy.milestones)


def _not_in(
    doubts: list[UnmatchedName], policy: SupervisionPolicy, projects: Iterable[KeyProject]
) -> list[UnmatchedName]:
    """Which of these names those projects have not either."""
    missing = {(each.table, each.name) for each in unmatched_names(policy, projects)}
    return [each for each in doubts if (each.table, each.name) in missing]


def _told(doubts: list[UnmatchedName], *, asks: bool = False) -> str:
    if not doubts:
        return ""
    named = "、".join(map(_said, doubts[:_SHOWN])) + ("……" if len(doubts) > _SHOWN else "")
    if asks:
        return f"督办规则里，{named}：清单中没有，这些规定不起作用，请改成清单中的写法或删去；确要这样启动的，请确认。"
    return f"督办规则里，{named}：清单中没有，这些规定不起作用，请改成清单中的写法或删去。"


def _said(doubt: UnmatchedName) -> str:
    if doubt.near:
        return f"{doubt.table} 所写的“{doubt.name}”（相近的有“{doubt.near}”）"
    return f"{doubt.table} 所写的“{doubt.name}”"


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
