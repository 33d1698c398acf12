"""What stands beside a chart, a prepared act and what waits: only what is so, and only what answers it."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from pathlib import Path

import pytest

from domain.acts import commands as c
from domain.ports.register_lines import MatterRow
from entrypoints.bootstrap import engine_now
from entrypoints.desk.waiting import answers_to
from tests.entrypoints.desk.conftest import Browser, Browsers
from tests.entrypoints.desk.small_office import NOW, OWN, healthy, with_one_who_left
from tests.entrypoints.desk.test_plans import LIST, handed_in

PAGE = "/directory/erasures"
ASKED = {"who": "P0099", "order": "〔2026〕7号", "reason": "依规定删除"}
BY_MACHINE = "按本机时钟"


@pytest.mark.parametrize(("days", "within"), [(0, True), (900, False)])
async def test_a_chart_names_the_line_of_today_only_where_it_has_one(fresh: Browsers, days: int, within: bool) -> None:
    """Outside the dates of a project's year there is no line: the words under the chart say so."""
    fresh.office.now += timedelta(days=days)
    page = (await (await fresh.of("operator")).get("/projects/2018-05a")).text
    assert ('<line class="today"' in page, "竖线为今天" in page) == (within, within)
    assert ("今天不在图上的这段日子里" in page) is not within


@pytest.mark.parametrize("apart", [True, False])
async def test_a_prepared_act_says_by_which_clock_it_lasts(fresh: Browsers, apart: bool) -> None:
    """In a copy that lives on another day, the day until which it waits is no day of that year."""
    if not apart:
        fresh.office.now = engine_now()
    await with_one_who_left(fresh.office)
    browser = await fresh.of("operator")
    assert (await browser.post(PAGE, ASKED)).status_code == 303
    page = (await browser.get(PAGE)).text
    assert ("有效至" in page, BY_MACHINE in page) == (True, apart)


@pytest.mark.parametrize(("about", "answer"), [("组织部", c.ReassignLead), ("宣传部", c.ReplaceParticipant)])
def test_what_a_department_sent_back_is_given_to_another_of_its_kind(about: str, answer: type[c.Command]) -> None:
    """A lead's place is taken by another lead, a participant's by another participant; the other act is refused."""
    row = MatterRow.model_validate(
        {
            "project_id": "2018-05a",
            "milestone_id": None,
            "title": "项目",
            "description": "",
            "kind": "declined_assignment",
            "owner": "督查室",
            "about": about,
            "due_on": "2018-05-30",
            "working_days_late": 0,
            "of_the_section": True,
        }
    )
    assert list(answers_to(row, {"2018-05a": "组织部"})) == [c.InsistOnAssignment, answer]


def test_what_is_asked_of_a_list_needs_no_shell() -> None:
    """A doubt is read at the desk as well: none of its sentences asks for what only the shell has."""
    root = Path(__file__).parents[3]
    sources = [
        path
        for folder in ("domain/notice", "domain/lists", "adapters/readers")
        for path in (root / folder).rglob("*.py")
    ]
    told = [path.read_text(encoding="utf-8") for path in sources]
    assert any("后重新读入" in text for text in told)
    assert [text for text in told if "编译" in text] == []


async def test_a_doubt_s_page_says_where_a_corrected_file_goes(
    fresh: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A serial that stands twice: the sentence asks for a corrected file, the page says where to hand it in."""
    monkeypatch.setattr("application.office.planning.sick_projects", healthy)
    browser = await fresh.of("operator")
    place = await handed_in(browser, text=LIST + "92,培训班,宣传部,,5月底前：举办培训班\n")
    page = (await browser.get(place)).text
    assert "重复出现" in page
    assert "改好以后重新交来" in page


@pytest.mark.parametrize(
    ("account", "address"),
    [
        ("operator", "/register"),
        ("operator", "/register?sort=light"),
        ("operator", "/coming?days=60"),
        ("own", "/mine"),
        ("own", "/papers"),
        ("own", "/papers?unread=1"),
    ],
)
async def test_pages_are_turned_on_and_back_and_every_row_is_on_one(
    fresh: Browsers, monkeypatch: pytest.MonkeyPatch, account: str, address: str
) -> None:
    """A few rows a page: the pages on and those back have the rows of the whole list, each once; the last is linked."""
    module = address.strip("/").partition("?")[0]
    await _some_go_out(fresh)
    browser = await fresh.of(account)
    monkeypatch.setattr(f"entrypoints.desk.{module}.ROWS", 1_000)
    (whole,) = await _walked(browser, address, "next")
    assert len(whole) > 1
    rows = max(1, len(whole) // 5)
    monkeypatch.setattr(f"entrypoints.desk.{module}.ROWS", rows)
    on = await _walked(browser, address, "next")
    assert [row for rows in on for row in rows] == whole
    page = (await browser.get(address)).text
    assert f"第 1 至 {rows} 项，共 {len(whole)} 项" in page
    (end,) = re.findall(r'href="([^"]+)">最后一页', page)
    assert f"第 {len(whole) - rows + 1} 至 {len(whole)} 项" in (await browser.get(html.unescape(end))).text
    back = await _walked(browser, html.unescape(end), "prev")
    assert [row for rows in reversed(back) for row in rows] == whole


async def _some_go_out(fresh: Browsers) -> None:
    outbox = fresh.office.office.records.outbox
    await outbox.settle(await outbox.claim(OWN, f"{OWN}/1", NOW), NOW)


async def _walked(browser: Browser, address: str, way: str) -> list[list[str]]:
    """The rows of each page, as long as a link leads on."""
    found: list[list[str]] = []
    while address:
        page = (await browser.get(address)).text
        table = page[page.rindex("<tbody>") :] if "<tbody>" in page else ""
        found.append(re.findall(r"<tr>.*?</tr>", table, re.DOTALL))
        links = re.findall(rf'rel="{way}" href="([^"]+)"', page)
        address = html.unescape(links[0]) if links else ""
    return found


async def test_what_is_opened_between_two_pages_of_unread_papers_hides_no_other(
    fresh: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each paper of a page is opened, then the next page is asked for: all have been seen in the end."""
    monkeypatch.setattr("entrypoints.desk.papers.ROWS", 1)
    await _some_go_out(fresh)
    browser = await fresh.of("own")
    whole = {each for rows in await _walked(browser, "/papers", "next") for each in _opened(rows)}
    address, seen = "/papers?unread=1", list[str]()
    while address:
        page = (await browser.get(address)).text
        links = re.findall(r'rel="next" href="([^"]+)"', page)
        for paper in _opened([page]):
            seen.append(paper)
            await browser.get(paper)
        address = html.unescape(links[0]) if links else ""
    assert sorted(seen) == sorted(whole)
    assert len(whole) > 1


def _opened(pages: list[str]) -> list[str]:
    return [html.unescape(each) for page in pages for each in re.findall(r'href="(/papers/one\?[^"]+)"', page)]


@pytest.mark.parametrize(
    "address", ["/register?sort=light&after=<script>alert(1)", "/mine?before=x y z", "/coming?after=<script>alert(1)"]
)
async def test_what_is_no_page_of_a_list_is_refused_in_a_sentence(fresh: Browsers, address: str) -> None:
    """An address that somebody made is answered with where to begin."""
    browser = await fresh.of("own" if "mine" in address else "operator")
    answer = await browser.get(address)
    assert answer.status_code == 400
    assert "不是这张清单里的位置" in answer.text
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("place", ["after=2099-01", "before=2001-01"])
async def test_a_page_from_which_all_rows_went_leads_to_the_first_one(fresh: Browsers, place: str) -> None:
    """Nothing behind the place, or nothing before it: it is said, and nobody is left there."""
    page = (await (await fresh.of("operator")).get(f"/register?sort=project&{place}")).text
    assert "这一页上没有了" in page
    assert 'href="/register?sort=project">第一页' in page
