"""A refusal links the page that its reader opens next: there is such a page, he may open it, and it answers."""

from __future__ import annotations

import html
import re
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from domain.acts.rejections import NotYourDutyError
from domain.errors import DubanError
from entrypoints.desk import events
from entrypoints.desk.next_pages import next_page
from entrypoints.desk.pages import PAGES
from entrypoints.next_steps import NEXT_STEPS
from tests.entrypoints.desk.conftest import Browsers
from tests.entrypoints.desk.small_office import PEOPLE, stood_in_for

DESK: Final = Path(__file__).parents[3] / "entrypoints" / "desk"
TELLS_ITSELF: Final = frozenset({"visits.py", "openness.py"})
"""Where the mechanism is, and where an act's reason is kept with its refusal."""
KNOWN: Final = {"project_id": "2018-05a", "milestone_id": "2018-05a-02"}
LINKED: Final = sorted({opened.page for step in NEXT_STEPS.values() for opened in step.pages})
_NEXT: Final = re.compile(r'<p class="next">(.*?)</p>', re.DOTALL)


def links_of(page: str) -> dict[str, str]:
    """The links that stand under a refusal, by their addresses."""
    found = _NEXT.search(page)
    return (
        {html.unescape(to): word for to, word in re.findall(r'<a href="([^"]+)">([^<]+)</a>', found[1])}
        if found
        else {}
    )


@pytest.mark.parametrize("page", LINKED)
async def test_a_page_that_is_linked_opens_for_whom_it_is_linked(seen: Browsers, page: str) -> None:
    """For each rule and role: the link is left out, or its page answers; somebody has it."""
    await stood_in_for(seen.office.office, KNOWN["project_id"])
    opened = set()
    for account, (_name, roles, _of) in PEOPLE.items():
        for rule in (rule for rule, step in NEXT_STEPS.items() if page in [each.page for each in step.pages]):
            step = next_page(refused_by(rule), KNOWN, partial(_may_open, roles))
            if step is not None and _fits(page.partition("?")[0], step[1].partition("?")[0]):
                opened.add((account, step[1]))
    assert opened
    for account, address in opened - {(account, "/keys") for account in PEOPLE}:  # this office gives nobody a key
        assert (await (await seen.of(account)).get(address)).status_code == 200, (account, address)


def refused_by(rule: str) -> DubanError:
    """A refusal of a rule."""
    error = DubanError("x")
    error.rule = rule
    return error


def _may_open(roles: tuple[str, ...], address: str) -> bool:
    path = address.partition("?")[0]
    fitting = next((each for each in PAGES if each.method == "GET" and _fits(each.path, path)), None)
    return fitting is not None and (isinstance(fitting.who, str) or bool(set(fitting.who) & set(roles)))


def _fits(template: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(template)), path) is not None


@pytest.mark.parametrize(("language", "word"), [("zh", "打开待裁定"), ("en", "Open what waits for a ruling")])
async def test_who_may_not_strike_off_is_led_to_where_another_one_does(
    fresh: Browsers, language: str, word: str
) -> None:
    """The second person's page, in the reader's language, at the top with the refusal."""
    own, first = await fresh.of("own"), await fresh.of("operator")
    await own.post("/duties/2018-05a-01/request-completion", {"text": "已完成", "done_on": "2018-05-30"})
    about = {"milestone": "2018-05a-01"}
    await first.post("/projects/2018-05a/acts/accept-completion", about)
    await first.post("/language", {"language": language, "here": "/"})
    refused = await first.post("/projects/2018-05a/acts/strike-off", about)
    assert refused.status_code == 400
    assert links_of(refused.text) == {"/waiting": word}
    assert refused.text.index('<p class="next">') < refused.text.index("<h1>")


async def test_an_act_that_is_closed_links_what_opens_it(seen: Browsers) -> None:
    """Its own form says why it cannot be given now, and links the act that comes before it."""
    page = (await (await seen.of("operator")).get("/projects/2018-05a/acts/strike-off?milestone=2018-05a-02")).text
    assert "/projects/2018-05a/acts/accept-completion?milestone=2018-05a-02" in links_of(page)


async def test_a_department_is_led_to_its_own_pages_alone(fresh: Browsers) -> None:
    """Signed already: its duty, not the section's page of it."""
    own = await fresh.of("own")
    assert (await own.post("/duties/2018-05a-02/sign-receipt")).status_code == 303
    again = await own.get("/duties/2018-05a-02/sign-receipt")
    assert links_of(again.text) == {"/duties/2018-05a-02": "打开这项任务"}


async def test_a_refusal_on_a_page_of_its_own_links_too(seen: Browsers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no form to go back to, the link is all there is."""
    monkeypatch.setattr(events, "MOST_ROWS", 7)
    assert links_of((await (await seen.of("operator")).get("/events.csv")).text) == {"/events": "打开事件，先筛选"}


def test_no_link_is_made_of_what_is_not_known_or_of_what_somebody_wrote() -> None:
    """A place without a value leaves the page out; a value is one part of an address and no more."""
    error = NotYourDutyError(by="组织部", project_id="2018-05a", milestone_id=None)
    assert next_page(error, {}, lambda _: True) == ("打开这个项目", "/projects/2018-05a")
    hostile = NotYourDutyError(by="组织部", project_id="../x?y=//evil.example", milestone_id=None)
    assert next_page(hostile, {}, lambda _: True) == (
        "打开这个项目",
        "/projects/..%2Fx%3Fy%3D%2F%2Fevil.example",
    )
    assert next_page(DubanError("x"), KNOWN, lambda _: True) is None


def test_every_page_tells_its_refusals_by_the_one_mechanism() -> None:
    """No page takes a refusal's words without its link, and one template alone draws it."""
    bare = [path.name for path in sorted(DESK.glob("*.py")) if "error.text" in path.read_text(encoding="utf-8")]
    assert set(bare) <= TELLS_ITSELF
    drawn = [path.name for path in (DESK / "templates").glob("*.html") if 'class="next"' in path.read_text("utf-8")]
    assert drawn == ["parts.html"]
