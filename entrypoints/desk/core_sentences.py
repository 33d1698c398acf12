"""The core's sentences in English: how a light is explained and what happened, said by one catalogue of patterns.

The core says one Chinese sentence, which stands in the record and on paper. A pattern of the catalogue is such a
sentence with values in it; what people wrote, and names, stay as they are. What no pattern knows stays Chinese.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from entrypoints.sentence_files import english_of

if TYPE_CHECKING:
    from entrypoints.desk.languages import Language

_VALUE = re.compile(r"%\((?P<name>[a-z]+)\d*\)s")
_NAMED = re.compile(r"%\((\w+)\)s")
_KINDS: Final = {
    "id": r"\d{4}-\w+(?:-\d+)?",
    "day": r"\d{4}-\d{2}-\d{2}",
    "n": r"\d+",
    "who": r"[^：；。，（）、“”]{1,60}?",
    "text": r"(?s:.+)",
    "quote": r"(?:[^“”]|“[^“”]*”)*",
    "said": r"[^；]*?",
    "matter": r"[^；：]+?",
}
_SAID: Final = ("said", "matter")
"""The values that are sentences of the core themselves."""
_BRACKET = re.compile(r"(?P<head>.+)（(?P<inside>[^（）]*)）")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_JOINED: Final = (("；", "; "), ("，", ", "), ("、", ", "))
_AFTER_HEADS: Final = "，"
"""What follows a head, in a bracket or behind a colon, may have marks of its own from here on."""
_END: Final = "。"


class Pattern(NamedTuple):
    """A sentence of the core with its English; `fixed` is its longest part without a value: quickly looked for."""

    fixed: str
    said: str
    english: str


def core_said(language: Language, sentence: str) -> str:
    """A sentence of the core in a language: in English as far as the catalogue knows it."""
    return sentence if language == "zh" else _english(sentence)


def knows(sentence: str) -> bool:
    """Whether what is told, as a whole or sentence by sentence, has its English."""
    sentences = _outside_brackets(sentence.removesuffix(_END), _END)
    return _known(sentence.removesuffix(_END)) is not None or (len(sentences) > 1 and all(map(_is_told, sentences)))


def is_chinese(text: str) -> bool:
    """Whether Chinese is in a text."""
    return bool(_CHINESE.search(text))


@cache
def patterns() -> tuple[Pattern, ...]:
    """The patterns, the one with most words of its own in front, each with its English."""
    found = sorted(english_of("entrypoints.desk", "core.en.po").items(), key=_order)
    return tuple(Pattern(_fixed(said), said, english) for said, english in found)


def _order(pair: tuple[str, str]) -> tuple[int, bool, bool]:
    said = pair[0]
    return -len(_NAMED.sub("", said)), any(kind in said for kind in _SAID), "text" in said


def _fixed(said: str) -> str:
    return max((words.replace("%%", "%") for words in _NAMED.split(said)[::2]), key=len)


@cache
def _expression(said: str) -> re.Pattern[str]:
    """What a sentence of this pattern looks like, made when one is looked for."""
    parts, last = [], 0
    for match in _VALUE.finditer(said):
        name = _NAMED.fullmatch(match[0])
        assert name is not None
        parts += [_literal(said[last : match.start()]), f"(?P<{name[1]}>{_KINDS[match['name']]})"]
        last = match.end()
    return re.compile("".join((*parts, _literal(said[last:]))))


def _literal(words: str) -> str:
    return re.escape(words.replace("%%", "%"))


@cache
def _known(sentence: str) -> str | None:
    for fixed, said, english in patterns():
        found = _expression(said).fullmatch(sentence) if fixed in sentence else None
        if found is not None:
            values = {name: _value(name, value) for name, value in found.groupdict().items()}
            return english % values
    return None


def _value(name: str, value: str) -> str:
    return _english(value) if name.startswith(_SAID) else value


def _english(sentence: str) -> str:
    if sentence.endswith(_END):
        return f"{_english(sentence.removesuffix(_END))}."
    several = _outside_brackets(sentence, _END)
    if len(several) > 1 and all(map(_is_told, several)):
        # Each has its English by itself: a value that may be anything must not take the next sentence in.
        return ". ".join(map(_english, several))
    known = _known(sentence)
    if known is not None:
        return known
    for mark, joint in _JOINED:
        if mark == _AFTER_HEADS and (headed := _headed(sentence)) is not None:
            return headed
        parts = _outside_brackets(sentence, mark)
        if len(parts) > 1 and any(_english(part) != part for part in parts):
            return joint.join(map(_english, parts))
    return sentence


def _headed(sentence: str) -> str | None:
    """A sentence that ends in a bracket, or says something after a colon, where what stands before is known."""
    bracket = _BRACKET.fullmatch(sentence)
    if bracket is not None and _is_told(bracket["head"]):
        return f"{_english(bracket['head'])} ({_english(bracket['inside'])})"
    before, colon, words = sentence.partition("：")
    return f"{_english(before)}: {_english(words)}" if colon and _is_told(before) else None


def _is_told(head: str) -> bool:
    """Whether a part of a sentence has its English, units and names of its own apart."""
    return _known(head) is not None or not is_chinese(_english(head))


def _outside_brackets(sentence: str, mark: str) -> list[str]:
    parts, depth = [""], 0
    for each in sentence:
        depth += (each in "（“") - (each in "）”")
        if each == mark and depth == 0:
            parts.append("")
        else:
            parts[-1] += each
    return parts
