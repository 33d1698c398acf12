"""A ledger that somebody replaced by an older copy of itself, with its keys: nothing is said to be done that is on no
record, and `duban engine repair --all` lets the projects go on from the ledger as it is (docs/adr/0273)."""

from __future__ import annotations

import shutil

from tests.entrypoints.installation import DUBAN, Home

ACTED = "2018-01"


def test_projects_that_know_more_than_an_older_ledger_are_taken_back_to_it(home: Home) -> None:
    """The doctor tells, no act is told as done; afterwards the same act is done again, and all agrees."""
    assert home.run(projects=2).interrupted() == 0
    older = home.folder / "older"
    shutil.copytree(home.data, older)
    running = home.start(*DUBAN, "run")
    running.shows("按 Ctrl-C 停止")
    assert home.call("receipt", ACTED, "--by", "组织部").returncode == 0
    assert running.interrupted() == 0
    for path in [*home.data.glob("ledger.db*"), home.data / "keys"]:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(older / "keys", home.data / "keys")
    for path in older.glob("ledger.db*"):
        shutil.copyfile(path, home.data / path.name)

    home.start(*DUBAN, "run").shows("按 Ctrl-C 停止")
    assert f"✗ {ACTED} 督办流程里有台账没有的记录：台账像是换上了旧的" in home.call("doctor").stdout
    refused = home.call("receipt", ACTED, "--by", "组织部")
    assert refused.returncode == 1
    assert "duban engine repair --all" in refused.stderr
    mended = home.call("engine", "repair", "--all")
    assert f"{ACTED} " in mended.stdout
    assert "督办流程里有台账没有的记录" in mended.stdout
    assert mended.stdout.count("另起一次运行") == 1
    done = home.call("receipt", ACTED, "--by", "组织部")
    assert (done.returncode, done.stderr) == (0, "")
    assert home.call("audit", "reconcile").returncode == 0
