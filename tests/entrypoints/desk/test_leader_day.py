"""A leader's day: what is his in one page, and his directive given where he reads."""

from __future__ import annotations

import html
import re

import pytest

from domain.ports.register import ProjectQuery
from tests.domain.samples import at
from tests.entrypoints.desk.conftest import Browsers, hidden


async def test_a_leader_sees_what_presses_and_directs_in_place(fresh: Browsers) -> None:
    """Red projects, late matters, what comes due; a directive from the page is his own and given once."""
    fresh.office.now = at("06-08 10:00")
    await fresh.office.office.register.follow()
    browser = await fresh.of("leader")
    page = await browser.get("/leader")
    for told in ("红灯（3）", "超过时限的待办", "一周内到期（3）"):
        assert told in page.text
    assert page.text.count('action="/leader/directives"') == 3
    request = re.findall(r'name="request_id" value="([^"]+-2018-06)"', page.text)[0]
    given = {
        "project": "2018-06",
        "text": "请抓紧落实。",
        "answer_by": "2018-06-15",
        "request_id": request,
        "seen": "9",
    }
    first = await browser.post("/leader/directives", given)
    again = await browser.post("/leader/directives", given)
    assert first.status_code == again.status_code == 303
    page = await browser.get(first.headers["location"].partition("#")[0])
    assert "待反馈的批示（1）" in page.text
    assert "已批示" in page.text
    state = await fresh.office.known("2018-06")
    assert [each.leader for each in state.directives.values()] == ["周市长"]


async def test_a_directive_on_a_whole_project_is_answered_from_the_lead_s_first_page(fresh: Browsers) -> None:
    """Today leads to a duty of the project, and that duty's form answers; afterwards nothing waits."""
    leader, own = await fresh.of("leader"), await fresh.of("own")
    given = {"project": "2018-05a", "text": "请抓紧落实。", "answer_by": "2018-06-15"}
    assert (await leader.post("/leader/directives", given)).status_code == 303
    (place,) = re.findall(r'href="([^"]+)">领导批示的落实反馈</a>', (await own.get("/today")).text)
    duty = html.unescape(place).partition("?")[0]
    assert f'href="{duty}/answer-directive?' in (await own.get(duty)).text
    form = await own.get(f"{duty}/answer-directive")
    (number,) = (await fresh.office.known("2018-05a")).directives
    answer = {"text": "本月办完", "directive": str(number), "request_id": hidden(form, "request_id")}
    assert (await own.post(f"{duty}/answer-directive", answer)).status_code == 303
    assert "领导批示的落实反馈" not in (await own.get("/today")).text


async def test_a_directive_without_words_is_asked_for_at_its_own_field(fresh: Browsers) -> None:
    """Nothing is given; the error at the top leads to the field of the project that it is about."""
    browser = await fresh.of("leader")
    page = await browser.get("/leader")
    answer = await browser.post("/leader/directives", {"project": "2018-06", "request_id": hidden(page, "request_id")})
    assert answer.status_code == 400
    assert 'href="#field-text-2018-06"' in answer.text
    assert 'id="fault-text-2018-06"' in answer.text
    assert not (await fresh.office.known("2018-06")).directives


async def test_a_leader_directs_on_a_project_of_any_light_and_what_he_wrote_stays(
    fresh: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the project's page; also where it was on his list when he began to write and is not any more."""
    monkeypatch.setattr("application.office.leaders_day.MOST", 1)
    browser = await fresh.of("leader")
    await fresh.office.office.register.follow()
    listed = (await browser.get("/leader")).text
    rows = fresh.office.office.records.register.projects(ProjectQuery()).rows
    project_id = next(row.project_id for row in rows if f'name="project" value="{row.project_id}"' not in listed)
    assert f'href="/leader?project={project_id}"' in (await browser.get(f"/projects/{project_id}")).text
    page = await browser.get(f"/leader?project={project_id}")
    assert f'name="project" value="{project_id}"' in page.text
    given = {"project": project_id, "text": "请抓紧", "answer_by": "2017-01-01", "seen": "1"}
    refused = await browser.post("/leader/directives", {**given, "request_id": hidden(page, "request_id")})
    assert refused.status_code == 400
    assert ">请抓紧</textarea>" in refused.text
    given |= {"answer_by": "2018-06-20", "request_id": hidden(refused, "request_id")}
    assert (await browser.post("/leader/directives", given)).status_code == 303
    assert "/leader?project=" not in (await (await fresh.of("operator")).get(f"/projects/{project_id}")).text


async def test_a_leader_has_no_link_that_is_not_for_him(fresh: Browsers) -> None:
    """He reads which files were shown; to take one away is for the section and the auditor, who have the link."""
    own, leader, auditor = [await fresh.of(account) for account in ("own", "leader", "auditor")]
    shown = {"evidence": ("会议纪要.txt", b"minutes", "text/plain")}
    given = {"text": "已开会", "request_id": "desk-1"}
    act = "/duties/2018-05a-02/report-progress"
    assert (await own.post(act, given, files=shown)).status_code == 303
    for path in ("/projects/2018-05a", "/projects/2018-05a/milestones/2018-05a-02"):
        page = (await leader.get(path)).text
        assert "会议纪要.txt" in page
        assert "/evidence/" in (await auditor.get(path)).text
        for link in dict.fromkeys(re.findall(r'href="(/[^"#]+)"', page)):
            assert (await leader.get(html.unescape(link))).status_code != 403, link


async def test_of_two_directives_a_form_names_the_one_that_it_answers_and_no_colleague_answers_the_other(
    fresh: Browsers,
) -> None:
    """Each has its choice in the leader's words; without one nothing is given, and the same one is answered once."""
    leader, own = await fresh.of("leader"), await fresh.of("own")
    for text in ("请抓紧落实。", "请报方案。"):
        await leader.post("/leader/directives", {"project": "2018-05a", "text": text})
    form = "/duties/2018-05a-02/answer-directive"
    first, second = [str(number) for number in (await fresh.office.known("2018-05a")).directives]
    page = (await own.get(form)).text
    assert [f"第 {number} 号" in page for number in (first, second)] == [True, True]
    assert ("请报方案。" in page, f'value="{second}" selected' in page) == (True, False)
    unsaid = await own.post(form, {"text": "已办", "directive": ""})
    assert (unsaid.status_code, 'href="#field-directive"' in unsaid.text) == (400, True)
    answers = [await own.post(form, {"text": text, "directive": second}) for text in ("方案附后", "方案已报")]
    assert [each.status_code for each in answers] == [303, 400]
    assert " selected" not in answers[1].text.partition('id="field-directive"')[2].partition("</select>")[0]
    assert [str(number) for number in (await fresh.office.known("2018-05a")).directives] == [first]
    assert f'value="{first}" selected' in (await own.get(form)).text
