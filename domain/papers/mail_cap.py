"""What of a digest does not go out: reminders of what is over, and what is above the cap on one addressee's month.

Documents always go out and count; what is only a line in a digest yields to them. What tells an addressee that its own
request was granted asks nothing of it, and does not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from itertools import groupby

from domain.clock import office_day
from domain.frozen import Frozen
from domain.ids import DepartmentId
from domain.names import Addressee
from domain.papers.paper import Paper, PaperKind
from domain.rules.calendar import office_instant
from domain.rules.life_cycle import LifeCycleRules

YIELDING: frozenset[PaperKind] = frozenset({"reminder", "limit_reminder", "pace_warning", "status_notice"})
"""The papers that are withheld when an addressee has had as many this month as the policy allows."""

GRANTING: frozenset[PaperKind] = frozenset({"completion_notice", "strike_off_notice"})
"""The papers that are no burden: they grant what the addressee asked for."""

_BEFORE_A_DAY: frozenset[PaperKind] = frozenset({"reminder", "limit_reminder"})
"""The papers that ask for something by a day that is to come, and say nothing afterwards."""


class MonthOfPapers(Frozen):
    """What reached one addressee in one month (written `2018-06`): papers sent that count, and those withheld above
    the cap."""

    addressee: Addressee
    month: str
    sent: int
    withheld: int


def is_over(paper: Paper, at: datetime) -> bool:
    """Whether the day of which a paper reminds passed before it could go out: no digest was made in time."""
    return paper.kind in _BEFORE_A_DAY and paper.due_on is not None and office_day(at) > paper.due_on


def cap_for(addressee: DepartmentId, rules: LifeCycleRules) -> int | None:
    """How many papers an addressee gets a month; none for the supervision section, whose notices are its own tasks."""
    if addressee == rules.supervision_section:
        return None
    return rules.papers_per_month


def month_of(at: datetime) -> datetime:
    """The first instant of an instant's month, on the offices' clocks."""
    return office_instant(office_day(at).replace(day=1), time.min)


def above_the_cap(kinds: Sequence[PaperKind], so_far: int, cap: int) -> tuple[int, ...]:
    """The places of the papers of one digest that are withheld, when `so_far` went out in the month before it."""
    room = cap - so_far - sum(kind not in YIELDING | GRANTING for kind in kinds)
    yielding = [place for place, kind in enumerate(kinds) if kind in YIELDING]
    return tuple(yielding[max(room, 0) :])


def foretold_mail(papers: Iterable[Paper], rules: LifeCycleRules) -> tuple[MonthOfPapers, ...]:
    """What papers mean for each addressee and month, copies included, each sent with the digest that it waits for."""
    mail = sorted(
        (
            (to, paper.send_from, paper.kind)
            for paper in papers
            if paper.kind not in GRANTING
            for to in dict.fromkeys((paper.to, *paper.copies_to))
        ),
        key=lambda item: item[:2],
    )
    months: list[MonthOfPapers] = []
    for (addressee, month), of_month in groupby(mail, key=lambda item: (item[0], month_of(item[1]))):
        sent = withheld = 0
        cap = cap_for(addressee, rules)
        for _, digest in groupby(of_month, key=lambda item: item[1]):
            kinds = [kind for _, _, kind in digest]
            above = 0 if cap is None else len(above_the_cap(kinds, sent, cap))
            sent, withheld = sent + len(kinds) - above, withheld + above
        months.append(MonthOfPapers(addressee=addressee, month=f"{month:%Y-%m}", sent=sent, withheld=withheld))
    return tuple(months)
