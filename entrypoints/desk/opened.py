"""The desk of an installation, opened beside whatever else its process does: the accounts, the port, the pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from application.office.office import Office
from entrypoints.bootstrap import attestor_of, engine_now
from entrypoints.bootstrap.accounts import open_accounts, third_party_of
from entrypoints.desk.accounts_door import AccountsDoor
from entrypoints.desk.app import desk_application
from entrypoints.desk.keys_door import AccountElsewhere, AccountKeys
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


@asynccontextmanager
async def open_desk(office: Office) -> AsyncIterator[OpenDesk]:
    """Serve the desk of an installation as long as the block lasts.

    Raises:
        InputError: the settings of the third party are not whole.
        PortTakenError: it cannot listen where the settings say.
    """
    bound = listening(office.settings)
    with open_accounts(office.settings, office.records) as accounts:
        attestor = attestor_of(office.settings)
        door = AccountsDoor(accounts, attestor, engine_now)
        party = third_party_of(office.settings)
        elsewhere = AccountElsewhere(accounts, party, engine_now) if party is not None else None
        keys = AccountKeys(accounts, attestor, engine_now)
        application = desk_application(office, door, accounts, keys, elsewhere)
        async with serving(application, bound, office.settings.desk_proxies):
            yield OpenDesk(address_of(bound), door)
