"""One sick project never stops the office: what is wrong with it is one row, and `repair` brings it back."""

from __future__ import annotations

import asyncio
import io
import json
import os
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest

from application.office.starting import addressees_for
from application.settings import Settings, load_settings
from bench.start_lists import first_list, kept_as
from domain.ids import mailbox_workflow_id, supervision_workflow_id
from domain.record.recorded_projects import known_state
from entrypoints.bootstrap import activities_of, open_office, open_records
from entrypoints.bootstrap.documents import documents_of
from entrypoints.cli.main import called
from tests.entrypoints.installation import DUBAN, Home, apart, part_of_the_plan, until
from tests.smoke.meddling import break_workflows

STUCK, ENDED, RESET, STRANGER = "2018-02", "2018-03", "2018-04", "2018-99"
MANY = 24
_FIRST_TASK_COMPLETED = 4
MAILBOX = mailbox_workflow_id("组织部2018")


@dataclass(frozen=True)
class Shell:
    """Commands of an installation, called in this process: a new one for each would take most of the time."""

    home: Home

    def call(self, *command: str) -> tuple[int, str]:
        """Call a command; answer its status and what it said."""
        settings = patch.dict(os.environ, {**self.home.settings, "DUBAN_LOG_LEVEL": "error"})
        with settings, redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
            status = apart(lambda: called(command))
        assert "Traceback" not in err.getvalue()
        return status, out.getvalue()

    def ask(self, *command: str) -> Any:
        """The one document of a command."""
        return json.loads(self.call(*command, "--json")[1])

    def wrong(self) -> dict[str, str]:
        """What the doctor finds, by the name of what it looked at."""
        return {check["name"]: check["text"] for check in self.ask("doctor")["checks"] if not check["ok"]}

    def reasons(self) -> dict[str, str]:
        """The projects that do not go on, and why."""
        projects = self.ask("status")["projects"]
        return {row["project_id"]: row["unavailable"]["reason"] for row in projects if "unavailable" in row}


def test_everything_goes_on_beside_the_sick_ones_of_many_and_repair_brings_them_back(home: Home) -> None:
    """One whose code went wrong, one that was terminated, one that nobody started, a mailbox: a row each; then well."""
    plan = kept_as(first_list(2018, MANY - len(first_list(2018, 0).projects)), home.folder, "many")
    home.start(*DUBAN, "run", str(plan), "--as-of", "2018-04-25").shows("按 Ctrl-C 停止")
    home.close()
    shell, settings = Shell(home), load_settings({}, data=home.data, **_ports(home))

    async def break_them() -> None:
        async with open_office(settings) as office:
            # The worker with the wrong code sends what mail still waits, too: into the installation's own folders.
            activities = activities_of(
                office.records, documents_of(settings, settings.papers_folder), settings.outbox_folder
            )
            await break_workflows(office.engine, (supervision_workflow_id(STUCK), MAILBOX), activities)
            client = office.engine.client
            await client.get_workflow_handle(supervision_workflow_id(ENDED)).terminate(reason="误操作")
            workflow_id = supervision_workflow_id(STRANGER)
            await client.start_workflow("ProjectSupervision", {"nonsense": 1}, id=workflow_id, task_queue="duban")

    assert home.call("engine", "up").returncode == 0
    apart(lambda: asyncio.run(break_them()))
    running = home.start(*DUBAN, "run", str(plan))
    running.shows("按 Ctrl-C 停止")

    until(lambda: STUCK in shell.reasons(), "the stuck one's row")
    assert shell.reasons()[ENDED] == "terminated"
    assert shell.call("status")[0] == 0
    status, told = shell.call("status", STUCK)
    assert (status, f"duban engine repair {STUCK}" in told) == (1, True)
    for command in (("burden",), ("audit", "as-of", "2018-04-25T10:00"), ("audit", "verify")):
        assert shell.call(*command)[0] == 0, command
    # Mail may be on its way in this moment.
    assert {"projects", "stuck"} == shell.wrong().keys() - {"outbox", "mailboxes"}
    rows = {row["project_id"] for row in shell.ask("status")["projects"]}
    assert len(rows - {STRANGER}) == MANY
    started = {row["project_id"]: row for row in shell.ask("start", str(plan))["projects"]}
    assert {row["outcome"] for name, row in started.items() if name not in (STUCK, ENDED)} == {"running"}
    assert f"duban engine repair {ENDED}" in started[ENDED]["text"]

    for project in (STUCK, ENDED):
        mended = shell.ask("engine", "repair", project)
        assert mended["repair"]["way"] == "reset", mended
    until(lambda: set(shell.reasons()) <= {STRANGER}, "nothing but the stranger's row")
    assert shell.ask("engine", "repair", MAILBOX)["repair"]["way"] == "reset"
    until(lambda: "stuck" not in shell.wrong(), "mail")
    assert shell.call("report", STUCK, "2", "继续推进", "--by", "组织部2018")[0] == 0
    replays = {row["workflow_id"]: row for row in shell.ask("audit", "replay")["replays"]}
    for project in (STUCK, ENDED):
        verdict = replays[supervision_workflow_id(project)]
        assert verdict["problem"] is None
        assert "修复" in verdict["repairs"][0]
    found = [each for each in shell.ask("audit", "reconcile")["findings"] if STRANGER not in each["text"]]
    assert found == []
    shell.ask("audit", "keep")
    verified = shell.ask("audit", "verify")
    assert verified["passed"]
    assert any("3 次修复" in step["note"] for step in verified["steps"])

    apart(lambda: asyncio.run(_reset_around_the_house(settings, RESET)))
    until(lambda: f"duban engine repair {RESET}" in shell.wrong().get("resets", ""), "the doctor's word on the reset")
    assert shell.call("engine", "repair", RESET)[0] == 0
    assert "resets" not in shell.wrong()
    assert running.process.poll() is None


async def _reset_around_the_house(settings: Settings, project_id: str) -> None:
    """What the engine's own command line does: a project goes on from its first task, and the ledger does not know."""
    async with open_office(settings) as office:
        client = office.engine.client
        request = ResetWorkflowExecutionRequest(
            namespace=client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=supervision_workflow_id(project_id)),
            reason="tried",
            workflow_task_finish_event_id=_FIRST_TASK_COMPLETED,
            request_id="reset-1",
        )
        await client.workflow_service.reset_workflow_execution(request)


def _ports(home: Home) -> dict[str, str]:
    return {name.removeprefix("DUBAN_").lower(): value for name, value in home.settings.items() if "PORT" in name}


def test_what_rests_on_a_history_that_the_code_does_not_follow_is_repaired_before_it_stops(home: Home) -> None:
    """Nothing asks it for a task, nothing looks wrong: it is repaired, and the next act is told of its own record."""
    shell, plan = Shell(home), part_of_the_plan(home.folder, 2)
    home.start(*DUBAN, "run", str(plan), "--as-of", "2018-04-25").shows("按 Ctrl-C 停止")
    mailbox = mailbox_workflow_id("组织部")
    until(lambda: "outbox" not in shell.wrong(), "the first mail")
    home.close()
    settings = load_settings({}, data=home.data, **_ports(home))

    async def break_them() -> None:
        async with open_office(settings) as office:
            activities = activities_of(
                office.records, documents_of(settings, settings.papers_folder), settings.outbox_folder
            )
            resting = (supervision_workflow_id("2018-01"), supervision_workflow_id("2018-02"), mailbox)
            await break_workflows(office.engine, resting, activities, at_rest=True)

    assert home.call("engine", "up").returncode == 0
    apart(lambda: asyncio.run(break_them()))
    home.start(*DUBAN, "run", str(plan)).shows("按 Ctrl-C 停止")
    assert shell.reasons() == {}
    mended = shell.ask("engine", "repair", "2018-01")
    assert (mended["repair"]["way"], mended["repair"]["reason"]) == (
        "reset",
        "督办流程办不下去（程序与已有的历史不符）",
    )
    status, told = shell.call("report", "2018-01", "1", "继续推进", "--by", "组织部")
    assert (status, "已办理：反馈进展：继续推进。" in told) == (0, True)
    every = {row["project_id"]: row["repair"]["way"] for row in shell.ask("engine", "repair", "--all")["repairs"]}
    assert every == {"2018-02": "reset", mailbox: "reset"}
    assert shell.ask("engine", "repair", "--all") == {"repairs": []}
    until(lambda: shell.ask("audit", "reconcile")["findings"] == [], "all that was begun")


def test_a_project_without_any_history_goes_on_from_the_ledger(home: Home) -> None:
    """The engine lost its database: every project is missing, says so, and goes on after its repair."""
    shell, plan = Shell(home), part_of_the_plan(home.folder, 2)
    home.start(*DUBAN, "run", str(plan), "--as-of", "2018-04-25").shows("按 Ctrl-C 停止")
    home.close()
    for file in (home.data / "engine").glob("temporal.db*"):
        file.unlink()
    home.start(*DUBAN, "run").shows("duban engine repair 2018-01")
    mended = shell.ask("engine", "repair", "2018-01")
    assert mended["repair"]["way"] == "restarted"
    assert shell.call("report", "2018-01", "3", "继续推进", "--by", "组织部")[0] == 0
    rows = {row["project_id"]: row for row in shell.ask("status")["projects"]}
    assert "unavailable" not in rows["2018-01"]
    assert rows["2018-02"]["unavailable"]["reason"] == "missing"
    every = shell.ask("engine", "repair", "--all")["repairs"]
    assert [(each["project_id"], each["repair"]["way"]) for each in every] == [("2018-02", "restarted")]
    assert shell.ask("engine", "repair", "--all") == {"repairs": []}
    verdict = shell.ask("audit", "replay", "2018-01")["replays"][0]
    assert verdict["problem"] is None
    assert "另起" in verdict["repairs"][0]


def test_a_mailbox_that_never_had_mail_is_known_and_is_nobody_s_to_remove(home: Home) -> None:
    """Whoever mail may reach has one from the start: repaired, it is well; removed, it is none that could be."""
    shell, plan = Shell(home), part_of_the_plan(home.folder, 1)
    home.start(*DUBAN, "run", str(plan), "--as-of", "2018-04-25").shows("按 Ctrl-C 停止")
    with open_records(load_settings({}, data=home.data)) as records:
        mailed = {item.addressee for item in records.outbox.items()}
        state = known_state(records.ledger, "2018-01")
    silent = next(name for name in addressees_for(state.project, state.policy) if name not in mailed)
    status, told = shell.call("engine", "repair", mailbox_workflow_id(silent))
    assert (status, "无需修复" in told) == (0, True)
    assert shell.call("engine", "repair", mailbox_workflow_id(silent), "--remove")[0] == 2
