"""The bulletin of a published score by program: the same as the desk's, for those whose it is."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from application.office import scoring
from application.office.attesting import Giver
from application.office.scoring import period_of
from domain.actors import operator
from domain.scoring.score_acts import recorded_scores
from tests.entrypoints.api.conftest import Programs

PATH = "/scores/2018-05/bulletin"


async def test_two_people_who_publish_in_one_instant_publish_once(fresh: Programs) -> None:
    """Both decided on a period that nobody had published; the second is told so, and the record has one."""
    office, period = replace(fresh.office.office, giver=Giver(fresh.office.door.people["operator"], "desk")), "2018-05"
    asked = [scoring.publish(office, period_of(period), operator("李"), why, None) for why in ("考核", "也考核")]
    said = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(each).__name__ for each in said if isinstance(each, Exception)] == ["PublishedAlreadyError"]
    assert len(recorded_scores(office.records.ledger).publications(period)) == 1


async def test_what_was_said_of_another_period_meanwhile_stops_nobody(fresh: Programs) -> None:
    """Decided once more, it comes to the same and is kept."""
    office = replace(fresh.office.office, giver=Giver(fresh.office.door.people["operator"], "desk"))
    periods = ("2018-05", "2018-04")
    await asyncio.gather(*(scoring.publish(office, period_of(each), operator("李"), "考核", None) for each in periods))
    book = recorded_scores(office.records.ledger)
    assert [len(book.publications(each)) for each in periods] == [1, 1]


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
