"""The loss of everything: an installation that runs is backed up, destroyed, and restored under another account."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from application.office.backing_up import NotBackedUpError, NotEmptyError, back_up
from application.settings import Settings
from bench.patience import PATIENCE_SECONDS
from entrypoints.bootstrap.backing_up import backup_tools
from tests.entrypoints.installation import DUBAN, ROOT, Home, environment, part_of_the_plan, until
from tests.forking import Account, called
from tests.postgres_server import postgres_server

ACCOUNT = 65_534
"""An account of the machine that owns nothing."""


@dataclass
class Lost:
    """What is left after the loss: the backup, its passphrase, and what an auditor and an addressee kept."""

    folder: Path
    backup: Path
    passphrase: Path
    policy: Path
    earlier_head: Path
    later_head: Path
    later_size: int


class OtherHome(Home):
    """An installation of another account of the machine, where the tests may use one."""

    @property
    def account(self) -> Account | None:
        """How a command is started under the account; it may read the interpreter, wherever that lies, and no more."""
        program = shutil.which("setpriv")
        if os.geteuid() != 0 or program is None:
            return None
        who = (f"--reuid={ACCOUNT}", f"--regid={ACCOUNT}", "--clear-groups")
        return Account(ACCOUNT, (program, *who, "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"))

    @property
    def environment(self) -> dict[str, str]:
        """What a command finds under the account."""
        return environment(**{**self.settings, "HOME": str(self.folder)})

    def started(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """Start a command under the account with an interpreter of its own."""
        return subprocess.Popen(
            [*(self.account.starts if self.account else ()), *DUBAN, *arguments],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            text=True,
            **options,
        )

    def other(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Call a command under the account."""
        return called(arguments, self.environment, self.account)


@pytest.fixture(scope="module")
def lost() -> Iterator[Lost]:
    """Four projects that run fast, with evidence; backed up while they run, gone on, then destroyed."""
    folder = Path(tempfile.mkdtemp(prefix="duban-lost-"))
    folder.chmod(0o755)
    home = Home(folder / "first")
    try:
        plan = part_of_the_plan(folder, 4)
        run = home.start(*DUBAN, "run", str(plan), "--as-of", "2018-04-25", "--speed", "20000")
        run.shows("按 Ctrl-C 停止")
        minutes = folder / "纪要.txt"
        minutes.write_text("会议纪要", encoding="utf-8")
        told = home.call(
            "report", "2018-02", "2018-02-01", "正在推进", "--by", "组织部", "--evidence", str(minutes), "--json"
        )
        until(lambda: list((home.data / "outbox").rglob("*.json")), "the first digest")
        earlier, later, policy, secret = (folder / name for name in ("earlier", "later", "policy", "passphrase"))
        secret.write_text("一句口令\n", encoding="utf-8")
        home.ask("audit", "heads", "-o", str(earlier))
        home.call("audit", "witness", "policy", "-o", str(policy))
        home.ask("backup", str(folder / "backup"), "--passphrase-file", str(secret))
        time.sleep(4)
        heads = home.ask("audit", "heads", "-o", str(later))["heads"]
        assert told.returncode in {0, 1}, told.stderr
        for handed_over in (folder / "backup", secret, earlier, later, policy):
            handed_over.chmod(0o644)
    finally:
        home.close()
    shutil.rmtree(home.folder)
    try:
        yield Lost(folder, folder / "backup", secret, policy, earlier, later, heads[-1]["size"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def restored(lost: Lost) -> Iterator[tuple[OtherHome, dict[str, Any]]]:
    """The installation, restored elsewhere under another account, and at work again."""
    home = OtherHome(lost.folder / "second")
    if home.account:
        os.chown(home.folder, ACCOUNT, ACCOUNT)
    try:
        arguments = ("--passphrase-file", str(lost.passphrase), "--known-head", str(lost.later_head), "--json")
        restoring = home.started(
            "restore", str(lost.backup), *arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        done, wrong = restoring.communicate(timeout=PATIENCE_SECONDS)
        assert restoring.returncode == 0, wrong
        with (home.folder.parent / "run.out").open("wb") as output:
            process = home.started("run", stdout=output, stderr=subprocess.STDOUT)
        said = home.folder.parent / "run.out"
        until(lambda: "按 Ctrl-C 停止" in said.read_text(encoding="utf-8"), "the register")
        yield home, json.loads(done)
        process.terminate()
        process.wait(PATIENCE_SECONDS)
    finally:
        home.close()


def _reconciled(home: OtherHome) -> dict[str, Any]:
    """What reconciliation finds when what fell due since the backup has had its time."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        found: dict[str, Any] = json.loads(home.other("audit", "reconcile", "--json").stdout)
        if not found["findings"] or time.monotonic() > deadline:
            return found
        time.sleep(1)


def test_a_restored_installation_goes_on_and_reconciles(restored: tuple[OtherHome, dict[str, Any]]) -> None:
    """Engine and ledger agree, what fell due since the backup is made up for, and the doctor is content."""
    home, _ = restored
    found = _reconciled(home)

    def wrong() -> list[str]:
        checks = json.loads(home.other("doctor", "--json").stdout)["checks"]
        return [check["text"] for check in checks if not check["ok"]]

    # A paper may be on its way in this moment.
    until(lambda: not wrong(), "a content doctor")
    assert [finding["text"] for finding in found["findings"]] == []
    assert found["verdict"] == "nothing_found"


def test_what_is_lost_is_said_by_the_restore_and_by_the_ledger(
    lost: Lost, restored: tuple[OtherHome, dict[str, Any]]
) -> None:
    """How many entries beyond the backup were known, for ever in the first entry of the new generation."""
    home, told = restored

    verified = json.loads(home.other("audit", "verify", "--policy", str(lost.policy), "--json").stdout)

    generation = told["generation"]
    assert generation["lost"] == lost.later_size - generation["continues"] > 0
    assert verified["verdict"] == "nothing_found"
    assert verified["origin"] == generation["origin"] != "duban.local/ledger"
    notes = " ".join(step["note"] for step in verified["steps"])
    assert f"接第 {generation['continues']} 条，已知缺 {generation['lost']} 条" in notes


@pytest.mark.parametrize(("kept", "verdict"), [("earlier_head", "nothing_found"), ("later_head", "evidence_missing")])
def test_a_kept_head_of_the_old_generation_tells_what_is_missing(
    lost: Lost, restored: tuple[OtherHome, dict[str, Any]], kept: str, verdict: str
) -> None:
    """Neither a forgery nor silence: restored on such a day, so many entries are missing."""
    home, told = restored

    arguments = ("--policy", str(lost.policy), "--kept", str(getattr(lost, kept)))
    found = json.loads(home.other("audit", "verify", *arguments, "--json").stdout)

    texts = [each["text"] for step in found["steps"] for each in step["findings"]]
    assert found["verdict"] == verdict
    if verdict == "evidence_missing":
        (text,) = texts
        assert "的备份恢复过" in text
        assert f"旧一代的 {lost.later_size - told['generation']['continues']} 条已缺失" in text


def test_nothing_of_a_restored_installation_is_open_to_others(restored: tuple[OtherHome, dict[str, Any]]) -> None:
    """Folders 700 and files 600 or less, what the engine writes with them."""
    home, _ = restored

    found = [path for path in [home.data, *home.data.rglob("*")] if path.exists() and path.stat().st_mode & 0o077]

    assert found == []


@pytest.mark.parametrize("fault", ["not empty", "damaged", "other passphrase", "no passphrase", "no file", "stranger"])
def test_a_refused_restore_changes_nothing(lost: Lost, tmp_path: Path, fault: str) -> None:
    """Something in the folder, damage, a wrong passphrase, a head of another log: one sentence, no trace."""
    home = Home(tmp_path / "home")
    backup, passphrase, head = lost.backup, lost.passphrase, lost.later_head
    if fault == "not empty":
        home.data.mkdir()
        (home.data / "letter.txt").write_text("kept", encoding="utf-8")
    elif fault == "damaged":
        backup = tmp_path / "damaged"
        content = bytearray(lost.backup.read_bytes())
        content[len(content) // 2] ^= 1
        backup.write_bytes(bytes(content))
    elif fault == "other passphrase":
        passphrase = tmp_path / "other"
        passphrase.write_text("另一句\n", encoding="utf-8")
    elif fault == "no file":
        backup = tmp_path / "nothing"
    elif fault == "stranger":
        head = tmp_path / "head"
        head.write_text("other.example/log\n5\n" + "A" * 43 + "=\n\n— other.example/log AAAAAAAA\n", encoding="utf-8")
    before = sorted(path.name for path in home.data.iterdir()) if home.data.exists() else None
    given = () if fault == "no passphrase" else ("--passphrase-file", str(passphrase))

    refused = home.call("restore", str(backup), *given, "--known-head", str(head))

    assert refused.returncode == 2
    assert len(refused.stderr.strip().splitlines()) == 1
    assert "未" in refused.stderr
    assert (sorted(path.name for path in home.data.iterdir()) if home.data.exists() else None) == before


def test_a_backup_is_never_written_over_and_a_failed_one_leaves_nothing(tmp_path: Path) -> None:
    """What is at the place stays, and a folder that cannot be written is a sentence."""
    home = Home(tmp_path / "home")
    home.data.mkdir()
    taken = tmp_path / "taken"
    taken.write_text("mine", encoding="utf-8")

    places = (taken, tmp_path / "no" / "folder" / "backup", home.data / "inside")
    refusals = [home.call("backup", str(place)) for place in places]

    assert [refused.returncode for refused in refusals] == [2, 1, 2]
    assert all(len(refused.stderr.strip().splitlines()) == 1 for refused in refusals)
    assert taken.read_text(encoding="utf-8") == "mine"
    assert not list(tmp_path.glob("*.part"))


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of our own, and how its administrator reaches it."""
    with postgres_server(tmp_path_factory.mktemp("runtime")) as address:
        yield address


@pytest.mark.parametrize("into", ["postgres", "file"])
def test_a_ledger_in_postgresql_is_restored_into_an_empty_database_or_a_file(
    lost: Lost, postgres: str, tmp_path: Path, into: str
) -> None:
    """The ledger that stood in a database comes back in another one, or as a file, and verifies with the old policy."""
    first, second = Home(tmp_path / "first"), Home(tmp_path / "second")
    password = tmp_path / "ledger-password"
    password.write_text("of-the-ledgers-own-login\n", encoding="utf-8")
    login = postgres.replace("postgres:@", "duban@")
    one, two = (
        {
            "DUBAN_LEDGER_URL": login.replace("/postgres?", f"/{name}_{into}?"),
            "DUBAN_LEDGER_PASSWORD_FILE": str(password),
        }
        for name in ("one", "two")
    )
    for database in (one, two):
        # What the administrator does once; from here on nobody but the ledger's own login works.
        made = first.program("deploy/set_up_ledger.py", DUBAN_LEDGER_ADMINISTRATOR=postgres, **database)
        assert made.returncode == 0, made.stderr
    secret = ("--passphrase-file", str(lost.passphrase))
    first.settings = {**first.settings, **one}
    filled = first.call("restore", str(lost.backup), *secret, "--json")
    assert filled.returncode == 0, filled.stderr
    policy, kept, backup = tmp_path / "policy", tmp_path / "kept", tmp_path / "backup"
    first.ask("audit", "heads", "-o", str(kept))
    first.call("audit", "witness", "policy", "-o", str(policy))
    first.ask("backup", str(backup))
    second.settings = {**second.settings, **(two if into == "postgres" else {})}

    done = second.call("restore", str(backup), "--json")
    again = Home(tmp_path / "third").call("restore", str(backup), **(two if into == "postgres" else {}))

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["generation"]["lost"] == 0
    found = json.loads(second.call("audit", "verify", "--policy", str(policy), "--kept", str(kept), "--json").stdout)
    changed = {"checkpoint", "prefixes", "tree", "rules", "bundle"}
    assert {step["verdict"] for step in found["steps"] if step["step"] in changed} == {"passed"}
    assert found["verdict"] != "changed"
    assert not Settings(data=second.data).ledger_file.exists() or into == "file"
    if into == "postgres":
        assert again.returncode == 2
        assert "已有台账" in again.stderr


def test_what_was_changed_by_hand_beside_the_entries_is_named(restored: tuple[OtherHome, dict[str, Any]]) -> None:
    """A document, a letter, a paper's number, a receipt's instant, a refusal: reconciliation says what was changed."""
    home, _ = restored
    refused = home.other("accept", "2018-02", "1", "--by", "李明")
    assert refused.returncode == 1
    until(lambda: list((home.data / "papers").glob("*/supervision_order/*.docx")), "a document")

    def sealed() -> bool:
        home.other("audit", "heads")
        with closing(sqlite3.connect(f"file:{home.data / 'ledger.db'}?mode=ro", uri=True)) as store:
            return bool(store.execute("SELECT 1 FROM entry WHERE stream='log/refusals'").fetchone())

    until(sealed, "the refusal's hash")
    document = next((home.data / "papers").glob("*/supervision_order/*.docx"))
    letter = next((home.data / "outbox").rglob("*.txt"))
    letter.write_text(letter.read_text(encoding="utf-8").replace("督办", "普通"), encoding="utf-8")
    document.write_bytes(document.read_bytes() + b" ")
    with closing(sqlite3.connect(home.data / "ledger.db", timeout=PATIENCE_SECONDS)) as store, store:
        for (guard,) in store.execute("SELECT name FROM sqlite_schema WHERE type='trigger'").fetchall():
            store.execute(f"DROP TRIGGER {guard}")
        store.execute("UPDATE outbox SET sent_at='2018-01-01T00:00:00.000000Z' WHERE state='sent' AND item=1")
        store.execute("UPDATE paper SET number='督通〔2018〕999号' WHERE position=1")
        store.execute("UPDATE refusal SET text='另一句' WHERE position=1")
        store.execute("UPDATE acceptance SET request_id='另一次' WHERE position=1")

    answered = home.other("audit", "reconcile", "--json")
    found = json.loads(answered.stdout)

    texts = " ".join(finding["text"] for finding in found["findings"])
    assert (answered.returncode, found["verdict"]) == (1, "changed")
    assert {"papers", "receipts", "refusals", "acceptances", "files"} <= {
        finding["check"] for finding in found["findings"]
    }
    for told in (document.name, letter.name, "督通〔2018〕999号", "发出时间"):
        assert told in texts


def test_a_backup_that_cannot_be_moved_to_its_place_leaves_no_empty_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next attempt finds the place free."""
    home = Home(tmp_path / "home")
    home.data.mkdir()
    settings, place = Settings(data=home.data), tmp_path / "backup"
    moved = Path.replace

    def failing(path: Path, target: Path) -> Path:
        if target == place:
            raise OSError(errno.EIO, "broken")
        return moved(path, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(NotBackedUpError):
        back_up(settings, backup_tools(settings), place, None, (), datetime.now(UTC))
    assert not place.exists()


def test_of_two_backups_to_one_place_the_one_that_is_first_stays(tmp_path: Path) -> None:
    """The other is refused, although nothing was there when it began."""
    home = Home(tmp_path / "home")
    home.data.mkdir()
    settings, place = Settings(data=home.data), tmp_path / "backup"
    tools = backup_tools(settings)

    def while_another_is_done(*given: Any) -> Any:
        place.write_text("the other's", encoding="utf-8")
        return tools.read(*given)

    with pytest.raises(NotEmptyError, match="已经存在"):
        back_up(settings, replace(tools, read=while_another_is_done), place, None, (), datetime.now(UTC))
    assert place.read_text(encoding="utf-8") == "the other's"
    assert not list(tmp_path.glob("*.part"))
