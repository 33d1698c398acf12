"""Acts that one's own key signs all at once: what is signed is shown, the device answers, the same form comes again.

And what was prepared in the shell, which has no browser: its person signs it here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Final

from starlette.responses import Response

from application.accounts import asked_signatures
from application.office.office import Office
from domain.accounts.desk_items import AskedSignature
from domain.accounts.refusals import NoOwnKeyError, UnknownSessionError
from domain.actors import Actor
from domain.acts.act_digest import document_digest
from domain.acts.attestation import OwnKeyProof
from domain.acts.own_key import challenge_of_acts
from entrypoints.desk.act_words import ACTS
from entrypoints.desk.ceremonies import ANSWER, answer_of, ask_for_acts, ceremony_page, keys_of, proof_of_acts, site_of
from entrypoints.desk.languages import bracketed
from entrypoints.desk.languages import later as _
from entrypoints.desk.routing import Page, told
from entrypoints.desk.visits import TOKEN, NotFoundError, Visit

_TITLES: Final[Mapping[str, str]] = {
    **{command.__name__: words.title for command, words in ACTS.items()},
    "AmendProject": _("变更项目"),
    "ChangeAssigningDepartment": _("改由接办部门督办分解任务"),
    "ChangeCalendar": _("启用工作日历"),
    "CloseYear": _("年终结转"),
    "ReopenProject": _("收回结转"),
    "score.published": _("公布得分"),
    "score.ruled": _("裁定申诉"),
    "score.corrected": _("更正得分"),
    "score.falsified": _("认定反馈不实"),
}
_SAID: Final[Mapping[str, str]] = {
    "reason": _("理由或依据"),
    "basis": _("理由或依据"),
    "above": _("由谁督办"),
    "to_year": _("结转到哪一年"),
    "ended": _("裁定终结的节点"),
    "despite_period": _("提前办理的理由"),
    "points": _("改为多少分"),
}
_LOOK: Final = _("下面是要签名的内容。请看清楚，再按下按钮，在设备上确认；确认后这些办理就是您本人作出的。")


class NeedsSignatureError(Exception):
    """These acts wait for the device of the one who is signed in: his page is shown, and nothing was given yet."""

    def __init__(self, acts: Sequence[Mapping[str, Any]]) -> None:
        super().__init__()
        self.acts = acts


@dataclass(frozen=True, slots=True)
class _AtTheDesk:
    """Asks the device of the one who is signed in, on a page between two sendings of one form."""

    visit: Visit

    async def sign(self, acts: Sequence[Mapping[str, Any]], of: Actor) -> OwnKeyProof:
        """What his device signed of these very acts (see the protocol)."""
        if not self.visit.given(ANSWER):
            # Whoever cannot sign here is told so at once.
            await ask_for_acts(self.visit, tuple(map(document_digest, acts)))
            raise NeedsSignatureError(acts)
        return await proof_of_acts(self.visit, acts)


def signing_office(visit: Visit) -> Office:
    """The office in which the one who is signed in gives acts that may need his signature."""
    signer = _AtTheDesk(visit) if visit.desk.keys is not None else None
    return replace(visit.office, giver=visit.giver, signer=signer)


async def signing_page(visit: Visit, needed: NeedsSignatureError, back: str) -> Response:
    """What will be signed, and the device's answer; the form comes again with it.

    Raises:
        NoOwnKeyError: whoever is signed in has no key here.
    """
    documents = tuple(needed.acts)
    ids = tuple(map(document_digest, documents))
    options = await ask_for_acts(visit, ids)
    kept = [
        (name, value)
        for name, value in visit.form.multi_items()
        if isinstance(value, str) and name not in (TOKEN, ANSWER)
    ]
    return _ceremony(visit, options, documents, action=str(visit.request.url.path), back=back, kept=kept)


def _ceremony(
    visit: Visit,
    options: Mapping[str, Any],
    documents: Sequence[Mapping[str, Any]],
    *,
    action: str,
    back: str,
    kept: Sequence[tuple[str, str]] = (),
) -> Response:
    signed = challenge_of_acts(tuple(map(document_digest, documents))).hex()
    return ceremony_page(
        visit,
        options,
        ceremony="get",
        title=visit.say("用密钥签名：%(count)s 项办理", count=len(documents)),
        lines=(visit.say(_LOOK), visit.say("签名的摘要 %(digest)s", digest=signed)),
        action=action,
        button=visit.say("签名并办理"),
        back=back,
        kept=kept,
        shown=_shown(visit, documents),
    )


def _shown(visit: Visit, documents: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """The acts in words: what is done to which projects and milestones, and all that is said of it."""
    about: dict[str, list[str]] = defaultdict(list)
    said: dict[tuple[str, str], None] = {}
    for document in documents:
        command = document["command"]
        named = (command.get("milestone_id"), document.get("project_id"), command.get("point"), command.get("period"))
        about[command["type"]].append(next(filter(None, named), ""))
        for name, label in _SAID.items():
            value = command.get(name)
            if value:
                text = visit.joined(map(str, value)) if isinstance(value, list) else str(value)
                said[visit.say(label), text] = None
        if "calendar" in command:
            digest = sha256(repr(sorted(command["calendar"].items())).encode()).hexdigest()
            said[visit.say("新的工作日历"), digest[:16]] = None
    acts = [
        (visit.say(_TITLES.get(kind, kind)), visit.joined(names) + bracketed(visit.language, len(names)))
        for kind, names in about.items()
    ]
    return [*acts, *said]


async def signature(visit: Visit) -> Response:
    """What was prepared in the shell and waits for the signature of the one who is signed in."""
    asked, options = await _asked(visit)
    return _ceremony(visit, options, asked.acts, action=str(visit.request.url.path), back="/")


async def sign(visit: Visit) -> Response:
    """Keep the signature for the shell, which waits for it."""
    asked, _options = await _asked(visit)
    now, site = visit.desk.clock(), site_of(visit)
    try:
        await asked_signatures.sign_asked(visit.desk.accounts, asked, visit.signed_in, site, answer_of(visit), now)
    except NoOwnKeyError as error:
        return told(visit, 400, visit.refused(error))
    return told(visit, 200, _("已签名：命令行随即办理，结果在命令行里。"))


async def _asked(visit: Visit) -> tuple[AskedSignature, Mapping[str, Any]]:
    keys_of(visit)
    key, accounts, who = visit.request.path_params["key"], visit.desk.accounts, visit.signed_in
    try:
        asked = await asked_signatures.asked_signature(accounts, key, who, visit.desk.clock())
        return asked, await ask_for_acts(visit, tuple(map(document_digest, asked.acts)))
    except (UnknownSessionError, NoOwnKeyError) as error:
        raise NotFoundError from error


PAGES = (
    Page("/signatures/{key}", signature, "signed_in"),
    Page("/signatures/{key}", sign, "signed_in", "POST"),
)
