"""What is folded from the ledger's own streams for one who asks again and again, as the ledger gains.

Which projects were issued: an attested act says with what a project is opened, and under which calendar, before the
engine is asked to begin. The doors' keys: which was opened, and which closed, each by its place in one stream. The
persons' own keys: whose each is, at which site, and whether it still counts.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Generic, TypeVar

from domain.acts.attestation import key_id_of
from domain.clock import VirtualClock
from domain.directory.ids import PersonId
from domain.events import DomainEvent, ProjectDocketed, ReadingRuled
from domain.evidence import EvidenceFile
from domain.frozen import Frozen
from domain.ids import ProjectId
from domain.ports.ledger import Ledger, LedgerEntry
from domain.record.leaf import ISSUES_STREAM
from domain.record.own_entries import OwnEntry, attested_entry
from domain.rungs.ladder import START_CAUSE

State = TypeVar("State")


class Following(Generic[State]):
    """What a stream of the ledger comes to: each look reads only what came since the last one. Any thread may ask.

    `fold` makes a new state and leaves the old one as it is, which others may be reading.
    """

    def __init__(
        self, ledger: Ledger, stream: str, begin: State, fold: Callable[[State, Sequence[LedgerEntry]], State]
    ) -> None:
        self._ledger = ledger
        self._stream = stream
        self._state = begin
        self._fold = fold
        self._read = -1
        # Threads that fold at once would fold an entry twice, or put an older state over a newer one.
        self._alone = threading.Lock()

    def now(self) -> State:
        """The state as the ledger has it now."""
        with self._alone:
            entries = list(self._ledger.entries(self._stream, after=self._read))
            if entries:
                self._state, self._read = self._fold(self._state, entries), entries[-1].position
            return self._state


START_ISSUED: Final = "start.issued"
_HEADER: Final = frozenset(
    {
        *("seq", "occurred_at", "decided_at", "actor", "cause", "on_behalf_of", "request_digest", "attested"),
        *("own_key", "by_person", "for_person"),
    }
)


class IssuedStart(Frozen):
    """A start that was issued: the digest of all that the project is opened with, and the calendar that it keeps."""

    project_id: ProjectId
    opening: str
    clock: VirtualClock

    def command(self, by: str) -> dict[str, Any]:
        """What is asked for, as the attestation has it."""
        clock = self.clock.model_dump(mode="json", exclude_none=True)
        return {"type": "StartSupervision", "opening": self.opening, "clock": clock, "by": by}

    def entry(self, attested: EvidenceFile) -> OwnEntry:
        """What says in the ledger that it was issued."""
        return attested_entry(ISSUES_STREAM, START_ISSUED, self.model_dump(mode="json", exclude_none=True), attested)


def opening_digest(events: Iterable[DomainEvent]) -> str:
    """The hash of what a project is opened with, of the events that open it: its row, its rules, its calendar, the
    rulings on what the notice left open. No instant is in it."""
    said = [
        event.model_dump(mode="json", exclude=set(_HEADER))
        for event in events
        if isinstance(event, ProjectDocketed) or (isinstance(event, ReadingRuled) and event.cause == START_CAUSE)
    ]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


_Issued = Mapping[ProjectId, tuple[IssuedStart, ...]]


def _issued_after(known: _Issued, entries: Iterable[LedgerEntry]) -> _Issued:
    issued = dict(known)
    for entry in entries:
        if entry.type == START_ISSUED:
            data = {name: entry.event["data"][name] for name in IssuedStart.model_fields}
            start = IssuedStart.model_validate(data, strict=False)
            issued[start.project_id] = (*issued.get(start.project_id, ()), start)
    return issued


class IssueReader(Following[_Issued]):
    """The issued starts by project, for one who asks again and again."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger, ISSUES_STREAM, {}, _issued_after)

    def of(self, project_id: ProjectId) -> tuple[IssuedStart, ...]:
        """Every start of a project that was issued, in order."""
        return self.now().get(project_id, ())


DOORS_STREAM: Final = "log/doors"
"""The ledger's own stream about the keys with which doors attest acts."""
DOOR_OPENED: Final = "door.opened"
DOOR_CLOSED: Final = "door.closed"


@dataclass(frozen=True, slots=True)
class DoorKey:
    """A door's key: its kind of door, its public half, and whether acts may still come with it."""

    kind: str
    public: bytes
    is_open: bool = True


def doors_after(known: dict[str, DoorKey], entries: Iterable[LedgerEntry]) -> dict[str, DoorKey]:
    """The keys by their names, after more entries of the stream."""
    doors = dict(known)
    for entry in entries:
        data = entry.event["data"]
        key = str(data.get("key"))
        if entry.type == DOOR_OPENED:
            public = public_of(str(data.get("public")))
            # Named by its own hash: an entry that says otherwise opens nothing.
            if key_id_of(public) == key:
                doors.setdefault(key, DoorKey(str(data.get("door")), public))
        elif entry.type == DOOR_CLOSED and key in doors:
            doors[key] = replace(doors[key], is_open=False)
    return doors


class DoorReader(Following[dict[str, DoorKey]]):
    """The doors' keys by their names, for one who asks again and again."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger, DOORS_STREAM, {}, doors_after)


def public_of(text: str) -> bytes:
    """A public key as its entry has it; no bytes where they cannot be read."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""


PERSON_KEYS_STREAM: Final = "log/person-keys"
"""The ledger's own stream of the keys with which persons sign their acts."""
PERSON_KEY_ENROLLED: Final = "person-key.enrolled"
PERSON_KEY_REVOKED: Final = "person-key.revoked"


@dataclass(frozen=True, slots=True)
class PersonKey:
    """A person's own key: its public half (DER), the domain it was made for, or the certificate (DER) that has it, and
    whether it counts.

    `let_go_by` is the account that revoked it.
    """

    key: str
    person_id: PersonId
    account: str
    public: bytes
    rp_id: str
    is_open: bool = True
    let_go_by: str | None = None
    certificate: bytes = b""

    def enrolled(self, attested: EvidenceFile) -> OwnEntry:
        """What says in the ledger that the key is this person's."""
        data = {
            "key": self.key,
            "person_id": self.person_id,
            "account": self.account,
            "public": base64.b64encode(self.public).decode(),
            "rp_id": self.rp_id,
        }
        if self.certificate:
            data["certificate"] = base64.b64encode(self.certificate).decode()
        return attested_entry(PERSON_KEYS_STREAM, PERSON_KEY_ENROLLED, data, attested)


def key_revoked(key: str, by: str, reason: str, attested: EvidenceFile) -> OwnEntry:
    """What says in the ledger that a key counts no more."""
    data = {"key": key, "by": by, "reason": reason}
    return attested_entry(PERSON_KEYS_STREAM, PERSON_KEY_REVOKED, data, attested)


def person_keys_after(known: Mapping[str, PersonKey], entries: Iterable[LedgerEntry]) -> dict[str, PersonKey]:
    """The keys by their names, after more entries of the stream; once revoked, a key stays so."""
    keys = dict(known)
    for entry in entries:
        data = entry.event["data"]
        name = str(data.get("key"))
        if entry.type == PERSON_KEY_ENROLLED:
            public = public_of(str(data.get("public")))
            # Named by its own hash: an entry that says otherwise enrols nothing.
            if hashlib.sha256(public).hexdigest() == name:
                owner = str(data.get("person_id")), str(data.get("account"))
                certificate = public_of(str(data.get("certificate", "")))
                key = PersonKey(name, *owner, public, str(data.get("rp_id")), certificate=certificate)
                keys.setdefault(name, key)
        elif entry.type == PERSON_KEY_REVOKED and name in keys:
            keys[name] = replace(keys[name], is_open=False, let_go_by=str(data.get("by")))
    return keys


class PersonKeyReader(Following[Mapping[str, PersonKey]]):
    """The persons' keys by their names, for one who asks again and again."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger, PERSON_KEYS_STREAM, {}, person_keys_after)


def open_keys_of(keys: Mapping[str, PersonKey], person_id: PersonId | None) -> tuple[PersonKey, ...]:
    """The keys of a person that count now."""
    return tuple(key for key in keys.values() if key.is_open and key.person_id == person_id)
