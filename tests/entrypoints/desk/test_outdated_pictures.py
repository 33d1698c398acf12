"""Two persons at two screens: the second is told what the first has settled since, keeps his words, and may go on."""

from __future__ import annotations

import asyncio
import re

from tests.entrypoints.desk.conftest import Browsers, hidden

_FORM = "/projects/2018-05a/acts/silence-notices?milestone=2018-05a-02"
_TOLD = "您看过之后，赵六已于 2018-06-04 10:00 就节点 2018-05a-02 的停发通知另有决定"
_SHOWN = ("request_id", "seen")


async def test_of_two_forms_about_the_same_the_second_is_shown_the_new_picture_with_what_was_written(
    fresh: Browsers,
) -> None:
    """He is refused once, with who, when and the record; the page that says so gives his act when it comes again."""
    one, other = await asyncio.gather(fresh.of("second"), fresh.of("operator"))
    drawn = [await browser.get(_FORM) for browser in (one, other)]
    first, asked = ({name: hidden(page, name) for name in _SHOWN} for page in drawn)
    done = await one.post(_FORM, {**first, "reason": "会议期间", "until": "2018-06-08"})
    assert done.status_code == 303, done.text
    refused = await other.post(_FORM, {**asked, "reason": "本人另有安排", "until": "2018-06-20"})
    assert (refused.status_code, _TOLD in refused.text, "本人另有安排" in refused.text) == (400, True, True)
    assert await _silent_until(fresh) == "2018-06-08"
    now = {name: hidden(refused, name) for name in _SHOWN}
    assert int(now["seen"]) > int(asked["seen"])
    again = await other.post(_FORM, {**now, "reason": "本人另有安排", "until": "2018-06-20"})
    assert again.status_code == 303, again.text
    assert await _silent_until(fresh) == "2018-06-20"


async def _silent_until(fresh: Browsers) -> str:
    silence = (await fresh.office.known("2018-05a")).milestones["2018-05a-02"].silence
    return str(silence and silence.until)


async def test_of_many_at_once_those_are_named_that_somebody_settled_since(fresh: Browsers) -> None:
    """The page of many says of each project what stood on it; the others are given."""
    one, other = await asyncio.gather(fresh.of("second"), fresh.of("operator"))
    page = await other.get("/many?act=silence-notices&item=2018-05a&item=2018-06")
    shown = {name: hidden(page, name) for name in ("request_id", "seen-2018-05a", "seen-2018-06")}
    form = "/projects/2018-05a/acts/silence-notices"
    drawn = await one.get(form)
    await one.post(form, {**{name: hidden(drawn, name) for name in _SHOWN}, "reason": "会议", "until": "2018-06-08"})
    asked = {**shown, "act": "silence-notices", "reason": "另有安排", "until": "2018-06-20"}
    done = await other.post("/many", {**asked, "item": ["2018-05a", "2018-06"]})
    assert len(re.findall("您看过之后，赵六已于", done.text)) == 1
    first, second = [await fresh.office.known(name) for name in ("2018-05a", "2018-06")]
    assert [str(each.silence and each.silence.until) for each in (first, second)] == ["2018-06-08", "2018-06-20"]
