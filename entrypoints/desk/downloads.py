"""Files that people take away: always as a download, never shown by the browser as a page of ours."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

from starlette.responses import Response

from domain.errors import DubanError
from domain.evidence import EvidenceFile
from entrypoints.desk.visits import NotFoundError, Visit


async def as_download(visit: Visit, file: EvidenceFile) -> Response:
    """A file of the evidence store under the name under which it was shown."""
    try:
        data = await asyncio.to_thread(visit.office.records.evidence.read, file.sha256)
    except DubanError as error:
        raise NotFoundError from error
    return download(data, file.name, "application/octet-stream")


def download(data: bytes, name: str, media_type: str) -> Response:
    """Bytes to be kept under a name; what is not plain in the name is encoded, so that no header can be made of it."""
    plain = "".join(each if each.isascii() and (each.isalnum() or each in "._-") else "_" for each in name)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(data, media_type=media_type, headers={"Content-Disposition": disposition})
