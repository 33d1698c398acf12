"""What one tries who knows the office, through each door: no event, and the rule's name to the one who tried."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, cast

import pytest
import pytest_asyncio

from application.engine_room.engine import Engine
from application.office.acts import Act, give
from application.office.attesting import ask, local_giver
from application.office.directory import Asking, change_directory, import_directory
from application.office.office import Office
from domain.actors import Actor, department, operator
from domain.acts.commands import AcceptCompletion, AnyCommand, AppointDeputy, RequestCompletion, StrikeOff
from domain.directory import changes
from domain.directory.signed_in import SignedIn
from domain.errors import RejectedError
from domain.record.recorded_projects import recorded_events
from entrypoints.bootstrap import engine_now
from tests.application.engine_room.test_act_desk import LI_MING, OFFICE, signed
from tests.domain.samples import at, request
from tests.entrypoints.desk.own_key_office import GuardedEngine
from tests.entrypoints.desk.small_office import NOW, OWN, projects, small_office

Door = Literal["desk", "api", "shell"]
PROJECT, FIRST = "2018-05a", "2018-05a-01"
DOORS: tuple[Door, ...] = ("desk", "api", "shell")


@dataclass(frozen=True)
class Attacked:
    """An office whose first milestone 李明 has accepted; 王芳 is his deputy there, and 张三 hers."""

    office: Office

    async def by(self, door: Door, command: AnyCommand, who: SignedIn, **shifted: Any) -> str | None:
        """Give an act through a door as somebody; by which rule it is refused. The owner gives it for whom it names."""
        office = replace(self.office, **shifted)
        try:
            if door == "shell":
                await ask(replace(office, giver=local_giver(engine_now())), PROJECT, command)
            else:
                await give(office, Act(PROJECT, command), who, door=door, nonce=command.request_id)
        except RejectedError as error:
            return error.rule
        return None

    def events(self) -> int:
        """How many events the project has."""
        return len(list(recorded_events(self.office.records.ledger, PROJECT)))


@pytest_asyncio.fixture
async def attacked(tmp_path: Path) -> AsyncIterator[Attacked]:
    """With its directory, its doors, and the worker's act desk before its engine."""
    with small_office(tmp_path) as small:
        await small.take(*projects())
        office = small.office
        office = replace(office, engine=cast(Engine, GuardedEngine(small.engine, office.settings)))
        await import_directory(office.records, OFFICE, Asking("管理员甲", at("04-20 09:00"), "r0"))
        made = Attacked(office)
        done: Any = request(RequestCompletion, FIRST, by=department(OWN), done_on=NOW.date())
        accepted: Any = request(AcceptCompletion, FIRST, by=operator("李明"))
        for command in (
            done,
            accepted,
            _deputy(operator("李明"), operator("王芳"), "1"),
            _deputy(operator("王芳"), operator("张三"), "2"),
        ):
            assert await made.by("shell", command, LI_MING) is None
        yield made


def _deputy(principal: Actor, deputy: Actor, number: str) -> AnyCommand:
    return AppointDeputy(
        request_id=f"deputy-{number}",
        by=principal,
        principal=principal,
        deputy=deputy,
        from_on=NOW.date(),
        until_on=NOW.date() + timedelta(days=9),
        reason="出差",
    )


def strike(by: str, request_id: str = "attack-1", **facts: Any) -> AnyCommand:
    """Strike off what 李明 has accepted."""
    return StrikeOff(request_id=request_id, by=operator(by), milestone_id=FIRST, **facts)


ZHANG_SAN, SECOND = signed("oidc:zhangsan", "张三"), signed("oidc:second", "李明")
ATTACKS: dict[str, tuple[AnyCommand, SignedIn]] = {
    "a deputy of a deputy": (strike("张三", on_behalf_of=operator("李明")), ZHANG_SAN),
    "his own second account": (strike("李明"), SECOND),
    "a name that looks alike": (strike("李\u200b明"), LI_MING),
    "another letter that looks alike": (strike("李眀"), LI_MING),
    "a person who does not exist": (strike("赵不在"), LI_MING),
}
_NOT_HE: dict[Door, str] = {"desk": "account_has_the_right", "api": "account_has_the_right"}
REFUSED: dict[str, dict[Door, str]] = {
    "a deputy of a deputy": {**_NOT_HE, "shell": "appointed_deputy"},
    "his own second account": dict.fromkeys(DOORS, "two_persons"),
    "a name that looks alike": dict.fromkeys(DOORS, "two_persons"),
    "another letter that looks alike": {**_NOT_HE, "shell": "actors_are_persons"},
    "a person who does not exist": {**_NOT_HE, "shell": "actors_are_persons"},
}
"""The owner, who acts through the shell for whom he names, is refused what that person is refused."""


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("attack", ATTACKS)
async def test_no_door_lets_it_in(attacked: Attacked, attack: str, door: Door) -> None:
    """Refused by its rule, and nothing happened."""
    before, (command, who) = attacked.events(), ATTACKS[attack]
    assert await attacked.by(door, command, who) == REFUSED[attack][door]
    assert attacked.events() == before


@pytest.mark.parametrize("door", DOORS)
async def test_a_past_role_opens_no_door(attacked: Attacked, door: Door) -> None:
    """王芳 left yesterday: neither she nor anybody for her."""
    leaving = Asking("管理员甲", NOW - timedelta(hours=1), "r1")
    day = (NOW - timedelta(days=1)).date()
    await change_directory(attacked.office.records, leaving, lambda draft: changes.close_person(draft, "P0003", day))
    before = attacked.events()
    rule = await attacked.by(door, strike("王芳"), signed("oidc:wangfang", "王芳"))
    assert rule == {**_NOT_HE, "shell": "actors_are_persons"}[door]
    assert attacked.events() == before


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("off", [timedelta(minutes=-30), timedelta(minutes=30)], ids=["back", "forward"])
async def test_a_door_whose_clock_is_wrong_is_not_heard(attacked: Attacked, door: Door, off: timedelta) -> None:
    """Half an hour back or forward: too old, or of a time that has not come."""
    honest, before = attacked.office.attestor, attacked.events()
    assert honest is not None
    wrong = replace(honest(), now=lambda: engine_now() + off)
    deputised = strike("王芳", on_behalf_of=operator("李明"))
    who = signed("oidc:wangfang", "王芳")
    assert await attacked.by(door, deputised, who, attestor=lambda: wrong) == "attestation_is_fresh"
    assert attacked.events() == before
