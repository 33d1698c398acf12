"""Acts by programs: every command of the core has its address, and one key is one act."""

from __future__ import annotations

from typing import Any

import pytest

from domain.actors import department
from domain.acts.attestation import attestation_from
from domain.evidence import evidence_files
from domain.record.recorded_projects import recorded_events
from entrypoints.api.acts import NOT_BY_PROGRAM, act_routes, all_commands
from entrypoints.desk.act_forms import act_forms
from entrypoints.desk.act_words import NOT_HERE
from tests.entrypoints.api.conftest import Programs

FIRST, SECOND = "2018-05a-01", "2018-05a-02"


def events_of(programs: Programs, project_id: str = "2018-05a") -> list[Any]:
    """What the record has of a project."""
    return list(recorded_events(programs.office.office.records.ledger, project_id))


def test_every_command_is_given_by_programs_or_has_the_reason() -> None:
    """An act that the core gains is here at once; those of the desk's forms are all here, under the same names."""
    given = {route.command for route in act_routes().values()}
    assert given | set(NOT_BY_PROGRAM) == set(all_commands())
    assert not given & set(NOT_BY_PROGRAM)
    assert {form.path for form in act_forms().values()} <= set(act_routes())
    assert {form.command for form in act_forms().values()} | set(NOT_HERE) == set(all_commands())


async def test_a_department_reports_and_the_event_names_its_attestation(fresh: Programs) -> None:
    """The act is the person's, the door is the interface's, the login a token; the answer names what happened."""
    answer = await fresh.act("own", "2018-05a", "report-progress", milestone_id=SECOND, text="建成10个", quantity=10)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["stage"] == "in_progress"
    assert told["as_of"].startswith("2018-06-04T10:00")
    event = events_of(fresh)[-1]
    assert told["event_ids"] == [f"key-project/2018/05a#{event.seq}"]
    assert (event.actor, event.text) == (str(department("组织部", "张三")), "建成10个")
    (file,) = evidence_files((event.attested,))
    attestation = attestation_from(fresh.office.office.records.evidence.read(file.sha256))
    assert (attestation.door.kind, attestation.login.how, attestation.account) == ("api", "token", "own")


async def test_one_key_is_one_act_with_one_answer(fresh: Programs) -> None:
    """Sent again it changes nothing; with other content it is refused; another account's key is another key."""
    asked = {"milestone_id": SECOND, "text": "建成10个"}
    first = await fresh.act("own", "2018-05a", "report-progress", "k", **asked)
    before = len(events_of(fresh))
    again = await fresh.act("own", "2018-05a", "report-progress", "k", **asked)
    assert (again.status_code, again.json()["event_ids"]) == (200, first.json()["event_ids"])
    other = await fresh.act("own", "2018-05a", "report-progress", "k", **{**asked, "text": "建成11个"})
    assert (other.status_code, other.json()["rule"]) == (409, "request_reused")
    elsewhere = await fresh.act("own", "2018-05a", "acknowledge-reminder", "k", milestone_id=SECOND)
    assert (elsewhere.status_code, elsewhere.json()["rule"]) == (409, "request_reused")
    assert len(events_of(fresh)) == before
    theirs = await fresh.act("other", "2018-05a", "report-progress", "k", **asked)
    assert theirs.status_code == 200
    assert theirs.json()["event_ids"] != first.json()["event_ids"]


async def test_a_rule_refuses_with_its_name_and_a_sentence(fresh: Programs) -> None:
    """Problem details (RFC 9457): the rule for programs, what and what to do for people."""
    answer = await fresh.act("operator", "2018-05a", "strike-off", milestone_id=FIRST)
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == f"urn:duban:rule:{problem['rule']}"
    assert problem["rule"] == "completed_before_strike_off"
    assert FIRST in problem["detail"]
    assert problem["instance"] == "/api/v1/projects/2018-05a/acts/strike-off"


@pytest.mark.parametrize(
    ("asked", "status", "field"),
    [
        ({"milestone_id": SECOND}, 422, "text"),
        ({"milestone_id": SECOND, "text": "x", "quantity": "10"}, 422, "quantity"),
        ({"milestone_id": SECOND, "text": "x", "done_on": 0}, 422, "done_on"),
        ({"milestone_id": SECOND, "text": "x", "by": {"role": "operator", "name": "李四"}}, 422, "by"),
        ({"milestone_id": SECOND, "text": "x", "request_id": "mine"}, 422, "request_id"),
        ({"milestone_id": SECOND, "text": " \u200b "}, 409, "text"),
        ({"milestone_id": SECOND, "text": "机密★10年"}, 409, "text"),
        ({"milestone_id": SECOND, "text": "x\u202e"}, 409, "text"),
        ({"milestone_id": SECOND, "text": "x", "done_on": "1900-01-01"}, 409, "done_on"),
    ],
)
async def test_what_cannot_be_taken_is_named_field_by_field(
    seen: Programs, asked: dict[str, Any], status: int, field: str
) -> None:
    """422 where the document says so, 409 where a rule of texts and days does; nobody says who he is."""
    before = len(events_of(seen))
    answer = await seen.act("own", "2018-05a", "report-progress", **asked)
    assert answer.status_code == status, answer.text
    assert [each["field"] for each in answer.json()["errors"]] == [field]
    assert len(events_of(seen)) == before


async def test_a_list_with_a_part_that_cannot_be_taken_is_not_short_as_well(seen: Programs) -> None:
    """The one part is named, by the rule of names (409); that nothing is left of the list is no fault of its own."""
    for units, status, fields in ((["\x8e"], 409, ["units.0"]), ([], 422, ["units"])):
        answer = await seen.act("own", "2018-05a", "decompose-duty", milestone_id=SECOND, units=units)
        assert (answer.status_code, [each["field"] for each in answer.json()["errors"]]) == (status, fields)
        assert answer.json()["errors"][0]["fault"].startswith("第1项：") == bool(units)


async def test_an_act_needs_a_key(seen: Programs) -> None:
    """Without one a repeat could not be told from a second act."""
    path = "/projects/2018-05a/acts/report-progress"
    answer = await seen.of("own").post(path, json={"milestone_id": SECOND, "text": "x"})
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == ["Idempotency-Key"]


async def test_two_operators_complete_and_strike_off(fresh: Programs) -> None:
    """The rules of two persons go by the persons of the tokens."""
    steps = [
        ("own", "request-completion", {"text": "已办结", "done_on": "2018-05-30"}, 200),
        ("operator", "accept-completion", {}, 200),
        ("operator", "strike-off", {}, 409),
        ("second", "strike-off", {}, 200),
    ]
    stage = None
    for number, (account, act, asked, status) in enumerate(steps):
        answer = await fresh.act(account, "2018-05a", act, f"step-{number}", milestone_id=FIRST, **asked)
        assert answer.status_code == status, answer.text
        stage = answer.json().get("stage")
    assert stage == "struck_off"


async def test_a_deputy_is_named_by_the_token_s_own_department(fresh: Programs) -> None:
    """The principal is never said by the caller; the deputy's department acts for it afterwards."""
    deputy = {"role": "department", "name": "宣传部", "department": "宣传部"}
    period = {"from_on": "2018-06-01", "until_on": "2018-07-01", "reason": "休假"}
    forged = await fresh.act("own", "2018-05a", "appoint-deputy", "d", deputy=deputy, principal=deputy, **period)
    assert forged.status_code == 422
    answer = await fresh.act("own", "2018-05a", "appoint-deputy", "d", deputy=deputy, **period)
    assert answer.status_code == 200, answer.text
    asked = {"milestone_id": SECOND, "text": "代办", "on_behalf_of": {**deputy, "department": "组织部"}}
    acted = await fresh.act("other", "2018-05a", "report-progress", "d2", **asked)
    assert acted.status_code == 200, acted.text
    event = events_of(fresh)[-1]
    assert (event.actor, event.on_behalf_of) == ("department:宣传部:王五", "department:组织部")


async def test_an_accepted_act_says_what_it_did_what_is_next_and_until_when(fresh: Programs) -> None:
    """In Chinese, and in English for a caller who asks for it; a refusal too."""
    asked = {"milestone_id": SECOND, "text": "建成10个", "quantity": 10}
    told = (await fresh.act("own", "2018-05a", "report-progress", **asked)).json()
    assert told["happened"] == ["反馈进展，累计10：建成10个"]
    assert told["next"].endswith("组织部尽快签收（时限 2018-04-28 已过），于 2018-09-28 前申请办结。")
    acts, asked = "/projects/2018-05a/acts", {"milestone_id": SECOND, "reason": "Hurry"}
    english = {"Accept-Language": "en"}
    urging = fresh.of("operator", **english, **{"Idempotency-Key": "urge-1"})
    urged = await urging.post(f"{acts}/urge", json=asked)
    late = "as soon as possible, for 2018-04-28 is over: sign"
    assert urged.json()["next"] == f"组织部 {late}, by 2018-09-28: ask for completion; 宣传部 {late}."
    striking = fresh.of("operator", **english, **{"Idempotency-Key": "strike-1"})
    refused = await striking.post(f"{acts}/strike-off", json={"milestone_id": SECOND})
    assert (refused.json()["detail"], refused.headers["content-language"]) == (
        "Milestone 2018-05a-02 is not completed and cannot be struck off: review it first.",
        "en",
    )


async def test_no_act_is_attested_of_more_than_there_is(fresh: Programs) -> None:
    """A place of the ledger in the place of a project's events is refused, with how many there are."""
    seen_so_far = len(events_of(fresh))
    asked = {"milestone_id": SECOND, "text": "已排出任职方案"}
    refused = await fresh.act("own", "2018-05a", "report-progress", seen=seen_so_far + 1, **asked)
    assert (refused.status_code, refused.json()["rule"]) == (409, "seen_has_come")
    assert (await fresh.act("own", "2018-05a", "report-progress", seen=seen_so_far, **asked)).status_code == 200


async def test_an_act_upon_an_outdated_picture_is_refused_with_what_came_in_between(fresh: Programs) -> None:
    """Of two programs that saw the same the second has 409; one that says nothing of what it saw is heard."""
    seen = len(events_of(fresh))
    asked = {"milestone_id": SECOND, "reason": "会议期间", "seen": seen}
    assert (await fresh.act("second", "2018-05a", "silence-notices", until="2018-06-08", **asked)).status_code == 200
    refused = await fresh.act("operator", "2018-05a", "silence-notices", until="2018-06-20", **asked)
    assert (refused.status_code, refused.json()["rule"]) == (409, "last_word_seen")
    assert f"（记录 2018-05a#{seen}）" in refused.json()["detail"]
    report = {"milestone_id": SECOND, "text": "已排出任职方案", "seen": seen}
    assert (await fresh.act("own", "2018-05a", "report-progress", **report)).status_code == 200
    del asked["seen"]
    assert (await fresh.act("operator", "2018-05a", "silence-notices", until="2018-06-20", **asked)).status_code == 200
