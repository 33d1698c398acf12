"""What is thrown at a desk to keep others out of it, at full size, on `duban desk` as an administrator runs it.

`python -m bench desk-attacks [--slow-clients N] [--slow-seconds S] [--logins N] [--wrong-passwords N]`: clients that
never finish their heads or bodies, logins in one moment, wrong passwords while the owner comes in, a body of 1 GB. The
suite holds the same in a small form.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from itertools import cycle
from typing import Final

import httpx2

from application.accounts.first_run import first_run_link
from bench.desk_people import PASSWORD, SET_UP, DeskProcess, hidden, set_up
from bench.installation import installation, progress, usage_of
from bench.patience import PATIENCE_SECONDS
from bench.report import Report, percentile
from entrypoints.bootstrap import engine_now
from entrypoints.bootstrap.accounts import open_accounts

_OTHERS_GOAL, _LOGINS_GOAL, _MEMORY_GOAL = 1.0, 5.0, 50_000_000
_GIGABYTE, _PIECE = 1_000_000_000, b"x" * 1_000_000
_AT_ONCE: Final = 50
_OFFICE, _HOME, _STRANGER = "127.0.0.2", "127.0.0.3", "127.0.0.4"
_SLOW_FROM: Final = [f"127.0.1.{number}" for number in range(1, 21)]
"""None is the proxy's address, whose connections are not counted."""


@dataclass(frozen=True, slots=True)
class AttacksPlan:
    """How many of each."""

    slow_clients: int = 200
    slow_seconds: float = 60.0
    logins: int = 50
    wrong_passwords: int = 500


@asynccontextmanager
async def _attacked(accounts: int) -> AsyncIterator[DeskProcess]:
    """A desk on which so many people have passwords."""
    async with installation("desk-attacks") as office:
        desk = DeskProcess(office)
        try:
            await desk.answers()
            with open_accounts(office.settings, office.records) as kept:
                link = await first_run_link(kept, engine_now())
            assert link is not None
            async with _browser(desk, _OFFICE) as administrator:
                await set_up(administrator, f"/set-up/{link.secret}", person="李红", account="lihong")
                for number in range(accounts):
                    form = hidden(await administrator.get("/directory"))
                    who = {"name": f"督查员{number}", "role": "operator", "account": f"person-{number}"}
                    answer = await administrator.post("/directory/persons", data={**form, **who})
                    async with _browser(desk, _OFFICE) as client:
                        await set_up(client, SET_UP.findall(answer.text)[0])
            yield desk
        finally:
            desk.kill()


def _browser(desk: DeskProcess, from_address: str) -> httpx2.AsyncClient:
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": desk.address}
    transport = httpx2.AsyncHTTPTransport(local_address=from_address)
    return httpx2.AsyncClient(base_url=desk.address, headers=headers, timeout=PATIENCE_SECONDS, transport=transport)


async def _sign_in(client: httpx2.AsyncClient, account: str, password: str) -> httpx2.Response:
    form = hidden(await client.get("/sign-in"))
    return await client.post("/sign-in", data={**form, "account": account, "password": password})


async def desk_attacks(plan: AttacksPlan) -> Report:
    """Try each attack alone on one desk, and see how the others fare."""
    report = Report()
    async with _attacked(plan.logins) as desk:
        for attack in (_many_logins, _wrong_passwords, _slow_clients, _gigabyte):
            progress(f"  {attack.__name__.strip('_').replace('_', ' ')}")
            await attack(desk, plan, report)
        if not desk.alive():
            report.problems.append("the desk did not survive")
    return report


async def _many_logins(desk: DeskProcess, plan: AttacksPlan, report: Report) -> None:
    clients = [_browser(desk, _OFFICE) for _ in range(plan.logins)]
    began, used = time.monotonic(), usage_of(desk.pid).cpu_seconds
    answers = await asyncio.gather(
        *(_sign_in(client, f"person-{number}", PASSWORD) for number, client in enumerate(clients))
    )
    took, used = time.monotonic() - began, usage_of(desk.pid).cpu_seconds - used
    for client in clients:
        await client.aclose()
    report.figures |= {
        "logins in one moment": plan.logins,
        "seconds until the last of them was in": took,
        "CPU seconds of the desk for them": used,
    }
    came_in = [answer.status_code for answer in answers].count(HTTPStatus.SEE_OTHER)
    if came_in != plan.logins or took > _LOGINS_GOAL:
        report.problems.append(f"{came_in} of {plan.logins} logins in {took:.1f} s")


async def _wrong_passwords(desk: DeskProcess, plan: AttacksPlan, report: Report) -> None:
    gate, statuses, took = asyncio.Semaphore(_AT_ONCE), Counter[int](), list[float]()

    async def one_try(stranger: httpx2.AsyncClient, number: int) -> None:
        async with gate:
            statuses[(await _sign_in(stranger, "person-0", f"not it {number}")).status_code] += 1

    async with _browser(desk, _STRANGER) as stranger:
        tries = [asyncio.create_task(one_try(stranger, number)) for number in range(plan.wrong_passwords)]
        while not all(each.done() for each in tries):
            async with _browser(desk, _HOME) as owner:
                began = time.monotonic()
                answer = await _sign_in(owner, "person-0", PASSWORD)
                took.append(time.monotonic() - began)
                if answer.status_code != HTTPStatus.SEE_OTHER:
                    report.problems.append(f"the owner was not let in: {answer.status_code}")
        await asyncio.gather(*tries)
    report.figures |= {
        "wrong passwords": plan.wrong_passwords,
        "logins of the owner meanwhile": len(took),
        "the slowest of them, s": max(took),
    }
    if statuses[HTTPStatus.SEE_OTHER]:
        report.problems.append(f"a wrong password let {statuses[HTTPStatus.SEE_OTHER]} in")


async def _slow_clients(desk: DeskProcess, plan: AttacksPlan, report: Report) -> None:
    over, closed, reached = time.monotonic() + plan.slow_seconds, Counter[str](), Counter[str]()
    host, port = desk.address.removeprefix("http://").split(":")
    heads = {
        "head": f"GET / HTTP/1.1\r\nHost: {host}:{port}\r\nX-Slow: ",
        "body": f"POST /sign-in HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: 10000\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nSec-Fetch-Site: same-origin\r\n"
        f"Origin: {desk.address}\r\n\r\n",
    }

    async def slow(kind: str, from_address: str) -> None:
        while time.monotonic() < over:
            with suppress(OSError):
                reader, writer = await asyncio.open_connection(host, int(port), local_addr=(from_address, 0))
                reached[kind] += 1
                writer.write(heads[kind].encode())
                while time.monotonic() < over and not reader.at_eof():
                    writer.write(b"x")
                    with suppress(TimeoutError):
                        await asyncio.wait_for(reader.read(1_000), 1.0)
                closed[kind] += reader.at_eof()
                writer.close()

    took = list[float]()

    async def others() -> None:
        async with _browser(desk, _OFFICE) as client:
            await _sign_in(client, "person-1", PASSWORD)
            for path in cycle(("/register", "/waiting", "/keys")):
                if time.monotonic() > over:
                    return
                began = time.monotonic()
                answer = await client.get(path)
                took.append(time.monotonic() - began)
                if answer.status_code != HTTPStatus.OK:
                    report.problems.append(f"{path} meanwhile: {answer.status_code}")
                await asyncio.sleep(0.2)

    kinds, addresses = cycle(heads), cycle(_SLOW_FROM)
    await asyncio.gather(others(), *(slow(next(kinds), next(addresses)) for _ in range(plan.slow_clients)))
    report.figures |= {
        "slow clients": plan.slow_clients,
        "seconds of them": plan.slow_seconds,
        **{f"connections with a slow {kind}": number for kind, number in reached.items()},
        **{f"of them closed by the desk (slow {kind})": number for kind, number in closed.items()},
        "pages of others meanwhile": len(took),
        "median of them, ms": percentile(took, 0.5) * 1_000,
        "p95 of them, ms": percentile(took, 0.95) * 1_000,
        "slowest of them, ms": max(took) * 1_000,
    }
    if max(took) >= _OTHERS_GOAL:
        report.problems.append(f"others waited for up to {max(took):.1f} s")


async def _gigabyte(desk: DeskProcess, plan: AttacksPlan, report: Report) -> None:
    del plan
    before = worst = usage_of(desk.pid).memory
    for name, sender in (("nobody", _sent_by_nobody), ("somebody who is signed in", _sent_by_somebody)):
        sending = asyncio.create_task(sender(desk))
        while not sending.done():
            worst = max(worst, usage_of(desk.pid).memory)
            await asyncio.sleep(0.005)
        status, sent = await sending
        report.figures[f"MB that went out of 1 GB from {name}"] = sent / 1e6
        if status not in (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, None):
            report.problems.append(f"1 GB from {name}: {status}")
    report.figures["MB of memory that 1 GB cost at its worst"] = (worst - before) / 1e6
    if worst - before >= _MEMORY_GOAL:
        report.problems.append(f"1 GB cost {(worst - before) / 1e6:.0f} MB of memory")


async def _sent_by_nobody(desk: DeskProcess) -> tuple[int | None, int]:
    async with _browser(desk, _HOME) as client:
        return await _sent(client, "/sign-in")


async def _sent_by_somebody(desk: DeskProcess) -> tuple[int | None, int]:
    async with _browser(desk, _HOME) as client:
        await _sign_in(client, "person-2", PASSWORD)
        return await _sent(client, "/plans")


async def _sent(client: httpx2.AsyncClient, path: str) -> tuple[int | None, int]:
    """What is answered (nothing where the connection is cut first), and how much went out."""
    sent = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.docx"\r\n\r\n'
        while sent < _GIGABYTE:
            sent += len(_PIECE)
            yield _PIECE

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    try:
        return (await client.post(path, content=body(), headers=headers)).status_code, sent
    except httpx2.TransportError:
        return None, sent
