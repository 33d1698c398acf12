"""Sub-duties for programs: given, counted, acted on by the one who gave them, invisible to all others."""

from __future__ import annotations

from domain.ids import supervised_project_id
from tests.entrypoints.api.conftest import Programs

WHOLE, FIRST = "2018-05a-02", "2018-05a_02_01"
DUTY = f"{FIRST}-01"


async def decomposed(programs: Programs) -> None:
    """Two cities get a part of the lead's second duty."""
    programs.office.door.person("city", "陈一", "department", departments=("甲市",))
    answer = await programs.act(
        "own", "2018-05a", "decompose-duty", milestone_id=WHOLE, units=["甲市", "乙市"], quantity=15
    )
    assert answer.status_code == 200, answer.text


async def test_what_was_given_is_counted_for_all_who_may_see_it(fresh: Programs) -> None:
    """The section and the department read the same count; a department without a duty there finds nothing."""
    await decomposed(fresh)
    for account in ("operator", "own"):
        (found,) = (await fresh.of(account).get("/projects/2018-05a/sub-duties")).json()["sub_duties"]
        assert (found["milestone_id"], found["department"], found["parts"], found["done"], found["unsigned"]) == (
            WHOLE,
            "组织部",
            2,
            0,
            2,
        )
        assert [line["unit"] for line in found["lines"]] == ["甲市", "乙市"]
    # One who takes part in the project sees no other's units; one who has no duty there learns of nothing.
    assert (await fresh.of("other").get("/projects/2018-05a/sub-duties")).json()["sub_duties"] == []
    for path in (
        "/projects/2018-07/sub-duties",
        f"/projects/{FIRST}/sub-duties",
        "/projects/2018-05a_02_09/sub-duties",
    ):
        assert (await fresh.of("other").get(path)).status_code == 404


async def test_the_city_reports_and_the_department_accepts(fresh: Programs) -> None:
    """The city's quantity is counted together for the department; acceptance by the department closes the part."""
    await decomposed(fresh)
    done = await fresh.act("city", FIRST, "request-completion", milestone_id=DUTY, text="办完十五场", quantity=15)
    assert done.status_code == 200, done.text
    assert (await fresh.act("other", FIRST, "accept-completion", milestone_id=DUTY)).status_code == 404
    refused = await fresh.act("city", FIRST, "accept-completion", "key-2", milestone_id=DUTY)
    assert (refused.status_code, "assigning_department" in refused.text) == (409, True)
    accepted = await fresh.act("own", FIRST, "accept-completion", "key-2", milestone_id=DUTY)
    assert accepted.json()["stage"] == "completed", accepted.text
    (found,) = (await fresh.of("own").get("/projects/2018-05a/sub-duties")).json()["sub_duties"]
    assert (found["done"], found["quantity"]) == (1, 15)


async def test_lists_of_the_section_have_rows_of_the_list_alone(fresh: Programs) -> None:
    """The register, its lights and the departments' numbers are what they were; the city finds its own duty."""
    before = [(await fresh.of("operator").get(path)).json() for path in ("/lights", "/departments")]
    await decomposed(fresh)
    after = [(await fresh.of("operator").get(path)).json() for path in ("/lights", "/departments")]
    for one, other in zip(before, after, strict=True):
        assert {**one, "as_of": None} == {**other, "as_of": None}
    listed = (await fresh.of("operator").get("/projects")).json()["projects"]
    assert FIRST not in {row["project_id"] for row in listed}
    own = (await fresh.of("city").get("/duties")).json()["duties"]
    assert [row["milestone_id"] for row in own] == [DUTY]


async def test_the_feed_has_the_units_events_for_the_department_that_gave_them(fresh: Programs) -> None:
    """The department that gave a part reads all of it, the unit its own alone, a neighbour nothing."""
    await decomposed(fresh)
    reported = await fresh.act("city", FIRST, "report-progress", milestone_id=DUTY, text="已办三场", quantity=3)
    assert reported.status_code == 200, reported.text
    seen = {}
    for account in ("own", "city", "other"):
        events = (await fresh.of(account).get("/events", params={"limit": 500})).json()["events"]
        seen[account] = {supervised_project_id(each["event_id"].split("#")[0]) for each in events}
    assert {FIRST, "2018-05a_02_02"} <= seen["own"]
    assert seen["city"] == {FIRST}
    assert not {FIRST, "2018-05a_02_02"} & seen["other"]
