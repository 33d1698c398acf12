"""Who may change the directory: an administrator of that day, or, without any yet, whom the change makes one."""

from __future__ import annotations

from datetime import date, timedelta

from domain.directory.changes import person_in
from domain.directory.directory import Directory, Person
from domain.errors import BrokenRuleError, RejectedError

ADMINISTRATOR_PREFIX = "administrator:"
"""How the actor of the directory's events begins; the person's number follows."""


class NotAnAdministratorError(RejectedError, rule="administrators_keep_the_directory"):
    """The one who asks may not change the directory."""


class LastAdministratorError(BrokenRuleError, rule="directory_has_an_administrator"):
    """A change would leave the directory to nobody."""

    says = "这样改后，{on} 没有一位管理员，名册不能由管理员更改：请先给另一位任管理员，中间不能有空。"
    on: date


def acting_administrator(before: Directory, after: Directory, who: str, on: date) -> Person:
    """The person who makes a change on a day.

    Raises:
        NotAnAdministratorError: he is no administrator, and there is one.
        NotInDirectoryError: the text names nobody, or several.
    """
    first = not before.holders("administrator", on)
    there = after if first else before
    person = person_in(there, who, on)
    if not there.has_role(person.person_id, "administrator", on):
        todo = "第一次建立名册时，须把办理人本人列为管理员" if first else "请由管理员办理"
        raise NotAnAdministratorError(
            f"{person.name}（{person.number}）{on} 不是管理员：{todo}。", person=person.number
        )
    return person


def must_keep_an_administrator(before: Directory, after: Directory, on: date) -> None:
    """Whoever changes the directory leaves it to somebody, from this moment on, without a day between two of them: on
    such a day anybody could make himself the first one.

    Raises:
        LastAdministratorError: on a day there is no administrator, and there was one before the change.
    """
    behind = (each.period.through for each in after.grants if each.role == "administrator")
    for day in sorted({on, *(each + timedelta(days=1) for each in behind if each is not None and each >= on)}):
        if before.holders("administrator", day) and not after.holders("administrator", day):
            raise LastAdministratorError(on=day)
