"""What open projects hold in a worker's memory: the year's rules and calendar once, not once each."""

from __future__ import annotations

import gc
import math

import pytest

from domain.acts.commands import ReportProgress
from domain.rules.policy import SupervisionPolicy
from domain.state import ProjectState
from tests.domain.samples import request
from tests.workflows.conftest import PATIENT, Office

# Rules that no other test of this session has.
POLICY = PATIENT.model_copy(update={"spread_minutes": 7})


def held() -> list[ProjectState]:
    """The states of the projects under these rules that are alive in this process."""
    gc.collect()
    return [found for found in gc.get_objects() if isinstance(found, ProjectState) and found.policy == POLICY]


@pytest.mark.usefixtures("office")
def test_a_worker_looks_at_all_it_holds_only_after_ten_million_new_objects() -> None:
    """Meanwhile every project would stand still: half a second for a thousand of them."""
    assert math.prod(gc.get_threshold()) >= 10_000_000


async def test_all_projects_of_a_worker_hold_one_policy_and_one_calendar(office: Office) -> None:
    """Ten projects, some of them in a continued run, share one copy of what is the same for all."""
    projects = [await office.open(policy=POLICY, history_limit=30) for _ in range(10)]
    for _ in range(8):
        await projects[0].command(request(ReportProgress, projects[0].first))
    for project in projects:
        await project.handle.query("status")
    assert len(await projects[0].histories()) >= 2
    states = held()
    assert len({state.project_id for state in states}) == 10
    assert len({id(state.policy) for state in states}) == 1
    assert len({id(state.calendar) for state in states}) == 1
    others = [found for found in gc.get_objects() if isinstance(found, SupervisionPolicy) and found == POLICY]
    assert len(others) <= 2
