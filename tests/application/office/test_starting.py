"""Whom the papers of a year may reach: each needs a mailbox, or its papers would wait in the outbox for ever."""

from __future__ import annotations

from application.office.starting import addressees_for, addressees_of
from domain.rules.policy import SupervisionPolicy, default_policy
from entrypoints.bootstrap import load_plan
from tests.entrypoints.installation import PLAN

LISTED = load_plan(PLAN)
FIRST = LISTED.projects[0]


def test_the_superiors_of_both_sides_have_a_mailbox() -> None:
    """The ladder's, the participants', those of the limits of departments and of the supervision section itself."""
    found = set(addressees_for(FIRST, default_policy()))
    assert found == {
        "组织部",
        "基层工作部",
        "督查室",
        "组织部主要负责人",
        "基层工作部主要负责人",
        "督查室主任",
        "分管领导",
        "主要领导",
    }


def test_a_policy_of_the_first_version_reaches_whom_it_always_did() -> None:
    """Departments and the superiors of the ladder of the due dates; nobody of the limits."""
    assert set(addressees_for(FIRST, SupervisionPolicy())) == {
        "组织部",
        "基层工作部",
        "组织部主要负责人",
        "分管领导",
        "主要领导",
    }


def test_an_addressee_of_many_projects_is_named_once() -> None:
    """The whole list: nobody twice, everybody of each project."""
    found = addressees_of(LISTED, default_policy())
    assert len(found) == len(set(found))
    assert {name for project in LISTED.projects for name in addressees_for(project, default_policy())} == set(found)
