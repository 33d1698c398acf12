"""An office's year by docs/operations.md: the blocks of the page are typed line by line, in their order."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.patience import PATIENCE_SECONDS
from tests.adapters.readers.notice_files import save_docx
from tests.entrypoints.installation import DUBAN, Child, Home, kill_all
from tests.forking import typed
from tests.production.commands_of_the_pages import TYPED_HERE, fence_under

HEADINGS = ("序号", "项目名称", "主要内容", "牵头部门", "参与部门", "时间安排")
ROWS = (
    ("1", "基层组织建设", "制定实施方案并组织落实", "组织部", "宣传部", "6月底前制定实施方案，11月底前完成落实"),
    ("2", "思想宣传", "开展主题宣传", "宣传部", "组织部", "9月底前开展主题宣传"),
)
EARLY = {"duban close-year": " --despite-period 试行 --confirmed-by 王芳", "duban start": " --yes"}
"""What closes a year in April and begins the next one."""


@dataclass
class Terminal:
    """A shell in the office's folder."""

    home: Home
    folder: Path

    def types(self, line: str) -> str:
        """Type a line as it stands on the page, with this office's names and places; what was answered."""
        for there, here in {"/elsewhere": str(self.folder.parent / "elsewhere"), "WHO": "李明"}.items():
            line = line.replace(there, here)
        done = subprocess.run(
            ["sh", "-c", line],
            cwd=self.folder,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=2 * PATIENCE_SECONDS,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def environment(self) -> dict[str, str]:
        """What the shell of an environment with Duban in it has."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DUBAN_", "TEMPORAL_"))}
        path = os.pathsep.join((str(self.folder.parent / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]))
        ports = {name: value for name, value in self.home.settings.items() if name != "DUBAN_DATA"}
        return {**kept, **ports, "PATH": path, "PYTHONIOENCODING": "utf-8"}

    def keeps_running(self, *arguments: str) -> Child:
        """A command of `duban` that lasts, once it is ready."""
        child = self.home.start(*DUBAN, *arguments, DUBAN_DATA=str(self.folder / ".duban"))
        child.shows("按 Ctrl-C 停止")
        return child


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Terminal]:
    """An empty folder in which `duban` can be typed."""
    for name in ("bin", "office", "elsewhere", "other"):
        (tmp_path / name).mkdir()
    program = tmp_path / "bin" / "duban"
    program.write_text(typed(), encoding="utf-8")
    program.chmod(0o755)
    home = Home(tmp_path / "home")
    yield Terminal(home, tmp_path / "office")
    home.close()
    kill_all(tmp_path)


def test_a_year_goes_by_the_page(office: Terminal) -> None:
    """First year, stolen key, backup, end of the year, leaving, and the restore elsewhere: each line ends well."""
    here = office.folder
    save_docx(here / "notice.docx", ["2018年重点项目清单", "2018年4月25日"], [HEADINGS, *ROWS])
    (here / "secrets").mkdir()
    (here / "passphrase").write_text("only for this test\n", encoding="utf-8")
    office.types("duban engine up")
    compiled, rehearsed, *others = fence_under("The first year")
    office.types(compiled)
    office.types(rehearsed)
    running = office.keeps_running("run", str(here / "plan.yaml"), "--as-of", "2018-04-25")
    for line in others:
        office.types(line)
    for line in TYPED_HERE[:2]:
        office.types(line.replace("2026-11-20 09:00", "2018-04-25 09:00").replace("--reason R", "--reason 失窃"))
    office.types("duban audit heads -o head-kept-by-the-audit-office")
    for heading in ("Backup", "The end of a year", "Leaving"):
        for line in fence_under(heading):
            office.types(f"{line}{EARLY.get(line.partition(' 20')[0].partition(' plan-')[0], '')}")
    assert running.interrupted() == 0
    office.types(TYPED_HERE[2])

    there = Terminal(office.home, office.folder.parent / "other")
    for file in (office.folder.parent / "elsewhere" / "duban-2018-06-30", here / "passphrase"):
        shutil.copy(file, there.folder)
    shutil.copy(here / "head-kept-by-the-audit-office", there.folder)
    restored, lasting, *audits = fence_under("Restore")
    there.types(restored)
    assert lasting == "duban --data NEW run"
    again = there.keeps_running("--data", str(there.folder / "NEW"), "run")
    for line in audits:
        there.types(line)
    assert "log " in (there.folder / "policy").read_text(encoding="utf-8")
    again.process.send_signal(signal.SIGINT)
    assert again.process.wait(PATIENCE_SECONDS) == 0
