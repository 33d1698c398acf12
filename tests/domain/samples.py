"""A small supervised project, the calendar of 2018, and a desk that plays instants and commands on the core."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from itertools import count
from typing import Any, TypeVar

from domain.actors import department, operator
from domain.acts.act_digest import GivenAct, act_document
from domain.acts.commands import (
    AcknowledgeReminder,
    AnswerDirective,
    AnswerInspection,
    AnyCommand,
    DeclineAssignment,
    RaiseDispute,
    ReportProgress,
    ReportRectification,
    RequestCompletion,
    RequestExtension,
    SignReceipt,
    SupplementExtension,
)
from domain.acts.decisions import decide
from domain.clock import OFFICE_TIME
from domain.events import DOMAIN_EVENT, DomainEvent, Event
from domain.evolution import fold
from domain.ids import event_id_for, milestone_id_for, supervision_workflow_id
from domain.lists.docketing import docket
from domain.papers.drafting import papers_for
from domain.papers.paper import Paper
from domain.project import KeyProject, ListHeader, Milestone, Quota, Recurrence, RuledReading, SourceSpan
from domain.record.leaf import leaf_event
from domain.rules.calendar import CalendarYear, WorkingCalendar
from domain.rules.policy import SupervisionPolicy
from domain.rungs.wakeups import next_wakeup, wake
from domain.state import MilestoneState, ProjectState
from verifier.givers import brings
from verifier.kinds import BRINGS
from verifier.papers import has_the_words
from verifier.standing import Standing

PROJECT = "2018-05a"
FIRST, SECOND = "2018-05a-01", "2018-05a-02"
LEAD, PARTICIPANT, STRANGER = department("组织部"), department("宣传部"), department("统战部")
LI, WANG = operator("李"), operator("王")
HEADER = ListHeader(
    document_number="团浙办〔2018〕3号", title="清单", issuer=None, issued_on=date(2018, 4, 25), year=2018
)
YEAR_OR_QUARTER = f"window_within_window@{PROJECT}:202"
WHOLE_LIFE = SupervisionPolicy(spread_minutes=0)
"""The policy with every default, and no spread."""
OF_DEPARTMENTS = frozenset(
    {
        ReportProgress,
        RequestCompletion,
        SignReceipt,
        AcknowledgeReminder,
        DeclineAssignment,
        RaiseDispute,
        RequestExtension,
        SupplementExtension,
        AnswerInspection,
        ReportRectification,
        AnswerDirective,
    }
)
TEXTS = frozenset({"text", "reason", "progress", "opinion", "conclusion", "note", "basis", "leader"})
_requests = count(1)
AnEvent = TypeVar("AnEvent", bound=Event)


def days(*texts: str) -> tuple[date, ...]:
    """Days written as `0501` of 2018, or in full."""
    return tuple(date.fromisoformat(text if len(text) > 4 else f"2018{text}") for text in texts)


CALENDAR = WorkingCalendar(
    years=(
        CalendarYear(
            year=2018,
            days_off=days(
                "0101", "0215", "0216", "0219", "0220", "0221", "0405", "0406", "0430", "0501", "0618", "0924", "1001",
                "1002", "1003", "1004", "1005", "1231",
            ),
            makeup_working_days=days("0211", "0224", "0408", "0428", "0929", "0930", "1229"),
        ),
    )
)  # fmt: skip


def at(text: str) -> datetime:
    """An instant of office time, written `05-09 10:00` (of 2018) or in full; a day alone is its midnight."""
    full = text if text[4:5] == "-" else f"2018-{text}"
    return datetime.fromisoformat(full).replace(tzinfo=OFFICE_TIME)


START = at("04-25 09:00")


def milestone(
    ordinal: int = 1,
    due_on: date | None = date(2018, 5, 31),
    *,
    starts_on: date | None = date(2018, 4, 1),
    quota: int | None = None,
    recurrence: int | None = None,
    born_late: bool = False,
    project_id: str = PROJECT,
) -> Milestone:
    """A milestone of the sample project."""
    return Milestone(
        milestone_id=milestone_id_for(project_id, ordinal),
        description=f"第{ordinal}项工作",
        window_text="5月",
        starts_on=starts_on,
        due_on=due_on,
        assigned="window",
        born_late=born_late,
        quota=Quota(value=quota, unit="场") if quota else None,
        recurrence=Recurrence(count=recurrence) if recurrence else None,
        source=SourceSpan(start=0, end=1),
    )


def key_project(milestones: Iterable[Milestone] = (), *, project_id: str = PROJECT, lead: str = "组织部") -> KeyProject:
    """The sample project: led by 组织部, with 宣传部 taking part."""
    return KeyProject(
        project_id=project_id,
        serial="5",
        title="挂兼职干部",
        lead_department=lead,
        participating_departments=("宣传部",),
        schedule_text="5月：…",
        milestones=tuple(milestones),
    )


def a_part() -> KeyProject:
    """What the lead gave to a city of its first duty: a project of its own."""
    project_id = f"{FIRST[:-3]}_01_01"
    row = key_project((milestone(),), lead="甲市").model_dump()
    stone = milestone(project_id=project_id)
    return KeyProject.model_validate({**row, "project_id": project_id, "milestones": (stone,), "above": ("组织部",)})


def ruled(choice: str = "全年", **facts: Any) -> RuledReading:
    """The section's word on how `全年` of the sample project is read."""
    given = {
        "milestone_id": FIRST,
        "finding": YEAR_OR_QUARTER,
        "code": "window_within_window",
        "doubt": "“全年”写在时限较短的一句里。",
        "source_text": "全年",
        "assumed": "2018-01-01至2018-12-31",
        "choice": choice,
        "ruled_by": "督查科",
        "ruled_on": date(2018, 4, 25),
        **facts,
    }
    return RuledReading.model_validate(given)


def read_again(event: Event) -> Event:
    """An event as it comes back from the text in which it is kept."""
    return DOMAIN_EVENT.read(json.loads(event.model_dump_json()))


def request(command: type[Any], milestone_id: str | None = FIRST, **facts: Any) -> Any:
    """A command with a request id of its own, by whom it is for, and the texts that it must have."""
    fields = command.model_fields
    texts = {name: "已办" for name in fields.keys() & TEXTS if fields[name].is_required() and name not in facts}
    by = facts.pop("by", LEAD if command in OF_DEPARTMENTS else LI)
    request_id = facts.pop("request_id", f"r{next(_requests)}")
    where = {"milestone_id": milestone_id} if "milestone_id" in fields else {}
    return command(request_id=request_id, by=by, **where, **texts, **facts)


def must_say_what_was_asked(
    command: AnyCommand, events: Sequence[DomainEvent], before: Sequence[DomainEvent] = ()
) -> None:
    """What an act brings says to the verifier what its giver asked for: no honest record is ever accused."""
    words = act_document(GivenAct(project_id=PROJECT, command=command, account="a"))["command"]
    standing, stream = Standing(), supervision_workflow_id(PROJECT)
    for position, event in enumerate((*before, *events)):
        if event.type in Standing.KINDS:
            standing.take(position, leaf_event(stream, event))
    for position, event in enumerate(events, start=len(before)):
        if event.cause == f"request:{command.request_id}":
            assert event.type not in BRINGS or event.occurred_at == event.decided_at
            leaf = leaf_event(stream, event)
            assert brings(words, leaf), (words, event)
            assert standing.fits(position, leaf, words), (words, event)
            assert standing.fault(position, leaf, words) is None, (words, event)


class Desk:
    """Plays a project on the core: instants by `run_until` (the engine's own timer) or `wake_at` (an engine that was
    away until then), commands by `ask`."""

    def __init__(
        self,
        *milestones: Milestone,
        policy: SupervisionPolicy = WHOLE_LIFE,
        start: datetime = START,
        project: KeyProject | None = None,
        header: ListHeader = HEADER,
    ) -> None:
        self.events: list[DomainEvent] = []
        self.papers: list[Paper] = []
        self.now = start
        self._state: ProjectState | None = None
        self._take(docket(header, project or key_project(milestones or (milestone(),)), policy, CALENDAR, start))

    @property
    def state(self) -> ProjectState:
        """The state now."""
        assert self._state is not None
        return self._state

    def __getitem__(self, milestone_id: str) -> MilestoneState:
        return self.state.milestones[milestone_id]

    def ask(self, command: AnyCommand, when: str | datetime | None = None) -> tuple[DomainEvent, ...]:
        """Give a command, at an instant or now; the timers before it have rung."""
        if when is not None:
            self.run_until(when)
        events = decide(self.state, command, self.now)
        must_say_what_was_asked(command, events, self.events)
        self._take(events)
        return events

    def run_until(self, when: str | datetime) -> list[DomainEvent]:
        """Let the engine's timer ring at each of its instants up to `when`, that one included."""
        until = at(when) if isinstance(when, str) else when
        before = len(self.events)
        while (due := next_wakeup(self.state, self.now)) is not None and due <= until:
            self.now = max(self.now, due)
            events = wake(self.state, self.now)
            assert events, f"woken at {self.now} for nothing"
            self._take(events)
        self.now = until
        return self.events[before:]

    def wake_at(self, when: str | datetime) -> tuple[DomainEvent, ...]:
        """Wake once, as an engine does that was away until then."""
        self.now = at(when) if isinstance(when, str) else when
        events = wake(self.state, self.now)
        self._take(events)
        return events

    def of(self, event_type: type[AnEvent]) -> list[AnEvent]:
        """All events of a kind so far."""
        return [event for event in self.events if isinstance(event, event_type)]

    def sent(self) -> list[tuple[str, str | None, str]]:
        """The papers so far, as kind, level and the day on which each may be sent (`0509`)."""
        return [(paper.kind, paper.level, f"{paper.send_from:%m%d}") for paper in self.papers]

    def _take(self, events: tuple[DomainEvent, ...]) -> None:
        self._state = fold(events, self._state)
        self.events.extend(events)
        papers = papers_for(self.state, events)
        data = {
            event_id_for(supervision_workflow_id(PROJECT), each.seq): each.model_dump(mode="json") for each in events
        }
        assert all(has_the_words(each.body, data.get(each.paper_id, {})) for each in papers)
        self.papers.extend(papers)


def lone(
    *milestones: Milestone, policy: SupervisionPolicy = WHOLE_LIFE, start: datetime = START, title: str = "挂兼职干部"
) -> Desk:
    """A desk whose project has one department, which signed at the start: what is left is the ladder of its dates."""
    alone = {"participating_departments": (), "title": title}
    project = key_project(milestones or (milestone(),)).model_copy(update=alone)
    desk = Desk(policy=policy, start=start, project=project)
    desk.ask(request(SignReceipt, None))
    return desk


def attentive(*milestones: Milestone, policy: SupervisionPolicy = WHOLE_LIFE) -> Desk:
    """A desk whose departments signed at the start and reported on every milestone: nothing is amiss but its dates."""
    desk = Desk(*milestones, policy=policy)
    for who in (LEAD, PARTICIPANT):
        desk.ask(request(SignReceipt, None, by=who))
        for milestone_id in desk.state.milestones:
            desk.ask(request(ReportProgress, milestone_id, by=who))
    return desk


def noon(day: date) -> datetime:
    """Twelve o'clock of a day in office time."""
    return datetime.combine(day, time(12), tzinfo=OFFICE_TIME)
