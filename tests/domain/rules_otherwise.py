"""Every rule that a policy has, made from its model, and the shipped policy with some of them otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from domain.frozen import Frozen
from domain.rules.changed_rules import Path, with_rules
from domain.rules.policy import SupervisionPolicy


def _rules_of(rules: Frozen, above: Path = ()) -> Iterator[Path]:
    for name in type(rules).model_fields:
        value = getattr(rules, name)
        if isinstance(value, Frozen):
            yield from _rules_of(value, (*above, name))
        elif (*above, name) != ("version",):
            yield (*above, name)


RULES = [".".join(path) for path in _rules_of(SupervisionPolicy())]
"""A list or table of rules is one."""


def otherwise(values: Mapping[str, Any]) -> SupervisionPolicy:
    """The policy as it ships, but for these rules."""
    shipped = changed = SupervisionPolicy()
    paths = [tuple(rule.split(".")) for rule in values]
    for path, value in zip(paths, values.values(), strict=True):
        changed = _put(changed, path, value)
    return with_rules(shipped, changed, paths)


def _put(rules: Any, path: Path, value: Any) -> Any:
    name, *below = path
    return rules.model_copy(update={name: _put(getattr(rules, name), tuple(below), value) if below else value})
