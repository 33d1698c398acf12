"""All pages of the desk, in the order of the menu."""

from __future__ import annotations

from typing import Final

from entrypoints.desk import (
    acting,
    assets,
    calendar,
    coming,
    deputies,
    directory,
    duty,
    elsewhere,
    entering,
    events,
    health,
    leader,
    many,
    mine,
    papers,
    passkeys,
    plans,
    project,
    register,
    rehearsal,
    today,
    verification,
    views,
    waiting,
    year,
    year_end,
)
from entrypoints.desk.routing import Page

PAGES: Final[tuple[Page, ...]] = (
    *today.PAGES,
    *leader.PAGES,
    *mine.PAGES,
    *papers.PAGES,
    *deputies.PAGES,
    *calendar.PAGES,
    *register.PAGES,
    *waiting.PAGES,
    *coming.PAGES,
    *plans.PAGES,
    *rehearsal.PAGES,
    *year.PAGES,
    *year_end.PAGES,
    *events.PAGES,
    *verification.PAGES,
    *directory.PAGES,
    *health.PAGES,
    *project.PAGES,
    *views.PAGES,
    *many.PAGES,
    *duty.PAGES,
    *acting.PAGES,
    *entering.PAGES,
    *passkeys.PAGES,
    *elsewhere.PAGES,
    *assets.PAGES,
)
