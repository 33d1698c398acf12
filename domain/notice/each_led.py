"""Several duties in one line, each led by somebody of its own."""

from __future__ import annotations

from itertools import pairwise

from domain.notice.assignment import Assignment
from domain.notice.assignments import assignment_in
from domain.notice.column_heads import role_of
from domain.notice.folding import fold
from domain.notice.patterns import regex
from domain.notice.time_cells import holds_a_time, is_a_time
from domain.notice.units import all_units

# `甲局：3月底前…；乙局：4月底前…`: offices in one line, each with what it has to do.
_NEXT_OFFICE = regex(r"(?<=[;。])\s*(?=[一-鿿、]{2,24}:)")
BUILT = regex(
    r"[一-鿿]*(?:中心|[馆院所站园社校室队组店厂]|学院|公司|集团):[^,;。]*?(?:建成|建好|复工|续建|封顶|开[工建业馆园放]|动工|[竣完]工|投用|投入[使运][用营]|交付|封顶|[揭挂]牌"
    r"|启用|[改扩迁新]建|改造|组建|建设|装修|搬迁|落成|验收)(?:完成|投用|(?:并)?(?:投入|交付)?使用|到位)?(?:[,;。、(并]|$)"
)
"""`市民中心：10月底前建成投用`: what is built is called as some offices are, and does nothing itself."""
COUNTED = regex(r"(?:^|(?<=[；;。]))\s*[一二三四五六七八九十]是\s*")
"""What counts the parts of a line (`一是…；二是…`)."""

_NEXT_ITEM = regex(r"(?<=[。；;])\s*(?=[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)])")
_HEAD_OVER_ITEMS = regex(
    r"\s*(?:\(?[一二三四五六七八九十]{1,3}[、)])?\s*(?P<who>[一-鿿、\d]{2,24})(?:\([一-鿿、:,;]{3,40}\))?:\s*(?=1[.、](?!\d(?!\d?月)))"
)
_NEXT_COUNTED = regex(r"(?<=[。；;])\s*(?=\d{1,2}[.．、](?!\d(?!\d?月)))")
_NUMBER = regex(r"\s*(\d{1,2})[.．、]")

Led = tuple[str, Assignment, str]
"""What is to be done, who leads it and by when, and the words of both."""


def each_led(line: str) -> list[Led]:
    """`甲局：5月底前…；乙局：…`, `一是…（甲局牵头）；二是…（乙局牵头）`: what each has to do, and who that is.

    Nothing where somebody else is named behind a colon, nothing there says by when, or a part names nobody.
    """
    if counted := _counted(line):
        return counted
    cuts = [0, *(match.end() for match in _NEXT_OFFICE.finditer(fold(line))), len(line)]
    led: list[Led] = []
    for begin, end in pairwise(cuts):
        piece = line[begin:end].strip()
        who, _, duty = piece.partition("：" if "：" in piece else ":")
        body, found = assignment_in(duty.strip())
        if (
            BUILT.match(fold(piece))
            or not all_units(who.strip())
            or role_of(who) is not None
            or not holds_a_time(duty)
            or found.lead
        ):
            return []
        found.add("lead", who)
        led.append((body, found, piece))
    return led


def items_in(line: str) -> list[str]:
    """`一、…。（一）…（甲局牵头）；（二）…（乙局牵头）`: the items of a line, each of which says who leads it."""
    headed = _HEAD_OVER_ITEMS.match(fold(line))
    if headed is not None and (all_units(headed["who"]) or is_a_time(headed["who"])):
        rest = line[headed.end() :]
        parts = [part for part in _NEXT_COUNTED.split(rest) if part.strip()]
        numbers = [int(number[1]) for part in parts if (number := _NUMBER.match(part)) is not None]
        if len(parts) > 1 and numbers == [*range(1, len(parts) + 1)]:
            # `一、市财政局：1.…。2.…`, `（二）3月：1.…；2.…`
            return [line[: headed.end()], *parts]
    first, *items = _NEXT_ITEM.split(line.strip())
    counted = items if not first.startswith(("（", "(")) else [first, *items]
    return [first, *items] if len(counted) > 1 and all(assignment_in(item)[1].lead for item in counted) else [line]


def _counted(line: str) -> list[Led]:
    first, *pieces = COUNTED.split(line)
    led: list[Led] = [(*assignment_in(piece), piece) for piece in pieces]
    return led if len(led) > 1 and not first.strip() and all(found.lead for _, found, _ in led) else []
