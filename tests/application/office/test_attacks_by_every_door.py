"""What one tries who knows the office, through each door: no event, the rule's name to the one who tried, and the
refusal on record."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, cast

import pytest
import pytest_asyncio

from application.engine_room.engine import Engine
from application.office.acts import Act, give
from application.office.attesting import Attestor, local_giver
from application.office.directory import AskedChange, change_directory, import_directory
from application.office.office import Office
from application.settings import Settings
from domain.actors import Actor, department, operator
from domain.acts.commands import (
    AcceptCompletion,
    AnyCommand,
    AppointDeputy,
    DismissDeputy,
    ReportProgress,
    RequestCompletion,
    StrikeOff,
)
from domain.directory import changes
from domain.directory.draft import Draft
from domain.directory.signed_in import SignedIn
from domain.errors import RejectedError, UnreadableIdError
from domain.ids import supervision_workflow_id
from domain.record.recorded_projects import recorded_events
from entrypoints.api.acts import all_commands
from entrypoints.bootstrap import attestor_of, engine_now, open_records
from tests.application.engine_room.test_act_desk import LI_MING, OFFICE, signed
from tests.domain.samples import at, request
from tests.entrypoints.desk.own_key_office import GuardedEngine
from tests.entrypoints.desk.small_office import NOW, OWN, projects, small_office

Door = Literal["desk", "api", "shell"]
PROJECT, FIRST, SECOND_ONE = "2018-05a", "2018-05a-01", "2018-05a-02"
DOORS: tuple[Door, ...] = ("desk", "api", "shell")


@dataclass(frozen=True)
class Attacked:
    """An office whose first milestone 李明 has accepted; 王芳 is his deputy there, and 张三 hers."""

    office: Office

    async def by(
        self, door: Door, command: AnyCommand, who: SignedIn, project: str = PROJECT, **shifted: Any
    ) -> str | None:
        """Give an act through a door as somebody; by which rule it is refused. The owner gives it for whom it names."""
        office, asked = replace(self.office, **shifted), Act(project, command)
        try:
            if door == "shell":
                await give(replace(office, giver=local_giver(engine_now())), asked)
            else:
                await give(office, asked, who, door=door, nonce=command.request_id)
        except RejectedError as error:
            return error.rule
        return None

    def events(self) -> int:
        """How many events the project has."""
        return len(list(recorded_events(self.office.records.ledger, PROJECT)))

    def on_record(self, project: str = PROJECT) -> list[str]:
        """The rules by which something of a project was refused, as an auditor reads them."""
        return [each.rule for each in self.office.records.ledger.refusals(supervision_workflow_id(project))]


@pytest_asyncio.fixture
async def attacked(tmp_path: Path) -> AsyncIterator[Attacked]:
    """With its directory, its doors, and the worker's act desk before its engine."""
    with small_office(tmp_path) as small:
        await small.take(*projects())
        office = small.office
        office = replace(office, engine=cast(Engine, GuardedEngine(small.engine, office.settings)))
        await import_directory(office.records, OFFICE, AskedChange("管理员甲", at("04-20 09:00"), "r0"))
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
    assert attacked.on_record() == [REFUSED[attack][door]]


@pytest.mark.parametrize("door", DOORS)
async def test_a_past_role_opens_no_door(attacked: Attacked, door: Door) -> None:
    """王芳 left yesterday: neither she nor anybody for her."""
    leaving = AskedChange("管理员甲", NOW - timedelta(hours=1), "r1")
    day = (NOW - timedelta(days=1)).date()
    await change_directory(attacked.office.records, leaving, lambda draft: changes.close_person(draft, "P0003", day))
    before = attacked.events()
    rule = await attacked.by(door, strike("王芳"), signed("oidc:wangfang", "王芳"))
    assert rule == {**_NOT_HE, "shell": "actors_are_persons"}[door]
    assert (attacked.events(), attacked.on_record()) == (before, [rule])


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
    assert (attacked.events(), attacked.on_record()) == (before, ["attestation_is_fresh"])


def report(request_id: str = "report-1") -> AnyCommand:
    """An act that every door takes, of 张三."""
    return ReportProgress(request_id=request_id, by=department(OWN, "张三"), milestone_id=SECOND_ONE, text="已过半")


class Meddling:
    """A door's attestor whose command somebody changes once it is attested."""

    def __init__(self, honest: Attestor, change: Callable[[AnyCommand], AnyCommand]) -> None:
        self._honest, self._change = honest, change

    async def attested(self, *given: Any) -> AnyCommand:
        return self._change(await self._honest.attested(*given))


@pytest.mark.parametrize("door", DOORS)
async def test_what_is_forged_foreign_or_replayed_passes_no_door(
    attacked: Attacked, door: Door, tmp_path: Path
) -> None:
    """Another text, another act's attestation, another installation's key; the honest act then passes, once."""
    made = attacked.office.attestor
    assert made is not None
    honest, before, own = made(), attacked.events(), [report("earlier")]

    def used(command: AnyCommand) -> AnyCommand:
        own.append(command)
        return command

    assert await attacked.by(door, own[0], ZHANG_SAN, attestor=lambda: Meddling(honest, used)) is None
    earlier, started = own[1], attacked.events()
    assert started > before
    elsewhere = Settings(data=tmp_path / "elsewhere")
    with open_records(elsewhere) as records:
        await records.doors.open()
    foreign = replace(attestor_of(elsewhere), evidence=honest.evidence)
    tried: dict[str, tuple[Any, str]] = {
        "forged": (
            Meddling(honest, lambda each: each.model_copy(update={"text": "另一番话"})),
            "attestation_is_of_this_act",
        ),
        "replayed": (
            Meddling(honest, lambda each: each.model_copy(update={"attested": earlier.attested})),
            "attestation_is_of_this_act",
        ),
        "foreign": (foreign, "door_is_open"),
    }
    for name, (attestor, rule) in tried.items():
        assert (name, await attacked.by(door, report(), ZHANG_SAN, attestor=lambda made=attestor: made)) == (name, rule)
    assert (attacked.events(), attacked.on_record()) == (started, [rule for _, rule in tried.values()])
    for _ in range(2):
        assert await attacked.by(door, report(), ZHANG_SAN) is None
    assert attacked.events() == started + 1


@pytest.mark.parametrize("door", DOORS)
async def test_no_door_gives_an_act_to_what_nobody_issued(attacked: Attacked, door: Door) -> None:
    """An invented project has a refusal and no event; a mailbox is no project, and no act brings it a calendar."""
    assert await attacked.by(door, report(), ZHANG_SAN, "2018-77") == "known_project"
    assert list(recorded_events(attacked.office.records.ledger, "2018-77")) == []
    assert set(attacked.on_record("2018-77")) == {"known_project"}
    with pytest.raises(UnreadableIdError):
        await attacked.by(door, report(), ZHANG_SAN, f"department-mailbox/{OWN}")


@pytest.mark.parametrize("door", DOORS)
async def test_two_of_one_name_are_never_taken_for_one_another(attacked: Attacked, door: Door) -> None:
    """A second 李明 supervises too: whoever is signed in is himself; the owner is asked which, and says the number."""
    coming = AskedChange("管理员甲", NOW - timedelta(hours=1), "r1")

    def one_more(draft: Draft) -> None:
        number = changes.open_person(draft, "李明", "P0077")
        changes.give_account(draft, number, "oidc:other")
        changes.give_role(draft, number, "operator")

    await change_directory(attacked.office.records, coming, one_more)
    before = attacked.events()
    rule = await attacked.by(door, strike("李明"), LI_MING)
    assert rule == ("actors_are_persons" if door == "shell" else "two_persons")
    himself = strike("P0002" if door == "shell" else "李明", "attack-2")
    assert await attacked.by(door, himself, LI_MING) == "two_persons"
    assert attacked.events() == before
    other = strike("P0077" if door == "shell" else "李明", "honest")
    assert await attacked.by(door, other, signed("oidc:other", "李明", "P0077")) is None
    assert attacked.events() > before


@pytest.mark.parametrize("door", DOORS)
async def test_a_deputy_who_has_left_is_dismissed(attacked: Attacked, door: Door) -> None:
    """王芳 left yesterday: 李明 ends what she might do for him, by her name or number."""
    leaving = AskedChange("管理员甲", NOW - timedelta(hours=1), "r1")
    day = (NOW - timedelta(days=1)).date()
    await change_directory(attacked.office.records, leaving, lambda draft: changes.close_person(draft, "P0003", day))
    none = "deputy_to_dismiss"
    before, himself = attacked.events(), operator("李明")
    for number, (text, rule) in enumerate((("赵不在", none), ("王芳", None), ("P0003", none))):
        ended = DismissDeputy(
            request_id=f"end-{number}", by=himself, principal=himself, deputy=operator(text), reason="已离开"
        )
        assert (text, await attacked.by(door, ended, LI_MING)) == (text, rule)
    assert attacked.events() == before + 1


def test_no_act_brings_a_state_or_a_clock() -> None:
    """No command has a place for a project's state or a clock; one has a calendar, the whole office's."""
    brought = {
        (command.__name__, name)
        for command in all_commands()
        for name, field in command.model_fields.items()
        if name != "type" and any(word in str(field.annotation) for word in ("State", "Clock", "Calendar"))
    }
    assert brought == {("ChangeCalendar", "calendar")}
