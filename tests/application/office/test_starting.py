"""Whom the papers of a year may reach: each needs a mailbox, or its papers would wait in the outbox for ever."""

from __future__ import annotations

import asyncio
from functools import partial

from application.office.starting import InTurn, Started, addressees_for, addressees_of
from domain.errors import NoWorkerError
from domain.rules.policy import SupervisionPolicy
from entrypoints.bootstrap.plan_files import load_plan
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


async def test_projects_are_started_in_the_lists_order_until_one_does_not_come_on_record() -> None:
    """Each waits for the one before it, so that orders are numbered as the list is; after a failure nobody waits."""
    in_turn, first, going = InTurn(), asyncio.Event(), asyncio.Event()
    begun: list[str] = []

    async def start(name: str) -> Started:
        begun.append(name)
        if name == "a":
            await first.wait()
        if name == "b":
            raise NoWorkerError(task_queue="duban")
        if name == "c":
            await going.wait()
        else:
            going.set()  # d does not wait for c
        return Started(name, "started")

    tasks = [asyncio.create_task(in_turn.started(partial(start, name))) for name in "abcd"]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert begun == ["a"]
    first.set()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert begun == ["a", "b", "c", "d"]
    assert [isinstance(each, NoWorkerError) for each in results] == [False, True, False, False]
