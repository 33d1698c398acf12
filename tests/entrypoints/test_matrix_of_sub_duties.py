"""What a department does to the duties that it gave: whatever weighs demands the key of its person, as everywhere.

Made from the tables of desk and interface: an act that a department gets in its sub-duties is in it by itself.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

import httpx2
import pytest
import pytest_asyncio

from application.office.attesting import local_giver
from application.office.given_with_whole import Ending
from application.office.sub_duties import settle_sub_duties_of
from domain.actors import department
from domain.acts import commands as c
from domain.acts.commands.command import Command
from domain.ids import ProjectId
from entrypoints.api.acts import ActRoute
from entrypoints.bootstrap import engine_now
from entrypoints.desk.act_forms import ActForm
from tests.domain.samples import at, key_project, milestone, request
from tests.entrypoints.desk.own_key_office import LI_MING, KeyOffice
from tests.entrypoints.desk.small_office import NOW, OWN, CoreEngine
from tests.entrypoints.own_key_hall import OF_A_DEPARTMENT, RULES, Hall, program, verified_hall
from tests.entrypoints.test_matrix_of_routes import ACTS_OF_THE_DESK, ACTS_OF_THE_INTERFACE, Step

UNIT, ANOTHER = department("甲市"), department(OWN, "钱二")
SOON, LATER = date(2018, 6, 5), date(2018, 9, 20)
AT_THE_DESK: Final = [form for form in ACTS_OF_THE_DESK if form.command.of_the_assigning]
AT_THE_INTERFACE: Final = [route for route in ACTS_OF_THE_INTERFACE if route.command.of_the_assigning]
BEFORE: Final[Mapping[type[Command], tuple[Step, ...]]] = {
    c.StrikeOff: (
        Step(c.RequestCompletion, UNIT, {"done_on": date(2018, 6, 1)}),
        Step(c.AcceptCompletion, ANOTHER),
    ),
    c.RuleOnExtension: (
        Step(c.RequestExtension, UNIT, {"new_due_on": LATER}),
        Step(c.ReviewExtension, ANOTHER, {"recommended_due_on": LATER}),
    ),
    c.InsistOnAssignment: (Step(c.DeclineAssignment, UNIT, {"milestone_id": None}),),
}
"""What must have happened in a part so that its department can give an act of weight."""
ASKED: Final[Mapping[type[Command], dict[str, Any]]] = {
    c.RuleOnExtension: {"ruling": "refuse"},
    c.InsistOnAssignment: {"department": "甲市"},
    c.GrantGrace: {"new_due_on": str(LATER)},
    c.ReassignLead: {"to": "丙市"},
}


def test_the_department_s_acts_of_weight_are_known() -> None:
    """None is tried of nothing, and those of the desk and the interface are the same."""
    assert {form.command for form in AT_THE_DESK} == {route.command for route in AT_THE_INTERFACE}
    assert {form.command for form in AT_THE_DESK} >= {c.StrikeOff, c.Withdraw, *ASKED}


@pytest_asyncio.fixture(scope="module")
async def busy(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Hall, httpx2.AsyncClient]]:
    """One hall for all of them, each with a whole of its own; at last the verifier looks at all of it."""
    async with (
        verified_hall(tmp_path_factory.mktemp("sub-duties")) as opened,
        program(opened.office, OF_A_DEPARTMENT) as client,
    ):
        yield opened, client


@pytest.mark.parametrize("form", AT_THE_DESK, ids=lambda form: form.path)
async def test_a_department_signs_what_weighs_in_its_sub_duties(
    busy: tuple[Hall, httpx2.AsyncClient], form: ActForm
) -> None:
    """Its form asks for the signature; missing, another's, used, of another act, of a key let go: refused on record."""
    opened, _ = busy
    part = await ready(opened.office, form.command, 400 + AT_THE_DESK.index(form))
    values = {"request_id": f"desk-{part}", "reason": "按会议纪要", **ASKED.get(form.command, {})}
    post = opened.form(f"/duties/{part}-01/{form.path}", values, of=OF_A_DEPARTMENT)
    await opened.exactly_the_signed_passes(post, OF_A_DEPARTMENT)


@pytest.mark.parametrize("route", AT_THE_INTERFACE, ids=lambda route: route.path)
async def test_a_department_s_program_brings_its_person_s_signature(
    busy: tuple[Hall, httpx2.AsyncClient], route: ActRoute
) -> None:
    """The same acts under a token of the department."""
    opened, client = busy
    part = await ready(opened.office, route.command, 500 + AT_THE_INTERFACE.index(route))
    fields, asked = route.body.model_fields, {"reason": "按会议纪要"}
    if route.command is not c.InsistOnAssignment:  # a lead sends the whole assignment back
        asked["milestone_id"] = f"{part}-01"
    body = {name: value for name, value in {**asked, **ASKED.get(route.command, {})}.items() if name in fields}
    headers = {"Idempotency-Key": f"k-{part}"}
    about = {"act": route.path, "asked": body}
    told = (await client.post(f"/projects/{part}/challenge", json=about, headers=headers)).json()

    async def post(answer: dict[str, Any] | None) -> httpx2.Response:
        more = {} if answer is None else {"own_key": opened.proof(answer)}
        return await client.post(f"/projects/{part}/acts/{route.path}", json={**body, **more}, headers=headers)

    await opened.must_be_refused(post, None, "missing")
    for what, answer in opened.wrong(told["challenge"], OF_A_DEPARTMENT).items():
        assert (await opened.must_be_refused(post, answer, what)).json()["rule"] in RULES
    await opened.must_pass(post, opened.devices[OF_A_DEPARTMENT].sign(told["challenge"]))


async def ready(office: KeyOffice, command: type[Command], number: int) -> ProjectId:
    """A part, given to a unit by the department that leads a project, in which it can give an act."""
    whole, office.small.now = f"2018-{number}", NOW
    stones = (milestone(1, at("09-28").date(), project_id=whole),)
    await office.small.take(key_project(stones, project_id=whole, lead=OWN))
    engine = CoreEngine(office.small.office.records, lambda: office.small.now)
    due_on = SOON if command is c.GrantGrace else at("09-14").date()
    about = f"{whole}-01"
    given: Any = request(c.DecomposeDuty, about, by=department(OWN, "张三"), units=("甲市",), due_on=due_on)
    await engine.command(whole, given)
    owner = replace(office.small.office, giver=local_giver(engine_now()))
    (started,) = await settle_sub_duties_of(owner, whole, Ending(LI_MING))
    part = started.project_id
    for step in BEFORE.get(command, ()):
        facts = dict(step.facts)
        milestone_id = facts.pop("milestone_id", f"{part}-01")
        await engine.command(part, request(step.command, milestone_id, by=step.by, **facts))
    if command is c.GrantGrace:
        office.small.now = NOW + timedelta(days=2)
    await office.small.office.register.follow()
    return part
