"""Whom the line over a part of a list charges (`一、产业发展（甲局牵头，乙局配合）`): those below it have them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from domain.notice.assignment import Assignment
from domain.notice.assignments import assignment_in, label_line
from domain.notice.departments import departments
from domain.notice.patterns import regex
from domain.notice.who_and_when import who_and_when_alone
from domain.project import KeyProject

_ASSIGNS = regex(
    r"牵头|(?:责任|承办|主办|主责)(?:单位|部门|科室|处室|人)\s*[:：]|负责[）)]"
    r"|(?:完成|办理|办结|化解|整改)(?:时限|期限)|(?<!每)(?<!每月)月?底前|lead:|owner:",
    re.IGNORECASE,
)
# `各牵头单位要细化措施`: whoever leads, and nobody by name.
_EVERYBODY = regex(
    r"各(?:有关|相关|级)?(?:牵头|责任|主办|主责|承办|配合|参与|协办|[、和及（）()])*(?:单位|部门|处室|科室|地区|地)"
)


def handed_on(text: str, projects: Iterable[KeyProject]) -> bool:
    """Whether one project has all offices that a line charges, in a sentence or by labels, and the limit it may say."""
    said = Assignment()
    for role, value in label_line(text) or who_and_when_alone(text):
        said.add(role, value)
    said = said if said != Assignment() else assignment_in(text)[1]
    charged = {*departments(said.lead), *departments(said.participants)}
    return bool((charged or said.due) and not said.schedule) and any(
        charged <= {project.lead_department, *project.participating_departments} and said.due in project.schedule_text
        for project in projects
    )


def assigns(text: str) -> bool:
    """Whether a line says who leads or answers, or by when, and not of everybody."""
    return _ASSIGNS.search(_EVERYBODY.sub("", text)) is not None
