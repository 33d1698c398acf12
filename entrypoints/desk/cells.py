"""The cells of a table: what one is made of, and how a page has those of a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from markupsafe import Markup, escape

from domain.colours import Colour
from entrypoints.core_sentences import is_chinese

Kind = Literal["text", "id", "day", "instant", "light", "stage", "part", "word", "said", "told"]
"""What a cell is: `text` is as somebody wrote it, `word` is a word of the desk and
`said` a sentence of the core, each in the language of the visit; `told` is in that language already."""

_WIDE: Final[tuple[Kind, ...]] = ("text", "said", "told")
_WORDY: Final = 16
"""A text of more characters than these is given a column of some width on a phone."""


class Shown(NamedTuple):
    """One cell as a page shows it: `raw` is the light behind a word, `written` says that it is somebody's own text."""

    text: object
    kind: Kind
    raw: object
    href: str | None
    written: bool


def row_of(cells: Sequence[Shown], light_of: Mapping[Colour, Markup], theirs: str) -> Markup:
    """The cells of a row, whose first one names it; `theirs` is the language in which people write.

    Written here and not in the template, which takes four times as long: a page has hundreds of them.
    """
    first, *others = [_written(cell, light_of, theirs) for cell in cells]
    written = "".join(f"<td{each}</td>" for each in others)
    return Markup(f'<th scope="row"{first}</th>{written}')  # noqa: S704 - each value in it is escaped


def _written(cell: Shown, light_of: Mapping[Colour, Markup], theirs: str) -> str:
    text, kind, raw, href, written = cell
    lang = f' lang="{"zh-CN" if is_chinese(str(text)) else theirs}"' if written else ""
    width = _width(text, kind)
    narrow = f' class="{width}"' if width else ""
    if href:
        return f'{lang}{narrow}><a href="{_escaped(href)}">{_escaped(str(text))}</a>'
    inside = light_of[raw] if kind == "light" and raw else _escaped(str(text))  # type: ignore[index]  # of a light, its colour
    return f"{lang}{narrow}>{inside}"


def _width(text: object, kind: Kind) -> str:
    if kind not in _WIDE:
        return "id nowrap" if kind == "id" else "nowrap"
    return "nowrap" if isinstance(text, int | float) else "wordy" if len(str(text)) > _WORDY else ""


@lru_cache(maxsize=4_096)
def _escaped(text: str) -> str:
    """A text in which nothing is a tag; most cells have the same words as others."""
    return str(escape(text))
