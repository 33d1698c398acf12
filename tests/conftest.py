"""How the whole suite is shared out: what takes long goes first, what shares an installation goes to one process."""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.compiled_once import tell_the_others, wait_for_the_first
from tests.forking import fork_programs
from tests.in_memory import write_in_memory
from tests.quick_passwords import hash_quickly

os.environ.setdefault("DUBAN_PDF", "off")  # printing has a test of its own; elsewhere it would only take the time
os.environ["LC_ALL"] = "C.UTF-8"  # the shell speaks the language of the locale: a test that wants English says so
# A rarer collector of garbage: the engines, Go programs, take a quarter less of a processor.
os.environ |= {"GOGC": "1600", "GOMEMLIMIT": "500MiB"}
# Other processes share the machine: how fast an example comes says nothing about what it shows.
for _profile, _examples in (("suite", 50), ("campaign", 400)):
    settings.register_profile(
        _profile, deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=_examples
    )
settings.load_profile("suite")  # each run has other examples; `--hypothesis-profile campaign` has more of them
sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]  # at every request of a test it is looked for in vain
write_in_memory()
fork_programs()
hash_quickly()
gc.disable()  # until all is collected: an import leaves next to no garbage
_TOGETHER = ("tests/rehearsal", "tests/entrypoints/cli", "tests/architecture")
"""Folders whose tests share a year, an installation or the parsed tree, which is made once for them."""
_LONG_FIRST = (
    *_TOGETHER,
    *(f"tests/{folder}" for folder in ("smoke", "production", "verifier", "workflows", "application", "entrypoints")),
)
"""What one process has for minutes, beside it what waits for engines, then what lasts; at the end only short files."""


class ByWhatIsShared(LoadScopeScheduling):  # type: ignore[misc]  # published without types
    """Gives each file, or each folder that shares something, to one process as a whole."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        folder = file.rpartition("/")[0]
        return folder if folder in _TOGETHER else file


@pytest.fixture(autouse=True)
def what_a_call_sets_up_ends_with_its_test() -> Iterator[None]:
    """A command that is called within the process leaves neither log nor folder of its own to another test."""
    root = logging.getLogger()
    level = root.level
    yield
    root.setLevel(level)
    for handler in [each for each in root.handlers if hasattr(each, "until_set_up")]:
        # With the first line of whoever logs next it would import the log, even within a workflow's sandbox.
        root.removeHandler(handler)
    if shell := sys.modules.get("entrypoints.cli.own_folder"):
        shell.name_folder(None)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByWhatIsShared:
    """Share out by what is shared, in the order of the collection."""
    config.option.loadscopereorder = False
    return ByWhatIsShared(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort by folder: those that are not named come last, as they were collected."""
    items.sort(key=_place)


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Let the first process go ahead."""
    wait_for_the_first(session.config)


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was collected stays: nobody looks through it again."""
    tell_the_others(session.config)
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
    gc.enable()


def _place(item: pytest.Item) -> int:
    named = (place for place, folder in enumerate(_LONG_FIRST) if item.nodeid.startswith(f"{folder}/"))
    return next(named, len(_LONG_FIRST))
