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
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypedDict

from tests.mutants.switching import function_of

LIST = "mutants.json"


class Mutant(TypedDict):
    """One small change, with what differs of its lines."""

    name: str
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
    code = mutated.code if mutated.mutant_names else source
    to.write_text(code, encoding="utf-8")
    functions = dict(_functions(ast.parse(code).body))
    lines = code.splitlines()
    return [_mutant(mutant, functions, lines) for mutant in mutated.mutant_names]


def _functions(body: Sequence[ast.stmt]) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node.body)


def _mutant(name: str, functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef], lines: Sequence[str]) -> Mutant:
    original, mutated = functions[f"{function_of(name)}__mutmut_orig"], functions[name]
    was = lines[original.lineno : original.end_lineno]
    now = lines[mutated.lineno : mutated.end_lineno]
    blocks = [block for block in difflib.SequenceMatcher(None, was, now, False).get_opcodes() if block[0] != "equal"]
    if not blocks:  # the head of the function: a default
        return {"name": name, "was": lines[original.lineno - 1], "now": lines[mutated.lineno - 1]}
    _, first, after, start, end = blocks[0]
    return {"name": name, "was": _joined(was[first:after]), "now": _joined(now[start:end])}


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(line.strip() for line in lines)
