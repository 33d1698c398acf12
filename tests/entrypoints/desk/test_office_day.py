"""The day of the supervision section, an auditor and an administrator: lists, one project, rulings, people."""

from __future__ import annotations

import csv
import io
import re
from typing import get_args
from urllib.parse import urlencode

import openpyxl

from domain.directory.ids import DirectoryRole
from domain.state import ProjectState
from entrypoints.desk.act_forms import act_forms
from entrypoints.desk.register import FILTERS
from tests.entrypoints.desk.conftest import Browsers
from tests.entrypoints.desk.small_office import OWN


async def test_the_register_is_filtered_by_what_stands_in_the_address(seen: Browsers) -> None:
    """Department, leader, category, source, light, overdue, words: each narrows, and the page keeps what was chosen."""
    browser = await seen.of("operator")
    for query, found in {
        "": {"2018-05a", "2018-06", "2018-07"},
        "lead=组织部": {"2018-05a"},
        "participant=组织部": {"2018-06"},
        "leader=张副市长": {"2018-05a"},
        "category=改革": {"2018-05a"},
        "source=市委常委会": {"2018-06"},
        "light=red": {"2018-05a", "2018-06", "2018-07"},
        "light=green": set(),
        "overdue=1": {"2018-05a", "2018-06", "2018-07"},
        "text=alert": {"2018-07"},
        "text=没有这些字": set(),
    }.items():
        page = (await browser.get(f"/register?{query}")).text
        shown = {name for name in ("2018-05a", "2018-06", "2018-07") if f'href="/projects/{name}"' in page}
        assert shown == found, query
    assert "没有符合条件的项目" in (await browser.get("/register?text=没有这些字")).text
    for unreadable in ("due_from=yesterday", "light=purple", "light=red&light=purple"):
        assert "有一项筛选条件看不懂" in (await browser.get(f"/register?{unreadable}")).text
    assert "有一项筛选条件看不懂" not in (await browser.get("/register?light=")).text
    backwards = (await browser.get("/register?due_from=2018-01-01&due_until=2017-01-01")).text
    assert "“最近时限到”早于“最近时限从”，没有采用" in backwards
    assert "没有符合条件的项目" not in backwards


async def test_whatever_a_list_is_asked_for_stands_in_its_filters(seen: Browsers) -> None:
    """Also what nothing in the register has: a filter that is changed keeps the others, and an empty list shows why."""
    browser = await seen.of("operator")
    chosen = dict.fromkeys(FILTERS, "没有这个") | {"year": "2017", "sort": "due"}
    chosen |= {"due_from": "2018-06-01", "due_until": "2018-06-30", "view": "under", "light": "red"}
    assert _chosen((await browser.get(f"/register?{urlencode(chosen)}")).text) == chosen
    asked = {"days": "30", "to": "没有这个"}
    assert _chosen((await browser.get(f"/coming?{urlencode(asked)}")).text) == asked


def _chosen(page: str) -> dict[str, str]:
    """What the filters of a page say."""
    form = page.partition('class="filters"')[2].partition("</form>")[0]
    given = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]+)"', form))
    given.pop("overdue", None)
    for name, options in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        for value, told in re.findall(r'<option(?: value="([^"]*)")? selected>([^<]*)', options):
            given[name] = value or told
    return given


async def test_an_export_has_what_the_list_has(seen: Browsers) -> None:
    """As csv and as xlsx of a filtered register: the same rows, in the same order, and no formula."""
    browser = await seen.of("operator")
    text = (await browser.get("/register.csv?sort=title")).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    sheet = openpyxl.load_workbook(io.BytesIO((await browser.get("/register.xlsx?sort=title")).content)).active
    assert sheet is not None
    cells = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert rows == cells
    page = (await browser.get("/register?sort=title")).text
    places = [page.index(f'href="/projects/{row[0]}"') for row in rows[1:]]
    assert places == sorted(places)
    assert len(places) == 3


async def test_a_project_shows_its_parties_papers_and_chart(seen: Browsers) -> None:
    """Three dates a milestone, who has signed, what waits, the papers, the events, the chart beside its table."""
    page = (await (await seen.of("operator")).get("/projects/2018-05a")).text
    for told in ("原定", "批准", "预计", "未签收", "正在等候", "督查通知单", "经过", "<svg", "全年进度图"):
        assert told in page
    assert page.count('<rect class="bar ') == 3


async def test_a_completion_is_accepted_and_struck_off_by_two_persons(fresh: Browsers) -> None:
    """The request stands among what waits; the same person may not strike off what he accepted, another may."""
    own, first, second = await fresh.of("own"), await fresh.of("operator"), await fresh.of("second")
    done = {"text": "已完成", "done_on": "2018-05-30"}
    assert (await own.post("/duties/2018-05a-01/request-completion", done)).status_code == 303
    waiting = (await first.get("/waiting")).text
    assert "办结审核" in waiting
    assert "/projects/2018-05a/acts/accept-completion?milestone=2018-05a-01" in waiting
    about = {"milestone": "2018-05a-01"}
    accepted = await first.post("/projects/2018-05a/acts/accept-completion", about)
    told = (await first.get(accepted.headers["location"])).text
    assert ("审核办结（完成于2018-05-30）" in told, "办结审核已办理" in told) == (True, False)
    assert "由审核人以外的督查人员销号" in told
    assert "acts/strike-off?milestone=2018-05a-01" in (await first.get("/waiting")).text
    refused = await first.post("/projects/2018-05a/acts/strike-off", about)
    assert refused.status_code == 400
    assert (await second.post("/projects/2018-05a/acts/strike-off", about)).status_code == 303
    state: ProjectState = await fresh.office.known("2018-05a")
    assert state.milestones["2018-05a-01"].stage == "struck_off"


async def test_a_request_stands_beside_the_form_that_answers_it(fresh: Browsers) -> None:
    """What was asked, its day, its files, how the milestone stands: who asked hears what arrived."""
    own, section = await fresh.of("own"), await fresh.of("operator")
    done = {"text": "三十场已全部办完", "done_on": "2018-05-30"}
    files = {"evidence": ("照片.txt", b"30", "text/plain")}
    asked = await own.post("/duties/2018-05a-01/request-completion", done, files=files)
    confirmed = (await own.get(asked.headers["location"])).text
    assert '<dd><span lang="zh-CN">照片.txt</span> <span class="quiet">2 字节</span></dd>' in confirmed
    form = (await section.get("/projects/2018-05a/acts/accept-completion?milestone=2018-05a-01")).text
    for told in ("三十场已全部办完", "完成于2018-05-30", "照片.txt", "原定", "2018-05-31"):
        assert told in form, told
    assert form.index("三十场已全部办完") < form.index('name="note"')
    later = {"reason": "场地未定", "new_due_on": "2018-06-29", "progress": "已过半"}
    assert (await own.post("/duties/2018-05a-03/request-extension", later)).status_code == 303
    form = (await section.get("/projects/2018-05a/acts/review-extension?milestone=2018-05a-03")).text
    assert ("场地未定" in form, "2018-06-29" in form, "三十场已全部办完" in form) == (True, True, False)


async def test_every_act_of_the_section_has_a_page(seen: Browsers) -> None:
    """Each form that a project or a milestone offers or refuses opens, with its fields and what comes after."""
    browser = await seen.of("operator")
    opened = 0
    for form in act_forms().values():
        if form.of_a_department:
            continue
        about = "?milestone=2018-05a-02" if form.about == "milestone" else ""
        page = await browser.get(f"/projects/2018-05a/acts/{form.path}{about}")
        assert page.status_code == 200, form.path
        assert all(f'name="{field.name}"' in page.text for field in form.fields if field.kind != "files")
        opened += 1
    assert opened == 24


async def test_the_register_of_an_instant_that_has_an_offset_is_of_that_instant(fresh: Browsers) -> None:
    """Half past midnight in Greenwich is half past eight in the office, whichever way it is asked for."""
    browser = await fresh.of("auditor")
    for at in ("00:30%2B00:00", "08:30"):
        assert "截至 2018-05-10 08:30" in (await browser.get(f"/as-of?at=2018-05-10T{at}")).text


async def test_an_auditor_s_reading_is_recorded_and_nothing_else_is(fresh: Browsers) -> None:
    """The event log and the register of a day: found, and each look is one entry of the ledger."""
    browser = await fresh.of("auditor")
    before = len(list(fresh.office.office.records.ledger.entries()))
    log = (await browser.get("/events?project=2018-05a&text=交办")).text
    assert "2018-05a" in log
    assert "2018-06<" not in log
    page = (await browser.get("/as-of?at=2018-05-10")).text
    assert "截至 2018-05-10 23:59" in page
    assert page.count('<th scope="row"') == 3
    assert (await browser.get("/as-of?at=2018-04-01")).text.count('<th scope="row"') == 0
    for at in ("soon", "0001-01-01T00:00", "9999-12-31"):
        assert "看不懂这个日期" in (await browser.get(f"/as-of?at={at}")).text
    entries = list(fresh.office.office.records.ledger.entries())[before:]
    assert [entry.type for entry in entries] == ["ledger.read", "ledger.read", "ledger.read"]


async def test_a_day_that_has_not_come_is_told_as_foretold(seen: Browsers) -> None:
    """Nobody takes what is worked out of a later day for what was known; an instant counts in its own zone."""
    browser = await seen.of("auditor")
    told = "这一天还没有到：以下是推算"
    for day, said in (("2018-12-25", True), ("2018-05-10", False), ("2018-06-04", False)):
        assert (told in (await browser.get(f"/as-of?at={day}")).text) is said
    for instant in ("2018-05-10T02:00%2B00:00", "2018-05-10T10:00"):
        assert "2018-05-10 10:00" in (await browser.get(f"/as-of?at={instant}")).text
    assert "看不懂这个日期" in (await browser.get("/as-of?at=0001-01-01T00:00%2B23:00")).text


async def test_whoever_leads_a_department_is_led_there_and_sees_only_it(seen: Browsers) -> None:
    """The first page of each person is his own; somebody without a role is told whom to ask, and nobody with one."""
    for account, home in {
        "own": "/today",
        "operator": "/register",
        "auditor": "/register",
        "leader": "/leader",
        "administrator": "/directory",
        "head": "/today",
        "liaison": "/today",
    }.items():
        assert (await (await seen.of(account)).get("/")).headers["location"] == home
    assert "您还没有角色" in (await (await seen.of("nobody")).get("/")).text
    for role in get_args(DirectoryRole):
        seen.office.door.person("somebody", "郑十", role)
        assert (await (await seen.of("somebody")).get("/")).status_code == 303, role
    menu = (await (await seen.of("own")).get("/today")).text
    assert "/register" not in menu
    assert OWN in menu
