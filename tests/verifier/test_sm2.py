"""SM2 with SM3, by the verifier's own plain Python: as the standard says, and as another implementation does."""

from __future__ import annotations

import hashlib
import random
import secrets
from pathlib import Path

import pytest

from tests.application.accounts.certificates import SoftwareCertificate
from verifier.public_keys import has_signed
from verifier.sm2 import CURVE, sm3


@pytest.mark.parametrize(
    ("content", "digest"),
    [
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
)
def test_sm3_hashes_as_the_standard_says(content: bytes, digest: str) -> None:
    """The two examples of GB/T 32905."""
    assert sm3(content).hex() == digest


def test_sm3_hashes_as_another_implementation_does() -> None:
    """Every length about the edges of a block."""
    for length in (0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 1_000):
        content = secrets.token_bytes(length)
        assert sm3(content) == hashlib.new("sm3", content).digest()


def test_signatures_hold_as_the_openssl_command_makes_them(tmp_path: Path) -> None:
    """Of its own content by its own key; of another content, by another key, cut or twisted they do not."""
    certificate, other = SoftwareCertificate(tmp_path, "王芳"), SoftwareCertificate(tmp_path, "李明")
    for content in (b"", b"act", secrets.token_bytes(200)):
        signature = certificate.sign(content)
        assert has_signed(certificate.public, content, signature)
        assert not has_signed(other.public, content, signature)
        assert not has_signed(certificate.public, content + b"x", signature)
        assert not has_signed(certificate.public, content, signature[:-1])
        assert not has_signed(certificate.public, content, bytes([*signature[:-1], signature[-1] ^ 1]))
        assert not has_signed(certificate.public[:-64] + secrets.token_bytes(64), content, signature)


def test_multiples_of_two_points_meet_where_adding_leads() -> None:
    """Numbers with bits in each row of the comb and in none, sums that are one point's, and those that are nowhere."""
    n, own = CURVE.n, CURVE.g
    chance = random.Random(1)
    for one in (0, 1, 2**64, 2**128 + 5, 2**192, n - 1, chance.randrange(n)):
        for other in (0, 1, 2**255, n - one):
            together = (one + other) % n
            assert CURVE.x_of_sum(one, other, own) == CURVE.x_of_sum(0, together, own)
    assert CURVE.x_of_sum(0, 0, own) is None
    assert CURVE.x_of_sum(1, 0, own) == own[0]
    assert CURVE.x_of_sum(n - 3, 3, own) is None
