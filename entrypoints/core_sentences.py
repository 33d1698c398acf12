"""The core's sentences in English: how a light is explained, what happened, what a paper says, by patterns.

The core says one Chinese sentence, which stands in the record. A pattern of a catalogue is such a sentence with values
in it; what people wrote, and names, stay as they are. What no pattern knows stays Chinese. Papers have a catalogue of
their own before the other one: a letter says in full what a page says in a word.
"""

from __future__ import annotations

import re
from calendar import month_name
from collections import ChainMap
from collections.abc import Iterator, Mapping
from functools import cache, cached_property, lru_cache
from itertools import starmap
from typing import Final, Literal, NamedTuple, TypeAlias

from entrypoints.sentence_files import english_of

_VALUE = re.compile(r"%\((?P<name>[a-z]+)\d*\)s")
_NAMED = re.compile(r"%\((\w+)\)s")
_QUOTED_VALUE = re.compile(r"“%\((\w+)\)s”")
_INNER: Final = str.maketrans("“”", "‘’")
_KINDS: Final = {
    "id": r"\d{4}-\w+(?:-\d+)?",
    "day": r"\d{4}-\d{2}-\d{2}",
    "n": r"\d+",
    "who": r"[^：；。，（）、“”]{1,60}?",
    "text": r"(?s:.+)",
    "quote": r"(?:[^“”]|“[^“”]*”)*",
    "said": r"[^；]*?",
    "matter": r"[^；：]+?",
    "about": r"重点项目“(?:[^“”]|“[^“”]*”)*”(?:的节点“(?:[^“”]|“[^“”]*”)*”)?",
    "date": r"\d{4}年\d{1,2}月\d{1,2}日|待定",
    "name": r"[^：；。，（）、“”]{1,200}?",
    "post": r"[^：；。“”]{1,200}?",
    "names": r"(?:[^：；。“”（）]|（[^（）]*）)+?",
    "owners": r"[^：；。，“”]+?",
    "unit": r"[^\d\s：；。，（）、“”]{1,10}?",
    "place": r"整个项目|节点[^：；。，、“”]{1,60}?",
    "basis": r"依据.+（\d{4}年\d{1,2}月\d{1,2}日印发）",
    "reason": r"(?s:.+)（(?:提前年终：|确认人：|过期仍收回的理由：)(?s:.+)）",
    "value": r"无|是|否|\d+[^\d\s“”]{1,4}",
    "number": r"[^：；。，、“”]{1,60}?",
    "item": r"[^；]+?",
    "lines": r"(?s:.+)",
    "giver": r"[^、；：（）]+?（[^（）]*）",
    "code": r"[a-z0-9_.]+",
    "title": r"[^\d\s：；。，（）、“”]{1,12}",
    "month": r"1[0-2]|[1-9]",
    "set": r"(?:[^“”]|“[^“”]*”)*",
}
_SAID: Final = (
    "said",
    "matter",
    "about",
    "date",
    "post",
    "lines",
    "names",
    "owners",
    "unit",
    "place",
    "basis",
    "reason",
    "number",
    "value",
    "title",
)
"""The values that are sentences of the core themselves."""
_NARROW: Final = ("value", "reason", "basis")
"""The values that are looked for before any text, which would take them in."""
_BRACKET = re.compile(r"(?P<head>.+)（(?P<inside>[^（）]*)）")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_CHINESE_MARK = re.compile("[\u4e00-\u9fff，。；：、（）《》]")
_JOINED: Final = (("；", "; "), ("，", ", "), ("、", ", "))
_AFTER_HEADS: Final = "，"
"""What follows a head, in a bracket or behind a colon, may have marks of its own from here on."""
_END: Final = "。"
_CLOSED: Final = (".", "!", "?", ".”", "!”", "?”", "。”")
_QUOTED: Final = ("。”", "！”", "？”")
_COUNTED: Final = re.compile(
    r"%\((?P<name>n\d*)\)s (?P<noun>(?:(?!of )[a-z]+ )??[a-z]+s)\b"
    r"(?P<verb> (?:are|were|have|do|go|wait|move|end|take)\b)?"
)
"""A number, what is counted (one word may say of what kind), and what that does."""
_NO_NOUNS: Final = frozenset({"is", "was", "has", "does", "comes"})
_OF_ONE: Final = {" are": " is", " were": " was", " have": " has", " do": " does", " go": " goes"}
"""What a verb becomes that does more than take an s."""
_LATIN_STOPS: Final = ((re.compile(r"(?<=[.!?])。"), ""), (re.compile(r"(?<=[!-~])。"), "."))
"""A person's own words in English, that the core has closed with its own stop."""


class Pattern(NamedTuple):
    """A sentence of the core with its English; `fixed` is its longest part without a value: quickly looked for."""

    fixed: str
    said: str
    english: str


_File: TypeAlias = tuple[str, str]
"""A package, and the name of a file in its `locale`."""


class Sentences:
    """The sentences of some catalogues, each of one file or several; one goes before those that follow it."""

    def __init__(self, *catalogues: tuple[_File, ...]) -> None:
        self._catalogues = catalogues
        self._known = lru_cache(maxsize=65_536)(self._found)

    @cached_property
    def patterns(self) -> tuple[Pattern, ...]:
        """The patterns, of each catalogue the one with most words of its own in front, each with its English."""
        each = [ChainMap(*starmap(english_of, files)).items() for files in self._catalogues]
        return tuple(Pattern(_fixed(said), said, english) for one in each for said, english in sorted(one, key=_order))

    def knows(self, sentence: str) -> bool:
        """Whether what is told, as a whole or sentence by sentence, has its English."""
        sentences = _outside_brackets(sentence.removesuffix(_END), _END)
        known = self._known(sentence.removesuffix(_END))
        return known is not None or (len(sentences) > 1 and all(map(self._is_told, sentences)))

    def _found(self, sentence: str) -> str | None:
        for fixed, said, english in self.patterns:
            found = _expression(said).fullmatch(sentence) if fixed in sentence else None
            if found is not None:
                values = {name: self._value(name, value) for name, value in found.groupdict().items()}
                # The marks of a title (《》) are those of a quotation in English, and its own are inside them then.
                inside = {name: values[name].translate(_INNER) for name in _QUOTED_VALUE.findall(english)}
                return _in_number(english, values) % (values | inside)
        return None

    def _value(self, name: str, value: str) -> str:
        if name.startswith(("names", "owners")):
            return ", ".join(map(self.english, value.split("、")))
        if name.startswith("month"):
            return month_name[int(value)]
        if name.startswith("set"):
            # What a field says is the core's own word for it, or else what somebody wrote.
            name = "value" if re.fullmatch(_KINDS["value"], value) else "quote"
        if name.startswith("quote"):
            for stop, latin in _LATIN_STOPS:
                value = stop.sub(latin, value)
        return self.english(value) if name.startswith(_SAID) else value

    def english(self, sentence: str) -> str:
        """A sentence in English, as far as the catalogues know it."""
        if sentence.endswith(_END):
            told = self.english(sentence.removesuffix(_END))
            return told if told.endswith(_CLOSED) else f"{told}."
        several = _outside_brackets(sentence, _END)
        if len(several) > 1 and all(map(self._is_told, several)):
            # Each has its English by itself: a value that may be anything must not take the next sentence in.
            return " ".join(self.english(f"{each}{_END}") for each in several).removesuffix(".")
        known = self._known(sentence)
        if known is not None:
            return known
        for mark, joint in _JOINED:
            if mark == _AFTER_HEADS and (headed := self._headed(sentence)) is not None:
                return headed
            parts = _outside_brackets(sentence, mark)
            if len(parts) > 1 and any(self.english(part) != part for part in parts):
                return joint.join(map(self.english, parts))
        return sentence

    def _headed(self, sentence: str) -> str | None:
        """A sentence that ends in a bracket, or says something after a colon, where what stands before is known."""
        bracket = _BRACKET.fullmatch(sentence)
        if bracket is not None and self._is_told(bracket["head"]):
            return f"{self.english(bracket['head'])} ({self.english(bracket['inside'])})"
        before, colon, words = sentence.partition("：")
        return f"{self.english(before)}: {self.english(words)}" if colon and self._is_told(before) else None

    def _is_told(self, head: str) -> bool:
        """Whether a part of a sentence has its English, units and names of its own apart."""
        return self._known(head) is not None or not is_chinese(self.english(head))


_CORE_FILES: Final = (("entrypoints.desk", "core.en.po"), ("verifier", "en.po"))
"""The core's own sentences, and those of the verifier, whose findings pages show: it has them with it where it is
copied alone."""
_CORE: Final = Sentences(_CORE_FILES)
_PAPERS: Final = Sentences((("entrypoints.desk", "papers.en.po"),), _CORE_FILES)


def _in_number(english: str, values: Mapping[str, str]) -> str:
    """A pattern's English for what is counted in it: of one thing it speaks as of one."""

    def of_one(found: re.Match[str]) -> str:
        name, noun, verb = found["name"], found["noun"], found["verb"] or ""
        if values.get(name) != "1" or noun in _NO_NOUNS:
            return found[0]
        one = re.sub(r"(?<=ss|ch)es$|(?<!s)s$", "", noun.removesuffix("ies") + "ys" if noun.endswith("ies") else noun)
        return f"%({name})s {one}{_OF_ONE.get(verb, verb and f'{verb}s')}"

    return _COUNTED.sub(of_one, english)


def core_said(language: Literal["zh", "en"], sentence: str) -> str:
    """A sentence of the core in a language: in English as far as the catalogue knows it."""
    return sentence if language == "zh" else _CORE.english(sentence)


def paper_said(sentence: str) -> str:
    """What a paper, or a letter with papers, says in English."""
    return _PAPERS.english(sentence) if _CHINESE_MARK.search(sentence) else sentence


def knows(sentence: str) -> bool:
    """Whether what is told on a screen, as a whole or sentence by sentence, has its English."""
    return _CORE.knows(sentence)


def own_passages() -> Iterator[tuple[str, list[str]]]:
    """Each sentence of the core, with what it says between its values, in Chinese and in English."""
    for _, said, english in _CORE.patterns:
        pieces = [*_NAMED.split(said)[::2], *_NAMED.split(english)[::2]]
        yield said, [piece.replace("%%", "%") for piece in pieces]


def is_chinese(text: str) -> bool:
    """Whether Chinese is in a text."""
    return bool(_CHINESE.search(text))


def _order(pair: tuple[str, str]) -> tuple[int, int, bool, bool]:
    said = pair[0]
    narrow = sum(said.count(f"%({kind}") for kind in _NARROW)
    return -len(_NAMED.sub("", said)), -narrow, any(kind in said for kind in _SAID), "text" in said


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


def _outside_brackets(sentence: str, mark: str) -> list[str]:
    parts, depth = [""], 0
    for each in sentence:
        depth += (each in "（“") - (each in "）”")
        if each == mark and depth == 0:
            parts.append("")
            continue
        parts[-1] += each
        if mark == _END and depth == 0 and parts[-1].endswith(_QUOTED):
            # What is quoted whole has the stop of the sentence inside its marks.
            parts.append("")
    return parts if parts[-1] else parts[:-1] or parts
