"""Departments that a list does not name: whoever is still to be found (`待分配`), or many at once (`各有关单位`)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from domain.ids import ProjectId
from domain.notice.departments import is_placeholder
from domain.notice.findings import CONFIRM, Finding, FindingSource
from domain.notice.folding import fold
from domain.notice.windows import Choice

# All of a kind (`各学院`) are the same wherever they stand; `各有关单位` are those whom one duty touches.
_ALL_OF_A_KIND = re.compile(
    r"(?!.*(?:[有相所]关|责任|成员|职能|参与|配合|其他|其它|涉及))(?:全[省市县区])?(?:各|所有|全体).+"
)


def placeholder_findings(project_id: ProjectId, lead: str, participants: Iterable[str]) -> list[Finding]:
    """A question for each department of a project that is none: papers cannot go to it."""
    found: list[Finding] = []
    for name in dict.fromkeys((lead, *participants)):
        if not is_placeholder(name):
            continue
        leading = name == lead
        code = "placeholder_lead" if leading else "placeholder_participant"
        what = "牵头" if leading else "参与"
        everywhere = not leading and _ALL_OF_A_KIND.fullmatch(fold(name)) is not None
        place = name if everywhere else project_id if leading else f"{project_id}:{name}"
        once = "，各项都按此" if everywhere else ""
        found.append(
            Finding(
                key=f"{code}@{place}",
                code=code,
                severity="ruling",
                project_id=None if everywhere else project_id,
                text=f"“{name}”不是一个部门的名称，要写明由哪个部门{what}{once}；裁定写部门名称，多个用顿号隔开。",
                source=FindingSource(
                    field="lead_department" if leading else "participating_departments",
                    start=0,
                    end=len(name),
                    text=name,
                ),
                assumed=name,
                choices=(Choice(key=CONFIRM, text=f"就以“{name}”的名义发文"),),
            )
        )
    return found
