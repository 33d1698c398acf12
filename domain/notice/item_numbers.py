"""The numbers and bullets that open items of a running text, and how deep each of them counts."""

from __future__ import annotations

from collections.abc import Sequence

from domain.notice.folding import fold
from domain.notice.patterns import regex

_MARKERS = (
    regex(r"^(?:[一二三四五六七八九十]{1,3}|[甲乙丙丁戊己庚])\s*[、.]\s*"),
    regex(r"^\(\s*[一二三四五六七八九十]{1,3}\s*\)\s*[、.]?\s*"),
    regex(
        r"^(?:(?:建议|提案|议案|督办件|交办件|信访件)第?\d{1,4}号?\s*[、:.]?|第\d{1,4}号(?:重点)?(?:建议|提案|议案)\s*[、:.]|[\[【][一-鿿]{0,6}?(?:任务|项目|事项|工作|举措|问题|实事)[一二三四五六七八九十\d]{1,3}[\]】]|[\[【(]第?\d{1,4}[号项条件](?:[^\])】\d]{0,6})[\])】]|(?!(?:19|20)\d\d)\d{1,4}\s*(?:\)|[、.](?!\d(?!\d?(?:-\d{1,2})?月|\d{3}年)))|第[一二三四五六七八九十\d]{1,3}[项条]\s*[、:]?|第[一二三四五六七八九十\d]{1,3}[件桩]\s*(?:[、:]|(?<=\s)(?=[一-鿿]))"
        # `DB-01 东部水厂扩建`
        r"|[A-Z]{1,4}-\d{1,4}(?:\s*[、.:]|\s)\s*(?=[一-鿿“《])"
        r"|(?:重点|整改|交办|督办|督查)?(?:序号|任务|项目|事项|工作|举措|行动|问题|实事|批示)\s*[一二三四五六七八九十\d]{1,3}\s*(?:[、:.]|$)|(?:任务|项目|事项|实事|问题)[一二三四五六七八九十\d]{1,3}\s(?=\s*(?![个年月天日周项家次场期])[一-鿿]{3}))\s*"
    ),
    regex(r"^\(\s*\d{1,3}\s*\)\s*[、.]?\s*"),
    regex(r"^[①-⑳]\s*"),
    regex(r"^(?:-{1,3}|[*•●■◆▪·○★☆]|[a-z]\))\s*"),
    # A bullet under a bullet, as the readers write it.
    regex(r"^◦\s*"),
)
BULLETS = 5
"""Marks of this level and below count nothing."""
_ONE = regex(r"1\s*[、.)]\s*")
NAMED_ITEM = regex(
    r"[\[【]?(?:重点|整改|交办|督办|督查)?(?:任务|项目|事项|工作|举措|行动|问题|实事|批示)(?=[一二三四五六七八九十\d])"
)
"""Opens the number of an item that says what it counts (`问题一：`)."""
# `⒈`, `⑴`, `㈠`: a number with its mark in one character counts as the number with its mark.
_IN_ONE = regex(r"^(?:(?P<item>[⒈-⒛])|(?P<part>[⑴-⒇])|(?P<section>[㈠-㈩]))[、.]?\s*")
_LEVELS_IN_ONE = {"section": 1, "item": 2, "part": 3}
# Numbers of this level and below count items; `一、` and headings count parts of the list.
FIRST_ITEM = 1
_ENGLISH_MARKER = regex(r"^(?:\d{1,2}\.){1,3}\d{0,2}\s+")
# `1-1 修订章程`
_NUMBER_IN_PART = regex(r"^\d{1,2}-\d{1,2}(?:\s+|\s*[、.]\s*)(?=[一-鿿“《])(?![个年月日季天周号次期])")
# `1.1修订…`: no amount (`3.5亿元`), no day (`6.30前`) and no feast (`6.5环境日`).
_TWO_NUMBERS = regex(
    r"^\d\.(?:\d|1[01])(?:\.\d{1,2})?(?=[一-鿿]{3})(?![百千万亿倍元个公里米吨级版期次日号月年前后起至到底]|[一-鿿]{1,8}[日节周月])"
)


def item_level(text: str) -> int | None:
    """How deep the number that opens a line counts; nothing where none does."""
    return marker_of(text.strip())[0]


def marker_of(text: str) -> tuple[int | None, str]:
    """How deep the number that opens a line counts, and the number with its marks; nothing where none does."""
    folded = fold(text)
    if (match := _TWO_NUMBERS.match(folded) or _NUMBER_IN_PART.match(folded)) is not None:
        return 3, text[: match.end()]
    if (match := _ENGLISH_MARKER.match(folded)) is not None and match.group().strip("0123456789. ") == "":
        dots = match.group().strip().strip(".").count(".")
        return (2 if dots == 0 else 3), text[: match.end()]
    if (match := _IN_ONE.match(text)) is not None:
        return _LEVELS_IN_ONE[match.lastgroup or ""], text[: match.end()]
    for level, pattern in enumerate(_MARKERS):
        if (match := pattern.match(folded)) is not None:
            # `• 1.2 …`: the number behind a bullet is none of the words.
            counted = _ENGLISH_MARKER.match(folded[match.end() :]) if level >= BULLETS else None
            return level, text[: match.end() + (counted.end() if counted is not None else 0)]
    return None, ""


def named_over_counted(lines: Sequence[str]) -> bool:
    """Whether `问题一：`, `问题二：` are the items of a list, each with measures that are counted from 1 below it."""
    levels = [marker_of(line) for line in lines]
    names = [at for at, (_, marker) in enumerate(levels) if NAMED_ITEM.match(marker)]
    ends = [*names[1:], len(lines)] if names else []
    firsts = [
        sum(_ONE.fullmatch(fold(marker)) is not None for _, marker in levels[begin:end])
        for begin, end in zip(names, ends, strict=True)
    ]
    return len(names) > 1 and sum(firsts) > 1 and max(firsts) == 1 and all(level != FIRST_ITEM for level, _ in levels)
