"""The outlook: what time alone will bring of each project, and what is counted by month; beside the register's rows.

It is a projection as the register is: derived by the core from the ledger, no truth of its own, dropped and derived
again without loss. It takes the core long to look ahead, so a project's outlook is derived after its row and may be of
fewer events: which ones are not up to date is asked with `due`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, Literal, Protocol

from pydantic import Field

from domain.frozen import Frozen
from domain.ids import MilestoneId, ProjectId
from domain.names import Addressee
from domain.papers.paper import PaperKind

MOST_DAYS: Final = 60
"""How far anybody may look ahead, today included."""
TallyKind = Literal["papers", "returns", "inspections", "breaches"]
TallyKey = tuple[TallyKind, Addressee, str]
"""What is counted, of whom, in which month (`2018-06`)."""


class ForetoldPaper(Frozen):
    """One paper to one addressee that comes on a day if nobody does anything; `copy_of` where it is a copy."""

    on: date
    to: Addressee
    kind: PaperKind
    milestone_id: MilestoneId | None
    copy_of: bool


@dataclass(frozen=True, slots=True)
class Foretold:
    """What time will bring of a project, from its first `events` events, looked at on `since`, until a day.

    `wakes_at` is when it comes next, none where nothing comes; whoever looks later puts it off, so it makes no look
    another one.
    """

    project_id: ProjectId
    events: int
    since: date
    until: date
    papers: tuple[ForetoldPaper, ...]
    wakes_at: datetime | None = field(default=None, compare=False)

    @property
    def holds_until(self) -> date:
        """The last day on which it can be shown as it is: it reaches far enough, and nothing of it is overdue."""
        far_enough = self.until - timedelta(days=MOST_DAYS - 1)
        return min([far_enough, *(paper.on for paper in self.papers)])


class ListedPaper(ForetoldPaper):
    """A foretold paper with the project that it is of."""

    project_id: ProjectId
    project_title: str
    place: int
    """Which of its project's papers it is."""


Foreplace = tuple[date, str, str, int]
"""Where a foretold paper stands among all of them: its day, to whom it goes, its project, its place there; with an
empty project, what stands before all that go to somebody on a day."""


class OutlookQuery(Frozen):
    """Which foretold papers until a day (included), by day, addressee and project, and which part of them: at most
    `limit`, the first ones `after` a place, or the last ones `before` one."""

    until: date
    to: str | None = None
    """As somebody typed it: a name that nobody bears finds nothing."""
    on: date | None = None
    limit: int | None = Field(default=None, ge=1)
    after: Foreplace | None = None
    before: Foreplace | None = None


class Outlook(Protocol):
    """MUST answer rows of one commit. All methods may be called from any thread."""

    def due(self, now: datetime) -> Sequence[ProjectId]:
        """The projects of the register whose outlook is not up to date, or is of a day to come (which a clock that is a
        little ahead may show already), in order of identity."""

    def should_have_woken(self, before: datetime) -> Sequence[ProjectId]:
        """The projects to which nothing happened since something came due before an instant, the oldest in front."""

    def papers(self, query: OutlookQuery) -> Sequence[ListedPaper]:
        """The foretold papers that a query asks for."""

    def count(self, query: OutlookQuery) -> int:
        """How many there are, whatever its `limit`."""

    def counts(self, until: date) -> Mapping[tuple[date, Addressee], int]:
        """How many foretold papers come on which day to whom."""

    def kept(self) -> Sequence[Foretold]:
        """Everything that is foretold, project by project."""

    def tallies(self) -> tuple[int, Mapping[TallyKey, int]]:
        """From how many entries of the ledger was counted, and what was."""

    async def keep(self, found: Sequence[Foretold]) -> None:
        """Put projects in, in the place of what was foretold of them from fewer events or earlier."""

    async def put_off(self, waking: Sequence[tuple[ProjectId, int, datetime | None]]) -> None:
        """Say of projects, with so many events, when time will next bring something after all."""

    async def tally(self, before: int, until: int, counted: Mapping[TallyKey, int]) -> bool:
        """Add what the entries from `before` to `until` say, where exactly those before were counted; whether so."""
