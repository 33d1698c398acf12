"""The auditor's commands on the ledger, from the first head to a bundle that two witnesses stand for."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adapters.clock import system_clock
from adapters.evidence.folder_evidence import FolderEvidence
from adapters.ledger.audit_log import LedgerAuditLog
from adapters.ledger.sqlite_ledger import SqliteLedger
from adapters.vault.folder_vault import FolderVault
from application.audit.kept_histories import RunLost
from application.settings import Settings
from domain.errors import InputError
from domain.ports.audit_log import AuditLog
from domain.record.leaf import READINGS_STREAM
from domain.record.ledger_errors import CosignatureRefusedError, NotInLedgerError
from entrypoints.cli.auditor import audit
from tests.adapters.ledger.samples import STREAM, decision, reminder
from verifier.witness import Witness

Run = Callable[..., Result]


@contextmanager
def open_log(settings: Settings) -> Iterator[AuditLog]:
    """The log of a data folder, as the composition root opens it."""
    now = system_clock.now
    ledger = SqliteLedger.open(settings.ledger_file, now)
    try:
        vault = FolderVault(settings.data / "vault")
        evidence = FolderEvidence(settings.evidence_folder)
        yield LedgerAuditLog(ledger.log_store(), vault, evidence, settings.data / "keys", "duban.example/ledger", now)
    finally:
        ledger.close()


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `duban audit …` on a data folder that has three events, and whose runs are all kept."""

    async def all_kept(_settings: Settings) -> tuple[list[RunLost], bool]:
        return [], False

    monkeypatch.setattr("entrypoints.cli.own_log.open_log", open_log)
    monkeypatch.setattr("entrypoints.cli.verifying.unkept_runs", all_kept)

    async def fill() -> None:
        ledger = SqliteLedger.open(tmp_path / "data" / "ledger.db", system_clock.now)
        await ledger.record(decision(reminder(0), reminder(1), reminder(2)))
        ledger.close()

    asyncio.run(fill())

    def called(*arguments: str) -> Result:
        return CliRunner().invoke(
            audit, [*arguments, "--data", str(tmp_path / "data")], obj={}, standalone_mode=False, catch_exceptions=True
        )

    return called


def test_the_own_ledger_is_verified_whole(run: Run) -> None:
    """Without a bundle the installation's own ledger goes through all steps."""
    done = run("verify", "--json")

    answer = json.loads(done.output)
    assert (answer["passed"], done.return_value) == (True, 0)
    assert answer["size"] == 5


@pytest.mark.parametrize(
    "change",
    ["stream='directory-'", "event_id='x'", "stream_seq=99", "event_hash=zeroblob(32)"],
)
def test_an_entry_that_is_hidden_in_the_store_is_a_change(tmp_path: Path, run: Run, change: str) -> None:
    """Whoever can write to the store and has no key lists it elsewhere: its bytes are whole, and nobody finds it."""
    assert run("heads").exception is None
    with closing(sqlite3.connect(tmp_path / "data" / "ledger.db")) as store:
        store.execute("DROP TRIGGER entry_is_never_updated")
        store.execute(f"UPDATE entry SET {change} WHERE event_id='{STREAM}#2'")  # noqa: S608 - of this file alone
        store.commit()

    told, answer = run("verify"), json.loads(run("verify", "--json").output)

    assert (told.return_value, "在库里所列的流程" in told.output) == (1, True)
    assert (answer["verdict"], answer["rule"]) == ("changed", "entries_stand_where_they_say")
    assert run("export", str(tmp_path / "bundle")).return_value == 1
    assert not (tmp_path / "bundle").exists()


@pytest.mark.parametrize("lost", [0, 1])
def test_a_run_that_was_not_kept_fails_the_verification(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, lost: int
) -> None:
    """An honest ledger whose histories are in danger does not pass, and says which; a bundle is not asked for them."""

    async def unkept(settings: Settings) -> tuple[list[RunLost], bool]:
        assert settings.data == tmp_path / "data"
        return [RunLost(workflow_id=STREAM, run_id="r", gone=False, text=f"{STREAM} 没有保存")] * lost, False

    monkeypatch.setattr("entrypoints.cli.verifying.unkept_runs", unkept)

    def verified(*arguments: str) -> Result:
        where = ("--data", str(tmp_path / "data"))
        return CliRunner().invoke(audit, ["verify", *arguments, *where], obj={}, standalone_mode=False)

    assert run("export", str(tmp_path / "bundle")).exception is None
    assert (verified().return_value, verified(str(tmp_path / "bundle")).return_value) == (lost, 0)
    assert (f"{STREAM} 没有保存" in verified().output) == bool(lost)
    answer = json.loads(verified("--json").output)
    assert (answer["passed"], len(answer["unkept"]), answer["engine_asked"]) == (not lost, lost, False)


def test_a_bundle_with_witnesses_is_verified_and_a_changed_one_is_not(run: Run, tmp_path: Path) -> None:
    """From the witnesses' keys to the verdict, only by commands and files."""
    policy = tmp_path / "policy"
    run("heads")
    log_keys = [line.split()[1] for line in run("witness", "policy").output.splitlines() if line.startswith("log ")]
    for name in ("w1", "w2"):
        witness = Witness(tmp_path / name)
        run("witness", "trust", name, str(witness.create(f"{name}.example", log_keys)))
    run("witness", "policy", "-o", str(policy))
    request, answer = tmp_path / "request", tmp_path / "answer"
    run("witness", "request", "-o", str(request))
    for name in ("w1", "w2"):
        answer.write_text(Witness(tmp_path / name).cosign(request.read_bytes(), int(time.time())), encoding="utf-8")
        assert json.loads(run("witness", "answer", str(answer), "--json").output)["size"] > 0
    bundle = tmp_path / "bundle"
    written = json.loads(run("export", str(bundle), "--json").output)
    assert written["witnesses"] == ["w1.example", "w2.example"]

    honest = run("verify", str(bundle), "--policy", str(policy), "--json")
    timeline = bundle / "report" / "timeline.csv"
    timeline.write_bytes(timeline.read_bytes().replace(b"engine", b"nobody"))
    changed = run("verify", str(bundle), "--policy", str(policy))

    assert json.loads(honest.output)["passed"] is True
    assert (honest.return_value, changed.return_value) == (0, 1)
    assert "report/timeline.csv" in changed.output


def test_a_reading_is_recorded_with_the_readers_name(run: Run, tmp_path: Path) -> None:
    """Who looked, and by which command, stands in the ledger itself."""
    run("export", str(tmp_path / "bundle"), "--reader", "王审计")
    run("heads", "--reader", "李审计")
    run("receipt", f"{STREAM}#1")
    run("verify")

    with open_log(Settings(data=tmp_path / "data")) as log:
        assert log.heads()
    ledger = SqliteLedger.open(tmp_path / "data" / "ledger.db", system_clock.now)
    readings = [entry.event["data"] for entry in ledger.entries(READINGS_STREAM)]
    ledger.close()
    assert [(data["reader"], data["command"]) for data in readings] == [
        ("王审计", "audit export"),
        ("李审计", "audit heads"),
        ("auditor", "audit receipt"),
        ("auditor", "audit verify"),
    ]


def test_a_receipt_is_a_proof_in_the_public_format(run: Run) -> None:
    """The person concerned gets a file that begins as the format says."""
    assert run("receipt", f"{STREAM}#1").output.startswith("c2sp.org/tlog-proof@v1\nindex 1\n")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("receipt", f"{STREAM}#99"), NotInLedgerError),
        (("witness", "trust", "w", "not-a-key"), CosignatureRefusedError),
        (("witness", "request", "--since", "999"), InputError),
    ],
)
def test_a_wrong_question_is_one_clear_error(run: Run, arguments: tuple[str, ...], error: type[Exception]) -> None:
    """What is not there, or no key, is refused by name."""
    assert type(run(*arguments).exception) is error


def test_a_rotated_key_stands_in_the_policy_and_the_ledger_still_verifies(run: Run) -> None:
    """After a rotation the policy names both keys, and the whole ledger passes."""
    run("heads")
    assert run("rotate-key", "--reason", "年度更换").exception is None

    keys = [line for line in run("witness", "policy").output.splitlines() if line.startswith("log ")]
    assert len(keys) == 2
    assert run("verify").return_value == 0


def test_a_bundle_is_never_written_over(run: Run, tmp_path: Path) -> None:
    """A second export to the same place is refused and leaves the first as it was."""
    run("export", str(tmp_path / "bundle.tar"))
    before = (tmp_path / "bundle.tar").read_bytes()

    refused = run("export", str(tmp_path / "bundle.tar"))

    assert isinstance(refused.exception, InputError)
    assert (tmp_path / "bundle.tar").read_bytes() == before
