"""The pages that a refusal's reader opens next: each as a link, where there is such a page and he may open it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import quote

from domain.errors import DubanError, UnreadableIdError
from domain.ids import project_of
from entrypoints.next_steps import NEXT_STEPS, NextStep

MayOpen = Callable[[str], bool]
_PLACE = re.compile(r"\{(\w+)\}")
_UNASKED = re.compile(r"\?milestone=\{milestone_id\}$")
_NOTHING = NextStep()


def next_page(error: DubanError, known: Mapping[str, str], may_open: MayOpen) -> tuple[str, str] | None:
    """The word and the address of the page to open after a refusal; none where the sentence is all there is."""
    values = _values({**known, **{name: value for name, value in error.ids.items() if isinstance(value, str)}})
    for step in NEXT_STEPS.get(error.rule, _NOTHING).pages:
        page = step.page if "milestone_id" in values else _UNASKED.sub("", step.page)
        if all(name in values for name in _PLACE.findall(page)):
            address = _PLACE.sub(lambda place: quote(values[place[1]], safe=""), page)
            if may_open(address):
                return step.words, address
    return None


def _values(given: Mapping[str, str]) -> dict[str, str]:
    values = {name: value for name, value in given.items() if value}
    if "project_id" not in values and "milestone_id" in values:
        try:
            values["project_id"] = project_of(values["milestone_id"])
        except UnreadableIdError:
            del values["milestone_id"]
    return values
