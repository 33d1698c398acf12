"""Which rules differ between two sets of rules, and one set with some of them taken from the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError

from domain.frozen import Frozen

Rules = TypeVar("Rules", bound=Frozen)
Path = tuple[str, ...]
"""Where a rule stands: `("life_cycle", "lights", "behind_red_points")`."""


def changed_rules(own: Frozen, other: Frozen) -> list[Path]:
    """The rules that differ; a list or table of rules is one rule."""
    found: list[Path] = []
    for name in type(own).model_fields:
        mine, theirs = getattr(own, name), getattr(other, name)
        if mine == theirs:
            continue
        if isinstance(mine, Frozen) and type(mine) is type(theirs):
            found += [(name, *path) for path in changed_rules(mine, theirs)]
        else:
            found.append((name,))
    return found


def with_rules(own: Rules, other: Rules, paths: Iterable[Path]) -> Rules:
    """The first set with the rules at these places from the second.

    Raises:
        ValidationError: they do not go together with the rest of the first.
    """
    wanted, update = set(paths), dict[str, Any]()
    for name in {path[0] for path in wanted}:
        mine, theirs = getattr(own, name), getattr(other, name)
        below = [path[1:] for path in wanted if path[0] == name and len(path) > 1]
        update[name] = with_rules(mine, theirs, below) if below else theirs
    return type(own).model_validate({**dict(own), **update})


def told_apart(pairs: Sequence[tuple[Rules, Rules]]) -> list[tuple[Path, ...]]:
    """The rules that differ in any of these pairs, each alone; those that cannot stand alone are told together."""
    paths = list(dict.fromkeys(path for own, other in pairs for path in changed_rules(own, other)))
    alone: list[tuple[Path, ...]] = [(path,) for path in paths if _stand(pairs, (path,))]
    rest = tuple(path for path in paths if (path,) not in alone)
    if rest and not _stand(pairs, rest):
        return [tuple(paths)]
    return [*alone, rest] if rest else alone


def _stand(pairs: Sequence[tuple[Rules, Rules]], paths: tuple[Path, ...]) -> bool:
    try:
        for own, other in pairs:
            with_rules(own, other, paths)
    except ValidationError:
        return False
    return True
