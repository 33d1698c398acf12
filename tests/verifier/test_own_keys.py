"""The person's own key, by the verifier alone: honest signatures hold, every kind of attack has its own reason."""

from __future__ import annotations

import random
import secrets

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bench.memory_bundle import MemoryBundle
from domain.acts.decisions import HANDLERS
from domain.acts.office_weights import OFFICE_WEIGHTS
from domain.rules.own_key_rules import OwnKeyRules
from tests.verifier.forger import Forger
from tests.verifier.own_key_mutations import OwnKeyAttacks
from tests.verifier.rehearsed_year import Year
from verifier.own_keys import BY_DEFAULT, WEIGHTS
from verifier.public_keys import has_signed
from verifier.verify import verify

KINDS = (
    "edited",
    "dropped",
    "dropped_whole",
    "swapped",
    "by_another_key",
    "altered_act",
    "by_a_lost_key",
    "put_into_a_list",
    "enrolled_unsigned",
)
CURVE_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@pytest.fixture(scope="session")
def attacks(year: Year) -> OwnKeyAttacks:
    """Attacks on the year's own keys."""
    kept = int(year.kept[-2].split(b"\n")[1])
    return OwnKeyAttacks(year, Forger(year), kept)


def test_an_honest_year_has_every_strike_off_signed(year: Year) -> None:
    """By two devices one after the other: what the lost one had signed stays proved."""
    report = verify(MemoryBundle(year.files()), year.trust())
    (step,) = [step for step in report.steps if step.name == "own_keys"]
    assert (step.verdict, step.findings) == ("passed", [])
    assert step.note.endswith("登记了 3 把密钥，1 人")
    assert "中 0 项" not in step.note


def test_every_kind_of_attack_is_listed(attacks: OwnKeyAttacks) -> None:
    """A kind that comes later is tried here too."""
    assert {attack.__name__ for attack in attacks.all()} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_each_attack_is_refused_with_its_reason(year: Year, attacks: OwnKeyAttacks, kind: str) -> None:
    """With the log's key, the doors' keys of today, and a lost device."""
    for seed in range(2):
        _, files, reasons = getattr(attacks, kind)(random.Random(seed))
        codes = verify(MemoryBundle(files), year.trust()).codes()
        assert reasons & codes, codes


def test_the_verifier_knows_what_weighs_and_the_default() -> None:
    """Its own tables say what the core's say."""
    of_projects = {command.__name__: command.weight for command in HANDLERS if command.weight}
    of_the_office = {kind: weight for kind, weight in OFFICE_WEIGHTS.items() if weight not in (None, "keys")}
    assert of_projects | of_the_office == WEIGHTS
    assert OwnKeyRules().model_dump(mode="json") == BY_DEFAULT


def test_signatures_are_checked_as_another_implementation_does() -> None:
    """Each kind of key: its own signatures hold; of another content, of another key, cut, and twisted ones do not."""
    content = b"act"
    curve, edwards, big = (
        ec.generate_private_key(ec.SECP256R1()),
        ed25519.Ed25519PrivateKey.generate(),
        rsa.generate_private_key(65_537, 2_048),
    )
    signed = {
        _der(curve): curve.sign(content, ec.ECDSA(SHA256())),
        _der(edwards): edwards.sign(content),
        _der(big): big.sign(content, padding.PKCS1v15(), SHA256()),
    }
    for public, signature in signed.items():
        assert has_signed(public, content, signature)
        assert not has_signed(public, b"another", signature)
        assert not has_signed(public, content, signature[:-1])
        assert not has_signed(public, content, bytes([*signature[:-1], signature[-1] ^ 1]))
        assert not any(has_signed(other, content, signature) for other in signed if other != public)
        assert not has_signed(public[:-1], content, signature)
    r, s = decode_dss_signature(signed[_der(curve)])
    for wrong in ((0, s), (r, 0), (r + CURVE_ORDER, s), (s, r)):
        assert not has_signed(_der(curve), content, encode_dss_signature(*wrong))
    off_the_curve = _der(curve)[:-64] + secrets.token_bytes(64)
    assert not has_signed(off_the_curve, content, signed[_der(curve)])


def test_many_signatures_on_the_curve_hold() -> None:
    """Forty random keys and contents: no honest signature is refused."""
    for _ in range(40):
        key, content = ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(50)
        assert has_signed(_der(key), content, key.sign(content, ec.ECDSA(SHA256())))


def _der(key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
