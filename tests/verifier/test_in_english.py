"""What the verifier says by itself, in English where the caller's locale is."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import verifier
from bench.memory_bundle import MemoryBundle
from entrypoints.core_sentences import core_said, is_chinese
from entrypoints.sentence_files import english_of
from tests.entrypoints.desk.said_in_layers import texts_in
from tests.verifier.rehearsed_year import Year
from verifier.__main__ import main
from verifier.english import english, spoken
from verifier.verify import verify

_FOLDER = Path(verifier.__file__).parent


@pytest.fixture(autouse=True)
def english_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller's locale."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


def test_everything_it_can_say_has_its_english() -> None:
    """Each text in its sources, with some values or other: no Chinese is left."""
    texts = [
        said for path in sorted(_FOLDER.glob("*.py")) for _, said in texts_in(path, ast.parse(path.read_text("utf-8")))
    ]
    said = [each for each in texts if not each.path.endswith("/english.py")]
    assert len(said) > 150
    assert [each.text for each in said if all(is_chinese(english(filled)) for filled in each.filled())] == []


def test_its_sentences_stand_in_its_table_alone() -> None:
    """A page that shows its findings reads their English from it: the product's own table has none of them again."""
    table, catalogue = english_of("verifier", "en.po"), english_of("entrypoints.desk", "core.en.po")
    assert table.keys() & catalogue.keys() == set()
    found = "受理端另启用了一把密钥，而前一把没有停用，也没有证明是谁办的：请督查室书面说明"
    assert core_said("en", found) == table[found]


async def test_a_bundle_is_verified_in_english(year: Year) -> None:
    """Every step of a year that holds, and the findings of a bundle that was changed; Chinese where nobody asks."""
    files = year.files()
    whole = verify(MemoryBundle(files), year.trust())
    changed = verify(MemoryBundle(files | {"report/state.json": b"{}"}), year.trust())
    for report, told in ((whole, "[passed]"), (changed, "[failed]")):
        assert told in report.as_text(spoken())
        said = re.sub("张三|李明|王芳|纪要", "", report.as_text(spoken()))
        assert [line for line in said.split("\n") if re.search("[\u4e00-\u9fff，、（）]", line)] == []
    assert "[通过]" in whole.as_text()


async def test_help_and_refusals_are_english(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What it takes, and what cannot be read."""
    with pytest.raises(SystemExit):
        main(["witness", "--help"])
    assert main([str(tmp_path / "none.tar")]) == 2
    shown = capsys.readouterr()
    assert "The bundle or a file that you gave cannot be read" in shown.err
    assert not is_chinese(shown.out + shown.err)


def test_where_no_chinese_can_be_written_it_is_said_in_english(year: Year, tmp_path: Path) -> None:
    """Not in numbers of letters, whatever the locale; JSON is JSON there, too."""
    folder = tmp_path / "bundle"
    for name, data in year.files().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    (folder / "r\u00e9sum\u00e9").write_bytes(b"")
    run = [sys.executable, "-m", "verifier", str(folder)]
    env = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    told = subprocess.run(run, capture_output=True, env=env, check=False, cwd=_FOLDER.parent)
    assert told.stdout.startswith(b"Ledger ")
    assert b"\\u53f0" not in told.stdout
    document = subprocess.run([*run, "--json"], capture_output=True, env=env, check=False, cwd=_FOLDER.parent)
    assert json.loads(document.stdout)["verdict"] == "changed"
