"""kill -9 in the middle of an act at the desk: of the desk itself, of the worker (the projector in it), of the engine.

`python -m bench desk-kills [--desk-kills N] [--seed N]`: somebody sends the form of a report, and at a seeded moment of
its way one of the processes dies. What he is told is a sentence (from a desk that died it is his browser's own); the
process comes back, he sends the same form again, and the report is on record and on his page once.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import time
from http import HTTPStatus
from typing import Final, Literal

import httpx2

from application.engine_room.embedded import EmbeddedEngine
from bench.desk_people import DeskScene, Person, desk_scene
from bench.installation import engine_pid, progress
from bench.patience import PATIENCE_SECONDS
from bench.report import Report

Victim = Literal["desk", "worker", "engine"]
VICTIMS: Final[tuple[Victim, ...]] = ("desk", "worker", "engine")
_TOLD: Final = re.compile(r'<(?P<tag>div|p)[^>]*class="(?:errors|told)"[^>]*>(?P<said>.*?)</(?P=tag)>', re.DOTALL)
_LONGEST_WAY: Final = 1.5
"""The moments are spread over so many times the way of an act that nothing happens to."""


async def desk_kills(kills: int, seed: int) -> Report:
    """So many kills, each kind in turn, at moments spread evenly over the way of an act."""
    chance, report = random.Random(seed), Report()
    moments = [(part + chance.random()) / kills for part in range(kills)]
    chance.shuffle(moments)
    # What dies in the middle of an act is the same among many projects: these are there for the projector to follow.
    async with desk_scene(1, projects=3) as scene:
        way = await _left_alone(scene)
        progress(f"  an act takes {way * 1000:.0f} ms")
        rows = [
            await _killed(scene, VICTIMS[number % 3], moment * way * _LONGEST_WAY, f"第{number}次报告。", report)
            for number, moment in enumerate(moments)
        ]
    report.table(("killed", "after ms", "told", "sendings", "problems"), rows)
    return report


async def _left_alone(scene: DeskScene) -> float:
    (person,) = scene.people
    seconds = 0.0
    for turn in range(3):
        form, began = await person.form(f"没有中断的第{turn}次。"), time.monotonic()
        assert (await person.send(form)).status_code == HTTPStatus.SEE_OTHER
        seconds = time.monotonic() - began
    return seconds


async def _killed(scene: DeskScene, victim: Victim, after: float, text: str, report: Report) -> tuple[object, ...]:
    (person,) = scene.people
    form = await person.form(text)
    sending = asyncio.create_task(_sent(person, form))
    await asyncio.sleep(after)
    await _kill(scene, victim)
    stands, told = await sending
    await _bring_back(scene, victim)
    sendings, deadline = 1, time.monotonic() + PATIENCE_SECONDS
    problems = [] if told else ["nothing was told"]
    while not stands or sendings == 1:  # also what stood is sent again, as by somebody who saw no answer
        sendings += 1
        stands, more = await _sent(person, form)
        if time.monotonic() > deadline:
            problems.append(f"it never stood: {more}")
            break
    # Who polled before a kill is remembered for minutes: only an act that stands says that all are at work again.
    after_all, more = await _sent(person, await person.form(f"{text}此后照常。"))
    if not after_all:
        problems.append(f"the next act does not stand: {more}")
    if (times := scene.reports()[(person.project_id, text)]) != 1:
        problems.append(f"it is {times} times on record")
    if (await person.client.get(person.duty)).text.count(text) < 1:
        problems.append("his page does not show it")
    progress(f"  {victim} after {after * 1000:.0f} ms: {told}; {sendings} sendings; {problems or 'once on record'}")
    report.figures[f"kills of the {victim}"] += 1
    report.problems += [f"{victim} after {after * 1000:.0f} ms: {problem}" for problem in problems]
    return (victim, f"{after * 1000:.0f}", told, sendings, len(problems))


async def _sent(person: Person, form: dict[str, str]) -> tuple[bool, str]:
    """Whether it stands, and what the person reads."""
    try:
        answer = await person.send(form)
    except httpx2.HTTPError:
        return False, "（浏览器：连接断开）"
    if answer.status_code == HTTPStatus.SEE_OTHER:
        return True, "已办理"
    found = _TOLD.search(answer.text)
    said = re.sub(r"<[^>]+>|\s+", "", found["said"]) if found else ""
    return False, f"{answer.status_code} {said}" if said else ""


async def _kill(scene: DeskScene, victim: Victim) -> None:
    if victim == "engine":
        os.kill(engine_pid(scene.office.settings), signal.SIGKILL)
    else:
        (scene.desk if victim == "desk" else scene.worker).kill()


async def _bring_back(scene: DeskScene, victim: Victim) -> None:
    if victim == "engine":
        await EmbeddedEngine(scene.office.settings).up()
    # A worker ends where no engine is, and its service starts it again.
    scene.worker.start_again()
    scene.desk.start_again()
    await scene.desk.answers()
