"""One line of a running text with what stands below it, and which lines stand under which."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from domain.notice.assignment import Assignment
from domain.notice.folding import fold
from domain.notice.item_numbers import FIRST_ITEM


@dataclass(slots=True)
class Node:
    """A numbered line or a heading with the plain lines below it; `lines` are their places and their words."""

    marker: str
    level: int
    text: str
    given: Assignment
    lines: list[tuple[int, str]]
    below: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    """The lines of labels below it, as printed."""
    children: list[Node] = field(default_factory=list)
    over: bool = False
    """Whether it says something of all items below it, and is none."""
    measures: bool = False
    """Whether a label without words (`整改措施：`) says that what stands under it is its measures."""
    year: str = ""
    """The year that the line over it says."""
    within: str = ""
    """The stage over it, in which it comes back."""
    part_of: str = ""
    """What the item is about of which it is one office's part."""
    further: bool = False
    """Whether it is a further part of the item before it, under its number."""
    counted_on: bool = False
    """Whether its items are counted on from those of the part before it, or those of the next part from its own."""

    @property
    def assigned(self) -> bool:
        """Whether somebody leads it, or it has a limit of its own."""
        return bool(self.given.lead or self.given.due or self.given.schedule)

    @property
    def all_below(self) -> list[Node]:
        """Whatever stands under it, level by level, in its order."""
        return [found for child in self.children for found in (child, *child.all_below)]

    @property
    def given_below(self) -> bool:
        """Whether it or anything under it is somebody's."""
        return any(found.assigned for found in (self, *self.all_below))

    @property
    def words(self) -> str:
        """Its own words, with the plain lines below it."""
        return "\n".join([self.text, *self.below]).strip()


def nested(nodes: Sequence[Node]) -> list[Node]:
    """The nodes under those of an upper level that they stand behind; a bullet stands under any number."""
    roots: list[Node] = []
    stack: list[Node] = []
    for node in nodes:
        while stack and stack[-1].level >= node.level:
            stack.pop()
        (stack[-1].children if stack else roots).append(node)
        stack.append(node)
    for before, after in pairwise([root for root in roots if root.level <= FIRST_ITEM]):
        if _goes_on_counting(before, after):
            before.counted_on = after.counted_on = True
    return roots


def _goes_on_counting(before: Node, after: Node) -> bool:
    """`一、…` with 1 and 2 below it, and then `二、…` with 3: what is counted through the list are its items."""
    last, first = before.children[-1:], after.children[:1]
    numbers = [re.match(r"\d{1,3}", fold(child.marker)) for child in (*last, *first)]
    counts = [int(number.group()) for number in numbers if number is not None]
    return len(counts) == 2 and counts[1] == counts[0] + 1 and last[0].level == first[0].level
