"""Coming in and going out: the first page, the login, the one-time link, the language."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from application.accounts.signing_in import Entered, Knock
from domain.accounts.own_path import own_path
from domain.accounts.passwords import SHORTEST
from domain.errors import DubanError, EngineUnreachableError
from entrypoints.desk.accounts_door import Invitation
from entrypoints.desk.languages import LANGUAGE, LANGUAGES
from entrypoints.desk.languages import later as _
from entrypoints.desk.routing import Page
from entrypoints.desk.visits import (
    DEVICE,
    DEVICE_DAYS,
    FORM,
    SESSION,
    NotFoundError,
    Visit,
    cookie_name,
    drop_cookie,
    set_cookie,
)

_HOMES: Final = (
    ("department", "/today"),
    ("operator", "/register"),
    ("auditor", "/register"),
    ("principal_leader", "/leader"),
    ("leader_in_charge", "/leader"),
    ("administrator", "/directory"),
    ("deputy", "/standing-in"),
    ("head", "/today"),
    ("liaison", "/today"),
)
_NO_ROLE: Final = _("您还没有角色，没有可看的页面：请让管理员在名册中为您登记角色。")


async def home(visit: Visit) -> Response:
    """The first page of the one who is signed in."""
    for role, path in _HOMES:
        if role in visit.signed_in.roles:
            return visit.see(path)
    return visit.page("told.html", sentence=visit.say(_NO_ROLE))


async def sign_in_form(visit: Visit) -> Response:
    """The login."""
    if visit.person is not None:
        return visit.see(own_path(visit.request.query_params.get("next", "/")))
    onward = own_path(visit.request.query_params.get("next", "/"))
    return sign_in_page(visit, onward, is_new=await visit.desk.door.is_new())


def sign_in_page(
    visit: Visit, onward: str, problem: str | None = None, account: str = "", *, is_new: bool = False
) -> Response:
    """The login, with every way in that this desk has; where nobody can come in yet, how the first one does."""
    return visit.page(
        "sign_in.html",
        200 if problem is None else 403,
        next=onward,
        account=account,
        is_new=is_new,
        keys=visit.desk.keys is not None,
        elsewhere=visit.desk.elsewhere is not None,
        errors=(("account", problem),) if problem else (),
    )


async def sign_in(visit: Visit) -> Response:
    """Sign in, and go on where one wanted to go."""
    onward, account = own_path(visit.given("next")), visit.given("account")
    try:
        entered = await visit.desk.door.sign_in(account, _secret(visit, "password"), knock_of(visit))
    except EngineUnreachableError:
        raise
    except DubanError as error:
        return sign_in_page(visit, onward, visit.refused(error), account)
    return come_in(visit, entered, onward)


async def sign_out(visit: Visit) -> Response:
    """End the session."""
    if visit.secret is not None:
        await visit.desk.door.sign_out(visit.secret)
    response = visit.see("/sign-in")
    drop_cookie(visit.request, response, SESSION)
    return response


async def set_up_form(visit: Visit) -> Response:
    """The page of a one-time link: choose a password, and on the first run who one is."""
    invitation = await visit.desk.door.invitation_of(visit.request.path_params["link"])
    return _no_link(visit) if invitation is None else _set_up_page(visit, invitation)


async def set_up(visit: Visit) -> Response:
    """Take a one-time link: the password is chosen, and one is signed in."""
    link = visit.request.path_params["link"]
    invitation = await visit.desk.door.invitation_of(link)
    if invitation is None:
        return _no_link(visit)
    password, door = _secret(visit, "password"), visit.desk.door
    person, account = visit.given("person"), visit.given("account")
    problem = _problem(visit, invitation, password)
    if problem is not None:
        return _set_up_page(visit, invitation, problem)
    try:
        if invitation.account is None:
            entered = await door.set_up_first(link, person, account, password, knock_of(visit))
        else:
            entered = await door.set_up(link, password, knock_of(visit))
    except DubanError as error:
        return _set_up_page(visit, invitation, (None, visit.refused(error)))
    return come_in(visit, entered, "/")


def _problem(visit: Visit, invitation: Invitation, password: str) -> tuple[str, str] | None:
    if invitation.account is None and not visit.given("person"):
        return "person", visit.say("请写您的姓名。")
    if invitation.account is None and not visit.given("account"):
        return "account", visit.say("请写登录用的账号，如姓名的拼音。")
    if len(password) < SHORTEST:
        return "password", visit.say("密码至少 %(least)s 个字符：请再长一些，可以用几个词。", least=SHORTEST)
    if password != _secret(visit, "again"):
        return "again", visit.say("两次输入的密码不同：请重新输入。")
    return None


def _set_up_page(visit: Visit, invitation: Invitation, problem: tuple[str | None, str] | None = None) -> Response:
    return visit.page(
        "set_up.html",
        invitation=invitation,
        least=SHORTEST,
        given={name: visit.given(name) for name in ("person", "account")},
        errors=(problem,) if problem else (),
    )


async def language(visit: Visit) -> Response:
    """Change the language of the pages, and stay where one is."""
    chosen = visit.given("language")
    if chosen not in LANGUAGES:
        raise NotFoundError
    response = visit.see(own_path(visit.given("here")))
    response.set_cookie(LANGUAGE, chosen, max_age=31_536_000, path="/", httponly=True, samesite="lax")
    return response


def come_in(visit: Visit, entered: Entered, onward: str) -> Response:
    """Answer one who has come in: his session in a cookie, and the page he wanted."""
    response = visit.see(onward)
    set_cookie(visit.request, response, SESSION, entered.token)
    set_cookie(visit.request, response, DEVICE, entered.device, days=DEVICE_DAYS)
    drop_cookie(visit.request, response, FORM)
    return response


def _no_link(visit: Visit) -> Response:
    sentence = visit.say("这个一次性链接不能用：已经用过、已经过期，或没有抄全。请向管理员要一个新的。")
    return visit.page("told.html", 404, sentence=sentence)


def _secret(visit: Visit, name: str) -> str:
    value = visit.form.get(name)
    return value if isinstance(value, str) else ""


def knock_of(visit: Visit) -> Knock:
    """Where the one who asks knocks."""
    address = visit.request.client.host if visit.request.client else "?"
    return Knock(address, visit.request.cookies.get(cookie_name(visit.request, DEVICE)), visit.secret)


PAGES = (
    Page("/", home, "signed_in"),
    Page("/sign-in", sign_in_form, "everybody"),
    Page("/sign-in", sign_in, "everybody", "POST"),
    Page("/sign-out", sign_out, "signed_in", "POST"),
    Page("/set-up/{link}", set_up_form, "everybody"),
    Page("/set-up/{link}", set_up, "everybody", "POST"),
    Page("/language", language, "everybody", "POST"),
)
