"""The Word documents of papers that went out, as they were issued: downloads alone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated

from fastapi import Path, Query
from starlette.responses import Response

from domain.ids import DepartmentId, event_id_for, supervision_workflow_id
from entrypoints.api.calls import Call
from entrypoints.api.problems import NothingThereError
from entrypoints.api.reads import Project
from entrypoints.desk.downloads import document_sent


async def project_document(
    call: Call,
    project_id: Project,
    number: Annotated[int, Path(ge=0, description="Behind the # of its `paper_id`")],
) -> Response:
    """The Word document of a paper of a project, as it was issued, as a download."""
    await call.project(project_id)
    return await _document(call, event_id_for(supervision_workflow_id(project_id), number), None)


async def own_document(
    call: Call, paper_id: Annotated[str, Query(max_length=200, description="The `paper_id` of a paper received")]
) -> Response:
    """The Word document of a paper that the token's department has received, as it was issued, as a download."""
    return await _document(call, paper_id, call.names)


async def _document(call: Call, paper_id: str, names: Sequence[DepartmentId] | None) -> Response:
    items = await asyncio.to_thread(call.office.records.outbox.items_of, [paper_id])
    sent = next((each for each in items if each.has_document and (names is None or each.addressee in names)), None)
    if sent is None:
        raise NothingThereError
    return await document_sent(call.office.records.ledger, call.premises.documents, sent)
