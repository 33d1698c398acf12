"""One call: which token asks, about which instant, and what of the record is its business."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from starlette.exceptions import HTTPException
from starlette.requests import Request

from application.accounts.accounts import Accounts
from application.desk_work.deputies import principals
from application.desk_work.office_desks import OfficeDesks
from application.office.attesting import Giver
from application.office.office import Office
from domain.actors import department as for_department
from domain.acts.access import acts_as
from domain.clock import OFFICE_TIME, office_day
from domain.directory.ids import DirectoryRole
from domain.directory.signed_in import SignedIn
from domain.errors import UnusableInputError
from domain.ids import DepartmentId, MilestoneId, ProjectId, project_of, supervision_workflow_id
from domain.ports.document_store import DocumentStore
from domain.ports.ledger import Ledger
from domain.record.leaf import domain_event_of
from domain.seeing.views import MilestoneView
from entrypoints.api.callers import AccountTokens, token_in
from entrypoints.api.problems import REFUSED_TOKEN, NothingThereError
from entrypoints.bootstrap.documents import kept_documents
from entrypoints.desk.reading import Known, has_a_duty, has_given, known_by


class NotYetError(UnusableInputError, rule="instant_has_come"):
    """The record is asked for as of an instant that has not come."""

    now: datetime

    def _sentence(self) -> str:
        return f"as_of 不能晚于现在（{self.now.isoformat(timespec='seconds')}）：请写已经过去的时刻，或不写。"


@dataclass(frozen=True)
class Premises:
    """What every call works with: the office's desks, whom tokens stand for, the accounts, the clock of the machine."""

    desks: OfficeDesks
    callers: AccountTokens
    accounts: Accounts
    clock: Callable[[], datetime]

    @property
    def office(self) -> Office:
        """The installation."""
        return self.desks.office

    @cached_property
    def turns(self) -> asyncio.Lock:
        """In which calls that count once under their key are taken: a repeat finds what the first one did."""
        return asyncio.Lock()

    @cached_property
    def documents(self) -> DocumentStore:
        """The documents that the office has issued."""
        return kept_documents(self.office.settings)


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a token that may make it. `asked_at` is the instant that was asked about; none for the present."""

    premises: Premises
    request: Request
    caller: SignedIn
    now: datetime
    asked_at: datetime | None = None

    @property
    def office(self) -> Office:
        """The installation."""
        return self.premises.office

    @property
    def as_of(self) -> datetime:
        """The instant that the answer is about."""
        return (self.asked_at or self.now).astimezone(OFFICE_TIME)

    @property
    def names(self) -> tuple[DepartmentId, ...]:
        """The names of the department that the token stands for, its own first, then those under which what runs may
        know it; none where it stands for a role of the whole office."""
        return self.caller.departments if self.has("department") else ()

    def name_in(self, known: Known) -> DepartmentId | None:
        """Under which name a project knows the token's department; none where it is none of its business."""
        return next((name for name in self.names if _is_its_business(known, self.caller, name)), None)

    def office_of(self, giver: Giver) -> Office:
        """The installation as one who gives acts there sees it."""
        return replace(self.office, giver=giver)

    def has(self, *roles: DirectoryRole) -> bool:
        """Whether the token stands for one of these roles."""
        return any(role in self.caller.roles for role in roles)

    async def must_still_hold(self) -> None:
        """Refuse the call where its token ended, or its person's role, while the bytes were on their way.

        Raises:
            HTTPException: they have no one who may send them any more.
        """
        secret = token_in(self.request.headers.get("authorization"))
        caller = await self.premises.callers.caller_of(secret or "")
        if caller is None or (caller.roles, caller.departments) != (self.caller.roles, self.caller.departments):
            raise HTTPException(401, headers=REFUSED_TOKEN)

    async def project(self, project_id: ProjectId) -> Known:
        """A project as it stood then.

        Raises:
            NothingThereError: there was none.
        """
        known = await asyncio.to_thread(_known, self.office.records.ledger, project_id, self.as_of, self.asked_at)
        if known is None:
            raise NothingThereError
        return known

    async def principals(self) -> dict[DepartmentId, tuple[ProjectId, ...]]:
        """The departments for which the token's person may act today as a deputy, each with the projects in which he
        may."""
        if not self.names:
            return {}
        await self.office.register.current()
        return await principals(self.office, self.caller, office_day(self.now))

    async def own_duty(
        self, milestone_id: MilestoneId, asked: DepartmentId | None = None
    ) -> tuple[Known, MilestoneView, DepartmentId]:
        """A milestone in which the token's department has a duty, or one for which its person may act today; that
        department, or the one that is asked about.

        Raises:
            NothingThereError: there is none, or it is others' business.
        """
        known = await self.project(project_of(milestone_id))
        milestone = milestone_in(known, milestone_id)
        for name in self.names:
            if asked in (None, name) and (has_a_duty(known, milestone, name) or has_given(known, name)):
                return known, milestone, name
        for name, projects in (await self.principals()).items():
            if asked in (None, name) and known.project_id in projects and has_a_duty(known, milestone, name):
                return known, milestone, name
        raise NothingThereError


def _is_its_business(known: Known, caller: SignedIn, name: DepartmentId) -> bool:
    by = for_department(name, caller.name)
    own = any(has_a_duty(known, milestone, name) for milestone in known.view.milestones) or name == known.state.lead
    return own or has_given(known, name) or any(acts_as(by, each) for each in known.state.deputies)


def milestone_in(known: Known, milestone_id: MilestoneId) -> MilestoneView:
    """One of a project's milestones.

    Raises:
        NothingThereError: it has no such milestone.
    """
    for each in known.view.milestones:
        if each.milestone_id == milestone_id:
            return each
    raise NothingThereError


def _known(ledger: Ledger, project_id: ProjectId, at: datetime, asked_at: datetime | None) -> Known | None:
    stream = supervision_workflow_id(project_id)
    entries = ledger.entries(stream) if asked_at is None else ledger.events_as_known_at(stream, asked_at)
    return known_by(ledger, tuple(map(domain_event_of, entries)), at)
