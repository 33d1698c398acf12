"""What a deputy reads by program: the duties that he may act on, today, in the projects in which he may."""

from __future__ import annotations

from tests.entrypoints.api.conftest import Programs
from tests.entrypoints.desk.small_office import OWN

SECOND = "2018-05a-02"
PERIOD = {"from_on": "2018-06-01", "until_on": "2018-07-01", "reason": "休假"}


async def _appointed(programs: Programs) -> None:
    programs.office.door.person("lent", "王七", "department", departments=("办公室",))
    programs.office.door.person("beside", "王八", "department", departments=("办公室",))
    deputy = {"role": "department", "name": "王七", "department": "办公室"}
    given = await programs.act("own", "2018-05a", "appoint-deputy", "d", deputy=deputy, **PERIOD)
    assert given.status_code == 200, given.text


async def test_a_deputy_reads_the_duties_that_he_may_act_on_until_he_may_no_longer(fresh: Programs) -> None:
    """The duty, its acts, that department's list, in these projects alone; a colleague reads nothing of it."""
    await _appointed(fresh)
    deputy, other = fresh.of("lent"), fresh.of("beside")
    assert (await deputy.get("/me")).json()["principals"] == [{"department": OWN, "project_ids": ["2018-05a"]}]
    assert (await other.get("/me")).json()["principals"] == []
    duty = (await deputy.get(f"/duties/{SECOND}")).json()
    assert (duty["department"], duty["milestone"]["milestone_id"]) == (OWN, SECOND)
    acts = {each["act"]: each for each in (await deputy.get(f"/duties/{SECOND}/acts")).json()["acts"]}
    assert acts["report-progress"] == {"act": "report-progress", "open": True, "reason": None}
    listed = (await deputy.get("/duties", params={"department": OWN})).json()["duties"]
    assert {each["project_id"] for each in listed} == {"2018-05a"}
    then = (await deputy.get("/duties", params={"department": OWN, "as_of": duty["as_of"]})).json()["duties"]
    assert [each["milestone_id"] for each in then] == [each["milestone_id"] for each in listed]
    assert OWN not in {each["department"] for each in (await deputy.get("/duties")).json()["duties"]}
    assert (await other.get("/duties", params={"department": OWN})).json()["duties"] == []
    for client, path in (
        (other, f"/duties/{SECOND}"),
        (other, f"/duties/{SECOND}/acts"),
        (deputy, "/duties/2018-06-01"),
    ):
        assert (await client.get(path)).status_code == 404, path
    body = {"role": "department", "name": "王七", "department": "办公室"}
    await fresh.act("own", "2018-05a", "dismiss-deputy", "e", deputy=body, reason="回来了")
    assert (await deputy.get(f"/duties/{SECOND}")).status_code == 404
    assert (await deputy.get("/duties", params={"department": OWN})).json()["duties"] == []


async def test_who_takes_part_himself_says_whose_duty_he_asks_about(fresh: Programs) -> None:
    """Without a name he reads his own; with that of the department for which he is a deputy, its duty; else none."""
    deputy = {"role": "department", "name": "宣传部", "department": "宣传部"}
    await fresh.act("own", "2018-05a", "appoint-deputy", "d", deputy=deputy, **PERIOD)
    other = fresh.of("other")
    for asked, whose in (({}, "宣传部"), ({"department": OWN}, OWN), ({"department": "宣传部"}, "宣传部")):
        answer = await other.get(f"/duties/{SECOND}", params=asked)
        assert answer.json()["department"] == whose, asked
    assert (await other.get(f"/duties/{SECOND}", params={"department": "办公室"})).status_code == 404
