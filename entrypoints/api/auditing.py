"""What an auditor's program asks: the whole record verified, the bundle, one entry's receipt; each is on record."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import AwareDatetime, Field
from starlette.responses import Response

from application.audit.inquiries import record_reading
from application.desk_work.verification import Verification, extension_of, receipt_of
from domain.bounds import MOST
from entrypoints.api.answers import Answer
from entrypoints.api.calls import Call
from entrypoints.api.problems import NothingThereError
from entrypoints.desk.downloads import bundle_download


class VerificationAnswer(Answer):
    """A verification of the whole record: whether it goes on, its verdict, and what was found."""

    began_at: AwareDatetime
    reader: str
    running: bool
    how_far: str = Field(description="The step that goes on")
    verdict: str = Field(description="`nothing_found`, `evidence_missing` or `changed`; empty while there is none")
    conclusion: str
    findings: tuple[str, ...]
    problem: str | None


async def verification(call: Call) -> VerificationAnswer:
    """The last verification of the whole record; 404 where there was none since this process began."""
    last = call.premises.desks.verifications.last
    if last is None:
        raise NothingThereError
    return _answer(call, last)


async def verify(call: Call) -> VerificationAnswer:
    """Begin a verification of the whole record; ask for it again until it is no longer running.

    Raises:
        BusyVerifyingError: another one goes on.
    """
    return _answer(call, await call.premises.desks.verifications.begin(call.caller.name))


async def bundle(call: Call) -> Response:
    """The bundle that an auditor takes away, as one file."""
    return await bundle_download(call.office, call.caller.name)


async def receipt(
    call: Call,
    event_id: Annotated[str, Query(min_length=1, max_length=200, description="As in `key-project/2018/05a#3`")],
) -> Response:
    """The receipt of one entry, which stands for itself offline."""
    text = await receipt_of(call.office, call.caller.name, event_id)
    return Response(text.encode(), media_type="text/plain; charset=utf-8")


async def head(
    call: Call,
    since: Annotated[int, Query(ge=0, le=MOST, description="How many entries the head had that the caller has")] = 0,
) -> Response:
    """The log's last signed head with the proof that it extends the one of `since` entries: what a witness or a log of
    heads asks for."""
    await record_reading(call.office.records, call.caller.name, "desk head")
    text = await extension_of(call.office.records.log, since)
    return Response(text.encode(), media_type="text/plain; charset=utf-8")


def _answer(call: Call, one: Verification) -> VerificationAnswer:
    findings = (
        [f"{step.name}: {finding.text}" for step in one.report.steps for finding in step.findings] if one.report else []
    )
    return VerificationAnswer(
        as_of=call.as_of,
        began_at=one.began_at,
        reader=one.reader,
        running=one.running,
        how_far=one.how_far(),
        verdict=one.verdict,
        conclusion=one.conclusion,
        findings=(*findings, *one.unkept, *((one.changed,) if one.changed else ())),
        problem=one.problem,
    )
