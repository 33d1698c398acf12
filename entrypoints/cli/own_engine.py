"""The data folder's own engine under `duban run`: started with it, brought back where it dies, stopped with it."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from application.engine_room.embedded import EmbeddedEngine
from application.settings import Settings
from entrypoints.cli.session import err

LOOKED_AT_EVERY_SECONDS = 2.0


class OwnEngine:
    """An engine that may be ended under us: for want of memory, by somebody's hand, or with another `duban run`."""

    def __init__(self, settings: Settings, stopped: asyncio.Event) -> None:
        self._embedded = EmbeddedEngine(settings)
        self._folder = settings.engine_folder
        self._stopped = stopped
        self._ours = False
        self._address = ""
        self._told = ""
        self.moved = False
        """Whether it answers at another port now, where nobody of this run looks for it."""

    async def up(self) -> None:
        """Start it, or take the one that runs (raises as `EmbeddedEngine.up`)."""
        self._ours = self._embedded.running() is None
        err().print("启动引擎……" if self._ours else "引擎已在运行。")
        self._address = (await self._embedded.up(_tell_of_the_wait)).address

    async def look(self) -> None:
        """Bring it back where it died; say so, and where that is not ours to do.

        Raises:
            EngineUnreachableError: it does not come up.
        """
        if not self._folder.is_dir():
            # A new engine in an empty place would begin another history of the same year.
            self._tell(
                f"数据目录 {self._folder.parent} 不见了（被移走、改名，或所在的盘已卸下），督办暂停：请放回原处。"
            )
            return
        engine = await asyncio.to_thread(self._embedded.running)
        if engine is None and self._embedded.is_stopped_by_hand():
            self._tell("引擎已由 duban engine down 停止，督办暂停：接着办请运行 duban engine up。")
            return
        if engine is None:
            self._tell("引擎停了（随另一次运行一起停止，或被结束，或内存不足），正在重新启动……")
            self._ours = True
            engine = await self._embedded.up()
        if engine.address != self._address:
            self._tell("引擎换了端口（原来的已被别的程序占用），这里接不上，就此停止：请重新运行 duban run。")
            self.moved = True
            self._stopped.set()
        elif self._told:
            self._tell("引擎又在运行，督办接着办。")
            self._told = ""

    async def down(self) -> None:
        """Stop it, if this run started it."""
        if self._ours:
            await asyncio.to_thread(self._embedded.down)

    def _tell(self, text: str) -> None:
        if text != self._told:
            self._told = text
            with suppress(OSError, ValueError):  # a terminal that was closed holds nothing up
                err().print(text)


def _tell_of_the_wait() -> None:
    err().print("另一次运行正在停止或启动这里的引擎，等它办完（一般不到一分钟）就接着启动……")
