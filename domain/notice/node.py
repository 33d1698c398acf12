"""One line of a running text with what stands below it."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.notice.assignment import Assignment


@dataclass(slots=True)
class Node:
    """A numbered line or a heading with the plain lines below it; `lines` are their places and their words."""

    marker: str
    level: int
    text: str
    given: Assignment
    lines: list[tuple[int, str]]
    below: list[str] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    over: bool = False
    """Whether it says something of all items below it, and is none."""
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
