"""Who calls: a program shows a token, which stands for one department or one role of a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from application.accounts.accounts import Accounts
from application.accounts.passkeys import passkeys_of
from application.accounts.tokens import PREFIX, token_of
from domain.accounts.webauthn import from_base64url
from domain.acts.own_key import key_name_of
from domain.directory.signed_in import SignedIn

LONGEST_TOKEN: Final = 200
_SCHEME: Final = "bearer"


class AccountTokens:
    """Whom tokens stand for, by an installation's accounts; `now` is the clock of the machine."""

    def __init__(self, accounts: Accounts, now: Callable[[], datetime]) -> None:
        self._accounts = accounts
        self._now = now

    async def caller_of(self, secret: str) -> SignedIn | None:
        """Who a token is now; nobody where it is unknown, over or revoked, or its person lost what it stands for."""
        if not secret.startswith(PREFIX) or len(secret) > LONGEST_TOKEN:
            return None  # none of ours: no store is asked
        return await token_of(self._accounts, secret, self._now())

    async def credentials_of(self, who: SignedIn) -> Mapping[str, str]:
        """By what the devices of a caller find his keys, by the keys' names."""
        held = [each for each in await passkeys_of(self._accounts, None) if each.person_id == who.person_id]
        return {key_name_of(from_base64url(each.public_key)): each.credential_id for each in held}


def token_in(header: str | None) -> str | None:
    """The token that a header `Authorization` shows; none where it shows none."""
    scheme, _, secret = (header or "").partition(" ")
    return secret.strip() or None if scheme.lower() == _SCHEME else None
