"""Every office that a project's words charge is one of its departments, or a finding names it: checked without the
grammar that reads who leads and who helps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from domain.notice.departments import is_group
from domain.notice.folding import fold
from domain.notice.offices_in_text import offices
from domain.notice.patterns import regex
from domain.notice.units import all_units
from domain.project import KeyProject

_ONE = r"[^,;。:、\n()]{2,16}(?:\([^()]{1,8}\))?"
# `派出所、各村（社区）配合`, in a part of its own.
_CHARGED = regex(
    rf"(?:^|(?<=[,;。:\n(]))\s*[由请]?(?P<who>{_ONE}(?:、{_ONE})*?)(?:积极|密切|协同|共同|做好|予以|分别|联合|具体)*"
    r"(?:(?P<helps>配合|协助|协办|参与|参加|协同)|牵头|负责|承办|主办|落实)(?=[,;。)\n]|$)"
)
# `各作业队落实`: many at once, whatever they are called; `各分管领导负责` is of persons.
_MANY = regex(r"各[一-鿿]{2,6}(?<!领导)(?<!同志)(?<!负责人)")
_IN_BRACKETS = regex(r"\([^()]*\)")
_BETWEEN = regex(r"[、和及与]")
# Where a part of a sentence begins, with the word that charges whom it opens with.
_OPENS = regex(r"(?:^|(?<=[,;。:\n]))\s*[由请]?(?=[一-鿿])")
_SHORTEST = 3


def unkept_charges(project: KeyProject, known: Collection[str], named: Iterable[str]) -> Iterator[str]:
    """What a project's words say of offices that are none of its own, and of which nothing is told in `named`.

    `known` are the departments of the whole list: one of them that opens a part of a sentence is charged with it.
    """
    own = fold("、".join((project.lead_department, *project.participating_departments)))
    told = fold("\n".join(named))
    text = fold("\n".join(dict.fromkeys((project.title, project.main_content, project.schedule_text))))
    seen: set[str] = set()
    for said in (*_charged(text, own), *_opening(text, own, known)):
        if said not in seen and said not in told:
            seen.add(said)
            yield said


def named_in_a_sentence(names: Iterable[str]) -> frozenset[str]:
    """The departments of a list that can be known again in a sentence."""
    plain = {fold(name) for name in names if len(name) >= _SHORTEST}
    return frozenset(name for name in plain if all_units(name) or is_group(name))


def _charged(text: str, own: str) -> Iterator[str]:
    for match in _CHARGED.finditer(text):
        others = [name for part in _BETWEEN.split(match["who"]) if (name := part.strip()) not in own]
        plain = [_IN_BRACKETS.sub("", name) for name in others]
        if plain and (match["helps"] or all(_MANY.fullmatch(name) or offices(name) for name in plain)):
            yield match["who"]


def _opening(text: str, own: str, known: Collection[str]) -> Iterator[str]:
    lengths = sorted({len(name) for name in known}, reverse=True)
    for begin in _OPENS.finditer(text):
        found = (text[begin.end() : begin.end() + length] for length in lengths)
        name = next((name for name in found if name in known), None)
        if name is not None and name not in own:
            yield name
