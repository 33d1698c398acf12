"""Acts given in the shell that their person's own key must sign: the shell says where, and waits for the signature."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from entrypoints.bootstrap import engine_now, local_user, open_office
from entrypoints.cli.session import err

if TYPE_CHECKING:
    from application.office.office import Office
    from application.settings import Settings
    from domain.actors import Actor
    from domain.acts.attestation import OwnKeyProof

_LOOK_AGAIN_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class AtTheDesk:
    """Leaves acts for their person to sign at the desk."""

    office: Office

    async def sign(self, acts: Sequence[Mapping[str, Any]], of: Actor) -> OwnKeyProof:
        """What his device signed of these acts (see the protocol)."""
        from application.accounts.asked_signatures import ask_signature, taken_signature
        from entrypoints.bootstrap.accounts import open_accounts

        with open_accounts(self.office.settings, self.office.records) as accounts:
            asked = await ask_signature(accounts, acts, of.person_id, engine_now())
            err().print(
                f"{len(acts)}项办理须用 {of.name} 本人的密钥签名："
                f"请本人登录督办台，打开 /signatures/{asked.key}（10分钟内有效）。"
            )
            while True:
                signed = await taken_signature(accounts, asked.key, engine_now())
                if signed is not None and signed.proof is not None:
                    return signed.proof
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)


@asynccontextmanager
async def giving_office(settings: Settings, **config: Any) -> AsyncIterator[Office]:
    """An installation in which the user of the operating system gives acts (raises as `open_office`)."""
    async with open_office(settings, giver=local_user(), **config) as office:
        yield replace(office, signer=AtTheDesk(office))
