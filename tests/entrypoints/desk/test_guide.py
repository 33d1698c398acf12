"""The desk says how it is used: each role's work, with the pages where it is done."""

from __future__ import annotations

import re

import pytest

from entrypoints.desk.guide import CHAPTERS, Chapter
from entrypoints.desk.pages import PAGES
from entrypoints.desk.routing import Page
from tests.entrypoints.desk.catalogue import sentences
from tests.entrypoints.desk.conftest import Browsers
from tests.entrypoints.desk.small_office import PEOPLE

MENU = {page.path: page for page in PAGES if page.menu}


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.title)
def test_every_page_of_a_role_s_menu_has_its_step_and_no_other_page(chapter: Chapter) -> None:
    """A page that joins the menu fails here until the guide says what it is for."""
    told = {step.page for step in chapter.steps}
    assert told == {path for path, page in MENU.items() if _belongs(page, chapter)}


def _belongs(page: Page, chapter: Chapter) -> bool:
    """Whether a page is in the menu of those whose chapter it is."""
    if isinstance(page.who, str) or isinstance(chapter.who, str):
        return page.who == chapter.who
    return bool(page.who & chapter.who)


def test_what_the_guide_quotes_stands_on_the_desk() -> None:
    """A name in quotes is one that the reader finds in the menu or on a page."""
    known = sentences()
    quoted = {name for chapter in CHAPTERS for step in chapter.steps for name in re.findall("“(.*?)”", step.words)}
    assert quoted
    assert quoted <= known.keys()


@pytest.mark.parametrize("account", PEOPLE)
async def test_everybody_reads_what_is_his_first_with_links_that_open(seen: Browsers, account: str) -> None:
    """Each link of a person's own chapters answers him; the others' work stands there without links."""
    browser = await seen.of(account)
    page = (await browser.get("/guide")).text
    own = page.partition("<details>")[0].partition("<main")[2]
    links = set(re.findall(r'<a class="nowrap" href="([^"]+)">', own))
    assert links
    assert not re.findall(r"<a ", page.partition("<details>")[2].partition("</details>")[0])
    for link in links - {"/keys"}:  # this office gives nobody a key
        assert (await browser.get(link)).status_code == 200, link
