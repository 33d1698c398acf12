"""Files that people take away: always as a download, never shown by the browser as a page of ours."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response, StreamingResponse

from application.desk_work.verification import bundle_of
from application.office.carried_papers import document_of
from application.office.office import Office
from application.records import Records
from application.settings import Settings
from domain.evidence import EvidenceFile
from domain.ports.document_store import DocumentStore
from domain.ports.ledger import Ledger
from domain.ports.outbox import OutboxItem
from domain.record.erasures import ErasedFileError, LostFileError, erasures
from domain.record.ledger_errors import NotInLedgerError
from entrypoints.desk.visits import NotFoundError, Visit

_PIECE: Final = 262_144
_ANY: Final = "application/octet-stream"
CSV: Final = "text/csv; charset=utf-8"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DOCUMENTS: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": XLSX,
}


async def as_download(visit: Visit, file: EvidenceFile | None) -> Response:
    """A file of the evidence store under the name under which it was shown (raises as `streamed`)."""
    if file is None:
        raise NotFoundError
    return await streamed(visit.office.records, file)


async def streamed(records: Records, file: EvidenceFile) -> Response:
    """A file of the evidence store, piece by piece.

    Raises:
        ErasedFileError: it was erased by order.
        LostFileError: it is not kept, and nobody erased it.
        DubanError: the store does not answer.
    """
    try:
        kept = await asyncio.to_thread(records.evidence.open, file.sha256)
    except NotInLedgerError as error:
        erased = (await asyncio.to_thread(erasures, records.ledger)).get(file.sha256)
        if erased is None:
            raise LostFileError(name=file.name) from error
        raise ErasedFileError(name=file.name, order=erased.order) from error
    headers = {**_as_attachment(file.name), "Content-Length": str(file.size)}
    return StreamingResponse(_pieces(kept), media_type=_ANY, headers=headers)


def download(data: bytes, name: str, media_type: str) -> Response:
    """Bytes to be kept under a name; what is not plain in the name is encoded, so that no header can be made of it."""
    return Response(data, media_type=media_type, headers=_as_attachment(name))


async def document_download(visit: Visit, title: str, written: Callable[[str, Settings], bytes]) -> Response:
    """A document under its title, in the format that the address names; `written` makes a file of an ending."""
    ending, settings = visit.request.path_params["ending"], visit.office.settings
    if ending not in _DOCUMENTS:
        raise NotFoundError
    data = await asyncio.to_thread(written, f".{ending}", settings)
    return download(data, f"{title}.{ending}", _DOCUMENTS[ending])


async def document_sent(ledger: Ledger, documents: DocumentStore, sent: OutboxItem) -> Response:
    """The Word document of a paper that went out, as it was issued (raises as `document_of`)."""
    file = await document_of(ledger, documents, sent)
    return download(file.content, file.name, _DOCUMENTS["docx"])


async def paper_download(visit: Visit, item: OutboxItem | None) -> Response:
    """The document of a paper, where it went out with one (raises as `document_of`)."""
    if item is None or not item.has_document:
        raise NotFoundError
    return await document_sent(visit.office.records.ledger, visit.desk.documents, item)


async def bundle_download(office: Office, reader: str) -> Response:
    """The bundle that an auditor takes away, as one file; that somebody reads is recorded first (raises as
    `bundle_of`)."""
    folder = tempfile.TemporaryDirectory(prefix="duban-bundle-")
    place = Path(folder.name) / "bundle.tar"
    try:
        await bundle_of(office, reader, place)
    except BaseException:
        folder.cleanup()
        raise
    gone = BackgroundTask(folder.cleanup)
    return FileResponse(place, media_type="application/x-tar", filename="duban-bundle.tar", background=gone)


async def _pieces(file: BinaryIO) -> AsyncIterator[bytes]:
    with file:
        while piece := await asyncio.to_thread(file.read, _PIECE):
            yield piece


def _as_attachment(name: str) -> dict[str, str]:
    name = name.replace("/", "_").replace("\\", "_").lstrip(".")  # no folder, and no file that is not shown
    plain = "".join(each if each.isascii() and (each.isalnum() or each in "._-") else "_" for each in name)
    return {"Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"}
