"""Evidence comes in under its own hash, piece by piece, and goes out as a download alone.

What was cut off is sent again: the same bytes under the same hash are the same file, however often they come.
"""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import tempfile
from collections.abc import Sequence
from typing import IO, Annotated, Any, Final, cast

from fastapi import Path, Query
from starlette.responses import Response

from application.office.open_texts import must_be_an_open_file
from application.office.shown_files import ShownFile
from domain.errors import InputError, LedgerUnavailableError
from domain.events import DomainEvent
from entrypoints.api.answers import KeptFileAnswer
from entrypoints.api.calls import Call
from entrypoints.api.problems import NothingThereError, TooLargeError
from entrypoints.api.reads import Milestone, Project, Whose
from entrypoints.desk.downloads import streamed
from entrypoints.desk.guards import MEGABYTE
from entrypoints.desk.reading import about_duty, shown_file

Sha256 = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="The SHA-256 of the file's bytes, in hexadecimal")]
BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "The file's bytes",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary", "minLength": 1}}},
    }
}
_IN_MEMORY: Final = 1_000_000
LEAST_FREE_BYTES: Final = 1 << 30
"""What stays free for the ledger, whatever programs send."""


class NoRoomError(LedgerUnavailableError, rule="room_for_evidence"):
    """The disk of the data folder has no room for files any more; the record still has."""


class UnusableEvidenceError(InputError, rule="usable_evidence"):
    """What arrived is not the file that was named."""


async def keep_evidence(
    call: Call,
    sha256: Sha256,
    name: Annotated[str, Query(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$", description="Its name")],
) -> KeptFileAnswer:
    """Keep a file under its hash; an act names it by the text `evidence` of the answer. Sent again, it is the same.

    Raises:
        NoRoomError: the disk is almost full.
        UnusableEvidenceError: nothing arrived, or something else than what the hash says.
        ClassifiedError: it bears a classification mark, or a word that a policy refuses.
    """
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
        await _arrived(call, spool)
        file = ShownFile.received(name, cast(Any, spool))
        described = await asyncio.to_thread(file.described)
        if not described.size:
            raise UnusableEvidenceError(f"佐证文件“{described.name}”是空的，没有保存：请核对是不是这一份。")
        _must_be(described.sha256, sha256, described.size)
        with file.opened() as stream:
            refused = await asyncio.to_thread(call.office.records.refused_words.of_all)
            await asyncio.to_thread(must_be_an_open_file, described.name, stream, refused)
            await call.office.records.evidence.take(described.name, stream)
    return KeptFileAnswer(
        as_of=call.as_of, sha256=sha256, size=described.size, name=described.name, evidence=str(described)
    )


async def arrived_bytes(call: Call, sha256: str) -> bytes:
    """What arrives with a call, whole, as its hash says (raises as `keep_evidence`)."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
        await _arrived(call, spool)
        spool.seek(0)
        data = await asyncio.to_thread(spool.read)
    _must_be(hashlib.sha256(data).hexdigest(), sha256, len(data))
    return data


async def _arrived(call: Call, spool: IO[bytes]) -> None:
    settings = call.office.settings
    most = settings.evidence_megabytes * MEGABYTE
    if (await asyncio.to_thread(shutil.disk_usage, settings.data)).free < LEAST_FREE_BYTES + most:
        raise NoRoomError("存放台账的磁盘快满了，没有接收佐证：请让管理员清出空间，再用同样的内容重发。")
    arrived = 0
    async for piece in call.request.stream():
        arrived += len(piece)
        if arrived > most:
            raise TooLargeError
        await asyncio.to_thread(spool.write, piece)
    await call.must_still_hold()


def _must_be(found: str, sha256: str, size: int) -> None:
    if found != sha256:
        raise UnusableEvidenceError(
            f"收到的内容（{size} 字节）与地址中的摘要不符，没有保存：可能中途断开，请把整个文件再发一次。"
        )


async def project_evidence(call: Call, project_id: Project, sha256: Sha256) -> Response:
    """A file that was shown in a project, as a download."""
    return await _download(call, (await call.project(project_id)).events, sha256)


async def duty_evidence(call: Call, milestone_id: Milestone, sha256: Sha256, department: Whose = None) -> Response:
    """A file that was shown about a duty of the token's department, or of one for which its person is a deputy, as a
    download."""
    known, milestone, name = await call.own_duty(milestone_id, department)
    return await _download(call, about_duty(known, milestone, name), sha256)


async def _download(call: Call, events: Sequence[DomainEvent], sha256: str) -> Response:
    file = shown_file(events, sha256)
    if file is None:
        raise NothingThereError
    return await streamed(call.office.records, file)
