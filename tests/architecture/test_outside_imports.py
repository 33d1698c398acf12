"""Contract 5 for what stands outside the repository: the core and the workflows import what is listed here only."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGES, ROOT, imported_modules, parsed, python_files, shown

# Pure parts of the standard library: none reads a clock, a file, the environment or a random source.
PURE = frozenset({
    "__future__", "abc", "ast", "base64", "bisect", "collections", "collections.abc", "contextlib", "copy",
    "dataclasses", "datetime", "decimal", "enum", "fractions", "functools", "hashlib", "heapq", "itertools", "json",
    "difflib", "math", "operator", "re", "string", "textwrap", "types", "typing", "unicodedata", "zoneinfo",
})  # fmt: skip
ALLOWED = {
    # A lock orders threads that fold the same entries; it changes no answer.
    # errno is a table of numbers, by which the faults of files are told apart in words.
    "domain": PURE | {"annotated_types", "errno", "pydantic", "pydantic_core", "threading", "typing_extensions"},
    # asyncio is the engine's own language for waiting: inside a workflow its loop is deterministic.
    "workflows": PURE | {"asyncio", "pydantic", "temporalio"},
}
INSIDE = {"domain": {"domain"}, "workflows": {"domain", "workflows"}}
ENTRY_SCRIPTS = ("worker.py", "starter.py")


def outside_the_list(tree: ast.AST, layer: str) -> list[tuple[int, str]]:
    """The imports of a source that its layer's list does not allow, each with its line."""
    return [
        (line, module)
        for line, module in imported_modules(tree)
        if module.partition(".")[0] not in INSIDE[layer]
        and module not in ALLOWED[layer]
        and module.partition(".")[0] not in ALLOWED[layer]
    ]


@pytest.mark.parametrize("layer", sorted(ALLOWED))
def test_core_and_workflows_import_only_what_is_listed(layer: str) -> None:
    """The pure layers import nothing outside their list, so no clock, file or random source can reach a replay."""
    strangers = [
        f"{shown(path)}:{line} imports {module}"
        for path in python_files(layer)
        for line, module in outside_the_list(parsed(path), layer)
    ]
    assert not strangers


@pytest.mark.parametrize(
    "line", ["import time", "from os import environ", "import random as r", "def f():\n    import sqlite3"]
)
@pytest.mark.parametrize("layer", sorted(ALLOWED))
def test_a_forbidden_import_is_seen_wherever_it_stands(layer: str, line: str) -> None:
    """The check above sees an import under another name, in the from form and inside a function."""
    assert outside_the_list(ast.parse(line), layer)


@pytest.mark.parametrize("script", ENTRY_SCRIPTS)
def test_entry_scripts_know_only_the_entrypoints(script: str) -> None:
    """The two start scripts hold no logic of their own: what they import is the entrypoints and pure typing."""
    allowed = {"__future__", "sys", "asyncio", "entrypoints"}
    assert {module.partition(".")[0] for _, module in imported_modules(parsed(ROOT / script))} <= allowed


def test_the_verifier_needs_nothing_but_python() -> None:
    """The verifier can be copied alone to a machine with Python: it imports itself and the standard library only."""
    strangers = {
        module.partition(".")[0] for path in python_files("verifier") for _, module in imported_modules(parsed(path))
    } - {"verifier", *sys.stdlib_module_names}
    assert python_files("verifier")
    assert not strangers


def test_no_module_imports_by_a_computed_name() -> None:
    """No layer goes around the import contracts by importing a module from its name at run time."""
    dynamic = [
        f"{shown(path)}:{node.lineno}"
        for path in python_files(*PACKAGES)
        for node in ast.walk(parsed(path))
        if (isinstance(node, ast.Name) and node.id == "__import__")
        or (isinstance(node, ast.Attribute) and node.attr == "import_module")
        or (isinstance(node, ast.alias) and node.name.partition(".")[0] == "importlib" and not _is_resources(path))
    ]
    assert not dynamic


def _is_resources(path: Path) -> bool:
    """Whether a source uses importlib only to read the data files or the metadata that ship with a package."""
    names = {module for _, module in imported_modules(parsed(path)) if module.startswith("importlib")}
    return names <= {"importlib.resources", "importlib.metadata"}
