"""A log of heads: a log whose entries are the signed heads of other logs, so that one head stands for all of them."""

from __future__ import annotations

from typing import Final, Literal

from domain.bounds import Place
from domain.errors import UnusableInputError
from domain.frozen import Frozen

LOGS_STREAM: Final = "log/logs"
"""The ledger's own stream of the logs whose heads it takes."""
FORKS_STREAM: Final = "log/forks"
"""Heads that such a log signed and that do not extend what was taken of it."""
LOG_WATCHED: Final = "log.watched"
HEAD_TAKEN: Final = "head.taken"
LOG_FORKED: Final = "log.forked"


def heads_stream(log: str) -> str:
    """The ledger's own stream of the heads that were taken of a log, by the log's first name."""
    return f"log/of/{log}"


class WatchedLog(Frozen):
    """A log whose heads are taken: its first name, and the key that it had then."""

    log: str
    vkey: str


class TakenHead(Frozen):
    """A head that was taken: of which log, in which generation (`origin`), over how many entries, the signed note; the
    key that signs now, and why a generation that lost entries was taken up (`restored`)."""

    log: str
    origin: str
    size: Place
    root: str
    vkey: str
    note: str
    restored: str = ""


class Fork(Frozen):
    """Two heads of one log that do not fit: the one that was taken, and the one that was shown later.

    `contradicts`: the two signed heads alone prove it. `not_shown`: what came with the later one did not prove that it
    extends the first.
    """

    log: str
    how: Literal["contradicts", "not_shown"]
    taken: str
    shown: str


class HeadRefusedError(UnusableInputError, rule="head_of_a_watched_log"):
    """A head is not taken."""

    says = "{log}：{detail}。"
    log: str
    detail: str
