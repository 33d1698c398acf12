"""Lists: handed in, read with the doubts beside the source's words, ruled on, rehearsed, compared and started."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from starlette.responses import Response

from application.desk_work import draft_plans, list_starts
from application.desk_work.draft_plans import Files, HandedIn
from application.desk_work.list_starts import Questions, Starting
from application.office.planning import ACTION_WORDS, Step
from application.office.starting_a_list import DoubtfulStartError
from domain.accounts.desk_items import DraftPlan, PreparedByTwo
from domain.accounts.refusals import NoOwnKeyError
from domain.errors import EngineUnreachableError, InputError, RejectedError
from domain.notice.findings import CONFIRM, Finding, Ruling
from domain.notice.plan import Plan
from domain.notice.windows import Choice
from entrypoints.bootstrap.plan_files import is_plan_file, known_calendar, read_notice, read_plan, write_plan
from entrypoints.desk.days import NO_DAY, NO_YEAR, day_of, year_in
from entrypoints.desk.downloads import download
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import only_told, shown
from entrypoints.desk.plan_tables import asked_draft, difference_of, rules_of, started_of, whole_plans
from entrypoints.desk.routing import OFFICE, Page
from entrypoints.desk.signatures import NeedsSignatureError, signing_office, signing_page
from entrypoints.desk.two_persons import Faults, TwoPersons
from entrypoints.desk.visits import Visit

FILES: Final = Files(is_plan_file, read_plan, read_notice, write_plan)
_AROUND: Final = 60
_FINDING: Final = "finding"
_MEGABYTE: Final = 1_000_000
_AT: Final = {"list_has_a_year": "year", "one_year_at_a_time": "year", "lead_is_told_once": "lead"}
"""Which field answers a refusal of a list, by its rule; the file, where none does."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A finding beside the source's words: what stands before and after them, and what was ruled."""

    finding: Finding
    before: str
    words: str
    after: str
    ruling: Ruling | None

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What there is to choose from besides what is assumed; the same once more only where it was chosen."""
        assumed, chosen = self.finding.assumed, self.ruling.choice if self.ruling else None
        same = {assumed, *(f"{(assumed or '').removesuffix('前')}{end}" for end in ("", "到期"))}
        return tuple(
            each
            for each in self.finding.choices
            if "M月D日" not in each.key
            and not (assumed and (each.key == CONFIRM or (each.text in same and each.key != chosen)))
        )


@dataclass(frozen=True, slots=True)
class Typed:
    """What was chosen for a doubt, and what was written instead."""

    choice: str = ""
    words: str = ""


async def plans(visit: Visit, faults: Sequence[tuple[str | None, str]] = ()) -> Response:
    """The lists that were handed in, and a form for another one."""
    given = {name: visit.given(name) for name in ("text", "year", "issued", "lead")}
    return await visit.page_now(
        "plans.html",
        table=shown(visit, await whole_plans(visit), "/plans"),
        given=given,
        errors=faults,
    )


async def hand_in(visit: Visit) -> Response:
    """Hand a list in: a file, or its text."""
    given, faults = await _handed_in(visit)
    if given is None or faults:
        return await plans(visit, faults)
    try:
        one = await draft_plans.hand_in(visit.desk.accounts, FILES, given, visit.signed_in, visit.desk.clock())
    except InputError as error:
        return await plans(visit, [(_AT.get(error.rule, "file"), visit.refused(error))])
    return visit.see(f"/plans/{one.key}")


async def plan(visit: Visit) -> Response:
    """One list: its doubts, what a start would do."""
    return await _plan(visit, await asked_draft(visit))


async def rule(visit: Visit) -> Response:
    """Rule on every doubt of a form that has an answer: one that is refused keeps no other from its ruling."""
    one, on = await asked_draft(visit), (await visit.desk.now()).date()
    plan_, typed, rest = draft_plans.as_ruled(one), _typed(visit), visit.given("rest")
    faults: list[tuple[str | None, str]] = []
    ruled = 0
    for finding in plan_.findings:
        answer = typed.get(finding.key)
        if answer is None:
            continue
        offered = rest if rest in _offered(_doubt(plan_, finding)) else ""
        if not (choice := answer.words or answer.choice or offered):
            continue
        ruling = Ruling(
            finding=finding.key,
            choice=choice,
            ruled_by=visit.signed_in.name,
            reason=visit.given("reason") or None,
            ruled_on=on,
        )
        ruled += 1
        try:
            await draft_plans.rule(visit.desk.accounts, one.key, ruling)
        except InputError as error:
            place = finding.milestone_id or finding.project_id or visit.say("全文")
            faults.append((f"{finding.key}-choice", f"{place}{visit.say('：')}{visit.refused(error)}"))
    if not ruled:
        faults.append((f"{next(iter(typed), '')}-choice", visit.say("请选一种读法，或写明时限。")))
    if faults:
        return await _plan(visit, await asked_draft(visit), faults)
    return visit.see(f"/plans/{one.key}")


def _typed(visit: Visit) -> dict[str, Typed]:
    """What a form of rulings has for each of its doubts, by the doubt's key: a form of several numbers its fields."""
    ends = [name.removeprefix(_FINDING) for name in visit.form if name.startswith(_FINDING)]
    return {
        visit.given(f"{_FINDING}{end}"): Typed(visit.given(f"choice{end}"), visit.given(f"words{end}")) for end in ends
    }


async def join(visit: Visit) -> Response:
    """Take another list of the year into this one."""
    one = await asked_draft(visit)
    try:
        await draft_plans.join(visit.desk.accounts, one.key, visit.given("other"))
    except InputError as error:
        return await _plan(visit, one, [(None, visit.refused(error))])
    return visit.see(f"/plans/{one.key}")


async def start(visit: Visit) -> Response:
    """Start a list, and see what became of each project."""
    one, text = await asked_draft(visit), visit.given("as_of")
    as_of = day_of(text)
    if text and as_of is None:
        return await _plan(visit, one, [("as_of", visit.say(NO_DAY))])
    asked = Starting(one, rules_of(visit.office, one.plan), visit.giver, as_of)
    try:
        return await _started(visit, replace(asked, confirmed=visit.given("confirmed") == "yes"))
    except NeedsSignatureError as needed:
        return await signing_page(visit, needed, f"/plans/{one.key}")
    except DoubtfulStartError as error:
        return await _plan(visit, one, [("confirmed", visit.refused(error))], doubtful=True)
    except (InputError, RejectedError, NoOwnKeyError) as error:
        return await _plan(visit, one, [(None, visit.refused(error))])


async def prepare(visit: Visit) -> Response:
    """Prepare the start of a list that withdraws much, for another person to confirm."""
    one = await asked_draft(visit)
    rules = rules_of(visit.office, one.plan)
    try:
        await list_starts.prepare(visit.office, visit.desk.accounts, one, rules, visit.signed_in, visit.desk.clock())
    except (InputError, RejectedError) as error:
        return await _plan(visit, one, [(None, visit.refused(error))])
    return visit.see(f"/plans/{one.key}")


async def _confirmed(visit: Visit, _prepared: PreparedByTwo) -> Response:
    # A ruling gives up what was prepared: looked for after the list was read, it is of this very list.
    one = await asked_draft(visit)
    prepared = await list_starts.prepared_for(visit.desk.accounts, one, visit.signed_in, visit.desk.clock())
    asked = Starting(one, rules_of(visit.office, one.plan), visit.giver, prepared=prepared)
    return await _started(visit, asked)


async def _started(visit: Visit, asked: Starting) -> Response:
    results, one = await list_starts.start(signing_office(visit), visit.desk.accounts, asked), asked.one
    failed = sum(each.outcome == "failed" for each in results)
    return await visit.page_now(
        "plan_started.html",
        table=only_told(visit, started_of(results)),
        count=len(results),
        failed=failed,
        one=one,
        opens=visit.may_open,
    )


async def drop(visit: Visit) -> Response:
    """Take a list away."""
    await draft_plans.drop(visit.desk.accounts, (await asked_draft(visit)).key)
    return visit.see("/plans")


async def as_file(visit: Visit) -> Response:
    """The plan as a file that the shell reads too."""
    one, ending = await asked_draft(visit), visit.request.path_params["ending"]
    if ending not in ("yaml", "xlsx"):
        raise draft_plans.NoDraftError("没有这种格式：请下载 yaml 或 xlsx。")
    data = await asyncio.to_thread(draft_plans.written, FILES, one, f".{ending}")
    return download(data, f"plan-{one.plan.year}.{ending}", "application/octet-stream")


async def _handed_in(visit: Visit) -> tuple[HandedIn | None, list[tuple[str | None, str]]]:
    faults: list[tuple[str | None, str]] = []
    year, issued, lead = visit.given("year"), visit.given("issued"), visit.given("lead")
    if year and year_in(year) is None:
        faults.append(("year", visit.say(NO_YEAR)))
    issued_on = day_of(issued)
    if issued and issued_on is None:
        faults.append(("issued", visit.say(NO_DAY)))
    name, data = "list.txt", visit.given("text").encode()
    for file in visit.files("file"):
        if (file.size or 0) > visit.office.settings.evidence_megabytes * _MEGABYTE:
            faults.append(("file", visit.say("文件太大，没有读取：请只交清单本身。")))
            break
        name, data = file.filename or name, await file.read()
    if not data:
        empty = _("选的文件是空的：请核对是不是这一份。")
        nothing = _("请选择一个文件，或把清单的文字贴进来。")
        faults.append(("file", visit.say(empty if visit.files("file") else nothing)))
    if faults:
        return None, faults
    calendar = known_calendar(visit.office.settings.calendar)
    return HandedIn(name, data, year_in(year), issued_on, lead or None, calendar), faults


async def _plan(
    visit: Visit, one: DraftPlan, faults: Sequence[tuple[str | None, str]] = (), *, doubtful: bool = False
) -> Response:
    ruled = await asyncio.to_thread(draft_plans.as_ruled, one)
    steps: list[Step] = []
    problem: str | None = None
    asked = Questions()
    if not ruled.unruled:
        try:
            steps = await draft_plans.difference(visit.office, one, rules_of(visit.office, ruled))
            asked = await list_starts.questions(visit.office, one, rules_of(visit.office, ruled))
        except (InputError, RejectedError, EngineUnreachableError) as error:
            problem = visit.refused(error)
    doubts = [_doubt(ruled, finding) for finding in ruled.findings]
    others = [each for each in await draft_plans.drafts(visit.desk.accounts) if draft_plans.can_be_joined(one, each)]
    return await visit.page_now(
        "plan.html",
        one=one,
        plan=ruled,
        coverage=one.coverage,
        others=others,
        waiting=[each for each in doubts if each.finding in ruled.unruled],
        settled=[each for each in doubts if each.finding not in ruled.unruled],
        confirm=CONFIRM,
        milestones=sum(len(project.milestones) for project in ruled.projects),
        over=[each for project in ruled.projects for each in project.milestones if each.born_late],
        table=shown(visit, difference_of(steps), f"/plans/{one.key}/difference"),
        counts=[(word, sum(step.action == name for step in steps)) for name, word in ACTION_WORDS.items()],
        problem=problem,
        settled_clock=await asyncio.to_thread(visit.office.records.ledger.clock),
        rehearsal=visit.desk.rehearsals.of(one.key),
        departments=sorted(
            {name for each in ruled.projects for name in (each.lead_department, *each.participating_departments)}
        ),
        doubtful=doubtful,
        asked=asked,
        prepared=await list_starts.waiting(visit.desk.accounts, one.key, visit.desk.clock()),
        typed=_typed(visit),
        rest=_of_many(visit, (each for each in doubts if each.finding in ruled.unruled)),
        given={name: visit.given(name) for name in ("rest", "reason", "as_of")},
        errors=faults,
    )


def _offered(doubt: Doubt) -> dict[str, str]:
    """By the key of each reading that a doubt offers what it says."""
    return {each.key: each.text for each in doubt.choices}


def _of_many(visit: Visit, doubts: Iterable[Doubt]) -> list[tuple[str, str, int]]:
    """The readings that several doubts offer alike: key, words, of how many."""
    told = Counter(reading for doubt in doubts for reading in _offered(doubt).items())
    return [(key, visit.say(words), times) for (key, words), times in told.items() if times > 1]


def _doubt(plan_: Plan, finding: Finding) -> Doubt:
    project = next((each for each in plan_.projects if each.project_id == finding.project_id), None)
    text = getattr(project, finding.source.field, None) if project is not None else None
    words, (start_, end) = finding.source.text, (finding.source.start, finding.source.end)
    if not isinstance(text, str) or text[start_:end] != words:
        return Doubt(finding, "", words, "", plan_.ruling_on(finding))
    before, after = text[max(0, start_ - _AROUND) : start_], text[end : end + _AROUND]
    return Doubt(finding, before, words, after, plan_.ruling_on(finding))


async def _with_faults(visit: Visit, faults: Faults) -> Response:
    return await _plan(visit, await asked_draft(visit), faults)


_BY_TWO: Final = TwoPersons("/plans", {"list_start": _("启动清单")}, _confirmed, _with_faults)
PAGES = (
    Page("/plans", plans, OFFICE, menu=_("清单")),
    Page("/plans", hand_in, OFFICE, "POST"),
    Page("/plans/{key}", plan, OFFICE),
    Page("/plans/{key}/rulings", rule, OFFICE, "POST"),
    Page("/plans/{key}/join", join, OFFICE, "POST"),
    Page("/plans/{key}/start", start, OFFICE, "POST"),
    Page("/plans/{key}/prepare", prepare, OFFICE, "POST"),
    *_BY_TWO.pages(),
    Page("/plans/{key}/drop", drop, OFFICE, "POST"),
    Page("/plans/{key}/plan.{ending}", as_file, OFFICE),
)
