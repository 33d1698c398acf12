"""Pages of periods and whole lists: scores with their appeals, bulletins that a person edits, lists withdrawn."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from docx import Document

from domain.scoring.score_acts import recorded_scores
from entrypoints.desk.act_forms import act_forms
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
    assert "请选择同意或不同意" in (await second.post("/scores/rule", {**granted, "granted": ""})).text
    assert "请去掉分数" in (await second.post("/scores/rule", {**granted, "granted": "no"})).text
    assert "密级或限制标志“绝密”" in (await second.post("/scores/rule", {**granted, "reason": "绝密"})).text
    assert "须由另一人裁定" in (await first.post("/scores/rule", granted)).text
    assert (await second.post("/scores/rule", granted)).status_code == 303
    assert "更正为" in (await own.get("/own-score?period=2018-05")).text

    wrong = await first.post(
        "/scores/corrections", {"period": "2018-05", "point": point, "points": "x", "reason": "误"}
    )
    assert wrong.status_code == 400
    prepared = {"period": "2018-05", "point": point, "points": "-2", "reason": "重新核对"}
    assert "还没有公布" in (await first.post("/scores/corrections", {**prepared, "period": "2018-04"})).text
    assert (await first.post("/scores/corrections", prepared)).status_code == 303
    (path,) = re.findall(r'action="(/scores/corrections/[^"]+/confirm)"', (await second.get("/scores")).text)
    assert "准备人以外" in (await first.post(path)).text
    assert (await second.post(path)).headers["location"] == "/scores?period=2018-05"
    book = recorded_scores(fresh.office.office.records.ledger)
    assert [act.kind for act in book.acts] == ["score.published", "score.appealed", "score.ruled", "score.corrected"]
    assert book.corrections("2018-05") == {point: -2}


async def test_what_was_typed_about_a_score_comes_back_with_its_refusal(fresh: Browsers) -> None:
    """In the form from which it was sent, and in no other: the reason, the points, the point and the answer chosen."""
    first, own = await fresh.of("operator"), await fresh.of("own")
    await first.post("/scores/publish", {"period": "2018-05", "reason": "考核"})
    point = POINT.findall((await own.get("/own-score?period=2018-05")).text)[0]
    appeal = {"period": "2018-05", "point": point, "reason": "已在期限内口头报告"}
    await own.post("/own-score/appeal", appeal)
    again = (await own.post("/own-score/appeal", {**appeal, "reason": "再说一遍"})).text
    assert ">再说一遍</textarea>" in again
    assert f'<option value="{point}" selected>' in again
    to_rule = (await first.get("/scores?period=2018-05")).text
    assert re.search(rf"<h3 id.*2018-05-31 [^<]+ 违期 -5 <span class=.id.>{point}</span></h3>", to_rule)
    ruling = {"period": "2018-05", "point": point, "granted": "yes", "points": "0", "reason": "情况属实"}
    page = (await first.post("/scores/rule", ruling)).text
    assert '<option value="yes" selected>' in page
    assert re.search(r'name="points"[^>]* value="0"', page)
    assert page.count('value="情况属实"') == 1
    same = {"period": "2018-05", "point": point, "points": "-5", "reason": "重新核对"}
    page = (await first.post("/scores/corrections", same)).text
    assert "没有更正：不必再办" in page
    assert ">重新核对</textarea>" in page
    assert re.search(r'name="points"[^>]* value="-5"', page)


async def test_nothing_that_binds_is_chosen_beforehand(fresh: Browsers) -> None:
    """A choice that an act asks for begins with none, and is asked for: what is not chosen is not done."""
    first, own = await fresh.of("operator"), await fresh.of("own")
    await first.post("/scores/publish", {"period": "2018-05", "reason": "考核"})
    about, asked = "milestone=2018-05a-02", 0
    for form in act_forms().values():
        for field in (each for each in form.fields if each.kind == "choice"):
            page = (await first.get(f"/projects/2018-05a/acts/{form.path}?{about}")).text
            assert re.search(rf'<select id="field-{field.name}"[^>]*>\s*<option value="">', page), form.path
            asked += 1
    assert asked == 4
    before = len(list(fresh.office.office.records.ledger.entries()))
    for browser, page, path in (
        (own, "/own-score?period=2018-05", "/own-score/appeal"),
        (first, f"/scores?period=2018-05&department={OWN}", "/scores/corrections"),
    ):
        assert 'name="point"><option value="">' in (await browser.get(page)).text
        nothing = {"period": "2018-05", "department": OWN, "point": "", "points": "0", "reason": "已口头报告"}
        refused = await browser.post(path, nothing)
        assert (refused.status_code, "请选择是哪一项得分。" in refused.text) == (400, True)
        assert ">已口头报告</textarea>" in refused.text
    assert len(list(fresh.office.office.records.ledger.entries())) == before


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
    early = await browser.get("/reports?of=2018-07")
    assert early.status_code == 400
    assert "2018-07-01 才开始" in early.text

    # What was missed on 31 May is May's, though it was recorded in the night to June and goes out at the end of June.
    page = (await browser.get("/reports?of=2018-05")).text
    form = re.search(r'<form method="post" action="/reports/publish"[^>]*>(.*?)</form>', page, re.DOTALL)
    assert form is not None
    values = {name: value for name, value in re.findall(r'name="([\w-]+)" value="([^"]*)"', form[1]) if name != "csrf"}
    numbers = [name.removeprefix("project-") for name in values if name.startswith("project-")]
    assert len(numbers) > 1
    untouched = {name: value for name, value in values.items() if not name.startswith("publish-")}
    own = {f"text-{number}": f"第{number}条，请于三日内说明。" for number in numbers}
    none = await browser.post("/reports/publish", {**untouched, **own})
    assert (none.status_code, "没有勾选要发布的" in none.text) == (400, True)
    first, second = numbers[:2]
    both = {f"publish-{each}": "yes" for each in (first, second)}
    one_bad = {**untouched, **own, **both, f"text-{second}": "改好的一段\u202e。"}
    refused = await browser.post("/reports/publish", one_bad)
    # One went out, one is named where it stands, and nothing of what was written is lost.
    assert (refused.status_code, "2 个中有 1 个没有办成" in refused.text) == (400, True)
    assert f"#field-entry-{second}" in refused.text
    assert all(f"第{each}条，请于三日内说明。" in refused.text for each in numbers if each != second)
    assert refused.text.count(">改好的一段") == 1
    assert (await browser.post("/reports/publish", {**one_bad, f"text-{second}": ""})).status_code == 400
    edited = {name: value for name, value in {**untouched, **own}.items() if name.rpartition("-")[2] in (first, values)}
    edited |= {"of": "2018-05", "request_id": values["request_id"], f"publish-{first}": "yes"}
    assert (await browser.post("/reports/publish", edited)).status_code == 303
    events = [entry.type for entry in fresh.office.office.records.ledger.entries()]
    assert events.count("BulletinPublished") == 1
    assert (await browser.post("/reports/publish", edited)).status_code == 303
    assert [e.type for e in fresh.office.office.records.ledger.entries()].count("BulletinPublished") == 1
    after = (await browser.get("/reports?of=2018-05")).text
    assert re.search(rf">第{first}条，请于三日内说明。</p><p[^>]*>这个月已经发布", after)


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


async def test_the_bulletin_of_a_score_is_drafted_edited_and_made_known_once(fresh: Browsers) -> None:
    """Refused before the score is published; document and workbook have the cells of the page; its figures stay."""
    first, second, own = await fresh.of("operator"), await fresh.of("second"), await fresh.of("own")
    asked = "/scores/bulletin?period=2018-05"
    refused = await first.get(asked)
    assert (refused.status_code, "请先公布" in refused.text) == (400, True)
    assert (await first.post("/scores/publish", {"period": "2018-05", "reason": "考核"})).status_code == 303
    page = (await first.get(asked)).text
    assert "关于2018年5月考核得分的通报" in page
    assert "草稿" in page
    assert (await own.get("/own-score/bulletin?period=2018-05")).status_code == 404

    said = {"period": "2018-05", "publication": "1", "reason": "经审定", "text": "=1+1\n本月情况如下。"}
    assert "密级" in (await first.post("/scores/bulletin/publish", {**said, "text": "情况（机密）"})).text
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("domain.record.refused_words.RefusedWords.of_all", lambda *_: ("内部资料",))
        refused = await first.post("/scores/bulletin/publish", {**said, "text": "情况，内部资料"})
        assert (refused.status_code, "内部资料" in refused.text) == (400, True)
    assert (await first.post("/scores/bulletin/publish", {**said, "reason": ""})).status_code == 400
    assert (await first.post("/scores/bulletin/publish", said)).status_code == 303
    assert "不必再发" in (await first.post("/scores/bulletin/publish", said)).text
    page = (await second.get(asked)).text
    assert "本月情况如下" in page

    word = Document(io.BytesIO((await first.get(asked.replace("?", ".docx?"))).content))
    book = openpyxl.load_workbook(io.BytesIO((await first.get(asked.replace("?", ".xlsx?"))).content))
    for table, name in zip(word.tables, ("附表1", "附表2"), strict=True):
        printed = [[cell.text for cell in row.cells] for row in table.rows]
        sheet = [["" if cell is None else str(cell)[:10] for cell in row] for row in book[name].values]
        caption = {"附表1": "附表1　各部门得分", "附表2": "附表2　每一分出自哪条记录"}[name]
        assert shown_rows(page, caption) == printed
        assert [[cell[:10] for cell in row] for row in printed] == sheet
    cells = [cell for row in book["正文"].iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if cell.value == "=1+1"] == ["s"]

    part = (await own.get("/own-score/bulletin?period=2018-05")).text
    assert OWN in part
    assert "教务处" not in part
    assert "得分通报中本部门的部分" in (await own.get("/own-score?period=2018-05")).text
    for account in ("own", "auditor"):
        assert (await (await fresh.of(account)).post("/scores/bulletin/publish", said)).status_code in (403, 404)


async def test_a_correction_is_told_beside_the_figures_and_an_older_bulletin_stays(fresh: Browsers) -> None:
    """Before the score is published again the figures are the old ones; afterwards the first bulletin is as it was."""
    first, second = await fresh.of("operator"), await fresh.of("second")
    said = {"period": "2018-05", "reason": "考核"}
    await first.post("/scores/publish", said)
    asked = "/scores/bulletin?period=2018-05"
    before = shown_rows((await first.get(asked)).text, "附表1　各部门得分")
    point = POINT.findall((await (await fresh.of("own")).get("/own-score?period=2018-05")).text)[0]
    prepared = {"period": "2018-05", "point": point, "points": "0", "reason": "重新核对"}
    marked = await first.post("/scores/corrections", {**prepared, "reason": "（机密）重新核对"})
    assert marked.status_code == 400
    assert (await first.post("/scores/corrections", prepared)).status_code == 303
    (path,) = re.findall(r'action="(/scores/corrections/[^"]+/confirm)"', (await second.get("/scores")).text)
    assert (await second.post(path)).status_code == 303
    page = (await first.get(asked)).text
    assert "没有计入" in page
    assert shown_rows(page, "附表1　各部门得分") == before
    assert (await first.post("/scores/publish", said)).status_code == 303
    stale = {**said, "publication": "1", "text": "旧稿"}
    assert "重新起草" in (await first.post("/scores/bulletin/publish", stale)).text
    page = (await first.get(asked)).text
    assert "已经计入" in page
    assert shown_rows(page, "附表1　各部门得分") != before
    older = (await first.get(f"{asked}&publication=1")).text
    assert shown_rows(older, "附表1　各部门得分") == before
    assert "没有第9次" in (await first.get(f"{asked}&publication=9")).text


async def test_an_appeal_s_reason_with_a_refused_word_is_refused(fresh: Browsers) -> None:
    """What the policies of the lists refuse is in no reason of an appeal, a ruling or a publication."""
    first, own = await fresh.of("operator"), await fresh.of("own")
    assert (await first.post("/scores/publish", {"period": "2018-05", "reason": "考核"})).status_code == 303
    point = POINT.findall((await own.get("/own-score?period=2018-05")).text)[0]
    appeal = {"period": "2018-05", "point": point, "reason": "见内部资料"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("domain.record.refused_words.RefusedWords.of_all", lambda *_: ("内部资料",))
        refused = await own.post("/own-score/appeal", appeal)
        assert (refused.status_code, "内部资料" in refused.text) == (400, True)
    assert (await own.post("/own-score/appeal", appeal)).status_code == 303


async def test_a_reason_of_a_score_that_cannot_be_kept_comes_back_in_its_form(fresh: Browsers) -> None:
    """One that is empty or too long, of an appeal as of a ruling; what was typed stands there still."""
    first, own = await fresh.of("operator"), await fresh.of("own")
    await first.post("/scores/publish", {"period": "2018-05", "reason": "考核"})
    point = POINT.findall((await own.get("/own-score?period=2018-05")).text)[0]
    asked = {"period": "2018-05", "point": point, "granted": "no"}
    for browser, place in ((own, "/own-score/appeal"), (first, "/scores/rule")):
        too_long = await browser.post(place, {**asked, "reason": "长" * 30_000})
        assert (too_long.status_code, "理由太长" in too_long.text) == (400, True), place
        empty = await browser.post(place, {**asked, "reason": ""})
        assert (empty.status_code, "请写明理由或依据" in empty.text) == (400, True), place
        assert 'name="period"' in empty.text, place
