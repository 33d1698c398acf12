"""What a channel says itself of a message that it took: delivered, or read. Its signature proves who says so."""

from __future__ import annotations

import asyncio
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from application.office.message_receipts import receipts_came
from application.office.office import Office
from domain.plain_json import plain_json
from entrypoints.bootstrap.channels import is_own_receipt

PATH: Final = "/channels/{channel}/receipts"


class _Receipt(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str = Field(min_length=1, max_length=200, pattern=r"^\S+$")
    state: Literal["delivered", "read"]


class _Receipts(BaseModel):
    model_config = ConfigDict(extra="forbid")

    receipts: tuple[_Receipt, ...] = Field(min_length=1, max_length=1_000)


async def channel_receipts(office: Office, request: Request) -> Response:
    """Keep a channel's own receipts: how many were new, and which name no message that this channel took.

    What comes again says nothing more, so that a receipt that is caught on the way and sent once more is harmless.
    """
    channel, body = request.path_params["channel"], await request.body()
    if not await asyncio.to_thread(is_own_receipt, office.settings, channel, request.headers, body):
        raise HTTPException(401)
    try:
        told = _Receipts.model_validate(plain_json(body))
    except (ValueError, RecursionError):
        raise HTTPException(400) from None
    now = await asyncio.to_thread(office.now)
    lines = [f"{each.id} {each.state}" for each in told.receipts]
    new, strange = await receipts_came(office.records, channel, lines, now)
    return JSONResponse({"new": new, "unknown": [line.partition(" ")[0] for line in strange]})
