"""A real engine whose contents are sealed: nothing that people wrote is to be read in its files, or by a stranger."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from pathlib import Path

import httpx2
import pytest
from temporalio.api.history.v1 import History
from temporalio.client import WorkflowHistory

from application.audit.kept_histories import history_bytes
from application.engine_room.connecting import connect
from application.engine_room.embedded import NAMESPACE
from application.office.office import Office
from application.settings import load_settings
from bench.histories import histories_of
from bench.patience import PATIENCE_SECONDS
from domain.ids import mailbox_workflow_id, supervision_workflow_id
from entrypoints.bootstrap import open_office
from entrypoints.bootstrap.plan_files import load_plan
from tests.entrypoints.cli.conftest import Duban
from tests.entrypoints.installation import PLAN, Home, apart

PROJECT, LEAD = "2018-13", "少年部"
UNSEALED = "外来系统的明文"
PERSON, TEXT = "欧阳密", "经初审符合补贴条件的人员名单"


def files_of_the_engine(home: Home) -> bytes:
    """Everything that the engine has on the disk, its log too."""
    folder = home.data / "engine"
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())


def in_many_ways(text: str) -> list[bytes]:
    """A text as it could stand in a file: as it is, as JSON escapes it, inside base64 at each of the three places."""
    plain = text.encode()
    packed = [base64.b64encode(b"\0" * lead + plain)[4 if lead else 0 : -4] for lead in range(3)]
    return [plain, json.dumps(text)[1:-1].encode(), text.encode("utf-16-le"), *packed]


async def sent_in_clear(home: Home) -> None:
    """A system without a key signals: what it says is not sealed, and is to be found."""
    async with open_office(load_settings({}, data=home.data)) as office:
        stranger = await connect(office.engine.client.service_client.config.target_host, namespace=NAMESPACE)
        await stranger.get_workflow_handle(supervision_workflow_id(PROJECT)).signal("nonsense", UNSEALED)


def test_nothing_that_people_wrote_stands_in_the_files_of_the_engine(running: Duban, home: Home) -> None:
    """No department, no title, no person, no text of a report, of a refusal or of a repair; nor who runs it all."""
    told = running("report", PROJECT, "2", TEXT, "--by", LEAD, "--json")
    assert told.status == 0, told.err
    refused = running("strike-off", PROJECT, "2", "--by", PERSON, "--json")
    assert refused.status == 1, refused.err
    assert running("engine", "repair", PROJECT, "--by", PERSON).status == 0
    apart(lambda: asyncio.run(sent_in_clear(home)))
    plan = load_plan(PLAN)
    names = {each for project in plan.projects for each in (project.lead_department, project.title)}
    names |= {each for project in plan.projects for each in project.participating_departments}
    found = files_of_the_engine(home)
    assert supervision_workflow_id(PROJECT).encode() in found
    assert mailbox_workflow_id(LEAD).encode() in found
    assert UNSEALED.encode() in found
    readable = [text for text in (*names, LEAD, PERSON, TEXT) for form in in_many_ways(text) if form in found]
    assert readable == []


def test_a_stranger_at_the_engine_s_port_reads_nothing_and_the_archive_everything(running: Duban, home: Home) -> None:
    """Who has no key fetches what he cannot read; what is kept, replayed and given to an auditor is in clear."""
    assert running("report", PROJECT, "2", TEXT, "--by", LEAD, "--json").status == 0

    async def fetched(office: Office) -> tuple[bytes, bytes]:
        workflow_id = supervision_workflow_id(PROJECT)
        stranger = await connect(office.engine.client.service_client.config.target_host, namespace=NAMESPACE)
        handle = stranger.get_workflow_handle(workflow_id)
        raw = await handle.fetch_history()
        described = await handle.describe()
        own: list[WorkflowHistory] = [each async for each in histories_of(office.engine, workflow_id)]
        seen = History(events=raw.events).SerializeToString() + described.raw_description.SerializeToString()
        return seen, b"".join(map(history_bytes, own))

    async def asked() -> tuple[bytes, bytes]:
        async with open_office(load_settings({}, data=home.data)) as office:
            return await fetched(office)

    seen, ours = apart(lambda: asyncio.run(asked()))
    assert TEXT.encode() in ours
    assert LEAD.encode() in ours
    assert [text for text in (TEXT, LEAD) for form in in_many_ways(text) if form in seen] == []
    assert running("audit", "replay", PROJECT, "--json").status == 0


def test_a_new_key_needs_no_stop_and_hides_nothing(running: Duban, home: Home) -> None:
    """What was sealed before is read with the old key, which a backup carries; what comes is sealed with the new."""
    before = running("status", PROJECT, "--json").document
    added = running("engine", "new-key", "--json").document
    assert added["keys"][-1] == added["key"]
    assert len(added["keys"]) >= 2
    assert running("report", PROJECT, "2", "换钥之后", "--by", LEAD, "--json").status == 0
    assert added["key"].encode() in files_of_the_engine(home)
    assert running("audit", "replay", PROJECT, "--json").status == 0
    assert running("status", PROJECT, "--json").document["projects"][0]["title"] == before["projects"][0]["title"]
    (sealed,) = [each for each in running("doctor", "--json").document["checks"] if each["name"] == "payloads"]
    assert sealed["ok"]
    assert f"{len(added['keys'])} 把" in sealed["text"]


@pytest.mark.parametrize("lost", ["gone", "open to others"])
def test_without_the_keys_a_command_says_what_is_missing(running: Duban, home: Home, lost: str) -> None:
    """One sentence with the file's name, and no traceback; with the file back all is as before."""
    path = home.data / "keys" / "payloads.keys"
    content = path.read_bytes()
    path.chmod(0o640) if lost == "open to others" else path.unlink()
    try:
        answer = running("audit", "replay", PROJECT)
        assert "payloads.keys" in answer.err + answer.out
        assert "Traceback" not in answer.err
    finally:
        path.write_bytes(content)
        path.chmod(0o600)
    assert running("audit", "replay", PROJECT, "--json").status == 0


def test_a_backup_has_the_keys_and_a_restored_installation_reads_with_them(
    running: Duban, home: Home, tmp_path: Path
) -> None:
    """What is in the engine's database is worth nothing without them: both come from one backup."""
    assert running("backup", str(tmp_path / "backup"), "--json").status == 0
    there = tmp_path / "restored"
    assert running("restore", str(tmp_path / "backup"), "--data", str(there), "--json").status == 0
    for name in ("keys/payloads.keys", "payload-keys.json"):
        assert (there / name).read_bytes() == (home.data / name).read_bytes()
    assert (there / "keys" / "payloads.keys").stat().st_mode & 0o077 == 0


def test_the_desk_s_port_decodes_for_nobody_who_is_not_signed_in(home: Home) -> None:
    """The codec stands beside the desk; it never encodes."""
    (address,) = set(re.findall(r"督办台：(http://127\.0\.0\.1:\d+/)", home.children[0].said))
    with httpx2.Client(base_url=address, timeout=PATIENCE_SECONDS) as stranger:
        assert stranger.post("codec/decode", json={"payloads": []}).status_code == 401
        assert stranger.post("codec/encode", json={"payloads": []}).status_code == 404
