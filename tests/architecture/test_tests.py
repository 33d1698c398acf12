"""Tests are guarantees: each says in one line what it guarantees."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.tree import parsed, python_files, shown

LONGEST_SENTENCE = 120


def each_test(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The tests that a source defines, those in classes included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            yield node


def explains_itself(test: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a test says what it guarantees in one line that is a sentence."""
    text = ast.get_docstring(test) or ""
    return "\n" not in text and 10 < len(text) <= LONGEST_SENTENCE and text[-1] in ".:。"


def test_every_test_says_what_it_guarantees() -> None:
    """Each test has a docstring of one line, a sentence."""
    silent = [
        f"{shown(path)}:{test.lineno} {test.name}"
        for path in python_files("tests")
        for test in each_test(parsed(path))
        if not explains_itself(test)
    ]
    assert not silent


def test_a_test_without_a_sentence_is_seen() -> None:
    """The check above sees a test without a docstring, with an empty one, and one inside a class."""
    source = 'def test_a(): ...\nclass TestB:\n    async def test_b(self):\n        """."""\n'
    assert [explains_itself(test) for test in each_test(ast.parse(source))] == [False, False]


def test_no_two_tests_of_a_module_share_a_name() -> None:
    """No test hides an earlier one of the same name in its module or class."""
    hidden = []
    for path in python_files("tests"):
        for scope in ast.walk(parsed(path)):
            if isinstance(scope, ast.Module | ast.ClassDef):
                names = [n.name for n in scope.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
                hidden += [f"{shown(path)} {n}" for n in {n for n in names if names.count(n) > 1} if "test_" in n]
    assert not hidden


def test_no_plugin_is_loaded_that_no_test_uses(pytestconfig: pytest.Config) -> None:
    """What pytest finds installed and loads by itself are the plugins that a test here needs."""
    found = {dist.project_name.lower() for _, dist in pytestconfig.pluginmanager.list_plugin_distinfo()}
    assert found <= {"hypothesis", "pytest-asyncio", "pytest-timeout", "pytest-xdist"}
