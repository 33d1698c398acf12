"""Generated over all pages and acts: nothing that comes in becomes a part of a page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

import pytest

from entrypoints.desk.act_forms import ActForm, act_forms
from entrypoints.desk.pages import PAGES
from entrypoints.desk.paging import PAGING
from entrypoints.desk.routing import Page
from tests.entrypoints.desk.conftest import Browsers
from tests.entrypoints.desk.small_office import PEOPLE
from tests.entrypoints.desk.test_access import path_of

NASTY: Final = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}\r\nX-Evil: 1'; DROP TABLE entry; --"
RAW: Final = ("<script>alert", "<img src=x", "49\r\nX-Evil")
DESK: Final = Path(__file__).parents[3] / "entrypoints" / "desk"
SHOWN: Final = [page for page in PAGES if page.method == "GET"]


def who_may(page: Page) -> str:
    """An account of somebody who may see a page."""
    if page.who in ("everybody", "signed_in"):
        return "operator"
    return next(account for account, (_, roles, _) in PEOPLE.items() if set(roles) & set(page.who))


def asked_for() -> list[str]:
    """Every name that a page reads out of an address, as the desk's own text has it; the places of its rows are refused
    as a whole where they are none (`test_times_and_offers.py`)."""
    text = "".join(path.read_text(encoding="utf-8") for path in DESK.glob("*.py"))
    return sorted(set(re.findall(r'params\.get(?:list)?\("(\w+)"', text)) - set(PAGING))


def must_be_clean(text: str, about: str) -> None:
    """Nothing of what came in stands in a page as it came."""
    for raw in RAW:
        assert raw not in text, about


@pytest.mark.parametrize("page", SHOWN, ids=lambda page: page.path)
async def test_no_part_of_an_address_becomes_a_part_of_a_page(seen: Browsers, page: Page) -> None:
    """All names that any page knows, all with markup, a header and SQL in them: no page fails or shows them raw."""
    browser, names = await seen.of(who_may(page)), asked_for()
    assert {"department", "light"} <= set(names)
    answer = await browser.get(f"{path_of(page)}?{urlencode(dict.fromkeys(names, NASTY))}")

    assert answer.status_code < 500
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        must_be_clean(answer.text, page.path)
    assert "X-Evil" not in answer.headers


def values_of(form: ActForm, *, nasty: bool) -> dict[str, str]:
    """What somebody fills in: markup wherever he writes; whether the rest is plausible is said."""
    plausible = {"day": "2018-07-01", "number": "1", "yes": "yes", "department": "教务处", "names": f"{NASTY}、教务处"}
    return {
        each.name: NASTY
        if nasty or each.kind == "text"
        else (each.choices[0][0] if each.choices else plausible.get(each.kind, NASTY))
        for each in form.fields
        if each.kind != "files"
    }


@pytest.mark.parametrize("nasty", [True, False], ids=["everywhere", "in the words alone"])
async def test_no_field_of_any_act_becomes_a_part_of_a_page(fresh: Browsers, nasty: bool) -> None:
    """Each act's form filled with markup, given or refused: neither its answer nor any page after has it raw."""
    own, operator, auditor = await fresh.of("own"), await fresh.of("operator"), await fresh.of("auditor")
    given = 0
    for number, form in enumerate(act_forms().values()):
        values = values_of(form, nasty=nasty) | {"request_id": f"desk-{number}", "milestone": "2018-05a-02"}
        files = {"evidence": (f"{NASTY}.txt", NASTY.encode(), "text/html")} if number % 2 else None
        browser, path = (
            (own, f"/duties/2018-05a-02/{form.path}")
            if form.of_a_department
            else (operator, f"/projects/2018-05a/acts/{form.path}")
        )
        answer = await browser.post(path, values, files=files)
        assert answer.status_code in (303, 400, 404), (form.path, answer.status_code)
        must_be_clean(answer.text, form.path)
        given += answer.status_code == 303
    assert given > (0 if nasty else 3)
    for who, path in (
        (own, "/duties/2018-05a-02"),
        (own, "/today"),
        (operator, "/projects/2018-05a"),
        (operator, "/projects/2018-05a/milestones/2018-05a-02"),
        (operator, "/waiting"),
        (operator, f"/register?text={quote(NASTY)}"),
        (auditor, "/events"),
    ):
        page = await who.get(path)
        assert page.status_code in (200, 404), path  # one of the acts may have given the duty to somebody else
        must_be_clean(page.text, path)


def page_with(path: str) -> Page:
    """The page that has a table: of the table's own address, or of the one above it."""
    return next(page for named in (path, path.rpartition("/")[0]) for page in SHOWN if page.path == named)
