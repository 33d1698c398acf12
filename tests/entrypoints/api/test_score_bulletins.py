"""The bulletin of a published score by program: the same as the desk's, for those whose it is."""

from __future__ import annotations

from dataclasses import replace

from application.office import scoring
from application.office.attesting import Giver
from application.office.scoring import period_of
from domain.actors import operator
from tests.entrypoints.api.conftest import Programs

PATH = "/scores/2018-05/bulletin"


async def test_a_bulletin_is_read_and_made_known_by_program(fresh: Programs) -> None:
    """Refused without a published score; a department reads its own part, and only of what was made known."""
    clerk, own = fresh.of("operator"), fresh.of("own")
    assert (await clerk.get(PATH)).status_code == 409
    office = replace(fresh.office.office, giver=Giver(fresh.office.door.people["operator"], "desk"))
    await scoring.publish(office, period_of("2018-05"), operator("李"), "考核", None)
    draft = (await clerk.get(PATH)).json()
    assert draft["bulletin"]["told_on"] is None
    assert [each["name"] for each in draft["tables"]] == ["附表1", "附表2"]
    assert (await own.get(PATH)).status_code == 404
    said = {"reason": "经审定", "text": "本月情况如下。"}
    assert (await own.post(PATH, json=said)).status_code == 403
    assert (await fresh.of("auditor").post(PATH, json=said)).status_code == 403
    assert (await clerk.post(PATH, json={"text": "x"})).status_code in (400, 422)
    told = await clerk.post(PATH, json=said)
    assert told.status_code == 200, told.text
    assert told.json()["sections"][0]["paragraphs"] == ["本月情况如下。"]
    assert (await clerk.post(PATH, json=said)).status_code == 409
    part = (await own.get(PATH)).json()
    assert {row[0] for row in part["tables"][0]["rows"]} == {"组织部"}
