"""Two workers and two desks on one PostgreSQL ledger: restarted in turn under acts, frozen, and nobody is refused."""

from __future__ import annotations

import itertools
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Event
from typing import Any

import httpx2
import psycopg
import pytest

from bench.patience import PATIENCE_SECONDS
from domain.ports.mandates import HANDED_OVER_WITHIN_SECONDS
from domain.record.ledger_errors import MandateLostError
from tests.entrypoints.installation import DUBAN, Child, Home, free_port, part_of_the_plan, until

PROJECTS = 3
_OFFICE = """类别,编号,名称,别名,账号,角色,部门,代谁办理,自,至
部门,,组织部,,,,,,2018-01-01,
人员,,李红,,,,,,2018-01-01,
人员,,王伟,,,,,,2018-01-01,
任职,,李红,,,管理员,,,2018-01-01,
任职,,王伟,,,承办人,组织部,,2018-01-01,
"""


class Crew:
    """Two workers of an installation, started again one by one."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self.workers = [self._started() for _ in range(2)]
        for worker in self.workers:
            worker.logs("worker_ready")

    def restart(self, place: int) -> None:
        """Stop one as an administrator does, and start it again while the other goes on."""
        self.workers[place].process.send_signal(signal.SIGTERM)
        assert self.workers[place].process.wait(PATIENCE_SECONDS) == 0, self.workers[place].logged
        self.workers[place] = self._started()
        self.workers[place].logs("worker_ready")

    def _started(self) -> Child:
        return self._home.start(sys.executable, "worker.py")


@contextmanager
def desks(home: Home) -> Iterator[list[httpx2.Client]]:
    """Two desks, and a program of the department at each."""
    sheet = home.folder / "名册.csv"
    sheet.write_text(_OFFICE, encoding="utf-8")
    assert home.call("directory", "import", str(sheet), "--apply", "--by", "李红").returncode == 0
    home.ask("account", "open", "王伟", "wangwei", "--by", "李红")
    until_day = f"{datetime.now(UTC) + timedelta(days=30):%Y-%m-%d}"
    given = ("wangwei", "业务系统", "--department", "组织部", "--until", until_day, "--by", "李红")
    shown = {"Authorization": f"Bearer {home.ask('account', 'token', *given)['secret']}"}
    ports, first = [], free_port()
    for _ in range(2):
        ports.append(first := free_port(first + 1))
        home.start(*DUBAN, "desk", DUBAN_DESK_PORT=str(first))
    clients = [
        httpx2.Client(base_url=f"http://127.0.0.1:{port}/api/v1", headers=shown, timeout=PATIENCE_SECONDS)
        for port in ports
    ]
    for client in clients:
        until(partial(answers, client), "a desk")
    try:
        yield clients
    finally:
        for client in clients:
            client.close()


def answers(client: httpx2.Client) -> bool:
    """Whether a desk is there."""
    try:
        return client.get("/me").status_code == 200
    except httpx2.TransportError:
        return False


@contextmanager
def reporting(clients: list[httpx2.Client]) -> Iterator[list[httpx2.Response]]:
    """Reports of progress, one after another at either desk, as long as the block lasts."""
    stopped, given = Event(), []
    duties = clients[0].get("/duties", params={"role": "lead", "open": "true"}).json()["duties"]

    def report() -> None:
        for number, duty in enumerate(itertools.cycle(duties)):
            if stopped.is_set():
                return
            asked = {"milestone_id": duty["milestone_id"], "text": f"第 {number} 次报告"}
            path = f"/projects/{duty['project_id']}/acts/report-progress"
            given.append(clients[number % 2].post(path, json=asked, headers={"Idempotency-Key": f"n{number}"}))

    with ThreadPoolExecutor(1) as thread:
        done = thread.submit(report)
        try:
            yield given
        finally:
            stopped.set()
        done.result(PATIENCE_SECONDS)


def writers(server: str) -> list[str]:
    """The names of those who have a mandate, the leading one first."""
    with psycopg.connect(server.replace("/postgres?", "/duban_ledger?")) as connection:
        return [str(name) for (name,) in connection.execute("SELECT name FROM duban.writer ORDER BY number")]


def check(home: Home, name: str) -> dict[str, Any]:
    """What the doctor says of one thing."""
    return next(each for each in home.ask("doctor")["checks"] if each["name"] == name)


@pytest.mark.usefixtures("server")
def test_workers_are_restarted_in_turn_and_no_act_is_refused(on_postgres: Home, server: str) -> None:
    """Each act given at two desks meanwhile is accepted once; a frozen leader is followed within 5 s and ends."""
    home = on_postgres
    assert home.call("engine", "up").returncode == 0
    crew = Crew(home)
    plan = part_of_the_plan(home.folder, PROJECTS)
    assert home.call("start", str(plan), "--as-of", "2018-04-25").returncode == 0
    with desks(home) as clients:
        with reporting(clients) as given:
            until(lambda: len(given) > 3, "acts before")
            for place in (0, 1):
                crew.restart(place)
            done = len(given)
            until(lambda: len(given) > done + 3, "acts afterwards")
        assert {answer.status_code for answer in given} == {200}, [answer.text for answer in given]
        ids = [event_id for answer in given for event_id in answer.json()["event_ids"]]
        assert len(set(ids)) == len(ids) >= len(given)

    first, second = writers(server)
    assert first in check(home, "writers")["text"]
    leading = next(worker for worker in crew.workers if first.endswith(f":{worker.process.pid}"))
    leading.process.send_signal(signal.SIGSTOP)
    began = time.monotonic()
    until(lambda: writers(server) == [second], "the hand-over")
    assert time.monotonic() - began < HANDED_OVER_WITHIN_SECONDS
    leading.process.send_signal(signal.SIGCONT)
    assert leading.process.wait(PATIENCE_SECONDS) != 0
    assert MandateLostError(name=first).text in leading.logged
    assert home.ask("audit", "reconcile")["findings"] == []
