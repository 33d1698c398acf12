"""A form may be a minute on its way: what was ended meanwhile gives no act, and strangers send no files."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from urllib.parse import urlencode

import pytest

from application.settings import load_settings
from domain.acts.commands import AnyCommand, CommandOutcome
from domain.ids import ProjectId
from entrypoints.desk.guards import FORM_BYTES
from entrypoints.desk.pages import PAGES
from entrypoints.desk.routing import taking_files
from tests.entrypoints.desk.conftest import Browser, Browsers, hidden

_FORM = "/duties/2018-05a-02/report-progress"
_WRITTEN = "登录退出之后才送到的进展"


def _no_login(browsers: Browsers) -> None:
    browsers.office.door.sessions.clear()


def _no_role(browsers: Browsers) -> None:
    people = browsers.office.door.people
    people["own"] = people["own"].model_copy(update={"roles": (), "departments": ()})


def _other_department(browsers: Browsers) -> None:
    people = browsers.office.door.people
    people["own"] = people["own"].model_copy(update={"departments": ("与此无关的部门",)})


@pytest.mark.parametrize(
    ("ends", "status", "told"),
    [(_no_login, 401, "没有登录"), (_no_role, 403, "不归您的角色"), (_other_department, 404, "不归您办理")],
    ids=["the login", "the role", "the department"],
)
async def test_what_ends_while_a_form_is_on_its_way_gives_no_act(
    fresh: Browsers, ends: Callable[[Browsers], None], status: int, told: str
) -> None:
    """Begun under a login that holds, and sent to its end when it holds no more: nothing is done, and he is told."""
    own = await fresh.of("own")
    before = len(list(fresh.office.office.records.ledger.entries()))
    page = await own.get(_FORM)
    fields = {name: hidden(page, name) for name in ("csrf", "request_id", "seen")}
    body = urlencode({**fields, "text": _WRITTEN}).encode()

    async def slowly() -> AsyncIterator[bytes]:
        yield body[:10]
        ends(fresh)
        yield body[10:]

    kind = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
    answer = await own.client.post(_FORM, content=slowly(), headers={**own.headers, **kind})

    assert (answer.status_code, told in answer.text) == (status, True)
    assert len(list(fresh.office.office.records.ledger.entries())) == before


@pytest.mark.parametrize("ends", [_no_login, _no_role, _other_department])
async def test_who_was_let_out_before_he_sent_his_form_has_his_words_back(
    fresh: Browsers, ends: Callable[[Browsers], None]
) -> None:
    """A login, a role or a department that ended while he wrote: no page has what he wrote any more."""
    own = await fresh.of("own")
    page = await own.get(_FORM)
    ends(fresh)
    answer = await own.post(_FORM, {**{name: hidden(page, name) for name in ("csrf", "seen")}, "text": _WRITTEN})
    assert answer.status_code in (401, 403, 404)
    assert _WRITTEN in answer.text


async def test_of_many_acts_none_is_given_after_the_login_ended(
    fresh: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last of a hundred comes a minute after the first: what was not given yet when he was let out is not given."""
    operator, command = await fresh.of("operator"), fresh.office.engine.command

    async def and_out(project_id: ProjectId, given: AnyCommand) -> CommandOutcome:
        outcome = await command(project_id, given)
        fresh.office.door.sessions.clear()
        return outcome

    monkeypatch.setattr(fresh.office.engine, "command", and_out)
    values = {"act": "urge", "item": ["2018-05a-01", "2018-06-01"], "reason": "请抓紧"}
    done = await operator.post("/many", values)

    assert "2 个中有 1 个没有办成" in done.text
    assert "登录已经结束，没有办理" in done.text


async def test_nobody_sends_files_who_need_not_be_anybody(seen: Browsers) -> None:
    """Of what strangers may send, nothing is kept that is larger than a form; whoever acts has room for his files."""
    open_to_all = {page.path for page in PAGES if page.method == "POST" and page.who == "everybody"}
    files, stranger = {"evidence": ("a.bin", b"0" * (FORM_BYTES + 1), "text/plain")}, seen.new()
    for path in open_to_all:
        assert (await stranger.post(path.replace("{link}", "x"), {}, files=files)).status_code == 413, path
    assert load_settings().evidence_megabytes > 1
    assert taking_files(PAGES)(_FORM)
    assert await _refused_for_another_reason(await seen.of("own"), files)


async def _refused_for_another_reason(browser: Browser, files: object) -> bool:
    answer = await browser.post(_FORM, {"text": ""}, files=files)
    return answer.status_code == 400 and "有需要改正的地方" in answer.text
