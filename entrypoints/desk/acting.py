"""An act's own page: its form, its errors at the top and beside the fields; and what stands after it was given."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from starlette.responses import Response

from application.accounts.own_keys import has_own_key
from application.office.acts import Done
from application.office.sent_again import JUST_NOW, attested_act
from domain.accounts.refusals import NoOwnKeyError
from domain.actors import actor_from_text, operator
from domain.acts.commands import Withdraw
from domain.events import DomainEvent
from domain.evidence import EvidenceFile
from domain.ids import DepartmentId, MilestoneId, ProjectId
from domain.record.person_keys import open_keys_of
from domain.seeing.timeline import TimelineLine
from domain.seeing.views import DirectiveView
from domain.seeing.what_is_next import what_happened, what_is_next
from entrypoints.desk.act_forms import ActForm, FormField, act_forms
from entrypoints.desk.ceremonies import ANSWER, ask_for_acts, ceremony_page
from entrypoints.desk.giving import KEPT, REQUEST, SEEN, SIGN, AskedByForm, Refused, ToBeSigned, given, new_request
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import ShownTable, only_told
from entrypoints.desk.openness import is_about_the_whole, offered
from entrypoints.desk.project_tables import history_of, progress_said
from entrypoints.desk.reading import (
    Doer,
    Known,
    doer_of,
    has_a_duty,
    has_given,
    in_the_section,
    is_seen_by,
    own_duty,
    persons_in,
    principals_in,
    project_known,
    shown_files,
    was_deputy_in,
)
from entrypoints.desk.routing import DEPARTMENTS, OFFICE, STAND_INS, Page
from entrypoints.desk.visits import TOKEN, NotFoundError, Visit

_CONFIRMERS = DEPARTMENTS | OFFICE | STAND_INS
FOR: Final = "for_person"
"""The field that says for which person of the section its deputy acts; empty where he acts for himself."""
_LATEST: Final = 8
"""So many lines of what happened stand beside a form; all of them on the page that it came from."""


async def department_form(visit: Visit) -> Response:
    """The form of a department's act about one of its duties."""
    return await _form_page(visit, *await _of_a_department(visit))


async def department_act(visit: Visit) -> Response:
    """A department gives an act about one of its duties."""
    return await _act(visit, *await _of_a_department(visit))


async def _of_a_department(visit: Visit) -> tuple[Known, AskedByForm]:
    known, milestone, name = await own_duty(visit, str(visit.request.path_params["milestone_id"]), to_act=True)
    form = _form(visit, of_a_department=not has_given(known, name))
    if has_given(known, name) and not form.command.of_the_assigning:
        raise NotFoundError
    whole = is_about_the_whole(known, form.command, name)
    doer = doer_of(known, visit.signed_in, name)
    return known, AskedByForm(form, known.project_id, milestone.milestone_id, name, whole, doer)


async def section_form(visit: Visit) -> Response:
    """The form of an act of the supervision section about a project, or one of its milestones."""
    return await _form_page(visit, *await _of_the_section(visit))


async def section_act(visit: Visit) -> Response:
    """The supervision section gives an act."""
    return await _act(visit, *await _of_the_section(visit))


async def _of_the_section(visit: Visit) -> tuple[Known, AskedByForm]:
    form = _form(visit, of_a_department=False)
    known = await project_known(visit, visit.request.path_params["project_id"])
    return known, AskedByForm(form, known.project_id, _about(visit, known, form), None, doer=section_doer(visit, known))


def section_doer(visit: Visit, known: Known) -> Doer:
    """Who acts in the section: whoever the form says for whom he does as a deputy, or else as he may.

    Raises:
        NotFoundError: he does not, and never was a deputy there.
    """
    asked, who = visit.given(FOR), in_the_section(visit, known)
    if who is None and not (asked and was_deputy_in(known, visit.signed_in)):
        raise NotFoundError
    if who is not None and not asked:
        return who
    # Whoever is no deputy any more is told so by the core, with what he wrote.
    principal = next((each for each in persons_in(known, visit.signed_in) if str(each) == asked), None)
    return Doer(operator(visit.signed_in.name), principal or actor_from_text(asked))


async def confirmation(visit: Visit) -> Response:
    """What stands after an act: its event, its number, what comes next, how it can be undone."""
    known = await project_known(visit, visit.request.path_params["project_id"])
    seq = visit.request.path_params["seq"]
    if not 0 <= seq < len(known.events):
        raise NotFoundError
    event, line = known.events[seq], known.lines()[seq]
    by_deputy = visit.has(*STAND_INS) and event.actor == str(operator(visit.signed_in.name))
    in_section = visit.has("operator") or by_deputy
    name = None if in_section else _own(visit, known, event)
    about = _only_milestone(event)
    form = act_forms().get(visit.request.query_params.get("act", ""))
    return visit.page(
        "confirmation.html",
        as_of=known.now,
        known=known,
        line=line,
        happened=what_happened((each for each in known.events[seq:] if each.cause == event.cause), known.events),
        then=what_is_next(known.state, about, name),
        milestone=known.milestone(about) if about else None,
        department=name,
        own=visit.signed_in.departments,
        form=form,
        files=shown_files([event]),
    )


def _only_milestone(event: DomainEvent) -> MilestoneId | None:
    """The milestone that an event is about; none where it is about several, or about the project."""
    several: Sequence[MilestoneId] = getattr(event, "milestone_ids", ())
    return several[0] if len(several) == 1 else getattr(event, "milestone_id", None)


def _own(visit: Visit, known: Known, event: DomainEvent) -> DepartmentId:
    about = getattr(event, "milestone_id", None)
    behalf = actor_from_text(event.on_behalf_of).department if event.on_behalf_of else None
    if behalf is not None and behalf in principals_in(known, visit.signed_in):
        return behalf
    for name in visit.signed_in.departments:
        mine = event.actor == f"department:{name}" or event.actor.startswith(f"department:{name}:")
        theirs = has_given(known, name) or (about and has_a_duty(known, known.milestone(about), name))
        if mine or (theirs and is_seen_by(event, known, name)):
            return name
    raise NotFoundError


def _form(visit: Visit, *, of_a_department: bool) -> ActForm:
    form = act_forms().get(visit.request.path_params["act"])
    if form is None or form.of_a_department != of_a_department:
        raise NotFoundError
    return form


def _about(visit: Visit, known: Known, form: ActForm) -> MilestoneId | None:
    asked = visit.request.query_params.get("milestone") or visit.given("milestone") or None
    if asked is None:
        if form.about == "milestone":
            raise NotFoundError
        return None
    return known.milestone(asked).milestone_id


async def _form_page(
    visit: Visit, known: Known, asked: AskedByForm, refused: Refused | None = None, status: int = 200
) -> Response:
    faults = refused.faults if refused else {}
    who = asked.by(visit.signed_in)
    by, about = who.by, asked.milestone_id
    closed = [
        each.refusal for each in offered(known, (asked.form.command,), by, about, who.on_behalf_of) if each.refusal
    ]
    errors: list[tuple[str | None, str]] = [(name, fault) for name, fault in faults.items()]
    if refused is not None and not errors:
        errors = [(None, refused.sentence)]
    labels = {each.name: each.label for each in asked.form.fields}
    milestone = known.milestone(asked.milestone_id) if asked.milestone_id else None
    return visit.page(
        "act.html",
        status,
        as_of=known.now,
        known=known,
        asked=asked,
        by_himself=visit.has("operator"),
        persons=[(str(each), each.name) for each in persons_in(known, visit.signed_in)]
        if by.role == "operator"
        else (),
        for_person=visit.given(FOR),
        through=who.by.department if who.on_behalf_of is not None else None,
        form=asked.form,
        fields=[
            _with_directives(visit, known, asked, each) for each in asked.form.fields if _has_use(known, asked, each)
        ],
        milestone=milestone,
        progress=progress_said(visit, milestone.progress) if milestone else "",
        closed=visit.refused(closed[0]) if closed and refused is None else None,
        errors=[(name, f"{visit.say(labels[name])}：{fault}" if name in labels else fault) for name, fault in errors],
        faults=faults or dict(errors),
        values=_values(visit, known, asked),
        departments=departments_of(known),
        request_id=visit.given(REQUEST) or new_request(),
        seen=(None if refused and refused.outdated else visit.given(SEEN)) or len(known.events),
        signs=await _signs(visit, known, asked),
        once_more=refused is not None and refused.unless_once_more,
        record=_record(visit, known, asked.milestone_id) if asked.department is None else None,
        just_given=None if closed or refused else await _just_given(visit, known, asked, str(by)),
    )


async def _just_given(visit: Visit, known: Known, asked: AskedByForm, by: str) -> TimelineLine | None:
    """What the same person has just written about the same thing in this form: whoever lost the answer must not write
    it again."""
    for event, line in zip(known.events[::-1], known.lines()[::-1], strict=True):
        if known.now - event.decided_at > JUST_NOW:
            break
        wrote = getattr(event, "text", None) or getattr(event, "reason", None)
        if wrote and event.actor == by and line.milestone_id == asked.milestone_id:
            act = await asyncio.to_thread(attested_act, visit.office, event)
            if act.get("command", {}).get("type") == asked.form.command.__name__:
                return line
    return None


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What the section reads beside the form of an act: the latest that happened, the files that were shown."""

    history: ShownTable
    is_whole: bool
    files: Sequence[EvidenceFile]


def _record(visit: Visit, known: Known, milestone_id: MilestoneId | None) -> OnRecord:
    about = [
        (event, line)
        for event, line in zip(known.events, known.lines(), strict=True)
        if milestone_id in (None, line.milestone_id)
    ]
    latest = only_told(visit, history_of([line for _event, line in about[-_LATEST:]]))
    return OnRecord(latest, len(about) <= _LATEST, shown_files([event for event, _line in about]))


async def _act(visit: Visit, known: Known, asked: AskedByForm) -> Response:
    answer = await given(visit, asked, must_sign=await _signs(visit, known, asked) == "must")
    if isinstance(answer, Refused):
        if answer.outdated:
            known = await project_known(visit, known.project_id)
        return await _form_page(visit, known, asked, answer, 400)
    if isinstance(answer, ToBeSigned):
        return await _signing_page(visit, known, asked, answer)
    return visit.see(after(known.project_id, answer, asked.form))


async def _signs(visit: Visit, known: Known, asked: AskedByForm) -> str | None:
    """Whether the act must be signed by its person's own key, or may be; none where he has none.

    Who has a certificate alone must sign too, and is told that he cannot here.
    """
    must = known.state.policy.own_key.asks(asked.form.command.weight, "unsigned")
    if visit.desk.keys is None or not (must or await has_own_key(visit.desk.accounts, visit.signed_in.person_id)):
        return None
    if not must:
        return "may"
    keys = await asyncio.to_thread(visit.office.records.own_keys.now)
    return "must" if open_keys_of(keys, visit.signed_in.person_id) else None


async def _signing_page(visit: Visit, known: Known, asked: AskedByForm, waiting: ToBeSigned) -> Response:
    """What will be signed, whole, and the device's answer; the form comes again with both."""
    try:
        options = await ask_for_acts(visit, waiting.act_ids)
    except NoOwnKeyError as error:
        return await _form_page(visit, known, asked, Refused(visit.refused(error), {}), 400)
    parts = len(waiting.act_ids) - 1
    apart = {TOKEN, ANSWER, SIGN, KEPT, "evidence"}
    kept = [(name, value) for name, value in visit.form.multi_items() if isinstance(value, str) and name not in apart]
    labels = {each.name: visit.say(each.label) for each in asked.form.fields}
    shown = [(labels[name], value) for name, value in kept if name in labels and value]
    milestone = known.milestone(asked.milestone_id) if asked.milestone_id and not asked.whole else None
    about = (
        f"{milestone.milestone_id} {milestone.description}" if milestone else f"{asked.project_id} {known.view.title}"
    )
    files = [(visit.say("佐证材料"), text) for text in waiting.kept]
    return ceremony_page(
        visit,
        options,
        ceremony="get",
        title=visit.say("用密钥签名：%(act)s", act=visit.say(asked.form.words.title)),
        lines=(
            visit.say("下面是要签名的内容。请看清楚，再按下按钮，在设备上确认；确认后这项办理就是您本人作出的。"),
            visit.say("办理编号 %(act_id)s", act_id=waiting.act_ids[0]),
            *([visit.say(_with_parts(asked), count=parts)] if parts else []),
        ),
        action=visit.here,
        button=visit.say("签名并办理"),
        back=visit.here,
        kept=[*kept, (SIGN, "yes"), *((KEPT, text) for text in waiting.kept)],
        shown=[(visit.say("项目"), about), *shown, *files],
    )


def _with_parts(asked: AskedByForm) -> str:
    if asked.form.command is Withdraw:
        return _("这次签名也包括随之撤销的 %(count)s 个分解任务，不用另签。")
    return _("这次签名也包括随之办理的 %(count)s 个分解任务（改由接办部门督办，或并入上级任务），不用另签。")


def after(project_id: ProjectId, done: Done, form: ActForm) -> str:
    """Where one sees what stands after an act."""
    first = int(done.outcome.event_ids[0].rpartition("#")[2]) if done.outcome.event_ids else 0
    return f"/confirmations/{project_id}/{first}?act={form.path}"


def _values(visit: Visit, known: Known, asked: AskedByForm) -> dict[str, Any]:
    """What stands in the fields: what was filled in, or else what is known."""
    typed = {each.name: visit.given(each.name) for each in asked.form.fields}
    if visit.request.method == "POST":
        return typed
    if asked.milestone_id is None:
        return typed
    milestone = known.milestone(asked.milestone_id)
    filled_in: dict[str, Callable[[], Any]] = {
        "directive": lambda: waiting[0].number if len(waiting := _directives(known, asked)) == 1 else None,
        "quantity": lambda: milestone.progress.quantity if milestone.progress.of else None,
        "forecast_on": lambda: milestone.forecast_due_on,
        "new_due_on": lambda: (
            milestone.extension.recommended_due_on or milestone.extension.requested_due_on
            if milestone.extension
            else None
        ),
    }
    known_values = {name: filled_in[name]() if name in filled_in else None for name in typed}
    return {name: "" if value is None else str(value) for name, value in known_values.items()}


def _directives(known: Known, asked: AskedByForm) -> list[DirectiveView]:
    """Those that wait, about what a form is about or the whole project."""
    return [each for each in known.view.directives if each.milestone_id in (None, asked.milestone_id)]


def _with_directives(visit: Visit, known: Known, asked: AskedByForm, field: FormField) -> FormField:
    """A field with the directives that may be answered as its choices, each in the leader's words; another as it is."""
    if field.kind != "directive":
        return field
    waiting = _directives(known, asked)
    words = [visit.say("第 %(n)s 号", n=each.number) + f" · {each.leader} · {each.text or ''}" for each in waiting]
    numbers = [str(each.number) for each in waiting]
    return replace(field, choices=tuple(zip(numbers, words, strict=True)))


def _has_use(known: Known, asked: AskedByForm, field: FormField) -> bool:
    """Whether a field says anything here: no number is asked for where none is to be delivered by whoever is asked (the
    lead counts), nor whether it is a correction where none was reported."""
    if asked.milestone_id is None:
        return True
    progress, leads = known.milestone(asked.milestone_id).progress, asked.department == known.state.lead
    counts = {"quantity": leads and progress.of, "corrects": leads and progress.quantity, "period": progress.missed}
    return bool(counts.get(field.name, True))


def departments_of(known: Known) -> list[DepartmentId]:
    """Every department that a project knows."""
    parts = [part.department for milestone in known.view.milestones for part in milestone.participants]
    return list(dict.fromkeys([known.state.lead, *known.state.project.participating_departments, *parts]))


PAGES = (
    Page("/duties/{milestone_id}/{act}", department_form, DEPARTMENTS),
    Page("/duties/{milestone_id}/{act}", department_act, DEPARTMENTS, "POST"),
    Page("/projects/{project_id}/acts/{act}", section_form, OFFICE | STAND_INS),
    Page("/projects/{project_id}/acts/{act}", section_act, OFFICE | STAND_INS, "POST"),
    Page("/confirmations/{project_id}/{seq:int}", confirmation, _CONFIRMERS),
)
