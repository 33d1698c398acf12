"""What the auditor's side of an installation guarantees beyond the log itself."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.evidence.folder_evidence import FolderEvidence
from adapters.ledger.audit_log import LedgerAuditLog
from adapters.ledger.door_files import FolderDoorKeys
from adapters.ledger.signed_notes import new_key, write_key
from adapters.ledger.sqlite_ledger import SqliteLedger
from adapters.vault.folder_vault import FolderVault
from application.engine_room.loops import Beside, kept_going
from domain.record.leaf import HEADS_STREAM, LOG_STREAM, history_stream
from domain.record.ledger_errors import (
    CosignatureRefusedError,
    NotInLedgerError,
    UnknownWitnessError,
    UnreadableWitnessesError,
    UnsafeKeyError,
    WitnessKnownError,
)
from tests.adapters.ledger.conftest import SteppedClock
from tests.adapters.ledger.samples import STREAM, decision, reminder
from verifier.policy import policy_from
from verifier.witness import Witness

AT_ONCE = 0.005


class Installation:
    """A ledger with its audit log."""

    def __init__(self, folder: Path, clock: SteppedClock) -> None:
        self.folder = folder
        self.ledger = SqliteLedger.open(folder / "ledger.sqlite", clock)
        self.vault = FolderVault(folder / "vault")
        self.log = LedgerAuditLog(
            self.ledger.log_store(),
            self.vault,
            FolderEvidence(folder / "evidence"),
            folder / "keys",
            "duban.example/ledger",
            clock,
        )
        self.problems: list[Exception] = []

    async def keep_sealed_until(self, *goals: Callable[[], bool], between: Callable[[], None] = lambda: None) -> None:
        """Let the sealing run until the goals are reached, one after the other; `between` follows the first."""
        sealing = asyncio.ensure_future(kept_going(Beside("sealing", AT_ONCE, self._sealed, after_failure=AT_ONCE)))
        async with asyncio.timeout(10):
            for goal in goals:
                while not goal():  # noqa: ASYNC110 - the sealing has nobody to tell, so it is looked at
                    await asyncio.sleep(0.005)
                between()
        sealing.cancel()
        await asyncio.gather(sealing, return_exceptions=True)

    async def _sealed(self) -> None:
        try:
            await self.log.seal_what_came()
        except Exception as problem:
            self.problems.append(problem)
            raise

    def has_heads(self, count: int) -> bool:
        """Whether there are so many heads."""
        return len(self.log.heads()) >= count


@pytest.fixture
async def installation(tmp_path: Path, writer_clock: SteppedClock) -> AsyncIterator[Installation]:
    """An installation whose log is open."""
    made = Installation(tmp_path, writer_clock)
    await made.log.open()
    yield made
    made.ledger.close()


async def test_what_comes_in_is_soon_under_a_head(installation: Installation) -> None:
    """Without anybody asking, a head is made after something came in, and none when nothing did."""
    await installation.keep_sealed_until(lambda: installation.has_heads(1))
    await installation.ledger.record(decision(reminder(0)))
    await installation.keep_sealed_until(lambda: installation.has_heads(2))

    assert [head.size for head in installation.log.heads()] == [1, 2]


async def test_a_day_is_closed_when_the_next_begins(installation: Installation, writer_clock: SteppedClock) -> None:
    """The streams' heads of the day are in the ledger by the next morning."""

    def closed() -> bool:
        return bool(list(installation.ledger.entries(HEADS_STREAM)))

    await installation.keep_sealed_until(
        lambda: installation.has_heads(1), closed, between=lambda: writer_clock.move(timedelta(days=1))
    )

    assert len(list(installation.ledger.entries(HEADS_STREAM))) == 1


async def test_a_worker_that_was_not_there_at_midnight_closes_the_day_when_it_comes(
    installation: Installation, writer_clock: SteppedClock
) -> None:
    """A machine that is switched off each evening closes its days all the same, each once."""
    await installation.ledger.record(decision(reminder(0)))
    for _ in range(2):
        writer_clock.move(timedelta(days=1))
        installation.ledger.close()
        installation = Installation(installation.folder, writer_clock)
        await installation.log.seal_what_came()
        await installation.log.seal_what_came()
    days = [entry.event["data"]["day"] for entry in installation.ledger.entries(HEADS_STREAM)]
    installation.ledger.close()

    assert days == ["2018-05-10"]


async def test_a_problem_is_said_and_the_sealing_goes_on(installation: Installation) -> None:
    """A key that others can read stops no appending, is said each time, and heads follow once it is mended."""
    key = installation.folder / "keys" / "ledger.key"
    key.chmod(0o644)
    await installation.keep_sealed_until(lambda: len(installation.problems) > 1)
    assert {type(problem) for problem in installation.problems} == {UnsafeKeyError}

    key.chmod(0o600)
    await installation.keep_sealed_until(lambda: installation.has_heads(1))


async def test_a_full_disk_ends_no_sealing(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """A head that cannot be kept in the second place is said each time; when there is room again, heads follow."""
    full = True
    real = os.fsync

    def fsync(file: int) -> None:
        if full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(file)

    monkeypatch.setattr("adapters.files.whole_file.os.fsync", fsync)
    await installation.keep_sealed_until(lambda: len(installation.problems) > 2)
    assert {getattr(problem, "errno", None) for problem in installation.problems} == {errno.ENOSPC}
    full = False

    await installation.keep_sealed_until(lambda: installation.has_heads(1))


async def test_the_policy_asks_for_more_than_half_of_the_witnesses(installation: Installation) -> None:
    """Of three trusted witnesses two must have seen a head."""
    for name in ("w1", "w2", "w3"):
        vkey = Witness(installation.folder / name).create(f"{name}.example", _log_keys(installation))
        await installation.log.trust_witness(name, str(vkey))

    policy = policy_from(installation.log.policy().encode())

    assert [policy.is_met(dict.fromkeys(seen, 0)) for seen in (["w1"], ["w1", "w3"], ["w1", "w2", "w3"])] == [
        False,
        True,
        True,
    ]


async def test_a_witness_that_is_trusted_stands_in_the_ledger(installation: Installation) -> None:
    """Who was taken into the policy, with which key, is an entry, once."""
    vkey = str(Witness(installation.folder / "w").create("w.example", _log_keys(installation)))
    for _ in range(2):
        await installation.log.trust_witness("w", vkey)

    own = [entry.event for entry in installation.ledger.entries(LOG_STREAM)]
    assert [event["data"]["vkey"] for event in own if event["type"] == "witness.trusted"] == [vkey]


@pytest.mark.parametrize("said", [b"", b"{", b"[]", b'{"w": 1}', b"\xff", b"[" * 100_000])
async def test_a_torn_list_of_witnesses_is_told_and_never_taken_for_none(
    installation: Installation, said: bytes
) -> None:
    """A policy without witnesses would ask less of the auditor: the sentence names the file and the remedy."""
    await installation.log.open()
    places = list(installation.folder.rglob("ledger.key"))
    (places[0].parent / "witnesses.json").write_bytes(said)
    with pytest.raises(UnreadableWitnessesError, match="duban audit witness trust"):
        installation.log.policy()


async def test_only_a_witnesss_key_is_trusted(installation: Installation) -> None:
    """Neither a text, nor the log's own key, nor a name that a policy could not hold."""
    witness = str(Witness(installation.folder / "w").create("w.example", _log_keys(installation)))
    for name, vkey in (("w", "no-key"), ("w", _log_keys(installation)[0]), ("two words", witness)):
        with pytest.raises(CosignatureRefusedError):
            await installation.log.trust_witness(name, vkey)

    assert "witness" not in installation.log.policy()


async def test_one_witness_has_one_name_and_may_have_a_new_key(installation: Installation) -> None:
    """A key under another name would count twice towards the quorum; another key under the name takes its place."""
    keys = [str(Witness(installation.folder / n).create("w.example", _log_keys(installation))) for n in ("one", "two")]
    await installation.log.trust_witness("档案馆", keys[0])
    before = installation.log.policy()
    with pytest.raises(WitnessKnownError, match="档案馆"):
        await installation.log.trust_witness("审计厅", keys[0])
    assert installation.log.policy() == before
    await installation.log.trust_witness("档案馆", keys[0])
    await installation.log.trust_witness("档案馆", keys[1])
    assert f"witness 档案馆 {keys[1]}" in installation.log.policy()
    assert keys[0] not in installation.log.policy()


async def test_a_line_of_a_witness_that_is_not_trusted_is_refused(installation: Installation) -> None:
    """Anybody can sign; only those in the policy count."""
    await installation.log.seal()
    stranger = Witness(installation.folder / "stranger")
    stranger.create("stranger.example", _log_keys(installation))
    line = stranger.cosign(installation.log.witness_request(0).encode(), 1_800_000_000)

    with pytest.raises(UnknownWitnessError, match=r"stranger\.example.*duban audit witness trust"):
        await installation.log.add_cosignature(line)


async def test_a_bundle_goes_out_under_the_last_head_that_was_witnessed(installation: Installation) -> None:
    """A newer head that nobody saw yet does not make the bundle weaker."""
    witness = Witness(installation.folder / "w")
    await installation.log.trust_witness("w", str(witness.create("w.example", _log_keys(installation))))
    await installation.log.seal()
    await installation.log.add_cosignature(witness.cosign(installation.log.witness_request(0).encode(), 1_800_000_000))
    await installation.ledger.record(decision(reminder(0)))
    await installation.log.seal()

    written = installation.log.export(str(installation.folder / "bundle"), {})

    assert (written.size, written.witnesses) == (2, ("w.example",))


async def test_nothing_signed_is_nothing_to_export(installation: Installation) -> None:
    """The office is told to wait for the first head."""
    with pytest.raises(NotInLedgerError):
        installation.log.export(str(installation.folder / "bundle"), {})


async def test_a_kept_history_is_in_the_vault_and_its_hash_in_the_ledger(installation: Installation) -> None:
    """File and entry agree, and keeping it again adds nothing."""
    for _ in range(2):
        await installation.log.keep_history(STREAM, "run-1", b"history", b"{}", {"events": 3, "build": "b"})

    kept = [entry.event for entry in installation.ledger.entries(history_stream(STREAM))]
    assert [(event["type"], event["data"]["events"]) for event in kept] == [("workflow.closed", 3)]
    assert {blob["name"] for blob in kept[0]["blobs"]} == set(installation.vault.files())
    assert installation.log.has_history(STREAM, "run-1")
    assert not installation.log.has_history(STREAM, "run-2")


def _log_keys(installation: Installation) -> list[str]:
    return [line.split()[1] for line in installation.log.policy().splitlines() if line.startswith("log ")]


async def test_the_log_is_signed_with_the_key_on_record_alone(installation: Installation) -> None:
    """One of another log, an older one, none, or a folder: it is named, a start refuses, and no head is made."""
    place = installation.folder / "keys" / "ledger.key"
    old = place.read_bytes()
    await installation.log.rotate_key("例行更换")
    assert installation.log.key_fault() is None
    heads = len(installation.log.heads())
    await installation.log.record_reading("审计员", "history")

    spoilt: list[Callable[[], object]] = [
        lambda: place.write_bytes(old),
        place.unlink,
        lambda: write_key(place, new_key("duban.example/ledger")),
        lambda: place.write_bytes(b""),
    ]
    for spoil in spoilt:
        spoil()
        assert installation.log.key_fault() is not None
        for use in (installation.log.open, installation.log.seal):
            with pytest.raises(UnsafeKeyError, match=place.name):
                await use()
    assert len(installation.log.heads()) == heads


@pytest.mark.parametrize("said", [False, True], ids=["made", "said"])
async def test_a_backup_that_was_made_amid_a_change_of_the_key_is_restored(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, *, said: bool
) -> None:
    """The next key lies there, and the ledger has it or has it not: the new generation begins all the same."""
    cut = "seal" if said else "say_change"
    owner = "transparency_log.TransparencyLog" if said else "log_keys.LogKeys"
    with monkeypatch.context() as killed:
        killed.setattr(f"adapters.ledger.{owner}.{cut}", _killed)
        with pytest.raises(InterruptedError):
            await installation.log.rotate_key("例行更换")
    assert (installation.folder / "keys" / "ledger.key.next").exists()

    generation = await installation.log.restore({"made": "2018-06-30T00:00:00Z", "sha256": "0" * 64}, [])

    assert "/generation-2/" in generation.origin
    assert installation.log.key_fault() is None
    assert not (installation.folder / "keys" / "ledger.key.next").exists()


async def _killed(*_: object) -> None:
    raise InterruptedError


async def test_a_ledger_on_a_medium_that_nobody_can_write_is_read_and_exported(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An auditor's snapshot: heads and bundle are what was signed, nothing is made, and no reading can be recorded."""
    await installation.ledger.record(decision(reminder(0)))
    await installation.log.seal()
    await installation.log.record_reading("审计员", "after the last head")
    size = len(list(installation.ledger.entries()))
    monkeypatch.setattr("adapters.ledger.sqlite_ledger.is_on_a_still_medium", lambda _: True)
    still = Installation(installation.folder, SteppedClock())

    await still.log.open()
    await still.log.record_reading("审计员", "history")
    head = await still.log.seal()

    assert still.log.is_still
    assert (head, still.log.unsigned().entries) == (still.log.heads()[-1], 1)
    assert still.log.export(str(tmp_path / "bundle"), {}).size == size - 1
    assert len(list(still.ledger.entries())) == size
    still.ledger.close()


def test_a_door_s_key_that_is_not_there_is_looked_for_in_a_backup_first(tmp_path: Path) -> None:
    """Where there is none, another one takes its place openly."""
    with pytest.raises(UnsafeKeyError, match=r"从备份恢复这个文件.*change-door-key shell"):
        FolderDoorKeys(tmp_path).key("shell")
