"""The interface of an installation, for the port on which its desk is served: made when it is first called."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from application.accounts.accounts import Accounts
from application.desk_work.office_desks import OfficeDesks
from entrypoints.bootstrap import engine_now
from entrypoints.desk.opened import Beside


class _WhenCalled:
    """Most offices never call it: what it is made of takes seconds and some memory to load."""

    def __init__(self, desks: OfficeDesks, accounts: Accounts) -> None:
        self._desks, self._accounts = desks, accounts
        self._made: asyncio.Task[ASGIApp] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a call."""
        if self._made is None:
            self._made = asyncio.create_task(asyncio.to_thread(self._make))
        app = await asyncio.shield(self._made)
        await app(scope, receive, send)

    def _make(self) -> ASGIApp:
        from entrypoints.api.app import api_application
        from entrypoints.api.callers import AccountTokens

        callers = AccountTokens(self._accounts, engine_now)
        return api_application(self._desks.office, callers, self._accounts, self._desks)


API: Final = Beside("/api", _WhenCalled)
"""What `open_desk` serves beside the desk."""
