"""An act from a form: its files are read, its command is made, and the office gives it as every screen does."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from starlette.datastructures import UploadFile

from application.office.acts import Act, Done, acts_of, give
from application.office.open_texts import must_be_an_open_file
from application.office.sent_again import Drawn, as_first_sent, given_before_others
from application.office.shown_files import ShownFile
from domain.accounts.refusals import LoginEndedError, NoOwnKeyError
from domain.acts.act_digest import act_document, document_digest
from domain.acts.attestation import OwnKeyProof
from domain.acts.commands import AnyCommand
from domain.acts.rejections import LastWordNotSeenError
from domain.bounds import MOST, whole_number
from domain.clock import OFFICE_TIME
from domain.directory.signed_in import SignedIn
from domain.errors import InputError, RejectedError
from domain.evidence import evidence_files
from domain.ids import DepartmentId, MilestoneId, ProjectId
from entrypoints.desk.act_forms import ActForm, Unusable, filled
from entrypoints.desk.ceremonies import ANSWER, proof_of_acts
from entrypoints.desk.languages import later as _
from entrypoints.desk.reading import Doer, actor_of
from entrypoints.desk.visits import Visit

REQUEST: Final = "request_id"
SEEN: Final = "seen"
SIGN: Final = "sign_it"
KEPT: Final = "kept"
ONCE_MORE: Final = "once_more"
_PREFIX: Final = "desk-"
_REQUEST_ID: Final = re.compile(r"[0-9A-Za-z_-]{1,60}")
_MEGABYTE: Final = 1_000_000
_ONCE_MORE: Final = _(
    "您在 %(at)s 已经办理过内容完全相同的一项，随后又办了别的，这次没有重复办理：如果只是回到了以前的页面，不必再办；"
    "确要再办一次的，请再按一次按钮。"
)


@dataclass(frozen=True, slots=True)
class AskedByForm:
    """What a form asks: for which project and milestone, and as which department (none: the supervision section).

    From a duty's page, an act may be about the whole assignment all the same.
    """

    form: ActForm
    project_id: ProjectId
    milestone_id: MilestoneId | None
    department: DepartmentId | None
    whole: bool = False
    doer: Doer | None = None
    """Who gives it, where he may be a deputy; without one a person of that department."""

    def by(self, person: SignedIn) -> Doer:
        """Who gives it, and for whom he does as a deputy."""
        return self.doer or Doer(actor_of(person, self.department))


class _GivenBeforeError(InputError, rule="given_once"):
    """The same act was given just now, and something else since."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why an act was not given: a sentence for the page, and one for each field that is at fault; whether the same form
    gives it where it comes once more, or was filled in upon an outdated picture."""

    sentence: str
    faults: Mapping[str, str]
    unless_once_more: bool = False
    outdated: bool = False


def asked_request(visit: Visit) -> str:
    """The id of the request that a form brings; a new one where it brings none, or what no page of ours gave it: it is
    kept with the act."""
    given = visit.given(REQUEST)
    return given if _REQUEST_ID.fullmatch(given) else new_request()


def new_request() -> str:
    """The id of a request that is about to be filled in: sent twice, it is one request."""
    return f"{_PREFIX}{uuid.uuid4()}"


@dataclass(frozen=True, slots=True)
class ToBeSigned:
    """An act that waits for the signature of its person's own key: its id, before those of what ends with it, and the
    files that are kept for it."""

    act_ids: tuple[str, ...]
    kept: tuple[str, ...]


async def given(visit: Visit, asked: AskedByForm, *, must_sign: bool = False) -> Done | Refused | ToBeSigned:
    """Give the act that a form asks for, or say why it is not given.

    Where its person's own key must sign it, or he wants it to, the answer is first what is to be signed; the same form
    comes again with what his device signed.

    Raises:
        EngineUnreachableError: the engine does not answer; whether it took the act is not known.
    """
    try:
        files = [_file(each, visit.office.settings.evidence_megabytes) for each in visit.files("evidence")]
        evidence = tuple([str(await asyncio.to_thread(file.described)) for file in files])
    except InputError as error:
        sentence = visit.refused(error)
        return Refused(sentence, {"evidence": sentence})
    request_id = asked_request(visit)
    if not request_id.startswith(_PREFIX):
        request_id = new_request()
    who, about = asked.by(visit.signed_in), None if asked.whole else asked.milestone_id
    values = {each.name: visit.given(each.name) for each in asked.form.fields}
    evidence = (*_kept(visit), *evidence)
    command = filled(asked.form, values, request_id, who.by, about, evidence, who.on_behalf_of)
    if isinstance(command, Unusable):
        return Refused("有几处需要改正，没有办理：", command.faults)
    act = Act(asked.project_id, command, tuple(files))
    try:
        # As the form was drawn: the same form again is the same act, whatever happened meanwhile.
        drawn = await drawn_for(visit, act, seen_of(visit))
        await _must_be_meant(visit, act, drawn, request_id)
        if not (must_sign or visit.given(SIGN) == "yes"):
            return await attested(visit, act, drawn)
        acts = await _acts(visit, act, drawn)
        if not visit.given(ANSWER):
            return ToBeSigned(tuple(map(document_digest, acts)), await _keep(visit, act))
        proof = await proof_of_acts(visit, acts)
        return await attested(visit, act, drawn, proof)
    except (RejectedError, InputError, NoOwnKeyError) as error:
        outdated = error.rule == LastWordNotSeenError.rule
        return Refused(visit.refused(error), {}, isinstance(error, _GivenBeforeError), outdated)


async def given_at_once(
    visit: Visit, project_id: ProjectId, command: AnyCommand | Unusable, seen: int = 0
) -> Done | Refused:
    """Give the act of a form within another page, which has no files and asks for no signature, or say why it is not
    given (raises as `given`)."""
    if isinstance(command, Unusable):
        return Refused("；".join(dict.fromkeys(command.faults.values())), command.faults)
    act = Act(project_id, command)
    try:
        return await attested(visit, act, await drawn_for(visit, act, seen))
    except (InputError, RejectedError) as error:
        return Refused(visit.refused(error), {})


async def _must_be_meant(visit: Visit, act: Act, drawn: Drawn, request_id: str) -> None:
    """Ask first where the same was given just now, and then something else; not whoever was asked, nor a form that is
    sent twice.

    Raises:
        _GivenBeforeError: he has to say so.
    """
    if drawn.nonce != request_id or visit.given(ONCE_MORE):
        return
    earlier = await given_before_others(visit.office, act, visit.giver, drawn)
    if earlier is not None:
        at = earlier.decided_at.astimezone(OFFICE_TIME)
        raise _GivenBeforeError(visit.say(_ONCE_MORE, at=f"{at:%H:%M}"))


def seen_of(visit: Visit, project_id: ProjectId | None = None) -> int:
    """How many events of the project (of several: of this one) stood on the page from which a form was sent; none where
    it does not say."""
    return whole_number(visit.given(f"{SEEN}-{project_id}" if project_id else SEEN)) or 0


async def record_until(visit: Visit) -> int:
    """How many entries the record has: what a page of many projects shows has come so far at most."""
    return (await visit.office.register.standing()).entries


def record_seen(visit: Visit) -> int | None:
    """How many entries the record had on the page from which a form about many projects was sent, where it says so."""
    return whole_number(visit.given("seen_until"))


async def drawn_for(visit: Visit, act: Act, seen: int = 0) -> Drawn:
    """With what an act from a form is given: the form's own values, or those with which it was given just now."""
    drawn = Drawn(min(seen, MOST), act.command.request_id)
    return await as_first_sent(visit.office, act, visit.giver, drawn)


async def attested(visit: Visit, act: Act, drawn: Drawn, own_key: OwnKeyProof | None = None) -> Done:
    """Give an act as the one who is signed in, with what the desk attests of it and of its form (raises as `give`).

    Raises:
        LoginEndedError: he is signed in no more: of many acts together the last may come a minute after the first.
    """
    by = visit.signed_in
    if visit.secret is None or await visit.desk.door.session_of(visit.secret) is None:
        raise LoginEndedError
    return await give(visit.office, act, by, door="desk", seen=drawn.seen, nonce=drawn.nonce, own_key=own_key)


async def _acts(visit: Visit, act: Act, drawn: Drawn) -> list[dict[str, Any]]:
    office = replace(visit.office, giver=visit.giver)
    return list(map(act_document, await acts_of(office, act, drawn.seen, drawn.nonce)))


async def _keep(visit: Visit, act: Act) -> tuple[str, ...]:
    """Keep the files of an act that waits for its signature, under the same rules as when it is given."""
    refused = await asyncio.to_thread(visit.office.records.refused_words.of, act.project_id)
    for file in act.shown:
        with file.opened() as stream:
            await asyncio.to_thread(must_be_an_open_file, file.name, stream, refused)
    kept = []
    for file in act.shown:
        with file.opened() as stream:
            kept.append(await visit.office.records.evidence.take(file.name, stream))
    return (*_kept(visit), *map(str, kept))


def _kept(visit: Visit) -> tuple[str, ...]:
    """The files of this form that were kept before it was signed; what is no such file's name is no evidence."""
    named = [value for value in visit.form.getlist(KEPT) if isinstance(value, str)]
    return tuple(map(str, evidence_files(named)))


def _file(file: UploadFile, megabytes: int) -> ShownFile:
    name = file.filename or "_"
    if (file.size or 0) > megabytes * _MEGABYTE:
        raise InputError(f"佐证文件“{name}”超过 {megabytes} MB，没有办理：请压缩或拆分后重新选择。")
    if not file.size:
        raise InputError(f"佐证文件“{name}”是空的，没有办理：请核对是不是这一份。")
    return ShownFile.received(name, file.file)
