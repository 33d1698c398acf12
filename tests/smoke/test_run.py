"""`duban run` as a real process: what it shows, kill -9 and back, Ctrl-C, what it logs and serves."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import re
import signal
import sys
import time
from typing import Any

from adapters.ledger.sqlite_ledger import SqliteLedger
from application.engine_room.embedded import EmbeddedEngine
from application.settings import load_settings
from bench.patience import PATIENCE_SECONDS
from domain.evolution import fold
from domain.ids import supervision_workflow_id
from domain.record.leaf import domain_event_of
from entrypoints.bootstrap import engine_now, open_office
from entrypoints.cli.own_engine import LOOKED_AT_EVERY_SECONDS
from tests.entrypoints.installation import DUBAN, PLAN, Home, apart, free_port, kill_all, processes_of, until


def _answers(address: str, path: str = "/") -> bytes:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        assert answer.status == 200
        return answer.read()
    finally:
        connection.close()


def _ledger(home: Home) -> list[dict[str, Any]]:
    store = SqliteLedger.open(home.data / "ledger.db", engine_now)
    try:
        return [entry.model_dump(mode="json") for entry in store.entries()]
    finally:
        store.close()


def _papers(home: Home) -> list[str]:
    store = SqliteLedger.open(home.data / "ledger.db", engine_now)
    try:
        return [numbered.number for numbered in store.papers()]
    finally:
        store.close()


def _register(home: Home) -> Any:
    return home.ask("status")["projects"]


def test_the_same_register_after_kill_9_of_everything_and_a_clean_end(home: Home) -> None:
    """17 projects with light, date and the Web UI's address; killed and run again: the same; Ctrl-C: status 0."""
    first = home.run(whole=True)
    rows = [line for line in first.said.splitlines() if re.search(r"2018-\d\d[ab]? ", line) and "│" in line]
    assert len(rows) == 17
    assert all(re.search(r"[🟢🟡🔴⚪🔵]", row) and re.search(r"2018-\d\d-\d\d", row) for row in rows)
    (web_ui,) = re.findall(r"Temporal 网页：(http://127\.0\.0\.1:\d+)", first.said)
    assert b"<html" in _answers(web_ui).lower()
    home.call("complete", "2018-01", "1", "--by", "组织部", "--done-on", "2018-03-20")
    until(lambda: len(list((home.data / "papers").glob("*/supervision_order/*.docx"))) == 17, "the supervision orders")
    before, kept, papers = _register(home), _ledger(home), _papers(home)

    kill_all(home.folder)
    first.process.kill()
    first.process.wait(PATIENCE_SECONDS)
    assert processes_of(home.folder) == []
    second = home.run(whole=True)
    assert "此前已启动17项" in second.logged
    assert _register(home) == before
    assert _ledger(home)[: len(kept)] == kept
    assert _papers(home)[: len(papers)] == papers
    # Seventeen orders, and the notice of the completion that waits for its review.
    assert len(set(_papers(home))) == len(_papers(home)) == 18

    assert second.interrupted() == 0
    assert processes_of(home.folder) == []
    assert "Traceback" not in first.logged + second.logged


def test_a_run_keeps_its_engine_whatever_ends_it(home: Home) -> None:
    """Killed, it comes back and acts are taken; so it does where another run took it along; by hand it stays down."""
    first = home.run(projects=2)
    engine = EmbeddedEngine(load_settings({}, data=home.data))
    killed = engine.running()
    assert killed is not None
    os.kill(killed.pid, signal.SIGKILL)
    until(lambda: "引擎又在运行" in first.logged, "the engine that comes back")
    assert home.call("receipt", "2018-01", "--by", "组织部").returncode == 0

    second = home.start(*DUBAN, "run")
    second.shows("按 Ctrl-C 停止")
    assert first.interrupted() == 0
    until(lambda: "引擎又在运行" in second.logged, "the engine that the first run took along")
    assert home.call("report", "2018-01", "1", "进展", "--by", "组织部").returncode == 0

    assert home.call("engine", "down").returncode == 0
    until(lambda: "duban engine up" in second.logged, "that somebody stopped it")
    time.sleep(3 * LOOKED_AT_EVERY_SECONDS)
    assert engine.running() is None
    assert home.call("engine", "up").returncode == 0
    until(lambda: second.logged.count("引擎又在运行") == 2, "the engine that somebody started again")
    assert second.interrupted() == 0
    assert home.call("engine", "down").returncode == 0


def test_what_is_logged_served_and_kept_agrees(home: Home) -> None:
    """JSON lines with project and department; metrics; a refusal that leaves no event; ledger equals state."""
    metrics = f"127.0.0.1:{free_port(31_000)}"
    running = home.run(DUBAN_METRICS=metrics)
    workflow_id = supervision_workflow_id("2018-02")
    settings = load_settings({}, data=home.data)

    async def length() -> int:
        async with open_office(settings) as office:
            described = await office.engine.client.get_workflow_handle(workflow_id).describe()
            return described.history_length

    home.call("urge", "2018-02", "2", "请抓紧", "--by", "李四")
    before = apart(lambda: asyncio.run(length()))
    refused = home.call("report", "2018-02", "2", "已办", "--by", "宣传部")
    assert refused.returncode == 1
    running.logs("command_refused")
    assert apart(lambda: asyncio.run(length())) == before
    (line,) = [line for line in running.log_lines if line["event"] == "command_refused"]
    assert (line["project"], line["milestone"]) == (workflow_id, "2018-02-02")
    assert (line["role"], line["department"]) == ("department", "宣传部")
    assert line["rule"] == "own_duty"
    history = home.ask("audit", "history", "2018-02", "--refusals")
    assert [refusal["rule"] for refusal in history["refusals"]] == ["own_duty"]
    assert b"temporal_" in _answers(metrics, "/metrics")

    async def compare() -> None:
        async with open_office(settings) as office:
            for project in _register(home):
                project_id = project["project_id"]
                stream = supervision_workflow_id(project_id)
                entries = list(office.records.ledger.entries(stream))
                assert fold(map(domain_event_of, entries)) == await office.engine.state(project_id)
            papers = office.records.outbox.papers()
            told = {event["paper"] for event in history["events"] if event["paper"]}
            assert told == {n.number for n in papers if n.paper.project_id == "2018-02"}
            assert len(told) == 2

    apart(lambda: asyncio.run(compare()))
    replays = home.ask("audit", "replay")["replays"]
    assert len(replays) == 17
    assert all(replay["problem"] is None and replay["computed"] == replay["recorded"] for replay in replays)
    assert running.interrupted() == 0


def test_speed_runs_a_part_of_the_year_in_seconds(home: Home) -> None:
    """At 60,000 times the calendar's pace April passes in seconds, and their papers go out."""
    running = home.run("--speed", "60000", projects=3)
    until(lambda: any("催办" in number for number in _papers(home)), "the first urge")
    document = home.ask("status")
    assert document["as_of"] > "2018-05-02"
    assert any(project["light"] != "green" for project in document["projects"])
    assert running.interrupted() == 0


def test_the_engine_by_hand_and_the_worker_s_two_commands(home: Home) -> None:
    """`engine up`, then worker.py and starter.py by an address alone, then by a profile file; then `engine down`."""
    up = home.call("engine", "up")
    assert up.returncode == 0, up.stderr
    (address, _) = re.findall(r"127\.0\.0\.1:\d+", up.stdout)
    assert home.call("doctor").returncode == 1
    named = {"TEMPORAL_ADDRESS": address, "TEMPORAL_NAMESPACE": "duban"}
    worker = home.start_whole(sys.executable, "worker.py", **named)
    worker.logs("worker_ready")
    starter = home.start_whole(sys.executable, "starter.py", str(PLAN), "--as-of", "2018-04-25", "--json", **named)
    assert starter.process.wait(PATIENCE_SECONDS) == 0, starter.logged
    assert [project["outcome"] for project in json.loads(starter.said)["projects"]] == ["started"] * 17
    assert worker.interrupted() == 0

    profile = home.folder / "temporal.toml"
    profile.write_text(f'[profile.office]\naddress = "{address}"\nnamespace = "duban"\n', encoding="utf-8")
    by_file = {"TEMPORAL_CONFIG_FILE": str(profile), "TEMPORAL_PROFILE": "office"}
    worker = home.start(sys.executable, "worker.py", **by_file)
    worker.logs("worker_ready")
    again = home.start(sys.executable, "starter.py", str(PLAN), "--json", **by_file)
    assert again.process.wait(PATIENCE_SECONDS) == 0, again.logged
    assert [project["outcome"] for project in json.loads(again.said)["projects"]] == ["running"] * 17
    assert worker.interrupted() == 0
    down = home.call("engine", "down")
    assert down.returncode == 0
    assert processes_of(home.folder) == []
