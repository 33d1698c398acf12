"""Whom the papers of a year may reach: each needs a mailbox, or its papers would wait in the outbox for ever."""

from __future__ import annotations

from application.office.starting import addressees_for, addressees_of
from domain.rules.policy import SupervisionPolicy
from entrypoints.bootstrap import load_plan
from tests.entrypoints.installation import PLAN

LISTED = load_plan(PLAN)
FIRST = LISTED.projects[0]


def test_the_superiors_of_both_sides_have_a_mailbox() -> None:
    """The ladder's, the participants', those of the limits of departments and of the supervision section itself."""
    found = set(addressees_for(FIRST, SupervisionPolicy()))
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


def test_an_addressee_of_many_projects_is_named_once() -> None:
    """The whole list: nobody twice, everybody of each project."""
    found = addressees_of(LISTED, SupervisionPolicy())
    assert len(found) == len(set(found))
    assert {name for project in LISTED.projects for name in addressees_for(project, SupervisionPolicy())} == set(found)
