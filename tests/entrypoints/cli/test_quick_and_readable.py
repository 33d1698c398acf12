"""A command is there at once, and says what it says on any terminal."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from entrypoints.cli.command_table import COMMANDS
from entrypoints.cli.sections import loaded
from tests.entrypoints.cli.conftest import Duban
from tests.entrypoints.installation import DUBAN, ROOT, Home, environment

_HEAVY = ("temporalio", "pydantic", "structlog", "rich", "openpyxl", "docx", "pdfplumber", "psycopg", "cryptography")
_NOT_FOR_AN_ACT = (
    "structlog",
    "openpyxl",
    "docx",
    "pdfplumber",
    "psycopg",
    "cryptography",
    "temporalio.worker",
    "adapters.ledger",
    "domain.events",
    "rich",
    "workflows.inputs",
)
_NOT_TO_READ_THE_RECORD = (
    "structlog",
    "openpyxl",
    "docx",
    "pdfplumber",
    "psycopg",
    "temporalio.worker",
    "adapters.ledger.bundle_export",
    "domain.scoring.score_acts",
    "application.office.known_names",
    "rich",
    "workflows.inputs",
    "domain.ports.register",
    "adapters.ledger.register_sql",
)
_READING = """
import entrypoints.cli.department
import application.office.acts_on_record, domain.record.refused_words, entrypoints.bootstrap.payloads
from pathlib import Path
from application.settings import Settings
from entrypoints.bootstrap import open_records
with open_records(Settings(data=Path({folder!r}))) as records:
    records.persons, records.own_keys
"""
_READY = """
from domain.events import DOMAIN_EVENT
from domain.events.event import ProjectEvent
import sys
print(sorted(kind.__name__ for kind in ProjectEvent.__subclasses__() if kind.__pydantic_complete__), file=sys.stderr)
"""
_GIVEN = """
import sys
from typing import get_args
from domain.acts.act_digest import GivenAct, identified
from domain.acts.commands import AnyCommand, SignReceipt
from domain.actors import department
command = SignReceipt(request_id="r", by=department("组织部"))
command.update_id, identified(GivenAct(project_id="2018-01", command=command, account="os:a"))
kinds = get_args(get_args(AnyCommand)[0])
print(sorted(kind.__name__ for kind in kinds if kind.__pydantic_complete__), file=sys.stderr)
"""


def loaded_by(program: str, names: tuple[str, ...]) -> set[str]:
    """Which of these modules a program has loaded at its end."""
    told = f"{program}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    ended = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    modules = set(json.loads(ended.stderr.splitlines()[-1]))
    return {name for name in names if name in modules}


def test_the_help_waits_for_nothing_heavy() -> None:
    """`duban --help` loads neither the engine's library nor the models nor a reader of documents."""
    assert loaded_by("from entrypoints.cli.main import called\ncalled(['--help'])", _HEAVY) == set()


def test_an_act_waits_only_for_what_it_needs() -> None:
    """A report loads the commands and the engine's client: no worker, no ledger, no documents."""
    assert loaded_by("import entrypoints.cli.department", _NOT_FOR_AN_ACT) == set()


def test_an_act_reads_the_record_with_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    """What an act reads of the ledger, before and after it, loads no log, no bundle, no scores, no lists of names."""
    assert loaded_by(_READING.format(folder=str(tmp_path)), _NOT_TO_READ_THE_RECORD) == set()


def test_no_model_of_an_event_is_made_ready_before_its_event_is_read() -> None:
    """To load the events makes the model of none of them ready: a project has a tenth of their types."""
    ended = subprocess.run([sys.executable, "-c", _READY], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stderr.strip() == "[]"


def test_an_act_makes_the_model_of_its_own_command_ready_alone() -> None:
    """Who gives a receipt waits for no other command's model: neither as it is given nor as the engine gets it."""
    ended = subprocess.run([sys.executable, "-c", _GIVEN], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stderr.strip() == "['SignReceipt']"


def test_an_act_reads_nothing_that_the_engine_s_library_only_names() -> None:
    """Its messages of a cloud and its second form of every message are not loaded for an act that needs neither."""
    program = "from entrypoints.cli.main import called\ncalled(['report', '--help'])"
    only_named = ("temporalio.api.cloud.cloudservice.v1.request_response_pb2", "google.protobuf.text_format")
    assert loaded_by(program, ("temporalio.client", *only_named)) == {"temporalio.client"}


@pytest.mark.parametrize(
    "named", [named for section in COMMANDS for named in section.commands], ids=lambda named: named.name
)
def test_each_line_of_the_help_is_its_command_s(named: object) -> None:
    """The table that the help is made from says what each command says of itself."""
    found = next(each for section in COMMANDS for each in section.commands if each is named)
    command = loaded(found)
    assert command.name == found.name
    assert (command.help or "").strip().partition("\n")[0].strip() == found.line


_GBK, _ASCII, _C = {"PYTHONIOENCODING": "gbk"}, {"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C"}


@pytest.mark.parametrize(
    ("given", "command"),
    [
        (_GBK, ("status",)),
        (_GBK, ("status", "2018-05a")),
        (_GBK, ("audit", "history", "2018-01")),
        (_GBK, ("doctor",)),
        (_ASCII, ("status",)),
        (_ASCII, ("--help",)),
        (_C, ("burden",)),
    ],
    ids=str,
)
def test_any_terminal_can_show_what_is_said(
    running: Duban, home: Home, given: dict[str, str], command: tuple[str, ...]
) -> None:
    """What an encoding has not got is shown otherwise; no command ends of it."""
    ended = subprocess.run(
        [*DUBAN, *command],
        cwd=ROOT,
        env={**environment(**home.settings), "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", **given},
        capture_output=True,
        check=False,
    )
    assert b"Traceback" not in ended.stderr
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout


def test_a_light_has_a_word_where_there_is_no_mark(running: Duban, home: Home) -> None:
    """In GBK the register shows the lights as words; JSON is UTF-8 whatever the terminal speaks."""
    env = environment(**{**home.settings, "PYTHONIOENCODING": "gbk"})
    told, shown = (
        subprocess.run([*DUBAN, "status", *more], cwd=ROOT, env=env, capture_output=True, check=True).stdout
        for more in (["--json"], [])
    )
    assert len(json.loads(told.decode("utf-8"))["projects"]) == 17
    assert "绿" in shown.decode("gbk")
