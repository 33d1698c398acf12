"""What is looked at before a year is planned, started or rehearsed: whether all of its list can be opened."""

from __future__ import annotations

from application.office.kept_rules import kept_rules
from application.office.unmatched_rules import unmatched_rules
from application.settings import Settings
from domain.clock import OFFICE_TIME
from domain.lists.startable import must_be_startable as every_project_can_start
from domain.ports.ledger import Ledger
from domain.project import ProjectList
from domain.rules.policy import SupervisionPolicy
from entrypoints.bootstrap import calendar_of, engine_now, policy_of
from entrypoints.cli.session import err


def must_be_startable(listed: ProjectList, settings: Settings | None = None) -> None:
    """Hold that a list can be started, before anything of it is: under these settings, or with the built-in rules.

    Raises:
        InputError: it cannot; the sentence names the project and the field.
    """
    settings = settings or Settings()
    calendar, now = calendar_of(settings, listed.year), engine_now().astimezone(OFFICE_TIME)
    every_project_can_start(listed, policy_of(settings), calendar, now)


def tell_unmatched(listed: ProjectList, *policies: SupervisionPolicy) -> None:
    """Say beside an answer what policies have for categories, projects or milestones that a list has not."""
    for sentence in dict.fromkeys(unmatched_rules(policy, listed) for policy in policies):
        tell_besides(sentence)


def tell_besides(sentence: str) -> None:
    """Say a sentence beside an answer that programs read; nothing where there is none."""
    if sentence:
        err().print(sentence)


def kept_rules_told(policy: SupervisionPolicy, listed: ProjectList | None, ledger: Ledger) -> str:
    """Which projects keep the rules that they began with, and the command that says what the others would change."""
    told = kept_rules(policy, listed, ledger)
    return f"{told}有什么不同，见 duban audit what-if。" if told else ""
