"""The operators' page about compiling: its commands run, and show what it says they show."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from entrypoints.cli.main import called

_ROOT = Path(__file__).parents[3]
_PAGE = (_ROOT / "docs" / "compiling.md").read_text(encoding="utf-8")
_CONVENTIONS = re.findall(r"^\| `([^`]+)` \| ([^|]+) \| [^|]+ \|$", _PAGE, re.MULTILINE)
_BLOCKS = re.findall(r"```console\n(.*?)```", _PAGE, re.DOTALL)


def test_the_page_s_compile_and_window_commands_run_as_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each command of the page is run in its order; what the page shows is what is printed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(_ROOT / "examples")
    ran = 0
    for block in _BLOCKS:
        for piece in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, _, shown = piece.partition("\n")
            _, command, *arguments = shlex.split(line)
            if command not in ("compile", "window"):
                continue
            assert called([command, *arguments]) in (0, 1), line
            told = capsys.readouterr().out
            assert not shown or told == shown, line
            ran += 1
    assert ran == 6
    assert (tmp_path / "again.yaml").read_text(encoding="utf-8") == (tmp_path / "plan.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(("written", "read"), _CONVENTIONS, ids=[written for written, _ in _CONVENTIONS])
def test_every_convention_of_the_page_is_what_window_answers(
    written: str, read: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The table of times declares how each is read, with the question that is asked."""
    assert called(["window", written, "--year", "2024", "--issued", "2024-02-20"]) == 0
    assert capsys.readouterr().out.replace("\n", "") == f"{written}：{read}"


def test_the_table_of_conventions_is_whole() -> None:
    """It declares more than fifty conventions; none is left out by its form."""
    times = _PAGE[_PAGE.index(f"| `{_CONVENTIONS[0][0]}`") :]
    lines = [line for line in times.splitlines() if line.startswith("| `")]
    assert len(lines) == len(_CONVENTIONS) > 50
