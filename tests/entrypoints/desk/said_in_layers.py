"""Every sentence for people that the layers below the screens make, as it stands in their sources.

A sentence is a text with Chinese in it that is no docstring, no pattern of what is read, and no word of a list of
words: it has a mark of its own, values in it, or more than a few characters.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from entrypoints.desk.core_sentences import is_chinese

ROOT: Final = Path(__file__).parents[3]
LAYERS: Final = ("domain", "application", "activities", "adapters", "entrypoints/bootstrap", "entrypoints/api")
_PATTERN: Final = re.compile(r"\(\?|\\[dswbn]|\[\^|\]\*|\|.*\||[)\]][?*+]|^\^|\$$|^\[.*\]|\{\d")
_MARKED: Final = re.compile("[。，；：“]")
_SHORT: Final = 6
_DAYS: Final = re.compile(r"(_on|_at|until|day|today|since|start|end|earliest|now|instant|^on)$")
_NUMBERED: Final = re.compile(r"^(milestone_id|project_id|whole|wanted|stream|workflow_id)$")


class Said(NamedTuple):
    """One sentence: where it stands, and as its parts, what is fixed and the names of the values between."""

    path: str
    line: int
    parts: tuple[str | tuple[str, ...], ...]

    @property
    def text(self) -> str:
        """The sentence with its values as they are named."""
        return "".join(part if isinstance(part, str) else "{" + part[0] + "}" for part in self.parts)

    def filled(self) -> Iterator[str]:
        """The sentence with values in it: likely ones by their names, then the same in all places."""
        yield self._with(_likely)
        for value in ("7", "2018-06-01", "2018-05a", "2018-05a-01", "Xu"):
            yield self._with(lambda _name, value=value: value)

    def _with(self, value: object) -> str:
        assert callable(value)
        return "".join(part if isinstance(part, str) else str(value(part[0])) for part in self.parts)


def _likely(name: str) -> str:
    if _NUMBERED.search(name):
        return "2018-05a-01" if name == "milestone_id" else "2018-05a"
    return "2018-06-01" if _DAYS.search(name) else "7"


def said_in(path: Path) -> Iterator[Said]:
    """The sentences of a module, in the order of its text."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    left_out, constants = _no_sentences(tree), _constants(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp) and id(node) not in left_out:
            parts = _parts(node, constants)
            fixed = "".join(part for part in parts if isinstance(part, str))
            with_values = len(parts) > 1 and len(fixed) > 1
            if is_chinese(fixed) and not _PATTERN.search(fixed):
                if _MARKED.search(fixed) or with_values or len(fixed) >= _SHORT:
                    yield Said(str(path.relative_to(ROOT)), node.lineno, parts)


def _no_sentences(tree: ast.AST) -> set[int]:
    """Docstrings, parts of a text with values (they are in it), patterns of the library of patterns."""
    found: set[int] = set()
    for node in ast.walk(tree):
        for statement in getattr(node, "body", ()) if isinstance(getattr(node, "body", ()), list) else ():
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                found.add(id(statement.value))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            found |= {id(node.left), id(node.right)} if _is_text(node) else set()
        if isinstance(node, ast.JoinedStr):
            found |= {id(part) for part in node.values if isinstance(part, ast.Constant)}
            specs = [part.format_spec for part in node.values if isinstance(part, ast.FormattedValue)]
            found |= {id(each) for spec in specs if spec is not None for each in ast.walk(spec)}
        if isinstance(node, ast.keyword) and node.arg == "key":
            found |= {id(each) for each in ast.walk(node.value)}  # what one types, in either language
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if isinstance(node.func.value, ast.Name) and node.func.value.id == "re":
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
    return isinstance(node, ast.JoinedStr | ast.Name) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _parts(node: ast.expr, constants: dict[str, str]) -> tuple[str | tuple[str, ...], ...]:
    if isinstance(node, ast.BinOp):
        return (*_parts(node.left, constants), *_parts(node.right, constants)) if _is_text(node) else ()
    if isinstance(node, ast.Name):
        return (constants.get(node.id, (node.id,)),)
    if isinstance(node, ast.JoinedStr):
        return tuple(_part(part, constants) for part in node.values)
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return ()
    # What `says` and `format` fill in: `{name}`, and `%(name)s` never stands in these layers.
    cut = re.split(r"\{([A-Za-z_][\w.\[\]]*(?:[!:][^{}]*)?)\}", node.value)
    return tuple(
        part if number % 2 == 0 else (re.split(r"[!:]", part)[0].rpartition(".")[2],)
        for number, part in enumerate(cut)
        if part or number % 2
    )


def _part(part: ast.expr, constants: dict[str, str]) -> str | tuple[str, ...]:
    if isinstance(part, ast.Constant):
        return str(part.value)
    assert isinstance(part, ast.FormattedValue)
    name = _name(part.value)
    return constants.get(name, (name,))


def _name(value: ast.expr) -> str:
    if isinstance(value, ast.Name):
        return value.id
    if isinstance(value, ast.Attribute):
        return value.attr
    return ast.unparse(value)
