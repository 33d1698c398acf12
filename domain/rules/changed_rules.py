"""Which rules differ between two sets of rules, and one set with some of them taken from the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

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


class Change(NamedTuple, Generic[Rules]):
    """Two sets of rules, and each changed rule with the places where it shows in the second."""

    own: Rules
    other: Rules
    shows_at: Mapping[Path, Sequence[Path]]

    def alone(self, rules: Iterable[Path]) -> Rules:
        """The first set with these changed rules alone.

        Raises:
            ValidationError: they do not go together with the rest of the first.
        """
        return with_rules(self.own, self.other, [path for rule in rules for path in self.shows_at.get(rule, ())])


def change_between(own: Rules, other: Rules) -> Change[Rules]:
    """What differs between two sets, each rule at its own place."""
    return Change(own, other, {path: [path] for path in changed_rules(own, other)})


def told_apart(changes: Sequence[Change[Rules]]) -> list[tuple[Path, ...]]:
    """The rules that differ in any of these, each alone; those that cannot stand alone are told together."""
    rules = list(dict.fromkeys(rule for change in changes for rule in change.shows_at))
    alone: list[tuple[Path, ...]] = [(rule,) for rule in rules if _stand(changes, (rule,))]
    rest = tuple(rule for rule in rules if (rule,) not in alone)
    if rest and not _stand(changes, rest):
        return [tuple(rules)]
    return [*alone, rest] if rest else alone


def _stand(changes: Sequence[Change[Rules]], rules: tuple[Path, ...]) -> bool:
    try:
        for change in changes:
            change.alone(rules)
    except ValidationError:
        return False
    return True
