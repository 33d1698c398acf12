"""What stands beside a chart, a prepared act and what waits: only what is so, and only what answers it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from domain.acts import commands as c
from domain.ports.register_lines import MatterRow
from entrypoints.bootstrap import engine_now
from entrypoints.desk.waiting import answers_to
from tests.entrypoints.desk.conftest import Browsers
from tests.entrypoints.desk.small_office import healthy, with_one_who_left
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


@pytest.mark.parametrize("module", ["register", "mine"])
async def test_a_reader_hears_that_a_list_moved_between_two_pages(
    fresh: Browsers, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    """The next page begins behind the row with which the last one ended; where another stands there, it is said."""
    monkeypatch.setattr(f"entrypoints.desk.{module}.ROWS", 1)
    browser = await fresh.of("operator" if module == "register" else "own")
    first = (await browser.get(f"/{module}")).text
    (following,) = re.findall(r'rel="next" href="([^"]+)"', first)
    following = following.replace("&amp;", "&")
    page = (await browser.get(following)).text
    assert "翻页之间清单有变动" not in page
    moved = re.sub("seen=[^&]+", "seen=another", following)
    assert moved != following
    page = (await browser.get(moved)).text
    assert "翻页之间清单有变动" in page
    assert f'href="/{module}">回到第一页' in page
