"""What pages read of one project: its state and view now, whose it is, what happened; in threads."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from application.office.directory import directory_of
from application.office.office import Office
from domain.actors import Actor, actor_from_text, department, operator
from domain.acts.access import acts_as, stands_in, stands_in_for_persons
from domain.directory.signed_in import SignedIn
from domain.errors import InputError
from domain.events import DeputyAppointed, DomainEvent, LimitReminderIssued
from domain.events.event import ProjectEvent
from domain.evidence import EvidenceFile, evidence_files
from domain.evolution import fold
from domain.ids import DepartmentId, MilestoneId, ProjectId, project_of, supervision_workflow_id
from domain.markings import TYPED, must_bear_no_mark
from domain.papers.paper import NumberedPaper
from domain.ports.ledger import Ledger
from domain.record.recorded_projects import recorded_events, supervised_by
from domain.rules.life_cycle import OF_THE_SUPERVISORS
from domain.seeing.timeline import TimelineLine, timeline
from domain.seeing.views import MilestoneView, PartView, ProjectView, view_of
from domain.state import ProjectState
from entrypoints.desk.languages import later as _
from entrypoints.desk.routing import READERS
from entrypoints.desk.visits import NotFoundError, Visit


@dataclass(frozen=True, slots=True)
class Known:
    """A project as it stands at an instant, with all that happened to it."""

    now: datetime
    events: tuple[DomainEvent, ...]
    state: ProjectState
    view: ProjectView
    supervised_by: DepartmentId | None = None
    """The department that supervises it, where it is a sub-duty."""

    @property
    def project_id(self) -> ProjectId:
        """Its identity."""
        return self.view.project_id

    def milestone(self, milestone_id: MilestoneId) -> MilestoneView:
        """One of its milestones.

        Raises:
            NotFoundError: it has no such milestone.
        """
        for each in self.view.milestones:
            if each.milestone_id == milestone_id:
                return each
        raise NotFoundError

    def lines(self, papers: Sequence[NumberedPaper] = ()) -> list[TimelineLine]:
        """What happened, in words."""
        numbered = {each.paper.paper_id: each for each in papers}
        return timeline(supervision_workflow_id(self.project_id), iter(self.events), numbered)


async def project_known(visit: Visit, project_id: str) -> Known:
    """A project as it stands now.

    Raises:
        NotFoundError: there is none.
    """
    now = await visit.desk.now()
    known = await asyncio.to_thread(_known, visit.office.records.ledger, project_id, now)
    if known is None:
        raise NotFoundError
    return known


async def project_opened(visit: Visit, project_id: str) -> Known:
    """A project as it stands now, for whoever reads all of them, or is a deputy of a person of the section in it.

    Raises:
        NotFoundError: there is none, or it is others' business.
    """
    known = await project_known(visit, project_id)
    if not (visit.has(*READERS) or persons_in(known, visit.signed_in)):
        raise NotFoundError
    return known


def _known(ledger: Ledger, project_id: str, now: datetime) -> Known | None:
    try:
        events = tuple(recorded_events(ledger, project_id))
    except InputError:
        return None
    return known_by(ledger, events, now)


def known_by(ledger: Ledger, events: tuple[DomainEvent, ...], at: datetime) -> Known | None:
    """A project as it stands at an instant by these events of it; none where it was not opened by then."""
    state = fold(events)
    return None if state is None else Known(at, events, state, view_of(state, at), supervised_by(ledger, state))


def place_of(project_id: ProjectId, milestone_id: MilestoneId | None) -> str:
    """Where those who read whole projects open one, or a milestone of it."""
    return f"/projects/{project_id}" + (f"/milestones/{milestone_id}" if milestone_id else "")


async def papers_of(office: Office, project_id: ProjectId) -> list[NumberedPaper]:
    """The papers of a project of an office, in order."""
    outbox, stream = office.records.outbox, supervision_workflow_id(project_id)
    return list(await asyncio.to_thread(lambda: outbox.papers(stream=stream)))


async def own_duty(
    visit: Visit, milestone_id: str, *, to_act: bool = False
) -> tuple[Known, MilestoneView, DepartmentId]:
    """A milestone in which a department of the one who asks has a duty, or one for which he acts as a deputy today, and
    that department; one of those for which he may act, where he wants to.

    Raises:
        NotFoundError: there is none, or it is others' business.
    """
    try:
        known = await project_known(visit, project_of(milestone_id))
    except InputError as error:
        raise NotFoundError from error
    milestone = known.milestone(milestone_id)
    asked, person = visit.request.query_params.get("department"), visit.signed_in
    first, only_read = person.departments, () if to_act else person.reads
    own = [name for name in first if has_a_duty(known, milestone, name) or has_given(known, name)]
    own += [name for name in principals_in(known, person) if has_a_duty(known, milestone, name)]
    own += [name for name in only_read if has_a_duty(known, milestone, name) or has_given(known, name)]
    if not own or asked not in (None, *own):
        raise NotFoundError
    return known, milestone, asked or own[0]


def own_department(visit: Visit) -> DepartmentId:
    """The department that the address or the form names, where the one who asks reads what concerns it; his first one
    where they name none.

    Raises:
        NotFoundError: it is not his.
    """
    return _named(visit, visit.signed_in.reads)


def acting_department(visit: Visit) -> DepartmentId:
    """As `own_department`, where he may act for it."""
    return _named(visit, visit.signed_in.departments)


def _named(visit: Visit, own: Sequence[DepartmentId]) -> DepartmentId:
    asked = visit.request.query_params.get("department") or visit.given("department") or None
    if not own or asked not in (None, *own):
        raise NotFoundError
    return asked or own[0]


def reason_given(visit: Visit) -> str:
    """The reason or the basis that was filled in.

    Raises:
        InputError: there is none, or it bears a classification mark.
    """
    if not visit.given("reason"):
        raise InputError("请写明理由或依据。")
    must_bear_no_mark(visit.given("reason"), TYPED)
    return visit.given("reason")


async def who_acts(visit: Visit, name: DepartmentId) -> str:
    """What is said to one who reads what concerns a department and may not act for it: who does; nothing to who may."""
    if name in visit.signed_in.departments:
        return ""
    found, day = await directory_of(visit.office.records), (await visit.desk.now()).date()
    one = found.department_named(name, day).one
    clerks = [found.name_of(each, day) for each in found.holders("department", day, one.department_id)] if one else []
    if not clerks:
        return visit.say(_("您在这里只能查看：%(department)s还没有登记承办人，请让管理员登记。"), department=name)
    told = _("您在这里只能查看：须办理的，请%(department)s的承办人（%(persons)s）登录后办理。")
    return visit.say(told, department=name, persons=visit.joined(clerks))


def has_a_duty(known: Known, milestone: MilestoneView, name: DepartmentId) -> bool:
    """Whether a department has a duty in a milestone."""
    return name == known.state.lead or part_of(milestone, name) is not None


def has_given(known: Known, name: DepartmentId) -> bool:
    """Whether a project is a sub-duty that a department supervises: that it gave, or took over with its whole."""
    return name == known.supervised_by


def part_of(milestone: MilestoneView, name: DepartmentId) -> PartView | None:
    """The part of a participating department in a milestone."""
    return next((part for part in milestone.participants if part.department == name), None)


def is_seen_by(event: DomainEvent, known: Known, name: DepartmentId) -> bool:
    """Whether an event is a department's business: the lead sees all, and so does the one that gave a sub-duty; another
    sees its own and the section's."""
    return has_given(known, name) or whose_doing(event, known.state.lead, name)


def whose_doing(event: ProjectEvent, lead: DepartmentId, name: DepartmentId) -> bool:
    """As `is_seen_by`, where only the lead department of the project is known."""
    if name == lead:
        return True
    by = event.actor.removeprefix("department:").partition(":")[0] if event.actor.startswith("department:") else None
    owner = event.to if isinstance(event, LimitReminderIssued) else getattr(event, "owner", None)
    if owner is not None and getattr(event, "kind", None) not in OF_THE_SUPERVISORS:
        return bool(owner == name)  # what a department has to answer, and how late it is, is its own business
    if hasattr(event, "department"):
        return name in (event.department, by)
    return by in (None, name)


def shown_files(events: Sequence[DomainEvent]) -> tuple[EvidenceFile, ...]:
    """The files that events show, in order."""
    return evidence_files([text for event in events for text in getattr(event, "evidence", ())])


def shown_file(events: Sequence[DomainEvent], sha256: str) -> EvidenceFile | None:
    """The file of this hash among those that events show; none where they show no such one."""
    return next((file for file in shown_files(events) if file.sha256 == sha256), None)


def about_duty(known: Known, milestone: MilestoneView, name: DepartmentId) -> list[DomainEvent]:
    """What happened to a duty itself, as far as it is a department's business."""
    own = (each for each in known.events if getattr(each, "milestone_id", None) == milestone.milestone_id)
    return [event for event in own if is_seen_by(event, known, name)]


def principals_in(known: Known, person: SignedIn) -> dict[DepartmentId, DepartmentId]:
    """The departments for which a person acts as a deputy in a project now, each with his own through which he does."""
    return {
        principal: name
        for name in person.departments[::-1]
        for principal in stands_in(known.state, own_actor(person, name), known.now.date())
        if principal not in person.departments
    }


def persons_in(known: Known, person: SignedIn) -> tuple[Actor, ...]:
    """The other persons of the supervision section for whom one of them acts as a deputy in a project now."""
    return stands_in_for_persons(known.state, own_actor(person, None), known.now.date())


def was_deputy_in(known: Known, person: SignedIn) -> bool:
    """Whether a person was ever appointed a deputy of one of the supervision section in a project."""
    own = own_actor(person, None)
    appointed = (event.appointed for event in known.events if isinstance(event, DeputyAppointed))
    return any(acts_as(own, each) for each in appointed if actor_from_text(each.principal).role == "operator")


def own_actor(person: SignedIn, name: DepartmentId | None) -> Actor:
    """A person of a department, or of the section, as rules of deputies compare him."""
    return actor_of(person, name).having(person_id=person.person_id)


@dataclass(frozen=True, slots=True)
class Doer:
    """Who acts, and for whom he does as a deputy."""

    by: Actor
    on_behalf_of: Actor | None = None

    @property
    def department(self) -> DepartmentId | None:
        """The department whose act it is; none where it is the supervision section's."""
        return (self.on_behalf_of or self.by).department


def doer_of(known: Known, person: SignedIn, for_department: DepartmentId | None) -> Doer:
    """A person as he acts on a project: for a department of his own, as another's deputy, or for the section."""
    through = None if for_department is None else principals_in(known, person).get(for_department)
    if through is None:
        return Doer(actor_of(person, for_department))
    return Doer(actor_of(person, through), department(for_department or through))


def in_the_section(visit: Visit, known: Known) -> Doer | None:
    """The one who asks as he acts for the supervision section: by himself, or as the deputy of a person of it; none
    where he does not."""
    own = operator(visit.signed_in.name)
    if visit.has("operator"):
        return Doer(own)
    return next((Doer(own, each) for each in persons_in(known, visit.signed_in)), None)


def actor_of(person: SignedIn, for_department: DepartmentId | None) -> Actor:
    """The one who acts: a person for a department, or a person of the supervision section."""
    return department(for_department, person.name) if for_department is not None else operator(person.name)
