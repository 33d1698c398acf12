"""The register as JSON: a project whose supervision does not go on has `unavailable`, with its reason and text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from application.engine_room.unavailable import Unavailable
from application.office.present_register import PresentRegister, Sick
from domain.ids import ProjectId

if TYPE_CHECKING:
    from domain.seeing.views import RegisterView


def page_document(present: PresentRegister, views: Mapping[ProjectId, str], *, strangers: bool) -> str:
    """A page of the register with the views that are kept, as they are: ten thousand are not read and written again.

    With `strangers`, also what the engine has and the ledger has not.
    """
    rows = []
    for row in present.page.rows:
        unavailable, view = present.sick.get(row.project_id), views.get(row.project_id)
        if view is None:
            continue  # dropped between two reads: the register is being made anew, and says that it is behind
        rows.append(_with(json.loads(view), unavailable) if unavailable else view)
    for project_id, unavailable in present.sick.items():
        if strangers and project_id not in present.recorded:
            rows.append(_with(_unrecorded(project_id), unavailable))
    page = present.page
    how = {
        "count": page.count,
        "next": page.lies.next(len(page.rows), page.count),
        "behind": present.standing.behind,
        "due": present.standing.due,
    }
    return f'{{"as_of":{_json(present.as_of.isoformat())},"projects":[{",".join(rows)}],"register":{_json(how)}}}'


def recorded_document(register: RegisterView, sick: Sick) -> dict[str, Any]:
    """Projects as the ledger has them, and those of `sick` that it has not."""
    document = register.model_dump(mode="json")
    recorded = {row["project_id"] for row in document["projects"]}
    rows = [*document["projects"], *(_unrecorded(project_id) for project_id in sick if project_id not in recorded)]
    for row in rows:
        if unavailable := sick.get(row["project_id"]):
            row["unavailable"] = unavailable.model_dump()
    return {**document, "projects": rows}


def _unrecorded(project_id: ProjectId) -> dict[str, Any]:
    nothing = dict.fromkeys(("title", "lead_department", "stage", "next_due_on"))
    return {**nothing, "light": "grey", "milestones": [], "project_id": project_id}


def _with(row: dict[str, Any], unavailable: Unavailable) -> str:
    return _json({**row, "unavailable": unavailable.model_dump()})


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
