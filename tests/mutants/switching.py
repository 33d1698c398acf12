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
"""The functions that were called: what learns which test reaches what empties it before each test."""


def function_of(mutant: str) -> str:
    """The mangled name of the function that a mutant was made of."""
    return mutant.rpartition(_SEPARATOR)[0]


def place_of(path: str, mutant: str) -> str:
    """The function of a mutant, as it is noted when it is reached."""
    return f"{path[:-3].replace('/', '.').removesuffix('.__init__')}.{function_of(mutant)}"


def switch_on(path: str, mutant: str) -> None:
    """Put a mutant into the place of its function, in this process."""
    cell = _cells[place_of(path, mutant)]
    mutated = cell.mutants[mutant]
    cell.now = _by_the_class(mutated.__name__) if cell.of_the_class else mutated


def install() -> None:
    """Let mutated modules find this switch where they look for mutmut's own."""
    for name in ("mutmut", "mutmut.mutation", _MODULE):
        sys.modules[name] = types.ModuleType(name)
    vars(sys.modules[_MODULE]).update(wrap_in_trampoline=_wrapped, MutantDict=dict)


def _wrapped(mutants: Mapping[str, Function], is_classmethod: bool = False) -> Callable[[Function], Function]:
    def wrapping(function: Function) -> Function:
        owner, _, name = function.__qualname__.rpartition(".")
        mangled = f"xǁ{owner}ǁ{name}" if owner else f"x_{name}"
        cell = _Cell(mutants, is_classmethod, function)
        named = f"{function.__module__}.{mangled}"
        _cells[named] = cell
        if inspect.iscoroutinefunction(function):

            @wraps(function)
            async def switched(*args: Any, **more: Any) -> Any:
                reached.add(named)
                return await cell.now(*args, **more)

        else:

            @wraps(function)
            def switched(*args: Any, **more: Any) -> Any:
                reached.add(named)
                return cell.now(*args, **more)

        return switched

    return wrapping


def _by_the_class(name: str) -> Function:
    return lambda cls, *args, **named: getattr(cls, name)(*args, **named)
