"""What a method is for stands once: on the port, or where there is none on the method itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import chain

from tests.architecture.tree import parsed, python_files, shown

Method = ast.FunctionDef | ast.AsyncFunctionDef


def public_classes(tree: ast.Module) -> Iterator[tuple[ast.ClassDef, list[Method]]]:
    """The public classes of a source, each with its public methods."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node, [each for each in node.body if isinstance(each, Method) and not each.name.startswith("_")]


def promises_of(trees: Iterator[ast.Module]) -> set[str]:
    """The methods that protocols promise and explain."""
    return {
        method.name
        for one, methods in chain.from_iterable(map(public_classes, trees))
        if any("Protocol" in ast.unparse(base) for base in one.bases)
        for method in methods
        if ast.get_docstring(method)
    }


def unexplained(tree: ast.Module, promised: set[str]) -> list[str]:
    """The public methods of a source that neither they nor a port explains."""
    return [
        f"{one.name}.{method.name}"
        for one, methods in public_classes(tree)
        for method in methods
        if method.name not in promised and not ast.get_docstring(method)
    ]


def test_what_a_method_of_an_adapter_is_for_is_said_by_its_port_or_by_itself() -> None:
    """Each public method of an adapter that is no method of a port says what it is for."""
    promised = promises_of(parsed(path) for path in python_files("domain", "adapters", "application"))
    silent = {shown(path): unexplained(parsed(path), promised) for path in python_files("adapters")}
    assert {place: names for place, names in silent.items() if names} == {}


def test_a_method_that_nobody_explains_is_seen() -> None:
    """The check above sees a method without a word that no port has, and no other."""
    source = 'class A:\n    def read(self): ...\n    def keep(self):\n        """Keep it."""\n    def lose(self): ...\n'
    port = 'class Reads(Protocol):\n    def read(self):\n        """Read it."""\n'
    assert unexplained(ast.parse(source), promises_of(iter([ast.parse(port)]))) == ["A.lose"]
