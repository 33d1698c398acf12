"""A key that is stolen, or may be: an administrator lets it go at once; the record says since when it is in doubt."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from application.accounts.passkeys import passkeys_of
from application.accounts.stolen_keys import WHOSE_KEYS, Suspicion, WhoseKey, report_stolen
from domain.errors import DubanError, EngineUnreachableError
from domain.record.stolen_keys import StolenKey
from entrypoints.desk.ceremonies import ANSWER, change_page, change_to_sign, keys_of, signed_here
from entrypoints.desk.days import BEGINS, instant_of
from entrypoints.desk.languages import later as _
from entrypoints.desk.routing import ADMINISTRATORS, Page
from entrypoints.desk.visits import Visit

WHOSE: Final[dict[WhoseKey, str]] = {
    "person": _("某人自己的密钥"),
    "desk": _("督办台的密钥"),
    "api": _("接口的密钥"),
    "shell": _("命令行的密钥"),
    "ledger": _("台账签名的密钥"),
}
NEXT: Final[dict[WhoseKey, str]] = {
    "ledger": _("请把新的策略文件交给审计人和见证人（duban audit witness policy）。以前签名的校验值仍然有效。"),
    "person": _("请本人在“我的密钥”登记新的。以前签过的办理仍然有效。"),
}
assert set(WHOSE) == set(WHOSE_KEYS)
_FIELDS: Final = ("whose", "number", "since", "reason")


async def stolen(visit: Visit, faults: list[tuple[str, str]] | None = None, done: StolenKey | None = None) -> Response:
    """What it does, and the form."""
    return await visit.page_now(
        "stolen_keys.html",
        whose=WHOSE,
        held=await passkeys_of(visit.desk.accounts, None) if visit.desk.keys is not None else (),
        given={name: "" if done else visit.given(name) for name in _FIELDS},
        done=done,
        next_step=next(
            (words for key, words in NEXT.items() if done and key == done.whose), _("新的密钥已经启用，办理照常。")
        ),
        errors=faults or (),
    )


async def report(visit: Visit) -> Response:
    """Let the key go, and say since when it is in doubt."""
    whose = next((each for each in WHOSE if each == visit.given("whose")), None)
    since, faults = instant_of(visit.given("since"), BEGINS), list[tuple[str, str]]()
    if whose is None:
        faults.append(("whose", visit.say(_("请选是谁的密钥。"))))
    if since is None:
        faults.append(("since", visit.say(_("请写最早可能在何时被盗（日期和时间）。"))))
    if not visit.given("reason"):
        faults.append(("reason", visit.say("请写明理由。")))
    if faults or whose is None or since is None:
        return await stolen(visit, faults)
    number = (visit.given("number") or None) if whose == "person" else None
    suspicion, desk = Suspicion(whose, since, visit.given("reason"), number), keys_of(visit)
    try:
        if number is not None and not visit.given(ANSWER):
            act_id = await change_to_sign(visit, gone=number, why=suspicion.let_go_because)
            if act_id is not None:
                title = visit.say("用密钥签名：停用别人的密钥")
                kept = [(name, visit.given(name)) for name in _FIELDS]
                return await change_page(visit, act_id, title, number, kept, "/stolen-keys")
        signed = signed_here(visit)
        told = await report_stolen(desk, visit.giver, suspicion, signed.now, signed)
    except EngineUnreachableError:
        raise
    except DubanError as error:
        return await stolen(visit, [("number" if whose == "person" else "since", visit.refused(error))])
    return await stolen(visit, done=told)


PAGES = (
    Page("/stolen-keys", stolen, ADMINISTRATORS, menu=_("密钥被盗")),
    Page("/stolen-keys", report, ADMINISTRATORS, "POST"),
)
