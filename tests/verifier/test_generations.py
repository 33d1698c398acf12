"""A log that was taken up again from a backup: what a kept head, a witness and a guard make of it, and of a forger."""

from __future__ import annotations

import asyncio
import shutil
import time
from pathlib import Path

import pytest

from adapters.clock import system_clock
from adapters.evidence.folder_evidence import FolderEvidence
from adapters.ledger.audit_log import LedgerAuditLog
from adapters.ledger.sqlite_ledger import SqliteLedger
from adapters.vault.folder_vault import FolderVault
from domain.ports.audit_log import NewGeneration
from domain.record.ledger_errors import KnownHeadError, LedgerForkError
from tests.verifier.test_verdicts import ORIGIN, Office, codes
from verifier.witness import WitnessRefusedError


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office whose ledger has three events."""
    return Office(tmp_path)


def saved(office: Office) -> Path:
    """A copy of its data folder, as a backup has it: without the second place of the last head."""
    place = office.folder / f"saved-{time.monotonic_ns()}"
    shutil.copytree(office.data, place)
    (place / "keys" / "last-head").unlink(missing_ok=True)
    return place


def put_back(office: Office, copy: Path) -> None:
    """The copy in the place of the data folder, as somebody does who knows no other way."""
    shutil.rmtree(office.data)
    shutil.copytree(copy, office.data)


def taken_up(office: Office, copy: Path, *known: str, guards: tuple[Path, ...] = ()) -> NewGeneration:
    """The copy, restored with what is known of later heads."""
    put_back(office, copy)
    heads = [Path(each).read_text(encoding="utf-8") for each in known]

    async def work() -> NewGeneration:
        ledger = SqliteLedger.open(office.data / "ledger.db", system_clock.now)
        stores = (FolderVault(office.data / "vault"), FolderEvidence(office.data / "evidence"))
        place = office.data / "keys"
        log = LedgerAuditLog(ledger.log_store(), *stores, place, ORIGIN, system_clock.now, guards)
        try:
            facts = {"made": "2018-06-30T00:00:00.000000Z", "sha256": "0" * 64}
            return await log.restore(facts, heads)
        finally:
            ledger.close()

    return asyncio.run(work())


def test_a_kept_head_of_the_old_generation_says_what_is_missing(office: Office) -> None:
    """With the known head and without it, under the policy from before: evidence is missing, nobody is a forger."""
    policy = office.policy()
    copy = saved(office)
    office.append(4)
    kept = office.head()

    for known in ([], [kept]):
        generation = taken_up(office, copy, *known)
        office.events = 3
        office.append(2)
        found = office.audit("verify", office.bundle(), "--policy", policy, "--kept", kept)

        assert (found["verdict"], codes(found)) == ("evidence_missing", {"prefixes.restored"})
        assert generation.origin == found["origin"]
        assert (generation.lost > 0) == bool(known)


def test_a_forger_without_the_entry_is_still_found(office: Office) -> None:
    """Put back without a restore and gone on under the same key: the kept head says that history was rewritten."""
    policy, copy = office.policy(), saved(office)
    office.append(4)
    kept = office.head()
    put_back(office, copy)
    office.events = 3
    office.append(9)

    found = office.audit("verify", office.bundle(), "--policy", policy, "--kept", kept)

    assert (found["verdict"], codes(found)) == ("changed", {"prefixes.kept_head_forked"})


def test_what_the_new_generation_signed_is_held_against_it_too(office: Office) -> None:
    """A head of a first restore is a change for a second one of the same backup, unless that one was told of it."""
    policy, copy = office.policy(), saved(office)
    office.append(4)
    taken_up(office, copy)
    office.events = 3
    office.append(2)
    kept = office.head()
    time.sleep(1.1)

    taken_up(office, copy)
    office.events = 3
    office.append(5)
    unexplained = office.audit("verify", office.bundle(), "--policy", policy, "--kept", kept)
    time.sleep(1.1)
    taken_up(office, copy, kept)
    explained = office.audit("verify", office.bundle(), "--policy", policy, "--kept", kept)

    assert (unexplained["verdict"], codes(unexplained)) == ("changed", {"prefixes.kept_head_other_generation"})
    assert (explained["verdict"], codes(explained)) == ("evidence_missing", {"prefixes.restored"})


def test_an_older_bundle_and_a_newer_head_are_no_forgery(office: Office) -> None:
    """A bundle from before the restore against a head from after it: ask for a newer bundle."""
    policy, copy, bundle = office.policy(), saved(office), office.bundle()
    taken_up(office, copy)

    found = office.audit("verify", bundle, "--policy", policy, "--kept", office.head())

    assert (found["verdict"], codes(found)) == ("evidence_missing", {"prefixes.kept_head_beyond"})


def test_a_guard_outside_of_the_backup_stops_a_put_back_ledger_and_tells_the_restore(office: Office) -> None:
    """The ledger alone, put back, is not signed; restored, it says how many entries the guard knew of."""
    guard = office.folder / "other-disk"
    guard.mkdir()
    office.run("heads")
    copy = saved(office)

    def sealed() -> int:
        async def work() -> int:
            ledger = SqliteLedger.open(office.data / "ledger.db", system_clock.now)
            stores = (FolderVault(office.data / "vault"), FolderEvidence(office.data / "evidence"))
            now = system_clock.now
            log = LedgerAuditLog(ledger.log_store(), *stores, office.data / "keys", ORIGIN, now, (guard,))
            try:
                await log.open()
                head = await log.seal()
                return head.size if head else 0
            finally:
                ledger.close()

        return asyncio.run(work())

    office.append(4)
    size = sealed()
    put_back(office, copy)
    with pytest.raises(LedgerForkError):
        sealed()

    generation = taken_up(office, copy, guards=(guard,))

    assert generation.lost == size - generation.continues > 0
    assert sealed() > 0
    assert len(list(guard.iterdir())) == 2, "the old generation's head stays beside the new one's"


def test_a_known_head_that_contradicts_the_backup_or_is_a_strangers_refuses_the_restore(office: Office) -> None:
    """Nothing is signed over a copy that is not what was signed, nor with a head of another log."""
    kept = office.head()
    copy = saved(office)
    stranger = Office(office.folder / "stranger")
    foreign = stranger.head()
    forked = saved(stranger)
    shutil.copy(copy / "keys" / "ledger.key", forked / "keys" / "ledger.key")

    with pytest.raises(KnownHeadError):
        taken_up(office, copy, foreign)
    with pytest.raises((LedgerForkError, KnownHeadError)):
        taken_up(office, forked, kept)


@pytest.mark.parametrize("seen", ["before the backup", "after the backup"])
def test_a_witness_goes_on_with_the_new_generation(office: Office, seen: str) -> None:
    """By itself where its head is a beginning; else only when whoever runs it says that the log was restored."""
    office.trust()
    office.witnessed()
    copy = saved(office)
    if seen == "after the backup":
        office.append(4)
        office.witnessed()
    policy = office.policy()
    taken_up(office, copy)
    if seen == "before the backup":
        office.witnessed()
    else:
        kept = office.witness.kept_head()
        assert kept is not None
        request = office.run("witness", "request").output.encode()
        with pytest.raises(WitnessRefusedError, match="恢复"):
            office.witness.cosign(request, int(time.time()))
        line = office.folder / "line"
        line.write_text(office.witness.cosign(request, int(time.time()), restored=True), encoding="utf-8")
        office.run("witness", "answer", str(line))
        assert (office.folder / "witness" / f"kept-head.{kept.size}").exists()

    found = office.audit("verify", office.bundle(), "--policy", policy)

    assert (found["verdict"], codes(found)) == ("nothing_found", set())


def test_a_key_that_was_lost_is_not_made_anew(office: Office) -> None:
    """An emptied key folder is told with its remedy, instead of heads that nobody can trust."""
    office.run("heads")
    (office.data / "keys" / "ledger.key").unlink()

    with pytest.raises(AssertionError, match="不见了"):
        office.run("heads")
