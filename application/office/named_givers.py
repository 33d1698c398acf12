"""Whom the shell may name as those who give or confirm an act of the supervision section."""

from __future__ import annotations

import asyncio

from application.records import Records
from domain.actors import Actor
from domain.acts.rejections import NotAnOperatorError
from domain.names import same_name


async def must_be_no_department(records: Records, *named: Actor | None) -> None:
    """Refuse an act of the supervision section in the name, or on the word, of a department that some list has: it may
    have no duty in the very project, where nobody could tell its name from a person's.

    Raises:
        NotAnOperatorError: it bears such a name.
    """
    of_the_section = [each.name for each in named if each is not None and each.role == "operator"]
    if not of_the_section:
        return
    departments = [each.department for each in await asyncio.to_thread(records.register.departments)]
    for name in of_the_section:
        if any(same_name(name, each) for each in departments):
            raise NotAnOperatorError(by=name)
