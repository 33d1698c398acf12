"""What the ledger says about itself and about the office: entries of its own streams, which belong to no project.

Time stamps of heads, as the ledger tells of them.

Files that were shown as evidence and erased by order: the record keeps their hashes, and by whose order.

A rehearsal copy of a year: its own log says that it is one, from which log it was copied, and how its time runs.

How a supervision that did not go on was brought back: what the ledger says of it among the incidents.

Keys that were stolen, or may be: since when what they signed is in doubt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import AwareDatetime

from domain.bounds import Place
from domain.clock import VirtualClock
from domain.directory.ids import PersonId
from domain.errors import UnusableInputError
from domain.evidence import EvidenceFile
from domain.frozen import Frozen
from domain.names import Name
from domain.ports.ledger import Ledger
from domain.record.leaf import leaf_instant
from domain.texts import Line


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """One of them. With `once`, a stream keeps the same data only one time; `first` is how long the stream was when
    this was decided on it, where that matters."""

    stream: str
    type: str
    data: Mapping[str, Any]
    blobs: tuple[Mapping[str, Any], ...] = ()
    once: bool = False
    first: int | None = None


def attested_entry(
    stream: str, type_: str, data: Mapping[str, Any], attested: EvidenceFile, first: int | None = None
) -> OwnEntry:
    """What somebody did about the office, with the file that attests who it was."""
    return OwnEntry(stream, type_, {**data, "attested": str(attested)}, (attested.model_dump(),), first=first)


STAMPS_STREAM: Final = "log/stamps"
"""The ledger's own stream of time stamps over its heads."""
HEAD_STAMPED: Final = "head.stamped"


class HeadStamp(Frozen):
    """A time stamp: over the head of which size and log, when, by which authority. Its bytes are kept as evidence."""

    origin: str
    size: Place
    at: AwareDatetime
    authority: str


ERASURES_STREAM: Final = "log/erasures"
"""The ledger's own stream of files that were erased."""
EVIDENCE_ERASED: Final = "evidence.erased"


class Erasure(Frozen):
    """A file that was erased: its hash, by which order, by whom, and who confirmed it; with their numbers, if known."""

    sha256: str
    order: Line
    by: Name
    confirmed_by: Name
    by_person: PersonId | None = None
    confirmed_person: PersonId | None = None


def erasures(ledger: Ledger) -> dict[str, Erasure]:
    """What was erased, by the hash of each file."""
    told = (entry.event["data"] for entry in ledger.entries(ERASURES_STREAM) if entry.type == EVIDENCE_ERASED)
    found = (Erasure.model_validate({name: data.get(name) for name in Erasure.model_fields}) for data in told)
    return {each.sha256: each for each in found}


REHEARSAL_STREAM: Final = "log/rehearsal"
"""The ledger's own stream of a rehearsal copy; no year itself has one."""
REHEARSED: Final = "rehearsal.clock"


class Rehearsal(Frozen):
    """What a rehearsal copy says of itself: the head of the record that it was copied from, and how its time runs now.
    Each entry stands for what holds from then on."""

    copied_from: str
    said_at: AwareDatetime
    clock: VirtualClock


class NotARehearsalError(UnusableInputError, rule="rehearsal_only"):
    """Time is moved in a rehearsal copy alone, never in the year itself."""

    says = (
        "数据目录 {place} 是正式的一年，时间不能快进或跳转，未作任何改动："
        "请先用 duban rehearsal copy 目录 复制一份演练副本，再在副本里办理。"
    )
    place: str


def rehearsal_of(ledger: Ledger) -> Rehearsal | None:
    """What a rehearsal copy says of itself; none of the year itself."""
    last = None
    for entry in ledger.entries(REHEARSAL_STREAM):
        last = entry
    if last is None:
        return None
    return Rehearsal.model_validate({name: last.event["data"][name] for name in Rehearsal.model_fields})


Way = Literal["reset", "restarted", "removed", "reopened"]
"""The run went on from its last good task; a new run went on from the ledger's state; the run was ended for good;
a project that had ended was reopened by an act of its own, and a new run goes on from the ledger's state."""


class Repair(Frozen):
    """One repair. `run_id` is the run that did not go on, `first_run_id` the first of its chain, `new_run_id` the one
    that goes on instead of it; `standing` is how many events the ledger had of the project then."""

    workflow_id: str
    way: Way
    run_id: str
    first_run_id: str
    new_run_id: str
    standing: int
    reason: str
    by: str

    @property
    def supersedes(self) -> bool:
        """Whether another run stands in the place of the one that did not go on; a reopened one only follows it."""
        return self.way != "reopened"

    def in_words(self) -> str:
        """The repair in a sentence, with the workflow's name."""
        return f"{self.workflow_id} {self.what_was_done()}"

    def what_was_done(self) -> str:
        """The repair in a sentence that begins behind a name."""
        match self.way:
            case "reset":
                how = "退回最后一次完好的任务，从那里继续"
            case "restarted":
                how = f"按台账的前 {self.standing} 条事件另起一次运行"
            case "reopened":
                return (
                    f"原已结束，{self.by}收回了年终结转或撤销（{self.reason}）："
                    f"督办流程按台账的前 {self.standing} 条事件重新运行，不用处理"
                )
            case _:
                how = "台账没有此项目，已在引擎中移除"
        return f"经 {self.by} 修复：{how}（{self.reason}）"


STOLEN_KEYS_STREAM: Final = "log/stolen-keys"
"""The ledger's own stream of keys that were reported stolen."""
KEY_STOLEN: Final = "key.stolen"


class StolenKey(Frozen):
    """A key that may be stolen: a door's, the ledger's or a person's, by its name, and the earliest instant."""

    whose: str
    key: str
    since: AwareDatetime
    reason: str

    def entry(self, attested: EvidenceFile) -> OwnEntry:
        """What says in the ledger since when it is in doubt."""
        said = {"whose": self.whose, "key": self.key, "since": leaf_instant(self.since), "reason": self.reason}
        return attested_entry(STOLEN_KEYS_STREAM, KEY_STOLEN, said, attested)
