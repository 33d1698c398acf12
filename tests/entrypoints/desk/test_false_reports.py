"""A false report is found at the desk by two persons, as a correction is; a correction elsewhere is told."""

from __future__ import annotations

import html
import re
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from dataclasses import replace
from functools import partial

import pytest

from application.office import scoring
from application.office.attesting import local_giver
from application.office.office import Office
from application.office.scoring import period_of
from domain.actors import operator
from domain.scoring.point_names import point_name
from domain.scoring.score_acts import AnyScoreAct, ReportFalsified, recorded_scores
from entrypoints.bootstrap import engine_now
from entrypoints.cli.scoring import Said, _given
from tests.domain.samples import at
from tests.entrypoints.desk.conftest import Browser, Browsers
from tests.entrypoints.desk.small_office import OTHER, OWN
from tests.entrypoints.desk.test_period_pages import POINT

PAGE = "/scores/false-reports"
FILLED = re.compile(r'<input id="false-\w+" name="(\w+)" maxlength="100" value="([^"]*)"')
CONFIRM = re.compile(r'action="(/scores/corrections/[^"]+/confirm)"')


async def reported(fresh: Browsers) -> None:
    """A report of the department, which is one of the records of its project."""
    own = await fresh.of("own")
    answer = await own.post("/duties/2018-05a-02/report-progress", {"text": "已完成", "request_id": "false-1"})
    assert answer.status_code == 303


async def asked_from(browser: Browser, page: str) -> dict[str, str]:
    """What the form has that the number of the newest report opens."""
    links = re.findall(rf'href="({PAGE}[?]record[^"]+)"', (await browser.get(page)).text)
    filled = dict(FILLED.findall((await browser.get(html.unescape(links[0]))).text))
    return {name: html.unescape(value) for name, value in filled.items()}


async def test_a_false_report_is_found_by_two_persons_at_the_desk(fresh: Browsers) -> None:
    """One click from the record; the second person sees who prepared it, why and which; nobody confirms himself."""
    await reported(fresh)
    first, second = await fresh.of("operator"), await fresh.of("second")
    asked = await asked_from(first, "/projects/2018-05a")
    assert (asked["milestone"], asked["department"]) == ("2018-05a-02", OWN)
    for page in ("/projects/2018-05a/milestones/2018-05a-02", "/events?project=2018-05a"):
        assert await asked_from(first, page) == asked
    assert f'href="{PAGE}"' in (await first.get("/scores")).text
    assert PAGE not in (await (await fresh.of("auditor")).get("/events")).text

    asked["reason"] = "现场核查不符"
    assert (await first.post(PAGE, asked)).status_code == 303
    page = (await second.get("/scores")).text
    for told in ("李四", "现场核查不符", asked["record"], "2018-05a-02"):
        assert told in page
    (path,) = CONFIRM.findall(page)
    assert CONFIRM.findall((await (await fresh.of("leader")).get("/scores")).text) == []
    refused = await first.post(path)
    assert (refused.status_code, "准备人以外" in refused.text) == (400, True)
    ledger = fresh.office.office.records.ledger
    assert recorded_scores(ledger).acts == ()
    assert (await second.post(path)).status_code == 303
    (act,) = recorded_scores(ledger).acts
    assert isinstance(act, ReportFalsified)
    assert (act.by.name, act.confirmed_by.name, act.reason) == ("赵六", "李四", "现场核查不符")
    assert "弄虚作假" in (await first.get(f"/scores?period=2018-06&department={OWN}")).text
    assert "一条记录只认定一次" in (await first.post(PAGE, asked)).text
    assert CONFIRM.findall((await second.get("/scores")).text) == []


async def test_what_cannot_be_found_false_is_told_at_once_and_what_was_typed_stays(fresh: Browsers) -> None:
    """No such record, another's, another milestone, no duty there, no reason: each its sentence, nothing waits."""
    await reported(fresh)
    first = await fresh.of("operator")
    asked = await asked_from(first, "/projects/2018-05a") | {"reason": "核查不符"}
    wrong = (
        ({"record": "2018-05a#999"}, "没有记录 2018-05a#999"),
        ({"record": "2018-05a#1"}, "不是组织部就节点"),
        ({"department": OTHER}, "不是宣传部就节点"),
        ({"milestone": "2018-05a-01"}, "没有认定"),
        ({"milestone": "2018-99-01"}, "没有记录"),
        ({"milestone": "05"}, "不是节点编号"),
        *(({name: ""}, "请写明记录编号、节点编号和部门") for name in ("record", "milestone", "department")),
        ({"department": "教务处"}, "没有承办过项目"),
        ({"reason": ""}, "请写明理由或依据"),
    )
    for change, sentence in wrong:
        answer = await first.post(PAGE, asked | change)
        assert (answer.status_code, sentence in html.unescape(answer.text)) == (400, True), (change, answer.text)
        kept = {name: html.unescape(value) for name, value in FILLED.findall(answer.text)}
        assert kept == {name: value for name, value in (asked | change).items() if name != "reason"}
        assert f">{(asked | change)['reason']}</textarea>" in answer.text
    assert CONFIRM.findall((await first.get("/scores")).text) == []


async def test_a_finding_that_was_prepared_is_given_up(fresh: Browsers) -> None:
    """By anybody of the section, and nothing is found."""
    await reported(fresh)
    first, second = await fresh.of("operator"), await fresh.of("second")
    asked = await asked_from(first, "/projects/2018-05a") | {"reason": "核查不符"}
    assert (await first.post(PAGE, asked)).status_code == 303
    (path,) = CONFIRM.findall((await second.get("/scores")).text)
    dropped = await second.post(path.replace("/confirm", "/give-up"))
    assert (dropped.status_code, dropped.headers["location"]) == (303, "/scores")
    assert (await second.post(path)).status_code == 400
    assert recorded_scores(fresh.office.office.records.ledger).acts == ()


async def test_a_longer_period_says_which_points_were_corrected_in_one_within_it(fresh: Browsers) -> None:
    """For the section and whoever reads the table, with the way to the point; the month itself says nothing."""
    first, second, own = await fresh.of("operator"), await fresh.of("second"), await fresh.of("own")
    early = await own.post("/own-score/appeal", {"period": "2018-04", "point": "x", "reason": "有误"})
    assert "请等督查室公布以后再申诉" in early.text
    assert "请先公布" not in early.text
    await first.post("/scores/publish", {"period": "2018-05", "reason": "考核"})
    point = POINT.findall((await own.get("/own-score?period=2018-05")).text)[0]
    prepared = {"period": "2018-05", "point": point, "points": "-2", "reason": "重新核对"}
    assert (await first.post("/scores/corrections", prepared)).status_code == 303
    page = (await second.get("/scores")).text
    assert "为 -2 分（2018-05）" in page, "which period it is about"
    (path,) = CONFIRM.findall(page)
    assert "另一期改过" not in (await first.get("/scores?period=2018")).text
    assert (await second.post(path)).status_code == 303
    page = (await first.get("/scores?period=2018")).text
    assert "有 1 项得分在本期之内的另一期改过" in page
    assert re.search(r'href="/scores[?]period=2018&amp;department=[^"]+">[-\d]+ 2018-[-\w]+ 违期 -5（2018-05）', page)
    assert "另一期改过" not in (await first.get("/scores?period=2018-05")).text
    assert "另一期改过" not in (await first.get("/scores?period=2018&department=教务处")).text


async def test_the_shell_says_so_of_what_it_published(fresh: Browsers, monkeypatch: pytest.MonkeyPatch) -> None:
    """The quarter goes out with the record's points of what was corrected in a month; a correction has no such note."""
    office = replace(fresh.office.office, giver=local_giver(engine_now()))
    monkeypatch.setattr("entrypoints.cli.scoring.giving_office", lambda _settings: nullcontext(office))
    first, second = Said(operator("李四"), "考核", None), Said(operator("赵六"), "误", operator("李四"))
    may, quarter = period_of("2018-05"), period_of("2018-Q2")

    async def said(who: Said, work: Callable[[Office], Awaitable[AnyScoreAct]]) -> str:
        return (await _given(office.settings, who, work))[1]

    assert await said(first, lambda here: scoring.publish(here, may, first.by, "考核", None)) == ""
    table = (await scoring.scored(office.records, may, None, may.to_on)).table
    point = next(each.key for row in table.departments for each in row.points if each.holds < 0)
    fixed = partial(
        scoring.correct, period=may, by=second.by, reason="误", point=point, points=0, confirmed_by=second.second
    )
    assert await said(second, fixed) == ""
    fresh.office.now = at("07-02 10:00")
    told = await said(first, lambda here: scoring.publish(here, quarter, first.by, "考核", None))
    assert told.startswith("有1项得分在 2018-Q2 之内的另一期改过")
    assert f"{point_name(point)}（2018-05）" in told
