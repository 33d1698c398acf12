"""Rules for single categories, projects or milestones that hold for nothing: told before anybody counts on them."""

from __future__ import annotations

from collections.abc import Iterable

from domain.ids import year_of
from domain.ports.ledger import Ledger
from domain.project import KeyProject, ProjectList
from domain.record.recorded_projects import listed_projects, recorded_state, recorded_states
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
