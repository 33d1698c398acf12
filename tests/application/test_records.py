"""What is asked for with every act and every start is read on, and not from its beginning."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

from application.office.issuing import issue, issued_start
from application.office.office import Office
from application.records import Records
from domain.clock import VirtualClock
from domain.evidence import EvidenceFile
from domain.ports.ledger import LedgerEntry
from domain.record.issues import START_ISSUED, IssuedStart
from domain.record.leaf import ISSUES_STREAM
from domain.record.own_entries import OwnEntry
from domain.rules.policy import SupervisionPolicy
from tests.domain.samples import CALENDAR, HEADER, key_project, milestone
from workflows.inputs import Opening, SupervisionInput

_STARTS = 50


class Issuing:
    """A ledger of nothing but issued starts, which counts what it hands out."""

    def __init__(self) -> None:
        self.issued: list[IssuedStart] = []
        self.handed_out = 0

    async def append_own(self, entry: OwnEntry) -> None:
        """Keep a start."""
        self.issued.append(
            IssuedStart.model_validate({name: value for name, value in entry.data.items() if name != "attested"})
        )

    def entries(self, stream: str | None = None, *, after: int = -1) -> Iterator[LedgerEntry]:
        """The starts beyond a position."""
        for position in range(after + 1, len(self.issued)) if stream == ISSUES_STREAM else ():
            self.handed_out += 1
            yield LedgerEntry(
                position=position,
                event_id=f"e{position}",
                stream=ISSUES_STREAM,
                stream_seq=position,
                type=START_ISSUED,
                appended_at=datetime(2018, 4, 25, tzinfo=UTC),
                event={"data": self.issued[position].model_dump(mode="json")},
            )


def start_of(number: int) -> SupervisionInput:
    """What a project begins with."""
    project_id = f"2018-{number}"
    first = milestone().model_copy(update={"milestone_id": f"{project_id}-01"})
    opening = Opening(
        listed=HEADER,
        project=key_project((first,), project_id=project_id),
        policy=SupervisionPolicy(),
        calendar=CALENDAR,
    )
    return SupervisionInput(clock=VirtualClock(), opening=opening)


async def test_each_issued_start_is_read_once_however_many_follow() -> None:
    """A list of ten thousand rows would otherwise read fifty million starts."""
    ledger: Any = Issuing()
    others = dict.fromkeys(Records.__dataclass_fields__)
    records = Records(**cast(Any, {**others, "ledger": ledger, "own_streams": ledger}))

    async def file_of(act: Any, giver: Any) -> EvidenceFile:
        """Any file: nobody looks at it here."""
        return EvidenceFile.of("act.json", b"{}")

    office = cast(
        Office,
        SimpleNamespace(
            records=records,
            giver=SimpleNamespace(by=SimpleNamespace(account="a")),
            attestor=lambda: SimpleNamespace(file_of=file_of),
        ),
    )
    for number in range(1, _STARTS + 1):
        for _ in range(2):  # the same again changes nothing
            await issue(office, start_of(number), "李")
    assert ledger.issued == [issued_start(start_of(number)) for number in range(1, _STARTS + 1)]
    assert ledger.handed_out == _STARTS
