"""For whom an account could act: whoever holds a door's key attests nobody whom the directory does not know so."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from bench.memory_bundle import MemoryBundle
from domain.actors import Actor, department, operator
from domain.acts.attestation import Attestation, Login
from domain.acts.rejections import NotInHisRightError
from domain.acts.rights import must_be_in_his_right
from domain.directory import changes
from domain.directory.draft import Draft
from domain.directory.events import DIRECTORY_STREAM
from domain.record.leaf import leaf_event, leaf_instant
from tests.domain.directory.samples import NEW_YEAR, START, committed, day, draft_on, office_at_random
from verifier.directory import Directory, read_names
from verifier.findings import Step
from verifier.rights import Rights

PROJECT_STREAM = "key-project/2018/05"
OWNER = {"account": "os:root", "person_id": None, "name": "root", "how": "local-os-user", "door": "shell"}


def rights(draft: Draft) -> Rights:
    """The verifier's own reading of the directory; each entry was appended when it was decided."""
    read, files = Directory(), dict[str, bytes]()
    for position, event in enumerate(committed(draft.events, files)):
        read.take(position, leaf_event(DIRECTORY_STREAM, event))
    read_names(Step("attachments"), MemoryBundle({f"blobs/{name}": data for name, data in files.items()}), read)
    appended = [leaf_instant(event.decided_at) for event in draft.events]
    return Rights(read, appended, all_clocks=True)


def said(by: Actor, at: datetime, on_behalf_of: Any = None, **other: Any) -> dict[str, Any]:
    """What a door attests; every role is claimed where nothing else is said."""
    command = {"type": other.get("type", "Urge"), "by": by.model_dump(mode="json")}
    if on_behalf_of is not None:
        command["on_behalf_of"] = on_behalf_of.model_dump(mode="json")
    return {
        "act": {"command": command},
        "account": other["account"],
        "person_id": other["person_id"],
        "name": other.get("name", by.name),
        "roles": other.get("roles", ["operator", "department", "deputy"]),
        "login": {"how": other.get("how", "password")},
        "door": {"kind": other.get("door", "desk")},
        "received_at": leaf_instant(at),
    }


def fault(
    held: Rights, given: dict[str, Any], decided: datetime, position: int = 10_000, stream: str = PROJECT_STREAM
) -> str | None:
    """Why it could not be given, if it could not."""
    event = {"stream": stream, "decided": leaf_instant(decided)}
    found = held.fault(position, event, given)
    return found[0] if found else None


def office() -> Draft:
    """李明 supervises, 王芳 is his deputy in May, 张三 acts for 组织部, which is 干部处 from June on; an auditor."""
    draft = draft_on()
    organisation = changes.open_department(draft, "组织部", from_on=NEW_YEAR)
    changes.open_department(draft, "宣传部", from_on=NEW_YEAR)
    for name in ("李明", "王芳", "张三", "赵审计"):
        changes.give_account(draft, changes.open_person(draft, name, from_on=NEW_YEAR), f"oidc:{name}", NEW_YEAR)
    changes.give_role(draft, "P0001", "administrator", from_on=NEW_YEAR)
    changes.give_role(draft, "P0001", "operator", from_on=NEW_YEAR)
    changes.give_role(draft, "P0002", "deputy", principal_id="P0001", from_on=day(5, 1), until_on=day(5, 31))
    changes.give_role(draft, "P0003", "department", department_id=organisation, from_on=NEW_YEAR)
    changes.give_role(draft, "P0004", "auditor", from_on=NEW_YEAR)
    changes.rename_department(draft, organisation, "干部处", from_on=day(6, 1))
    return draft


LI = {"account": "oidc:李明", "person_id": "P0001"}
WANG = {"account": "oidc:王芳", "person_id": "P0002"}
ZHANG = {"account": "oidc:张三", "person_id": "P0003"}
ZHAO = {"account": "oidc:赵审计", "person_id": "P0004"}
BY_LI, BY_WANG = (
    operator(name).model_copy(update={"person_id": n}) for name, n in (("李明", "P0001"), ("王芳", "P0002"))
)
MAY = START + timedelta(days=20)


@pytest.mark.parametrize(
    ("by", "who", "found"),
    [
        (BY_LI, LI, None),
        (BY_LI, LI | {"account": "oidc:nobody"}, "account_of_another"),
        (BY_LI, LI | {"person_id": "P0099"}, "account_of_another"),
        (BY_LI, LI | {"account": "oidc:张三"}, "account_of_another"),
        (BY_LI, LI | {"how": "local-os-user"}, "account_of_another"),
        (BY_LI, LI | {"roles": ["administrator"]}, "role_not_had"),
        (operator("王芳"), LI, "person_unknown"),
        (operator("赵审计"), ZHAO | {"roles": ["operator", "auditor"]}, "role_not_had"),
        (department("组织部", "张三"), ZHANG, None),
        (department("干部处"), ZHANG | {"name": "张三"}, None),
        (department("宣传部", "张三"), ZHANG, "role_not_had"),
        (operator("张三"), ZHANG, "role_not_had"),
        (operator("root"), OWNER, "person_unknown"),
        (BY_LI, OWNER, None),
        (BY_LI, OWNER | {"door": "desk"}, "account_of_another"),
        (operator("张三丰").model_copy(update={"person_id": "P0099"}), OWNER, "person_unknown"),
        (operator("张三丰").model_copy(update={"person_id": "P0001"}), OWNER, "person_unknown"),
        (operator("张三").model_copy(update={"person_id": "P0003"}), OWNER, "role_not_had"),
        (department("宣传部", "李四"), OWNER, None),
    ],
)
def test_an_act_is_of_somebody_who_could_give_it(by: Actor, who: dict[str, Any], found: str | None) -> None:
    """Account, person, name and role are the directory's of that day; the owner names somebody who is there."""
    assert fault(rights(office()), said(by, MAY, **who), MAY) == found


@pytest.mark.parametrize(
    ("days", "principal", "found"), [(20, BY_LI, None), (50, BY_LI, "role_not_had"), (20, BY_WANG, "role_not_had")]
)
def test_a_deputy_acts_for_the_one_whose_deputy_he_is_then(days: int, principal: Actor, found: str | None) -> None:
    """In May, for 李明."""
    at = START + timedelta(days=days)
    assert fault(rights(office()), said(BY_WANG, at, principal, **WANG), at) == found


def test_a_role_that_ended_meanwhile_accuses_nobody() -> None:
    """What was received before the end, on its day, may be recorded after it; what was received after it is named."""
    draft = office()
    draft.at = MAY
    changes.give_role(draft, "P0004", "operator", from_on=NEW_YEAR)
    changes.take_role(draft, "P0001", "operator", until_on=draft.today)
    changes.close_person(draft, "P0003", draft.today)
    held, hour = rights(draft), timedelta(hours=1)
    for before, found in ((True, None), (False, "role_not_had")):
        received = MAY - hour if before else MAY + hour
        assert fault(held, said(BY_LI, received, **LI), MAY + hour) == found
    by_zhang = said(department("组织部", "张三"), MAY - hour, **ZHANG)
    assert fault(held, by_zhang, MAY + hour) is None
    assert fault(held, by_zhang | {"received_at": leaf_instant(MAY + hour)}, MAY + hour) == "account_of_another"
    assert fault(held, said(operator("赵审计"), MAY, **ZHAO), MAY, position=len(office().events)) is None
    assert fault(held, said(operator("赵审计"), MAY, **ZHAO), MAY, position=5) == "account_of_another"


def test_days_are_those_of_the_supervised_year() -> None:
    """By the clock of the start: from the day on which the door received an act to the one on which it was decided."""
    held, real = rights(office()), START.replace(year=2026)
    clock = {"engine_at": leaf_instant(real), "supervised_at": leaf_instant(MAY), "speed": 24}
    held.clocks[PROJECT_STREAM] = [clock]
    later = real + timedelta(days=2)
    acting = said(BY_WANG, real, BY_LI, **WANG)
    assert fault(held, acting, MAY) is None
    assert fault(held, acting, MAY + timedelta(days=40)) is None
    assert fault(held, acting | {"received_at": leaf_instant(later)}, MAY + timedelta(days=40)) == "role_not_had"


def _at_random(chance: random.Random, draft: Draft) -> tuple[Actor, dict[str, Any]]:
    persons, today = list(draft.directory.persons.values()), draft.today
    person = chance.choice(persons)
    held = [each.account for other in chance.choice(([person], persons)) for each in other.accounts] or ["os:9"]
    grants = draft.directory.roles_on(person.person_id, today)
    called: Sequence[str] = [
        name for each in draft.directory.departments.values() for name in draft.directory.names_of(each.number, today)
    ]
    by = operator(person.name_on(today)).model_copy(update={"person_id": person.person_id})
    if called and chance.random() < 0.5:
        by = department(chance.choice(called), chance.choice((None, person.name_on(today))))
    roles = [each.role for each in grants] if chance.random() < 0.5 else ["operator", "department"]
    who = {"account": chance.choice(held), "person_id": person.person_id, "name": person.name_on(today)}
    return by, who | {"roles": roles}


@pytest.mark.parametrize("seed", range(12))
def test_the_verifier_hears_whom_the_act_desk_hears(seed: int) -> None:
    """In offices at random: whoever may give an act is accused of nothing, and who may not is named."""
    chance = random.Random(seed)
    draft = office_at_random(chance, 70)
    draft.at += timedelta(days=1)
    held, counts = rights(draft), [0, 0]
    for _ in range(60):
        by, who = _at_random(chance, draft)
        given = said(by, draft.at, **who)
        departments = [n for d in draft.directory.departments for n in draft.directory.names_of(d, draft.today)]
        attestation = Attestation.model_construct(
            **{name: given[name] for name in ("account", "person_id", "name", "roles")},
            departments=tuple(departments),
            login=Login(how="password", issuer=None, at=draft.at),
        )
        try:
            must_be_in_his_right(attestation, by, None, draft.directory, draft.at)
            may = True
        except NotInHisRightError:
            may = False
        counts[may] += 1
        assert (fault(held, given, draft.at) is None) == may, (by, who)
    assert counts[False]
