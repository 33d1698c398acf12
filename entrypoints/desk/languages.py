"""The languages of the desk: what stands in the pages is Chinese, and one catalogue has the English of all of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import Final, Literal, get_args

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from entrypoints.core_sentences import core_said, knows

Language = Literal["zh", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
LANGUAGE: Final = "duban-language"
"""The cookie of the language that somebody chose."""
_COUNTS: Final = ("n", "count", "all")
"""What the value is called by which a sentence is in the singular or the plural."""
_MANY: Final = 2
_WEIGHT: Final = re.compile(r"\s*q=([01](?:\.[0-9]{0,3})?)\s*", re.ASCII | re.IGNORECASE).fullmatch


@cache
def translations(language: Language) -> NullTranslations:
    """The sentences of a language, by those that stand in the pages."""
    if language == "zh":
        return NullTranslations()
    source = files("entrypoints.desk").joinpath("locale", f"{language}.po").read_bytes()
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source), locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def in_number(found: NullTranslations, sentence: str, values: Mapping[str, object]) -> str:
    """A sentence as one says it of so many as its first count is: `1 day`, `2 days`."""
    count = next((values[name] for name in _COUNTS if name in values), None)
    if count is None:
        return found.gettext(sentence)
    told = found.ngettext(sentence, sentence, count if isinstance(count, int) else _MANY)
    return told if told != sentence else found.gettext(sentence)


def preferred(chosen: str | None, accepted: str) -> Language:
    """The language of a visit: the one that was chosen, or the first of those that the browser asks for."""
    for tag in (chosen or "", *_wanted(accepted)):
        for language in LANGUAGES:
            if tag.lower().partition("-")[0] == language:
                return language
    return "zh"


def _wanted(accepted: str) -> list[str]:
    """What a browser or a program asks for, the most wanted first, without what it does not want (RFC 9110, 12.5.4)."""
    parts = [part.partition(";") for part in accepted.split(",")]
    weighed = [(float(found[1]) if (found := _WEIGHT(said)) else 1.0, tag.strip()) for tag, _, said in parts]
    return [tag for weight, tag in sorted(weighed, key=lambda each: -each[0]) if weight]


def said(sentence: str, language: Language) -> tuple[str, Language]:
    """A sentence of the desk or the core in a language where a catalogue has it, and in which one it is."""
    translated = translations(language).gettext(sentence)
    if translated == sentence and knows(sentence):
        translated = core_said(language, sentence)
    return translated, language if translated != sentence else "zh"


def later(sentence: str) -> str:
    """Mark a sentence that a page translates when it is shown."""
    return sentence


def joined(language: Language, words: Iterable[str]) -> str:
    """Words of a list side by side."""
    return ("、" if language == "zh" else ", ").join(words)


def bracketed(language: Language, inside: object) -> str:
    """What stands behind a word in brackets."""
    return f"（{inside}）" if language == "zh" else f" ({inside})"
