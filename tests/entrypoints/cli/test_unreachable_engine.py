"""Engines that are not there, engines without a worker, and systems that can only signal."""

from __future__ import annotations

import asyncio
import json
import re
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from application.engine_room.engine import Engine
from application.engine_room.standing import sick_projects
from application.engine_room.unavailable import Unavailable
from application.office.attesting import attested_command
from application.office.starting_a_list import SUPERVISION_SECTION
from application.settings import load_settings
from bench.patience import PATIENCE_SECONDS
from domain.errors import EngineUnreachableError
from domain.ids import supervision_workflow_id
from entrypoints.bootstrap import local_user, open_office
from entrypoints.bootstrap.plan_files import load_plan
from entrypoints.cli.running import _begun, _StartOptions
from entrypoints.desk.opened import open_desk
from tests.entrypoints.cli.conftest import Duban
from tests.entrypoints.installation import PLAN, Home, apart, free_port, part_of_the_plan
from workflows.inputs import CommandMessage

_COMMANDS = [
    ("status",),
    ("status", "2018-01"),
    ("start", str(PLAN)),
    ("report", "2018-01", "3", "已办", "--by", "组织部"),
    ("audit", "replay"),
]


@pytest.mark.parametrize("command", _COMMANDS, ids=lambda command: " ".join(command[:1]))
def test_without_an_engine_every_command_ends_in_3(duban: Duban, somewhere: Path, command: tuple[str, ...]) -> None:
    """Nothing was ever started on the folder: one sentence says how to start it, and nothing is made."""
    answer = duban(*command, "--data", str(somewhere))
    assert answer.status == 3
    assert re.search(r"duban (--data \S+ )?run", answer.sentence)
    assert not somewhere.exists()


def test_an_address_where_nobody_answers_is_named(
    duban: Duban, somewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TEMPORAL_ADDRESS goes before the folder's own engine; status 3."""
    address = f"127.0.0.1:{free_port()}"
    monkeypatch.setenv("TEMPORAL_ADDRESS", address)
    answer = duban("status", "--data", str(somewhere))
    assert answer.status == 3
    assert address in answer.sentence


def _list_of_2017(folder: Path) -> str:
    plan = part_of_the_plan(folder, 2)
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text.replace("2018-", "2017-").replace("year: 2018", "year: 2017"), encoding="utf-8")
    return str(plan)


def test_a_start_without_a_worker_starts_nothing_and_says_so_of_each_project(
    running: Duban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a queue that nobody works: each project is listed with the reason, status 1, and none is supervised."""
    monkeypatch.setattr("application.engine_room.engine._ANSWER_WITHIN", timedelta(seconds=1))
    monkeypatch.setenv("DUBAN_TASK_QUEUE", "nobody")
    started = running("start", _list_of_2017(tmp_path), "--json")
    assert started.status == 1
    rows = started.document["projects"]
    assert [(row["project_id"], row["outcome"]) for row in rows] == [("2017-01", "failed"), ("2017-02", "failed")]
    assert all("没有督办程序" in row["text"] for row in rows)
    assert running("status", "2017-01").status == 1


def test_a_worker_that_has_gone_fails_each_project_and_each_command(
    running: Duban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The start lists each project with the reason, a command ends in 3, what is read from the ledger goes on."""

    async def there_a_moment_ago(_: Engine) -> None:
        return

    monkeypatch.setattr("application.engine_room.engine._ANSWER_WITHIN", timedelta(seconds=1))
    monkeypatch.setattr("application.engine_room.engine._DONE_WITHIN_SECONDS", 1.0)
    monkeypatch.setattr("application.office.starting._RECORDED_WITHIN_SECONDS", 1.0)
    monkeypatch.setattr(Engine, "must_have_worker", there_a_moment_ago)
    monkeypatch.setenv("DUBAN_TASK_QUEUE", "nobody")
    plan = _list_of_2017(tmp_path)
    for _ in range(2):
        started = running("start", plan, "--yes", "--json")
        assert started.status == 1
        assert [row["outcome"] for row in started.document["projects"]] == ["failed", "failed"]
    for command in (("report", "2017-01", "3", "已办", "--by", "组织部"), ("status", "2017-01")):
        answer = running(*command)
        assert answer.status == 3
        assert "没有督办程序" in answer.sentence
    assert running("plan", plan).status == 0
    register = running("status")
    assert (register.status, "没有督办程序" in register.err) == (0, True)


def test_a_run_whose_engine_answers_late_begins_all_the_same(
    running: Duban, home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says once that the engine does not answer yet, and tries again until the list is started and shown."""
    asked: list[int] = []

    async def late(*given: Any, **how: Any) -> dict[str, Unavailable]:
        asked.append(1)
        if len(asked) < 4:
            raise EngineUnreachableError("引擎没有应答：还没有准备好。")
        return await sick_projects(*given, **how)

    monkeypatch.setattr("entrypoints.cli.running._AGAIN_SECONDS", 0.01)
    monkeypatch.setattr("application.office.planning.sick_projects", late)
    monkeypatch.setattr("application.office.present_register.sick_projects", late)

    async def begin() -> bool:
        settings = load_settings({}, data=home.data, desk_port=0)
        async with open_office(settings, giver=local_user()) as office, open_desk(office) as desk:
            asked = _StartOptions(None, 1, SUPERVISION_SECTION, yes=False, confirmed_by=None)
            return await _begun(office, asked.start_of(load_plan(PLAN), office.settings), desk)

    assert apart(lambda: asyncio.run(begin())) is False
    told = capsys.readouterr()
    assert told.err.count("引擎没有应答") == 1
    assert "清单共17项：此前已启动" in told.err
    assert told.out.count("按 Ctrl-C 停止") == 1


def test_a_bad_signal_is_on_record_and_a_good_one_is_done(running: Duban, home: Home) -> None:
    """A system that can only signal: nonsense becomes a recorded rejection, a command becomes its event."""
    # Other tests act on the same installation, and may have given the project another lead.
    lead = running("status", "2018-16", "--json").document["projects"][0]["lead_department"]
    good = {
        "type": "ReportProgress",
        "request_id": "signal-1",
        "by": {"role": "department", "name": lead, "department": lead},
        "milestone_id": "2018-16-01",
        "text": "已上报方案",
    }

    async def signal() -> None:
        async with open_office(load_settings({}, data=home.data), giver=local_user()) as office:
            handle = office.engine.client.get_workflow_handle(supervision_workflow_id("2018-16"))
            await handle.signal("command", {"type": "Nonsense"})
            message = CommandMessage.model_validate(good)
            await handle.signal("command", CommandMessage(await attested_command(office, "2018-16", message.root)))
            await asyncio.sleep(0.2)

    def history() -> list[str]:
        document = json.loads(running("audit", "history", "2018-16", "--json").out)
        return [f"{event['type']} {event['what']}" for event in document["events"]]

    before = sum(line.startswith("CommandRejected") for line in history())
    apart(lambda: asyncio.run(signal()))
    assert running("status", "2018-16", "--json").status == 0
    told: list[str] = []
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        told = history()
        if any("已上报方案" in line for line in told):
            break
    assert sum(line.startswith("CommandRejected") for line in told) == before + 1
    assert sum(line.startswith("ProgressReported") and "已上报方案" in line for line in told) == 1
