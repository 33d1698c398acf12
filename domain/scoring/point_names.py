"""A point of a score as people name it, and back."""

from __future__ import annotations

from collections.abc import Mapping

from domain.ids import record_name, record_named
from domain.scoring.points import RULE_WORDS

_WORDS: Mapping[str, str] = {str(rule): word for rule, word in RULE_WORDS.items()}
_RULES: dict[str, str] = {word: rule for rule, word in _WORDS.items()}


def point_name(key: str) -> str:
    """A point as people name it: the record that it comes from, and why it is given (`2018-05a#17/提前完成`)."""
    event_id, _, rule = key.rpartition("/")
    return f"{record_name(event_id)}/{_WORDS.get(rule, rule)}"


def point_named(text: str) -> str:
    """The key of the point that a person names: the inverse of `point_name`; a key stays what it is."""
    record, mark, word = text.strip().rpartition("/")
    return f"{record_named(record)}{mark}{_RULES.get(word, word)}"
