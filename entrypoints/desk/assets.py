"""What pages name: style sheets and the icon, kept for ever under the hash of their content; and whether we live."""

from __future__ import annotations

from starlette.responses import PlainTextResponse, Response

from entrypoints.desk.rendering import static_files, static_path
from entrypoints.desk.routing import Page
from entrypoints.desk.visits import NotFoundError, Visit


async def static(visit: Visit) -> Response:
    """A file that pages name."""
    found = static_files().get(visit.request.path_params["name"])
    if found is None:
        raise NotFoundError
    data, media_type = found
    return Response(data, media_type=media_type, headers={"Cache-Control": "public, max-age=31536000, immutable"})


async def icon(visit: Visit) -> Response:
    """The icon, at the place where browsers look for it."""
    data, media_type = static_files()[static_path("icon.svg").rpartition("/")[2]]
    return Response(data, media_type=media_type, headers={"Cache-Control": "public, max-age=86400"})


async def alive(visit: Visit) -> Response:
    """Whether the desk answers, for who watches the process."""
    return PlainTextResponse("ok\n")


PAGES = (
    Page("/static/{name}", static, "everybody"),
    Page("/favicon.ico", icon, "everybody"),
    Page("/alive", alive, "everybody"),
)
