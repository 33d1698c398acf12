"""One real installation for all commands, and a way to call a command as `duban` does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from adapters.ledger.sqlite_ledger import SqliteLedger
from application.settings import load_settings
from domain.ids import supervision_workflow_id
from entrypoints.bootstrap import engine_now
from entrypoints.cli.main import called
from tests.entrypoints.installation import Home, apart


@dataclass(frozen=True)
class Answer:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)

    @property
    def sentence(self) -> str:
        """The one sentence that tells an error."""
        assert "Traceback" not in self.err
        assert self.out == ""
        beside = ("用法：", "命令：", "查看：")
        (line,) = [line for line in self.err.splitlines() if line and not line.startswith(beside)]
        return line


Duban = Callable[..., Answer]
_SHARED: Final[list[Home]] = []


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """The 2018 list, as of 2018-04-25, under `duban run`, with the whole life cycle: one for all."""
    for home in supervised(tmp_path_factory.mktemp("cli")):
        _SHARED.append(home)
        yield home


def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    """End what the folder shares with its last test: other folders take minutes, and an idle engine takes of them."""
    if nextitem is None or nextitem.path.parent != Path(__file__).parent:
        while _SHARED:
            _SHARED.pop().close()


def supervised(folder: Path) -> Iterator[Home]:
    """The list under `duban run` in a folder, until it is asked for no more."""
    home = Home(folder)
    policy = home.folder / "policy.yaml"
    policy.write_text("version: 2\n", encoding="utf-8")
    try:
        home.run("--policy", str(policy))
        yield home
    finally:
        home.close()


@pytest.fixture
def duban(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Duban:
    """Call a command in this process, with no settings but those that the test gives."""
    monkeypatch.setenv("DUBAN_LOG_LEVEL", "error")
    for name in ("TEMPORAL_ADDRESS", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    capsys.readouterr()

    def call(*arguments: str) -> Answer:
        status = apart(lambda: called(arguments))
        told = capsys.readouterr()
        return Answer(status, told.out, told.err)

    return call


@pytest.fixture
def running(home: Home, duban: Duban, monkeypatch: pytest.MonkeyPatch) -> Duban:
    """Call a command on the running installation."""
    for name, value in home.settings.items():
        monkeypatch.setenv(name, value)
    return duban


@pytest.fixture
def events(home: Home) -> Callable[[str], int]:
    """How many events the ledger has of a project."""

    def count(project: str) -> int:
        store = SqliteLedger.open(load_settings({}, data=home.data).ledger_file, engine_now)
        try:
            return sum(1 for _ in store.entries(supervision_workflow_id(project)))
        finally:
            store.close()

    return count


@pytest.fixture
def somewhere(tmp_path: Path) -> Path:
    """A data folder where nothing was ever started."""
    return tmp_path / "data"
