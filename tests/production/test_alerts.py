"""Each alert is fired by its cause and cleared by its cure, over the metrics that a worker serves."""

from __future__ import annotations

import ast
import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest
from google.protobuf.duration_pb2 import Duration
from ruamel.yaml import YAML
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.workflowservice.v1 import UpdateNamespaceRequest
from temporalio.client import Client
from temporalio.runtime import Runtime

from application.engine_room.connecting import runtime_with_metrics
from application.engine_room.engine import Engine
from application.office.office import Office
from application.office.watching import MEASURES, Gauges, Watch
from application.records import Records
from application.settings import Settings, load_settings
from domain.acts.commands import Withdraw
from domain.errors import EngineUnreachableError
from domain.ids import supervision_workflow_id
from domain.ports.ledger import Decision
from entrypoints.bootstrap import calendar_of, end_of_certificate, open_office, open_records, set_up_ledger
from tests.adapters.ledger.samples import MORNING, decision, paper, reminder
from tests.architecture.tree import ROOT
from tests.domain.samples import PROJECT, Desk, request
from tests.entrypoints.installation import Home, apart, free_port, part_of_the_plan, until
from tests.postgres_server import postgres_server
from tests.production.alert_rules import RULES, firing, metric_of
from tests.production.test_compose import SERVICES
from tests.small_disk import small_disk


@dataclass(frozen=True)
class Endpoint:
    """A page of metrics of this process, as a worker serves it."""

    gauges: Gauges
    address: str
    serving: Runtime

    def page(self) -> str:
        """What Prometheus reads."""
        return page_at(self.address)


def page_at(address: str) -> str:
    """The page that somebody serves."""
    with urllib.request.urlopen(f"http://{address}/metrics", timeout=10) as answer:
        text: str = answer.read().decode()
        return text


@cache
def endpoint() -> Endpoint:
    """The one page of this process."""
    address = f"127.0.0.1:{free_port(31_200)}"
    runtime = runtime_with_metrics(address)
    assert runtime
    return Endpoint(Gauges(runtime.metric_meter), address, runtime)


class NoEngine:
    """An engine that does not answer."""

    async def retention(self) -> timedelta:
        raise EngineUnreachableError("引擎没有应答。")


@dataclass
class Quiet:
    """An installation whose ledger is real and whose engine is away, at an instant that the test says."""

    settings: Settings
    records: Records
    now: datetime = MORNING

    def office(self) -> Office:
        """As the worker holds it."""
        return Office(self.settings, cast("Engine", NoEngine()), None, lambda: self.records, lambda: self.now)

    async def fires(self) -> set[str]:
        """What is wrong by the page after one look, the absent engine left out."""
        watch = Watch(self.office(), lambda year: calendar_of(self.settings, year), end_of_certificate)
        endpoint().gauges.show(await watch.look())
        fired = firing(endpoint().page(), self.now.timestamp())
        assert "DubanEngineAway" in fired
        return fired - {"DubanEngineAway", "DubanRetentionShort", "DubanProjectsSilent", "DubanWorkWaits"}

    async def record(self, desk: Desk) -> None:
        """Put a project's events into the ledger."""
        await self.records.ledger.record(Decision(stream=supervision_workflow_id(PROJECT), events=tuple(desk.events)))


@pytest.fixture
def quiet(tmp_path: Path) -> Iterator[Quiet]:
    """An empty installation with a ledger of its own, opened."""
    settings = Settings(data=tmp_path / "data")
    with open_records(settings) as records:
        yield Quiet(settings, records, datetime.now(UTC))


def test_every_alert_has_its_page_and_its_metric() -> None:
    """An alert looks at a metric of ours, says how bad it is, and leads to a heading of the runbook that names it."""
    pages = dict(re.findall(r"^## (\S+)\n\*\*(\w+)\*\*", (ROOT / "docs/runbook.md").read_text("utf-8"), re.MULTILINE))
    assert sorted(pages.values()) == sorted(RULES)
    for name, rule in RULES.items():
        page = rule["annotations"]["runbook_url"].removeprefix("docs/runbook.md#")
        assert pages[page] == name
        assert metric_of(name) in {*MEASURES, "up"}
        assert rule["labels"]["severity"] in {"critical", "warning"}


def test_each_alert_is_fired_by_its_cause_and_cleared_by_its_cure() -> None:
    """Every rule of the file is seen firing in a test below, and after that, in the same test, seen quiet."""
    seen = set()
    for test in ast.parse(Path(__file__).read_text(encoding="utf-8")).body:
        fired: dict[str, int] = {}
        expressions = [node for node in ast.walk(test) if isinstance(node, ast.expr)]
        for node in sorted(expressions, key=lambda each: each.lineno):
            quiet = isinstance(node, ast.UnaryOp) or (
                isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.NotIn)
            )
            if quiet:
                seen |= {name for name in _alerts_in(node) if fired.get(name, node.lineno) < node.lineno}
            elif isinstance(node, ast.Compare):
                fired = dict.fromkeys(_alerts_in(node), node.lineno) | fired
    assert seen == set(RULES)


def _alerts_in(node: ast.AST) -> set[str]:
    return {str(each.value) for each in ast.walk(node) if isinstance(each, ast.Constant)} & set(RULES)


def test_the_runbook_tells_the_rules_that_hold() -> None:
    """The table of the runbook has the expression and the patience of every rule."""
    text = (ROOT / "docs/runbook.md").read_text(encoding="utf-8")
    for name, rule in RULES.items():
        assert re.search(rf"\| \[{name}\]\(#\S+\) \| `{re.escape(rule['expr'])}` \| {rule['for']} \|", text), name


def test_the_board_shows_what_is_measured() -> None:
    """Every panel asks for metrics that there are, and each of ours that an alert looks at is on the board."""
    board = json.loads((ROOT / "deploy/watch/grafana/boards/duban.json").read_text(encoding="utf-8"))
    asked = " ".join(target["expr"] for panel in board["panels"] for target in panel["targets"])
    shown = set(re.findall(r"\bduban_\w+", asked))
    assert shown <= MEASURES.keys()
    assert {metric_of(name) for name in RULES} - {"up", "duban_watched_at_seconds"} <= shown


async def test_the_first_look_of_an_empty_installation_is_quiet(quiet: Quiet) -> None:
    """Where nothing has happened nothing is wrong."""
    await quiet.records.log.open()
    await quiet.records.log.seal()
    await quiet.office().register.follow()
    assert await quiet.fires() == set()


async def test_a_worker_that_does_not_look_any_more(quiet: Quiet) -> None:
    """A page whose last look is older than five minutes fires, and the next look clears it."""
    await quiet.fires()
    later = quiet.now.timestamp() + 301
    assert "DubanWatchStandsStill" in firing(endpoint().page(), later)
    quiet.now += timedelta(seconds=301)
    assert "DubanWatchStandsStill" not in await quiet.fires()


def test_a_worker_that_is_gone() -> None:
    """A page that nobody serves fires, and one that is served does not."""
    assert firing(None, time.time()) == {"DubanDown"}
    assert "DubanDown" not in firing(endpoint().page(), time.time())


def test_each_of_several_workers_is_asked_by_itself() -> None:
    """The compose file lets workers be many under one name: each is a target, and none at all is told as well."""
    asked = YAML(typ="safe").load((ROOT / "deploy/watch/prometheus.yml").read_text("utf-8"))["scrape_configs"][0]
    port = SERVICES["worker"]["environment"]["DUBAN_METRICS"].rpartition(":")[2]
    (found,) = asked["dns_sd_configs"]
    assert (found["names"], found["type"], str(found["port"])) == (["worker"], "A", port)
    assert f'absent(up{{job="{asked["job_name"]}"}})' in RULES["DubanDown"]["expr"]


async def test_entries_without_a_signed_head(quiet: Quiet) -> None:
    """An entry that nobody signs for five minutes fires, a head clears it."""
    await quiet.records.log.open()
    quiet.now += timedelta(seconds=301)
    assert "DubanEntriesUnsigned" in await quiet.fires()
    await quiet.records.log.seal()
    assert "DubanEntriesUnsigned" not in await quiet.fires()


async def test_a_register_that_does_not_follow(quiet: Quiet) -> None:
    """Entries that are not in the lists fire; following the ledger clears it."""
    await quiet.record(Desk())
    assert "DubanRegisterBehind" in await quiet.fires()
    await quiet.office().register.follow()
    assert "DubanRegisterBehind" not in await quiet.fires()


async def test_papers_that_do_not_go_out(quiet: Quiet) -> None:
    """A paper fires when the next working morning has passed without it, a digest that was begun until it is out."""
    await quiet.records.ledger.record(decision(reminder(0), papers=(paper(0),)))
    quiet.now = MORNING + timedelta(days=1)
    assert not {"DubanPapersUndelivered", "DubanDigestUnfinished"} & await quiet.fires()
    quiet.now = MORNING + timedelta(days=2)
    assert "DubanPapersUndelivered" in await quiet.fires()
    digest = await quiet.records.outbox.claim("组织部", "mailbox/组织部/1", quiet.now)
    assert {"DubanPapersUndelivered", "DubanDigestUnfinished"} <= await quiet.fires()
    await quiet.records.outbox.settle(digest, quiet.now)
    assert not {"DubanPapersUndelivered", "DubanDigestUnfinished"} & await quiet.fires()


async def test_a_holiday_is_no_delay(quiet: Quiet) -> None:
    """A paper of the last day before the October holiday is not late on the first working morning after it."""
    eve = datetime(2018, 9, 30, 18, 0, tzinfo=MORNING.tzinfo)
    await quiet.records.ledger.record(decision(reminder(0), papers=(paper(0, send_from=eve),)))
    quiet.now = datetime(2018, 10, 8, 9, 0, tzinfo=MORNING.tzinfo)
    assert "DubanPapersUndelivered" not in await quiet.fires()


async def test_a_history_that_is_not_kept(quiet: Quiet) -> None:
    """A project that ended hours ago without its history fires, the kept history clears it."""
    desk = Desk()
    desk.ask(request(Withdraw, None, reason="撤销"))
    await quiet.record(desk)
    quiet.now += timedelta(hours=2)
    assert "DubanHistoriesUnkept" in await quiet.fires()
    await quiet.records.log.open()
    await quiet.records.log.keep_history(supervision_workflow_id(PROJECT), "run", b"history", b"{}", {"events": 1})
    assert "DubanHistoriesUnkept" not in await quiet.fires()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate as an installation gets it on its first day."""
    folder = {**os.environ, "DUBAN_SECRETS": str(tmp_path / "secrets"), "DUBAN_SITE": "desk.example"}
    subprocess.run(["sh", str(ROOT / "deploy/make-secrets.sh")], check=True, env=folder, capture_output=True)
    return tmp_path / "secrets/tls_certificate"


async def test_a_certificate_that_ends(quiet: Quiet, certificate: Path) -> None:
    """Twenty days before its end, and where it cannot be read, it fires; the next certificate clears it."""
    quiet.settings = quiet.settings.model_copy(update={"certificate": certificate})
    assert "DubanCertificateEnds" not in await quiet.fires()
    quiet.now += timedelta(days=345)
    assert "DubanCertificateEnds" in await quiet.fires()
    quiet.now -= timedelta(days=345)
    assert "DubanCertificateEnds" not in await quiet.fires()
    quiet.settings = quiet.settings.model_copy(update={"certificate": certificate.with_name("gone")})
    assert "DubanCertificateEnds" in await quiet.fires()
    quiet.settings = quiet.settings.model_copy(update={"certificate": certificate})
    assert "DubanCertificateEnds" not in await quiet.fires()


async def test_a_disk_that_is_full(quiet: Quiet, tmp_path: Path) -> None:
    """A data folder on a disk without room fires, the same on a disk with room does not."""
    room = quiet.settings
    with small_disk(tmp_path / "small", 4_096) as disk:
        if disk.mounted:
            quiet.settings = room.model_copy(update={"data": disk.folder})
        else:  # where no disk of our own can be made, a limit that every disk is below
            assert firing("duban_free_bytes 1", 0.0) == {"DubanDiskFull"}
            return
        assert "DubanDiskFull" in await quiet.fires()
    quiet.settings = room
    assert "DubanDiskFull" not in await quiet.fires()


async def test_a_database_that_is_slow_or_away(tmp_path: Path) -> None:
    """A ledger whose tables are locked, and one that lets nobody in, fire; the look goes on, and both clear."""
    with postgres_server(tmp_path) as administrator:
        url = administrator.replace("postgres:@", "duban@").replace("/postgres?", "/duban_ledger?")
        settings = load_settings({}, data=tmp_path / "data", ledger_url=url)
        set_up_ledger(settings, administrator, None)
        inside = administrator.replace("/postgres?", "/duban_ledger?")
        with open_records(settings) as records:
            quiet = Quiet(settings, records, datetime.now(UTC))
            assert not {"DubanLedgerAway", "DubanLedgerSlow"} & await quiet.fires()
            with psycopg.connect(inside) as locking:
                tables = locking.execute(
                    "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables"
                    " WHERE schemaname='duban'"
                ).fetchall()
                locking.execute(f"LOCK TABLE {', '.join(name for (name,) in tables)} IN ACCESS EXCLUSIVE MODE".encode())
                letting_go = threading.Timer(1.5, locking.rollback)
                letting_go.start()
                slow = await quiet.fires()
                letting_go.join()
            assert "DubanLedgerSlow" in slow
            assert "DubanLedgerSlow" not in await quiet.fires()
            with psycopg.connect(administrator, autocommit=True) as admin:
                admin.execute("ALTER DATABASE duban_ledger ALLOW_CONNECTIONS false")
                admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname='duban_ledger'")
                assert "DubanLedgerAway" in await quiet.fires()
                admin.execute("ALTER DATABASE duban_ledger ALLOW_CONNECTIONS true")
            assert "DubanLedgerAway" not in await quiet.fires()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """An empty data folder with ports of its own."""
    home = Home(tmp_path)
    try:
        yield home
    finally:
        home.close()


def test_an_engine_that_is_away_forgets_or_loses_a_project(home: Home) -> None:
    """Silent project, short retention, waiting work, engine and worker gone: each fires and is cleared by its cure."""
    metrics = f"127.0.0.1:{free_port(31_400)}"
    plan = part_of_the_plan(home.folder, 3)
    assert home.call("engine", "up").returncode == 0
    program = (sys.executable, "tests/production/watching_often.py")
    running = home.start(*program, "run", str(plan), "--as-of", "2018-04-25", DUBAN_METRICS=metrics)
    running.shows("按 Ctrl-C 停止")
    settings = load_settings(dict(home.settings))
    limits = {"DubanWorkWaits": 0.0}

    def served() -> set[str]:
        return firing(page_at(metrics), time.time())

    def looked(break_it: Callable[[Client], Any] | None = None) -> set[str]:
        async def once() -> set[str]:
            async with open_office(settings) as office:
                if break_it is not None:
                    await break_it(office.engine.client)
                measures = await Watch(office, lambda year: calendar_of(settings, year)).look()
            endpoint().gauges.show(measures)
            return firing(endpoint().page(), time.time(), limits)

        return apart(lambda: asyncio.run(once()))

    async def terminate(client: Client) -> None:
        await client.get_workflow_handle(supervision_workflow_id("2018-01")).terminate("by hand")

    async def shorten(client: Client, days: int = 30) -> None:
        config = NamespaceConfig(workflow_execution_retention_ttl=Duration(seconds=days * 86_400))
        await client.workflow_service.update_namespace(
            UpdateNamespaceRequest(namespace=client.namespace, config=config)
        )

    async def ask_a_lot(client: Client) -> None:
        await client.get_workflow_handle(supervision_workflow_id("2018-02")).signal("command", {"kind": "none"})

    until(lambda: looked() == set(), "an installation with nothing wrong")
    until(lambda: served() == set(), "a page with nothing wrong")
    looked(terminate)
    until(lambda: "DubanProjectsSilent" in looked(), "the silent project")
    assert home.call("engine", "repair", "2018-01").returncode == 0
    until(lambda: "DubanProjectsSilent" not in looked(), "its repair")
    looked(shorten)
    until(lambda: "DubanRetentionShort" in served(), "the short retention")
    looked(lambda client: shorten(client, 3_653))
    until(lambda: "DubanRetentionShort" not in served(), "the long retention")
    running.process.send_signal(signal.SIGSTOP)
    looked(ask_a_lot)
    until(lambda: "DubanWorkWaits" in looked(), "work that waits")
    running.process.send_signal(signal.SIGCONT)
    until(lambda: "DubanWorkWaits" not in looked(), "work that is done")
    assert home.call("engine", "down").returncode == 0
    until(lambda: "DubanEngineAway" in served(), "the engine that is away")
    assert home.call("engine", "up").returncode == 0
    until(lambda: "DubanEngineAway" not in served(), "the engine that is back")
    assert running.interrupted() == 0
    with pytest.raises(OSError, match="refused"):
        page_at(metrics)


def test_nothing_that_is_served_is_of_a_person(quiet: Quiet) -> None:
    """The figures of our own have no label but a kind of work: no name, no project, no address."""
    quiet_office = replace(quiet.office())
    measures = apart(lambda: asyncio.run(Watch(quiet_office, lambda year: calendar_of(quiet.settings, year)).look()))
    assert {label for measure in measures for label in measure.labels} <= {"kind"}
    assert {measure.name for measure in measures} <= MEASURES.keys()
