"""The desk of an installation, opened beside whatever else its process does: the accounts, the port, the pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import NamedTuple

from starlette.types import ASGIApp, Receive, Scope, Send

from application.accounts.accounts import Accounts
from application.accounts.own_keys import KeysDesk
from application.desk_work.office_desks import OfficeDesks
from application.engine_room.desk_address import telling_address
from application.office.office import Office
from application.settings import Settings
from entrypoints.bootstrap import attestor_of, engine_now
from entrypoints.bootstrap.accounts import open_accounts, third_party_of
from entrypoints.bootstrap.channels import sending_changes
from entrypoints.desk.accounts_door import AccountsDoor
from entrypoints.desk.app import desk_application
from entrypoints.desk.serving import address_of, listening, serving


@dataclass(frozen=True, slots=True)
class OpenDesk:
    """A desk that answers: its address, and the door's first link where nobody can sign in yet."""

    address: str
    door: AccountsDoor

    async def first_address(self) -> str | None:
        """Where the first administrator sets himself up; none where somebody can sign in."""
        secret = await self.door.first_link()
        return None if secret is None else f"{self.address}set-up/{secret}"


class Beside(NamedTuple):
    """What answers beside the desk: under which path, and how it is made of the office's desks and its accounts."""

    path: str
    of: Callable[[OfficeDesks, Accounts], ASGIApp]


def under_their_paths(desk: ASGIApp, others: Mapping[str, ASGIApp]) -> ASGIApp:
    """One application of several: each answers under its own path, the desk everywhere else."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope.get("path", "")
        chosen = next((other for path, other in others.items() if asked == path or asked.startswith(f"{path}/")), desk)
        await chosen(scope, receive, send)

    return app


def is_behind_proxies(settings: Settings) -> bool:
    """Whether somebody put the desk behind a proxy; of no other is anything believed: another account of the machine
    would be whoever he says, and never wait."""
    return settings.desk_hosts is not None or "desk_proxies" in settings.model_fields_set


@asynccontextmanager
async def open_desk(office: Office, *beside: Beside) -> AsyncIterator[OpenDesk]:
    """Serve the desk of an installation, and what stands beside it on the same port, as long as the block lasts.

    Raises:
        InputError: the settings of the third party are not whole.
        PortTakenError: it cannot listen where the settings say.
        UnusableProxiesError: the settings name a proxy by something else than its address.
    """
    bound = listening(office.settings)
    with open_accounts(office.settings, office.records) as accounts:
        settings, attestor = office.settings, attestor_of(office.settings)
        door = AccountsDoor(accounts, attestor, engine_now)
        keys, elsewhere, desks = KeysDesk(accounts, attestor), third_party_of(settings), OfficeDesks(office)
        desk = desk_application(office, door, accounts, keys, elsewhere, desks)
        app = under_their_paths(desk, {each.path: each.of(desks, accounts) for each in beside})
        async with (
            sending_changes(office, accounts),
            serving(
                app, bound, settings.desk_proxies, settings.desk_connections, is_behind=is_behind_proxies(settings)
            ),
        ):
            with telling_address(settings.data, address_of(bound)):
                yield OpenDesk(address_of(bound), door)
