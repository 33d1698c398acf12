"""A paper in the language of the office that issues it.

The core drafts every paper in Chinese. Whoever records it words it once, and the record keeps it as it was issued, with
its language: what is shown, printed or sent later is never worded anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from domain.papers.paper import NumberedPaper, Paper, PaperLanguage

Say = Callable[[str], str]
"""Says what the core says in Chinese in the language of a paper."""
_CLOSED_TWICE: Final = re.compile(r"(?<=[.!?])[.。](?=\s|$)")
_JOINT, _NAMES = "、", ", "


def as_drafted(text: str) -> str:
    """What the core says, as it says it: the papers of an office that works in Chinese."""
    return text


def in_english(paper: Paper, say: Say) -> Paper:
    """A drafted paper as an office issues it that works in English; titles and names stay as the list has them."""
    body = _CLOSED_TWICE.sub("", say(paper.body))
    duties = tuple(
        each.having(
            number=say(each.number),
            what=say(each.what),
            who=_NAMES.join(map(say, each.who.split(_JOINT))),
            due=capital(say(each.due)),
        )
        for each in paper.duties or ()
    )
    before = tuple(map(say, paper.before or ()))
    worded = {"body": capital(body), "duties": duties or None, "before": before or None, "language": "en"}
    return paper.model_copy(update=worded)


def language_of(items: Sequence[NumberedPaper]) -> PaperLanguage:
    """The language of a letter with these papers: English where all of them are."""
    return "en" if items and all(each.paper.language == "en" for each in items) else "zh"


def capital(text: str) -> str:
    """A text with its first letter as a sentence or a title has it."""
    return text[:1].upper() + text[1:]
