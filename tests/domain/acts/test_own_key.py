"""A person's own key: a proof counts for this act, this person, this site and an open key alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from domain.accounts.webauthn import in_base64url
from domain.acts.attestation import OwnKeyProof
from domain.acts.own_key import (
    certificate_content,
    challenge_of_acts,
    hash_in,
    key_name_of,
    must_be_signed_by_its_person,
    origin_of,
    own_key_told,
    signed_acts,
)
from domain.acts.rejections import OwnKeyForgedError
from domain.canonical_json import canonical_json
from domain.directory.ids import PersonId
from domain.record.person_keys import PersonKey

HASH, OTHER = "ab" * 32, "cd" * 32
ACT = f"act-sha256-{HASH}"
PUBLIC = b"public half"
NAME = sha256(PUBLIC).hexdigest()
HIS, ANOTHERS = PersonId("p-1"), PersonId("p-2")
KEY = PersonKey(NAME, HIS, "os:zs", PUBLIC, "duban.example")
CERTIFIED = replace(KEY, rp_id="", certificate=b"certificate")
PRESENT_AND_VERIFIED = b"\x05"


def client_data(asked: bytes, **said: Any) -> bytes:
    """What a browser says of a proof."""
    known = {"type": "webauthn.get", "challenge": in_base64url(asked), "origin": "https://duban.example:8443"}
    return json.dumps({**known, **said}).encode()


def device_data(rp_id: str = "duban.example", flags: bytes = PRESENT_AND_VERIFIED) -> bytes:
    """What a device says of itself."""
    return sha256(rp_id.encode()).digest() + flags + b"\x00\x00\x00\x01"


def proof_of(said: bytes, data: bytes, acts: tuple[str, ...] | None = None) -> OwnKeyProof:
    """A proof whose signature the device below takes for its own."""
    return OwnKeyProof(
        key=NAME,
        client_data=in_base64url(said),
        authenticator_data=in_base64url(data),
        signature=in_base64url(b"signature"),
        acts=acts,
    )


def signs(content: bytes) -> Any:
    """A check of signatures by which the key has signed this content, and nothing else."""
    return lambda public, signed, signature: (public, signed, signature) == (PUBLIC, content, b"signature")


def test_what_a_device_signs_is_its_own_data_and_the_hash_of_the_browsers() -> None:
    """A proof of one act, by its person's open key, at a site of the key: nothing is refused."""
    said, data = client_data(bytes.fromhex(HASH)), device_data()
    must_be_signed_by_its_person(proof_of(said, data), ACT, HIS, KEY, signs(data + sha256(said).digest()))


def test_what_a_certificate_signs_is_a_text_with_the_hash_of_the_act() -> None:
    """The form of it is kept: tokens show it, and every signature of the past is of it."""
    content = f"duban-act/v1\n{HASH}\n".encode()
    assert certificate_content(bytes.fromhex(HASH)) == content
    proof = OwnKeyProof(key=NAME, signature=in_base64url(b"signature"))
    must_be_signed_by_its_person(proof, ACT, HIS, CERTIFIED, signs(content))


def test_acts_that_are_signed_together_are_signed_as_their_list() -> None:
    """One signature is of several acts, in their order; of one alone it is that act's hash."""
    together = sha256(canonical_json({"v": 1, "acts": [OTHER, HASH]})).digest()
    assert challenge_of_acts([ACT]) == bytes.fromhex(HASH)
    assert challenge_of_acts([f"act-sha256-{OTHER}", ACT]) == together != challenge_of_acts([HASH, OTHER])
    said, data = client_data(together), device_data()
    proof = proof_of(said, data, (OTHER, HASH))
    assert signed_acts(proof, ACT) == (OTHER, HASH)
    must_be_signed_by_its_person(proof, ACT, HIS, KEY, signs(data + sha256(said).digest()))


def test_an_act_that_was_not_signed_with_the_others_is_refused() -> None:
    """A list of other acts proves nothing of this one; the sentence says so and names the key."""
    proof = proof_of(client_data(b""), device_data(), (OTHER, OTHER))
    with pytest.raises(OwnKeyForgedError) as refused:
        signed_acts(proof, ACT)
    assert (refused.value.key, refused.value.why) == (NAME, "一并签名的办理里没有这一项")


@pytest.mark.parametrize(
    ("person", "key", "said", "data", "why"),
    [
        (HIS, None, {}, device_data(), "这把密钥没有登记，或已停用"),
        (HIS, replace(KEY, is_open=False), {}, device_data(), "这把密钥没有登记，或已停用"),
        (ANOTHERS, KEY, {}, device_data(), "这把密钥是别人的"),
        (None, KEY, {}, device_data(), "这把密钥是别人的"),
        (HIS, KEY, {"challenge": in_base64url(b"other")}, device_data(), "证明不是为这一次做的"),
        (HIS, KEY, {"type": "webauthn.create"}, device_data(), "证明是为别的用途做的"),
        (HIS, KEY, {"origin": "https://else.example"}, device_data(), "证明是在别的网站做的"),
        (HIS, KEY, {}, device_data("else.example"), "密钥属于别的网站"),
        (HIS, KEY, {}, device_data(flags=b"\x04"), "没有人在设备前确认"),
        (HIS, KEY, {}, b"short", "密钥设备的数据太短"),
        (HIS, KEY, {}, device_data(), "签名不成立"),
    ],
)
def test_a_proof_that_is_not_his_of_this_act_is_refused_with_its_reason(
    person: PersonId | None, key: PersonKey | None, said: Mapping[str, Any], data: bytes, why: str
) -> None:
    """Each reason has its words, and the refusal names the key that the proof names."""
    proof = proof_of(client_data(bytes.fromhex(HASH), **said), data)
    with pytest.raises(OwnKeyForgedError) as refused:
        must_be_signed_by_its_person(proof, ACT, person, key, signs(b"something else"))
    assert (refused.value.key, refused.value.why) == (NAME, why)


@pytest.mark.parametrize(
    "said",
    [
        client_data(bytes.fromhex(OTHER))[:-1]
        + b', "challenge": "'
        + in_base64url(bytes.fromhex(HASH)).encode()
        + b'"}',
        client_data(bytes.fromhex(HASH)).decode().encode("utf-16"),
        b"\xef\xbb\xbf" + client_data(bytes.fromhex(HASH)),
    ],
    ids=["two challenges", "another encoding", "a mark in front"],
)
def test_what_readers_read_differently_is_no_proof(said: bytes) -> None:
    """Whoever made his device's answer so could deny later what he signed: the verifier reads it as no proof."""
    data = device_data()
    with pytest.raises(OwnKeyForgedError) as refused:
        must_be_signed_by_its_person(proof_of(said, data), ACT, HIS, KEY, signs(data + sha256(said).digest()))
    assert refused.value.why == "浏览器送来的内容读不懂"


@pytest.mark.parametrize(
    ("origin", "is_of_the_site"),
    [
        ("https://duban.example", True),
        ("http://duban.example:8080", True),
        ("https://desk.duban.example:8443", True),
        ("https://notduban.example", False),
        ("https://duban.example.evil.example", False),
        ("https://duban.example:8443/", False),
        ("ftp://duban.example", False),
    ],
)
def test_a_proof_is_of_the_domain_of_its_key_whatever_the_port(origin: str, is_of_the_site: bool) -> None:
    """The desk may move to another port or below the domain; another domain is none of the key's."""
    said = client_data(b"", origin=origin)
    assert origin_of(said, "duban.example") == (origin if is_of_the_site else "")


def test_what_an_act_says_of_his_key() -> None:
    """That it signed; that it did not, where he has an open one; nothing where he has none."""
    closed, anothers = replace(KEY, is_open=False), replace(KEY, person_id=ANOTHERS)
    assert own_key_told(HIS, {NAME: KEY}, signed=True) == "signed"
    assert own_key_told(HIS, {NAME: KEY}, signed=False) == "unsigned"
    assert own_key_told(HIS, {NAME: closed}, signed=False) is None
    assert own_key_told(HIS, {NAME: anothers}, signed=False) is None


def test_a_key_and_an_act_are_named_by_their_hashes() -> None:
    """The names that the ledger and a proof have."""
    assert key_name_of(PUBLIC) == sha256(PUBLIC).hexdigest()
    assert hash_in(ACT) == HASH
