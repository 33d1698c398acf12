"""Who issues papers and who signed for them: one office, or several that issue together, named with `、` between."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from domain.papers.wording import Say, as_drafted

BETWEEN: Final = "、"
_OF_A_COPY: Final = "（演练）"
_TWO_LETTERS = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]{2}")


def several(names: str, say: Say = as_drafted) -> tuple[str, ...]:
    """The names one by one, in their order; the first office is the one whose number and imprint a paper has."""
    return tuple(say(name.strip()) for name in names.split(BETWEEN) if name.strip())


def side_by_side(names: str) -> str:
    """The names as they stand in a line, Chinese ones of two letters as wide as those of three."""
    found = several(names)
    wide = [f"{name[0]}　{name[1]}" if len(found) > 1 and _TWO_LETTERS.fullmatch(name) else name for name in found]
    return "　".join(wide)


def together(names: str, say: Say) -> str:
    """The same names in the language of a paper."""
    return BETWEEN.join(several(names, say))


def issuing(names: str, joint: Collection[str], *titles: str) -> str:
    """Those of the offices (or of their signers) whose paper one is that is called so: all where it is issued together,
    or where nothing is said of any; else the first."""
    alone = joint and not any(title in joint for title in titles)
    return names.split(BETWEEN, maxsplit=1)[0] if alone else names


def marked(names: str) -> str:
    """The offices as a rehearsal copy's papers name them."""
    return BETWEEN.join(name if mark_of(name) else f"{name}{_OF_A_COPY}" for name in several(names))


def mark_of(names: str) -> str:
    """What a copy's offices have behind their names; nothing where it is no copy's."""
    return _OF_A_COPY if names.endswith(_OF_A_COPY) else ""
