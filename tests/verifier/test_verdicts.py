"""The three verdicts, by commands and files as an office, a witness and an auditor have them: nobody honest is accused,
and whoever changes something is."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from adapters.evidence.folder_evidence import FolderEvidence
from adapters.ledger.audit_log import LedgerAuditLog
from adapters.ledger.sqlite_ledger import SqliteLedger
from adapters.vault.folder_vault import FolderVault
from application.audit.kept_histories import RunLost
from application.settings import Settings
from domain.ports.audit_log import AuditLog
from entrypoints.cli.auditor import audit
from tests.adapters.ledger.samples import decision, reminder
from verifier.witness import Witness, WitnessRefusedError

ORIGIN = "duban.example/ledger"
WITNESS = "w.example"


async def _all_kept(_settings: Settings) -> tuple[list[RunLost], bool]:
    return [], False


class Office:
    """An office that an auditor visits: its data folder, the writer's clock, its commands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.ahead = timedelta()
        self.events = 0
        self.witness = Witness(folder / "witness")
        self.append(3)

    def now(self) -> datetime:
        """What the writer's clock shows."""
        return datetime.now(UTC) + self.ahead

    @contextmanager
    def _open(self, settings: Settings) -> Iterator[AuditLog]:
        ledger = SqliteLedger.open(settings.ledger_file, self.now)
        try:
            vault, evidence = FolderVault(settings.data / "vault"), FolderEvidence(settings.evidence_folder)
            yield LedgerAuditLog(ledger.log_store(), vault, evidence, settings.data / "keys", ORIGIN, self.now)
        finally:
            ledger.close()

    def append(self, count: int) -> None:
        """Let events come in."""

        async def work() -> None:
            ledger = SqliteLedger.open(self.data / "ledger.db", self.now)
            await ledger.record(decision(*(reminder(self.events + n) for n in range(count))))
            ledger.close()

        asyncio.run(work())
        self.events += count

    def run(self, *arguments: str) -> Result:
        """`duban audit …`."""
        where = ["--data", str(self.data)]
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("entrypoints.cli.own_log.open_log", self._open)
            patched.setattr("entrypoints.cli.verifying.unkept_runs", _all_kept)
            done = CliRunner().invoke(audit, [*arguments, *where], obj={}, standalone_mode=False)
        assert done.exception is None, done.exception
        return done

    def audit(self, *arguments: str) -> dict[str, Any]:
        """`duban audit … --json`, its exit status beside its answer."""
        done = self.run(*arguments, "--json")
        return {**json.loads(done.output), "status": done.return_value}

    def trust(self) -> None:
        """Take the witness into the policy."""
        self.run("heads")
        keys = [line.split()[1] for line in self.run("witness", "policy").output.splitlines() if line[:4] == "log "]
        self.run("witness", "trust", "w", str(self.witness.create(WITNESS, keys)))

    def witnessed(self, at: int | None = None) -> None:
        """Have the last head cosigned."""
        kept = self.witness.kept_head()
        request = self.folder / "request"
        self.run("witness", "request", "--since", str(kept.size if kept else 0), "-o", str(request))
        line = self.folder / "line"
        line.write_text(self.witness.cosign(request.read_bytes(), at or int(time.time())), encoding="utf-8")
        self.run("witness", "answer", str(line))

    def policy(self) -> str:
        """Where the auditor keeps the policy."""
        place = self.folder / f"policy-{time.monotonic_ns()}"
        self.run("witness", "policy", "-o", str(place))
        return str(place)

    def head(self) -> str:
        """Where the auditor keeps the last head."""
        place = self.folder / f"head-{time.monotonic_ns()}"
        self.run("heads", "-o", str(place))
        return str(place)

    def bundle(self) -> str:
        """A bundle, exported now."""
        place = self.folder / f"bundle-{time.monotonic_ns()}"
        assert self.audit("export", str(place))["verdict"] == "nothing_found"
        return str(place)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office whose ledger has three events."""
    return Office(tmp_path)


def codes(answer: dict[str, Any]) -> set[str]:
    """The rules that were found not to be met."""
    return {f"{step['step']}.{each['code']}" for step in answer["steps"] for each in step["findings"]}


def test_by_the_guide_with_a_trusted_witness_nothing_is_found(office: Office) -> None:
    """Trust, a witnessed head, later heads that the auditor keeps, an export, a verification: no accusation."""
    office.trust()
    office.witnessed()
    office.append(2)
    policy, kept = office.policy(), office.head()
    office.append(1)

    found = office.audit("verify", office.bundle(), "--policy", policy, "--kept", kept)

    assert (found["verdict"], found["status"], codes(found)) == ("nothing_found", 0, set())


def test_a_head_that_no_witness_saw_is_missing_evidence_with_its_remedy(office: Office) -> None:
    """Nobody is accused of anything; how the witness's line is got stands there."""
    office.trust()

    found = office.audit("verify", office.bundle(), "--policy", office.policy())
    said = office.run("verify", office.bundle()).output

    assert (found["verdict"], found["status"], codes(found)) == ("evidence_missing", 1, {"checkpoint.quorum"})
    assert "audit witness request" in said
    assert "没有发现改动" in said


def test_a_bundle_that_is_older_than_the_kept_head_is_no_forgery(office: Office) -> None:
    """The auditor is told to ask for a newer export; the same of the ledger itself means that its end was cut off."""
    bundle = office.bundle()
    earlier = office.folder / "earlier"
    shutil.copytree(office.data, earlier)
    office.append(2)
    kept = office.head()

    older = office.audit("verify", bundle, "--kept", kept)
    shutil.rmtree(office.data)
    earlier.rename(office.data)
    cut = office.audit("verify", "--kept", kept)

    assert (older["verdict"], codes(older)) == ("evidence_missing", {"prefixes.kept_head_beyond"})
    assert (cut["verdict"], codes(cut)) == ("changed", {"prefixes.kept_head_rolled_back"})


def test_a_clock_that_ran_ahead_accuses_nobody(office: Office) -> None:
    """One append 300 days early, seen by the witness, then put right: what the ledger itself explains is no finding."""
    office.trust()
    office.ahead = timedelta(days=300)
    office.append(1)
    office.run("heads")
    office.ahead = timedelta()
    policy = office.policy()
    office.append(1)
    office.witnessed()

    found = office.audit("verify", office.bundle(), "--policy", policy)

    assert (found["verdict"], codes(found)) == ("nothing_found", set())
    assert any("时钟曾走快" in step["note"] for step in found["steps"])


def test_a_clock_that_is_ahead_and_not_put_right_is_missing_evidence(office: Office) -> None:
    """A witness's own time contradicts the entries' and nothing explains it yet: said, with what to do."""
    office.trust()
    office.ahead = timedelta(days=300)
    office.append(1)
    office.witnessed(int(time.time()))

    found = office.audit("verify", office.bundle(), "--policy", office.policy())

    assert (found["verdict"], codes(found)) == ("evidence_missing", {"rules.witnessed_window"})


def test_after_a_change_of_the_key_witness_and_auditor_go_on(office: Office) -> None:
    """The witness takes the next head, and whoever has only the old policy is told of the change, not of a forgery."""
    office.trust()
    office.witnessed()
    policy, kept = office.policy(), office.head()
    for reason in ("年度更换", "保管人调动"):
        office.run("rotate-key", "--reason", reason)
        office.append(1)
    office.witnessed()

    for known in (policy, office.policy()):
        found = office.audit("verify", office.bundle(), "--policy", known, "--kept", kept)
        assert (found["verdict"], codes(found)) == ("nothing_found", set())


def test_a_key_that_nobody_vouches_for_is_refused(office: Office) -> None:
    """Another key under the same name convinces neither the witness nor the auditor."""
    office.trust()
    office.witnessed()
    policy = office.policy()
    forger = Office(office.folder / "forger")
    forger.append(20)

    found = forger.audit("verify", forger.bundle(), "--policy", policy)
    with pytest.raises(WitnessRefusedError):
        office.witness.cosign(forger.run("witness", "request").output.encode(), int(time.time()))

    assert found["verdict"] == "changed"
    assert {"checkpoint.policy_differs", "checkpoint.head_signature"} <= codes(found)


@pytest.mark.parametrize("left", ["{}", '{"w": "other"}'])
def test_an_emptied_or_exchanged_list_of_witnesses_is_a_change(office: Office, left: str) -> None:
    """The entries say who was trusted: a policy without that key is found, whoever brings none too."""
    office.trust()
    office.witnessed()
    text = left
    if "other" in left:
        other = Witness(office.folder / "other").create(WITNESS, [str(office.witness.key())])
        text = json.dumps({"w": str(other)})
    (office.data / "keys" / "witnesses.json").write_text(text, encoding="utf-8")

    found = office.audit("verify", office.bundle())

    assert found["verdict"] == "changed"
    assert "checkpoint.witness_dropped" in codes(found)


def test_a_store_that_was_changed_behind_the_log_is_a_change_for_every_command(office: Office) -> None:
    """Heads, export and verify answer `changed` instead of an error without a verdict."""
    office.run("heads")
    with sqlite3.connect(office.data / "ledger.db") as store:
        store.executescript("DROP TRIGGER entry_is_never_updated; DROP TRIGGER entry_is_never_deleted;")
        store.execute("DELETE FROM entry WHERE seq=(SELECT max(seq) FROM entry)")
    store.close()
    office.append(0)

    answers = [office.audit("heads"), office.audit("export", str(office.folder / "b")), office.audit("verify")]

    assert [(each["verdict"], each["status"]) for each in answers] == [("changed", 1)] * 3
