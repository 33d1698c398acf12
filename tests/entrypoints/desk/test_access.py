"""The access matrix, made from the table of pages: who gets what, signed in as whom, and with which session."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from urllib.parse import quote

import pytest
import pytest_asyncio

from entrypoints.desk.guards import FORM_BYTES, STRANGERS_BYTES
from entrypoints.desk.pages import PAGES
from entrypoints.desk.routing import Page
from tests.entrypoints.desk.conftest import Browser, Browsers, hidden
from tests.entrypoints.desk.small_office import PEOPLE
from tests.entrypoints.desk.test_next_pages import links_of

VALUES: Mapping[str, str] = {
    "{project_id}": "2018-05a",
    "{milestone_id}": "2018-05a-02",
    "{act}": "report-progress",
    "{sha256}": "0" * 64,
    "{seq:int}": "1",
    "{link}": "no-such-link",
    "{identity}": "no-such-message",
    "{person_id}": "P0001",
    "{department_id}": "D0001",
    "{name}": "nothing.css",
    "{key}": "no-such-key",
    "{number}": "no-such-number",
    "{number:int}": "1",
    "{secret}": "no-such-secret",
    "{ending}": "yaml",
    "{figure}": "docketed",
}
SIGNED_IN = [page for page in PAGES if page.who != "everybody"]


@pytest_asyncio.fixture(scope="module")
async def signed_in(seen: Browsers) -> Mapping[str, Browser]:
    """Everybody, each signed in once."""
    return {account: await seen.of(account) for account in PEOPLE}


def path_of(page: Page) -> str:
    """A page's address with values in it."""
    path = page.path.replace("{act}", "urge") if page.path.startswith("/projects") else page.path
    for name, value in VALUES.items():
        path = path.replace(name, value)
    assert "{" not in path, f"{page.path} has a value that the matrix does not know"
    return path


def name_of(page: Page) -> str:
    """A page as the matrix names it."""
    return f"{page.method} {page.path}"


def test_every_page_stands_once_in_the_matrix() -> None:
    """No two pages have the same address and method, and whoever may see one is a role that somebody here has."""
    names = [name_of(page) for page in PAGES]
    assert len(names) == len(set(names))
    roles = {role for _name, held, _departments in PEOPLE.values() for role in held}
    for page in SIGNED_IN:
        assert page.who == "signed_in" or set(page.who) & roles, name_of(page)
    assert {name_of(page) for page in PAGES if page.who == "everybody"} == {
        "GET /sign-in",
        "POST /sign-in",
        "GET /set-up/{link}",
        "POST /set-up/{link}",
        "GET /sign-in/key",
        "POST /sign-in/key",
        "POST /sign-in/key/begin",
        "GET /sign-in/elsewhere",
        "GET /sign-in/elsewhere/back",
        "POST /language",
        "GET /static/{name}",
        "GET /favicon.ico",
        "GET /alive",
        "GET /feeds/{secret}.ics",
    }


@pytest.mark.parametrize("account", [account for account in PEOPLE if account != "nobody"])
async def test_a_menu_begins_with_the_page_on_which_one_arrives(signed_in: Mapping[str, Browser], account: str) -> None:
    """What somebody looks at each morning stands first, and not what he appoints or sets up once a year."""
    home = (await signed_in[account].get("/")).headers["location"]
    menu = (await signed_in[account].get(home)).text.partition("<nav")[2]
    assert re.findall(r'href="([^"]+)"', menu)[0] == home


@pytest.mark.parametrize("page", SIGNED_IN, ids=name_of)
async def test_a_page_answers_its_roles_and_nobody_else(signed_in: Mapping[str, Browser], page: Page) -> None:
    """403 where the page is not a role's own, and never where it is; without a form's token nothing is done."""
    for account, (_name, roles, _departments) in PEOPLE.items():
        browser = signed_in[account]
        path = path_of(page)
        if page.method == "GET":
            answer = await browser.get(path)
        else:
            answer = await browser.client.post(path, data={}, headers=browser.headers)
        mine = page.who == "signed_in" or bool(set(page.who) & set(roles))
        if not mine:
            assert answer.status_code == 403, (account, name_of(page))
            assert "不归您的角色" in answer.text
        elif page.method == "POST":
            assert answer.status_code == 403
            assert "表单已经过期" in answer.text
        else:
            assert answer.status_code != 403, (account, name_of(page))
            assert answer.status_code < 500


@pytest.mark.parametrize("page", SIGNED_IN, ids=name_of)
async def test_without_a_living_session_nobody_gets_anything(seen: Browsers, page: Page) -> None:
    """No session, an unknown one, one that was ended: to the login, or 401 where something was sent."""
    nobody, stranger, gone = seen.new(), seen.new(), await seen.of("operator")
    stranger.client.cookies.set("duban-session", "not-a-session", domain="127.0.0.1")
    seen.office.door.sessions.clear()
    for browser in (nobody, stranger, gone):
        path = path_of(page)
        if page.method == "GET":
            answer = await browser.get(path)
            assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/sign-in")
        else:
            assert (await browser.client.post(path, data={}, headers=browser.headers)).status_code == 401


@pytest.mark.parametrize("anew", ["", "operator", "own"], ids=["ended", "another session", "another person"])
@pytest.mark.parametrize("file", [b"", b"%PDF" * STRANGERS_BYTES], ids=["words alone", "a large file"])
async def test_what_was_written_is_given_back_where_a_session_ended_meanwhile(
    seen: Browsers, file: bytes, anew: str
) -> None:
    """The answer has the words for copying, escaped, and the way to the same form; files are not waited for."""
    browser = await seen.of("operator")
    path = "/projects/2018-05a/acts/urge?milestone=2018-05a-02"
    page = await browser.get(path)
    given = {"csrf": hidden(page, "csrf"), "reason": "<b>写了\n很久的理由", "password": "never shown"}
    seen.office.door.sessions.clear()
    if anew:
        await browser.sign_in(anew)
    files = {"evidence": ("稿.pdf", file)} if file else None
    answer = await browser.client.post(f"{path}&sent=1", data=given, files=files, headers=browser.headers)
    assert answer.status_code == (403 if anew else 401)
    assert "readonly>\n&lt;b&gt;写了\n很久的理由</textarea>" in answer.text
    assert "never shown" not in answer.text
    if anew == "operator":
        assert links_of(answer.text) == {path: "回到刚才的页面"}
    if not anew:
        there = f"/sign-in?next={quote(path, safe='')}"
        assert html.escape(there) in answer.text
        large = {"reason": "字" * FORM_BYTES}
        assert "<textarea" not in (await browser.client.post(path, data=large, headers=browser.headers)).text


async def test_a_department_gets_nothing_of_another_one_under_any_identity(seen: Browsers) -> None:
    """Every project, milestone, event and act, asked for by one department: only its own duties answer."""
    browser = await seen.of("own")
    allowed, refused = 0, 0
    for project_id, own in (("2018-05a", True), ("2018-06", True), ("2018-07", False), ("2018-99", False)):
        for ordinal in ("01", "02", "03", "04"):
            milestone = f"{project_id}-{ordinal}"
            mine = own and ordinal != "04"
            for path in (f"/duties/{milestone}", f"/duties/{milestone}/report-progress"):
                answer = await browser.get(path)
                assert answer.status_code == (200 if mine else 404), path
                allowed, refused = allowed + mine, refused + (not mine)
            other = await browser.get(f"/duties/{milestone}?department=教务处")
            assert other.status_code == 404
            posted = await browser.post(f"/duties/{milestone}/urge", {"reason": "x"})
            assert posted.status_code == 404
        for path in (f"/projects/{project_id}", f"/projects/{project_id}/acts/urge"):
            assert (await browser.get(path)).status_code == 403
    for seq in range(12):
        assert (await browser.get(f"/confirmations/2018-07/{seq}")).status_code == 404
    assert (allowed, refused) == (12, 20)


async def test_a_participant_reads_nothing_of_what_another_department_was_late_with(seen: Browsers) -> None:
    """What the lead had to sign, was reminded of and missed stands on the lead's page alone."""
    lead, participant = await seen.of("own"), await seen.of("other")
    for said in ("签收时限：组织部", "提醒组织部：签收", "组织部超时", "上报组织部主要负责人"):
        assert said in (await lead.get("/duties/2018-05a-01")).text
        assert said not in (await participant.get("/duties/2018-05a-01")).text
    assert "宣传部超时" in (await participant.get("/duties/2018-05a-01")).text


async def test_what_a_department_sees_names_no_other_department_s_doings(fresh: Browsers) -> None:
    """Two departments report on one milestone: the lead sees both, the participant its own alone."""
    lead, participant = await fresh.of("own"), await fresh.of("other")
    await lead.post("/duties/2018-05a-02/report-progress", {"text": "牵头部门的进展", "request_id": "desk-1"})
    await participant.post("/duties/2018-05a-02/report-progress", {"text": "参与部门的进展", "request_id": "desk-2"})
    seen_by_lead = (await lead.get("/duties/2018-05a-02")).text
    seen_by_participant = (await participant.get("/duties/2018-05a-02")).text
    assert "牵头部门的进展" in seen_by_lead
    assert "参与部门的进展" in seen_by_lead
    assert "参与部门的进展" in seen_by_participant
    assert "牵头部门的进展" not in seen_by_participant
