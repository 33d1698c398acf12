"""What programs change in the directory: the same changes as at the desk, each once under its key."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

import httpx2

from tests.entrypoints.api.conftest import Programs
from tests.entrypoints.desk.small_office import OWN, with_departments, with_one_who_left


async def test_a_department_of_a_role_is_known_or_said_to_be_new(fresh: Programs) -> None:
    """A slip of the pen opens no department for a program either; `new_department` says that it is meant."""
    await with_one_who_left(fresh.office)
    await fresh.office.office.register.follow()
    program = fresh.of("administrator")
    asked: dict[str, Any] = {"name": "周七", "role": "head", "department": "组识部"}
    slip = await program.post("/directory/persons", json=asked, headers={"Idempotency-Key": "k1"})
    assert (slip.status_code, slip.json()["rule"]) == (409, "new_department_is_meant")
    assert "组织部" in slip.json()["detail"]
    roles = {"role": "head", "department": "组识部"}
    given = await program.post("/directory/persons/P0003/roles", json=roles, headers={"Idempotency-Key": "k2"})
    assert given.json()["rule"] == "new_department_is_meant"
    new = {**asked, "new_department": True}
    done = await program.post("/directory/persons", json=new, headers={"Idempotency-Key": "k3"})
    assert done.status_code == 200, done.text


async def test_a_key_of_the_directory_is_one_act_too(fresh: Programs) -> None:
    """Under a used key nobody is taken in, and nobody gets a role or an account; a repeat changes nothing."""
    await with_one_who_left(fresh.office)
    await fresh.office.office.register.follow()
    program, used = fresh.of("administrator"), {"Idempotency-Key": "k"}
    person = (await program.post("/directory/persons", json={"name": "周七", "role": "auditor"}, headers=used)).json()
    path = f"/directory/persons/{person['person_id']}"
    for address, asked in (
        ("/directory/persons", {"name": "吴八", "role": "auditor"}),
        (f"{path}/roles", {"role": "administrator"}),
        (f"{path}/accounts", {"account": "zhouqi"}),
    ):
        again = await program.post(address, json=asked, headers=used)
        assert (again.status_code, again.json()["rule"]) == (409, "request_reused"), address

    for at, (kind, asked, other) in enumerate(
        (
            ("roles", {"role": "operator"}, {"role": "administrator"}),
            ("accounts", {"account": "zhouqi"}, {"account": "zhouqi2"}),
        )
    ):
        header = {"Idempotency-Key": f"k{at}"}
        first = await program.post(f"{path}/{kind}", json=asked, headers=header)
        assert first.status_code == 200, first.text
        before = len(list(fresh.office.office.records.ledger.entries("directory")))
        assert (await program.post(f"{path}/{kind}", json=asked, headers=header)).status_code == 200
        reused = await program.post(f"{path}/{kind}", json=other, headers=header)
        assert (reused.status_code, reused.json()["rule"]) == (409, "request_reused")
        elsewhere = await program.post(f"/directory/persons/P0003/{kind}", json=asked, headers=header)
        assert (elsewhere.status_code, elsewhere.json()["rule"]) == (409, "request_reused")
        assert len(list(fresh.office.office.records.ledger.entries("directory"))) == before


async def test_repeats_on_their_way_at_once_are_one_act(fresh: Programs) -> None:
    """Who sends again before the first is answered hears its answer; calls beside each other are all heard."""
    await with_one_who_left(fresh.office)
    await fresh.office.office.register.follow()
    program = fresh.of("administrator")

    async def asked(key: str, name: str) -> tuple[int, str]:
        given = {"name": name, "role": "auditor"}
        answer = await program.post("/directory/persons", json=given, headers={"Idempotency-Key": key})
        return answer.status_code, answer.json().get("person_id")

    same = await asyncio.gather(*(asked("k", "周七") for _ in range(4)))
    assert len(set(same)) == 1
    assert same[0][0] == 200
    others = await asyncio.gather(*(asked(f"k{at}", f"吴{at}") for at in range(4)))
    assert [status for status, _ in others] == [200] * 4


async def test_an_entry_of_the_directory_is_changed_as_at_the_desk(fresh: Programs) -> None:
    """Names, other names, ended roles and last days, each once under its key; what is not there is 404."""
    await with_one_who_left(fresh.office)
    await with_departments(fresh.office, OWN)
    program, tries = fresh.of("administrator"), itertools.count()

    async def change(path: str, key: str | None = None, **asked: Any) -> httpx2.Response:
        header = {"Idempotency-Key": key or f"k{next(tries)}"}
        return await program.post(f"/directory/{path}", json=asked or None, headers=header)

    def changes_so_far() -> int:
        return len(list(fresh.office.office.records.ledger.entries("directory")))

    role = await change("persons/P0003/roles", role="auditor")
    assert role.status_code == 200, role.text
    (held,) = [
        r for r in (await program.get("/directory/persons/P0003")).json()["person"]["roles"] if r["role"] == "auditor"
    ]
    for path, asked in (
        ("persons/P0003/name", {"name": "李四新"}),
        (f"persons/P0003/roles/{held['number']}/end", {}),
        ("persons/P0004/leave", {"last_on": "2018-12-31"}),
        ("departments/D0001/aliases", {"name": "本部"}),
        ("departments/D0001/aliases/take", {"name": f"{OWN}简称"}),
        ("departments/D0001/name", {"name": "新部"}),
        ("departments/D0001/close", {"last_on": "2018-12-31"}),
    ):
        first = await change(path, path, **asked)
        assert first.status_code == 200, (path, first.text)
        left = first.json().get("left", [])
        assert bool(left and "还有 6 项在办任务没有移交" in left[0]) is path.endswith("/close")
        count = changes_so_far()
        assert (await change(path, path, **asked)).status_code == 200, path
        assert changes_so_far() == count, path
        nobody = path.replace("P000", "P900").replace("D000", "D900")
        assert (await change(nobody, **asked)).status_code == 404, nobody
    (last,) = list(fresh.office.office.records.ledger.entries("directory"))[-1:]
    assert last.event["data"].get("attested"), "as its door attests it"
    told = (await program.get("/directory/persons/P0003")).json()
    assert (told["person"]["name"], "auditor" in {r["role"] for r in told["person"]["roles"]}) == ("李四新", False)
    assert (await program.get("/directory/persons/P0004")).json()["until_on"] == "2018-12-31"
    there = (await program.get("/directory/departments/D0001")).json()
    assert (there["department"]["name"], there["until_on"]) == ("新部", "2018-12-31")
    assert there["department"]["aliases"] == ["本部"]
    assert (await change("persons/P0006/leave")).status_code in (409, 422)
    wrong = await change("persons/P0006/leave", last_on="2018-12-31")
    assert (wrong.status_code, wrong.json()["rule"]) == (409, "directory_has_an_administrator")


async def test_a_namesake_is_taken_in_where_one_is_meant(fresh: Programs) -> None:
    """Who is there already is not taken in once more by a program either; `namesake` says that it is meant."""
    await with_one_who_left(fresh.office)
    program, asked = fresh.of("administrator"), {"name": "李 四", "role": "auditor"}
    slip = await program.post("/directory/persons", json=asked, headers={"Idempotency-Key": "k1"})
    assert (slip.status_code, slip.json()["rule"]) == (409, "namesake_is_meant")
    meant = await program.post(
        "/directory/persons", json={**asked, "namesake": True}, headers={"Idempotency-Key": "k1"}
    )
    assert meant.status_code == 200, meant.text
