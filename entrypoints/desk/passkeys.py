"""Keys on people's own devices: enrolled, used to sign in, let go; each ceremony is one page with the one script."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from application.accounts import own_keys, passkeys
from application.office.attesting import Giver
from domain.accounts.own_path import own_path
from domain.accounts.refusals import NoOwnKeyError
from domain.errors import DubanError, EngineUnreachableError, LedgerUnavailableError
from entrypoints.desk.ceremonies import (
    ANSWER,
    LET_GO,
    answer_of,
    ceremony_page,
    change_page,
    change_to_sign,
    keys_of,
    other_address,
    signed_here,
    site_of,
)
from entrypoints.desk.entering import come_in, knock_of
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import Column, Table, exports, shown
from entrypoints.desk.routing import ADMINISTRATORS, Page
from entrypoints.desk.visits import Visit

_MADE: Final = "made"
_NUMBER: Final = Column(_("编号"), lambda key: key.number, "id")
_COLUMNS: Final = (
    Column(_("设备"), lambda key: key.name),
    Column(_("登记于"), lambda key: key.made_at, "instant"),
    Column(_("最近使用"), lambda key: key.used_at, "instant"),
)


async def keys_page(visit: Visit, problem: str | None = None) -> Response:
    """One's own keys; for an administrator everybody's too."""
    return visit.page(
        "keys.html",
        own=shown(visit, await whole(visit), "/keys"),
        others=shown(visit, await whole_of_others(visit), "/keys/of-others") if visit.has("administrator") else None,
        address=other_address(visit),
        errors=((None, problem),) if problem else (),
    )


async def whole(visit: Visit) -> Table:
    """One's own keys."""
    return Table(
        "keys",
        _("密钥"),
        (_NUMBER, *_COLUMNS),
        await passkeys.passkeys_of(keys_of(visit).accounts, visit.signed_in.account),
    )


async def whole_of_others(visit: Visit) -> Table:
    """Everybody's keys."""
    columns = (_NUMBER, Column(_("账号"), lambda key: key.account), *_COLUMNS)
    return Table("keys-of-others", _("密钥"), columns, await passkeys.passkeys_of(keys_of(visit).accounts, None))


async def begin_enrolment(visit: Visit) -> Response:
    """The page on which a device makes a key."""
    name, accounts, who = visit.given("name"), keys_of(visit).accounts, visit.signed_in
    if not name:
        return await keys_page(visit, visit.say("请写设备的名称。"))
    try:
        await own_keys.must_be_free_to_enrol(accounts, who)
        options = await passkeys.begin_enrolment(accounts, who, site_of(visit), visit.desk.clock())
    except NoOwnKeyError as error:
        return await keys_page(visit, visit.refused(error))
    return ceremony_page(
        visit,
        options,
        ceremony="create",
        title=visit.say("登记一把密钥"),
        lines=(visit.say("按下按钮，再在设备上确认。密钥的私有部分不离开设备。"),),
        action="/keys",
        button=visit.say("在这台设备上登记"),
        back="/keys",
        kept=(("name", name),),
    )


async def enrol(visit: Visit) -> Response:
    """Keep the key that a device made; whoever has one already signs that with it first."""
    desk, who, site, name, now = (
        keys_of(visit),
        visit.signed_in,
        site_of(visit),
        visit.given("name"),
        visit.desk.clock(),
    )
    try:
        if visit.given(_MADE):
            await own_keys.enrol_own_key(desk, who, site, name, answer_of(visit, _MADE), now, answer_of(visit))
            return visit.see("/keys")
        made = answer_of(visit)
        act_id = await change_to_sign(visit, made=made)
        if act_id is not None:
            title, kept = visit.say("用已有的密钥签名：登记另一把"), (("name", name), (_MADE, visit.given(ANSWER)))
            return await change_page(visit, act_id, title, name, kept)
        await own_keys.enrol_own_key(desk, who, site, name, made, now)
    except NoOwnKeyError as error:
        return await keys_page(visit, visit.refused(error))
    return visit.see("/keys")


async def let_go(visit: Visit) -> Response:
    """Let one's own key go."""
    number, by = visit.request.path_params["number"], visit.signed_in
    await own_keys.let_go(keys_of(visit), Giver(by, "desk"), number, LET_GO, by.account)
    return visit.see("/keys")


async def let_go_of_others(visit: Visit) -> Response:
    """An administrator lets somebody's key go: the device is lost. Whoever has a key signs that with it."""
    desk, number = keys_of(visit), visit.request.path_params["number"]
    try:
        act_id = None if visit.given(ANSWER) else await change_to_sign(visit, gone=number)
        if act_id is not None:
            return await change_page(visit, act_id, visit.say("用密钥签名：停用别人的密钥"), number)
        giver = visit.giver
        await own_keys.let_go(desk, giver, number, LET_GO, None, signed_here(visit))
    except NoOwnKeyError as error:
        return await keys_page(visit, visit.refused(error))
    return visit.see("/keys")


async def sign_in_form(visit: Visit) -> Response:
    """Whose key it is."""
    return _sign_in_page(visit, own_path(visit.request.query_params.get("next", "/")))


def _sign_in_page(visit: Visit, onward: str, problem: str | None = None) -> Response:
    keys_of(visit)
    return visit.page(
        "sign_in_with_key.html",
        200 if problem is None else 403,
        next=onward,
        account=visit.given("account"),
        address=other_address(visit),
        errors=((None, problem),) if problem else (),
    )


async def begin_sign_in(visit: Visit) -> Response:
    """The page on which a device signs a challenge; for a name that nobody has it looks the same."""
    onward, account = own_path(visit.given("next")), visit.given("account")
    if not account:
        return _sign_in_page(visit, onward, visit.say("请写账号。"))
    try:
        accounts, now = keys_of(visit).accounts, visit.desk.clock()
        options = await passkeys.begin_passkey_login(accounts, site_of(visit), account, now)
    except NoOwnKeyError as error:
        return _sign_in_page(visit, onward, visit.refused(error))
    return ceremony_page(
        visit,
        options,
        ceremony="get",
        title=visit.say("用密钥登录"),
        lines=(visit.say("按下按钮，再在设备上确认。"),),
        action="/sign-in/key",
        button=visit.say("用密钥登录"),
        back="/sign-in",
        kept=(("next", onward), ("account", account)),
    )


async def sign_in(visit: Visit) -> Response:
    """Sign in with what a device signed, and go on where one wanted to go."""
    onward = own_path(visit.given("next"))
    try:
        accounts, knock, now = keys_of(visit).accounts, knock_of(visit), visit.desk.clock()
        entered = await passkeys.finish_passkey_login(accounts, site_of(visit), answer_of(visit), knock, now)
    except (EngineUnreachableError, LedgerUnavailableError):
        raise
    except DubanError as error:
        return _sign_in_page(visit, onward, visit.refused(error))
    return come_in(visit, entered, onward)


PAGES = (
    Page("/keys", keys_page, "signed_in", menu=_("我的密钥")),
    *exports("/keys", "signed_in", whole),
    *exports("/keys/of-others", ADMINISTRATORS, whole_of_others),
    Page("/keys", enrol, "signed_in", "POST"),
    Page("/keys/begin", begin_enrolment, "signed_in", "POST"),
    Page("/keys/{number}/let-go", let_go, "signed_in", "POST"),
    Page("/keys/of-others/{number}/let-go", let_go_of_others, ADMINISTRATORS, "POST"),
    Page("/sign-in/key", sign_in_form, "everybody"),
    Page("/sign-in/key", sign_in, "everybody", "POST"),
    Page("/sign-in/key/begin", begin_sign_in, "everybody", "POST"),
)
