"""An act from a form: its files are read, its command is made, and the office gives it as every screen does."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import UploadFile

from application.office.acts import Act, Done, give
from application.office.shown_files import ShownFile
from domain.bounds import MOST
from domain.errors import InputError, RejectedError
from domain.ids import DepartmentId, MilestoneId, ProjectId
from entrypoints.desk.act_forms import ActForm, Unusable, filled
from entrypoints.desk.reading import actor_of
from entrypoints.desk.visits import Visit

REQUEST: Final = "request_id"
SEEN: Final = "seen"
_PREFIX: Final = "desk-"
_MEGABYTE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form asks: for which project and milestone, and as which department (none: the supervision section)."""

    form: ActForm
    project_id: ProjectId
    milestone_id: MilestoneId | None
    department: DepartmentId | None


@dataclass(frozen=True, slots=True)
class Refused:
    """Why an act was not given: a sentence for the page, and one for each field that is at fault."""

    sentence: str
    faults: Mapping[str, str]
    nothing_happened: bool = True


def new_request() -> str:
    """The id of a request that is about to be filled in: sent twice, it is one request."""
    return f"{_PREFIX}{uuid.uuid4()}"


async def given(visit: Visit, asked: Asked) -> Done | Refused:
    """Give the act that a form asks for, or say why it is not given.

    Raises:
        EngineUnreachableError: the engine does not answer; whether it took the act is not known.
    """
    try:
        files = _files(visit)
        evidence = tuple([str(await asyncio.to_thread(file.described)) for file in files])
    except InputError as error:
        return Refused(error.text, {"evidence": error.text})
    request_id = visit.given(REQUEST)
    if not request_id.startswith(_PREFIX):
        request_id = new_request()
    seen = visit.given(SEEN)
    by = actor_of(visit.signed_in, asked.department)
    values = {each.name: visit.given(each.name) for each in asked.form.fields}
    command = filled(asked.form, values, request_id, by, asked.milestone_id, evidence)
    if isinstance(command, Unusable):
        return Refused("有几处需要改正，没有办理：", command.faults)
    act = Act(asked.project_id, command, tuple(files))
    try:
        # As the form was drawn: the same form again is the same act, whatever happened meanwhile.
        return await attested(visit, act, request_id, int(seen) if seen.isascii() and seen.isdigit() else 0)
    except (RejectedError, InputError) as error:
        return Refused(error.text, {})


async def attested(visit: Visit, act: Act, nonce: str, seen: int) -> Done:
    """Give an act as the one who is signed in, with what the desk attests of it (raises as `give`)."""
    return await give(visit.office, act, visit.signed_in, door="desk", seen=min(seen, MOST), nonce=nonce)


def _files(visit: Visit) -> list[ShownFile]:
    return [_file(each, visit.office.settings.evidence_megabytes) for each in visit.files("evidence")]


def _file(file: UploadFile, megabytes: int) -> ShownFile:
    name = file.filename or "_"
    if (file.size or 0) > megabytes * _MEGABYTE:
        raise InputError(f"佐证文件“{name}”超过 {megabytes} MB，没有办理：请压缩或拆分后重新选择。")
    if not file.size:
        raise InputError(f"佐证文件“{name}”是空的，没有办理：请核对是不是这一份。")
    return ShownFile.received(name, file.file)
