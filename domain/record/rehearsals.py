"""A rehearsal copy of a year: its own log says that it is one, from which log it was copied, and how its time runs."""

from __future__ import annotations

from typing import Final

from pydantic import AwareDatetime

from domain.clock import VirtualClock
from domain.errors import UnusableInputError
from domain.frozen import Frozen
from domain.ports.ledger import Ledger
from domain.record.own_entries import said_by

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
    last = next(ledger.newest(REHEARSAL_STREAM), None)
    return None if last is None else said_by(last, Rehearsal)
