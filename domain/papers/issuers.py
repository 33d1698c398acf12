"""Who issues papers and who signed for them: one office, or several that issue together, named with `、` between."""

from __future__ import annotations

import re
from typing import Final

from domain.papers.wording import Say, as_drafted

BETWEEN: Final = "、"
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
