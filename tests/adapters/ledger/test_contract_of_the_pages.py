"""What every store of the register guarantees of lists page by page: on and back, while rows come and go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any, get_args

import pytest

from domain.colours import WORST_LAST
from domain.paging import UnreadablePlaceError
from domain.ports.register import DutyQuery, ProjectPage, ProjectQuery, ProjectSort
from tests.adapters.ledger.conftest import Store
from tests.adapters.ledger.test_contract_of_the_register import a_project


async def test_all_pages_of_any_order_are_the_whole_each_row_once(store: Store) -> None:
    """Forty-five projects by sevens, in every order and its reverse, on and back: the whole answer, and where."""
    rng = Random(3)
    projects = [a_project(rng, number) for number in range(1, 46)]
    register = store.register()
    await register.keep(projects)

    for sort in get_args(ProjectSort):
        for descending in (False, True):
            query = ProjectQuery(sort=sort, descending=descending)
            whole = register.projects(query).rows
            assert {row.project_id for row in whole} == {project.row.project_id for project in projects}
            on = _walked(register, query, "after", lambda page: page.lies.last)
            assert [page.lies.before for page in on] == list(range(0, 45, 7))
            assert tuple(row for page in on for row in page.rows) == whole
            back = _walked(register, query.model_copy(update={"before": ""}), "before", lambda page: page.lies.first)
            assert [page.lies.before for page in back] == [*range(38, 0, -7), 0]
            assert tuple(row for page in reversed(back) for row in page.rows) == whole
            assert {page.count for page in (*on, *back)} == {45}
    lights = [row.light for row in register.projects(ProjectQuery(sort="light")).rows]
    assert lights == sorted(lights, key=lambda light: -WORST_LAST.index(light))
    due = [row.next_due_on for row in register.projects(ProjectQuery(sort="due")).rows]
    assert due == sorted(due, key=lambda day: day or date.max)


def _walked(register: Any, query: ProjectQuery, way: str, edge: Callable[[ProjectPage], str]) -> list[ProjectPage]:
    """Every page, from the first that is asked for to the last one there is."""
    pages = [register.projects(query.model_copy(update={"limit": 7}))]
    while (page := register.projects(query.model_copy(update={"limit": 7, way: edge(pages[-1])}))).rows:
        pages.append(page)
    return pages


@pytest.mark.parametrize("sort", get_args(ProjectSort))
async def test_what_comes_or_goes_between_two_pages_moves_no_other_row(store: Store, sort: ProjectSort) -> None:
    """A third changes its place, or comes, while somebody pages on and back: all others are seen once, in order."""
    rng = Random(9)
    projects = [a_project(rng, number) for number in range(1, 46)]
    stay = {each.row.project_id for each in projects if int(each.row.project_id[-2:]) % 3}
    register = store.register()
    await register.keep(projects)

    query, seen = ProjectQuery(sort=sort, limit=4), list[str]()
    page, events = register.projects(query), 4
    while page.rows:
        seen += [row.project_id for row in page.rows]
        await register.keep([a_project(rng, rng.randrange(1, 31) * 3, events=(events := events + 1))])
        place = page.lies.last
        page = register.projects(query.model_copy(update={"after": place}))
        if page.rows:
            before = register.projects(query.model_copy(update={"before": page.lies.first})).rows
            between = register.projects(query.model_copy(update={"before": page.lies.first, "after": place})).rows
            assert between == ()
            assert before[-1].project_id == seen[-1] or seen[-1] not in stay
    kept = [project_id for project_id in seen if project_id in stay]
    assert kept == [row.project_id for row in register.projects(ProjectQuery(sort=sort)).rows if row.project_id in stay]


async def test_a_beginning_of_a_place_is_behind_all_rows_that_begin_so(store: Store) -> None:
    """Duties behind a project: none of it, and the first of the next one; before it: those of the ones before."""
    rng, register = Random(2), store.register()
    await register.keep([a_project(rng, number) for number in (1, 2, 3)])
    behind = register.duties(DutyQuery(after="2018-02")).rows
    assert {row.project_id for row in behind} == {"2018-03"}
    before = register.duties(DutyQuery(before="2018-02")).rows
    assert {row.project_id for row in before} == {"2018-01"}


@pytest.mark.parametrize(
    ("sort", "place"),
    [
        ("light", "红 2018-05-31 2018-05a"),
        ("light", "1 \x00 x"),
        ("light", "\ud800"),
        ("light", "1 2018-05-31 nonsense"),
        ("project", "nonsense"),
        ("project", "2018-05a x"),
        ("due", "nonsense"),
        ("due", "2018-05a"),
        ("title", "挂兼职干部 nonsense"),
    ],
)
async def test_what_is_no_place_is_refused_in_a_sentence(store: Store, sort: ProjectSort, place: str) -> None:
    """Neither a store's own error nor another page than the one that was asked for."""
    register = store.register()
    await register.keep([a_project(Random(1), 1)])
    with pytest.raises(UnreadablePlaceError, match="不是这张清单里的位置"):
        register.projects(ProjectQuery(sort=sort, after=place))
