"""One act for many: chosen in a list, filled in once, given to each, with a report for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from application.office.acts import Act
from application.office.attesting import How
from application.office.sent_again import Drawn
from application.office.signing import AskedAct, signed_together
from domain.accounts.refusals import NoOwnKeyError
from domain.acts import commands as c
from domain.acts.attestation import OwnKeyProof
from domain.errors import DubanError, EngineUnreachableError, UnreadableIdError
from domain.ids import MilestoneId, ProjectId, project_of
from domain.ports.register import DutyQuery
from entrypoints.desk.act_forms import ActForm, Unusable, act_forms, filled, form_of
from entrypoints.desk.acting import FOR, departments_of, section_doer
from entrypoints.desk.giving import asked_request, attested, drawn_for, seen_of
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import Column, Table, only_told
from entrypoints.desk.openness import offered
from entrypoints.desk.reading import Doer, persons_in, place_of, project_known
from entrypoints.desk.routing import OFFICE, STAND_INS, Page, told
from entrypoints.desk.signatures import NeedsSignatureError, signing_office, signing_page
from entrypoints.desk.visits import NotFoundError, Visit

MOST: Final = 100
ON_PROJECTS: Final = (c.Urge, c.IssueDirective, c.SilenceNotices, c.EndSilence, c.Suspend, c.Resume)
"""What can be given to many projects at once; an urge goes to each of their overdue milestones."""
ON_MILESTONES: Final = (c.AcceptCompletion, c.StrikeOff, c.Urge)

_CHOSEN_IN: Final = {"/register": _("登记簿"), "/waiting": _("待裁定"), "/standing-in": _("我代办的项目")}
"""The lists in which one chooses."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of the many: a project, or a milestone of it; who acts there; why he cannot now, where he cannot."""

    project_id: ProjectId
    milestone_id: MilestoneId | None
    title: str
    doer: Doer
    closed: str | None = None

    @property
    def name(self) -> str:
        """Its number."""
        return self.milestone_id or self.project_id


@dataclass(frozen=True, slots=True)
class Given:
    """What became of one of them."""

    chosen: Chosen
    event: str
    problem: str | None


async def form(visit: Visit) -> Response:
    """The act's form, with everything that was chosen."""
    params = visit.request.query_params
    asked, chosen = _form(params.get("act", "")), await _chosen(visit, params.getlist("item"))
    if not chosen:
        visit.steps |= dict(_lists(visit))
        return told(visit, 400, _("没有选中可以办理的：请回到列表勾选项目或节点；催办只给有逾期节点的项目。"))
    return await _page(visit, asked, chosen, {})


async def give(visit: Visit) -> Response:
    """Give the act to each, and report of each."""
    asked = _form(visit.given("act"))
    items = [item for item in visit.form.getlist("item") if isinstance(item, str)]
    chosen = await _chosen(visit, items, asked)
    values = {each.name: visit.given(each.name) for each in asked.fields}
    request = asked_request(visit)
    acts: list[tuple[Act, Drawn]] = []
    for number, each in enumerate(chosen):
        who = each.doer
        command = filled(asked, values, f"{request}-{number}", who.by, each.milestone_id, (), who.on_behalf_of)
        if isinstance(command, Unusable):
            return await _page(visit, asked, chosen, dict(command.faults))
        act = Act(each.project_id, command)
        acts.append((act, await drawn_for(visit, act, seen_of(visit, each.project_id))))
    try:
        proof = await _signed(visit, acts)
    except NeedsSignatureError as needed:
        return await signing_page(visit, needed, _lists(visit)[0][0])
    except NoOwnKeyError as error:
        return await _page(visit, asked, chosen, {"": visit.refused(error)})
    results: list[Given] = []
    for each, (act, drawn) in zip(chosen, acts, strict=True):
        try:
            done = await attested(visit, act, drawn, proof)
            results.append(Given(each, done.outcome.event_ids[0] if done.outcome.event_ids else "", None))
        except EngineUnreachableError as error:
            # What the engine did not take now it may take when the same form is sent again.
            results.append(Given(each, "", visit.refused(error)))
        except DubanError as error:
            results.append(Given(each, "", visit.refused(error)))
    failed = sum(each.problem is not None for each in results)
    return await visit.page_now(
        "many_done.html",
        form=asked,
        table=only_told(visit, _report(results)),
        count=len(results),
        failed=failed,
        lists=_lists(visit),
    )


async def _signed(visit: Visit, acts: list[tuple[Act, Drawn]]) -> OwnKeyProof | None:
    """What the device of the one who is signed in signs of all of them at once, where that is asked for."""
    asked = [
        AskedAct((await project_known(visit, act.project_id)).state, act.command, How(drawn.seen, drawn.nonce))
        for act, drawn in acts
    ]
    return await signed_together(signing_office(visit), asked)


def _report(results: list[Given]) -> Table:
    columns = (
        Column(
            _("编号"),
            lambda each: each.chosen.name,
            "id",
            lambda each: place_of(each.chosen.project_id, each.chosen.milestone_id),
        ),
        Column(_("内容"), lambda each: each.chosen.title),
        Column(_("结果"), lambda each: _("没有办成") if each.problem else _("已办理"), "word"),
        Column(_("记在"), lambda each: each.event, "id"),
        Column(_("说明"), lambda each: each.problem, "said"),
    )
    return Table("many", _("每一个的结果"), columns, results)


def _form(path: str) -> ActForm:
    found = act_forms().get(path)
    if found is None or found.command not in (*ON_PROJECTS, *ON_MILESTONES):
        raise NotFoundError
    return found


async def _chosen(visit: Visit, items: list[str], asked: ActForm | None = None) -> list[Chosen]:
    asked = asked or _form(visit.request.query_params.get("act", ""))
    found: list[Chosen] = []
    for item in list(dict.fromkeys(items))[:MOST]:
        project_id, milestone_id = _named(item)
        known = await project_known(visit, project_id)
        who = section_doer(visit, known)
        about: list[MilestoneId | None] = [milestone_id]
        if milestone_id is None and asked.about == "milestone":
            overdue = DutyQuery(project_id=project_id, role="lead", lights=("red",), open=True)
            about = [duty.milestone_id for duty in (await visit.office.register.duties(overdue)).rows]
        for each in about:
            title = known.milestone(each).description if each else known.view.title
            offers = offered(known, (asked.command,), who.by, each, who.on_behalf_of)
            closed = offers[0].reason if offers else None
            found.append(Chosen(project_id, each, title or known.view.title, who, closed))
    return found[:MOST]


def _named(item: str) -> tuple[ProjectId, MilestoneId | None]:
    try:
        return project_of(item), item
    except UnreadableIdError:
        return item, None


async def _page(visit: Visit, asked: ActForm, chosen: list[Chosen], faults: dict[str, str]) -> Response:
    known = [await project_known(visit, each) for each in dict.fromkeys(each.project_id for each in chosen)]
    labels = {each.name: each.label for each in asked.fields}
    return await visit.page_now(
        "many.html",
        form=asked,
        fields=[each for each in asked.fields if each.kind != "files"],
        chosen=chosen,
        seen={each.project_id: seen_of(visit, each.project_id) or len(each.events) for each in known},
        by_himself=visit.has("operator"),
        persons=list(
            dict.fromkeys((str(each), each.name) for one in known for each in persons_in(one, visit.signed_in))
        ),
        for_person=visit.given(FOR),
        back=_lists(visit)[0],
        values={each.name: visit.given(each.name) for each in asked.fields},
        departments=sorted({name for each in known for name in departments_of(each)}),
        request_id=asked_request(visit),
        errors=[
            (name, f"{visit.say(labels[name])}：{fault}" if name in labels else fault) for name, fault in faults.items()
        ],
        faults=faults,
    )


def _lists(visit: Visit) -> list[tuple[str, str]]:
    return [(page, visit.say(words)) for page, words in _CHOSEN_IN.items() if visit.may_open(page)]


def offered_on_projects() -> list[ActForm]:
    """The acts that a list of projects offers."""
    return [form_of(command) for command in ON_PROJECTS]


PAGES = (Page("/many", form, OFFICE | STAND_INS), Page("/many", give, OFFICE | STAND_INS, "POST"))
