"""The year's pages: its figures, what will go out, its end by two persons, and a reviewer's word."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import timedelta

import openpyxl
import pytest

from entrypoints.desk.coming import ROWS
from tests.domain.samples import at
from tests.entrypoints.desk.conftest import Browser, Browsers
from tests.entrypoints.desk.small_office import NOW, OWN, healthy


async def exported(browser: Browser, path: str) -> list[list[str]]:
    """The rows of a table's export as text, which those of the spreadsheet are too."""
    name, _, query = path.partition("?")
    text = (await browser.get(f"{name}.csv?{query}")).content.decode("utf-8-sig")
    rows = [[cell.removeprefix("'") for cell in row] for row in csv.reader(io.StringIO(text))]
    sheet = openpyxl.load_workbook(io.BytesIO((await browser.get(f"{name}.xlsx?{query}")).content)).active
    assert sheet is not None
    assert [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)] == rows
    return rows


def shown_rows(page: str, caption: str) -> list[list[str]]:
    """The rows of a table as a page shows them, without the marks."""
    (table,) = re.findall(rf'aria-label="{caption}"><table>(.*?)</table>', page, re.DOTALL)
    plain = re.sub(r"<svg.*?</svg>", "", table, flags=re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", plain, re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[html.unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in row] for row in cells]


async def test_the_year_counts_what_was_due_done_and_returned_and_ranks_nobody(fresh: Browsers) -> None:
    """Done on time, returned once: in its department's and its month's row; departments stand in order of name."""
    own, first = await fresh.of("own"), await fresh.of("operator")
    await own.post("/duties/2018-05a-03/request-completion", {"text": "已完成", "done_on": "2018-06-04"})
    about = {"milestone": "2018-05a-03"}
    await first.post("/projects/2018-05a/acts/return-for-rework", {**about, "reason": "缺材料"})
    await own.post("/duties/2018-05a-03/request-completion", {"text": "已补齐", "done_on": "2018-06-04"})
    await first.post("/projects/2018-05a/acts/accept-completion", about)
    departments = await exported(first, "/year/departments")
    heads, rows = departments[0], {row[0]: row for row in departments[1:]}
    mine = dict(zip(heads, rows[OWN], strict=True))
    assert (mine["到期任务"], mine["已完成"], mine["按期完成"], mine["退办次数"]) == ("6", "1", "1", "1")
    assert list(rows) == sorted(rows)
    months = {row[0]: dict(zip(heads, row, strict=True)) for row in (await exported(first, "/year/months"))[1:]}
    assert len(months) == 12
    assert months["2018-06"]["退办次数"] == "1"
    page = (await first.get("/year")).text
    assert shown_rows(page, "各部门的一年") == departments
    assert "不排名次" in page


async def test_what_will_go_out_is_what_waits_and_what_time_brings(seen: Browsers) -> None:
    """Papers of the span by day and addressee, as the core would issue them; the table equals its export."""
    browser = await seen.of("operator")
    page = (await browser.get("/coming?days=14")).text
    rows = await exported(browser, "/coming?days=14")
    assert shown_rows(page, "将要发出的文书") == rows[: ROWS + 1]
    assert {row[5] for row in rows[1:]} == {"到期自动签发", "已签发，待发送"}
    days = [row[0] for row in rows[1:]]
    assert days == sorted(days)
    assert days[0] >= NOW.date().isoformat()
    assert days[-1] <= (NOW.date() + timedelta(days=13)).isoformat()
    one = await exported(browser, f"/coming?days=14&to={OWN}")
    assert one[1:] == [row for row in rows[1:] if row[2] == OWN]
    assert "高峰" in page


async def test_a_day_that_is_asked_for_is_looked_at_or_said_not_to_be(seen: Browsers) -> None:
    """One behind the span that was chosen widens it; one that is over, too far or no day is said, and left out."""
    browser = await seen.of("operator")
    month = await exported(browser, "/coming?days=60")
    late = next(row[0] for row in month[1:] if row[0] > (NOW.date() + timedelta(days=13)).isoformat())
    assert await exported(browser, f"/coming?days=7&on={late}") == [row for row in month if row[0] in ("日期", late)]
    for day, said in (("2018-01-01", "没有采用"), ("2019-01-01", "没有采用"), ("20180610", "看不懂这个日期")):
        assert said in (await browser.get(f"/coming?on={day}")).text


async def test_where_nothing_can_be_reopened_the_page_says_so(fresh: Browsers) -> None:
    """A sentence in the place of a table of noughts."""
    operator = await fresh.of("operator")
    page = (await operator.get("/whole-lists?year=2018&what=reopening")).text
    assert "没有收回，不用再办：这3个项目没有可收回的（从未年终结转或整体撤销" in page
    assert "恢复的项目" not in page


async def test_a_year_without_a_list_is_not_shown_as_another_one_unsaid(seen: Browsers) -> None:
    """The page says whose figures stand there instead; of a year that has a list, and of none, it says nothing."""
    browser = await seen.of("operator")
    for address, said in (("?year=2031", True), ("?year=soon", True), ("?year=2018", False), ("", False)):
        page = (await browser.get(f"/year{address}")).text
        assert ("没有这一年的清单，下面是 2018 年的数字" in page) is said, address


async def test_a_file_of_what_cannot_be_asked_for_is_refused(seen: Browsers) -> None:
    """With a sentence, and no other rows; the page that leaves it out gives away what it shows."""
    browser = await seen.of("operator")
    for page, table, query in (
        ("/year", "/year/departments", "year=2031"),
        ("/year", "/year/months", "year=soon"),
        ("/coming", "/coming", "on=2018-13-01"),
        ("/register", "/register", "light=purple"),
        ("/register", "/register", "due_from=2018-06-30&due_until=2018-06-01"),
    ):
        for ending in ("csv", "xlsx"):
            refused = await browser.get(f"{table}.{ending}?{query}")
            assert (refused.status_code, "没有导出" in refused.text) == (400, True), (table, query)
        shown = (await browser.get(f"{page}?{query}")).text
        (link,) = re.findall(rf'href="({table}\.csv[^"]*)"', shown)
        given = await browser.get(html.unescape(link))
        assert (given.status_code, given.headers["content-type"]) == (200, "text/csv; charset=utf-8"), link


async def test_a_year_is_closed_by_two_persons_after_a_preview(
    fresh: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before its days it needs a reason; who prepared it cannot confirm it; another one closes every project."""
    monkeypatch.setattr("application.office.every_project.sick_projects", healthy)
    first, second = await fresh.of("operator"), await fresh.of("second")
    page = (await first.get("/year-end?year=2018")).text
    assert "还没有到年终：2018-12-15 起才能办理" in page
    assert "<dt>要结束的项目</dt><dd>3</dd>" in page
    asked = {"year": "2018", "to_year": "2019", "reason": "年终结转"}
    refused = await first.post("/year-end", asked)
    assert refused.status_code == 400
    assert "请写明提前的理由" in refused.text
    wrong = await first.post("/year-end", {**asked, "to_year": "18", "reason": ""})
    assert 'href="#field-to_year"' in wrong.text
    assert (await first.post("/year-end", {**asked, "despite_period": "机构撤并"})).status_code == 303
    waiting = (await first.get("/year-end?year=2018")).text
    (path,) = re.findall(r'action="(/year-end/[^"]+/confirm)"', waiting)
    assert "须由准备人以外" in (await first.post(path)).text
    assert (await fresh.office.known("2018-06")).stage != "archived"
    done = await second.post(path)
    assert "2018 年的 3 个项目已经办理" in done.text
    assert [row[1] for row in shown_rows(done.text, "各项目的结果")[1:]] == ["已办理"] * 3
    for project_id in ("2018-05a", "2018-06", "2018-07"):
        state = await fresh.office.known(project_id)
        assert state.closed
        assert {each.stage for each in state.milestones.values()} == {"carried_over"}
    assert "没有这份待确认的准备" in (await second.post(path)).text
    again = await first.post("/year-end", {**asked, "despite_period": "机构撤并"})
    assert (again.status_code, "没有还要结束的项目" in again.text, "/confirm" in again.text) == (400, True, False)


@pytest.mark.parametrize("elsewhere", ["/whole-lists", "/scores/corrections"])
async def test_what_is_prepared_is_confirmed_as_what_it_is(
    fresh: Browsers, monkeypatch: pytest.MonkeyPatch, elsewhere: str
) -> None:
    """A year's end that is confirmed at the address of something else is refused, and no project is touched."""
    monkeypatch.setattr("application.office.every_project.sick_projects", healthy)
    fresh.office.now = at("12-20 10:00")
    first, second = await fresh.of("operator"), await fresh.of("second")
    assert (await first.post("/year-end", {"year": "2018", "reason": "年终结转"})).status_code == 303
    (key,) = re.findall(r'action="/year-end/([^"]+)/confirm"', (await second.get("/year-end")).text)
    refused = await second.post(f"{elsewhere}/{key}/confirm")
    assert "没有这份待确认的准备" in refused.text
    assert refused.status_code == 400
    assert (await second.post(f"{elsewhere}/{key}/give-up")).status_code == 303
    assert (await fresh.office.known("2018-06")).stage not in ("withdrawn", "archived")
    assert "2018 年的 3 个项目已经办理" in (await second.post(f"/year-end/{key}/confirm")).text


@pytest.mark.parametrize("where", ["/year-end", "/whole-lists"])
@pytest.mark.parametrize("field", ["reason", "despite_period"])
async def test_a_reason_with_a_refused_word_is_not_even_prepared(
    fresh: Browsers, monkeypatch: pytest.MonkeyPatch, where: str, field: str
) -> None:
    """What waits for a second person is kept on disk: a mark or a refused word is told to the first one."""
    monkeypatch.setattr("domain.record.refused_words.RefusedWords.of_all", lambda *_: ("内部资料",))
    fresh.office.now = at("12-20 10:00")
    first = await fresh.of("operator")
    asked = {"year": "2018", "what": "withdrawal", "reason": "年终", "despite_period": "年终", field: "见内部资料"}
    answer = await first.post(where, asked)
    assert (answer.status_code, "带有密级或限制标志“内部资料”" in answer.text) == (400, True)
    assert "/confirm" not in (await (await fresh.of("second")).get(where)).text


async def test_what_is_prepared_can_be_given_up(fresh: Browsers) -> None:
    """In the year's last days no reason of its own is needed; given up, nobody can confirm it."""
    fresh.office.now = at("12-20 10:00")
    first, second = await fresh.of("operator"), await fresh.of("second")
    assert (await first.post("/year-end", {"year": "2018", "reason": "年终结转"})).status_code == 303
    (path,) = re.findall(r'action="(/year-end/[^"]+)/confirm"', (await second.get("/year-end")).text)
    assert (await second.post(f"{path}/give-up")).status_code == 303
    assert "没有这份待确认的准备" in (await second.post(f"{path}/confirm")).text
    assert "等另一位" not in (await first.get("/year-end")).text


async def test_a_reviewer_s_word_stands_beside_the_light(fresh: Browsers) -> None:
    """Five steps with a reason; where the light says otherwise, that is marked."""
    browser = await fresh.of("operator")
    form = (await browser.get("/projects/2018-05a/acts/assess-confidence?milestone=2018-05a-01")).text
    assert [word in form for word in ("很有把握", "没有把握")] == [True, True]
    values = {"milestone": "2018-05a-01", "step": "5", "reason": "已到现场核实"}
    assert (await browser.post("/projects/2018-05a/acts/assess-confidence", values)).status_code == 303
    page = (await browser.get("/projects/2018-05a/milestones/2018-05a-01")).text
    assert "<strong>很有把握</strong>" in page
    assert "与灯相差两级以上" in page
