"""Expected windows in short: `03-01..05-31`, `-..06-30Q80%`, `04-01..12-31+`, several joined by ` & `.

`-` is no start, `?` any day; `+` ongoing, `*` ongoing or not; `R4/3` four times, every three months (`-` where no
months are named, `?` however many or often); `Q30场` a quota; ` // ` stands between readings that are all right. `!`
before or after asks for a finding whatever the window, `~` takes the window or a finding.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, Protocol

from domain.project import Quota, Recurrence

Asked = Literal["agreed", "doubtful", "either"]

_WINDOW = re.compile(
    r"^(?P<start>[^.]*)\.\.(?P<due>[0-9?-]+?)(?P<ongoing>[+*]?)(?:R(?P<count>\d+|\?)/(?P<every>\d+|-|\?))?"
    r"(?:Q(?P<value>\d+)(?P<unit>.*))?$"
)
_WEEKS_OR_DAYS = 1
"""A year has 52 weeks or 53, as one counts."""


class ReadWindow(Protocol):
    """What a window and a milestone have in common."""

    @property
    def starts_on(self) -> object: ...
    @property
    def due_on(self) -> object: ...
    @property
    def ongoing(self) -> bool: ...
    @property
    def recurrence(self) -> Recurrence | None: ...
    @property
    def quota(self) -> Quota | None: ...


@dataclass(frozen=True)
class ExpectedWindow:
    """One window as people would read it, in a list of `year`."""

    text: str
    year: int

    def fits(self, read: ReadWindow, *, quota: bool = True) -> bool:
        """Whether a window that was read says the same; a number that nobody wrote down may not be asked for."""
        match = _WINDOW.match(self.text)
        assert match is not None, self.text
        return (
            self._day(match["start"], read.starts_on)
            and self._day(match["due"], read.due_on)
            and (match["ongoing"] == "*" or read.ongoing == (match["ongoing"] == "+"))
            and self._repeats(match, read)
            and (not quota or self._counts(match, read))
        )

    def _day(self, expected: str, read: object) -> bool:
        if expected == "?":
            return True
        if expected == "-":
            return read is None
        return str(read) == (expected if len(expected) > len("12-31") else f"{self.year}-{expected}")

    @staticmethod
    def _repeats(match: re.Match[str], read: ReadWindow) -> bool:
        recurrence = read.recurrence
        if match["count"] is None:
            return recurrence is None or recurrence.every_months is None or recurrence.count == 1
        if recurrence is None:
            return False
        if "?" in (match["count"], match["every"]):
            return match["count"] in ("?", str(recurrence.count))
        loose = _WEEKS_OR_DAYS if match["every"] == "-" else 0
        every = None if match["every"] == "-" else int(match["every"])
        return recurrence.every_months == every and abs(recurrence.count - int(match["count"])) <= loose

    @staticmethod
    def _counts(match: re.Match[str], read: ReadWindow) -> bool:
        if match["value"] is not None:
            return read.quota == Quota(value=int(match["value"]), unit=match["unit"])
        return read.quota is None or read.recurrence is not None or read.quota.value == 1


def expected_one_of(text: str, year: int) -> tuple[Asked, list[list[ExpectedWindow]]]:
    """What is asked of a reading, and each of the readings that people would let stand."""
    alternatives = [expected(part, year)[1] for part in text.split(" // ")]
    return expected(text.split(" // ", maxsplit=1)[0], year)[0], alternatives


def expected(text: str, year: int) -> tuple[Asked, list[ExpectedWindow]]:
    """What is asked of a reading, and the windows that people would read."""
    asked: Asked = "doubtful" if "!" in text else "either" if "~" in text else "agreed"
    plain = text.strip().strip("!~").strip()
    return asked, [ExpectedWindow(window, year) for window in plain.split(" & ") if window]
