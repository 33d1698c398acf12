"""A program that asks wrongly is told what is wrong and how it is written, in the language that it asks for."""

from __future__ import annotations

from typing import Final

import httpx2
import pytest

from entrypoints.core_sentences import is_chinese
from tests.entrypoints.api.conftest import Programs

ACT: Final = "/projects/2018-05a/acts/report-progress"
JSON: Final = {"Content-Type": "application/json", "Idempotency-Key": "k"}


@pytest.mark.parametrize(
    ("path", "field", "says"),
    [
        ("/projects?as_of=2018-06-04T09:00:00", "as_of", "2018-06-30T18:00:00+08:00"),
        ("/projects?as_of=2018-06-04", "as_of", "2018-06-30T18:00:00+08:00"),
        ("/projects?due_from=4.6.2018", "due_from", "YYYY-MM-DD"),
        ("/projects?limit=many", "limit", "whole number"),
        ("/projects?overdue=yes", "overdue", "true or false"),
        ("/projects?light=blue", "light.0", "grey / green / yellow / red"),
        ("/projects?lights=red", "lights", "leave it out"),
        ("/me?as_of=2018-06-04T09:00:00%2B08:00", "as_of", "leave it out"),
        ("/projects/2018-05a?project_id=2018-06", "project_id", "leave it out"),
        ("/projects?Idempotency-Key=k", "Idempotency-Key", "leave it out"),
        ("/projects?text=x&text=y", "text", "once"),
        ("/projects?as_of=2018-05-01T00:00:00Z&as_of=2018-05-02T00:00:00Z", "as_of", "once"),
    ],
)
async def test_what_an_address_asks_for_wrongly_is_named(seen: Programs, path: str, field: str, says: str) -> None:
    """Each value says how it is written; a filter that there is not would have given everything, and is refused."""
    answer = await seen.of("operator", **{"Accept-Language": "en"}).get(path)
    (fault,) = answer.json()["errors"]
    assert (answer.status_code, fault["field"]) == (422, field)
    assert says in fault["fault"]
    assert not is_chinese(fault["fault"])


@pytest.mark.parametrize("path", ["/projects", "/duties"])
async def test_days_that_run_backwards_are_refused(seen: Programs, path: str) -> None:
    """An empty list would say that nothing is due then."""
    answer = await seen.of("operator").get(f"{path}?due_from=2018-06-30&due_until=2018-06-01")
    assert (answer.status_code, answer.json()["rule"]) == (409, "days_run_forward")
    assert "2018-06-01" in answer.json()["detail"]
    assert (await seen.of("operator").get(f"{path}?due_from=2018-06-01&due_until=2018-06-01")).status_code == 200


@pytest.mark.parametrize(
    ("content", "kind", "says"),
    [
        (b'{"milestone_id"', "application/json", "it is no JSON"),
        (b'{"text": "\xff\xfe"}', "application/json", "it is no JSON"),
        (b"[" * 100_000, "application/json", "it is no JSON"),
        ('{"milestone_id": "2018-05a-02", "text": "x"}'.encode("utf-16"), "application/json", "it is no JSON"),
        (b"[]", "application/json", "a JSON object"),
        (b"milestone_id=2018-05a-02&text=x", "application/x-www-form-urlencoded", "Content-Type: application/json"),
        (b'{"milestone_id": "2018-05a-02", "text": "x"}', "text/plain", "Content-Type: application/json"),
    ],
)
async def test_a_body_that_cannot_be_read_says_why(seen: Programs, content: bytes, kind: str, says: str) -> None:
    """Broken JSON, another kind of value, another type of content: each as it is."""
    caller = seen.of("own", **{"Accept-Language": "en"})
    answer = await caller.post(ACT, content=content, headers={**JSON, "Content-Type": kind})
    (fault,) = answer.json()["errors"]
    assert (answer.status_code, fault["field"]) == (422, "body")
    assert says in fault["fault"]


async def test_what_is_said_twice_is_not_taken_once(seen: Programs) -> None:
    """Readers differ on which value counts: no act and no challenge is made of either; lights may be several."""
    twice = b'{"milestone_id": "2018-05a-02", "text": "one", "te\\u0078t": "two"}'
    keys = [*JSON.items(), ("Idempotency-Key", "k2")]
    before = len(list(seen.office.office.records.ledger.entries()))
    for path, content, headers, field in (
        (ACT, twice, list(JSON.items()), "text"),
        (
            "/projects/2018-05a/challenge",
            b'{"act": "report-progress", "asked": %s}' % twice,
            list(JSON.items()),
            "text",
        ),
        (ACT, b'{"milestone_id": "2018-05a-02", "text": "x"}', keys, "Idempotency-Key"),
    ):
        caller = seen.of("own", **{"Accept-Language": "en"})
        answer = await caller.post(path, content=content, headers=httpx2.Headers(headers))
        (fault,) = answer.json()["errors"]
        assert (answer.status_code, fault["field"]) == (422, field), answer.text
        assert "once" in fault["fault"]
    assert len(list(seen.office.office.records.ledger.entries())) == before
    assert (await seen.of("operator").get("/projects?light=red&light=green")).status_code == 200


async def test_a_part_that_is_no_object_is_no_wrong_type_of_content(seen: Programs) -> None:
    """A text in the place of an object is told of at its field, and the header is left alone."""
    content = {"milestone_id": "2018-05a-02", "text": "已排出任职方案", "on_behalf_of": "department:宣传部"}
    answer = await seen.of("own", **{"Accept-Language": "en"}).post(ACT, json=content, headers=JSON)
    (fault,) = answer.json()["errors"]
    assert (answer.status_code, fault["field"]) == (422, "on_behalf_of")
    assert "JSON object" in fault["fault"]
    assert "Content-Type" not in fault["fault"]


async def test_an_address_that_there_is_not_is_no_unknown_project(seen: Programs) -> None:
    """The one says to look at the document, the other at the identity."""
    caller = seen.of("operator", **{"Accept-Language": "en"})
    for path, rule, says in (
        ("/project", "known_address", "openapi.json"),
        ("/projects/", "known_address", "openapi.json"),
        ("/projects/2018-99", "known_to_caller", "check the identity"),
    ):
        answer = await caller.get(path)
        assert (answer.status_code, answer.json()["rule"]) == (404, rule)
        assert says in answer.json()["detail"]


async def test_what_the_guards_refuse_is_said_in_english_too(seen: Programs) -> None:
    """Another host's name, and a body that says that it is too large."""
    caller = seen.of("own", **{"Accept-Language": "en"})
    elsewhere = await caller.get("/me", headers={"Host": "evil.example"})
    large = await caller.post(ACT, content=b"x", headers={**JSON, "Content-Length": "30000000"})
    for answer, status in ((elsewhere, 421), (large, 413)):
        assert answer.status_code == status
        assert answer.headers["content-language"] == "en"
        assert not is_chinese(answer.json()["detail"])
