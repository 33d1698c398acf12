"""The ledger: the append-only record of every event, and of the papers that follow from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol

from pydantic import AwareDatetime

from domain.acts.commands import AnyCommand
from domain.clock import VirtualClock
from domain.events import CommandRejected, DomainEvent
from domain.frozen import Frozen, added_later
from domain.papers.paper import Paper, Withholding
from domain.state import ProjectState

_DIGEST_DIGITS = 32


def digest_of(events: Iterable[DomainEvent]) -> str:
    """A short hash of events that were decided: 32 hexadecimal digits.

    The sentence of a refusal is not in it: which rule was broken is decided, how it is said may be worded better.
    """
    digest = sha256()
    for event in events:
        reworded = {"text"} if isinstance(event, CommandRejected) else None
        digest.update(event.model_dump_json(exclude=reworded).encode())
    return digest.hexdigest()[:_DIGEST_DIGITS]


class Taken(Frozen):
    """One arrival that a decision took: its name among those of its run, when it was decided, how many events; and with
    which count of inspections in other projects, where it was decided with one."""

    key: str
    at: AwareDatetime
    events: int
    elsewhere: int | None = added_later()


class Acceptance(Frozen):
    """A command that was accepted: as it was given, and how many events of the stream answer it, from `first` on."""

    accepted_at: AwareDatetime
    stream: str
    request_id: str
    first: int
    events: int
    command: dict[str, Any]


class Unheard(Frozen):
    """An act that no validator has heard (it came by signal, or was carried into this run): by the name of its arrival,
    with its command and when it was decided, by the supervised year and by the engine's clock. It is asked about before
    it is recorded."""

    key: str
    at: AwareDatetime
    engine_at: AwareDatetime
    command: AnyCommand


class NotHeard(Frozen):
    """An act that must not be recorded, by the name of its arrival, and which rule it breaks."""

    key: str
    rule: str
    text: str


class Begins(Frozen):
    """With what a run began that has recorded nothing yet: its calendar, and the digest of the state that it was given;
    none in a first run."""

    clock: VirtualClock
    state: str | None


class Begun(Frozen):
    """What a run goes on with in the place of what it was given: the ledger's state, and the issued calendar."""

    clock: VirtualClock
    state: ProjectState
    dated: AwareDatetime


class Decision(Frozen):
    """What one decision of a project adds: its events, in order, and the papers that follow from them.

    `stream` is the workflow's id; the events' `seq` are dense and go on where the stream ends, at `first`. `taken` says
    on which arrivals it was decided, `accepted` which of them were commands that made something happen. Without events
    it says that an instant was looked at and that nothing was due. `ends` says that its run shall end. `unheard` are
    the acts that are asked about before anything is recorded.
    """

    stream: str
    events: tuple[DomainEvent, ...]
    first: int | None = None
    papers: tuple[Paper, ...] = ()
    withheld: tuple[Withholding, ...] = ()
    taken: tuple[Taken, ...] = ()
    accepted: tuple[Acceptance, ...] = ()
    ends: bool = False
    unheard: tuple[Unheard, ...] = ()
    begins: Begins | None = None

    def digest(self) -> str:
        """A short hash of what was decided."""
        return digest_of(self.events)


class Recorded(Frozen):
    """How a decision stands in the ledger.

    `taken`, `digest` and `ends` are those of the decision: a replay follows them. Where the decision came too late,
    `standing` has what the stream has had since its first event: the ledger's events stand. Where acts of it must not
    be heard, nothing was recorded: `not_heard` says which ones, and the decision is made again without them.
    """

    taken: tuple[Taken, ...] = ()
    digest: str = ""
    standing: tuple[DomainEvent, ...] = ()
    ends: bool = False
    not_heard: tuple[NotHeard, ...] = ()
    refused: NotHeard | None = None
    """Why a run must not go on at all: nobody issued it."""
    begun: Begun | None = None
    """Nothing was recorded: the run was given another state, or another calendar, than the ledger has."""
    elsewhere: int | None = added_later()
    """Nothing was recorded: an inspection would be above the cap, for the lead department has so many this month in
    other projects; the decision is made again with the number."""

    @property
    def added_nothing(self) -> bool:
        """Whether the ledger took nothing of the decision: what stands, or a verdict, is answered in its place."""
        return bool(self.standing or self.not_heard or self.refused or self.begun) or self.elsewhere is not None

    @classmethod
    def as_given(cls, decision: Decision) -> Recorded:
        """The answer for a decision that the ledger has as it was given."""
        return cls(taken=decision.taken, digest=decision.digest(), ends=decision.ends)


class LedgerEntry(Frozen):
    """One entry as it was kept: `position` in the whole ledger (dense from 0), `event` as plain JSON values."""

    position: int
    event_id: str
    stream: str
    stream_seq: int
    type: str
    appended_at: AwareDatetime
    event: dict[str, Any]


class Refusal(Frozen):
    """A command that was refused: it left nothing in any history, so it is kept here."""

    refused_at: AwareDatetime
    stream: str
    rule: str
    text: str
    command: dict[str, Any]


class Ledger(Protocol):
    """MUST keep every acknowledged decision through any crash; MUST NOT change or remove what it kept.

    All methods may be called from any thread or task; `record` answers only after the bytes are on the disk.
    """

    async def record(self, decision: Decision) -> None:
        """Append the events, number and enqueue the papers and keep the accepted commands, in one transaction.

        The same decision again changes nothing. An overlapping one appends what is new.

        Raises:
            LedgerConflictError: an event's identity is taken by another event, or the stream has a gap.
            LedgerUnavailableError: the store does not answer or has no room.
        """

    async def refuse(self, refusal: Refusal) -> None:
        """Keep a refused command."""

    async def settle_clock(self, clock: VirtualClock) -> VirtualClock:
        """Keep the installation's clock if it has none yet, and answer the one that is kept."""

    def clock(self) -> VirtualClock | None:
        """The installation's clock, or none before its first start."""

    def entries(self, stream: str | None = None, *, after: int = -1) -> Iterator[LedgerEntry]:
        """The entries of a stream (or of all), in order, whose position is greater than `after`."""

    def newest(
        self, stream: str | None = None, *, before: int | None = None, beginning: str = ""
    ) -> Iterator[LedgerEntry]:
        """The entries of a stream (or of all streams whose name starts with `beginning`) before the position `before`,
        the newest first."""

    def streams(self) -> Sequence[str]:
        """Every stream that has an entry, in order of its first one."""

    def refusals(self, stream: str | None = None, *, since: datetime | None = None) -> Sequence[Refusal]:
        """The refused commands of a stream (or of all), in order; those `since` an instant, where one is given."""

    def acceptances(self, stream: str | None = None) -> Sequence[Acceptance]:
        """The accepted commands of a stream (or of all), in order."""

    def events_as_known_at(self, stream: str, instant: datetime) -> Iterator[LedgerEntry]:
        """The entries of a stream that were decided at or before `instant`, in order."""
