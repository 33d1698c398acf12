"""Serials: numbers for the rows that print none, and a serial as it stands in a project's identity."""

from __future__ import annotations

import re
from collections.abc import Sequence

from domain.notice.folding import fold
from domain.notice.listed import ProjectRow
from domain.notice.numerals import number


def number_through(rows: Sequence[ProjectRow]) -> None:
    """Give every row without a printed serial the next number that no row prints."""
    printed = {plain_serial(row.serial) for row in rows if row.serial}
    following = 0
    for row in rows:
        if row.serial:
            continue
        following += 1
        while str(following) in printed:
            following += 1
        row.serial = str(following)


def plain_serial(printed: str) -> str:
    """A serial as it can stand in an identity: `（3）`, `3.`, `三` and `3` are the same."""
    folded = fold(printed).strip().strip("()[].、,:第号项 ")
    if (value := number(folded)) is not None and folded:
        return str(value)
    plain = re.sub(r"[^0-9A-Za-z.]+", ".", folded).strip(".")
    if plain:
        return plain[:40]
    return ".".join(str(ord(char)) for char in folded[:6]) or "0"


def letter_of(times: int) -> str:
    """The letter of the first, the second … of the rows that print the same serial."""
    letters = ""
    while times > 0:
        times, rest = divmod(times - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters
