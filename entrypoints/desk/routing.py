"""The table of pages: where each is, who may ask for it, what answers. The access matrix is made from it."""

from __future__ import annotations

import re
import traceback
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import cache, partial
from typing import Final, Literal, NamedTuple
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message, Receive

from application.desk_work.by_two import NothingPreparedError
from application.desk_work.draft_plans import NoDraftError
from application.log_lines import log_lines
from domain.directory.ids import IN_A_DEPARTMENT, DirectoryRole
from domain.errors import (
    DubanError,
    EngineUnreachableError,
    InputError,
    LedgerUnavailableError,
    ProjectBusyError,
    ProjectUnavailableError,
)
from domain.record.erasures import ErasedFileError, LostFileError
from entrypoints.desk.act_forms import act_forms
from entrypoints.desk.guards import STRANGERS_BYTES, BodyTooLargeError, BodyTooSlowError
from entrypoints.desk.languages import later as _
from entrypoints.desk.visits import (
    Desk,
    FormTooOldError,
    NotFoundError,
    RepeatedFieldError,
    Visit,
    keep_cookies,
    recognise,
    visit_of,
)

Answer = Callable[[Visit], Awaitable[Response]]
Everybody = Literal["everybody", "signed_in"]
OFFICE: Final[frozenset[DirectoryRole]] = frozenset({"operator"})
READERS: Final[frozenset[DirectoryRole]] = frozenset({"operator", "auditor", "leader_in_charge", "principal_leader"})
AUDITORS: Final[frozenset[DirectoryRole]] = frozenset({"auditor"})
LOOKERS: Final[frozenset[DirectoryRole]] = frozenset({"operator", "auditor"})
DEPARTMENTS: Final[frozenset[DirectoryRole]] = frozenset({"department"})
MEMBERS: Final = IN_A_DEPARTMENT
"""Those who read what concerns a department of theirs, whether they may act for it or not."""
STAND_INS: Final[frozenset[DirectoryRole]] = frozenset({"deputy"})
"""Those who act for persons of the supervision section, in the projects in which these have appointed them."""
ADMINISTRATORS: Final[frozenset[DirectoryRole]] = frozenset({"administrator"})
UNREADABLE: Final = _("请求无法读取，没有办理：请重新打开页面再试。")
_UNREAD: Final[dict[type[Exception], tuple[int, str]]] = {
    BodyTooLargeError: (413, _("请求的内容太大，没有接收：请压缩或拆分后重试。")),
    BodyTooSlowError: (408, _("请求的内容没有及时送达：请检查网络后重试。")),
}
_STATUS: Final[tuple[tuple[type[DubanError], int], ...]] = (
    (FormTooOldError, 403),
    (NoDraftError, 404),
    (NothingPreparedError, 404),
    (ErasedFileError, 404),
    (LostFileError, 404),
    (InputError, 400),
    (EngineUnreachableError, 503),
    (LedgerUnavailableError, 503),
    (ProjectBusyError, 503),
    (DubanError, 409),
)
"""The status of an answer by the kind of what is refused, the nearest kind first."""
_NOT_NOW: Final[tuple[tuple[type[DubanError], str], ...]] = (
    (
        EngineUnreachableError,
        _("后台暂时没有应答：请过几分钟把同一页再打开或再提交一次，再提交不会重复办理；仍不行请告诉管理员。"),
    ),
    (ProjectUnavailableError, _("这个项目暂时办不了，其他项目照常：请过几分钟再试；仍不行请告诉督查室。")),
)
"""What those who cannot mend it are told of what does not work at the moment, without the shell's commands."""
_DEPTH: Final = 6
_log = log_lines("duban.desk")


class Page(NamedTuple):
    """One page: its path, the method, who may ask for it, and what answers; `menu` is its word in the menu."""

    path: str
    answer: Answer
    who: frozenset[DirectoryRole] | Everybody
    method: Literal["GET", "POST"] = "GET"
    menu: str | None = None


def routes(desk: Desk, pages: Sequence[Page]) -> list[Route]:
    """The routes of an application: each page answers only those whose it is."""
    menu = [page for page in pages if page.menu]
    opened = [(_address(page), page) for page in pages if page.method == "GET"]
    return [Route(page.path, _endpoint(desk, page, menu, opened), methods=[page.method]) for page in pages]


def _address(page: Page) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(page.path)))


def page_above(path: str, pages: Sequence[Page]) -> str:
    """The nearest page above an address where a form is sent: that of the form, as a rule."""
    shown = [_address(page) for page in pages if page.method == "GET"]
    while path and not any(pattern.fullmatch(path) for pattern in shown):
        path = path.rpartition("/")[0]
    return path or "/"


def taking_files(pages: Sequence[Page]) -> Callable[[str], bool]:
    """Whether a form that is sent to an address may have files: strangers fill no disk with what everybody may send."""
    open_to_all = [_address(page) for page in pages if page.method == "POST" and page.who == "everybody"]
    return lambda path: not any(pattern.fullmatch(path) for pattern in open_to_all)


def may_ask(visit: Visit, page: Page) -> bool:
    """Whether a page is for the one who asks."""
    if page.who == "everybody":
        return True
    return visit.person is not None and (page.who == "signed_in" or visit.has(*page.who))


def _endpoint(
    desk: Desk, page: Page, menu: Sequence[Page], opened: Sequence[tuple[re.Pattern[str], Page]]
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        visit = visit_of(desk, request)
        try:
            response = await _answered(visit, page, partial(_show_the_way, menu=menu, opened=opened))
        finally:
            await visit.form.close()
        keep_cookies(visit, response)
        return response

    return endpoint


def _show_the_way(visit: Visit, menu: Sequence[Page], opened: Sequence[tuple[re.Pattern[str], Page]]) -> None:
    visit.menu = tuple((each.path, visit.say(each.menu)) for each in menu if each.menu and may_ask(visit, each))
    visit.may_open = partial(_may_open, visit, opened)


def _may_open(visit: Visit, opened: Sequence[tuple[re.Pattern[str], Page]], address: str) -> bool:
    path = address.partition("?")[0]
    return next((may_ask(visit, page) for pattern, page in opened if pattern.fullmatch(path)), False)


async def _answered(  # noqa: PLR0911 - one for each kind of end
    visit: Visit, page: Page, show_the_way: Callable[[Visit], None]
) -> Response:
    try:
        await recognise(visit)
        show_the_way(visit)
        if not may_ask(visit, page):
            return await _not_for(visit, page)
        if page.method == "POST":
            await visit.read_form()
            # A form may be a minute on its way: whose login or role was ended meanwhile acts no more.
            await recognise(visit)
            if not may_ask(visit, page):
                return await _not_for(visit, page)
        return await page.answer(visit)
    except ClientDisconnect:
        return Response(status_code=400)  # nobody is left to read it
    except (BodyTooLargeError, BodyTooSlowError) as error:
        return closing(told(visit, *_UNREAD[type(error)]))
    except HTTPException as error:
        return told(visit, error.status_code, UNREADABLE)
    except NotFoundError:
        return told(visit, 404, _("没有这个页面，或者不归您办理：请核对地址，或从菜单重新进入。"))
    except DubanError as error:
        return told(visit, next(status for kind, status in _STATUS if isinstance(error, kind)), _in_words(visit, error))
    except Exception as error:  # noqa: BLE001 - one page's fault is told and logged; the desk goes on
        # As text: values at hand (a password, a session) are not for a log.
        trace = "".join(traceback.format_exception(error, limit=-_DEPTH))
        # The page and not its address: a link that counts once and a calendar's secret stand in addresses.
        project = visit.request.path_params.get("project_id")
        _log.error("page_failed", page=page.path, project=project, method=page.method, trace=trace)
        return told(
            visit, 500, _("这个页面出了故障：请先看看要办的是否已经办了，没有再试；若仍如此，请把时间告诉管理员。")
        )


def _in_words(visit: Visit, error: DubanError) -> str:
    """A refusal as its reader can use it: who runs the system gets its own words, with what to look at."""
    text = visit.refused(error)
    plain = next((words for kind, words in _NOT_NOW if isinstance(error, kind)), None)
    runs_it = visit.person is not None and visit.has("operator", "administrator")
    return text if plain is None or runs_it else plain


def closing(response: Response) -> Response:
    """An answer after which nothing more is read of what is being sent."""
    response.headers["Connection"] = "close"
    return response


def _beginning(request: Request, left: int) -> Receive:
    """So much of a body, as if it ended there; the part that is cut off ends too: what does not stays open."""
    boundary = request.headers.get("content-type", "").partition("boundary=")[2].strip('"')
    end = f"\r\n--{boundary}--\r\n".encode() if boundary else b""

    async def beginning() -> Message:
        nonlocal left
        message = await request.receive()
        body, more = message.get("body", b""), message.get("more_body", False)
        left -= len(body)
        if left < 0 or (left == 0 and more):
            return {**message, "body": body[: len(body) + left] + end, "more_body": False}
        return message

    return beginning


async def _not_for(visit: Visit, page: Page) -> Response:
    if page.method == "POST" and not visit.form:
        # For nothing but to give back what a person wrote, which comes before his files: these are not waited for.
        visit.request = Request(visit.request.scope, _beginning(visit.request, STRANGERS_BYTES))
        with suppress(FormTooOldError, RepeatedFieldError, HTTPException):
            await visit.read_form()
    if visit.person is not None:
        return told(visit, 403, "这个页面不归您的角色使用：请从菜单进入您的页面。")
    if page.method == "GET":
        here = visit.here
        return visit.see(f"/sign-in?next={quote(here, safe='')}" if here != "/" else "/sign-in")
    visit.steps[f"/sign-in?next={quote(visit.keeping(sent=None), safe='')}"] = visit.say("登录")
    return told(visit, 401, "您没有登录，或登录已经过期，没有办理：请登录后重新填写。")


def told(visit: Visit, status: int, sentence: str) -> Response:
    """Answer with one sentence that says what is so and what to do; what a person had written stands below, for no page
    has it any more."""
    written = [text for name in _written_in() if (text := visit.given(name))]
    sent = visit.request.method == "POST" and status != 404
    if sent and not visit.steps and (there := _page_of_the_form(visit)):
        visit.steps[there] = visit.say("回到刚才的页面")
    return visit.page("told.html", status, sentence=visit.say(sentence), written=written)


def _page_of_the_form(visit: Visit) -> str:
    """The nearest page above where a form was sent that its sender may open: that of the form, as a rule."""
    here = visit.keeping(sent=None)
    while here and not visit.may_open(here):
        here = here.rpartition("/")[0]
    return here


@cache
def _written_in() -> tuple[str, ...]:
    """The fields in which people write at length."""
    fields = (field for form in act_forms().values() for field in form.fields)
    return tuple(dict.fromkeys((*(each.name for each in fields if each.kind in ("text", "names")), "despite_period")))
