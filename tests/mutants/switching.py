"""Stands in for mutmut's own switch: each function is one cell, which holds the code as it is or one of its mutants."""

from __future__ import annotations

import inspect
import sys
import types
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

Function = Callable[..., Any]
_SEPARATOR = "__mutmut_"
_MODULE = "mutmut.mutation.trampoline"


class _Cell:
    def __init__(self, mutants: Mapping[str, Function], of_the_class: bool, now: Function) -> None:
        self.mutants, self.of_the_class, self.now = mutants, of_the_class, now


_cells: dict[str, _Cell] = {}
reached: set[str] = set()
"""The statements that were run: what learns which test reaches what empties it before each test."""


def mangled(owner: str, name: str) -> str:
    """How mutmut calls a function, or a method of an owner."""
    return f"xǁ{owner}ǁ{name}" if owner else f"x_{name}"


def function_of(mutant: str) -> str:
    """The mangled name of the function that a mutant was made of."""
    return mutant.rpartition(_SEPARATOR)[0]


def place_of(path: str, function: str, line: int | None = None) -> str:
    """A mangled function of a module, or one of its lines, counted from its first."""
    named = f"{path[:-3].replace('/', '.').removesuffix('.__init__')}.{function}"
    return named if line is None else f"{named}:{line}"


def switch_on(path: str, mutant: str) -> None:
    """Put a mutant into the place of its function, in this process."""
    cell = _cells[place_of(path, function_of(mutant))]
    mutated = cell.mutants[mutant]
    cell.now = _by_the_class(mutated.__name__) if cell.of_the_class else mutated


def install() -> None:
    """Let mutated modules find this switch where they look for mutmut's own."""
    for name in ("mutmut", "mutmut.mutation", _MODULE):
        sys.modules[name] = types.ModuleType(name)
    vars(_wrapped)["reached"] = reached.add
    vars(sys.modules[_MODULE]).update(wrap_in_trampoline=_wrapped, MutantDict=dict)


def _wrapped(mutants: Mapping[str, Function], is_classmethod: bool = False) -> Callable[[Function], Function]:
    def wrapping(function: Function) -> Function:
        owner, _, name = function.__qualname__.rpartition(".")
        cell = _Cell(mutants, is_classmethod, function)
        _cells[f"{function.__module__}.{mangled(owner, name)}"] = cell
        if inspect.iscoroutinefunction(function):

            @wraps(function)
            async def switched(*args: Any, **named: Any) -> Any:
                return await cell.now(*args, **named)

        else:

            @wraps(function)
            def switched(*args: Any, **named: Any) -> Any:
                return cell.now(*args, **named)

        return switched

    return wrapping


def _by_the_class(name: str) -> Function:
    return lambda cls, *args, **named: getattr(cls, name)(*args, **named)
