"""What programs read: whole lists by parts, any instant of the past, the changes after a position."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from application.office.directory import AskedChange, change_directory
from application.office.register import RegisterDesk
from domain.directory import changes
from domain.directory.draft import Draft
from domain.ids import record_name
from domain.papers.paper import DOCUMENT_KINDS
from domain.ports.register import Standing
from domain.record.leaf import READINGS_STREAM
from entrypoints.bootstrap.documents import documents_of
from tests.entrypoints.api.conftest import Programs
from tests.entrypoints.desk.small_office import NOW, OTHER, OWN

EARLIER = (NOW - timedelta(days=20)).isoformat()


async def every_part(programs: Programs, path: str, of: str, **asked: Any) -> tuple[list[Any], int]:
    """A whole list, part by part, and in how many parts it came."""
    client, cursor, parts = programs.of("operator"), None, 0
    rows: list[Any] = []
    while parts == 0 or cursor is not None:
        params = {**asked, **({"cursor": cursor} if cursor else {})}
        answer = (await client.get(path, params=params)).json()
        rows, cursor, parts = [*rows, *answer[of]], answer["next"], parts + 1
    return rows, parts


@pytest.mark.parametrize("as_of", [{}, {"as_of": EARLIER}], ids=["now", "then"])
async def test_the_parts_of_a_list_are_the_whole(seen: Programs, as_of: dict[str, str]) -> None:
    """Projects one by one, duties by whole projects: what one answer has, each row once, now and as of an instant."""
    for path, of, parts in (("/projects", "projects", 3), ("/duties", "duties", 3)):
        whole, _one = await every_part(seen, path, of, limit=500, **as_of)
        rows, came_in = await every_part(seen, path, of, limit=1, **as_of)
        assert rows == whole
        assert came_in == parts
        assert len({str(row) for row in rows}) == len(rows) > 2


async def test_the_present_is_read_as_the_same_instant_of_the_ledger(seen: Programs) -> None:
    """The register and the ledger give one answer for the same instant, whatever is asked of them."""
    client = seen.of("operator")
    questions: list[tuple[str, dict[str, Any]]] = [
        ("/projects", {}),
        ("/projects", {"light": ["red", "grey"], "overdue": "true"}),
        ("/projects", {"text": "alert", "year": 2018}),
        ("/duties", {"department": "组织部", "open": "true"}),
        ("/lights", {}),
        ("/departments", {}),
        ("/waiting", {}),
        ("/projects/2018-05a", {}),
    ]
    for path, asked in questions:
        now = (await client.get(path, params=asked)).json()
        then = (await client.get(path, params={**asked, "as_of": NOW.isoformat()})).json()
        assert _without_instants(now) == _without_instants(then), path
        assert now["as_of"] == then["as_of"]


def _without_instants(value: Any) -> Any:
    """An answer without when its rows were derived."""
    if isinstance(value, dict):
        kept = {name: each for name, each in value.items() if name not in ("as_of", "changes_at")}
        return {name: _without_instants(each) for name, each in kept.items()}
    return [_without_instants(each) for each in value] if isinstance(value, list) else value


async def test_an_instant_of_the_past_is_read_as_it_was_known(seen: Programs) -> None:
    """Fewer events, other lights, no project before its docketing; an instant to come is refused."""
    client = seen.of("operator")
    now = (await client.get("/projects/2018-05a")).json()["project"]
    then = (await client.get("/projects/2018-05a", params={"as_of": EARLIER})).json()
    assert then["as_of"] == EARLIER
    assert then["project"]["events"] < now["events"]
    before = await client.get("/projects/2018-05a", params={"as_of": "2017-01-01T00:00:00Z"})
    assert (before.status_code, before.json()["rule"]) == (404, "known_to_caller")
    later = await client.get("/projects", params={"as_of": (NOW + timedelta(seconds=1)).isoformat()})
    assert (later.status_code, later.json()["rule"]) == (409, "instant_has_come")


async def test_the_feed_loses_nothing_and_repeats_nothing(fresh: Programs) -> None:
    """Asked by threes after each answer's position: every event once, in order; then only what is new."""
    client, after, more = fresh.of("operator"), -1, True
    found: list[Any] = []
    while more:
        answer = (await client.get("/events", params={"after": after, "limit": 3})).json()
        found, after, more = [*found, *answer["events"]], answer["after"], answer["more"]
    entries = [each for each in fresh.office.office.records.ledger.entries() if each.stream.startswith("key-project/")]
    assert [each["event_id"] for each in found] == [each.event_id for each in entries]
    await fresh.act("own", "2018-05a", "report-progress", milestone_id="2018-05a-02", text="新的")
    (new,) = (await client.get("/events", params={"after": after})).json()["events"]
    assert (new["type"], new["data"]["text"]) == ("ProgressReported", "新的")


async def test_a_position_that_the_ledger_has_not_reached_is_refused(seen: Programs) -> None:
    """Who would wait behind it hears where the ledger ends, of a feed and of a receiver; the end itself is taken."""
    last = max(each.position for each in seen.office.office.records.ledger.entries())
    for account in ("operator", "own"):
        beyond = await seen.of(account).get("/events", params={"after": last + 1})
        assert (beyond.status_code, beyond.json()["rule"]) == (409, "position_has_come")
        assert f"台账的条目只到 {last} 号" in beyond.json()["detail"]
        assert (await seen.of(account).get("/events", params={"after": last})).json()["events"] == []
    asked = {"url": "https://example.org/in", "name": "x", "after": last + 1}
    english = await seen.of("own", **{"Accept-Language": "en"}).get("/events", params={"after": last + 1})
    assert f"The ledger goes up to entry {last}," in english.json()["detail"]
    refused = await seen.of("administrator").post("/webhooks", json=asked, headers={"Idempotency-Key": "1"})
    assert (refused.status_code, refused.json()["rule"]) == (409, "position_has_come")


async def test_a_department_reads_the_papers_that_came_to_it(fresh: Programs) -> None:
    """Its own and no other's, in the order in which they came, as many as had come by an instant."""
    outbox = fresh.office.office.records.outbox
    for number, name in enumerate(("组织部", "宣传部")):
        digest = await outbox.claim(name, f"d-{number}", NOW)
        await outbox.settle(digest, NOW - timedelta(hours=number + 1))
    for account, name in (("own", "组织部"), ("other", "宣传部")):
        answer = (await fresh.of(account).get("/papers")).json()
        sent = [each.numbered.number for each in outbox.items(name) if each.state == "sent"]
        assert [each["paper"]["number"] for each in answer["papers"]] == sent != []
        (first,) = (await fresh.of(account).get("/papers", params={"limit": 1})).json()["papers"]
        assert first == answer["papers"][0]
        earlier = {"as_of": (NOW - timedelta(hours=3)).isoformat()}
        assert (await fresh.of(account).get("/papers", params=earlier)).json()["papers"] == []


async def test_a_program_takes_the_document_of_a_paper_as_it_was_issued(fresh: Programs) -> None:
    """The section and the auditor any project's, a department what came to it; nobody what has none, or not yet."""
    office = fresh.office.office
    outbox, documents = office.records.outbox, documents_of(office.settings, office.settings.papers_folder)
    digest = await outbox.claim("组织部", "组织部/d-1", NOW)
    order = next(each for each in digest.items if each.paper.kind in DOCUMENT_KINDS)
    waiting = next(each for each in outbox.papers() if each.paper.to != "组织部")
    place = await documents.produce(order)
    kept = await documents.kept(place)
    await outbox.settle(digest, NOW, kept)
    issued = await documents.read(kept[0].name)
    project_id, _mark, number = record_name(order.paper.paper_id).partition("#")
    for account in ("operator", "auditor", "leader"):
        answer = await fresh.of(account).get(f"/projects/{project_id}/papers/{number}/document")
        assert (answer.status_code, answer.content) == (200, issued)
    own, other = fresh.of("own"), fresh.of("other")
    assert (await own.get("/papers/document", params={"paper_id": order.paper.paper_id})).content == issued
    for program, paper_id in ((other, order.paper.paper_id), (own, waiting.paper.paper_id), (own, "no-such-paper")):
        assert (await program.get("/papers/document", params={"paper_id": paper_id})).status_code == 404
    assert (await fresh.of("operator").get(f"/projects/{project_id}/papers/9999/document")).status_code == 404


async def test_a_renamed_department_s_program_reads_and_acts_under_the_name_that_a_project_has(fresh: Programs) -> None:
    """Duties, papers, changes and acts of all its names are the token's, with its own name first; no other's are."""
    fresh.office.door.person("renamed", "郑七", "department", departments=("党群部", OWN))
    outbox = fresh.office.office.records.outbox
    await outbox.settle(await outbox.claim(OWN, f"{OWN}/1", NOW), NOW)
    program, before = fresh.of("renamed"), fresh.of("own")
    for path in ("/duties?limit=500", "/papers", "/events?limit=500", "/duties/2018-05a-02"):
        asked, had = [_without_instants((await each.get(path)).json()) for each in (program, before)]
        assert asked == had, path
        assert any(asked.values()), path
    assert (await program.get("/duties", params={"department": OTHER})).json()["duties"] == []
    report = {"milestone_id": "2018-05a-02", "text": "已排出任职方案，报省委审批", "quantity": 3}
    done = await fresh.act("renamed", "2018-05a", "report-progress", **report)
    assert done.status_code == 200, done.text
    assert (await fresh.act("renamed", "2018-07", "report-progress", **report)).status_code == 404


async def test_a_list_is_asked_for_by_any_name_of_a_renamed_department(fresh: Programs) -> None:
    """The register and the duties of its new name are those that run under its former one."""

    def change(draft: Draft) -> None:
        number = changes.open_department(draft, OWN)
        changes.rename_department(draft, number, "党群部")
        changes.open_person(draft, "钱管理", "P0006")
        changes.give_role(draft, "P0006", "administrator")

    await change_directory(fresh.office.office.records, AskedChange("P0006", fresh.office.now, "renamed"), change)
    program = fresh.of("operator")
    for path, field in (("/projects", "lead"), ("/projects", "participant"), ("/duties", "department")):
        new, former = [
            _without_instants((await program.get(path, params={field: name})).json()) for name in ("党群部", OWN)
        ]
        assert new == former
        assert any(former.values()), path


async def test_what_will_go_out_is_foretold_by_day(seen: Programs) -> None:
    """As the desk shows it: each paper on its day, within the days that are asked for."""
    answer = (await seen.of("operator").get("/coming", params={"days": 7})).json()
    days = [each["on"] for each in answer["papers"]]
    assert days == sorted(days) != []
    assert max(days) <= answer["until"] == "2018-06-10"


async def test_the_feed_of_a_department_waits_for_the_register(
    fresh: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the register has not taken yet is not passed over: it comes with a later call."""
    client = fresh.of("own")
    after = (await client.get("/events", params={"limit": 500})).json()["after"]
    await fresh.act("own", "2018-05a", "report-progress", milestone_id="2018-05a-02", text="新的")
    behind = fresh.office.office.register
    standing = await behind.standing()

    async def not_yet(*_args: object) -> Standing:
        return Standing(entries=standing.entries, taken=standing.taken, due=0)

    with monkeypatch.context() as patch:
        patch.setattr(RegisterDesk, "current", not_yet)
        answer = (await client.get("/events", params={"after": after})).json()
        assert (answer["events"], answer["after"], answer["more"]) == ([], after, True)
    answer = (await client.get("/events", params={"after": after})).json()
    assert [each["data"]["text"] for each in answer["events"]] == ["新的"]


async def test_which_acts_are_open_is_said_with_the_reason(seen: Programs) -> None:
    """For the section about a milestone, for a department about its duty: as the desk shows it."""
    section = (await seen.of("operator").get("/projects/2018-05a/acts?milestone_id=2018-05a-01")).json()
    acts = {each["act"]: each for each in section["acts"]}
    assert not acts["strike-off"]["open"]
    assert acts["strike-off"]["reason"]
    own = (await seen.of("own").get("/duties/2018-05a-01/acts")).json()
    assert {each["act"] for each in own["acts"] if each["open"]} >= {"report-progress", "request-completion"}
    assert own["seen"] == section["seen"] > 0


async def test_an_auditor_s_reading_is_on_record(fresh: Programs) -> None:
    """Who read and what, before it is answered; other roles' readings are not."""
    ledger = fresh.office.office.records.ledger
    await fresh.of("operator").get("/events")
    assert list(ledger.entries(READINGS_STREAM)) == []
    await fresh.of("auditor").get("/projects/2018-05a/events?limit=5")
    (kept,) = ledger.entries(READINGS_STREAM)
    assert kept.event["data"]["reader"] == "孙审计"
    assert kept.event["data"]["command"] == "api GET /api/v1/projects/2018-05a/events?limit=5"


@pytest.mark.parametrize(
    ("language", "title", "told"),
    [("zh-CN", "没有这一项", "zh"), ("en-GB,en;q=0.9", "No such thing", "en"), ("fr", "没有这一项", "zh")],
)
async def test_a_problem_is_told_in_the_caller_s_language(seen: Programs, language: str, title: str, told: str) -> None:
    """Where the catalogue has the sentence; the header says which language it is."""
    answer = await seen.of("operator", **{"Accept-Language": language}).get("/projects/2018-99")
    assert answer.status_code == 404
    assert answer.json()["title"] == title
    assert answer.headers["content-language"] == told


async def test_the_directory_is_the_administrator_s(seen: Programs) -> None:
    """Of an office without one it is empty, on the day that is asked for."""
    answer = (await seen.of("administrator").get("/directory")).json()
    assert answer["persons"] == answer["departments"] == []
    assert answer["as_of"].startswith("2018-06-04")
