"""Whom the shell may name as the one who gives an act of the supervision section."""

from __future__ import annotations

from application.office.office import Office
from domain.actors import Actor
from domain.acts.rejections import NotAnOperatorError
from domain.names import same_name


async def must_be_no_department(office: Office, actor: Actor) -> None:
    """Refuse an act of the supervision section in the name of a department that some list has: it may have no duty in
    the very project, where nobody could tell its name from a person's.

    Raises:
        NotAnOperatorError: it bears such a name.
    """
    if actor.role != "operator":
        return
    if any(same_name(actor.name, each.department) for each in await office.register.departments()):
        raise NotAnOperatorError(by=actor.name)
