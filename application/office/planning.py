"""What a start would do against what is running, and doing exactly that: the plan of a year, and its application."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

from application.engine_room.engine import Engine
from application.engine_room.standing import sick_projects
from application.office.acts_on_parts import By, following, outcome_of
from application.office.signing import AskedAct, Give
from application.office.starting import (
    AT_A_TIME,
    InTurn,
    Issue,
    Patience,
    Started,
    Year,
    addressees_for,
    start_mailboxes,
    start_project,
)
from domain.actors import operator
from domain.acts.amending import Difference, difference
from domain.acts.commands import AmendProject, AnyCommand, CommandOutcome, Withdraw
from domain.errors import DubanError, ProjectUnavailableError
from domain.ids import DepartmentId, ProjectId, is_sub_duty, year_of
from domain.lists.field_changes import FieldChange, changes_of
from domain.lists.letters import with_running_letters
from domain.lists.merging import amended_by_hand, as_the_lists_have_it, merged
from domain.lists.passed_over import falling_away, passed_over, with_own_numbers
from domain.lists.readings import ruling_words
from domain.lists.renumbering import Renumbered, renumbered
from domain.lists.whole_after import whole_after
from domain.papers.draft import chinese_date, titled
from domain.ports.ledger import Ledger
from domain.project import KeyProject, ProjectList, RuledReading
from domain.record.recorded_projects import recorded_events, recorded_states
from domain.rungs.ladder import LIST_REQUEST
from domain.state import CLOSED_STAGES, ProjectState

GivingOf = Callable[[Sequence[AskedAct]], Awaitable[Give]]
"""How these commands will be given: all of them are known before any is, so that one signature can cover them."""

Action = Literal["added", "amended", "withdrawn", "unchanged", "closed", "failed"]
ACTION_WORDS: Final[Mapping[Action, str]] = {
    "added": "新增",
    "amended": "变更",
    "withdrawn": "撤销",
    "unchanged": "不变",
    "closed": "已结束",
    "failed": "无法对照",
}


@dataclass(frozen=True, slots=True)
class Step:
    """What a start does about one project; `closed` is one that the list still holds and that has ended, `failed` one
    whose supervision does not go on, because of `problem`."""

    project_id: ProjectId
    action: Action
    wanted: KeyProject | None = None
    rulings: tuple[RuledReading, ...] = ()
    running: ProjectState | None = None
    found: Difference | None = None
    by_identity: bool = False
    problem: DubanError | None = None
    renumbered: Renumbered | None = None

    @property
    def title(self) -> str:
        """The project's title, as wanted or as it runs."""
        if self.wanted is not None:
            return self.wanted.title
        return self.running.project.title if self.running else ""


def basis_of(listed: ProjectList) -> str:
    """The cause that the amendments of a list carry: the notice's number (its title when it has none) and date."""
    return f"依据{listed.document_number or titled(listed.title)}（{chinese_date(listed.issued_on)}印发）"


async def planned(engine: Engine, ledger: Ledger, listed: ProjectList) -> list[Step]:
    """What a start of this list would do, in the list's order; what it drops comes last.

    What runs is read from the ledger; a project whose supervision does not go on can be given nothing, and fails.

    Raises:
        EngineUnreachableError: the engine does not answer.
    """
    return (await _planned(engine, ledger, listed))[1]


async def _planned(engine: Engine, ledger: Ledger, listed: ProjectList) -> tuple[ProjectList, list[Step]]:
    """The list under the identities that run, and its steps."""
    known = {project_id: state for project_id, state in recorded_states(ledger).items() if not is_sub_duty(project_id)}
    of_year = {project_id: state for project_id, state in known.items() if year_of(project_id) == listed.year}
    listed = with_running_letters(listed, {project_id: state.project for project_id, state in of_year.items()})
    wanted = {project.project_id: project for project in listed.projects}
    running = {**of_year, **{project_id: known[project_id] for project_id in wanted if project_id in known}}
    sick = await sick_projects(engine, {project_id: state.closed for project_id, state in running.items()})
    steps = []
    for project_id in [*wanted, *(known for known in running if known not in wanted)]:
        project = wanted.get(project_id)
        rulings = listed.rulings_about(project) if project is not None else ()
        step = _step(project_id, project, rulings, running.get(project_id))
        if step is not None and project_id in sick:
            problem = ProjectUnavailableError(sick[project_id].text, project_id=project_id)
            step = Step(project_id, "failed", project, running=step.running, problem=problem)
        elif step is not None and step.action == "amended":
            step = _over_amendments_by_hand(ledger, step)
        steps += [step] if step is not None else []
    return listed, _with_numbers(steps)


def _with_numbers(steps: list[Step]) -> list[Step]:
    """The steps, each with what becomes of its number where that stands for another duty."""
    running = {step.project_id: step.running.project for step in steps if step.running is not None}
    wanted = {step.project_id: step.wanted for step in steps if step.wanted is not None}
    ended = {step.project_id for step in steps if step.running is not None and step.running.closed}
    changed = renumbered(running, wanted, ended)
    return [replace(step, renumbered=changed.get(step.project_id)) for step in steps]


def _step(
    project_id: ProjectId,
    wanted: KeyProject | None,
    rulings: tuple[RuledReading, ...],
    running: ProjectState | None,
) -> Step | None:
    if wanted is None:
        return None if running is None or running.closed else Step(project_id, "withdrawn", running=running)
    if running is None:
        return Step(project_id, "added", wanted, rulings)
    wanted, rulings = with_own_numbers(running, wanted, rulings)
    found = difference(running, wanted, rulings)
    if running.closed:
        return Step(project_id, "closed", wanted, rulings, running, found)
    return Step(project_id, "amended" if found else "unchanged", wanted, rulings, running, found)


def _over_amendments_by_hand(ledger: Ledger, step: Step) -> Step:
    """A step that leaves what was amended by hand as it is, unless the list says something new of it."""
    assert step.wanted is not None
    assert step.running is not None
    events = list(recorded_events(ledger, step.project_id))
    listed = as_the_lists_have_it(events)
    if listed is None or not any(map(amended_by_hand, events)):
        return step
    wanted, rulings = merged(step.running, listed, step.wanted, step.rulings)
    found = difference(step.running, wanted, rulings, by_identity=True)
    action: Action = "amended" if found else "unchanged"
    return Step(step.project_id, action, wanted, rulings, step.running, found, by_identity=True)


@dataclass(frozen=True, slots=True)
class PlannedActs:
    """What a start does, step by step, with the acts that it gives: to what runs, and to what follows from it below;
    `listed` has the identities that run."""

    listed: ProjectList
    basis: str
    steps: Sequence[Step]
    given: Sequence[AskedAct]
    below: Mapping[ProjectId, Sequence[AskedAct]]

    @property
    def asked(self) -> list[AskedAct]:
        """All of them, as one signature covers them."""
        return [*self.given, *(part for parts in self.below.values() for part in parts)]


async def planned_acts(engine: Engine, ledger: Ledger, listed: ProjectList, by: str, beside: str = "") -> PlannedActs:
    """The acts that a start of this list would give now (raises as `planned`); `beside` is said in each basis."""
    basis = f"{basis_of(listed)}{beside}"
    listed, steps = await _planned(engine, ledger, listed)
    given = [
        AskedAct(step.running, command_for(step, by, basis))
        for step in steps
        if step.action in ("amended", "withdrawn") and step.running is not None
    ]
    return PlannedActs(listed, basis, steps, given, await asyncio.to_thread(_parts_below, ledger, given, by))


async def apply_plan(
    engine: Engine,
    ledger: Ledger,
    year: Year,
    by: str,
    on_progress: Callable[[Started], None] = lambda _: None,
    asking: GivingOf | None = None,
    issue: Issue | None = None,
    beside: str = "",
) -> list[Started]:
    """Do what `planned` shows, and start the mailboxes that are missing; answer what became of each project.

    Every step is found anew from what is running, so that a start that was interrupted is finished by the next one.
    What fails for one project is its result; the others go on. `beside` is said in each basis, such as who confirmed.
    """
    gate, patience = asyncio.Semaphore(AT_A_TIME), Patience()
    acts = await planned_acts(engine, ledger, year.listed, by, beside)
    year, steps, below = replace(year, listed=acts.listed), acts.steps, acts.below
    ask = await asking(acts.asked) if asking is not None else _asked_of(engine)
    giving = _Giving(by, acts.basis, ask, issue, InTurn())

    async def one(step: Step) -> Started:
        async with gate:
            try:
                result = await patience.asked(lambda: _applied(engine, ledger, year, step, giving))
            except DubanError as error:
                result = Started(step.project_id, "failed", error.text)
        on_progress(result)
        return result

    async def follow(part: AskedAct) -> Started:
        project_id = part.state.project_id
        async with gate:
            try:
                await ask(project_id, part.command)
                result = outcome_of(part)
            except DubanError as error:
                result = Started(project_id, "failed", error.text)
        on_progress(result)
        return result

    results = list(await asyncio.gather(*(one(step) for step in steps)))
    changed = [each.project_id for each in results if each.outcome in ("withdrawn", "amended")]
    results += await asyncio.gather(*(follow(part) for project_id in changed for part in below.get(project_id, ())))
    # The mailboxes come last: a project is on record only when its supervision order is in the outbox.
    unopened = await start_mailboxes(engine, year)
    return [_with_mail(year, result, unopened) for result in results]


def _parts_below(ledger: Ledger, given: Sequence[AskedAct], by: str) -> dict[ProjectId, list[AskedAct]]:
    """What follows for the open sub-duties of what these acts change, by their whole."""
    after = (whole_after(each.state, each.command) for each in given)
    return {whole.project.project_id: list(following(ledger, whole, By(operator(by)))) for whole in after}


def _with_mail(year: Year, result: Started, unopened: dict[DepartmentId, DubanError]) -> Started:
    """The result of a project, failed where the mailbox of one of its addressees could not be opened."""
    project = next((each for each in year.listed.projects if each.project_id == result.project_id), None)
    if not unopened or project is None or result.outcome == "failed":
        return result
    own = addressees_for(project, year.policy)
    problem = next((unopened[addressee] for addressee in own if addressee in unopened), None)
    return result if problem is None else Started(result.project_id, "failed", problem.text)


@dataclass(frozen=True, slots=True)
class _Giving:
    by: str
    basis: str
    ask: Give
    issue: Issue | None
    in_turn: InTurn


def _asked_of(engine: Engine) -> Give:
    # Looked up when it is asked: an engine that only answers questions is enough for a plan without amendments.
    async def asked(project_id: ProjectId, command: AnyCommand) -> CommandOutcome:
        return await engine.command(project_id, command)

    return asked


async def _applied(engine: Engine, ledger: Ledger, year: Year, step: Step, giving: _Giving) -> Started:
    match step.action:
        case "added":
            assert step.wanted is not None
            wanted = step.wanted
            return await giving.in_turn.started(lambda: start_project(engine, ledger, year, wanted, giving.issue))
        case "amended" | "withdrawn":
            await giving.ask(step.project_id, command_for(step, giving.by, giving.basis))
            return Started(step.project_id, step.action, "，".join(summary_of(step)) or giving.basis)
        case "closed":
            return Started(step.project_id, "closed", "，".join(("项目已归档或撤销，不再变更", *summary_of(step))))
        case "failed":
            assert step.problem is not None
            raise step.problem
        case _:
            return Started(step.project_id, "running")


def command_for(step: Step, by: str, basis: str) -> AnyCommand:
    """The command that a step sends: its request id comes from the content and from what it is applied to."""
    assert step.running is not None
    wanted = step.wanted.model_dump_json() if step.wanted else "withdrawn"
    ruled = "".join(f"\n{ruling.model_dump_json()}" for ruling in step.rulings)
    content = f"{step.project_id}\n{step.running.next_seq}\n{basis}\n{by}\n{wanted}{ruled}"
    request_id = f"{LIST_REQUEST}{hashlib.sha256(content.encode()).hexdigest()[:40]}"
    if step.wanted is None:
        return Withdraw(request_id=request_id, by=operator(by), reason=basis)
    return AmendProject(
        request_id=request_id,
        by=operator(by),
        basis=basis,
        project=step.wanted,
        rulings=step.rulings,
        by_identity=step.by_identity,
    )


def summary_of(step: Step) -> list[str]:
    """A step's changes, one line each, as a person reads them."""
    found, running = step.found, step.running
    numbered = [str(step.renumbered)] if step.renumbered is not None else []
    if step.action == "closed" and running is not None and running.withdrawn and not numbered:
        return ["这一项此前撤销了，清单又列入了它：请督查人员收回撤销，再启动一次这份清单"]
    if step.action not in ("amended", "unchanged") or found is None or running is None or step.wanted is None:
        return numbered
    lines = [*numbered, f"牵头部门由“{found.lead.before}”改为“{found.lead.after}”"] if found.lead else numbered
    lines += [ruling_words(ruling) for ruling in found.rulings]
    lines += [str(change) for change in found.text]
    names = {m.milestone_id: m.description for m in running.project.milestones}
    for before, after in found.amended:
        words = "，".join(str(change) for change in changes_of(before, after))
        lines.append(f"节点{before.milestone_id}“{before.description}”{words}")
    lines += [f"增加节点{m.milestone_id}“{m.description}”，时限{m.due_on or '待定'}" for m in found.added]
    lines += [f"撤销节点{milestone_id}“{names[milestone_id]}”" for milestone_id in found.withdrawn]
    return [*lines, *falling_away(running, found), *passed_over(running, found)]


def as_document(listed: ProjectList, steps: list[Step]) -> dict[str, Any]:
    """The diff as JSON: added, amended field by field with the milestones touched, withdrawn, unchanged, closed."""
    groups: dict[str, list[Any]] = {"added": [], "amended": [], "withdrawn": [], "unchanged": [], "closed": []}
    groups |= {"failed": []} if any(step.action == "failed" for step in steps) else {}
    for step in steps:
        named: dict[str, Any] = {"project_id": step.project_id, "title": step.title}
        if step.renumbered is not None:
            named["renumbered"] = asdict(step.renumbered)
        if step.action == "amended" and step.found is not None:
            lead = (step.found.lead,) if step.found.lead else ()
            named |= {"changes": _fields((*lead, *step.found.text)), "milestones": _milestones(step)}
            named["rulings"] = [ruling.model_dump(mode="json") for ruling in step.found.rulings]
        elif step.action == "withdrawn" and step.running is not None:
            open_ids = [m.milestone_id for m in step.running.milestones.values() if m.stage not in CLOSED_STAGES]
            named |= {"lead_department": step.running.project.lead_department, "milestones": open_ids}
        elif step.action == "added" and step.wanted is not None:
            named |= {
                "lead_department": step.wanted.lead_department,
                "milestones": [m.milestone_id for m in step.wanted.milestones],
            }
        elif step.problem is not None:
            named |= {"text": step.problem.text}
        groups[step.action].append(named)
    return {"year": listed.year, "basis": basis_of(listed), **groups}


def _milestones(step: Step) -> list[dict[str, Any]]:
    found, running = step.found, step.running
    assert found is not None
    assert running is not None
    rows: list[dict[str, Any]] = [
        {
            "milestone_id": before.milestone_id,
            "change": "amended",
            "description": before.description,
            "stage": running.milestones[before.milestone_id].stage,
            "changes": _fields(changes_of(before, after)),
        }
        for before, after in found.amended
    ]
    rows += [
        {
            "milestone_id": m.milestone_id,
            "change": "added",
            "description": m.description,
            "due_on": str(m.due_on) if m.due_on else None,
        }
        for m in found.added
    ]
    rows += [
        {
            "milestone_id": milestone_id,
            "change": "withdrawn",
            "description": running.issued(milestone_id).description,
            "stage": running.milestones[milestone_id].stage,
        }
        for milestone_id in found.withdrawn
    ]
    return rows


def _fields(changes: tuple[FieldChange, ...]) -> list[dict[str, Any]]:
    return [
        {"field": change.field, "before": _plain(change.before), "after": _plain(change.after)} for change in changes
    ]


def _plain(value: Any) -> Any:
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if isinstance(value, tuple):
        return list(value)
    return value if value is None or isinstance(value, bool | int | str) else str(value)
