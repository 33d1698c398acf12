"""People who act through HTTP, on the desk that `duban desk` serves beside a real engine and a real worker.

`python -m bench desk-people [--people N] [--acts N] [--pause SECONDS]`: each reports about a project of his own
department, by the form of its page, again and again, and looks at the page afterwards. What counts is the time until
the desk says what stands, and until his own page shows it; at the end each report is on record, once.
"""

from __future__ import annotations

import asyncio
import html
import random
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import httpx2

from application.accounts.first_run import first_run_link
from application.office.office import Office
from bench.herd import percentile
from bench.installation import WorkerProcess, at_work, environment_of, installation, progress
from bench.patience import PATIENCE_SECONDS
from bench.processes import SHELL, Process, started
from bench.start_lists import first_list, kept_as
from bench.tables import table
from domain.ids import MilestoneId, ProjectId, supervision_workflow_id
from domain.project import KeyProject
from entrypoints.bootstrap import engine_now
from entrypoints.bootstrap.accounts import open_accounts

ACT_GOAL, PAGE_GOAL = 1.0, 0.2
_YEAR: Final = 2_031
_PASSWORD: Final = "eleven quiet herons"  # noqa: S105 - of people who are made up
_HIDDEN: Final = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
_SET_UP: Final = re.compile(r'href="([^"]*/set-up/[^"]+)"')


class DeskProcess:
    """`duban desk` as an administrator runs it, always at the same port."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self.address = f"http://127.0.0.1:{office.settings.engine_port + 8}"
        self._process = self._started()

    def _started(self) -> Process:
        port = {"DUBAN_DESK_PORT": self.address.rpartition(":")[2]}
        with (self._office.settings.data / "desk.log").open("ab") as log:
            return started((*SHELL, "desk"), environment_of(self._office.settings) | port, log)

    async def answers(self) -> None:
        """Wait until it does."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        async with httpx2.AsyncClient(base_url=self.address) as client:
            while True:
                try:
                    if (await client.get("/alive")).status_code == HTTPStatus.OK:
                        return
                except httpx2.HTTPError:
                    assert time.monotonic() < deadline, "the desk does not come up"
                await asyncio.sleep(0.05)

    def kill(self) -> None:
        """End it as a power failure would."""
        self._process.kill()
        self._process.wait(PATIENCE_SECONDS)

    def again(self) -> None:
        """Start it again."""
        self._process = self._started()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at his own browser, and the duty that he reports about."""

    client: httpx2.AsyncClient
    project_id: ProjectId
    milestone_id: MilestoneId

    @property
    def duty(self) -> str:
        """The page of his duty."""
        return f"/duties/{self.milestone_id}"

    async def form(self, text: str) -> dict[str, str]:
        """The form of a report, filled in."""
        return {**hidden(await self.client.get(f"{self.duty}/report-progress")), "text": text}

    async def send(self, values: Mapping[str, str]) -> httpx2.Response:
        """Give the report."""
        return await self.client.post(f"{self.duty}/report-progress", data=dict(values))


@dataclass
class DeskScene:
    """An office at work, its desk, its worker, and people who are signed in."""

    office: Office
    desk: DeskProcess
    worker: WorkerProcess
    people: list[Person]

    def reports(self) -> Counter[tuple[ProjectId, str]]:
        """How often each report is on record."""
        ledger = self.office.records.ledger
        return Counter(
            (person.project_id, str(entry.event["data"]["text"]))
            for person in self.people
            for entry in ledger.entries(supervision_workflow_id(person.project_id))
            if entry.type == "ProgressReported"
        )


def hidden(answer: httpx2.Response) -> dict[str, str]:
    """What the forms of a page hide."""
    return {name: html.unescape(value) for name, value in _HIDDEN.findall(answer.text)}


@asynccontextmanager
async def desk_scene(people: int, projects: int | None = None) -> AsyncIterator[DeskScene]:
    """A year's list at work (or its first few `projects`), its desk, and so many people, each of a department that
    leads a project."""
    async with installation("desk-people") as office, at_work(office) as worker:
        plan = first_list(_YEAR, 60)
        plan = plan.model_copy(update={"projects": plan.projects[:projects]})
        path = kept_as(plan, office.settings.data.parent, "desk")
        told = [str(path), "--as-of", "2018-04-25", "--by", "李", "--confirmed-by", "王", "--yes"]
        with (office.settings.data / "start.log").open("wb") as log:
            starting = started(("starter.py", *told), environment_of(office.settings), log)
        assert await asyncio.to_thread(starting.wait, PATIENCE_SECONDS) == 0
        desk, opened = DeskProcess(office), list[Person]()
        try:
            await desk.answers()
            progress(f"  {len(plan.projects)} projects are started; {people} people come in")
            opened += [person async for person in _coming_in(office, desk, plan.projects[:people])]
            yield DeskScene(office, desk, worker, opened)
        finally:
            for person in opened:
                await person.client.aclose()
            desk.kill()


async def _coming_in(office: Office, desk: DeskProcess, projects: tuple[KeyProject, ...]) -> AsyncIterator[Person]:
    with open_accounts(office.settings, office.records) as accounts:
        link = await first_run_link(accounts, engine_now())
    assert link is not None
    async with _browser(desk) as administrator:
        await _set_up(administrator, f"/set-up/{link.secret}", person="李红", account="lihong")
        for number, project in enumerate(projects):
            form = hidden(await administrator.get("/directory"))
            who = {"name": f"承办人{number}", "role": "department", "department": project.lead_department}
            answer = await administrator.post("/directory/persons", data={**form, **who, "account": f"person-{number}"})
            client = _browser(desk)
            await _set_up(client, _SET_UP.findall(answer.text)[0])
            yield Person(client, project.project_id, project.milestones[0].milestone_id)


def _browser(desk: DeskProcess) -> httpx2.AsyncClient:
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": desk.address}
    return httpx2.AsyncClient(base_url=desk.address, headers=headers, timeout=PATIENCE_SECONDS)


async def _set_up(client: httpx2.AsyncClient, path: str, **who: str) -> None:
    values = {**hidden(await client.get(path)), **who, "password": _PASSWORD, "again": _PASSWORD}
    answer = await client.post(path, data=values)
    assert answer.status_code == HTTPStatus.SEE_OTHER, answer.text


@dataclass(frozen=True, slots=True)
class PeopleFigures:
    """The seconds of each act and of each page after it, in order, and whatever was wrong."""

    acts: list[float]
    pages: list[float]
    seconds: float
    problems: list[str]


async def desk_people(people: int, acts: int, pause: float, seed: int) -> PeopleFigures:
    """Let so many people report so often each, with pauses of up to twice so many seconds."""
    chance = random.Random(seed)
    async with desk_scene(people) as scene:
        took: list[float] = []
        shown: list[float] = []
        problems: list[str] = []

        async def act(number: int, person: Person) -> None:
            for turn in range(acts):
                await asyncio.sleep(chance.uniform(0, 2 * pause))
                text = f"第{turn}次报告，{number}号。"
                form, began = await person.form(text), time.monotonic()
                answer, given = await person.send(form), time.monotonic()
                page = await person.client.get(person.duty)
                took.append(given - began)
                shown.append(time.monotonic() - given)
                if answer.status_code != HTTPStatus.SEE_OTHER or text not in page.text:
                    problems.append(f"{person.milestone_id} {turn}: {answer.status_code}, shown: {text in page.text}")

        began = time.monotonic()
        await asyncio.gather(*(act(number, person) for number, person in enumerate(scene.people)))
        seconds, found = time.monotonic() - began, scene.reports()
        problems += [f"{key} is {times} times on record" for key, times in found.items() if times != 1]
        if len(found) != people * acts:
            problems.append(f"{people * acts - len(found)} of {people * acts} reports are not on record")
    return PeopleFigures(sorted(took), sorted(shown), seconds, problems)


def people_table(found: PeopleFigures, people: int, pause: float) -> str:
    """What people waited for."""
    rows = [
        [name, str(len(each)), *(f"{percentile(each, share) * 1000:.0f}" for share in (0.5, 0.95, 1.0)), f"{goal:.0f}"]
        for name, each, goal in (
            ("an act, until it stands", found.acts, ACT_GOAL * 1000),
            ("one's own page with it", found.pages, PAGE_GOAL * 1000),
        )
    ]
    rate = len(found.acts) / found.seconds
    head = (
        f"{people} people, a pause of {pause:g} s on the average, {rate:.1f} acts a second; problems: {found.problems}"
    )
    return f"{head}\n\n{table(['ms', 'times', 'median', 'p95', 'worst', 'goal (p95)'], rows)}"
