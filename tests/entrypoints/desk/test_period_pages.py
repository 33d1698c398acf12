"""Pages of periods and whole lists: scores with their appeals, bulletins that a person edits, lists withdrawn."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from docx import Document

from domain.scoring.score_acts import recorded_scores
from tests.domain.samples import at
from tests.entrypoints.desk.conftest import Browsers
from tests.entrypoints.desk.small_office import OWN, healthy
from tests.entrypoints.desk.test_year_pages import exported, shown_rows

POINT = re.compile(r'<option value="(key-project/[^"]+/breach)">')


async def test_a_score_is_published_appealed_against_ruled_on_and_corrected_by_the_right_persons(
    fresh: Browsers,
) -> None:
    """Each point names its record; before the end nothing is published; another person rules, two correct."""
    first, second, own = await fresh.of("operator"), await fresh.of("second"), await fresh.of("own")
    page = (await first.get("/scores?period=2018-06")).text
    assert "这一期 2018-06-30 才结束" in page
    assert "还没有公布" in (await own.get("/own-score?period=2018-05")).text
    said = {"period": "2018-05", "reason": "季度考核"}
    assert (await first.post("/scores/publish", {**said, "reason": ""})).status_code == 400
    assert (await first.post("/scores/publish", said)).status_code == 303
    assert "不必再公布" in (await first.post("/scores/publish", said)).text
    table = await exported(first, "/scores?period=2018-05")
    assert shown_rows((await first.get("/scores?period=2018-05")).text, "各部门的得分") == table

    page = (await own.get("/own-score?period=2018-05")).text
    point = POINT.findall(page)[0]
    assert ">key-project/" not in page
    assert re.search(r"2018-\w+#\d+", page)
    appeal = {"period": "2018-05", "point": point, "reason": "已在期限内口头报告"}
    assert (await own.post("/own-score/appeal", appeal)).status_code == 303
    assert "已经申诉过" in (await own.post("/own-score/appeal", appeal)).text
    granted = {"period": "2018-05", "point": point, "granted": "yes", "points": "0", "reason": "情况属实"}
    assert "须由另一人裁定" in (await first.post("/scores/rule", granted)).text
    assert (await second.post("/scores/rule", granted)).status_code == 303
    assert "更正为" in (await own.get("/own-score?period=2018-05")).text

    wrong = await first.post(
        "/scores/corrections", {"period": "2018-05", "point": point, "points": "x", "reason": "误"}
    )
    assert wrong.status_code == 400
    prepared = {"period": "2018-05", "point": point, "points": "-2", "reason": "重新核对"}
    assert (await first.post("/scores/corrections", prepared)).status_code == 303
    (path,) = re.findall(r'action="(/scores/corrections/[^"]+/confirm)"', (await second.get("/scores")).text)
    assert "准备人以外" in (await first.post(path)).text
    assert (await second.post(path)).status_code == 303
    book = recorded_scores(fresh.office.office.records.ledger)
    assert [act.kind for act in book.acts] == ["score.published", "score.appealed", "score.ruled", "score.corrected"]
    assert book.corrections("2018-05") == {point: -2}


async def test_a_department_s_score_is_its_own_alone(seen: Browsers) -> None:
    """It sees its own row and its points, nobody else's; another department is not its page."""
    page = await (await seen.of("own")).get("/own-score?period=2018")
    assert OWN in page.text
    assert "教务处" not in page.text
    assert (await (await seen.of("own")).get("/own-score?department=教务处")).status_code == 404
    assert (await (await seen.of("own")).get("/own-score?period=2018-13")).status_code == 400


async def test_a_month_s_bulletin_is_drafted_edited_and_published(fresh: Browsers) -> None:
    """Each figure has its list; the files open; an entry goes out in the words of the person who edited it, once."""
    browser = await fresh.of("operator")
    fresh.office.now = at("06-29 10:00")
    page = (await browser.get("/reports?of=2018-06")).text
    assert "关于2018年6月重点项目督办情况的通报" in page
    for value, name in re.findall(r'<dd><a href="#list-(\w+)">(\d+)</a>', page):
        assert len(shown_rows(page.split(f'id="list-{value}"')[1], r"[^\"]+")) - 1 == int(name)
    word = await browser.get("/reports/draft.docx?of=2018-06")
    assert "通报" in Document(io.BytesIO(word.content)).paragraphs[0].text
    assert openpyxl.load_workbook(io.BytesIO((await browser.get("/reports/draft.xlsx?of=2018")).content)).sheetnames
    assert (await browser.get("/reports/draft.exe?of=2018")).status_code == 404
    assert (await browser.get("/reports?of=2018-Q1")).status_code == 400

    form = re.search(r'<form method="post" action="/reports/publish">(.*?)</form>', page, re.DOTALL)
    assert form is not None
    values = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[1]))
    edited = {**values, "text": "到期未反馈，请于三日内说明。"}
    del edited["csrf"]
    assert (await browser.post("/reports/publish", {**edited, "text": ""})).status_code == 400
    assert (await browser.post("/reports/publish", edited)).status_code == 303
    events = [entry.type for entry in fresh.office.office.records.ledger.entries()]
    assert events.count("BulletinPublished") == 1
    assert (await browser.post("/reports/publish", edited)).status_code == 303
    assert [e.type for e in fresh.office.office.records.ledger.entries()].count("BulletinPublished") == 1
    assert "这个月已经发布" in (await browser.get("/reports?of=2018-06")).text


async def test_a_list_is_withdrawn_by_two_persons_after_a_preview(
    fresh: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it would do is counted; one prepares, another confirms; the reopening says what comes back."""
    monkeypatch.setattr("application.office.every_project.sick_projects", healthy)
    first, second = await fresh.of("operator"), await fresh.of("second")
    page = (await first.get("/whole-lists?what=withdrawal&year=2018")).text
    assert "<dt>要撤销的项目</dt><dd>3</dd>" in page
    asked = {"what": "withdrawal", "year": "2018", "reason": "机构撤并"}
    assert (await first.post("/whole-lists", {**asked, "reason": ""})).status_code == 400
    assert (await first.post("/whole-lists", {**asked, "year": "20x8"})).status_code == 400
    assert (await first.post("/whole-lists", asked)).status_code == 303
    (path,) = re.findall(r'action="(/whole-lists/[^"]+/confirm)"', (await first.get("/whole-lists")).text)
    assert "准备人以外" in (await first.post(path)).text
    assert (await fresh.office.known("2018-06")).stage != "withdrawn"
    assert "3 个项目已经办理" in (await second.post(path)).text
    assert (await fresh.office.known("2018-06")).stage == "withdrawn"
    page = (await first.get("/whole-lists?what=reopening&year=2018")).text
    assert "<dt>恢复的项目</dt><dd>3</dd>" in page
    assert "没有项目 2018-99" in (await first.get("/whole-lists?what=reopening&year=2018&projects=2018-99")).text
    assert (await first.post("/whole-lists", {**asked, "what": "reopening", "reason": "误撤"})).status_code == 303
    (path,) = re.findall(r'action="(/whole-lists/[^"]+)/confirm"', (await first.get("/whole-lists")).text)
    assert (await first.post(f"{path}/give-up")).status_code == 303
    assert (await second.post(f"{path}/confirm")).status_code == 400


async def test_a_day_is_chosen_by_date_by_slider_or_step_by_step(seen: Browsers) -> None:
    """The slider counts the days since the first project; the steps lead to the days beside; each look is on record."""
    browser = await seen.of("auditor")
    page = (await browser.get("/as-of?days=10")).text
    assert 'type="range"' in page
    assert 'value="10"' in page
    (first,) = re.findall(r"（(\d{4}-\d{2}-\d{2}) 至", page)
    assert first == "2018-04-25"
    assert "截至 2018-05-05 23:59" in page
    assert 'href="/as-of?days=11"' in page
    assert "-40" not in "".join(re.findall(r'href="/as-of\?days=([^"]+)"', page))


async def test_what_is_not_there_is_not_there_in_words(seen: Browsers) -> None:
    """A list that nobody handed in: 404, and where one goes on."""
    answer = await (await seen.of("operator")).get("/plans/nosuch")
    assert answer.status_code == 404
    assert "没有这份清单" in answer.text


async def test_a_score_says_what_it_is_the_mean_of(seen: Browsers) -> None:
    """Each project's points and weight stand beside the score, and come to it."""
    page = (await (await seen.of("own")).get("/own-score?period=2018-05")).text
    parts = [(float(points), int(weight)) for points, weight in re.findall(r"([\d.]+) × (\d)", page)]
    assert [weight for _, weight in parts] == [2, 1]
    told = re.search(r"得分 <strong>([\d.]+)</strong>", page)
    assert told
    assert round(sum(points * weight for points, weight in parts) / 3, 2) == float(told[1]) < 100
