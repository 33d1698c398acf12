"""The rows of a list as printed, before anything in them is read as a time or a name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from domain.ids import ProjectId
from domain.notice.schedule import Schedule


@dataclass(slots=True)
class Part:
    """One stretch of a project's schedule that is read by itself: a source row's, or the whole cell.

    `sub` is the sub-task that it is about and stands before its text; `duty` is read where a time has no words of its
    own; `content` is what its source row has for the content. `said` tells that a step before it ends it, so that it is
    no milestone of its own.
    """

    text: str
    sub: str = ""
    duty: str = ""
    content: str = ""
    said: bool = False
    read: Schedule | None = None
    """What its text, or its sub-task where it has none, says, where somebody has read it already."""

    @property
    def printed(self) -> str:
        """The stretch as the plan keeps it."""
        return f"{self.sub}：{self.text}" if self.sub and self.text else self.sub or self.text


@dataclass(slots=True)
class Remark:
    """Something about a row to tell the operator; `text` is what it is about."""

    code: str
    severity: str
    sentence: str
    text: str = ""
    assumed: str | None = None


@dataclass(slots=True)
class ProjectRow:
    """One project of the list as printed, with the places it was read from.

    `other_leads` are those who lead a sub-task of it in a row of its own, without the mark of their part;
    `persons` says whether a head announces persons in the row's cells, and whether it was asked who leads where only
    persons stand.
    """

    serial: str
    title: str
    content: str
    lead: str
    participants: str
    place: str
    parts: list[Part] = field(default_factory=list)
    lead_from_above: bool = False
    lead_lacks: bool = False
    persons: Literal["unannounced", "announced", "asked about"] = "unannounced"
    other_leads: tuple[str, ...] = ()
    numbered: bool = True
    of_task_above: bool = False
    more: dict[str, str] = field(default_factory=dict)
    section: str = ""
    further: list[str] = field(default_factory=list)
    """What further columns say of it, each with its head: part of the main content."""
    goal: str = ""
    """What a column says is reached in the list's year."""
    remarks: list[Remark] = field(default_factory=list)
    said_beside: list[str] = field(default_factory=list)
    """What its columns say that are not read, but for who else has a part in it."""
    list_number: int = 0
    project_id: ProjectId | None = None

    @property
    def schedule(self) -> str:
        """The schedule as the plan keeps it: its stretches, a line each."""
        return "\n".join(part.printed for part in self.parts if part.printed)


@dataclass(slots=True)
class Lacking:
    """What a list does not say by itself, and what is assumed: shown to the operator once for the list."""

    key: str
    code: str
    severity: str
    sentence: str
    assumed: str | None = None
    choices: tuple[tuple[str, str], ...] = ()
    text: str = ""


@dataclass(slots=True)
class ListedTable:
    """The rows of one list with the lines that stand above it; `led` says whether a column tells who leads."""

    heading: list[str]
    rows: list[ProjectRow] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    section: str = ""
    lacking: list[Lacking] = field(default_factory=list)
    led: bool = True
    made_whole: list[str] = field(default_factory=list)
    """The names of offices that were broken over the lines of a place."""


def one_line(text: str) -> str:
    """A text over several lines as the one line that it was wrapped from."""
    return re.sub(r"(?<=[^\x00-\x7f])\s*\n\s*|\s*\n\s*(?=[^\x00-\x7f])", "", text).replace("\n", " ")
