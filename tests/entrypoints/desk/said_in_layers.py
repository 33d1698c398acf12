"""Every sentence for people that the layers below the screens make, as it stands in their sources.

A sentence is a text with Chinese in it that is no docstring, no pattern of what is read, and no word of a list of
words: it has a mark of its own, values in it, or more than a few characters.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from entrypoints.core_sentences import is_chinese

ROOT: Final = Path(__file__).parents[3]
LAYERS: Final = ("domain", "application", "activities", "adapters", "entrypoints/bootstrap", "entrypoints/api")
_PATTERN: Final = re.compile(r"\(\?|\\[dswbn]|\[\^|\]\*|\|.*\||[)\]][?*+]|^\^|\$$|^\[.*\]|\{\d")
_MARKED: Final = re.compile("[。，；：“]")
_SHORT: Final = 6
_DAYS: Final = re.compile(r"(_on|_at|until|day|today|since|start|end|earliest|now|instant|^on)$")
_NUMBERED: Final = frozenset({"milestone_id", "project_id", "whole", "wanted", "stream", "workflow_id"})
_FILLED_IN: Final = re.compile(r"\{([A-Za-z_][\w.\[\]]*(?:[!:][^{}]*)?)\}")

Parts = tuple[str | tuple[str], ...]


class Said(NamedTuple):
    """One sentence: where it stands, and as its parts, what is fixed and the names of the values between."""

    path: str
    line: int
    parts: Parts

    @property
    def text(self) -> str:
        """The sentence with its values as they are named."""
        return "".join(part if isinstance(part, str) else "{" + part[0] + "}" for part in self.parts)

    def filled(self) -> Iterator[str]:
        """The sentence with values in it: likely ones by their names, the same in all places, places as they are."""
        yield self._with(_likely)
        yield self._with(lambda name: "" if "(" in name else _likely(name))  # of a function's: nothing, where it may
        for value in ("", "7", "2018-06-01", "2018-05a", "2018-05a-01", "Xu"):
            yield self._with(_always(value))
        yield self.text

    def _with(self, value: Callable[[str], str]) -> str:
        return "".join(part if isinstance(part, str) else value(part[0]) for part in self.parts)


def _always(value: str) -> Callable[[str], str]:
    return lambda _name: value


def _likely(name: str) -> str:
    if name in _NUMBERED:
        return "2018-05a-01" if name == "milestone_id" else "2018-05a"
    return "2018-06-01" if _DAYS.search(name) else "7"


def said_in(path: Path, within: str | None = None) -> Iterator[Said]:
    """The sentences of a module, or those of its functions of one name."""
    for _node, said in texts_in(path, ast.parse(path.read_text(encoding="utf-8")), within):
        fixed = "".join(part for part in said.parts if isinstance(part, str))
        with_values = len(said.parts) > 1 and len(fixed) > 1
        whole = _MARKED.search(fixed) or with_values or len(fixed) >= _SHORT
        if whole and not _PATTERN.search(fixed):
            yield said


def texts_in(path: Path, tree: ast.Module, within: str | None = None) -> Iterator[tuple[ast.expr, Said]]:
    """Every text with Chinese in it, words as well, with where it stands."""
    left_out, constants = _no_sentences(tree), _constants(tree)
    functions = (each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef) and each.name == within)
    for node in (each for function in functions for each in ast.walk(function)) if within else ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp) and id(node) not in left_out:
            parts = _parts(node, constants)
            if is_chinese("".join(part for part in parts if isinstance(part, str))):
                yield node, Said(str(path.relative_to(ROOT)), node.lineno, parts)


def _no_sentences(tree: ast.AST) -> set[int]:
    """Docstrings, parts of a text that is put together (they are in it), what one types, patterns."""
    found: set[int] = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", ())
        for statement in body if isinstance(body, list) else ():
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                found.add(id(statement.value))
        if isinstance(node, ast.BinOp) and _is_text(node):
            found |= {id(node.left), id(node.right)}
        elif isinstance(node, ast.JoinedStr):
            found |= {id(part) for part in node.values if isinstance(part, ast.Constant)}
            specs = [part.format_spec for part in node.values if isinstance(part, ast.FormattedValue)]
            found |= {id(each) for spec in specs if spec is not None for each in ast.walk(spec)}
        elif isinstance(node, ast.keyword) and node.arg == "key":
            found |= {id(each) for each in ast.walk(node.value)}  # typed as it is, in either language
        elif isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re."):
            found |= {id(each) for each in ast.walk(node)}
    return found


def _constants(tree: ast.Module) -> dict[str, str]:
    """The texts that a module names: they stand in others by their names."""
    return {
        name.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for name in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(name, ast.Name)
    }


def _is_text(node: ast.expr) -> bool:
    """Whether texts and their names are put together there, and nothing else."""
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Add) and _is_text(node.left) and _is_text(node.right)
    is_constant = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return is_constant or isinstance(node, ast.JoinedStr | ast.Name)


def _parts(node: ast.expr, constants: dict[str, str]) -> Parts:
    if isinstance(node, ast.BinOp):
        return (*_parts(node.left, constants), *_parts(node.right, constants)) if _is_text(node) else ()
    if isinstance(node, ast.Name):
        return (constants.get(node.id, (node.id,)),)
    if isinstance(node, ast.JoinedStr):
        return tuple(each for part in node.values for each in _parts(part, constants))
    if isinstance(node, ast.FormattedValue):
        value = node.value
        if isinstance(value, ast.IfExp) and isinstance(value.orelse, ast.Constant) and value.orelse.value == "":
            return ()  # the other one is a text of its own
        name = _name(value)
        return (constants.get(name, (name,)),)
    assert isinstance(node, ast.Constant)
    return _cut(node.value) if isinstance(node.value, str) else ()


def _cut(text: str) -> Parts:
    """A text that is filled in later (`says`, `format`), parted at its places."""
    return tuple(
        part if number % 2 == 0 else (re.split(r"[!:]", part)[0].rpartition(".")[2],)
        for number, part in enumerate(_FILLED_IN.split(text))
        if part
    )


def _name(value: ast.expr) -> str:
    if isinstance(value, ast.Name):
        return value.id
    return value.attr if isinstance(value, ast.Attribute) else ast.unparse(value)
