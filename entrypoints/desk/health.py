"""How the installation is: what `duban doctor` knows."""

from __future__ import annotations

from starlette.responses import Response

from application.office.examination import examined
from entrypoints.bootstrap import premises_of
from entrypoints.desk.languages import later as _
from entrypoints.desk.routing import ADMINISTRATORS, Page
from entrypoints.desk.visits import Visit


async def health(visit: Visit) -> Response:
    """Every finding, what is wrong first."""
    findings = await examined(premises_of(visit.office.settings))
    ordered = sorted(findings, key=lambda each: each.ok)
    return await visit.page_now("health.html", findings=ordered)


PAGES = (Page("/health", health, ADMINISTRATORS, menu=_("运行状况")),)
