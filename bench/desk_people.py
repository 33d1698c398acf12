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
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import httpx2

from application.accounts.first_run import first_run_link
from application.office.office import Office
from bench.installation import Service, WorkerProcess, at_work, environment_of, installation, progress, starting
from bench.patience import PATIENCE_SECONDS, until
from bench.processes import SHELL
from bench.report import Report, percentile
from bench.start_lists import first_list, kept_as
from domain.ids import MilestoneId, ProjectId, supervision_workflow_id
from domain.project import KeyProject
from entrypoints.bootstrap import engine_now
from entrypoints.bootstrap.accounts import open_accounts

_ACT_GOAL_MS, _PAGE_GOAL_MS = 1_000, 200
_YEAR: Final = 2_031
PASSWORD: Final = "eleven quiet herons"  # noqa: S105 - of people who are made up
_HIDDEN: Final = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
SET_UP: Final = re.compile(r'href="([^"]*/set-up/[^"]+)"')


class DeskProcess(Service):
    """`duban desk` as an administrator runs it, always at the same port."""

    def __init__(self, office: Office) -> None:
        port = office.settings.engine_port + 8
        self.address = f"http://127.0.0.1:{port}"
        environment = environment_of(office.settings) | {"DUBAN_DESK_PORT": str(port)}
        super().__init__((*SHELL, "desk"), environment, office.settings.data / "desk.log")

    async def answers(self) -> None:
        """Wait until it does."""

        async def alive() -> bool:
            with suppress(httpx2.HTTPError):
                return (await client.get("/alive")).status_code == HTTPStatus.OK
            return False

        async with httpx2.AsyncClient(base_url=self.address) as client:
            await until(alive, "the desk", every=0.05)


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
        with (office.settings.data / "start.log").open("wb") as log:
            assert await asyncio.to_thread(starting(office, path, log).wait, PATIENCE_SECONDS) == 0
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
        await set_up(administrator, f"/set-up/{link.secret}", person="李红", account="lihong")
        for number, project in enumerate(projects):
            form = hidden(await administrator.get("/directory"))
            who = {"name": f"承办人{number}", "role": "department", "department": project.lead_department}
            answer = await administrator.post("/directory/persons", data={**form, **who, "account": f"person-{number}"})
            client = _browser(desk)
            await set_up(client, SET_UP.findall(answer.text)[0])
            yield Person(client, project.project_id, project.milestones[0].milestone_id)


def _browser(desk: DeskProcess) -> httpx2.AsyncClient:
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": desk.address}
    return httpx2.AsyncClient(base_url=desk.address, headers=headers, timeout=PATIENCE_SECONDS)


async def set_up(client: httpx2.AsyncClient, path: str, **who: str) -> None:
    """Choose a password by a link, and so come in."""
    values = {**hidden(await client.get(path)), **who, "password": PASSWORD, "again": PASSWORD}
    answer = await client.post(path, data=values)
    assert answer.status_code == HTTPStatus.SEE_OTHER, answer.text


async def desk_people(people: int, acts: int, pause: float, seed: int) -> Report:
    """Let so many people report so often each, with pauses of up to twice so many seconds."""
    chance, report = random.Random(seed), Report()
    async with desk_scene(people) as scene:
        took: list[float] = []
        shown: list[float] = []

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
                    report.problems.append(
                        f"{person.milestone_id} {turn}: {answer.status_code}, shown: {text in page.text}"
                    )

        began = time.monotonic()
        await asyncio.gather(*(act(number, person) for number, person in enumerate(scene.people)))
        seconds, found = time.monotonic() - began, scene.reports()
        report.problems += [f"{key} is {times} times on record" for key, times in found.items() if times != 1]
        if len(found) != people * acts:
            report.problems.append(f"{people * acts - len(found)} of {people * acts} reports are not on record")
    report.figures |= {"people": people, "pause on the average, s": pause, "acts a second": len(took) / seconds}
    report.table(
        ("ms", "times", "median", "p95", "worst", "goal (p95)"),
        [
            (name, len(spans), *(f"{percentile(spans, share) * 1000:.0f}" for share in (0.5, 0.95, 1.0)), goal)
            for name, spans, goal in (
                ("an act, until it stands", took, _ACT_GOAL_MS),
                ("one's own page with it", shown, _PAGE_GOAL_MS),
            )
        ],
    )
    return report
