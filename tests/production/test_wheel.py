"""The wheel in an empty environment and an empty folder is Duban: built twice the same, with its bill of materials."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_string
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import Draft7Validator, Registry

from bench.patience import PATIENCE_SECONDS
from tests.architecture.test_tree_is_clean import lock, pins, wanted
from tests.architecture.tree import PACKAGES, ROOT, files, shown
from tests.entrypoints.installation import environment, free_port, part_of_the_plan, processes_of, until

PLAN = "examples/2018-key-projects.yaml"
_REFERRED_TO = tuple(f"{name}.SNAPSHOT.schema.json" for name in ("spdx", "jsf-0.82", "cryptography-defs"))


@dataclass(frozen=True)
class Installed:
    """An environment that has the pinned packages and the wheel, and nothing of this clone; and an empty folder."""

    bin: Path
    folder: Path

    def environment(self) -> dict[str, str]:
        """What a shell in this environment has: its programs first."""
        path = os.pathsep.join((str(self.bin), str(Path(sys.executable).parent), os.environ["PATH"]))
        ports = {"DUBAN_ENGINE_PORT": str(free_port()), "DUBAN_UI_PORT": str(free_port(free_port() + 1))}
        return environment(PATH=path, **ports)

    def duban(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the folder to its end."""
        return subprocess.run(
            [str(self.bin / "duban"), *arguments],
            cwd=self.folder,
            env=self.environment(),
            check=False,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=PATIENCE_SECONDS,
        )


def built(folder: Path, umask: int) -> Path:
    """The wheel, as somebody with this umask builds it from the command line."""
    code = "import sys; sys.path.insert(0, 'deploy'); import build_wheel, pathlib;"
    code += " print(build_wheel.build_wheel(pathlib.Path(sys.argv[1])))"
    run = subprocess.run(
        [sys.executable, "-c", code, str(folder)], cwd=ROOT, check=True, capture_output=True, text=True, umask=umask
    )
    return Path(run.stdout.strip())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree, with the bill of materials and the sums beside it, as the command makes them."""
    folder = tmp_path_factory.mktemp("wheel")
    asked = [sys.executable, "deploy/build_wheel.py", str(folder)]
    subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, umask=0o022)
    (file,) = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """The wheel installed without a network beside the pinned packages, which are seen and not copied."""
    home = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home / "venv")], check=True)
    inside = Path(sysconfig.get_path("purelib", "venv", {"base": str(home / "venv")}))
    # A line of a path file adds one folder: the path files in it, this clone's among them, stay unread.
    (inside / "pinned.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    python = home / "venv" / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)], check=True)
    (home / "empty").mkdir()
    made = Installed(python.parent, home / "empty")
    yield made
    for process in processes_of(made.folder):
        process.kill()


def test_the_same_sources_make_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    """Built again, elsewhere and under another umask, the wheel is the same file."""
    assert built(tmp_path, 0o077).read_bytes() == wheel.read_bytes()


def test_the_wheel_holds_the_packages_and_the_examples(wheel: Path) -> None:
    """Every file of every package, both start scripts, every example and the licence are inside, and no test."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {shown(path) for path in files() if shown(path).partition("/")[0] in PACKAGES} <= names
    assert {f"examples/{path.name}" for path in (ROOT / "examples").iterdir() if path.is_file()} <= names
    tops = {name.partition("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {*PACKAGES, "examples", "worker.py", "starter.py"}
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_the_wheel_asks_for_what_running_needs(wheel: Path) -> None:
    """What the wheel requires is what the two lists ask for that running needs, engines included, and no test's."""
    with zipfile.ZipFile(wheel) as archive:
        metadata = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        told = message_from_string(archive.read(metadata).decode())
    required = {str(each).lower() for each in told.get_all("Requires-Dist", [])}
    assert required == wanted("runtime") | wanted("embedded")
    assert told["License-Expression"] == "Apache-2.0"


def test_the_installed_commands_are_the_wheel_s(installed: Installed) -> None:
    """The commands run the code of the wheel, not that of this clone."""
    asked = [str(installed.bin / "python"), "-c", "import domain, entrypoints.cli.main; print(domain.__file__)"]
    told = subprocess.run(asked, cwd=installed.folder, env=installed.environment(), check=True, capture_output=True)
    assert Path(told.stdout.decode().strip()).is_relative_to(installed.bin.parent)


def test_a_year_runs_from_the_packaged_example(installed: Installed) -> None:
    """In an empty folder `duban run` brings up all 17 projects, the doctor finds nothing wrong, Ctrl-C ends it."""
    shown = installed.folder / "shown"
    with shown.open("wb") as output:
        process = subprocess.Popen(
            [str(installed.bin / "duban"), "run", PLAN, "--as-of", "2018-04-25"],
            cwd=installed.folder,
            env=installed.environment(),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        until(
            lambda: "按 Ctrl-C 停止" in shown.read_text(encoding="utf-8") or process.poll() is not None, "the register"
        )
        status = installed.duban("status", "--json")
        assert len(json.loads(status.stdout)["projects"]) == 17, shown.read_text(encoding="utf-8") + status.stderr
        doctor = installed.duban("doctor", "--json")
        assert [check for check in json.loads(doctor.stdout)["checks"] if not check["ok"]] == []
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE_SECONDS)
    assert process.returncode == 0


def test_the_packaged_notice_is_compiled(installed: Installed) -> None:
    """`duban compile` reads the packaged notice and writes a plan that has its projects and doubtful readings."""
    answer = installed.duban("compile", "examples/2018-key-projects.txt", "-o", "list.yaml")
    assert answer.returncode == 1, answer.stderr  # its doubtful readings wait for a ruling
    assert "repeated_serial" in (installed.folder / "list.yaml").read_text(encoding="utf-8")


def test_two_projects_of_the_packaged_list_are_rehearsed(installed: Installed) -> None:
    """`duban rehearse` has its engine and its calendar, and goes through the whole year."""
    part = part_of_the_plan(installed.folder, 2)
    answer = installed.duban("rehearse", str(part), "--behaviour", "on-time", "--json")
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)


def test_the_examples_are_taken_out_to_be_changed(installed: Installed) -> None:
    """`duban examples FOLDER` writes every example there, and refuses to write over one."""
    assert installed.duban("examples", "mine").returncode == 0
    for path in (each for each in (ROOT / "examples").iterdir() if each.is_file()):
        assert (installed.folder / "mine" / path.name).read_bytes() == path.read_bytes()
    again = installed.duban("examples", "mine")
    assert again.returncode == 2
    assert "已经存在" in again.stderr


def test_a_file_of_one_s_own_goes_before_the_packaged_one(installed: Installed) -> None:
    """Who has a file of the example's name reads his own."""
    own = installed.folder / "examples"
    own.mkdir()
    (own / "2018-key-projects.yaml").write_text("year: x\n", encoding="utf-8")
    assert installed.duban("rehearse", PLAN).returncode == 2


def test_the_bill_of_materials_is_whole(wheel: Path) -> None:
    """Valid CycloneDX: every pinned package with licence and the lock's hashes, no developer's; the sums agree."""
    (bill_file,) = wheel.parent.glob("*.cdx.json")
    bill = json.loads(bill_file.read_text(encoding="utf-8"))
    assert [error.message for error in _published_format().iter_errors(bill)] == []
    assert bill["metadata"]["component"]["name"] == "duban"
    here = {name.replace("_", "-").replace(".", "-").lower() for name in (c["name"] for c in bill["components"])}
    locked = pins(lock("runtime")) | pins(lock("embedded"))
    elsewhere = {name for name in locked if name not in here}
    assert elsewhere <= {"colorama", "tzdata", "httpx2-jsfetch"}, "only what another system needs is missing"
    assert here <= locked.keys()
    for component in bill["components"]:
        assert component["licenses"], component["name"]
        published = component["externalReferences"][0]
        assert published["type"] == "distribution"
        assert all(len(each["content"]) == 64 for each in published["hashes"])
        assert published["hashes"]
    for line in (wheel.parent / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((wheel.parent / name).read_bytes()).hexdigest() == digest


def _published_format() -> Draft7Validator:
    """The published schema of a bill, with those it refers to; its formats, addresses among them, are checked too."""
    registry = Registry([(f"http://cyclonedx.org/schema/{name}", _schema(name)) for name in _REFERRED_TO])
    return Draft7Validator(_schema("bom-1.6.SNAPSHOT.schema.json"), registry=registry, validate_formats=True)


def _schema(name: str) -> Any:
    return json.loads(resources.files("cyclonedx.schema").joinpath("_res", name).read_text(encoding="utf-8"))
