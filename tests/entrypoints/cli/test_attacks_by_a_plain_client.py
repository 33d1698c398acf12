"""A plain client of the engine, with no secret of ours: what it sends makes no event, and the refusal is on record."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowQueryFailedError, WorkflowUpdateFailedError
from temporalio.common import RawValue

from application.engine_room.connecting import connect
from application.engine_room.embedded import NAMESPACE
from application.office.attesting import Giver, attested_command
from application.office.office import Office
from application.settings import Settings, load_settings
from domain.actors import Actor, department, operator
from domain.acts.commands import AnyCommand, ReportProgress, StrikeOff
from domain.directory.signed_in import SignedIn
from domain.errors import RejectedError
from domain.ids import mailbox_workflow_id, supervision_workflow_id
from entrypoints.bootstrap import attestor_of, engine_now, local_user, open_office, open_records
from tests.entrypoints.cli.conftest import Duban, supervised
from tests.entrypoints.installation import Home, apart, until
from workflows.inputs import CommandMessage

PROJECT, OTHER = "2018-14", "2018-11"
LEAD = "学校部"
Attack = Callable[[Office, AnyCommand, Path], Awaitable[AnyCommand]]


def report(request_id: str, by: Actor | None = None, project: str = PROJECT) -> AnyCommand:
    """A department reports."""
    lead = by or department(LEAD)
    return ReportProgress(request_id=request_id, by=lead, milestone_id=f"{project}-04", text="已开会")


async def without(office: Office, command: AnyCommand, _: Path) -> AnyCommand:
    """No attestation at all: what everybody could send until now."""
    return command


async def forged(office: Office, command: AnyCommand, _: Path) -> AnyCommand:
    """The attestation of another text."""
    attested = await attested_command(office, PROJECT, command)
    return attested.model_copy(update={"text": "另一番话"})


async def foreign(office: Office, command: AnyCommand, folder: Path) -> AnyCommand:
    """Signed by a door of an installation of the stranger's own."""
    elsewhere = Settings(data=folder / "elsewhere")
    with open_records(elsewhere) as records:
        await records.doors.open()
    stranger = replace(attestor_of(elsewhere), evidence=attestor_of(office.settings).evidence)
    return await attested_command(replace(office, attestor=lambda: stranger), PROJECT, command)


async def replayed_elsewhere(office: Office, command: AnyCommand, _: Path) -> AnyCommand:
    """An attestation for another project."""
    return await attested_command(office, OTHER, command)


async def expired(office: Office, command: AnyCommand, _: Path) -> AnyCommand:
    """Received eleven minutes ago."""
    late = replace(attestor_of(office.settings), now=lambda: engine_now() - timedelta(minutes=11))
    return await attested_command(replace(office, attestor=lambda: late), PROJECT, command)


async def of_tomorrow(office: Office, command: AnyCommand, _: Path) -> AnyCommand:
    """Received in half an hour, by a clock that was put forward."""
    early = replace(attestor_of(office.settings), now=lambda: engine_now() + timedelta(minutes=30))
    return await attested_command(replace(office, attestor=lambda: early), PROJECT, command)


async def beyond_his_right(office: Office, command: AnyCommand, _: Path) -> AnyCommand:
    """Signed in at the desk, with an account that nobody of the directory has."""
    by = SignedIn(account="password:liu", name="刘", how="password", logged_in_at=engine_now())
    return await attested_command(replace(office, giver=Giver(by, "desk")), PROJECT, command)


ATTACKS: dict[str, tuple[Attack, str]] = {
    "without": (without, "act_is_attested"),
    "forged": (forged, "attestation_is_of_this_act"),
    "foreign": (foreign, "door_is_open"),
    "replayed for another project": (replayed_elsewhere, "attestation_is_of_this_act"),
    "expired": (expired, "attestation_is_fresh"),
    "of tomorrow": (of_tomorrow, "attestation_is_fresh"),
    "beyond his right": (beyond_his_right, "account_has_the_right"),
}


def refusals(running: Duban) -> list[dict[str, Any]]:
    """The refused commands of the project, as an auditor sees them."""
    told: list[dict[str, Any]] = running("audit", "history", PROJECT, "--refusals", "--json").document["refusals"]
    return told


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """An installation of its own: its doctor tells of attacks for a day."""
    yield from supervised(tmp_path_factory.mktemp("attacked"))


def on_the_engine(home: Home, work: Callable[[Office], Awaitable[Any]]) -> Any:
    """Do something as whoever reaches the engine."""

    async def done() -> Any:
        async with open_office(load_settings({}, data=home.data), giver=local_user()) as office:
            return await work(office)

    return apart(lambda: asyncio.run(done()))


@pytest.mark.parametrize("name", ATTACKS)
def test_an_update_is_refused_before_it_is_heard(
    running: Duban, home: Home, events: Callable[[str], int], tmp_path: Path, name: str
) -> None:
    """No event, the sentence to the sender, and the refusal among those that an auditor reads."""
    attack, rule = ATTACKS[name]
    before = events(PROJECT)

    async def send(office: Office) -> str:
        command = await attack(office, report(f"update {name}"), tmp_path)
        with pytest.raises(RejectedError) as refused:
            await office.engine.command(PROJECT, command)
        return refused.value.rule

    assert on_the_engine(home, send) == rule
    assert events(PROJECT) == before
    until(lambda: any(f"update {name}" in str(each) and each["rule"] == rule for each in refusals(running)), "it")


@pytest.mark.parametrize("name", ATTACKS)
def test_a_signal_is_refused_on_record(
    running: Duban, home: Home, events: Callable[[str], int], tmp_path: Path, name: str
) -> None:
    """Its sender hears nothing: the only entry of it is its refusal, and a replay has the same."""
    attack, rule = ATTACKS[name]
    before = events(PROJECT)

    async def send(office: Office) -> None:
        command = await attack(office, report(f"signal {name}"), tmp_path)
        handle = office.engine.client.get_workflow_handle(supervision_workflow_id(PROJECT))
        await handle.signal("command", CommandMessage(command))

    on_the_engine(home, send)
    until(lambda: events(PROJECT) > before, "the refusal of the signal")
    assert events(PROJECT) == before + 1
    last = running("audit", "history", PROJECT, "--json").document["events"][-1]
    assert last["type"] == "CommandRejected"
    assert rule in str(last)
    replayed = running("audit", "replay", PROJECT, "--json")
    assert replayed.status == 0, replayed.out


STRUCK: dict[str, dict[str, Any]] = {
    "a person who does not exist": {"by": operator("不存在的甲")},
    "his own second account": {"by": operator("李明")},
    "a name that looks alike": {"by": operator("李\u200b明")},
    "a deputy of a deputy": {"by": operator("张三"), "on_behalf_of": operator("李明")},
    "a number of his own making": {"by": operator("李明").model_copy(update={"person_id": "P0001"})},
}


UNREADABLE: dict[str, Payload] = {
    "sealed with a key of his own": Payload(
        metadata={"encoding": b"binary/encrypted", "encryption-key-id": b"his"}, data=b"\x00" * 40
    ),
    "no JSON": Payload(metadata={"encoding": b"json/plain"}, data=b"{nonsense"),
    "an encoding that nobody has": Payload(metadata={"encoding": b"mystery/plain"}, data=b"{}"),
    "no encoding": Payload(data=b"{}"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_nobody_can_read_is_one_line_of_the_log(
    running: Duban, home: Home, events: Callable[[str], int], name: str
) -> None:
    """To a mailbox and a project, by signal, update and query: no traceback, what counts is on record, both go on."""
    before, (child, *_), sent = events(PROJECT), home.children, RawValue(UNREADABLE[name])
    logged = len(child.logged)
    mailbox = mailbox_workflow_id(LEAD)

    async def send(office: Office) -> None:
        client = await connect(office.engine.client.service_client.config.target_host, namespace=NAMESPACE)
        project, box = map(client.get_workflow_handle, (supervision_workflow_id(PROJECT), mailbox))
        for handle, query in ((project, "status"), (box, "nobody knows")):
            with pytest.raises(WorkflowUpdateFailedError):
                await handle.execute_update("command", sent)
            with pytest.raises(WorkflowQueryFailedError):
                await handle.query(query, sent)
        await box.signal("use_calendar", sent)
        await project.signal("command", sent)

    on_the_engine(home, send)
    until(lambda: events(PROJECT) > before, "the refusal of the signal")
    until(lambda: "signal_unreadable" in child.logged[logged:], "the sentence about the mailbox's signal")
    lines = [line for line in child.logged[logged:].splitlines() if '"level": "info"' not in line]
    assert ["signal_unreadable" in line and mailbox in line and "use_calendar" in line for line in lines] == [True]
    assert "Traceback" not in child.logged[logged:]
    last = running("audit", "history", PROJECT, "--json").document["events"][-1]
    assert (events(PROJECT), last["type"], "readable_command" in str(last)) == (before + 1, "CommandRejected", True)
    assert ("是加密的" if "sealed" in name else "内容不是本系统能读的 JSON") in str(last)
    assert running("audit", "replay", PROJECT, "--json").status == 0
    told = running("report", PROJECT, "4", "照常反馈", "--by", LEAD, "--json")
    assert told.status == 0, told.err


def test_whoever_attests_nothing_strikes_nothing_off(running: Duban, home: Home, events: Callable[[str], int]) -> None:
    """Whomever he says he is, invented or another's name: none is heard, and each refusal is on record."""
    before = events(PROJECT)

    async def send(office: Office) -> list[str]:
        rules = []
        for name, said in STRUCK.items():
            command = StrikeOff(request_id=f"by {name}", milestone_id=f"{PROJECT}-01", **said)
            with pytest.raises(RejectedError) as refused:
                await office.engine.command(PROJECT, command)
            rules.append(refused.value.rule)
        return rules

    assert on_the_engine(home, send) == ["act_is_attested"] * len(STRUCK)
    assert events(PROJECT) == before
    until(lambda: all(f"by {name}" in str(refusals(running)) for name in STRUCK), "them")


def test_an_act_through_the_shell_names_its_account_in_the_record(running: Duban, home: Home, tmp_path: Path) -> None:
    """The event names the attestation; a repeat is the same act; the bundle says through whom and which door."""
    for _ in range(2):
        told = running("report", PROJECT, "4", "经命令行", "--by", LEAD, "--request-id", "twice", "--json")
        assert told.status == 0, told.err
    (event,) = [
        each for each in running("audit", "history", PROJECT, "--json").document["events"] if "经命令行" in each["what"]
    ]
    assert event["type"] == "ProgressReported"
    bundle = tmp_path / "bundle"
    assert running("audit", "export", str(bundle), "--json").status == 0
    steps = {step["step"]: step for step in running("audit", "verify", str(bundle), "--json").document["steps"]}
    assert steps["acts"]["verdict"] == "passed"
    assert "local-os-user，shell" in steps["acts"]["note"]


@pytest.mark.parametrize("workflow_id", ["department-mailbox/无此部门", "somebody-else/1"])
def test_a_workflow_that_is_none_of_ours_is_removed_on_record(running: Duban, home: Home, workflow_id: str) -> None:
    """Somebody started it by hand: it is removed where that is asked for, once; a mailbox of ours never is."""

    async def begun(office: Office) -> None:
        await office.engine.client.start_workflow("Nonsense", id=workflow_id, task_queue=office.engine.task_queue)

    on_the_engine(home, begun)
    assert running("engine", "repair", workflow_id).status in (1, 2)
    removed = running("engine", "repair", workflow_id, "--remove", "--json")
    assert removed.status == 0, removed.err
    assert removed.document["repair"]["way"] == "removed"
    again = running("engine", "repair", workflow_id, "--remove")
    assert (again.status, "没有可移除的流程" in again.err) == (2, True)
    ours = running("engine", "repair", f"department-mailbox/{LEAD}", "--remove")
    assert (ours.status, "没有可移除的流程" in ours.err) == (2, True)
