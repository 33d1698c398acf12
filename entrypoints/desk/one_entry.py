"""What the pages of one person and of one department of the directory share: a change made, a last day entered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date

from starlette.responses import Response

from application.office.directory import Change
from domain.directory.draft import Draft
from domain.errors import DubanError
from entrypoints.desk.days import NO_DAY, day_of
from entrypoints.desk.directory import change_recorded
from entrypoints.desk.visits import Visit

Faults = Sequence[tuple[str | None, str]]
Form = Callable[[Visit, Faults], Awaitable[Response]]
"""The page of an entry: shown again with what was wrong."""


async def changed(visit: Visit, form: Form, number: str, change: Change) -> Response:
    """Make a change of the entry of a number, and tell of it in the list; or show its page with why it was not made."""
    try:
        await change_recorded(visit, change)
    except DubanError as error:
        return await form(visit, [(None, visit.refused(error))])
    return visit.see(f"/directory?changed={number}")


async def ended(visit: Visit, form: Form, number: str, end: Callable[[Draft, str, date | None], None]) -> Response:
    """End the entry of a number with the last day that was entered; with this one where none was."""
    text = visit.given("last_on")
    last_on = day_of(text)
    if text and last_on is None:
        return await form(visit, [("last_on", visit.say(NO_DAY))])
    return await changed(visit, form, number, lambda draft: end(draft, number, last_on))
