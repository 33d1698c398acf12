"""Passkeys: a key on the person's device lets him in, and nothing else that is shown does."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from application.accounts.accounts import MOST_BEGUN, Accounts, revoke_by_number
from application.accounts.opening import close_account, listed_accounts
from application.accounts.passkeys import (
    begin_enrolment,
    begin_passkey_login,
    check_proof,
    finish_enrolment,
    finish_passkey_login,
    passkeys_of,
)
from application.accounts.signing_in import Entered, Knock, Proof, enter, session_of
from domain.accounts.passkeys import MOST_KEYS, Challenge, Passkey
from domain.accounts.refusals import NoOwnKeyError, NotSignedInError, UnknownSessionError
from domain.accounts.webauthn import Site, from_base64url, in_base64url
from domain.ports.accounts import AccountRows
from tests.application.accounts.authenticator import ORIGIN, RP_ID, Device
from tests.application.accounts.office import HOME, NOW, asking, entered, later, with_password

SITE = Site(RP_ID, ORIGIN)


@pytest.fixture
async def login(accounts: Accounts) -> Entered:
    """Somebody who signed in with his password."""
    await with_password(accounts, "王伟", "wangwei")
    return await entered(accounts, "wangwei")


async def enrolled(accounts: Accounts, login: Entered, device: Device | None = None) -> Device:
    """A device whose key was enrolled."""
    device = device or Device()
    options = await begin_enrolment(accounts, login.who, SITE, NOW)
    await finish_enrolment(accounts, login.who, SITE, "手机", device.enrol(options), NOW)
    return device


async def challenge(accounts: Accounts, name: str | None = "wangwei") -> str:
    """The challenge of a login that was begun."""
    return str((await begin_passkey_login(accounts, SITE, name, NOW))["challenge"])


async def test_a_key_that_was_enrolled_lets_its_person_in(accounts: Accounts, login: Entered) -> None:
    """He is who he is in the directory, by his own key; with his name or without, and the challenge counts once."""
    device = await enrolled(accounts, login)
    options = await begin_passkey_login(accounts, SITE, "WangWei", NOW)
    assert [each["id"] for each in options["allowCredentials"]] == [in_base64url(device.credential_id)]
    answer = device.sign(options["challenge"])
    came = await finish_passkey_login(accounts, SITE, answer, HOME, later(minutes=1))
    assert (came.who.account, came.who.person_id, came.who.how) == ("wangwei", "P0002", "passkey")
    assert await session_of(accounts, came.token, later(minutes=2)) == came.who
    with pytest.raises(NoOwnKeyError, match="已用过"):
        await finish_passkey_login(accounts, SITE, answer, HOME, later(minutes=1))
    assert (await begin_passkey_login(accounts, SITE, None, NOW))["allowCredentials"] == []
    nameless = device.sign(await challenge(accounts, None))
    assert (await finish_passkey_login(accounts, SITE, nameless, HOME, NOW)).who.name == "王伟"
    assert [each.passkeys for each in await listed_accounts(accounts, NOW)] == [1]


async def test_a_lost_device_is_revoked_and_another_one_enrolled(accounts: Accounts, login: Entered) -> None:
    """The lost key lets nobody in any more; the new one does, and nobody revokes the key of another."""
    lost = await enrolled(accounts, login)
    number = (await passkeys_of(accounts, "wangwei"))[0].number
    with pytest.raises(UnknownSessionError):
        await revoke_by_number(accounts, Passkey, number, account="lihong")
    await revoke_by_number(accounts, Passkey, number, account="wangwei")
    with pytest.raises(NoOwnKeyError, match="已停用"):
        await finish_passkey_login(accounts, SITE, lost.sign(await challenge(accounts)), HOME, NOW)
    another = await enrolled(accounts, login)
    await finish_passkey_login(accounts, SITE, another.sign(await challenge(accounts)), HOME, NOW)
    await close_account(accounts, "wangwei", asking(), NOW)
    with pytest.raises(NoOwnKeyError):
        await finish_passkey_login(accounts, SITE, another.sign(await challenge(accounts)), HOME, NOW)


async def test_a_key_that_is_let_go_while_it_is_looked_at_lets_nobody_in(accounts: Accounts, login: Entered) -> None:
    """Whoever ends its logins in between finds no login of it afterwards."""
    await enrolled(accounts, login)
    (held,) = await passkeys_of(accounts, "wangwei")
    proof = Proof("wangwei", "passkey", held.person_id, passkey=held.key)
    await enter(accounts, proof, HOME, NOW)
    await revoke_by_number(accounts, Passkey, held.number)
    with pytest.raises(NoOwnKeyError, match="已停用"):
        await enter(accounts, proof, HOME, NOW)


async def test_the_keys_of_nobody_look_like_those_of_people(accounts: Accounts) -> None:
    """Neither how many there are nor how long their ids are tells a stranger whether an account has a key."""
    told = [(await begin_passkey_login(accounts, SITE, f"nobody{n}", NOW))["allowCredentials"] for n in range(200)]
    assert {len(each) for each in told} == {1, 2}
    assert {len(from_base64url(key["id"])) for each in told for key in each} == {16, 20, 32, 48, 64}
    assert 20 < sum(len(each) == 2 for each in told) < 90
    assert len({key["id"] for each in told for key in each}) == sum(map(len, told))


FAULTS: dict[str, tuple[Callable[[Device], None], str]] = {
    "another site": (lambda device: setattr(device, "rp_id", "elsewhere.example"), "别的网站"),
    "another page": (lambda device: setattr(device, "origin", "https://elsewhere.example"), "别的网站"),
    "inside another page": (lambda device: setattr(device, "said", {"crossOrigin": True}), "别的网站的页面里"),
    "another purpose": (lambda device: setattr(device, "said", {"type": "payment.get"}), "别的用途"),
    "nobody there": (lambda device: setattr(device, "flags", 0x04), "没有人在设备前"),
    "nobody verified": (lambda device: setattr(device, "flags", 0x01), "没有验证是本人"),
    "another's handle": (lambda device: setattr(device, "user_handle", "AAAA"), "别的账号"),
    "another key": (lambda device: setattr(device, "key", ec.generate_private_key(ec.SECP256R1())), "签名不成立"),
    "a key nobody enrolled": (lambda device: setattr(device, "credential_id", b"unknown"), "没有登记"),
    "a challenge of its own": (lambda device: setattr(device, "said", {"challenge": "AAAA"}), "不是从这里发起"),
    "no challenge": (lambda device: setattr(device, "said", {"challenge": 7}), "读不懂"),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_proof_that_was_made_otherwise_is_refused(accounts: Accounts, login: Entered, fault: str) -> None:
    """Each fault has its sentence, and nobody is let in."""
    device = await enrolled(accounts, login)
    spoil, sentence = FAULTS[fault]
    spoil(device)
    with pytest.raises(NoOwnKeyError, match=sentence):
        await finish_passkey_login(accounts, SITE, device.sign(await challenge(accounts)), HOME, NOW)


async def test_a_counter_that_does_not_go_on_tells_of_a_copy(accounts: Accounts, login: Entered) -> None:
    """A device that counts must count on; one that never counts is taken."""
    device = await enrolled(accounts, login, Device(sign_count=7))
    device.sign_count = 8
    await finish_passkey_login(accounts, SITE, device.sign(await challenge(accounts)), HOME, NOW)
    for count in (8, 3, 0):
        device.sign_count = count
        with pytest.raises(NoOwnKeyError, match="复制"):
            await finish_passkey_login(accounts, SITE, device.sign(await challenge(accounts)), HOME, NOW)


async def test_a_challenge_ends_and_is_for_one_purpose(accounts: Accounts, login: Entered) -> None:
    """After five minutes, for a login what was given for enrolling, and for another account, it counts for nothing."""
    device = await enrolled(accounts, login)
    late = device.sign(await challenge(accounts))
    with pytest.raises(NoOwnKeyError, match="已过期"):
        await finish_passkey_login(accounts, SITE, late, HOME, NOW + timedelta(minutes=5))
    options = await begin_enrolment(accounts, login.who, SITE, NOW)
    with pytest.raises(NoOwnKeyError, match="不是从这里发起"):
        await finish_passkey_login(accounts, SITE, device.sign(options["challenge"]), HOME, NOW)
    await with_password(accounts, "李红", "lihong")
    other = await entered(accounts, "lihong", Knock("192.0.2.8"))
    options = await begin_enrolment(accounts, login.who, SITE, NOW)
    with pytest.raises(NoOwnKeyError, match="别的账号"):
        await finish_enrolment(accounts, other.who, SITE, "手机", Device().enrol(options), NOW)


async def test_what_is_enrolled_is_a_key_that_can_be_used_and_is_new(accounts: Accounts, login: Entered) -> None:
    """A known key, a weak one, one that the device does not name and one too many are refused; so is a program."""
    device = await enrolled(accounts, login)
    options = await begin_enrolment(accounts, login.who, SITE, NOW)
    assert [each["id"] for each in options["excludeCredentials"]] == [in_base64url(device.credential_id)]
    with pytest.raises(NoOwnKeyError, match="已经登记过"):
        await finish_enrolment(accounts, login.who, SITE, "手机", device.enrol(options), NOW)
    for weak in (ec.generate_private_key(ec.SECP384R1()), ec.generate_private_key(ec.SECP256K1())):
        answer = Device(key=weak).enrol(await begin_enrolment(accounts, login.who, SITE, NOW))
        with pytest.raises(NoOwnKeyError, match="不能用"):
            await finish_enrolment(accounts, login.who, SITE, "手机", answer, NOW)
    answer = Device().enrol(await begin_enrolment(accounts, login.who, SITE, NOW)) | {"id": "AAAA"}
    with pytest.raises(NoOwnKeyError, match="不同"):
        await finish_enrolment(accounts, login.who, SITE, "手机", answer, NOW)
    for _ in range(MOST_KEYS - 1):
        await enrolled(accounts, login)
    with pytest.raises(NoOwnKeyError, match="最多"):
        await begin_enrolment(accounts, login.who, SITE, NOW)
    with pytest.raises(NoOwnKeyError, match="本人"):
        await begin_enrolment(accounts, login.who.model_copy(update={"how": "token"}), SITE, NOW)


async def test_a_stranger_does_not_learn_who_has_a_key(accounts: Accounts, login: Entered) -> None:
    """For an account without one, and for none, a key is made up: the same one each time, and it opens nothing."""
    made_up = [
        (await begin_passkey_login(accounts, SITE, name, NOW))["allowCredentials"][0]["id"]
        for name in ("wangwei", "wangwei", "nobody", "Nobody")
    ]
    assert made_up[0] == made_up[1] != made_up[2] == made_up[3]
    assert login.who.account == "wangwei"


async def test_a_key_signs_the_hash_of_an_act_too(accounts: Accounts, login: Entered) -> None:
    """The challenge may be any bytes: the proof of one act is not the proof of another."""
    device = await enrolled(accounts, login)
    act, other = sha256(b"one act").digest(), sha256(b"another act").digest()
    proof = device.sign(in_base64url(act))
    assert (await check_proof(accounts, SITE, proof, act, NOW)).account == "wangwei"
    with pytest.raises(NoOwnKeyError, match="不是为这一次"):
        await check_proof(accounts, SITE, proof, other, NOW)


async def test_a_proof_that_was_damaged_anywhere_is_refused_in_a_sentence(accounts: Accounts, login: Entered) -> None:
    """300 seeded damages of a good proof: none lets anybody in, and none is anything but a refusal."""
    chance, device = random.Random(13), await enrolled(accounts, login)
    for _ in range(300):
        answer = copy.deepcopy(device.sign(in_base64url(b"act")))
        _damage(answer, chance)
        with pytest.raises(NotSignedInError):
            await check_proof(accounts, SITE, answer, b"act", NOW)


def _damage(answer: dict[str, Any], chance: random.Random) -> None:
    """Change one bit of one part, or put something else in its place."""
    response = answer["response"]
    place, name = chance.choice(
        [
            (answer, "id"),
            (answer, "response"),
            *((response, each) for each in ("clientDataJSON", "authenticatorData", "signature")),
        ]
    )
    if chance.random() < 0.3 or name == "response":
        place[name] = chance.choice([None, 7, "", "A", "é", "AAAA", [], {}, "A" * 9_000])
        return
    content = bytearray(from_base64url(place[name]))
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    place[name] = in_base64url(bytes(content))


async def test_strangers_who_begin_logins_without_end_keep_nobody_out(accounts: Accounts, login: Entered) -> None:
    """The oldest of theirs are forgotten: who begins now comes in, and an enrolment that waits is ended."""
    waiting, device = Device(), await enrolled(accounts, login)
    enrolment = await begin_enrolment(accounts, login.who, SITE, NOW)

    def begun(rows: AccountRows) -> None:
        for number in range(MOST_BEGUN):
            rows.put(Challenge(key=f"{number}", ends_at=NOW + timedelta(minutes=1), purpose="login"))

    await accounts.store.change(begun)
    answer = device.sign(await challenge(accounts))

    assert await accounts.store.read(lambda rows: rows.count(Challenge)) < MOST_BEGUN
    assert (await finish_passkey_login(accounts, SITE, answer, HOME, NOW)).who == login.who.model_copy(
        update={"how": "passkey"}
    )
    assert (await finish_enrolment(accounts, login.who, SITE, "另一部", waiting.enrol(enrolment), NOW)).name == "另一部"


async def test_who_begins_enrolments_without_end_forgets_his_own(accounts: Accounts, login: Entered) -> None:
    """So many wait as an account may have keys."""
    for _ in range(MOST_KEYS + 2):
        await begin_enrolment(accounts, login.who, SITE, NOW)

    assert await accounts.store.read(lambda rows: rows.count(Challenge)) == MOST_KEYS
