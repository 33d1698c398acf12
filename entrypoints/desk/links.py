"""Where the link of a message leads after login: to the duty, or to the papers; once, and with no right of its own."""

from __future__ import annotations

import asyncio
from functools import partial
from urllib.parse import quote

from starlette.responses import Response

from application.office.message_receipts import link_was_followed, message_known_as
from domain.directory.signed_in import SignedIn
from domain.directory.superiors import goes_to_head_of
from domain.ids import DepartmentId
from domain.papers.mail import Digest
from domain.papers.routes import LINKS
from entrypoints.desk.languages import later as _
from entrypoints.desk.reading import place_of
from entrypoints.desk.routing import READERS, Page, told
from entrypoints.desk.visits import NotFoundError, Visit


async def followed(visit: Visit) -> Response:
    """Go on to what the message is about, and keep that its link was used; whether one may see it is asked there."""
    records = visit.office.records
    known = await asyncio.to_thread(message_known_as, records, visit.request.path_params["identity"])
    if known is None:
        raise NotFoundError
    names = known.delivery.digests
    digests = await asyncio.to_thread(lambda: [records.outbox.digest(each.rpartition("/")[0], each) for each in names])
    theirs = [name for name in map(partial(_department_of, visit.signed_in), digests) if name is not None]
    if not theirs and not any(visit.has(role) for role in READERS):
        raise NotFoundError
    if any(name in visit.signed_in.reads_for for name in theirs) or visit.signed_in.name == known.reader:
        if known.delivery.link_used:
            return told(visit, 410, _("这个链接已经用过：请登录后从“收到的文书”或“全部任务”进入。"))
        # Of somebody else, who may only look, it stays unused.
        await link_was_followed(records, known, visit.signed_in.name, await visit.desk.now())
    about = {(each.paper.project_id, each.paper.milestone_id) for digest in digests for each in digest.items}
    project_id, milestone_id = next(iter(about)) if len(about) == 1 else (None, None)
    if theirs:
        papers = f"/papers?department={quote(theirs[0])}&unread=1"
        return visit.see(f"/duties/{milestone_id}" if milestone_id else papers)
    if project_id is None:
        return visit.see("/")
    return visit.see(place_of(project_id, milestone_id))


def _department_of(person: SignedIn, digest: Digest) -> DepartmentId | None:
    """The department of the one who asks to which mail went, or to him as its head; none where it went to another."""
    if digest.addressee in person.reads:
        return digest.addressee
    headed = (goes_to_head_of(each.paper) for each in digest.items if each.paper.to == digest.addressee)
    return next((name for name in headed if name in person.heads), None)


PAGES = (Page(f"{LINKS}{{identity}}", followed, "signed_in"),)
