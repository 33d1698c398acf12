"""Who knocks at the production engine: with no certificate or a foreign one, no token or a forged one, or his own."""

from __future__ import annotations

import base64
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

from temporalio.api.workflowservice.v1 import UpdateNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode, TLSConfig

_NAMESPACE = "duban"
_NOBODY = "nobody"
"""A workflow that is not there: whoever may come so far is told that, and nothing is changed."""
_REFUSED = frozenset({RPCStatusCode.PERMISSION_DENIED, RPCStatusCode.UNAUTHENTICATED, RPCStatusCode.UNAVAILABLE})


async def knock(address: str, secrets: Path, elsewhere: Path) -> tuple[int, list[str]]:
    """How many knocked, and what was not as it must be; `secrets` are the engine's, `elsewhere` another office's."""
    wrong, callers = [], _callers(address, secrets, elsewhere)
    for name, opened, asked, allowed in callers:
        try:
            await asked(await opened())
            let_in = True
        except RPCError as error:
            let_in = error.status not in _REFUSED
        except RuntimeError:
            let_in = False  # the connection did not come about
        if let_in != allowed:
            wrong.append(f"{name}: {'let in' if let_in else 'refused'}")
    return len(callers), wrong


def forged(token: str) -> str:
    """The same token with more rights and the old signature."""
    head, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    more = json.dumps({**claims, "permissions": ["temporal-system:admin"]}).encode()
    return ".".join((head, base64.urlsafe_b64encode(more).rstrip(b"=").decode(), signature))


Opened = Callable[[], Awaitable[Client]]
Asked = Callable[[Client], Awaitable[object]]


def _callers(address: str, secrets: Path, elsewhere: Path) -> list[tuple[str, Opened, Asked, bool]]:
    def shows(folder: Path | None, token: str | None) -> Opened:
        tls = TLSConfig(
            server_root_ca_cert=(secrets / "engine_ca").read_bytes(),
            domain="temporal",
            client_cert=(folder / "engine_page_certificate").read_bytes() if folder else None,
            client_private_key=(folder / "engine_page_key").read_bytes() if folder else None,
        )
        return lambda: Client.connect(address, namespace=_NAMESPACE, tls=tls, api_key=token)

    def token(who: str, folder: Path = secrets) -> str:
        return (folder / f"engine_{who}_token").read_text("utf-8")

    return [
        ("nothing at all", lambda: Client.connect(address, namespace=_NAMESPACE), look, False),
        ("no certificate", shows(None, token("worker")), look, False),
        ("another office's certificate", shows(elsewhere, token("worker")), look, False),
        ("no token", shows(secrets, None), look, False),
        ("another office's token", shows(secrets, token("worker", elsewhere)), look, False),
        ("a forged token", shows(secrets, forged(token("page"))), look, False),
        ("the Web UI, looking", shows(secrets, token("page")), look, True),
        ("the Web UI, asking", shows(secrets, token("page")), ask, True),
        ("the Web UI, acting", shows(secrets, token("page")), act, False),
        ("a worker, acting", shows(secrets, token("worker")), act, True),
        ("a worker, changing the namespace", shows(secrets, token("worker")), change, False),
    ]


async def look(client: Client) -> object:
    """List what there is."""
    return [each.id async for each in client.list_workflows(limit=1)]


async def ask(client: Client) -> object:
    """Ask for the page of a workflow's details."""
    return await client.get_workflow_handle(_NOBODY).query("__temporal_workflow_metadata")


async def act(client: Client) -> None:
    """Send a signal."""
    await client.get_workflow_handle(_NOBODY).signal("command")


async def change(client: Client) -> object:
    """Change the namespace."""
    return await client.workflow_service.update_namespace(UpdateNamespaceRequest(namespace=_NAMESPACE))
