"""What of a letter's text its sender wrote, and where the quotation of an older letter begins."""

from __future__ import annotations

import re
from typing import Final

from domain.characters import printable, without_invisible

_RULER = re.compile(r"^[-_=—]{3,}$")
_NAMED_RULER = re.compile(
    r"^-{3,}\s*(((回复|转发)的)?(原始?邮件|邮件原文|(邮件|消息))|转发邮件|Original|Forwarded|Replied)", re.IGNORECASE
)
_SENDER = re.compile(r"^\*?(发\s*件\s*人|寄件者|From)\s*[:：]", re.IGNORECASE)
_FIELD = re.compile(
    r"^\*?(发\s*件\s*人|收\s*件\s*人|寄件者|收件者|发送时间|寄件日期|日\s*期|时\s*间|抄\s*送|主\s*题|主旨"
    r"|From|To|Cc|Sent|Date|Subject)\*?\s*[:：]",
    re.IGNORECASE,
)
_AN_INSTANT = r"(?=.*(@|\d[:：]\d\d|\d\s?日|\d[/.-]\d|\d, \d{4}))"
"""Programs name the day or the address; a sentence of a report seldom does (`在5月的报告中写道：`)."""
_NAMES_WHO_WROTE = re.compile(rf"^{_AN_INSTANT}((On|At) .+ wrote|.*(在|于).+写道)[:：]$")
_BEGINS_TO_NAME = re.compile(r"^((On|At) .*\d|.*(在|于).*\d)")
_LONGEST_HEAD: Final = 300
"""No program names who wrote in a longer line; and of a long one these patterns take the square of its length."""


def own_words(text: str) -> str:
    """What stands before a quotation, and between quoted lines: some answer below what they quote. Nothing where all
    that is left is what nobody sees."""
    own = "\n".join(_own_lines(text.splitlines())).strip()
    return own if without_invisible(own).strip() else ""


def _own_lines(lines: list[str]) -> list[str]:
    told = [line.strip() for line in lines]
    next_told = _places_of_next(told)
    kept, asked, quoted, at = list[str](), list[int](), "", 0
    while at < len(lines):
        line, behind = told[at], next_told[at]
        following, names = told[behind], _names_who_wrote(line)
        if not names and following and _begins_to_name(line) and _names_who_wrote(f"{line} {following}"):
            # A program breaks a long line before its last word.
            names, at = True, behind
            following = told[next_told[at]]
        if _begins_a_quotation(line, following) or (names and not following.startswith(">")):
            kept = _without_ruler(kept)
            break
        if line.startswith(">"):
            quoted = line.strip("> ") or quoted
        elif not names:
            if line and quoted:
                # Who answers line by line says of each only what he was asked there.
                asked.append(len(kept))
                kept.append(printable(f"> {quoted}"))
                quoted = ""
            kept.append(printable(lines[at].rstrip()))
        at += 1
    return kept if len(asked) != 1 else kept[: asked[0]] + kept[asked[0] + 1 :]


def _begins_a_quotation(line: str, following: str) -> bool:
    if len(line) > _LONGEST_HEAD:
        return False
    if _NAMED_RULER.match(line):
        return True
    # `From` may begin a sentence; the head of a quotation has an address or another field below it.
    of_several = "@" in line or _FIELD.match(following[:_LONGEST_HEAD]) is not None
    return _SENDER.match(line) is not None and (of_several or not line.isascii())


def _without_ruler(lines: list[str]) -> list[str]:
    """The line that a program draws above what it quotes is none of the sender's."""
    while lines and (not lines[-1].strip() or _RULER.match(lines[-1].strip())):
        lines.pop()
    return lines


def _places_of_next(told: list[str]) -> list[int]:
    """For each line the place of the next one that says something; where none does, that of an empty one at the end."""
    places, place = [0] * len(told), len(told)
    for at in range(len(told) - 1, -1, -1):
        places[at] = place
        if told[at]:
            place = at
    told.append("")
    return places


def _names_who_wrote(line: str) -> bool:
    return len(line) <= 2 * _LONGEST_HEAD and _NAMES_WHO_WROTE.match(line) is not None


def _begins_to_name(line: str) -> bool:
    return len(line) <= _LONGEST_HEAD and _BEGINS_TO_NAME.match(line) is not None
