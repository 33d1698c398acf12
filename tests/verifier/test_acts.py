"""Who acted: each kind of attack on an attestation is refused with its own reason, by the verifier alone."""

from __future__ import annotations

import random

import pytest

from tests.verifier.attested_mutations import AttestedAttacks
from tests.verifier.forger import Forger
from tests.verifier.rehearsed_year import Year
from verifier.bundle import MemoryBundle
from verifier.verify import verify

KINDS = ("edited", "dropped", "swapped", "without", "rehashed", "of_another_time", "unissued", "another_successor")


@pytest.fixture(scope="session")
def attacks(year: Year) -> AttestedAttacks:
    """Attacks on the year's attestations."""
    kept = int(year.kept[-2].split(b"\n")[1])
    return AttestedAttacks(year, Forger(year), year.files(), kept)


def test_an_honest_year_names_who_acted(year: Year) -> None:
    """Every act has its attestation, by two keys of one door in turn; persons, accounts, logins and doors are told."""
    report = verify(MemoryBundle(year.files()), year.trust())
    (step,) = [step for step in report.steps if step.name == "acts"]
    assert (step.verdict, step.findings) == ("passed", [])
    assert "王芳（P0002，password:王芳，password，desk）" in step.note


def test_every_kind_of_attack_is_listed(attacks: AttestedAttacks) -> None:
    """A kind that comes later is tried here too."""
    assert {attack.__name__ for attack in attacks.all()} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_each_attack_is_refused_with_its_reason(year: Year, attacks: AttestedAttacks, kind: str) -> None:
    """With the log's key and all of the writer's programs, and the doors' keys of today."""
    for seed in range(3):
        _, files, reasons = getattr(attacks, kind)(random.Random(seed))
        codes = verify(MemoryBundle(files), year.trust()).codes()
        assert reasons & codes, codes
