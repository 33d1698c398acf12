"""Signing in at a third party: sent away with a state that counts once, let in when it vouches for an account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from application.accounts.accounts import Accounts, forget_the_oldest_begun, hash_of, new_secret
from application.accounts.signing_in import Entered, Knock, Proof, enter
from domain.accounts.own_path import own_path
from domain.accounts.refusals import ThirdPartyError
from domain.accounts.third_party import BEGUN_LASTS, BegunLogin, third_party_account
from domain.ports.accounts import AccountRows
from domain.ports.third_party import ThirdParty


@dataclass(frozen=True, slots=True)
class Departure:
    """Where the browser goes, and the secret that it must show when it comes back (a cookie of ten minutes)."""

    address: str
    browser: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who came in, and the page of ours to which he wanted to go."""

    entered: Entered
    return_to: str


async def begin_login(
    accounts: Accounts, third_party: ThirdParty, return_to: str | None, redirect_uri: str, now: datetime
) -> Departure:
    """Send a browser to the third party; `redirect_uri` is our address to which it comes back.

    Raises:
        ThirdPartyError: the third party does not answer.
    """
    sent, browser = await third_party.send_away(redirect_uri), new_secret()
    begun = BegunLogin(
        key=hash_of(sent.state),
        ends_at=now + BEGUN_LASTS,
        sent=sent,
        return_to=own_path(return_to),
        browser=hash_of(browser),
    )

    def kept(rows: AccountRows) -> None:
        rows.remove_ended(now)
        rows.put(begun)
        forget_the_oldest_begun(rows, BegunLogin)

    await accounts.store.change(kept)
    return Departure(sent.address, browser)


async def finish_login(
    accounts: Accounts,
    third_party: ThirdParty,
    query: Mapping[str, str],
    browser: str | None,
    knock: Knock,
    now: datetime,
) -> Arrival:
    """Let in the one who comes back from the third party, as the account that it vouches for.

    Raises:
        ThirdPartyError: what he brings does not hold, was used before, or belongs to another browser.
        AccountClosedError: the account is nobody's in the directory today.
    """
    key = hash_of(query.get("state", ""))

    def taken(rows: AccountRows) -> BegunLogin | None:
        begun = rows.one(BegunLogin, key)
        # Another browser's is left to the one that began it.
        if begun is None or begun.browser != hash_of(browser or ""):
            return None
        rows.remove(begun)
        return begun

    begun = await accounts.store.change(taken)
    if begun is None or begun.has_ended(now):
        raise ThirdPartyError(why="这次登录不是从本浏览器发起的，或已用过、已过期")
    vouched = await third_party.come_back(begun.sent, query, now)
    account = third_party_account(vouched.issuer, vouched.subject)
    proof = Proof(account, "oidc", issuer=vouched.issuer)
    return Arrival(await enter(accounts, proof, knock, now), begun.return_to)
