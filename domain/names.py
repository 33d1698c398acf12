"""Names of persons and departments: how one is written, and the one key by which two are compared.

Two spellings that differ only in what nobody means (wide or narrow letters, blanks inside Chinese, characters that are
not seen) are written alike from the first, so that one person is one name in the record. What still differs (`IT部` and
`It部`, a bracket of the other width) is compared by `name_key`.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from domain.characters import without_invisible
from domain.texts import one_line, readable

_WIDE = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_CHINESE = "〇\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff（）"
# The one behind `of` is needed: `Head of 组织部` is an English post.
_NEEDLESS_BLANK = re.compile(rf"(?<=[{_CHINESE}]) |(?<!\bof) (?=[{_CHINESE}])")


@lru_cache(maxsize=65_536)
def written_name(text: str) -> str:
    """A name as it is kept (`李 明` as `李明`, `ＩＴ部` as `IT部`)."""
    plain = " ".join(without_invisible(text).translate(_WIDE).split())
    return _NEEDLESS_BLANK.sub("", plain)


@lru_cache(maxsize=65_536)
def name_key(name: str) -> str:
    """What two spellings of one name have in common: NFKC, no case, no blanks, nothing that is not seen."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    # Once more: what stood on a blank of its own is put in order when the blank is gone.
    return unicodedata.normalize("NFKC", "".join(without_invisible(folded).split()))


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are one name."""
    return one == other or name_key(one) == name_key(other)


def spelled_as(name: str, known: Iterable[str]) -> str:
    """A name as those who know it spell it; itself where none of them does."""
    key = name_key(name)
    found = [each for each in known if name_key(each) == key]
    return name if name in found or not found else found[0]


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The name among those that are known of which another one may be a slip of the pen."""
    return next(iter(difflib.get_close_matches(name, sorted(known))), None)


def look_alikes(names: Iterable[str]) -> list[tuple[str, ...]]:
    """The groups of different spellings with one key, in order of their first one."""
    groups: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        groups.setdefault(name_key(name), []).append(name)
    return [tuple(group) for group in groups.values() if len(group) > 1]


@lru_cache(maxsize=4_096)  # each event, paper and duty names the same few
def _name(text: str) -> str:
    return one_line(written_name(readable(text)))


Name = Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True), AfterValidator(_name)]
"""The name of a person or a department, as it is kept."""
Addressee = Annotated[
    str, StringConstraints(min_length=1, max_length=240, strip_whitespace=True), AfterValidator(_name)
]
"""Whom a paper reaches: a department, or the superior of one by the role that a policy names."""
