"""A list is started: what is new begins, what changed is amended, what is gone is withdrawn; repeatable."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from application.office.acts_on_parts import By
from application.office.given_with_whole import Ending
from application.office.issuing import issue
from application.office.known_names import doubtful_names
from application.office.named_givers import must_be_no_department
from application.office.office import Office
from application.office.open_texts import must_be_open, must_be_open_here
from application.office.planning import apply_plan, planned_acts
from application.office.signing import AskedAct, Give, acts_to_sign, giving_with, signed_together
from application.office.starting import Started, Year, anchor_of, clock_asked_for, must_agree
from application.office.sub_duties import parts_left, settle_sub_duties
from application.office.unmatched_rules import unmatched_at_start
from domain.actors import Actor, operator
from domain.acts.act_digest import GivenAct
from domain.acts.spelling import departments_in
from domain.clock import VirtualClock, office_day
from domain.directory.directory import Directory
from domain.directory.naming import acting, second_person
from domain.errors import InputError, NoWorkerError
from domain.ids import ProjectId, year_of
from domain.lists.letters import with_running_letters
from domain.project import ProjectList
from domain.record.recorded_directory import DirectoryReader
from domain.record.recorded_projects import listed_projects, recorded_projects, recorded_state, recorded_states
from domain.rules.calendar import WorkingCalendar
from domain.rules.policy import SupervisionPolicy
from domain.state import ProjectState

_SEVERAL, _SHOWN = 3, 10
SUPERVISION_SECTION = "督查人员"
"""Who amends and withdraws where nobody is named."""
Told = Callable[[Started], None]


@dataclass(frozen=True, slots=True)
class Start:
    """A list with the rules that it starts under, the calendar that is asked for, and who starts it.

    `confirmed` says that a person has seen what is doubtful of it, and means it; `confirmed_by` is another person who
    confirms that much of what runs is to be withdrawn.
    """

    listed: ProjectList
    policy: SupervisionPolicy
    calendar: WorkingCalendar
    as_of: date | datetime | None = None
    speed: int = 1
    by: str = SUPERVISION_SECTION
    confirmed: bool = False
    confirmed_by: str | None = None

    @property
    def beside(self) -> str:
        """What each basis says of the second person."""
        return f"（确认人：{self.confirmed_by}）" if self.confirmed_by else ""

    def clock(self, engine_now: datetime) -> VirtualClock:
        """The calendar that is asked for."""
        return clock_asked_for(self.as_of, self.speed, engine_now)


async def start_list(
    office: Office, start: Start, told: Told = lambda _: None, *, at_work: bool = False
) -> tuple[VirtualClock, list[Started]]:
    """Start a list; answer the installation's calendar and what became of each project.

    Where nobody works, nothing is asked of the engine: no calendar is settled, and no supervision waits for somebody. A
    process that is `at_work` itself need not ask: the engine hears of it a moment later.

    Raises:
        OtherCalendarError: the installation has another calendar.
        DoubtfulStartError: the list begins before it was issued, or under the clock of another year; a person is asked.
        SecondPersonForListError: it withdraws much of what runs, and nobody else confirms it.
        NotOnePersonError: whoever starts it is nobody in the directory, or one of several.
        EngineUnreachableError: the engine does not answer.
    """
    try:
        if not at_work:
            await office.engine.must_have_worker()
    except NoWorkerError as error:
        results = [Started(project.project_id, "failed", error.text) for project in start.listed.projects]
        return office.clock if office.records.ledger.clock() else start.clock(office.engine_now()), results
    await asyncio.to_thread(must_be_open, start.listed, start.policy.refused_words)
    must_be_open(start.policy, ())
    await must_be_open_here(office.records, (start.by, start.confirmed_by))
    await must_be_no_department(office.records, *(operator(name) for name in (start.by, start.confirmed_by) if name))
    await asyncio.to_thread(_must_be_somebody, office, start)
    if not start.confirmed:
        await asyncio.to_thread(must_not_be_doubtful, office, start)
    await asyncio.to_thread(must_be_confirmed, office, start)
    clock = await _settled_clock(office, start)
    year = Year(start.listed, start.policy, start.calendar, clock)
    issued, by = partial(issue, office, by=start.by), operator(start.by)
    left = await _left(office, by)
    ending = Ending(by, parts={each.state.project_id: each for each in left})

    async def asking(asked: Sequence[AskedAct]) -> Give:
        nonlocal ending
        ending = replace(ending, own_key=await signed_together(office, _with_left(asked, left)))
        return giving_with(office, asked, ending.own_key)

    results = await apply_plan(office.engine, office.records.ledger, year, start.by, told, asking, issued, start.beside)
    given = {each.project_id for each in results}
    return clock, [*results, *await settle_sub_duties(office, ending, given)]


async def acts_of_start(office: Office, start: Start) -> list[GivenAct]:
    """The acts of a start as its person's own key signs them; none where it is asked for none. Nothing is given.

    Raises:
        TooManyToSignError: they are more than one signature covers.
        EngineUnreachableError: the engine does not answer.
    """
    acts = await planned_acts(office.engine, office.records.ledger, start.listed, start.by, start.beside)
    return await acts_to_sign(office, _with_left(acts.asked, await _left(office, operator(start.by))))


async def _left(office: Office, by: Actor) -> list[AskedAct]:
    return await asyncio.to_thread(parts_left, office.records.ledger, By(by))


def _with_left(asked: Sequence[AskedAct], left: Sequence[AskedAct]) -> list[AskedAct]:
    # What an earlier stop left is signed with the list: after it, nobody is there to sign any more.
    known = {each.state.project_id for each in asked}
    return [*asked, *(each for each in left if each.state.project_id not in known)]


class DoubtfulStartError(InputError, rule="plausible_start"):
    """A list would begin on a day that can hardly be meant: nothing is started before a person says so."""


def _must_be_somebody(office: Office, start: Start) -> None:
    if start.by != SUPERVISION_SECTION:
        _starter(office, start, office.records.persons.now())


def _starter(office: Office, start: Start, directory: Directory) -> Actor:
    own = office.giver.by.person_id if office.giver is not None else None
    return acting(operator(start.by), directory, office.now(), own)


def must_not_be_doubtful(office: Office, start: Start) -> None:
    """Ask before a list is started that can hardly be meant: incomplete, with names that nobody knows, under rules
    for what it has not, too early, under another year's clock. All of it is asked at once, for one answer means it all.

    Raises:
        DoubtfulStartError: the sentences say why, and how a person says that it is meant.
    """
    said = f"{_left_out(office, start)}{doubtful_words(office, start)}{_wrong_day(office, start)}"
    if said:
        raise DoubtfulStartError(said)


def _left_out(office: Office, start: Start) -> str:
    running, dropped = _dropped(office, start)
    if not dropped:
        return ""
    percent = start.policy.mass_acts.withdrawn_at_most_percent
    return (
        f"这份清单没有列入在办的{len(running)}个项目中的{len(dropped)}个（超过{percent}%），启动后将予撤销："
        f"{'、'.join(dropped[:_SHOWN])}{'……' if len(dropped) > _SHOWN else ''}；"
        "请核对是不是完整的清单，可先看逐项的变化；确要撤销的，请确认"
        f"{'，须两人办理' if _needs_two(running) else ''}。"
    )


def doubtful_words(office: Office, start: Start) -> str:
    """What is to be asked about the names in a list and in its rules, a sentence for each."""
    return unknown_names(office, start) + unmatched_at_start(start.policy, start.listed, office.records.ledger)


def unknown_names(office: Office, start: Start) -> str:
    """What is to be asked about the names in a list, in one sentence; nothing where all of them are known."""
    ledger = office.records.ledger
    directory, day = office.records.persons.now(), office_day(office.now())
    if not doubtful_names(start.listed, directory, day, ()):
        return ""  # what runs is folded only where it can change the answer
    running = {
        name
        for state in recorded_states(ledger).values()
        for name in (
            *departments_in(state),
            state.project.responsible_leader,
            *(ruling.ruled_by for ruling in state.rulings),
        )
        if name
    }
    said = doubtful_names(start.listed, directory, day, running)
    if not said:
        return ""
    named = f"{'、'.join(said[:_SHOWN])}{'……' if len(said) > _SHOWN else ''}"
    return f"这份清单里，{named}：请核对名称，或请管理员先登记；确要这样启动的，请确认。"


def _wrong_day(office: Office, start: Start) -> str:
    listed = start.listed
    if _ids(listed) & set(recorded_projects(office.records.ledger)):
        return ""  # it runs already: what is asked for now is a change of it
    kept = office.records.ledger.clock()
    today = (kept or start.clock(office.engine_now())).supervised(office.engine_now()).date()
    if today < listed.issued_on:
        return (
            f"今天是 {today}，清单 {listed.issued_on} 才印发：请写明起始日期，或核对清单的印发日期；"
            "确要提前启动的，请确认。"
        )
    if kept is not None and today.year > listed.year:  # the next year's is started as soon as this one was closed
        return f"这套引擎的日历走到 {today}，清单却是 {listed.year} 年的：请另选数据目录；确要在这里启动的，请确认。"
    return ""


class SecondPersonForListError(InputError, rule="second_person_for_list"):
    """A list that withdraws much of what runs is started by two persons."""


def must_be_confirmed(office: Office, start: Start) -> None:
    """Hold that another person confirms a list that withdraws much of what runs, where the policy asks for two.

    Raises:
        SecondPersonForListError: nobody does, or the same person.
        NotOnePersonError: one of them is nobody in the directory, or none of the supervision section.
    """
    dropped = withdrawn_by_two(office, start)
    if not dropped:
        return
    if not _is_another(office, start):
        raise SecondPersonForListError(
            f"这份清单启动后将撤销在办的{len(dropped)}个项目，须两人办理，没有启动："
            "请由一位准备、另一位确认，不能是同一人。",
            dropped=len(dropped),
        )


def _is_another(office: Office, start: Start) -> bool:
    if start.confirmed_by is None:
        return False
    directory = office.records.persons.now()
    second = second_person(operator(start.confirmed_by), directory, office.now())
    return not _starter(office, start, directory).known.is_same(second.known)


def withdrawn_by_two(office: Office, start: Start) -> list[ProjectId]:
    """The projects that a list leaves out, where they are so many that it is started by two persons."""
    running, dropped = _dropped(office, start)
    return dropped if _needs_two(running) else []


def _ids(listed: ProjectList) -> set[ProjectId]:
    return {project.project_id for project in listed.projects}


def _dropped(office: Office, start: Start) -> tuple[dict[ProjectId, ProjectState], list[ProjectId]]:
    """What runs of the list's year, and what of it the list leaves out, where that is more than can be an oversight."""
    ledger, listed = office.records.ledger, _ids(start.listed)
    known = [each for each in listed_projects(ledger) if year_of(each) == start.listed.year]
    if len([each for each in known if each not in listed]) < _SEVERAL:
        return {}, []  # who drops nothing waits for no fold of ten thousand projects
    states = {each: state for each in known if (state := recorded_state(ledger, each)) is not None}
    listed = _ids(with_running_letters(start.listed, {each: state.project for each, state in states.items()}))
    running = {each: state for each, state in states.items() if not state.closed}
    dropped = [each for each in running if each not in listed]
    percent = start.policy.mass_acts.withdrawn_at_most_percent
    many = len(dropped) >= _SEVERAL and len(dropped) * 100 > percent * len(running)
    return running, dropped if many else []


def _needs_two(running: Mapping[ProjectId, ProjectState]) -> bool:
    """Whether what runs asks for two persons: its own rules, not those that the new list brings."""
    return any(state.policy.mass_acts.two_persons for state in running.values())


def _must_let_somebody_in(office: Office, asked: VirtualClock) -> None:
    """Refuse a first day before any administrator's: nobody could sign in, and no calendar is ever settled again.

    Raises:
        InputError: the directory has administrators, and none of them on that day.
    """
    at = asked.supervised(office.engine_now())
    since = _administrators_since(office.records.persons)
    if since is not None and not office.records.persons.known_at(at).holders("administrator", office_day(at)):
        raise InputError(
            f"没有启动：名册里自 {since} 起才有登记了的管理员，把 {office_day(at)} 当作今天就谁也不能登录或办理；"
            f"请写 {since} 或以后的一天，或者换一个空的数据目录，先启动，再登记名册。"
        )


def _administrators_since(persons: DirectoryReader) -> date | None:
    """The first day that begins with an administrator on record: an act is heard by what the directory said then."""
    grants = [grant for grant in persons.now().grants if grant.role == "administrator"]
    on_record = persons.known_since(lambda known: any(grant.role == "administrator" for grant in known.grants))
    if not grants or on_record is None:
        return None
    day = office_day(on_record)
    known = day if anchor_of(day) >= on_record else day + timedelta(days=1)
    return max(known, min(grant.period.from_on for grant in grants))


def first_day(office: Office) -> date | None:
    """The earliest day that a year may begin with, where no calendar is settled yet and somebody is administrator."""
    if office.records.ledger.clock() is not None:
        return None
    return _administrators_since(office.records.persons)


async def _settled_clock(office: Office, start: Start) -> VirtualClock:
    """The installation's one calendar: the one kept, or the one asked for."""
    asked = start.clock(office.engine_now())
    kept = await asyncio.to_thread(office.records.ledger.clock)
    if kept is None:
        await asyncio.to_thread(_must_let_somebody_in, office, asked)
        return await office.records.ledger.settle_clock(asked)
    asked_at_all = start.as_of is not None or start.speed != 1
    must_agree(kept, asked, str(office.settings.data), asked_at_all=asked_at_all)
    return kept
