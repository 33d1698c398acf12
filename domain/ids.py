"""Names of things: a key project, a milestone, a department, and the workflow that supervises them.

One function builds each identity and one reads it back, so that no other module splits a string.
"""

from __future__ import annotations

import hashlib
import re
from typing import Annotated, Final

from pydantic import StringConstraints

from domain.errors import UnreadableIdError
from domain.names import Name

# Only ASCII digits: an identity is compared as text, and `２０１８` would be another one that looks the same.
_PLACE = r"[0-9A-Za-z.]+(?:_[0-9]{2,}_[0-9]{2,})*"
"""A project's place in its year's list; that of a sub-duty goes on with its milestone's number and its own."""

ProjectId = Annotated[str, StringConstraints(pattern=rf"^[0-9]{{4}}-{_PLACE}$", max_length=64)]
"""A key project: the list's year and the printed serial, with a letter where the serial repeats (`2018-05a`).

A sub-duty is named after the milestone that it is a part of (`2018-05a_03_01`, the first one of `2018-05a-03`)."""

MilestoneId = Annotated[str, StringConstraints(pattern=rf"^[0-9]{{4}}-{_PLACE}-[0-9]{{2,}}$", max_length=80)]
"""A milestone: its project and its place in the text, counted from one (`2018-05a-03`)."""

DepartmentId = Name
"""A department, by the name that the notice prints (`组织部`)."""

_PROJECT_WORKFLOW = re.compile(rf"key-project/([0-9]{{4}})/({_PLACE})")
PROJECT: Final = re.compile(rf"([0-9]{{4}})-({_PLACE})")
_MILESTONE = re.compile(rf"([0-9]{{4}}-{_PLACE})-([0-9]{{2,}})")
_PROJECT_EXPECTED = "项目编号（如 2018-05a）"
_SUB_DUTY = "_"
LEVELS_AT_MOST = 3
"""A key project, the sub-duties of its milestones, and those of theirs."""
_MAILBOX_PREFIX = "department-mailbox/"
_MAILBOX_DIGITS = 16
_DIGEST = re.compile(f"[0-9a-f]{{{_MAILBOX_DIGITS}}}")


def project_id_for(year: int, serial: str, letter: str = "") -> ProjectId:
    """The identity of the project that stands under a printed serial; whole numbers are padded to two digits."""
    padded = serial.zfill(2) if serial.isdigit() else serial
    return f"{year:04d}-{padded}{letter}"


def milestone_id_for(project_id: ProjectId, ordinal: int) -> MilestoneId:
    """The identity of a project's n-th milestone in the order of the text (n counts from one)."""
    return f"{project_id}-{ordinal:02d}"


def project_of(milestone_id: MilestoneId) -> ProjectId:
    """The project that a milestone belongs to.

    Raises:
        UnreadableIdError: the text is not a milestone's identity.
    """
    return _read(_MILESTONE, milestone_id, "节点编号（如 2018-05a-03）")[1]


def is_milestone(text: str) -> bool:
    """Whether a text is a milestone's identity, and not a project's."""
    return _MILESTONE.fullmatch(text) is not None


def sub_duty_id_for(milestone_id: MilestoneId, ordinal: int) -> ProjectId:
    """The identity of a milestone's n-th sub-duty (n counts from one).

    Raises:
        UnreadableIdError: the text is not a milestone's identity.
    """
    project_id = project_of(milestone_id)
    return f"{project_id}{_SUB_DUTY}{milestone_id[len(project_id) + 1 :]}{_SUB_DUTY}{ordinal:02d}"


def is_sub_duty(project_id: ProjectId) -> bool:
    """Whether a project is a part of another one's milestone, and not a row of the list: counted there, not again."""
    return _SUB_DUTY in project_id


def parent_milestone_of(project_id: ProjectId) -> MilestoneId | None:
    """The milestone that a sub-duty is a part of; none of a key project."""
    if not is_sub_duty(project_id):
        return None
    parent, milestone, _ = project_id.rsplit(_SUB_DUTY, 2)
    return f"{parent}-{milestone}"


def level_of(project_id: ProjectId) -> int:
    """One for a key project, two for a sub-duty of its milestones, and so on."""
    return 1 + project_id.count(_SUB_DUTY) // 2


def year_of(project_id: ProjectId) -> int:
    """The year of the list that a project stands in.

    Raises:
        UnreadableIdError: the text is not a project's identity.
    """
    return int(_read(PROJECT, project_id, _PROJECT_EXPECTED)[1])


def supervision_workflow_id(project_id: ProjectId) -> str:
    """The id of the workflow that supervises a project (`key-project/2018/05a`).

    Raises:
        UnreadableIdError: the text is not a project's identity.
    """
    year, place = _read(PROJECT, project_id, _PROJECT_EXPECTED).groups()
    return f"key-project/{year}/{place}"


def supervised_project_id(workflow_id: str) -> ProjectId:
    """The project that a supervision workflow's id names: the inverse of `supervision_workflow_id`.

    Raises:
        UnreadableIdError: the text is not the id of a supervision workflow.
    """
    year, place = _read(_PROJECT_WORKFLOW, workflow_id, _PROJECT_EXPECTED).groups()
    return f"{year}-{place}"


def mailbox_workflow_id(addressee: DepartmentId) -> str:
    """The id of the workflow that keeps a department's (or a superior's) mailbox, and of its stream in the ledger.

    An id is never encrypted and stays in the engine for ever, so it does not have the name (docs/adr/0162).
    """
    return f"{_MAILBOX_PREFIX}{hashlib.sha256(addressee.encode()).hexdigest()[:_MAILBOX_DIGITS]}"


def mailbox_named(text: str) -> str:
    """The mailbox that a person means: by its id, or by the addressee's name in the id's place."""
    written = text.removeprefix(_MAILBOX_PREFIX)
    return text if _DIGEST.fullmatch(written) else mailbox_workflow_id(written)


def is_mailbox(workflow_id: str) -> bool:
    """Whether a workflow's id is that of a mailbox."""
    return workflow_id.startswith(_MAILBOX_PREFIX)


def event_id_for(stream: str, seq: int) -> str:
    """The identity of an event: its stream and its place in it, so that a retry is the same event."""
    return f"{stream}#{seq}"


def record_name(event_id: str) -> str:
    """A record as people name it, by its project and its number there (`2018-05a#3`), whatever stands behind that.

    What is not of a project keeps the name that it has.
    """
    return _PROJECT_WORKFLOW.sub(r"\1-\2", event_id, count=1) if _PROJECT_WORKFLOW.match(event_id) else event_id


def record_named(text: str) -> str:
    """The identity of the record that a person names: the inverse of `record_name`; an identity stays what it is."""
    name, mark, behind = text.strip().partition("#")
    return f"{supervision_workflow_id(name)}{mark}{behind}" if mark and PROJECT.fullmatch(name) else text.strip()


def _read(form: re.Pattern[str], text: str, expected: str) -> re.Match[str]:
    match = form.fullmatch(text)
    if match is None:
        raise UnreadableIdError(given=text, expected=expected)
    return match
