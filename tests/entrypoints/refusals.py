"""Every refusal that a person can meet, with its rule and its sentence as they stand in the sources."""

from __future__ import annotations

import ast
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Final, NamedTuple

from domain.errors import DubanError
from entrypoints.core_sentences import is_chinese
from tests.entrypoints.desk.said_in_layers import ROOT, Said, texts_in

REFUSING: Final = ("domain", "application", "adapters", "entrypoints")
"""Where refusals are declared and raised: all of it is loaded, for a screen loads no more than its own part."""
_ANSWERED: Final = {"domain/directory/soundness.py": "sound_directory"}
"""Modules that answer why something cannot be, each with the rule that refuses with their answer."""


class Refusal(NamedTuple):
    """One sentence of a refusal, and where it stands."""

    rule: str
    place: str
    sentence: str


def kinds() -> list[type[DubanError]]:
    """Every kind of refusal."""
    for package in map(import_module, REFUSING):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    return [kind for kind in dict.fromkeys(_below(DubanError)) if kind.__module__.startswith(REFUSING)]


def _below(kind: type[DubanError]) -> Iterator[type[DubanError]]:
    yield kind
    for each in kind.__subclasses__():
        yield from _below(each)


@cache
def refusals() -> tuple[Refusal, ...]:
    """Every sentence: declared with a kind, given where a kind is raised, or answered."""
    rules = {kind.__name__: kind.rule for kind in kinds()}
    modules = (path for layer in REFUSING for path in sorted((ROOT / layer).rglob("*.py")))
    return tuple(each for path in modules for each in refusals_in(path, rules))


def refusals_in(path: Path, rules: Mapping[str, str]) -> Iterator[Refusal]:
    """Every sentence of a module; `rules` has the kinds by their names."""
    source, name = path.read_text(encoding="utf-8"), str(path.relative_to(ROOT))
    if not is_chinese(source):
        return
    tree = ast.parse(source)
    said = {id(node): text for node, text in texts_in(path, tree)}
    around = _functions(tree)
    for node in (each for each in ast.walk(tree) if isinstance(each, ast.stmt | ast.expr)):
        rule, sentences = "", list[list[Said]]()
        if isinstance(node, ast.ClassDef):
            rule, sentences = rules.get(node.name, ""), [_texts(each, said) for each in node.body if _declares(each)]
        elif isinstance(node, ast.Call) and (rule := rules.get(_called(node), "")):
            sentences = [_texts(each, said) for each in node.args]
            if not any(sentences):
                sentences = _named_in(around.get(id(node)), node.args, said)
        elif isinstance(node, ast.Return) and name in _ANSWERED and _may_answer(around[id(node)]):
            rule, sentences = _ANSWERED[name], [_texts(node, said)]
        if rule:
            for texts in filter(None, sentences):
                yield Refusal(rule, f"{name}:{node.lineno}", "".join(each.text for each in texts))


def _functions(tree: ast.Module) -> dict[int, ast.AST]:
    """The innermost function around each node."""
    functions = [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {id(node): function for function in functions for node in ast.walk(function)}


def _declares(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign) or getattr(statement, "name", "") == "_sentence"


def _may_answer(function: ast.AST) -> bool:
    returns = getattr(function, "returns", None)
    return returns is not None and ast.unparse(returns) == "str | None"


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _texts(node: ast.AST, said: Mapping[int, Said]) -> list[Said]:
    return [said[id(each)] for each in ast.walk(node) if id(each) in said]


def _named_in(function: ast.AST | None, given: list[ast.expr], said: Mapping[int, Said]) -> list[list[Said]]:
    """The sentences that a function has under the names that are given."""
    names = {each.id for part in given for each in ast.walk(part) if isinstance(each, ast.Name)}
    assigned = (each for each in ast.walk(function or ast.Pass()) if isinstance(each, ast.Assign))
    return [
        _texts(each.value, said)
        for each in assigned
        if any(isinstance(target, ast.Name) and target.id in names for target in each.targets)
    ]
