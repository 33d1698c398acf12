"""What every store of the register guarantees: what was put comes back, in any order, filtered, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, get_args

from domain.colours import WORST_LAST
from domain.ids import milestone_id_for, sub_duty_id_for
from domain.ports.outlook import Foretold, ForetoldPaper
from domain.ports.register import DutyQuery, DutySort, MatterQuery, ProjectQuery, ProjectSort
from domain.ports.register_lines import DeputyRow, DutyRow, MatterRow, ProjectRow, RegisteredProject
from domain.rules.life_cycle import LimitKind
from domain.state import MilestoneStage, ProjectStage
from tests.adapters.ledger.conftest import SteppedClock, Store
from tests.adapters.ledger.in_memory_ledger import InMemoryLedger
from tests.adapters.ledger.samples import MORNING, decision, reminder

DEPARTMENTS = ("组织部", "宣传部", "教务处", "student office")
DAYS = (None, *(date(2018, 5, 1) + timedelta(days=number) for number in range(20)))


def a_project(rng: Random, number: int, *, events: int = 3) -> RegisteredProject:
    """A project with rows of any content."""
    project_id, lead = f"2018-{number:02d}", rng.choice(DEPARTMENTS)
    row = ProjectRow(
        project_id=project_id,
        year=rng.choice([2018, 2019]),
        title=rng.choice(["挂兼职干部", "青年之家建设", "Youth's 100%_plan"]),
        lead_department=lead,
        category=rng.choice([None, "改革"]),
        source=rng.choice([None, "市委常委会", "政府工作报告"]),
        responsible_leader=rng.choice([None, "张副市长"]),
        light=rng.choice(WORST_LAST),
        explanation="时限2018-05-31，未到期；已签收，未反馈。",
        stage=rng.choice(get_args(ProjectStage)),
        next_due_on=rng.choice(DAYS),
        milestones=3,
        settled=rng.randrange(3),
        overdue=rng.randrange(3),
        unsigned=rng.randrange(3),
        undecided=rng.randrange(2),
        directives=rng.randrange(2),
        unsettled=rng.randrange(4),
        to_strike_off=rng.randrange(2),
        struck_off=rng.randrange(3),
        matters=rng.randrange(3),
        extensions=rng.randrange(2),
        inspections=rng.randrange(2),
        events=events,
        as_of=MORNING,
        changes_at=rng.choice([None, MORNING + timedelta(days=rng.randrange(1, 5))]),
    )
    duties = tuple(a_duty(rng, project_id, lead, place) for place in range(rng.randrange(1, 5)))
    matters = tuple(a_matter(rng, row) for _ in range(rng.randrange(3)))
    deputies = tuple(a_deputy(rng, project_id) for _ in range(rng.randrange(3)))
    return RegisteredProject(row, duties, f'{{"project_id":"{project_id}","节点":[]}}', matters, deputies)


def part_of(project: RegisteredProject, ordinal: int) -> RegisteredProject:
    """The same rows as those of a sub-duty."""
    project_id = sub_duty_id_for(project.duties[0].milestone_id, ordinal)
    duties = tuple(
        duty.model_copy(update={"project_id": project_id, "milestone_id": milestone_id_for(project_id, place)})
        for place, duty in enumerate(project.duties, start=1)
    )
    row = project.row.model_copy(update={"project_id": project_id})
    return RegisteredProject(row, duties, project.view)


def a_deputy(rng: Random, project_id: str) -> DeputyRow:
    """A deputy of any department."""
    return DeputyRow(
        project_id=project_id,
        principal=f"department:{rng.choice(DEPARTMENTS)}",
        deputy=f"department:{rng.choice(DEPARTMENTS)}:王五",
        from_on=date(2018, 5, 1),
        until_on=date(2018, 5, 10 + rng.randrange(3)),
        deputy_person=rng.choice([None, "P0007"]),
    )


def a_matter(rng: Random, row: ProjectRow) -> MatterRow:
    """A matter of any content."""
    kind = rng.choice(get_args(LimitKind))
    return MatterRow(
        project_id=row.project_id,
        milestone_id=rng.choice([None, f"{row.project_id}-01"]),
        title=row.title,
        description=rng.choice(["", "印发通知"]),
        kind=kind,
        owner=rng.choice(DEPARTMENTS),
        about=rng.choice([None, *DEPARTMENTS]),
        due_on=date(2018, 5, 1 + rng.randrange(20)),
        working_days_late=rng.randrange(3),
        of_the_section=rng.random() < 0.5,
    )


def a_duty(rng: Random, project_id: str, lead: str, place: int) -> DutyRow:
    """A duty of any content."""
    leads = place % 2 == 0
    return DutyRow(
        project_id=project_id,
        milestone_id=f"{project_id}-{place // 2 + 1:02d}",
        department=lead if leads else rng.choice(DEPARTMENTS),
        role="lead" if leads else "participant",
        description=rng.choice(["召开座谈会", "印发通知", "建成平台"]),
        stage=rng.choice(get_args(MilestoneStage)),
        light=rng.choice(WORST_LAST),
        explanation="已销号。",
        answer_by=rng.choice(DAYS),
        approved_due_on=rng.choice(DAYS),
        done_on=rng.choice(DAYS),
        open=rng.random() < 0.5,
        signed=rng.random() < 0.5,
        stopped=rng.random() < 0.5,
        early=rng.random() < 0.5,
        breaches=rng.randrange(3),
        reports=rng.randrange(9),
        done_by=rng.choice([None, None, *DEPARTMENTS]) if leads else None,
    )


def any_project_query(rng: Random) -> ProjectQuery:
    """Any filter, sort and page."""
    maybe: dict[str, Sequence[Any]] = {
        "year": [2018],
        "lead": DEPARTMENTS,
        "participant": DEPARTMENTS,
        "lights": [("red",), ("yellow", "green")],
        "stages": [("assigned", "in_progress"), ("archived",)],
        "due_from": DAYS[1:],
        "due_until": DAYS[1:],
        "text": ["干部", "之家", "通知", "张副", "100%_", "没有", "'"],
        "category": ["改革"],
        "source": ["市委常委会", "没有"],
        "leader": ["张副市长", "没有"],
        "overdue": [True, False],
        "undecided": [True, False],
        "directed": [True, False],
        "among": [("2018-01", "2018-07", "2018-99"), ()],
    }
    chosen = {name: rng.choice(values) for name, values in maybe.items() if rng.random() < 0.15}
    order = {"sort": rng.choice(get_args(ProjectSort)), "descending": rng.random() < 0.5}
    return ProjectQuery(**chosen, **order, limit=rng.choice([None, 1, 5, 50]))


def any_duty_query(rng: Random) -> DutyQuery:
    """Any filter, sort and page."""
    maybe: dict[str, Sequence[Any]] = {
        "department": DEPARTMENTS,
        "among": [(), ("2018-07", "2018-30")],
        "role": ["lead", "participant"],
        "project_id": ["2018-07"],
        "year": [2018, 2019],
        "lights": [("red", "grey")],
        "stages": [("assigned",), ("completed", "struck_off")],
        "open": [True, False],
        "signed": [True, False],
        "due_from": DAYS[1:],
        "due_until": DAYS[1:],
        "text": ["通知", "座谈", "无此"],
    }
    chosen = {name: rng.choice(values) for name, values in maybe.items() if rng.random() < 0.2}
    order = {"sort": rng.choice(get_args(DutySort)), "descending": rng.random() < 0.5}
    return DutyQuery(**chosen, **order, limit=rng.choice([None, 1, 5, 50]))


def any_matter_query(rng: Random) -> MatterQuery:
    """Any filter and page."""
    maybe: dict[str, Sequence[Any]] = {
        "owner": DEPARTMENTS,
        "of_the_section": [True, False],
        "kinds": [("completion_review", "receipt")],
        "late": [True, False],
        "among": [("2018-01", "2018-07"), ()],
    }
    chosen = {name: rng.choice(values) for name, values in maybe.items() if rng.random() < 0.3}
    return MatterQuery(**chosen, limit=rng.choice([None, 1, 5, 50]))


async def test_any_question_is_answered_as_by_plain_loops_over_all_rows(store: Store) -> None:
    """Three hundred questions of each kind: the same rows in the same order, the same counts, in every store."""
    rng = Random(12)
    projects = [a_project(rng, number) for number in range(1, 46)]
    loops = InMemoryLedger(SteppedClock()).register()
    register = store.register()
    await loops.keep(projects)
    await register.keep(projects)

    found = 0
    for _ in range(360):
        query, duties, matters = any_project_query(rng), any_duty_query(rng), any_matter_query(rng)
        page, listed, waiting = register.projects(query), register.duties(duties), register.matters(matters)
        assert page == loops.projects(query), query
        assert listed == loops.duties(duties), duties
        assert waiting == loops.matters(matters), matters
        found += len(page.rows)
        way = rng.choice(["after", "before"])
        each: tuple[tuple[Any, ...], ...] = (
            (page.lies, register.projects, loops.projects, query),
            (listed.lies, register.duties, loops.duties, duties),
            (waiting.lies, register.matters, loops.matters, matters),
        )
        for lies, ask, same, asked in each:
            beside = asked.model_copy(update={way: lies.last or None, "limit": rng.choice([None, 1, 5])})
            assert ask(beside) == same(beside), beside
    assert found > 1_000
    assert register.departments() == loops.departments()
    assert register.deputy_rows() == loops.deputy_rows()
    for day in (date(2018, 4, 30), date(2018, 5, 1), date(2018, 5, 11), date(2018, 5, 12), date(2018, 5, 13)):
        assert register.deputies_on(day) == loops.deputies_on(day)
    assert 0 < len(loops.deputies_on(date(2018, 5, 12))) < len(loops.deputy_rows())
    for year in (2018, 2019, 2020):
        assert register.months(year) == loops.months(year)
    for name in (*DEPARTMENTS, "没有"):
        for most in (2, 50):
            day = date(2018, 5, 8)
            assert register.agenda(name, day, day + timedelta(days=4), most) == loops.agenda(
                name, day, day + timedelta(days=4), most
            )
        for several in ({"leads": (name, DEPARTMENTS[1])}, {"participants": (name, DEPARTMENTS[2])}):
            asked = ProjectQuery(**several, limit=9)  # type: ignore[arg-type]  # one of these two
            assert register.projects(asked) == loops.projects(asked)
            assert loops.projects(asked).count > 0
        assert register.deputies(f"department:{name}") == loops.deputies(f"department:{name}")
        deputy = f"department:{DEPARTMENTS[0]}:王五"
        assert register.deputed(f"department:{name}", deputy) == loops.deputed(f"department:{name}", deputy)
    below = [part_of(a_project(rng, number), part) for number in range(1, 7) for part in (1, 2)]
    await loops.keep(below)
    await register.keep(below)
    assert sum(loops.year_end(year, 1).sub_duties for year in (2018, 2019)) > 1
    for year in (2018, 2019, 2020):
        for most in (1, 50):
            assert register.year_end(year, most) == loops.year_end(year, most)
    assert register.choices() == loops.choices()
    assert list(register.stages().items()) == list(loops.stages().items())


async def test_what_is_red_before_it_is_due_is_not_overdue(store: Store) -> None:
    """Of a department's day: under what is overdue stands nothing whose day is still to come."""
    rng, register, day = Random(12), store.register(), date(2018, 5, 8)
    await register.keep([a_project(rng, number) for number in range(1, 46)])
    found: dict[str, int] = {}
    for name in DEPARTMENTS:
        for part in register.agenda(name, day, day, 50):
            over = {row.light == "red" and row.answer_by is not None and row.answer_by < day for row in part.rows}
            if part.urgency in ("overdue", "behind"):
                assert over == {part.urgency == "overdue"}, part
                found[part.urgency] = found.get(part.urgency, 0) + part.count
    assert found.keys() == {"overdue", "behind"}


async def test_what_was_put_comes_back_as_it_was(store: Store) -> None:
    """The row, the duties in their order, the view to the last character; what is not there is not answered."""
    project = a_project(Random(1), 7)
    register = store.register()
    await register.keep([project])

    assert register.projects(ProjectQuery()).rows == (project.row,)
    assert register.duties(DutyQuery(project_id="2018-07")).rows == project.duties
    assert register.views(["2018-07", "2018-08"]) == {"2018-07": project.view}


async def test_a_later_look_takes_the_place_of_an_earlier_one_and_never_the_other_way(store: Store) -> None:
    """More events win, then the later instant; duties that fell away are gone."""
    rng = Random(5)
    old = a_project(rng, 7)
    more = RegisteredProject(old.row.model_copy(update={"events": 4, "title": "新"}), old.duties[:1], "{}")
    later = RegisteredProject(more.row.model_copy(update={"as_of": MORNING + timedelta(minutes=1)}), (), "{}")
    register = store.register()
    for kept, stands in ((more, more), (old, more), (later, later), (more, later)):
        await register.keep([kept])
        assert register.projects(ProjectQuery()).rows == (stands.row,)
        assert register.duties(DutyQuery()).rows == stands.duties


async def test_the_register_says_how_far_it_has_come_and_never_claims_more_than_the_ledger_has(store: Store) -> None:
    """Behind by what was recorded since; taken only where nothing before is missing, and not beyond the end."""
    register = store.register()
    await store.record(decision(reminder(0), reminder(1), stream="key-project/2018/05a"))
    await store.record(decision(reminder(0), stream="key-project/2018/06"))

    assert set(register.changed()[2]) == {"key-project/2018/05a", "key-project/2018/06"}
    assert not await register.take(0, 4)
    assert await register.take(0, 2)
    assert not await register.take(3, 3)
    assert register.standing(MORNING).behind == 1
    assert register.changed() == (2, 3, ["key-project/2018/06"])
    assert await register.take(2, 3)
    assert await register.take(0, 1)
    assert register.standing(MORNING).complete
    assert (*register.changed()[:2], len(register.changed()[2])) == (3, 3, 0)


async def test_a_row_is_due_when_its_instant_has_come(store: Store) -> None:
    """At the instant itself, not a moment before; one that holds for ever never is."""
    rng = Random(2)
    whole = a_project(rng, 1)
    instants = {"2018-01": None, "2018-02": MORNING + timedelta(hours=1), "2018-03": MORNING + timedelta(hours=2)}
    register = store.register()
    await register.keep(
        [
            RegisteredProject(whole.row.model_copy(update={"project_id": name, "changes_at": at}), (), "{}")
            for name, at in instants.items()
        ]
    )
    assert register.due(MORNING + timedelta(minutes=59, seconds=59)) == []
    assert register.due(MORNING + timedelta(hours=1)) == ["2018-02"]
    assert register.standing(MORNING + timedelta(hours=3)).due == 2


async def test_what_was_derived_by_a_clock_ahead_is_derived_again_as_soon_as_the_clock_is_right(store: Store) -> None:
    """A machine's clock that ran a day ahead and was put back leaves no row of a day that has not come."""
    right = a_project(Random(3), 1)
    ahead = RegisteredProject(
        right.row.model_copy(update={"as_of": MORNING + timedelta(days=1), "title": "次日"}), (), "{}"
    )
    register = store.register()
    await register.keep([right])
    await register.keep([ahead])
    assert register.due(MORNING) == ["2018-01"]
    assert register.standing(MORNING).due == 1
    await register.keep([right])
    assert register.projects(ProjectQuery()).rows == (right.row,)
    assert register.due(MORNING) == []


async def test_what_is_dropped_is_gone_and_what_was_derived_before_cannot_be_claimed(store: Store) -> None:
    """After a clearing nothing is taken, so that who followed from where it was before begins anew."""
    register = store.register()
    await store.record(decision(reminder(0)))
    await register.keep([a_project(Random(1), 7)])
    assert await register.take(0, 1)
    await register.clear()

    assert register.projects(ProjectQuery()).count == 0
    assert register.duties(DutyQuery()).count == 0
    assert register.views(["2018-07"]) == {}
    assert not await register.take(1, 1)
    assert register.changed()[0] == 0


async def test_what_was_counted_before_a_row_changed_is_answered_to_nobody(store: Store) -> None:
    """Put, put again, dropped, by this program and by another: each time all is counted as by plain loops, for each."""
    rng, day = Random(21), date(2018, 5, 8)
    loops, ours = InMemoryLedger(SteppedClock()).register(), store.register()
    theirs = store.register()  # what another program on the same store has
    questions = [ProjectQuery(lead=name, limit=1) for name in DEPARTMENTS]
    duties = [DutyQuery(department=name, limit=1) for name in DEPARTMENTS]
    matters = [MatterQuery(owner=name, limit=1) for name in DEPARTMENTS]

    async def the_same() -> None:
        for register in (ours, theirs):
            for _twice in range(2):
                assert [register.projects(each) for each in questions] == [loops.projects(each) for each in questions]
                assert [register.duties(each) for each in duties] == [loops.duties(each) for each in duties]
                assert [register.matters(each) for each in matters] == [loops.matters(each) for each in matters]
                assert (register.choices(), register.departments()) == (loops.choices(), loops.departments())
                assert (register.months(2018), register.year_end(2018, 3)) == (
                    loops.months(2018),
                    loops.year_end(2018, 3),
                )
                for name in DEPARTMENTS:
                    assert register.agenda(name, day, day, 2) == loops.agenda(name, day, day, 2)

    for turn in range(1, 9):
        projects = [a_project(rng, rng.randrange(1, 20), events=turn)]
        for register in (loops, rng.choice([ours, theirs])):
            await register.keep(projects)
        await the_same()
    for register in (loops, ours):
        await register.clear()
    await the_same()
    assert theirs.projects(ProjectQuery()).count == 0


async def test_what_is_foretold_is_counted_anew_when_it_changed(store: Store) -> None:
    """A project that something happened to is due at once, and its papers are counted as soon as they are kept."""
    rng, register, day = Random(8), store.register(), MORNING.date()
    await register.keep([a_project(rng, 1)])
    assert register.outlook.due(MORNING) == ["2018-01"]
    for events, papers in ((3, 1), (4, 2), (5, 0)):
        await register.keep([a_project(rng, 1, events=events)])
        assert register.outlook.due(MORNING) == ["2018-01"]
        paper = ForetoldPaper(on=day, to="组织部", kind="reminder", milestone_id=None, copy_of=False)
        await register.outlook.keep([Foretold("2018-01", events, day, day + timedelta(days=60), (paper,) * papers)])
        assert sum(register.outlook.counts(day).values()) == papers
        assert register.outlook.due(MORNING) == []
    assert register.outlook.due(MORNING + timedelta(days=61)) == ["2018-01"]
