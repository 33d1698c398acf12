"""Modules have one reason to change, a size that can be read, and a name that says what they are about."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGES, python_files, shown

MOST_LINES = 400
EMPTY_NAMES = frozenset({
    "base", "bases", "common", "commons", "helper", "helpers", "manager", "managers", "misc", "util", "utils",
})  # fmt: skip


def says_nothing(path: Path) -> bool:
    """Whether a folder, module or one word of its name is a drawer for anything."""
    return any(word in EMPTY_NAMES for part in (*path.parent.parts, path.stem) for word in part.split("_"))


def test_every_module_can_be_read_in_one_sitting() -> None:
    """No Python file, tests included, is longer than 400 lines."""
    sizes = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}
    assert {name: size for name, size in sizes.items() if size > MOST_LINES} == {}


def test_no_module_is_a_drawer_for_anything() -> None:
    """No module or folder is called utils, helpers, common, base or manager."""
    assert [shown(path) for path in python_files() if says_nothing(Path(shown(path)))] == []


@pytest.mark.parametrize("name", ["domain/utils.py", "adapters/common/files.py", "entrypoints/session_manager.py"])
def test_a_drawer_is_recognised_by_any_word_of_its_name(name: str) -> None:
    """The check above sees the word in a folder's name and as a part of a longer name."""
    assert says_nothing(Path(name))


def test_every_folder_of_a_package_is_a_package() -> None:
    """Each folder with code has its __init__.py, so that the import contracts and the wheel see it."""
    folders = {path.parent for path in python_files(*PACKAGES)}
    assert [shown(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []
