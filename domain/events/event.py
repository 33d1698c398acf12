"""What every event has, and how an event gains a field without a change to what was recorded before."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, NotRequired, ParamSpec, TypedDict, TypeVar, Unpack

from pydantic import AwareDatetime, Field

from domain.bounds import Place
from domain.frozen import Frozen, added_later

if TYPE_CHECKING:
    from domain.papers.paper import Overtaken, Paper
    from domain.state import ProjectState
    from domain.state.change import Change
    from domain.state.last_words import Fact


Facts = ParamSpec("Facts")
"""What an event of one type says beside its header: a fact that it does not have, or lacks, fails the type checker."""
AnEvent = TypeVar("AnEvent")


class Event(Frozen):
    """What every event has: its place in its project's stream (dense from 0), its instants, its actor, its cause.

    `on_behalf_of` names the one for whom a deputy acted, `attested` the file in which the door attests the act that
    caused it. `by_person` and `for_person` are the numbers of the persons in the directory, `own_key` says that the
    person's own key signed the act. The first event of a request carries the digest of what was asked, so that the same
    id with other content is told apart. `seen` is how many events of the project whoever acted had seen.

    The type checker refuses these fields in an event's constructor, so that an act gives its facts alone; `headed` adds
    them.
    """

    v: int = 1
    if TYPE_CHECKING:

        @property
        def seq(self) -> int: ...
        @property
        def occurred_at(self) -> datetime: ...
        @property
        def decided_at(self) -> datetime: ...
        @property
        def actor(self) -> str: ...
        @property
        def cause(self) -> str: ...
        @property
        def on_behalf_of(self) -> str | None: ...
        @property
        def request_digest(self) -> str | None: ...
        @property
        def attested(self) -> str | None: ...
        @property
        def own_key(self) -> str | None: ...
        @property
        def by_person(self) -> str | None: ...
        @property
        def for_person(self) -> str | None: ...
        @property
        def seen(self) -> int | None: ...
    else:
        seq: int = Field(ge=0)
        occurred_at: AwareDatetime
        decided_at: AwareDatetime
        actor: str
        cause: str
        on_behalf_of: str | None = added_later()
        request_digest: str | None = added_later()
        attested: str | None = added_later()
        own_key: Literal["signed"] | None = added_later()
        by_person: str | None = added_later()
        for_person: str | None = added_later()
        seen: Place | None = added_later()


class ProjectEvent(Event):
    """An event of a project's stream, with all that follows from it: what it changes, its paper, its line of words.

    What it changes is total: where it does not apply, nothing.
    """

    def change(self, state: ProjectState) -> Change:
        """What it changes of the project."""
        return {}

    def decides(self) -> Iterable[Fact]:
        """The facts on which it is a person's last word, in the place of the one before."""
        return ()

    def paper(self, state: ProjectState) -> Paper | None:
        """The paper that it brings, if one; the state is the one after the decision."""
        return None

    def overtakes(self, state: ProjectState) -> Iterator[Overtaken]:
        """Unsent reminders and urges that this event makes pointless: of which milestone, why, whose (None: all)."""
        yield from ()

    def amends(self, state: ProjectState) -> str:
        """The change of the list as its order says it; nothing of another event."""
        return ""

    @abstractmethod
    def words(self) -> str:
        """What happened, as one line of Chinese: for the timeline that auditors and operators read."""


def whose(department: str | None) -> str:
    """A participating department before what is its own; nothing for the lead."""
    return f"{department}：" if department else ""


def noted(text: str, note: str | None) -> str:
    """A text with its note, where there is one."""
    return f"{text}：{note}" if note else text


class Header(TypedDict):
    """What stands on every event, as the recorder gives it."""

    seq: int
    occurred_at: datetime
    decided_at: datetime
    actor: str
    cause: str
    on_behalf_of: NotRequired[str | None]
    request_digest: NotRequired[str | None]
    attested: NotRequired[str | None]
    own_key: NotRequired[str | None]
    by_person: NotRequired[str | None]
    for_person: NotRequired[str | None]
    seen: NotRequired[int | None]


def headed(event_type: Callable[Facts, AnEvent], **header: Unpack[Header]) -> Callable[Facts, AnEvent]:
    """An event's type with its header given: what is left to give are its facts."""
    make: Any = event_type
    return lambda *_, **facts: make(**header, **facts)
