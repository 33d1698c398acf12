"""The whole document against the real application on a port: what it says is what is so, whatever is sent."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from application.accounts.tokens import PREFIX
from bench.patience import PATIENCE_SECONDS
from entrypoints.api.table import DOCUMENT, ROOT, table
from entrypoints.desk.serving import address_of, listening, serving
from tests.entrypoints.api.conftest import opened


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The small office on a port of its own, in a thread of its own."""
    ready, told = threading.Event(), list[tuple[str, asyncio.AbstractEventLoop, asyncio.Event]]()

    async def serve(folder: Path) -> None:
        async for programs in opened(folder, desk_port=0):
            bound = listening(programs.office.office.settings)
            async with serving(programs.app, bound):
                over = asyncio.Event()
                told.append((address_of(bound), asyncio.get_running_loop(), over))
                ready.set()
                await over.wait()

    folder = tmp_path_factory.mktemp("document")
    server = threading.Thread(target=lambda: asyncio.run(serve(folder)))
    server.start()
    assert ready.wait(PATIENCE_SECONDS)
    ((address, loop, over),) = told
    yield address
    loop.call_soon_threadsafe(over.set)
    server.join(PATIENCE_SECONDS)


@pytest.mark.parametrize(("account", "examples"), [("operator", 2), ("own", 1)])
def test_the_document_is_what_the_application_does(address: str, account: str, examples: int) -> None:
    """Every route, with what the document allows and with what it does not: no fault, nothing that it does not say."""
    config = SchemathesisConfig.from_dict(
        {
            "headers": {"Authorization": f"Bearer {PREFIX}{account}"},
            "continue-on-failure": True,
            "seed": 20_181,
            "generation": {"max-examples": examples, "database": "none", "no-shrink": True},
            "phases": {
                "examples": {"enabled": False},
                "coverage": {"enabled": False},
                "fuzzing": {"enabled": True},
                "stateful": {"enabled": False},
            },
        }
    )
    schema = schemathesis.openapi.from_url(f"{address.rstrip('/')}{ROOT}{DOCUMENT}", config=config)
    tried, statuses, failures = set[str](), Counter[int](), list[str]()
    for event in from_schema(schema).execute():
        assert not isinstance(event, (events.NonFatalError, events.FatalError)), event
        if isinstance(event, events.ScenarioFinished):
            tried.add(event.label or "")
            statuses.update(
                each.response.status_code for each in event.recorder.interactions.values() if each.response is not None
            )
            failures += [
                f"{event.label} {check.name}: {check.failure_info.failure}\n{check.failure_info.code_sample}"
                for checks in event.recorder.checks.values()
                for check in checks
                if check.failure_info is not None
            ]
    assert failures == []
    assert tried == {f"{route.method} {ROOT}{route.path}" for route in table()}
    assert statuses[200] > 0
    assert not [status for status in statuses if status >= 500]
