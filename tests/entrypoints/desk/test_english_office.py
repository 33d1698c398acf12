"""An office that works in English, with an English list and English names: what it sees, and how its people come in."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from application.accounts.signing_in import Entered, Knock
from application.office.directory import directory_of
from domain.directory.ids import DirectoryRole
from domain.directory.signed_in import SignedIn
from domain.project import KeyProject
from entrypoints.desk.accounts_door import AccountsDoor
from entrypoints.desk.app import desk_application
from tests.domain.samples import at, key_project, milestone
from tests.entrypoints.desk.conftest import Browsers
from tests.entrypoints.desk.small_office import SmallOffice, small_office, with_one_who_left
from tests.entrypoints.desk.test_words_of_pages import ADDRESSES, words_of

OWN, OTHER = "Public Works Department", "Parks Department"
_CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_TO_CHINESE = '<button class="plain" name="language" value="zh" lang="zh-CN">中文</button>'
_ASKED = {"组织部", "宣传部"}
"""The department that an address asks about, and that this office does not have."""
_PEOPLE: dict[str, tuple[str, tuple[DirectoryRole, ...], tuple[str, ...]]] = {
    "own": ("Ann", ("department",), (OWN,)),
    "other": ("Amy", ("department",), (OTHER,)),
    "operator": ("Ben", ("operator",), ()),
    "second": ("Bob", ("operator",), ()),
    "auditor": ("Cleo", ("auditor",), ()),
    "administrator": ("Dan", ("administrator",), ()),
    "leader": ("Eve", ("principal_leader",), ()),
}


def _project(project_id: str, lead: str, *participants: str) -> KeyProject:
    made = [
        milestone(1, at("05-31").date(), project_id=project_id),
        milestone(2, at("09-28").date(), starts_on=at("05-01").date(), project_id=project_id),
        milestone(3, at("06-08").date(), project_id=project_id),
    ]
    called = ("Publish the tender", "Award the contract", "Open the first kilometre")
    named = tuple(each.model_copy(update={"description": words}) for each, words in zip(made, called, strict=True))
    project = key_project(named, project_id=project_id, lead=lead)
    return project.model_copy(
        update={
            "title": "Extend the promenade",
            "main_content": "",
            "participating_departments": participants,
            "schedule_text": "May: publish the tender; September: award the contract; June: open the first kilometre",
        }
    )


def _projects() -> tuple[KeyProject, ...]:
    return _project("2018-05a", OWN, OTHER), _project("2018-06", OTHER, OWN)


async def _office(office: SmallOffice) -> Browsers:
    for account, (name, roles, departments) in _PEOPLE.items():
        office.door.person(account, name, *roles, departments=departments)
    await office.take(*_projects())
    await office.office.register.follow()
    return Browsers(office, desk_application(office.office, office.door, office.accounts))


@pytest_asyncio.fixture(scope="module")
async def english(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browsers]:
    """An English office that is only looked at."""
    folder = tmp_path_factory.mktemp("english")
    with small_office(folder, paper_language="en", issuer="Supervision Office") as office:
        yield await _office(office)


@pytest.mark.parametrize("account", _PEOPLE)
async def test_no_page_of_an_english_office_has_anything_chinese(english: Browsers, account: str) -> None:
    """No character and no mark: also where names stand side by side, and in what the ladder's posts are called."""
    browser = await english.of(account)
    await browser.post("/language", {"language": "en", "here": "/"})
    left = set()
    for path in ADDRESSES:
        answer = await browser.get(path)
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            page = answer.text.replace(_TO_CHINESE, "")
            left |= {(path, line) for line in words_of(page) if _CHINESE.search(line) and line not in _ASKED}
            assert 'lang="zh-CN"' not in page, path
    assert left == set()


class _RealAccounts(AccountsDoor):
    """The door in memory, with accounts that are opened as they are."""

    def __init__(self, office: SmallOffice) -> None:
        assert office.office.attestor is not None
        super().__init__(office.accounts, office.office.attestor(), lambda: office.now)
        self._memory = office.door

    async def session_of(self, secret: str) -> SignedIn | None:
        return await self._memory.session_of(secret)

    async def sign_in(self, account: str, password: str, knock: Knock) -> Entered:
        return await self._memory.sign_in(account, password, knock)


async def test_an_account_is_opened_with_its_person_or_nobody_is(tmp_path: Path) -> None:
    """A department with blanks in its name gets a login; one that nobody writes so takes no person in."""
    with small_office(tmp_path) as office:
        browsers = await _office(office)
        browsers.app = desk_application(office.office, _RealAccounts(office), office.accounts)
        await with_one_who_left(office)
        browser = await browsers.of("administrator")
        answer = await browser.post("/directory/departments")
        assert answer.status_code == 200, answer.text
        assert {"Parks-Department", "Public-Works-Department"} <= set(words_of(answer.text))
        assert "还没有人能替它们登录办理" not in answer.text

        async def persons() -> set[str]:
            return set((await directory_of(office.office.records)).persons)

        before = await persons()
        for account in ("two words", "OS:li", "PARKS-department", "x" * 121):
            given = {"name": "Fay", "role": "auditor", "account": account}
            assert (await browser.post("/directory/persons", given)).status_code == 400, account
            assert await persons() == before
        answer = await browser.post("/directory/persons/P0006/accounts", {"account": "two words"})
        assert "不能含空格" in answer.text
