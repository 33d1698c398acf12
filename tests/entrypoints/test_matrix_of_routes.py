"""The matrix of routes, made from the tables of desk and interface: whatever weighs demands its person's own key.

A route that comes later is in it by itself: it says which acts it gives, or why none, or the build fails; an act that
gains a weight is tried through every route that gives it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import httpx2
import pytest
import pytest_asyncio

from domain.actors import Actor, department, operator
from domain.acts import commands as c
from domain.acts.commands.command import Command
from domain.acts.office_weights import OFFICE_WEIGHTS
from domain.ids import MilestoneId, ProjectId
from entrypoints.api.acts import ActRoute, act_routes, all_commands
from entrypoints.api.table import table
from entrypoints.desk.act_forms import ActForm, act_forms
from entrypoints.desk.pages import PAGES
from tests.domain.samples import at, key_project, milestone, request
from tests.entrypoints.declared_routes import BY_PERSONS, GIVES, GIVES_NO_ACT, OF_ANY_ACT
from tests.entrypoints.desk.own_key_office import KeyOffice
from tests.entrypoints.desk.small_office import OTHER, OWN, CoreEngine
from tests.entrypoints.own_key_hall import COLLEAGUE, RULES, SIGNER, Hall, program, verified_hall
from tests.entrypoints.test_routes_of_weight import TRIED

ACTS_OF_THE_DESK: Final = [form for form in act_forms().values() if form.command.weight]
ACTS_OF_THE_INTERFACE: Final = [route.act for route in table() if route.act is not None and route.act.command.weight]
LEAD, ACCEPTED_BY = department(OWN), operator("赵六")
DUE_ON: Final = date(2018, 12, 20)


class Step(NamedTuple):
    """What somebody does before an act can be given."""

    command: type[Command]
    by: Actor = LEAD
    facts: Mapping[str, Any] = MappingProxyType({})


BEFORE: Final[dict[type[Command], tuple[Step, ...]]] = {
    c.StrikeOff: (
        Step(c.RequestCompletion, LEAD, {"done_on": date(2018, 5, 30)}),
        Step(c.AcceptCompletion, ACCEPTED_BY),
    ),
    c.RuleOnExtension: (
        Step(c.RequestExtension, LEAD, {"new_due_on": DUE_ON}),
        Step(c.ReviewExtension, ACCEPTED_BY, {"recommended_due_on": DUE_ON}),
    ),
    c.RuleOnDispute: (Step(c.RaiseDispute, LEAD, {"against": OTHER}),),
    c.InsistOnAssignment: (Step(c.DeclineAssignment, LEAD, {"milestone_id": None}),),
    c.ReopenProject: (Step(c.Withdraw, ACCEPTED_BY, {"milestone_id": None}),),
}
"""What must have happened so that an act of weight can be given."""
ASKED: Final[dict[type[Command], dict[str, Any]]] = {
    c.RuleOnExtension: {"ruling": "refuse"},
    c.RuleOnDispute: {"responsible": OWN},
    c.InsistOnAssignment: {"department": OWN},
    c.GrantGrace: {"new_due_on": str(DUE_ON)},
    c.ReassignLead: {"to": "教务处"},
    c.ReplaceParticipant: {"department": OTHER},
    c.ReopenProject: {"confirmed_by": {"role": "operator", "name": "李明"}},
}
"""What an act of weight says beside its reason."""
ABOUT_THE_WHOLE: Final = frozenset(
    {c.InsistOnAssignment, c.ReassignLead, c.ReplaceParticipant, c.Withdraw, c.ReopenProject}
)
NOT_DUE: Final = frozenset({c.RuleOnExtension})
"""They are about a milestone whose day has not come."""


def weight_of(kind: str) -> str | None:
    """What an act of a kind weighs: about a project its command says it, about the office the table of weights."""
    found = next((command for command in all_commands() if command.__name__ == kind), None)
    return found.weight if found is not None else OFFICE_WEIGHTS[kind]


def changing() -> set[str]:
    """Every route that changes something, but for those that are made from the acts themselves."""
    desk = {f"{page.method} {page.path}" for page in PAGES if page.method != "GET"}
    interface = {f"{route.method} /api{route.path}" for route in table() if route.method != "GET" and route.act is None}
    return (desk | interface) - OF_ANY_ACT


def test_every_route_says_which_acts_it_gives_or_why_none() -> None:
    """No route is missing, none is left over, none stands twice; a reason is a sentence."""
    assert set(GIVES) | set(GIVES_NO_ACT) == changing()
    assert set(GIVES) & set(GIVES_NO_ACT) == set()
    assert all(len(reason) > len("a setting") for reason in GIVES_NO_ACT.values())
    assert {f"{page.method} {page.path}" for page in PAGES} >= OF_ANY_ACT


def test_what_is_done_at_the_desk_is_done_by_program_or_has_the_reason() -> None:
    """Each kind of act of a form has its address in the interface, but for those that persons alone give."""
    by_program = {kind for route, kinds in GIVES.items() if " /api/" in route for kind in kinds}
    by_program |= {route.command.__name__ for route in act_routes().values()}
    at_the_desk = {kind for route, kinds in GIVES.items() if " /api/" not in route for kind in kinds}
    assert at_the_desk - by_program == set(BY_PERSONS)


def test_every_route_that_gives_something_of_weight_is_tried() -> None:
    """The tests of the file beside this one have each of them, and none that gives nothing of weight."""
    weighty = {route for route, kinds in GIVES.items() if any(map(weight_of, kinds))}
    assert set(TRIED) == weighty | {"POST /many"}


@pytest_asyncio.fixture(scope="module")
async def busy(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Hall, httpx2.AsyncClient]]:
    """One hall for all acts about projects, each of which has its own; at last the verifier looks at all of it."""
    async with verified_hall(tmp_path_factory.mktemp("matrix")) as opened, program(opened.office) as client:
        yield opened, client


@pytest.mark.parametrize("form", ACTS_OF_THE_DESK, ids=lambda form: form.path)
async def test_an_act_of_weight_at_the_desk_is_signed_by_its_person(
    busy: tuple[Hall, httpx2.AsyncClient], form: ActForm
) -> None:
    """Its form asks for the signature; none but hers, of this very act, by a key that is open, gives it."""
    opened, _ = busy
    at_hand, asked = await ready(opened.office, form.command, 100 + ACTS_OF_THE_DESK.index(form))
    path, values = f"/projects/{at_hand}/acts/{form.path}", form_of(at_hand, form.command, asked)
    await opened.exactly_the_signed_passes(opened.form(path, values))


@pytest.mark.parametrize("route", ACTS_OF_THE_INTERFACE, ids=lambda route: route.path)
async def test_an_act_of_weight_through_the_interface_is_signed_by_its_person(
    busy: tuple[Hall, httpx2.AsyncClient], route: ActRoute, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the signature, with another's, another act's, one of before: refused by the rule; hers gives it."""
    opened, client = busy
    monkeypatch.setattr("application.office.reopening._begun_again", _begun_by_the_core)
    at_hand, asked = await ready(opened.office, route.command, 200 + ACTS_OF_THE_INTERFACE.index(route))
    body = asked if route.command in ABOUT_THE_WHOLE else {**asked, "milestone_id": about_in(at_hand, route.command)}
    headers = {"Idempotency-Key": f"k-{at_hand}"}
    about = {"act": route.path, "asked": body}
    told = (await client.post(f"/projects/{at_hand}/challenge", json=about, headers=headers)).json()

    async def post(answer: dict[str, Any] | None) -> httpx2.Response:
        more = {} if answer is None else {"own_key": {**opened.proof(answer), "acts": told.get("acts")}}
        return await client.post(f"/projects/{at_hand}/acts/{route.path}", json={**body, **more}, headers=headers)

    await opened.must_be_refused(post, None, "missing")
    for what, answer in opened.wrong(told["challenge"]).items():
        refused = await opened.must_be_refused(post, answer, what)
        assert refused.json()["rule"] in RULES
    await opened.must_pass(post, opened.devices[SIGNER].sign(told["challenge"]))


@pytest.mark.parametrize("form", ACTS_OF_THE_DESK, ids=lambda form: form.path)
async def test_nobody_signs_for_another_person(busy: tuple[Hall, httpx2.AsyncClient], form: ActForm) -> None:
    """A colleague who is signed in brings the signature of her device, of his very act: it is not his."""
    opened, _ = busy
    at_hand, asked = await ready(opened.office, form.command, 300 + ACTS_OF_THE_DESK.index(form))
    path, values = f"/projects/{at_hand}/acts/{form.path}", form_of(at_hand, form.command, asked)
    await opened.exactly_the_signed_passes(opened.form(path, values, of=COLLEAGUE), of=COLLEAGUE)


def about_in(project_id: ProjectId, command: type[Command]) -> MilestoneId:
    """The milestone that an act is about."""
    return f"{project_id}-{'02' if command in NOT_DUE else '01'}"


async def ready(office: KeyOffice, command: type[Command], number: int) -> tuple[ProjectId, dict[str, Any]]:
    """A project of its own at which an act can be given, and what the act says."""
    project_id = f"2018-{number}"
    stones = (
        milestone(1, at("05-31").date(), project_id=project_id),
        milestone(2, at("09-28").date(), project_id=project_id),
    )
    project = key_project(stones, project_id=project_id, lead=OWN)
    await office.small.take(project.model_copy(update={"participating_departments": (OTHER,)}))
    engine = CoreEngine(office.small.office.records, lambda: office.small.now)
    for step in BEFORE.get(command, ()):
        facts = dict(step.facts)
        about = facts.pop("milestone_id", about_in(project_id, command))
        await engine.command(project_id, request(step.command, about, by=step.by, **facts))
    await office.small.office.register.follow()
    reason = {"reason": "按会议纪要"} if "reason" in command.model_fields else {}
    return project_id, {**reason, **ASKED.get(command, {})}


def form_of(project_id: ProjectId, command: type[Command], asked: dict[str, Any]) -> dict[str, Any]:
    """An act as its form sends it."""
    about = {} if command in ABOUT_THE_WHOLE else {"milestone": about_in(project_id, command)}
    return {"request_id": f"desk-{project_id}", **about, **asked}


async def _begun_by_the_core(office: Any, state: Any, command: Any) -> Any:
    return await office.engine.command(state.project_id, command)
