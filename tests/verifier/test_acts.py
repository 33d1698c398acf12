"""Who acted: each kind of attack on an attestation is refused with its own reason, by the verifier alone."""

from __future__ import annotations

import json
import random

import pytest

from bench.memory_bundle import MemoryBundle
from tests.verifier.attested_mutations import AttestedAttacks
from tests.verifier.forger import Forger
from tests.verifier.rehearsed_year import Year
from verifier.told_acts import as_lines
from verifier.verify import verify

KINDS = (
    "edited",
    "dropped",
    "swapped",
    "without",
    "rehashed",
    "of_another_time",
    "of_nobody",
    "unissued",
    "another_successor",
)


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


def test_each_act_is_told_with_its_person_account_login_and_signatures(year: Year) -> None:
    """No attested entry is left out, and each is told as its own file says it; the command prints one line for each."""
    files = year.files()
    told = verify(MemoryBundle(files), year.trust()).acts
    events = [json.loads(leaf)["event"] for leaf in Forger(year).leaves]
    named = {event["data"]["attested"] for event in events if event["data"].get("attested")}
    assert {events[act["entry"]]["data"]["attested"] for act in told} == named
    for act in told:
        (blob,) = [blob for blob in events[act["entry"]]["blobs"] if blob["name"] == "attestation.json"]
        said = json.loads(files[f"blobs/{blob['sha256']}"])
        assert act["own_key"] == (said["own_key"]["key"] if said.get("own_key") else None)
        assert {name: act[name] for name in ("person_id", "name", "account", "login", "door")} == {
            name: said[name] for name in ("person_id", "name", "account", "login", "door")
        }
    assert any(act["own_key"] for act in told)
    header, *lines = as_lines(told).splitlines()
    assert {len(line.split("\t")) for line in (header, *lines)} == {10}
    assert len(lines) == len(told) > 1


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
