"""What programs send, and what the interface answers, each answer with the instant that it is about."""

from __future__ import annotations

from datetime import date

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from application.office.change_feed import FeedChange
from domain.colours import Colour
from domain.directory.ids import DirectoryRole
from domain.directory.signed_in import LoginMethod
from domain.frozen import Frozen
from domain.ids import DepartmentId
from domain.papers.paper import NumberedPaper, PaperKind
from domain.ports.register import DepartmentCount
from domain.ports.register_lines import DutyRow, MatterRow, ProjectRow
from domain.seeing.sub_duties import SubDutiesView
from domain.seeing.timeline import TimelineLine
from domain.seeing.views import DirectiveView, LimitView, MilestoneView, PartView, ProjectView
from domain.seeing.year_figures import YearFigures


class AskedBody(Frozen):
    """What a body asks for: it refuses fields that it does not know.

    It is made ready with its route: made ready at its first request, the web framework's names for it raise a warning.
    """

    model_config = ConfigDict(defer_build=False)


class Item(BaseModel):
    """What stands in an answer: read off a thing of the office that has the same fields, or made of values."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class Answer(Item):
    """What every answer has."""

    as_of: AwareDatetime = Field(description="The instant of the supervised year that the answer is about")


class ActAnswer(Answer):
    """An act that was accepted: its events, the stage of the milestone (or project) after it, and both in words."""

    project_id: str
    request_id: str = Field(description="How the record names this request")
    event_ids: tuple[str, ...]
    stage: str
    happened: tuple[str, ...] = Field(description="What it brought, in the caller's language")
    next: str = Field(description="What is waited for, of whom, until when; empty until the record has it")


class YearFiguresAnswer(Answer):
    """A year in numbers, as it was counted lately."""

    year: int
    figures: YearFigures


class PrincipalAnswer(Item):
    """A department for which somebody may act as a deputy today."""

    department: DepartmentId
    project_ids: tuple[str, ...] = Field(description="In which projects he may")


class CallerAnswer(Answer):
    """For whom a token stands."""

    account: str
    name: str
    person_id: str | None
    roles: tuple[DirectoryRole, ...]
    departments: tuple[DepartmentId, ...]
    principals: tuple[PrincipalAnswer, ...] = Field(
        description="For which departments the person of a department's token may act as a deputy today"
    )
    how: LoginMethod


class Listed(Answer):
    """A part of a list; `next` is the cursor of the next part, none where the list is over."""

    next: str | None


class ProjectsAnswer(Listed):
    """Some projects."""

    projects: tuple[ProjectRow, ...]


class DutiesAnswer(Listed):
    """Some duties: always all those of a project that are asked for."""

    duties: tuple[DutyRow, ...]


class ProjectAnswer(Answer):
    """One project."""

    project: ProjectView


class SubDutiesAnswer(Answer):
    """The sub-duties of a project, counted by milestone and by the department that gave them."""

    sub_duties: tuple[SubDutiesView, ...]


class DutyAnswer(Answer):
    """One duty of the token's department: the milestone, its own part where it takes part, the notice's own words."""

    project_id: str
    title: str
    department: DepartmentId
    lead_department: DepartmentId
    milestone: MilestoneView
    part: PartView | None
    words: str = Field(description="What the notice says of it, word for word")
    limits: tuple[LimitView, ...]
    directives: tuple[DirectiveView, ...]


class TimelineAnswer(Answer):
    """What happened to a project, some of it, in order."""

    next: int | None = Field(description="After how many events it goes on; none where this is the end")
    events: tuple[TimelineLine, ...]


class PapersAnswer(Answer):
    """The papers of a project, in order."""

    papers: tuple[NumberedPaper, ...]


class ReceivedPaper(Item):
    """A paper that a department has received, itself or as a copy."""

    received_at: AwareDatetime
    paper: NumberedPaper


class ReceivedAnswer(Answer):
    """Papers that a department has received, some of them, in the order in which they came."""

    next: int | None = Field(description="After how many papers it goes on; none where this is the end")
    papers: tuple[ReceivedPaper, ...]


class ComingPaper(Item):
    """A paper that will go out; `issued` says that it is recorded already and waits for its day."""

    on: date
    to: str
    kind: PaperKind
    project_id: str
    milestone_id: str | None
    issued: bool
    copy_of: bool


class ComingAnswer(Answer):
    """What will go out until a day, if nobody does anything."""

    until: date
    papers: tuple[ComingPaper, ...]


class OpenAct(Item):
    """An act: whether it can be given now, and the reason where it cannot."""

    act: str
    open: bool
    reason: str | None


class OpenActsAnswer(Answer):
    """The acts about a project or a milestone."""

    seen: int = Field(description="How many events the project has: for `seen` of an act")
    acts: tuple[OpenAct, ...]


class WaitingAnswer(Answer):
    """What waits for the supervision section, the longest first."""

    matters: tuple[MatterRow, ...]


class LightsAnswer(Answer):
    """How many projects have which light."""

    lights: dict[Colour, int]


class BurdenAnswer(Answer):
    """The duties of all departments, counted by light."""

    departments: tuple[DepartmentCount, ...]


class ChangesAnswer(Answer):
    """What was recorded after a position, as far as it is the caller's business; `after` is where to go on."""

    after: int = Field(description="The position to ask after the next time")
    more: bool = Field(description="Whether there is more already")
    events: tuple[FeedChange, ...]


class HealthFinding(Item):
    """One thing that was looked at."""

    what: str
    ok: bool
    text: str


class HealthAnswer(Answer):
    """How the installation is: what `duban doctor` knows."""

    findings: tuple[HealthFinding, ...]


class KeptFileAnswer(Answer):
    """A file that is kept; `evidence` is the text that an act names it with."""

    sha256: str
    size: int
    name: str
    evidence: str
