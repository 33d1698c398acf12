"""The page on which a person's device answers, and what it answered: for a login, a key, or acts that it signs."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.responses import Response

from application.accounts import own_keys
from application.accounts.own_keys import KeysDesk
from application.accounts.passkeys import passkeys_of
from domain.accounts.webauthn import Site
from domain.acts.act_digest import document_digest
from domain.acts.attestation import OwnKeyProof
from entrypoints.desk.rendering import content_policy
from entrypoints.desk.visits import NotFoundError, Visit

ANSWER: Final = "answer"
LET_GO: Final = "在督办台停用"
_SCRIPT: Final = "passkey.js"
_LONGEST_ANSWER: Final = 16_384


def keys_of(visit: Visit) -> KeysDesk:
    """What keeps people's own keys, where this desk takes them.

    Raises:
        NotFoundError: it has none.
    """
    if visit.desk.keys is None:
        raise NotFoundError
    return visit.desk.keys


def site_of(visit: Visit) -> Site:
    """Whose keys they are: the name under which the browser asks for the desk."""
    url = visit.request.url
    return Site(url.hostname or "", f"{url.scheme}://{url.netloc}")


async def ask_for_acts(visit: Visit, act_ids: Sequence[str]) -> Mapping[str, Any]:
    """What a browser needs for signing acts, all at once (raises as `keys_of` and `own_keys.options_for_acts`)."""
    return await own_keys.options_for_acts(keys_of(visit).accounts, visit.signed_in, site_of(visit), act_ids)


async def proof_of_acts(visit: Visit, acts: Sequence[Mapping[str, Any]]) -> OwnKeyProof:
    """What the device signed of acts, as it is kept with each of them (raises as `own_keys.proof_of_acts`)."""
    accounts, now = keys_of(visit).accounts, visit.desk.clock()
    return await own_keys.proof_of_acts(accounts, visit.signed_in, site_of(visit), acts, answer_of(visit), now)


async def change_to_sign(
    visit: Visit, *, made: Mapping[str, Any] | None = None, gone: str = "", why: str = LET_GO
) -> str | None:
    """The id of the act that enrols a key which was `made`, or lets one of that number be `gone`, where the key that
    the one who is signed in has must sign it; none where he has none."""
    accounts, who = keys_of(visit).accounts, visit.signed_in
    if not await own_keys.has_own_key(accounts, who.person_id):
        return None
    if made is not None:
        return document_digest(own_keys.enrolment_of(who, site_of(visit), made))
    if any(each.number == gone for each in await passkeys_of(accounts, who.account)):
        return None
    return document_digest(await own_keys.removal_of(accounts, who, gone, why))


def signed_here(visit: Visit) -> own_keys.Signed:
    """What the device signed of a change of keys, where it was asked for that."""
    return own_keys.Signed(site_of(visit), answer_of(visit) if visit.given(ANSWER) else None, visit.desk.clock())


def other_address(visit: Visit) -> str | None:
    """Where to open the desk instead, where browsers use no keys at this address: at a number of this machine."""
    url = visit.request.url
    try:
        number = ipaddress.ip_address((url.hostname or "").strip("[]"))
    except ValueError:
        return None
    return str(url.replace(hostname="localhost")) if number.is_loopback else None


def ceremony_page(  # noqa: PLR0913 - what a ceremony's page shows, each by name
    visit: Visit,
    options: Mapping[str, Any],
    *,
    ceremony: str,
    title: str,
    lines: Sequence[str],
    action: str,
    button: str,
    back: str,
    kept: Sequence[tuple[str, str]] = (),
    shown: Sequence[tuple[str, str]] = (),
) -> Response:
    """The page on which a device answers: the only kind of page that has a script."""
    response = visit.page(
        "passkey.html",
        options=json.dumps(options),
        ceremony=ceremony,
        title=title,
        lines=lines,
        action=action,
        button=button,
        back=back,
        kept=kept,
        shown=shown,
    )
    response.headers["Content-Security-Policy"] = content_policy(_SCRIPT, site_of(visit).origin)
    return response


def answer_of(visit: Visit, field: str = ANSWER) -> Mapping[str, Any]:
    """What the browser brought; nothing where that cannot be read: it is refused as all else that is no proof."""
    text = visit.given(field)
    try:
        answer = json.loads(text) if len(text) <= _LONGEST_ANSWER else None
    except (ValueError, RecursionError):
        answer = None
    return answer if isinstance(answer, dict) else {}


async def change_page(
    visit: Visit, act_id: str, title: str, about: str, kept: Sequence[tuple[str, str]] = (), back: str = "/keys"
) -> Response:
    """The page on which the key that one has signs a change of keys."""
    return ceremony_page(
        visit,
        await ask_for_acts(visit, (act_id,)),
        ceremony="get",
        title=title,
        lines=(visit.say("按下按钮，再用您已有的密钥确认。"), visit.say("办理编号 %(act_id)s", act_id=act_id)),
        action=str(visit.request.url.path),
        button=visit.say("签名并办理"),
        back=back,
        kept=kept,
        shown=((visit.say("密钥"), about),),
    )
