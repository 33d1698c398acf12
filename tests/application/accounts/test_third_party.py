"""Signing in at a third party: two providers by other authors let people in, and nothing that does not hold does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from adapters.third_party.oidc_provider import OidcProvider
from application.accounts.accounts import MOST_BEGUN, Accounts
from application.accounts.opening import close_account
from application.accounts.signing_in import session_of
from application.accounts.third_party import Departure, begin_login, finish_login
from application.office.directory import AskedChange, change_directory
from domain.accounts.own_path import own_path
from domain.accounts.refusals import AccountClosedError, NoThirdPartyError, ThirdPartyError
from domain.accounts.third_party import BegunLogin, third_party_account
from domain.directory import changes
from domain.ports.accounts import AccountRows
from tests.application.accounts.office import HOME, asking
from tests.application.accounts.providers import (
    CLIENT_ID,
    CLIENT_SECRET,
    REDIRECT_URI,
    Liar,
    Provider,
    first_provider,
    lying_provider,
    query_of,
    second_provider,
    signed,
    signed_with_the_public_key,
    signed_with_the_shared_secret,
    unsigned,
)


@pytest.fixture(scope="module", params=["first", "second"])
def provider(request: pytest.FixtureRequest) -> Iterator[Provider]:
    """A provider by another author."""
    opened = first_provider() if request.param == "first" else second_provider()
    with opened as running:
        yield running


@pytest.fixture
def liar() -> Iterator[Liar]:
    """A provider that says what it is told to."""
    with lying_provider() as running:
        yield running


def reached(issuer: str) -> OidcProvider:
    """The third party as the settings would name it."""
    return OidcProvider(issuer, CLIENT_ID, CLIENT_SECRET)


async def known(accounts: Accounts, issuer: str, subject: str = "wangwei") -> str:
    """Let a login at the third party name a person."""
    account = third_party_account(issuer, subject)
    await change_directory(accounts.records, asking(), lambda draft: changes.give_account(draft, "P0002", account))
    return account


async def began(accounts: Accounts, issuer: str, return_to: str | None = None) -> Departure:
    """A login that was begun now."""
    return await begin_login(accounts, reached(issuer), return_to, REDIRECT_URI, datetime.now(UTC))


def honest(liar: Liar) -> dict[str, Any]:
    """What a token says that holds."""
    now = int(datetime.now(UTC).timestamp())
    return {"iss": liar.issuer, "aud": CLIENT_ID, "sub": "wangwei", "iat": now, "exp": now + 300}


async def test_who_signs_in_there_is_let_in_here_at_the_page_he_wanted(accounts: Accounts, provider: Provider) -> None:
    """He is the person of the directory; the state counts once, and the secret of his browser is needed."""
    account = await known(accounts, provider.issuer)
    begun = await began(accounts, provider.issuer, "/projects/2018-05a?tab=events")
    asked = query_of(begun.address)
    assert (asked["response_type"], asked["code_challenge_method"], asked["scope"]) == (
        "code",
        "S256",
        "openid profile",
    )
    query = query_of(await asyncio.to_thread(provider.sign_in, begun.address, "wangwei"))
    for browser in (None, "another browser's"):
        with pytest.raises(ThirdPartyError, match="本浏览器"):
            await finish_login(accounts, reached(provider.issuer), query, browser, HOME, datetime.now(UTC))
    arrived = await finish_login(accounts, reached(provider.issuer), query, begun.browser, HOME, datetime.now(UTC))
    who = arrived.entered.who
    assert (who.account, who.person_id, who.how, who.issuer) == (account, "P0002", "oidc", provider.issuer)
    assert arrived.return_to == "/projects/2018-05a?tab=events"
    assert await session_of(accounts, arrived.entered.token, datetime.now(UTC)) == who
    with pytest.raises(ThirdPartyError, match="已用过"):
        await finish_login(accounts, reached(provider.issuer), query, begun.browser, HOME, datetime.now(UTC))


async def test_an_account_that_was_closed_is_closed_to_a_third_party_at_once(accounts: Accounts, liar: Liar) -> None:
    """The directory has it until the day is over; the third party goes on vouching for it; nobody is let in."""
    account, now = await known(accounts, liar.issuer), datetime.now(UTC)
    await close_account(accounts, account, AskedChange("李红", now, "r3"), now)
    begun = await began(accounts, liar.issuer)
    query = liar.arrive(begun.address, honest(liar))
    with pytest.raises(AccountClosedError):
        await finish_login(accounts, reached(liar.issuer), query, begun.browser, HOME, now)


async def test_who_is_not_in_the_directory_is_told_his_account(accounts: Accounts, provider: Provider) -> None:
    """The proof holds and nobody is let in; the sentence names what an administrator has to give him."""
    begun = await began(accounts, provider.issuer)
    query = query_of(await asyncio.to_thread(provider.sign_in, begun.address, "stranger"))
    with pytest.raises(AccountClosedError, match=r"oidc:stranger@127\.0\.0\.1"):
        await finish_login(accounts, reached(provider.issuer), query, begun.browser, HOME, datetime.now(UTC))


async def test_a_code_that_somebody_made_up_is_refused(accounts: Accounts, provider: Provider) -> None:
    """The provider says no, and so do we."""
    begun = await began(accounts, provider.issuer)
    query = {"state": query_of(begun.address)["state"], "code": "made-up"}
    with pytest.raises(ThirdPartyError, match="对方没有确认登录"):
        await finish_login(accounts, reached(provider.issuer), query, begun.browser, HOME, datetime.now(UTC))


async def test_a_token_that_holds_is_taken_and_was_asked_for_with_the_verifier(accounts: Accounts, liar: Liar) -> None:
    """The lies below are refused for what they say, not for how they come."""
    await known(accounts, liar.issuer)
    begun = await began(accounts, liar.issuer)
    query = liar.arrive(begun.address, honest(liar))
    arrived = await finish_login(accounts, reached(liar.issuer), query, begun.browser, HOME, datetime.now(UTC))
    assert arrived.entered.who.person_id == "P0002"
    assert arrived.return_to == "/"
    assert liar.seen[0]["grant_type"] == "authorization_code"
    assert len(liar.seen[0]["code_verifier"]) >= 43


LIES: dict[str, tuple[dict[str, Any], Callable[[Liar, dict[str, Any]], str] | None, str]] = {
    "nonce": ({"nonce": "another login's"}, None, "nonce"),
    "no nonce": ({"nonce": None}, None, "nonce"),
    "audience": ({"aud": "another-system"}, None, "不是给本系统的"),
    "several audiences": ({"aud": [CLIENT_ID, "another-system"]}, None, "别的系统"),
    "another party": ({"azp": "another-system"}, None, "别的系统"),
    "issuer": ({"iss": "https://elsewhere.example"}, None, "另一个身份提供方"),
    "expired": ({"exp": 1_000_000_000}, None, "已过期"),
    "old": ({"iat": 1_000_000_000}, None, "不是刚刚签发"),
    "of the future": ({"iat": 4_000_000_000, "exp": 4_000_000_900}, None, "不是刚刚签发"),
    "without end": ({"exp": None}, None, "没有写明 exp"),
    "nobody": ({"sub": ""}, None, "没有写明是谁"),
    "an endless name": ({"sub": "x" * 256}, None, "没有写明是谁"),
    "no algorithm": ({}, unsigned, "签名不成立"),
    "a shared secret": ({}, signed_with_the_shared_secret, "签名不成立"),
    "the public key as a secret": ({}, signed_with_the_public_key, "签名不成立"),
    "a withdrawn key": ({}, lambda liar, claims: signed(liar.withdrawn, claims), "签名不成立"),
    "no token": ({}, lambda _liar, _claims: "", "签名不成立"),
}


@pytest.fixture
def changed(provider: Provider) -> Iterator[Liar]:
    """One that stands before a provider by another author and changes the tokens that it gives."""
    with lying_provider(provider) as running:
        yield running


async def test_a_real_token_that_nobody_changed_is_taken(accounts: Accounts, changed: Liar) -> None:
    """What stands between adds no fault of its own: the lies below are refused for what they say."""
    account = await known(accounts, changed.issuer)
    begun = await began(accounts, changed.issuer)
    query = await asyncio.to_thread(changed.arrive, begun.address, {})
    arrived = await finish_login(accounts, reached(changed.issuer), query, begun.browser, HOME, datetime.now(UTC))
    assert (arrived.entered.who.account, arrived.entered.who.person_id) == (account, "P0002")


@pytest.mark.parametrize("lie", LIES)
async def test_a_token_that_does_not_hold_is_refused(accounts: Accounts, changed: Liar, lie: str) -> None:
    """A real token of each provider with one lie: it has its sentence, nobody is let in, the login is used up."""
    await known(accounts, changed.issuer)
    claims, sign, sentence = LIES[lie]
    begun = await began(accounts, changed.issuer)
    query = await asyncio.to_thread(changed.arrive, begun.address, {})
    changed.claims, changed.sign = claims, sign or changed.sign
    with pytest.raises(ThirdPartyError, match=sentence):
        await finish_login(accounts, reached(changed.issuer), query, begun.browser, HOME, datetime.now(UTC))
    changed.claims = {}
    with pytest.raises(ThirdPartyError, match="已用过"):
        await finish_login(accounts, reached(changed.issuer), query, begun.browser, HOME, datetime.now(UTC))


async def test_a_login_that_was_begun_ends_after_ten_minutes_and_is_its_own(accounts: Accounts, liar: Liar) -> None:
    """Too late, with an error of the provider, from another provider or with another's state, nobody comes in."""
    now = datetime.now(UTC)
    for more, after, sentence in (
        ({}, timedelta(minutes=10), "已过期"),
        ({"error": "access_denied"}, timedelta(0), "access_denied"),
        ({"iss": "https://elsewhere.example"}, timedelta(0), "另一个身份提供方"),
        ({"state": "guessed"}, timedelta(0), "本浏览器"),
    ):
        begun = await began(accounts, liar.issuer)
        query = liar.arrive(begun.address, honest(liar)) | more
        with pytest.raises(ThirdPartyError, match=sentence):
            await finish_login(accounts, reached(liar.issuer), query, begun.browser, HOME, now + after)


async def test_strangers_who_go_there_without_end_keep_nobody_out(accounts: Accounts, liar: Liar) -> None:
    """The oldest that nobody ended are forgotten, and who goes there now comes back."""
    await known(accounts, liar.issuer)
    first = await began(accounts, liar.issuer)

    def gone(rows: AccountRows) -> None:
        (begun,) = rows.every(BegunLogin)
        for number in range(MOST_BEGUN):
            rows.put(begun.model_copy(update={"key": f"{number}"}))

    await accounts.store.change(gone)
    begun = await began(accounts, liar.issuer)
    query = liar.arrive(begun.address, honest(liar))

    assert first.address != begun.address
    assert await accounts.store.read(lambda rows: rows.count(BegunLogin)) < MOST_BEGUN
    arrived = await finish_login(accounts, reached(liar.issuer), query, begun.browser, HOME, datetime.now(UTC))
    assert arrived.entered.who.person_id == "P0002"


async def test_a_provider_that_is_another_one_or_away_is_told(accounts: Accounts, liar: Liar) -> None:
    """Its own name, addresses that are not safe, and silence each have a sentence."""
    for about, sentence in (
        ({"issuer": "https://elsewhere.example"}, "自称是"),
        ({"authorization_endpoint": "http://elsewhere.example/authorize"}, "不是 https 地址"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "不是 https 地址"),
    ):
        liar.about = about
        with pytest.raises(ThirdPartyError, match=sentence):
            await began(accounts, liar.issuer)
    with pytest.raises(ThirdPartyError, match="连不上"):
        await began(accounts, "http://127.0.0.1:9")
    for unsafe in ("http://elsewhere.example", "https://user@elsewhere.example", "nowhere", ""):
        with pytest.raises(NoThirdPartyError, match="DUBAN_OIDC_ISSUER"):
            reached(unsafe)


@pytest.mark.parametrize("answer", [b"<html>maintenance</html>", b"[]", b'"later"', b"null", b"\xff\xfe"])
async def test_an_answer_of_a_provider_that_nobody_can_read_is_told(
    accounts: Accounts, liar: Liar, answer: bytes
) -> None:
    """A page of maintenance where a token belongs, or keys that are none: a sentence with its name, and no fault."""
    for about, said in (({}, answer), ({"jwks_uri": f"{liar.issuer}/.well-known/no-keys"}, None)):
        begun = await began(accounts, liar.issuer)
        liar.about, liar.answer = about, said
        query = liar.arrive(begun.address, honest(liar))
        with pytest.raises(ThirdPartyError, match="应答读不懂"):
            await finish_login(accounts, reached(liar.issuer), query, begun.browser, HOME, datetime.now(UTC))


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        ("/projects/1?a=b#c", "/projects/1?a=b#c"),
        (None, "/"),
        ("", "/"),
        ("projects", "/"),
        ("//elsewhere.example", "/"),
        ("/\\elsewhere.example", "/"),
        ("/\t/elsewhere.example", "/"),
        ("/\n//elsewhere.example", "/"),
        ("https://elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/" + "x" * 2_000, "/"),
    ],
)
def test_only_pages_of_our_own_are_gone_back_to(asked: str | None, page: str) -> None:
    """Whatever a link says, after the login nobody is sent to another place."""
    assert own_path(asked) == page
    assert urlsplit(own_path(asked)).netloc == ""


def test_no_two_people_of_third_parties_have_one_account() -> None:
    """The same name at two providers, names that no cell can hold, and long ones are each an account of its own."""
    issuers = (
        "https://a.example",
        "https://a.example/realms/b",
        "https://b.example",
        "https://" + "c" * 90 + ".example",
    )
    subjects = ("wangwei", "WangWei", "王伟", "a b", "a、b", "x" * 255, "b@a.example", "?", "\ud800", "\ud801")
    accounts = [third_party_account(issuer, subject) for issuer in issuers for subject in subjects]
    assert len(set(accounts)) == len(accounts)
    assert max(map(len, accounts)) <= 120
    assert third_party_account("https://a.example", "wangwei") == "oidc:wangwei@a.example"
