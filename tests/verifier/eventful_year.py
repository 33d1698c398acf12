"""A rehearsed year in which everything happens that may happen to an office: heads stamped, evidence erased, keys of
doors, persons and the log changed or stolen, the log taken up again from a backup."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Final

from adapters.ledger.audit_log import LedgerAuditLog
from application.office.office_acts import attested_office_act, door_change
from domain.acts.own_key import key_name_of
from domain.evidence import evidence_files
from domain.record.doors import DoorReader
from domain.record.erasures import ERASURES_STREAM, Erasure
from domain.record.leaf import LOG_STREAM, leaf_instant
from domain.record.own_entries import OwnEntry
from domain.record.person_keys import key_revoked
from domain.record.stamps import HeadStamp
from domain.record.stolen_keys import STOLEN_KEYS_STREAM, StolenKey
from tests.verifier.past_stamps import PastAuthority
from tests.verifier.rehearsed_year import ORIGIN, PERSONS, Year
from verifier.verify import Trust
from verifier.witness import Witness

PERIODS: Final = 6
MOST_HAPPENS: Final = 8
"""So many kinds of things can happen in one period."""


@dataclass
class EventfulYear(Year):
    """A year with an authority of time stamps, and a second one that nobody trusts."""

    authorities: Sequence[PastAuthority] = ()
    erased: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__post_init__()
        keys = self.folder / "keys"
        self.audit = LedgerAuditLog(self.store, self.vault, self.evidence, keys, ORIGIN, lambda: self.instant)

    def trust(self) -> Trust:
        """The auditor knows the authority too."""
        return replace(super().trust(), stamp_authorities=self.authorities[0].trusted)

    def policy(self) -> str:
        """Both witnesses of the present generation must have seen a head; those of before stay listed."""
        logs = "".join(f"log {vkey}\n" for vkey in self.log.vkeys())
        names = [f"w{number}" for number in range(len(self.witnesses))]
        listed = "".join(f"witness {name} {key}\n" for name, (_, key) in zip(names, self.witnesses, strict=True))
        return f"{logs}{listed}group all-of-them all {' '.join(names[-2:])}\nquorum all-of-them\n"

    async def stamp(self) -> None:
        """The last head gets a time stamp."""
        head = self.head()
        text = "".join(f"{line}\n" for line in head.note.split("\n")[:3])
        file = await self.evidence.keep(f"{head.size}.tst", self.authorities[0].stamp(text.encode(), self.instant))
        at = self.instant.replace(microsecond=0)
        await self.audit.record_stamp(HeadStamp(origin=self.origin, size=head.size, at=at, authority="tsa"), file)

    async def erase(self) -> None:
        """A file that was shown as evidence is erased by order."""
        shown = [
            file.sha256
            for entry in self.ledger.entries()
            for file in evidence_files(entry.event["data"].get("evidence") or ())
            if file.sha256 not in self.erased
        ]
        if not shown:
            return
        sha256 = self.random.choice(shown)
        first, second, *_ = PERSONS
        done = Erasure(
            sha256=sha256,
            order="〔2018〕9号函",
            by=first,
            confirmed_by=second,
            by_person=PERSONS[first],
            confirmed_person=PERSONS[second],
        )
        said = {name: getattr(done, name) for name in ("sha256", "order", "by", "confirmed_by")}
        file = await attested_office_act(
            self.attestor, self.giver(first), ERASURES_STREAM, {"type": "EraseEvidence", **said}
        )
        await self.audit.record_erasure(done, file)
        await self.evidence.erase(sha256)
        self.erased.append(sha256)

    async def change_door(self) -> None:
        """The desk gets another key."""
        await self.doors.change("desk", "换钥", door_change(self.attestor, self.giver("李明"), "desk", "换钥"))

    async def lose_door(self) -> None:
        """The desk's key may have been stolen for two days."""
        doors = DoorReader(self.ledger).now()
        await self.change_door()
        await self._stolen("desk", next(name for name, door in doors.items() if door.kind == "desk" and door.is_open))

    async def lose_device(self) -> None:
        """A device may have been stolen for two days; its person enrols another."""
        key = key_name_of(self.devices[-1].public_key)
        await self.new_device()
        await self._stolen("person", key)

    async def add_device(self) -> None:
        """A device enrols the next one, which takes its place."""
        self.instant += timedelta(hours=1)
        before = key_name_of(self.devices[-1].public_key)
        await self.new_device(lost_one=False)
        file = await self._office_act("李明", {"type": "RevokeKey", "key": before, "reason": "换新"})
        await self.store.append_own(key_revoked(before, "password:李明", "换新", file))

    async def change_log_key(self) -> None:
        """The log's key may have been stolen for two days; it signs with another."""
        before = self.log.vkeys()[-1]
        await self.log.rotate_key("换钥")
        await self._stolen("ledger", before)

    async def take_up_again(self) -> None:
        """The log goes on from a backup that had all of it, with witnesses who begin anew."""
        self.instant += timedelta(seconds=2)
        await self.log.restore({"made": leaf_instant(self.instant), "sha256": "0" * 64}, [])
        self.origin = self.log.origin
        for name in ("audit-office.example", "archives.example"):
            number = len(self.witnesses)
            witness = Witness(self.folder / f"{name}-{number}")
            key = witness.create(f"{number}.{name}", self.log.vkeys())
            self.witnesses.append((witness, key))
            await self.store.append_own(
                OwnEntry(LOG_STREAM, "witness.trusted", {"name": f"w{number}", "vkey": str(key)})
            )

    async def _stolen(self, whose: str, key: str) -> None:
        since = self.instant - timedelta(days=2)
        stolen = StolenKey(whose=whose, key=key, since=since, reason="可能被盗")
        command = {"type": "ReportStolenKey", "whose": whose, "key": key, "since": leaf_instant(since)}
        file = await attested_office_act(self.attestor, self.giver("李明"), STOLEN_KEYS_STREAM, command)
        await self.store.append_own(stolen.entry(file))

    def happenings(self) -> list[Callable[[], Awaitable[None]]]:
        """What may happen between two periods."""
        return [
            self.stamp,
            self.erase,
            self.change_door,
            self.lose_door,
            self.lose_device,
            self.add_device,
            self.change_log_key,
            self.take_up_again,
        ]


async def periods_of(
    folder: Path, authorities: Sequence[PastAuthority], *, seed: int, happen: int, **sizes: int
) -> AsyncIterator[EventfulYear]:
    """A year of these sizes at the end of each period, when `happen` things happened in it; by its seed."""
    year = EventfulYear(folder, seed, authorities=authorities)
    chance = random.Random(seed)
    await year.open(sizes["projects"], sizes["milestones"])
    for period in range(PERIODS):
        await year.live(sizes["days"] // PERIODS)
        for thing in chance.sample(year.happenings(), happen) if period else ():
            await thing()
        if period == PERIODS - 1:
            await year.keep_histories()
        await year.end_a_period()
        yield year
