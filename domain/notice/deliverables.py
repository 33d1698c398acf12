"""One deliverable: its window, and what its own words say of number, repetition and duration."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from domain.bounds import MOST
from domain.notice.duties import only_continues
from domain.notice.labels import governing_period
from domain.notice.quotas import FoundQuota, find_quotas
from domain.notice.recurrences import find_sessions
from domain.notice.windows import Basis, Choice, Doubt, Window
from domain.project import Quota, Recurrence

Assigned = Literal["window", "inherited", "embedded"]
_BRACKETED = re.compile(r"\s*\([^()]*\)\s*")
_GOES_ON = re.compile(r"长期坚持|持续推进|持续开展|常态化|长期抓好")


@dataclass(frozen=True, slots=True)
class Deliverable:
    """One thing to deliver: `start`..`end` is its place in the cell, `body` where its description begins."""

    start: int
    end: int
    body: int
    window: Window
    window_text: str
    assigned: Assigned
    basis: Basis
    doubts: tuple[Doubt, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a cell tells of its deliverables; `duty` is the project's title, read where a label has no text."""

    cell: str
    text: str
    hidden: list[bool]
    duty: str

    def of(self, draft: Deliverable) -> Deliverable:
        """With its description, and what the description says of number, repetition and duration."""
        description = self.cell[draft.body : draft.end].strip()
        body, end = draft.body, draft.end
        hidden = self.hidden
        if _BRACKETED.fullmatch(self.text, body, end) is not None:
            # `全年（每季度1次）`: brackets that hold all there is hide nothing.
            hidden = [False] * len(hidden)
        window, doubts = draft.window, list(draft.doubts)
        if ((period := governing_period(self.text, hidden, body, end)) is not None and window.due_on is not None) or (
            (period := governing_period(self.text, hidden, draft.start, end)) is not None
            and window.recurrence is not None
        ):
            if not period.divides(window):
                text = f"这段时间不是周期的整数倍，按{_sessions(period.within(window))}次计。"
                doubts.append(Doubt("sessions_not_whole", "note", text))
            window = period.within(window)
        # `上半年、下半年各一次`: the windows are apart already, so each has the number whole.
        each = 1 if self.text.startswith("各", body) else 0
        quotas = find_quotas(self.text, hidden, body + each, end)
        if window.recurrence is None and (found := find_sessions(self.text, hidden, body, end)) is not None:
            sessions = min(found, MOST)
            window = window.model_copy(
                update={"recurrence": Recurrence(count=sessions), "quota": Quota(value=sessions, unit="期")}
            )
        elif window.recurrence is None and quotas:
            window = window.model_copy(update={"quota": quotas[0].quota})
            doubts.extend(_about(quotas, self.cell))
        if draft.basis is Basis.WHOLE_YEAR and window.recurrence is None and window.quota is None:
            window, more = _continuing(window, description or self.duty)
            doubts.extend(more)
        if (
            draft.basis is Basis.DATED
            and window.starts_on is None
            and not window.ongoing
            and _GOES_ON.search(description)
        ):
            doubts.append(Doubt("continues_after", "note", "到期以后还要继续，只按到期日督办。"))
        return replace(draft, window=window, doubts=tuple(dict.fromkeys(doubts)), description=description)


def _sessions(window: Window) -> int:
    return window.recurrence.count if window.recurrence is not None else 1


def _about(found: Sequence[FoundQuota], cell: str) -> list[Doubt]:
    doubts: list[Doubt] = []
    first = found[0]
    if not first.exact:
        doubts.append(
            Doubt(
                "inexact_quota",
                "note",
                f"“{cell[first.start : first.end]}”不是确数，按{first.quota.value}{first.quota.unit}计。",
            )
        )
    for other in found[1:]:
        text = f"一项里有几个数量，只按“{cell[first.start : first.end]}”计数，没有计“{cell[other.start : other.end]}”。"
        doubts.append(Doubt("more_quotas", "note", text))
    return doubts


def _continuing(window: Window, duty: str) -> tuple[Window, list[Doubt]]:
    continues = only_continues(duty) if duty else False
    if continues is None:
        text = "看不出是持续性的工作还是有成果的工作，按年底到期理解。"
        choices = (Choice(key="年底前", text="年底到期"), Choice(key="全年持续", text="全年持续进行"))
        return window, [Doubt("continuing_or_product", "note", text, "年底到期", choices)]
    return window.model_copy(update={"ongoing": continues}), []
