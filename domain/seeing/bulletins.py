"""Bulletins drafted from what is on record: who is to be praised, who criticised, and the facts that say why.

A draft is a proposal: a person publishes it, changes it or drops it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from domain import events as e
from domain.bulletin_kind import BulletinKind
from domain.clock import office_day
from domain.evolution import fold
from domain.frozen import Frozen
from domain.ids import DepartmentId, MilestoneId, ProjectId
from domain.papers.paper import LEVEL_WORDS
from domain.rules.life_cycle import OF_THE_SUPERVISORS
from domain.rungs.due_dates import deadline_in
from domain.rungs.ladder import deadline_of
from domain.rungs.limits import LIMIT_WORDS
from domain.seeing.burden import Month
from domain.state import MilestoneState, PartState, ProjectState


class BulletinDraft(Frozen):
    """One entry of a bulletin: praise or criticism of a department for a milestone (or the project), with the facts.

    `published` says that a bulletin of this kind about the same has gone out since the last of these facts: the text is
    that bulletin's.
    """

    kind: BulletinKind
    project_id: ProjectId
    milestone_id: MilestoneId | None
    department: DepartmentId
    text: str
    published: bool = False


_About = tuple[BulletinKind, MilestoneId | None, DepartmentId]


class _Fact(NamedTuple):
    kind: BulletinKind
    milestone_id: MilestoneId | None
    department: DepartmentId
    words: str


def day_of(event: e.DomainEvent) -> date:
    """The day that an event belongs to: a date that was missed is of its own day, not of the night after it."""
    match event:
        case e.DeadlineBreached(due_on=day) | e.NoReportReceived(due_on=day) | e.LimitPassed(due_on=day):
            return day
        case e.ReportPeriodMissed(ended_on=day):
            return day
        case _:
            return office_day(event.decided_at)


def drafts_for(events: Iterable[e.DomainEvent], month: Month) -> tuple[BulletinDraft, ...]:
    """The entries that a project's events of one month call for: one for each department, milestone and kind."""
    facts: dict[_About, list[tuple[Month, str]]] = {}
    bulletins: list[tuple[_About, str, int]] = []
    asked: dict[MilestoneId, DepartmentId] = {}
    state: ProjectState | None = None
    for event in events:
        before, state = state, fold([event], state)
        if isinstance(event, e.CompletionRequested):
            asked[event.milestone_id] = event.department
        if isinstance(event, e.BulletinPublished):
            about = (event.kind, event.milestone_id, event.department)
            bulletins.append((about, event.text, len(facts.get(about, ()))))
        elif before is not None and (fact := _fact(before, event, asked)) is not None:
            facts.setdefault(fact[:3], []).append((f"{day_of(event):%Y-%m}", fact.words))
    if state is None:
        return ()
    drafts = []
    for about, known in facts.items():
        ours = [n for n, (its, _) in enumerate(known) if its == month]
        if not ours:
            continue
        words = list(dict.fromkeys(known[n][1] for n in ours))
        kind, milestone_id, department = about
        published = [
            text
            for its, text, so_far in bulletins
            if its == about and so_far > ours[-1] and _tells(text, words, known[:so_far])
        ]
        draft = BulletinDraft(
            kind=kind,
            project_id=state.project_id,
            milestone_id=milestone_id,
            department=department,
            text=published[-1] if published else _text(state, milestone_id, words),
            published=bool(published),
        )
        drafts.append(draft)
    return tuple(drafts)


def _tells(text: str, words: list[str], known: Sequence[tuple[Month, str]]) -> bool:
    """Whether a bulletin tells of these facts: its text has one of them, or, in a person's own words, none that was
    known, so that it may mean any."""
    # A month's bulletin goes out when the month is over, and the next one may have facts of its own by then.
    return any(each in text for each in words) or not any(each in text for _, each in known)


def _fact(  # noqa: PLR0911 - one fact for each kind of event
    state: ProjectState, event: e.DomainEvent, asked: Mapping[MilestoneId, DepartmentId]
) -> _Fact | None:
    match event:
        case e.MilestoneCompleted():
            return _done_in_time(state, event, asked.get(event.milestone_id, state.lead))
        case e.PartDelivered():
            milestone = state.milestones[event.milestone_id]
            part = milestone.parts.get(event.department)
            due_on = deadline_in(state, milestone, part)
            if part is None or not _is_an_example(milestone, part) or not _before(event.done_on, due_on):
                return None
            words = f"提前于时限{due_on}完成参与部分（{event.done_on}）"
            return _Fact("praise", event.milestone_id, event.department, words)
        case e.EscalationOrderIssued(level="red"):
            words = f"{event.due_on}到期，已发{LEVEL_WORDS[event.level]}督办单"
            return _Fact("criticism", event.milestone_id, event.department or state.lead, words)
        case e.NoReportReceived():
            return _Fact("criticism", event.milestone_id, event.department or state.lead, f"{event.due_on}到期无反馈")
        case e.LimitPassed() if event.kind not in OF_THE_SUPERVISORS:
            words = f"{LIMIT_WORDS[event.kind]}超过时限{event.due_on}"
            return _Fact("criticism", event.milestone_id, event.owner, words)
        case e.ReportPeriodMissed():
            return _Fact("criticism", event.milestone_id, state.lead, f"第{event.period}期未按时反馈")
        case _:
            return None


def _done_in_time(state: ProjectState, event: e.MilestoneCompleted, by: DepartmentId) -> _Fact | None:
    milestone = state.milestones[event.milestone_id]
    due_on = milestone.approved_due_on and deadline_of(
        milestone.approved_due_on, state.policy.rules_for(event.milestone_id), state.calendar
    )
    if not _is_an_example(milestone, milestone) or not _before(event.done_on, due_on):
        return None
    # Who asked for it has done it, though another leads since.
    return _Fact("praise", event.milestone_id, by, f"提前于时限{due_on}办结（{event.done_on}）")


def _is_an_example(milestone: MilestoneState, duty: MilestoneState | PartState) -> bool:
    # What was over before the assignment was never supervised; what was late once is no example.
    return not (milestone.retrospective or duty.breaches)


def _before(done_on: date, due_on: date | None) -> bool:
    return due_on is not None and done_on < due_on


def _text(state: ProjectState, milestone_id: MilestoneId | None, words: list[str]) -> str:
    about = state.project.title if milestone_id is None else state.issued(milestone_id).description
    inside = about.replace("“", "‘").replace("”", "’")  # a quotation within a quotation
    return f"“{inside}”{'；'.join(words)}。"
