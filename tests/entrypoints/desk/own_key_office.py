"""An office whose people have accounts of their own, and whose engine hears acts as an installation's worker does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from application.accounts.accounts import Accounts
from application.accounts.opening import open_account, set_password
from application.accounts.own_keys import KeysDesk
from application.engine_room.engine import Engine
from application.office.directory import AskedChange, change_directory
from application.settings import Settings
from domain.actors import department, operator
from domain.acts.commands import AcceptCompletion, AnyCommand, CommandOutcome, RequestCompletion
from domain.directory import changes
from domain.directory.draft import Draft
from domain.errors import RejectedError
from domain.ids import ProjectId, supervision_workflow_id
from domain.ports.ledger import Refusal
from domain.ports.third_party import ThirdParty
from entrypoints.bootstrap import attestor_of, engine_now, guards_of
from entrypoints.bootstrap.accounts import open_accounts
from entrypoints.desk.accounts_door import AccountsDoor
from entrypoints.desk.app import desk_application
from entrypoints.desk.serving import listening, serving
from tests.domain.samples import at, request
from tests.entrypoints.desk.small_office import OWN, PASSWORD, CoreEngine, SmallOffice, projects, small_office
from verifier.bundle import bundle_at
from verifier.findings import Step
from verifier.verify import verify

LI_MING = operator("李明").model_copy(update={"person_id": "P0003"})
ACCOUNTS = {"钱管理": "qian", "王芳": "wangfang"}


class GuardedEngine(CoreEngine):
    """Asks the act desk first and keeps what is refused, as the worker's interceptors do."""

    def __init__(self, engine: CoreEngine, settings: Settings) -> None:
        super().__init__(engine._records, engine._now)
        self._guards = guards_of(engine._records, settings)

    async def command(self, project_id: ProjectId, command: AnyCommand) -> CommandOutcome:
        error = self._guards.acts.verdict(project_id, command, self._now(), engine_now())
        try:
            if error is not None:
                raise error
            return await super().command(project_id, command)
        except RejectedError as refused:
            stream, told = supervision_workflow_id(project_id), command.model_dump(mode="json")
            await self._records.ledger.refuse(
                Refusal(refused_at=self._now(), stream=stream, rule=refused.rule, text=refused.text, command=told)
            )
            raise


@dataclass(frozen=True)
class KeyOffice:
    """The office, its accounts, and where its desk answers."""

    small: SmallOffice
    accounts: Accounts
    address: str


@asynccontextmanager
async def key_office(folder: Path, party: ThirdParty | None = None) -> AsyncIterator[KeyOffice]:
    """An office that serves its desk: 钱管理 keeps its directory; two milestones wait for 王芳 to strike off."""
    with small_office(folder, desk_port=0) as small:
        await small.take(*projects())
        for project_id in ("2018-05a", "2018-06"):
            await _completed(small.engine, project_id)
        office = small.office
        object.__setattr__(office, "engine", cast(Engine, GuardedEngine(small.engine, office.settings)))
        with open_accounts(office.settings, office.records) as accounts:
            await _populate(accounts)
            attestor = attestor_of(office.settings)
            keys = KeysDesk(accounts, attestor)
            application = desk_application(office, AccountsDoor(accounts, attestor, engine_now), accounts, keys, party)
            await office.register.follow()
            bound = listening(office.settings)
            async with serving(application, bound):
                yield KeyOffice(small, accounts, f"http://localhost:{bound.getsockname()[1]}")


async def _completed(engine: CoreEngine, project_id: str) -> None:
    lead, first = (department(OWN) if project_id == "2018-05a" else department("宣传部")), f"{project_id}-01"
    done: Any = request(RequestCompletion, first, by=lead, done_on=at("05-30").date())
    await engine.command(project_id, done)
    accepted: Any = request(AcceptCompletion, first, by=LI_MING)
    await engine.command(project_id, accepted)


async def _populate(accounts: Accounts) -> None:
    def first(draft: Draft) -> None:
        for name in ("钱管理", "王芳", "李明"):
            changes.open_person(draft, name)
        changes.give_role(draft, "P0001", "administrator")
        for number in ("P0002", "P0003"):
            changes.give_role(draft, number, "operator")

    long_ago = at("04-25 08:00")
    await change_directory(accounts.records, AskedChange("钱管理", long_ago, "first"), first)
    for name, account in ACCOUNTS.items():
        link = await open_account(
            accounts, name, account, AskedChange("钱管理", long_ago, f"open-{account}"), engine_now()
        )
        await set_password(accounts, link.secret, PASSWORD, engine_now())


async def own_keys_step(office: KeyOffice, place: Path) -> Step:
    """What the verifier says of a bundle's own keys."""
    log = office.small.office.records.log
    await log.seal()
    await asyncio.to_thread(log.export, str(place), {"duban": "test"})
    with closing(bundle_at(place)) as bundle:
        report = verify(bundle)
    return next(step for step in report.steps if step.name == "own_keys")
