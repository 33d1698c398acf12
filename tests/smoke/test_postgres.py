"""A small list whose ledger is in PostgreSQL: a real worker, the real engine, and the auditor's commands on it."""

from __future__ import annotations

import psycopg

from tests.entrypoints.installation import DUBAN, Home, part_of_the_plan, until
from tests.smoke.conftest import LEDGER_SECRET as SECRET

PROJECTS = 3
WORDS, PERSON = "已完成初稿，经办电话一三八", "欧阳经办"
"""What somebody said, and who: nothing for a log, at whatever level."""


def test_a_list_runs_and_is_audited_with_its_ledger_in_postgresql(on_postgres: Home, server: str) -> None:
    """Run, act, verify, replay, export on PostgreSQL; no password told, no person and no words in any log."""
    home = on_postgres
    plan = part_of_the_plan(home.folder, PROJECTS)
    assert home.call("audit", "verify").returncode == 0
    given = {"DUBAN_LOG_LEVEL": "debug", "DUBAN_LOG_FORMAT": "json"}
    running = home.start(*DUBAN, "run", str(plan), "--as-of", "2018-04-25", **given)
    running.shows("按 Ctrl-C 停止")
    done = home.call("report", "2018-01", "1", WORDS, "--by", f"组织部:{PERSON}")
    assert done.returncode == 0, done.stderr
    refused = home.call("report", "2018-01", "1", WORDS, "--by", f"宣传部:{PERSON}")
    assert refused.returncode == 1
    running.logs("command_refused")
    assert "PostgreSQL" in running.said

    until(
        lambda: len(list((home.data / "papers").glob("*/supervision_order/*.docx"))) == PROJECTS,
        "the supervision orders",
    )
    assert home.call("doctor").returncode == 0
    assert home.ask("audit", "verify")["passed"]
    reconciled = home.ask("audit", "reconcile")
    assert (reconciled["findings"], reconciled["replayed"]) == ([], PROJECTS)
    replays = home.ask("audit", "replay")["replays"]
    assert [replay["problem"] for replay in replays] == [None] * PROJECTS
    assert any(event["type"] == "ProgressReported" for event in home.ask("audit", "history", "2018-01")["events"])
    bundle = home.folder / "bundle.tar"
    assert home.ask("audit", "export", str(bundle))["size"] > PROJECTS
    assert home.ask("audit", "verify", str(bundle))["passed"]
    assert home.call("status", "--as-of", "2018-04-25").returncode == 0
    assert running.interrupted() == 0

    assert not (home.data / "ledger.db").exists()
    with psycopg.connect(server.replace("/postgres?", "/duban_ledger?")) as connection:
        readers = connection.execute(
            "SELECT convert_from(leaf, 'UTF8') FROM duban.entry WHERE stream = 'log/readings'"
        ).fetchall()
    commands = ("verify", "reconcile", "replay", "history", "export")
    assert all(any(f"audit {command}" in leaf for (leaf,) in readers) for command in commands)
    with psycopg.connect(server) as administrator:
        row = administrator.execute("SELECT rolpassword FROM pg_authid WHERE rolname = 'duban'").fetchone()
    assert row
    assert str(row[0]).startswith("SCRAM-SHA-256$")
    told = [path.read_text(encoding="utf-8", errors="replace") for path in home.folder.glob("*.*")]
    assert not any(SECRET in text for text in (*told, running.said, running.logged))
    logs = [running.logged, *(path.read_text(encoding="utf-8", errors="replace") for path in home.data.rglob("*.log"))]
    assert not any(PERSON in text or WORDS in text for text in logs)
    kept = [path for path in home.data.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    assert kept == []


def test_a_ledger_that_cannot_be_reached_is_one_sentence_without_its_address(home: Home) -> None:
    """A server that is not there, an address that is none, and a password file that is missing: no secret is told."""
    good = f"postgresql://duban:{SECRET}@127.0.0.1:1/duban"
    for given in (
        {"DUBAN_LEDGER_URL": good},
        {"DUBAN_LEDGER_URL": f"postgresql//duban:{SECRET}@nowhere"},
        {"DUBAN_LEDGER_URL": good, "DUBAN_LEDGER_PASSWORD_FILE": str(home.folder / "missing")},
    ):
        answer = home.call("audit", "verify", **given)
        assert answer.returncode in (1, 2)
        assert len(answer.stderr.strip().splitlines()) == 1, answer.stderr
        assert SECRET not in answer.stderr
