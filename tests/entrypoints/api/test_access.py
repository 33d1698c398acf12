"""The access matrix, made from the table: which token gets what, and that no other one does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from fastapi import APIRouter

from application.accounts.tokens import PREFIX
from application.desk_work.office_desks import OfficeDesks
from application.desk_work.verification import Verification
from entrypoints.api.app import api_application
from entrypoints.api.table import ROOT, Route, table
from tests.entrypoints.api.conftest import Programs, opened
from tests.entrypoints.desk.small_office import NOW, PEOPLE

VALUES: Mapping[str, str] = {
    "{project_id}": "2018-05a",
    "{milestone_id}": "2018-05a-02",
    "{sha256}": "0" * 64,
    "{key}": "no-such-list-00-",
    "{person_id}": "P0001",
    "{department_id}": "D0001",
    "{number}": "no-such-number",
    "{period}": "2018-05",
    "{year}": "2018",
}


def path_of(route: Route) -> str:
    """A route's address with values in it."""
    path = route.path
    for name, value in VALUES.items():
        path = path.replace(name, value)
    assert "{" not in path, f"{route.path} has a value that the matrix does not know"
    return path


def name_of(route: Route) -> str:
    """A route as the matrix names it."""
    return f"{route.method} {route.path}"


async def asked(client: httpx2.AsyncClient, route: Route) -> httpx2.Response:
    """Call a route with nothing in it: an act without its fields changes nothing."""
    return await client.request(route.method, path_of(route), json={} if route.method == "POST" else None)


def test_every_route_stands_once_and_needs_a_token() -> None:
    """No two routes have one address and method, and none but the document is for everybody."""
    names = [name_of(route) for route in table()]
    assert len(names) == len(set(names))
    assert [route for route in table() if route.who == "everybody"] == []


@pytest.mark.parametrize("route", table(), ids=name_of)
async def test_a_route_answers_its_roles_and_nobody_else(seen: Programs, route: Route) -> None:
    """403 where a route is not a role's own, and never where it is."""
    for account, (_name, roles, _departments) in PEOPLE.items():
        answer = await asked(seen.of(account), route)
        mine = route.who == "signed_in" or bool(set(route.who) & set(roles))
        assert answer.status_code < 500, answer.text
        assert (answer.status_code == 403) is not mine, (account, answer.text)
        if not mine:
            assert answer.json()["rule"] == "right_of_token"


@pytest.mark.parametrize("route", table(), ids=name_of)
async def test_without_a_living_token_nobody_gets_anything(seen: Programs, route: Route) -> None:
    """No token, one of nobody, one that is no token of ours, a password in its place, one that was revoked: 401."""
    seen.callers.revoked.add(f"{PREFIX}second")
    for shown in (None, "Bearer duban_stranger", "Bearer operator", "Basic b3BlcmF0b3I6eA==", f"Bearer {PREFIX}second"):
        client = seen.of(None, **({"Authorization": shown} if shown else {}))
        answer = await asked(client, route)
        assert (answer.status_code, answer.json()["rule"]) == (401, "valid_token")
        refused = shown is not None and shown.startswith("Bearer ")
        assert answer.headers["www-authenticate"] == ('Bearer error="invalid_token"' if refused else "Bearer")
    seen.callers.revoked.clear()


async def test_the_document_is_everybody_s_and_has_every_route(seen: Programs) -> None:
    """OpenAPI 3.1: each route of the table is there under its name, and no other one."""
    document = (await seen.of(None).get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    told = {
        (method.upper(), path.removeprefix(ROOT)): operation["operationId"]
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    assert told == {(route.method, route.path): route.name for route in table()}
    assert len(set(told.values())) == len(told)


async def test_an_office_that_is_opened_beside_another_makes_no_route_and_answers_for_itself(
    seen: Programs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The routes are made once in a process; whose token holds is asked of the office that is called."""
    monkeypatch.setattr(APIRouter, "add_api_route", None)
    async for other in opened(tmp_path):
        other.callers.revoked.add(f"{PREFIX}operator")
        assert [(await each.of("operator").get("/projects")).status_code for each in (seen, other)] == [200, 401]


async def test_a_department_s_token_gets_nothing_of_another_one(fresh: Programs) -> None:
    """Every project and milestone, read and acted on under one department's token: its own alone answers."""
    own = fresh.of("own")
    for project_id, mine in (("2018-05a", True), ("2018-06", True), ("2018-07", False), ("2018-99", False)):
        for ordinal in ("01", "02", "99"):
            milestone = f"{project_id}-{ordinal}"
            allowed = mine and ordinal != "99"
            for path in (f"/duties/{milestone}", f"/duties/{milestone}/acts"):
                assert (await own.get(path)).status_code == (200 if allowed else 404), path
        answer = await fresh.act("own", project_id, "sign-receipt", f"sign-{project_id}")
        assert answer.status_code == (200 if mine else 404), answer.text
    rows = (await own.get("/duties")).json()["duties"]
    assert {row["department"] for row in rows} == {"组织部"}
    assert (await own.get("/duties", params={"department": "宣传部"})).json()["duties"] == []


async def test_the_feed_of_a_department_has_its_own_business_alone(fresh: Programs) -> None:
    """Two departments report on one milestone: the lead reads both, the participant its own, nobody an attestation."""
    await fresh.act("own", "2018-05a", "report-progress", milestone_id="2018-05a-02", text="牵头部门的进展")
    await fresh.act("other", "2018-05a", "report-progress", milestone_id="2018-05a-02", text="参与部门的进展")
    told = {
        who: (await fresh.of(who).get("/events", params={"limit": 500})).json() for who in ("own", "other", "auditor")
    }
    texts = {who: str(answer["events"]) for who, answer in told.items()}
    assert "牵头部门的进展" in texts["own"]
    assert "参与部门的进展" in texts["own"]
    assert "参与部门的进展" in texts["other"]
    assert "牵头部门的进展" not in texts["other"]
    assert {each["project_id"] for each in told["own"]["events"]} == {"2018-05a", "2018-06"}
    assert {each["project_id"] for each in told["auditor"]["events"]} == {"2018-05a", "2018-06", "2018-07"}
    assert "attestation.json" in texts["auditor"]
    assert "attestation.json" not in texts["own"] + texts["other"]


async def test_a_verification_that_began_at_the_desk_is_the_interfaces_too(seen: Programs) -> None:
    """One goes on at a time, whichever screen asks for it, and the other one tells of it."""
    office = seen.office
    desks = OfficeDesks(office.office)
    desks.verifications.last = Verification(NOW, "审计员")
    auditor = replace(seen, app=api_application(office.office, seen.callers, office.accounts, desks)).of("auditor")
    assert (await auditor.get("/audit/verification")).json()["running"] is True
    refused = await auditor.post("/audit/verification")
    assert (refused.status_code, refused.json()["rule"]) == (409, "one_verification")
