"""Names of offices that a narrow column broke over the lines of a place (`县应急⏎管理局`)."""

from __future__ import annotations

from domain.notice.departments import is_group
from domain.notice.patterns import regex
from domain.notice.persons import is_person
from domain.notice.units import all_units

# The last name of a line, and the first of the line below it, each up to the next mark.
_LAST = regex(r"[一-鿿]+$")
_FIRST = regex(r"[一-鿿]+")
_OF_A_PLACE = regex(r"[省市县区州旗镇乡]")
# `市委` is no office alone where `宣传部` stands below it.
_COMMITTEE = regex(r"[省市县区州旗镇乡]委")
_OF_A_COMMITTEE = regex(r"[一-鿿]{1,6}[部办校]|[一-鿿]{1,8}办公室")
# `各县⏎（区）`, `（牵⏎头）`: brackets belong to the name above, and hold what stands in them together.
_BROKEN_AT_BRACKETS = regex(
    r"(?<=[一-鿿])[^\S\n]*\n[^\S\n]*(?=[(（][^()（）\n]{1,12}[)）])|(?<=[(（][一-鿿])\n(?=[一-鿿]{1,3}[)）])"
)
# A word for a part in the duty, or a whole office inside: what follows is another name.
_TOLD = regex(r"牵头|配合|负责|主办|协办|参与|协助|共同|单位|部门|[局厅处科](?=[一-鿿])")
_SHORTEST = 3
_LONGEST = 20


def with_whole_names(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with each broken name on one line, and these names: their pieces are no offices, together they are."""
    lines = [line.strip() for line in _BROKEN_AT_BRACKETS.sub("", text).split("\n") if line.strip()]
    kept: list[str] = []
    whole: list[str] = []
    while lines:
        line = lines.pop(0)
        count, name = _broken(line, lines)
        if name:
            line += "".join(lines[:count])
            del lines[:count]
            whole.append(name)
            # What follows the name on its last line may be broken itself.
            lines.insert(0, line)
            continue
        kept.append(line)
    return "\n".join(kept), tuple(whole)


def _broken(line: str, below: list[str]) -> tuple[int, str]:
    """How many lines below go on with the last name of a line, and the whole name; none where it is whole itself."""
    name = piece = _last(line)
    committee = _COMMITTEE.fullmatch(piece) is not None
    if not piece or _TOLD.search(piece) or is_group(piece) or is_person(piece):
        return 0, ""
    if _is_whole(piece) and not committee:
        return 0, ""
    for count, following in enumerate(below, 1):
        first = _FIRST.match(following)
        tail = first.group() if first is not None else ""
        again = _OF_A_PLACE.match(piece) is not None and tail[:1] == piece[0]
        if not tail or again or is_group(tail) or (committee and not _OF_A_COMMITTEE.fullmatch(tail)):
            return 0, ""
        name += tail
        if _is_whole(name):
            sure = committee or _OF_A_PLACE.match(piece) or len(piece) >= _SHORTEST or not _is_whole(tail)
            return (count, name) if sure else (0, "")
        if tail != following or len(name) > _LONGEST:
            return 0, ""
    return 0, ""


def _last(line: str) -> str:
    found = _LAST.search(line)
    return found.group() if found is not None else ""


def _is_whole(name: str) -> bool:
    return all_units(name) and not name.endswith("城乡")
