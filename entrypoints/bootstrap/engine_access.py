"""What lets a process into the engine: certificates and a token, shown anew when their files were renewed."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from temporalio.worker import Worker

from application.engine_room.connecting import standard_configuration
from application.engine_room.engine import Engine
from application.engine_room.loops import Beside
from application.log_lines import log_lines
from application.settings import Settings
from entrypoints.bootstrap import engine_token, reach_engine

_LOOKS_EVERY_SECONDS: Final = 60.0
_log = log_lines("duban.engine")


def access_kept(settings: Settings, engine: Engine, *workers: Worker) -> Beside:
    """The work that keeps a process which lives long let into the engine, its workers too."""
    look = EngineAccess(settings, engine, *workers).look
    return Beside("engine_access", _LOOKS_EVERY_SECONDS, look, at_once=False)


class EngineAccess:
    """What a process shows to the engine, whose library shows for ever what a connection began with."""

    def __init__(self, settings: Settings, engine: Engine, *workers: Worker) -> None:
        self._settings, self._engine, self._workers = settings, engine, workers
        self._shown = shown_to_engine(settings)

    async def look(self) -> None:
        """Connect anew where a certificate, a key or the token changed; what is under way ends on its old connection.

        Raises:
            EngineUnreachableError: what is there now is not whole, or nobody is let in with it: all stays as it was.
            InputError: the token cannot be read.
        """
        found = await asyncio.to_thread(shown_to_engine, self._settings)
        if found == self._shown:
            return
        runtime = self._engine.client.service_client.config.runtime
        renewed, _ = await reach_engine(self._settings, **({"runtime": runtime} if runtime else {}))
        self._engine.client = renewed.client
        for worker in self._workers:
            worker.client = renewed.client
        self._shown = found
        _log.info("engine_access_renewed")


def shown_to_engine(settings: Settings) -> tuple[dict[str, Any], str | None] | None:
    """What is shown to an engine elsewhere; none where it is the data folder's own (raises as `reach_engine`)."""
    standard = standard_configuration()
    return None if standard is None else (standard.config, engine_token(settings))
