"""Copies the tree and writes mutants into the copy: mutmut makes them, all of a function's beside it in one module.

Runs in an environment that has mutmut, which is no requirement of this project. A module that has not changed since
the last time is left as it is.
"""

from __future__ import annotations

import ast
import difflib
import hashlib
import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypedDict

from tests.mutants.switching import function_of, mangled, place_of

LIST = "mutants.json"
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Mutant(TypedDict):
    """One small change: the line of its statement, counted from the function's first, and what differs."""

    name: str
    at: int
    was: str
    now: str


class Mutated(TypedDict):
    """A module's mutants, and the digest of the source that they were made of."""

    source: str
    mutants: list[Mutant]


def make(copy: Path, of: Sequence[str]) -> dict[str, Mutated]:
    """Bring the copy up to this tree, and mutate the modules that begin with one of these paths."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True, check=True
    )
    files = [name for name in listed.stdout.splitlines() if Path(name).is_file()]
    chosen = {name for name in files if name.endswith(".py") and name.startswith(tuple(of))}
    kept = copy / LIST
    before: dict[str, Mutated] = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    made: dict[str, Mutated] = {}
    for name in files:
        content = Path(name).read_bytes()
        to = copy / name
        to.parent.mkdir(parents=True, exist_ok=True)
        if name not in chosen:
            if not to.exists() or to.read_bytes() != content:
                to.write_bytes(content)
            continue
        source = hashlib.sha256(content).hexdigest()
        if name not in before or before[name]["source"] != source:
            before[name] = {"source": source, "mutants": _written(name, content.decode(), to)}
        made[name] = before[name]
    kept.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    return made


def _written(name: str, source: str, to: Path) -> list[Mutant]:
    from mutmut.mutation.file_mutation import mutate_file_contents  # noqa: PLC0415  # of another environment

    mutated = mutate_file_contents(name, source)
    if not mutated.mutant_names:
        to.write_text(source, encoding="utf-8")
        return []
    lines = mutated.code.splitlines()
    functions = dict(_functions(ast.parse(mutated.code).body))
    to.write_text(marked(name, lines, functions), encoding="utf-8")
    return [_mutant(mutant, functions, lines) for mutant in mutated.mutant_names]


def _functions(body: Sequence[ast.stmt], owner: str = "") -> Iterator[tuple[str, Function]]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield mangled(owner, node.name) if node.decorator_list else node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node.body, node.name)


def marked(name: str, lines: Sequence[str], functions: Mapping[str, Function]) -> str:
    """The code of a module in which each statement of a function that has mutants tells that it is reached."""
    marks: dict[int, str] = {}
    for function, node in functions.items():
        if f"{function}__mutmut_orig" in functions:
            for each in _statements(node, lines):
                mark = place_of(name, function, each.lineno - node.lineno)
                marks[each.lineno] = f'{" " * each.col_offset}_mutmut_mutated.reached("{mark}")'
    told = (text for number, line in enumerate(lines, 1) for text in (marks.get(number), line) if text is not None)
    return "\n".join((*told, ""))


def _statements(function: Function, lines: Sequence[str]) -> list[ast.stmt]:
    """Those before which another one can stand: no documentation, and no `elif`."""
    blocks = (getattr(node, part, None) for node in ast.walk(function) for part in ("body", "orelse", "finalbody"))
    return [
        each
        for block in blocks
        if isinstance(block, list)
        for each in block
        if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
        and not lines[each.lineno - 1].lstrip().startswith(("elif ", "@"))
    ]


def _mutant(name: str, functions: Mapping[str, Function], lines: Sequence[str]) -> Mutant:
    original, mutated = functions[f"{function_of(name)}__mutmut_orig"], functions[name]
    was = lines[original.lineno - 1 : original.end_lineno]
    now = [lines[mutated.lineno - 1].replace(name, original.name), *lines[mutated.lineno : mutated.end_lineno]]
    blocks = [block for block in difflib.SequenceMatcher(None, was, now, False).get_opcodes() if block[0] != "equal"]
    _, first, after, start, end = blocks[0]
    changed, statements = original.lineno + first, _statements(original, lines)
    around = [each.lineno for each in statements if each.lineno <= changed <= (each.end_lineno or each.lineno)]
    at = max(around, default=statements[0].lineno) - original.lineno
    return {"name": name, "at": at, "was": _joined(was[first:after]), "now": _joined(now[start:end])}


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(line.strip() for line in lines)
