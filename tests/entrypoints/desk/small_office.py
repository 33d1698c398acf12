"""An office for tests of the desk: the real records and register, a core in the engine's place, a door in memory."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, cast

from application.accounts.accounts import Accounts
from application.accounts.opening import ListedAccount
from application.accounts.signing_in import Entered, Knock
from application.engine_room.engine import Engine
from application.office.acts import Act, give
from application.office.directory import AskedChange, change_directory
from application.office.office import Office
from application.records import Records
from application.settings import Settings, load_settings
from domain.accounts.account import login_key
from domain.accounts.refusals import NotSignedInError
from domain.accounts.sessions import Session
from domain.accounts.tokens import ApiToken
from domain.actors import operator
from domain.acts.commands import AnyCommand, AppointDeputy, CommandOutcome
from domain.acts.decisions import decide, outcome_of
from domain.acts.rejections import UnknownProjectError
from domain.directory import changes
from domain.directory.draft import Draft
from domain.directory.ids import DirectoryRole
from domain.directory.signed_in import SignedIn
from domain.errors import EngineUnreachableError
from domain.events import DomainEvent
from domain.evolution import fold
from domain.ids import ProjectId, supervision_workflow_id
from domain.lists.docketing import docket
from domain.papers.drafting import papers_for
from domain.papers.wording import in_english
from domain.ports.ledger import Decision
from domain.project import KeyProject, ListHeader
from domain.record.recorded_projects import recorded_state
from domain.state import ProjectState
from entrypoints.bootstrap import attestor_of, engine_now, open_records
from entrypoints.bootstrap.accounts import open_accounts
from entrypoints.core_sentences import paper_said
from entrypoints.desk.accounts_door import AccountsDoor, Invitation, MadeLink
from tests.domain.samples import HEADER, WHOLE_LIFE, Desk, at, key_project, milestone
from workflows.inputs import SupervisionInput

NOW = at("06-04 10:00")
PASSWORD = "correct horse battery"
OWN, OTHER = "组织部", "宣传部"
_ENGLISH_HEADER = HEADER.model_copy(update={"title": "Key Projects 2018"})


class CoreEngine:
    """Answers commands as a supervision does: the core decides, the ledger records."""

    def __init__(self, records: Records, now: Any) -> None:
        self._records = records
        self._now = now
        self.failing: Exception | None = None

    async def retention(self) -> timedelta:
        raise EngineUnreachableError("引擎没有应答。")

    async def must_have_worker(self) -> None:
        if self.failing is not None:
            raise self.failing

    async def start_project(self, given: SupervisionInput) -> bool:
        opening = given.opening
        assert opening is not None
        if recorded_state(self._records.ledger, opening.project.project_id) is not None:
            return False
        at = self._now()
        events = docket(opening.listed, opening.project, opening.policy, opening.calendar, at, opening.rulings)
        await _record(self._records.ledger, None, events)
        return True

    async def start_mailbox(self, given: object) -> bool:
        del given
        return True

    async def use_calendar(self, addressee: str, calendar: object) -> None:
        del addressee, calendar

    async def command(self, project_id: ProjectId, command: AnyCommand) -> CommandOutcome:
        if self.failing is not None:
            raise self.failing
        ledger = self._records.ledger
        state = recorded_state(ledger, project_id)
        if state is None:
            raise UnknownProjectError(project_id=project_id)
        events = decide(state, command, self._now())
        if not events:
            return outcome_of(state, command)
        after = await _record(ledger, state, events)
        return outcome_of(after, command)


async def _record(ledger: Any, before: ProjectState | None, events: Sequence[DomainEvent]) -> ProjectState:
    decision, after = _decision(before, events)
    await ledger.record(decision)
    return after


def _decision(before: ProjectState | None, events: Sequence[DomainEvent]) -> tuple[Decision, ProjectState]:
    after = fold(events, before)
    assert after is not None
    stream = supervision_workflow_id(after.project_id)
    papers = tuple(papers_for(after, tuple(events)))
    return Decision(stream=stream, events=tuple(events), papers=papers), after


@cache
def _as_time_alone_brings(project: KeyProject, until: datetime, listed: ListHeader) -> tuple[Decision, ...]:
    """What is decided of a project from the day of the notice on; hundreds of offices begin with the same ones."""
    desk = Desk(project=project, policy=WHOLE_LIFE, header=listed)
    desk.run_until(until)
    decisions, state = [], None
    for _seq, group in itertools.groupby(desk.events, key=lambda event: event.decided_at):
        decision, state = _decision(state, tuple(group))
        decisions.append(decision)
    return tuple(decisions)


@dataclass
class MemoryDoor(AccountsDoor):
    """Accounts and sessions without a disk."""

    people: dict[str, SignedIn] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    links: dict[str, str | None] = field(default_factory=dict)

    def person(self, account: str, name: str, *roles: DirectoryRole, departments: tuple[str, ...] = ()) -> SignedIn:
        """Somebody who may come in; as a head or liaison of the departments he acts for none."""
        what = {"head": "heads", "liaison": "liaises"}.get(roles[0] if roles else "", "departments")
        who = SignedIn(
            account=account,
            person_id=f"P{len(self.people) + 1:04d}",
            name=name,
            roles=roles,
            how="password",
            logged_in_at=NOW,
        ).model_copy(update={what: departments})
        self.people[account], self.passwords[account] = who, PASSWORD
        return who

    async def sign_in(self, account: str, password: str, knock: Knock) -> Entered:
        if not password or self.passwords.get(account) != password:
            raise NotSignedInError("账号或密码不对：请重新输入。")
        return self._entered(account)

    async def is_new(self) -> bool:
        return not self.passwords

    async def session_of(self, secret: str) -> SignedIn | None:
        account = self.sessions.get(secret)
        return self.people.get(account) if account else None

    async def sign_out(self, secret: str) -> None:
        self.sessions.pop(secret, None)

    async def invitation_of(self, link: str) -> Invitation | None:
        return Invitation(self.links[link]) if link in self.links else None

    async def set_up(self, link: str, password: str, knock: Knock) -> Entered:
        account = self.links.pop(link)
        assert account is not None
        self.passwords[account] = password
        return self._entered(account)

    async def set_up_first(self, link: str, person: str, account: str, password: str, knock: Knock) -> Entered:
        del self.links[link]
        self.person(account, person, "administrator")
        self.passwords[account] = password
        return self._entered(account)

    def must_be_own(self, account: str) -> None:
        """Every login that the directory takes."""

    async def open_account(self, person_id: str, account: str, by: SignedIn) -> MadeLink:
        self.people.setdefault(
            account, SignedIn(account=account, person_id=person_id, name=account, how="password", logged_in_at=NOW)
        )
        secret = secrets.token_urlsafe(16)
        self.links[secret] = account
        return MadeLink(secret, account, account, NOW + timedelta(days=1))

    async def accounts(self) -> Sequence[ListedAccount]:
        return [
            ListedAccount(p.account, p.person_id or "", p.name, p.account in self.passwords, 0, 0)
            for p in self.people.values()
        ]

    def _entered(self, account: str) -> Entered:
        secret = secrets.token_urlsafe(16)
        self.sessions[secret] = account
        return Entered(self.people[account], secret, "device")


@dataclass
class SmallOffice:
    """The office, its door, and an instant that a test may move."""

    office: Office
    door: MemoryDoor
    engine: CoreEngine
    accounts: Accounts
    now: datetime = NOW

    async def take(self, *projects: KeyProject, until: datetime = NOW) -> None:
        """Supervise projects from the day of the notice until an instant, as time alone brings it."""
        await self.office.records.log.open()
        await self.office.records.doors.open()
        listed = HEADER if self.office.settings.paper_language == "zh" else _ENGLISH_HEADER
        for project in projects:
            for decision in _as_time_alone_brings(project, until, listed):
                await self.office.records.ledger.record(self._worded(decision))

    def _worded(self, decision: Decision) -> Decision:
        if self.office.settings.paper_language == "zh":
            return decision
        papers = tuple(in_english(paper, paper_said) for paper in decision.papers)
        return decision.model_copy(update={"papers": papers})

    async def known(self, project_id: str) -> ProjectState:
        """A project as the ledger has it."""
        state = recorded_state(self.office.records.ledger, project_id)
        assert state is not None
        return state


async def healthy(*_asked: object, **_more: object) -> dict[ProjectId, object]:
    """What is said of projects in the place of an engine: all of them go on."""
    return {}


@contextmanager
def small_office(folder: Path, **settings: object) -> Iterator[SmallOffice]:
    """An office in a folder."""
    chosen: Settings = load_settings({}, data=folder / "data", **settings)
    with open_records(chosen) as records, open_accounts(chosen, records) as accounts:
        made = SmallOffice.__new__(SmallOffice)
        engine = CoreEngine(records, lambda: made.now)
        attestor = cache(lambda: attestor_of(chosen))
        office = Office(chosen, cast(Engine, engine), None, lambda: records, lambda: made.now, attestor)
        made.__init__(office, MemoryDoor(), engine, accounts)  # type: ignore[misc]  # the engine asks it for the instant
        yield made


def projects() -> list[KeyProject]:
    """Three projects: one led by 组织部 with 宣传部 taking part, one the other way round, one of somebody else."""
    return [
        _project("2018-05a", OWN, (OTHER,), category="改革", responsible_leader="张副市长"),
        _project("2018-06", OTHER, (OWN,), source="市委常委会"),
        _project("2018-07", "教务处", (), title="<script>alert('x')</script>=1+1"),
    ]


def _project(project_id: str, lead: str, participants: tuple[str, ...], **facts: Any) -> KeyProject:
    given: dict[str, Any] = {"project_id": project_id}
    milestones = (
        milestone(1, at("05-31").date(), **given),
        milestone(2, at("09-28").date(), quota=30, starts_on=at("05-01").date(), **given),
        milestone(3, at("06-08").date(), **given),
    )
    project = key_project(milestones, project_id=project_id, lead=lead)
    return project.model_copy(update={"participating_departments": participants, **facts})


PEOPLE: dict[str, tuple[str, tuple[DirectoryRole, ...], tuple[str, ...]]] = {
    "own": ("张三", ("department",), (OWN,)),
    "other": ("王五", ("department",), (OTHER,)),
    "operator": ("李四", ("operator",), ()),
    "second": ("赵六", ("operator",), ()),
    "auditor": ("孙审计", ("auditor",), ()),
    "administrator": ("钱管理", ("administrator",), ()),
    "leader": ("周市长", ("principal_leader",), ()),
    "nobody": ("吴某", (), ()),
    "deputy": ("郑十", ("deputy",), ()),
    "head": ("冯部长", ("head",), (OWN,)),
    "liaison": ("陈联络", ("liaison",), (OWN,)),
}
"""One person of each role, by account."""


async def with_one_who_left(office: SmallOffice) -> None:
    """A directory of those who may erase names, and of one who has left, number P0099, called 陈旧人."""

    def change(draft: Draft) -> None:
        for number, (name, roles, _) in enumerate(PEOPLE.values(), 1):
            for role in {"operator", "administrator"} & set(roles):
                changes.open_person(draft, name, f"P{number:04d}")
                changes.give_role(draft, f"P{number:04d}", role)  # type: ignore[arg-type]  # one of these two
        changes.open_person(draft, "陈旧人", "P0099", (NOW - timedelta(days=30)).date())
        changes.close_person(draft, "P0099", (NOW - timedelta(days=1)).date())

    await change_directory(office.office.records, AskedChange("P0006", office.now, "left"), change)


async def with_departments(office: SmallOffice, *names: str) -> None:
    """Departments of a directory that has an administrator, from number D0001 on, each with another name."""

    def change(draft: Draft) -> None:
        for name in names:
            changes.give_alias(draft, changes.open_department(draft, name), f"{name}简称")

    await change_directory(office.office.records, AskedChange("P0006", office.now, "departments"), change)


async def at_the_door(accounts: Accounts) -> None:
    """A login that goes on, and a token that holds."""
    now = engine_now()
    whose: dict[str, Any] = {"owner": login_key("own"), "account": "own", "person_id": "P0001"}
    ends = now + timedelta(hours=1)
    session = Session(
        key="a" * 64, ends_at=ends, how="password", logged_in_at=now, seen_at=now, from_address="10.0.0.7", **whose
    )
    token = ApiToken(key="b" * 64, ends_at=ends, name="办公系统", role="auditor", made_at=now, **whose)
    await accounts.store.change(lambda rows: rows.put(session))
    await accounts.store.change(lambda rows: rows.put(token))


def with_people(office: SmallOffice) -> SmallOffice:
    """Let one person of each role come in."""
    for account, (name, roles, departments) in PEOPLE.items():
        office.door.person(account, name, *roles, departments=departments)
    return office


async def stood_in_for(office: Office, project_id: str, deputy: str = "郑十", request_id: str = "stands-in") -> None:
    """Somebody is appointed the deputy of a person of the section, for today, in one project."""
    li = SignedIn(account="operator", name="李四", roles=("operator",), how="password", logged_in_at=NOW)
    appoint = AppointDeputy(
        request_id=request_id,
        by=operator("李四"),
        principal=operator("李四"),
        deputy=operator(deputy),
        from_on=NOW.date(),
        until_on=NOW.date(),
        reason="出差",
    )
    await give(office, Act(project_id, appoint), li, door="desk")
