"""The embedded engine: the real Temporal dev server as a process of its own, with its data in one folder."""

from __future__ import annotations

import asyncio
import fcntl
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from pydantic import BaseModel, ConfigDict
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.service import RPCError

from application.engine_room.connecting import connect
from application.engine_room.data_folder import write_whole
from application.settings import Settings
from domain.errors import EngineUnreachableError, InputError

NAMESPACE = "duban"
_DATABASE = "temporal.db"
UNFINISHED = "unfinished-"
"""How the names begin of a database that was put aside because no workflow was ever begun there."""
HOLD = "engine.hold"
"""The file of the lock that the engine's own process keeps."""
_LOOPBACK = "127.0.0.1"
_START_SECONDS = 60.0
_STOP_SECONDS = 20.0
_LOOK_AGAIN_SECONDS = 0.1
_STARTS_TRIED = 3
_ENDS_LOOKS = 20

# The engine outlives whoever started it: its process is kept here until it is stopped, not dropped while it runs.
_children: dict[int, subprocess.Popen[bytes]] = {}
_PORTS_TRIED = 200
_PORTS = re.compile(rf"--port (?P<port>\d+) --ui-port (?P<ui>\d+) --db-filename {re.escape(_DATABASE)}")
_LISTENING = "0A"  # as /proc/net/tcp has it

# Measured on two cores (docs/measurements.md): the default of 512 scheduler workers a queue only gets in its own way.
# An entry of the engine's own lists costs it two thirds of what the rest of a wake-up does (docs/adr/0014), so they
# follow at 20 entries twice a second and leave a month's end to what is due. By default a workflow takes ten updates at
# once; the eleventh is refused, and all that it had admitted are let go of.
_NOT_AS_BY_DEFAULT = (
    "history.timerProcessorSchedulerWorkerCount=8",
    "history.transferProcessorSchedulerWorkerCount=8",
    "history.visibilityProcessorSchedulerWorkerCount=1",
    "history.visibilityTaskBatchSize=20",
    "history.visibilityProcessorMaxPollRPS=2",
    "history.maxInFlightUpdates=200",
    # A supervision whose tasks fail is to be seen in the lists after the second time, seconds later, not the fifth.
    "system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute=2",
)


class RunningEngine(BaseModel):
    """Where an engine runs, as the data folder remembers it."""

    model_config = ConfigDict(frozen=True)

    pid: int
    port: int
    ui_port: int
    folder: str
    """Which folder this was written for: a copied folder is another one."""

    @property
    def address(self) -> str:
        """The engine's address for clients."""
        return f"{_LOOPBACK}:{self.port}"

    @property
    def web_ui(self) -> str:
        """The address of the engine's Web UI."""
        return f"http://{_LOOPBACK}:{self.ui_port}"


class EngineProgramMissingError(InputError, rule="engine_installed"):
    """The engine's program is not installed."""


def engine_program(name: str = "temporal") -> str:
    """The program of the real engine, from its wheel beside this interpreter (or on the path).

    Raises:
        EngineProgramMissingError: it is not installed.
    """
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if found is None:
        raise EngineProgramMissingError(
            f"找不到引擎程序 {name}：请安装它（pip install {name}-bin；源码目录里是 make install），"
            "或用 TEMPORAL_ADDRESS 指明别处的引擎。",
            program=name,
        )
    return found


class EmbeddedEngine:
    """One data folder's engine. It outlives the command that started it and keeps everything in its database file."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = settings.engine_folder
        self._record = self._folder / "engine.json"

    def running(self) -> RunningEngine | None:
        """The engine that runs on this data folder, or none."""
        engine = self._noted()
        return engine if engine is not None and self._is_ours(engine) else self._unnoted()

    def _noted(self) -> RunningEngine | None:
        try:
            return RunningEngine.model_validate_json(self._record.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def _unnoted(self) -> RunningEngine | None:
        """One that runs and is not the one that was noted: whoever started it died, or had no room, before the note was
        written, or the note was lost since."""
        for process in Path("/proc").glob("[1-9]*"):
            with suppress(OSError):
                ports = _PORTS.search(_command_line(process))
                if ports is None or not (process / "cwd").samefile(self._folder):
                    continue
                found = {"pid": int(process.name), "port": ports["port"], "ui_port": ports["ui"]}
                engine = RunningEngine.model_validate({**found, "folder": self._identity()})
                if self._is_ours(engine):
                    return engine
        return None

    def _is_ours(self, engine: RunningEngine) -> bool:
        try:
            return engine.folder == self._identity() and _runs(engine, self._folder)
        except OSError:
            return False

    def _identity(self) -> str:
        """What a copy of the folder has not: the place of the folder on the disk."""
        found = self._folder.stat()
        return f"{found.st_dev}:{found.st_ino}"

    async def up(self, wait_told: Callable[[], None] = lambda: None) -> RunningEngine:
        """Start the engine where it does not run yet, and wait until it answers; `wait_told` is called where another
        one who stops or starts it is waited for first.

        Raises:
            EngineUnreachableError: it did not come up; the sentence names its log.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        if await asyncio.to_thread(self._taken):
            wait_told()
        with self._alone():
            engine = self.running()
            # One that was killed a moment ago may still look as if it ran.
            if engine is not None and await self._answering(engine, None):
                return engine
            await self._engine_before_is_gone()
            for _ in range(_STARTS_TRIED):
                # Between finding a port free and listening on it, another process may take it.
                engine, process = self._start()
                if await self._answering(engine, process):
                    return engine
                self._set_aside_what_never_began()
            raise EngineUnreachableError(
                f"内嵌引擎没有启动成功：原因见 {self._folder / 'engine.log'} 的末尾。若是数据库 {_DATABASE} 损坏："
                "请从备份恢复（duban restore）；没有备份的，移走它再运行，再用 duban engine repair --all 按台账接续。"
            )

    async def _engine_before_is_gone(self) -> None:
        """Wait a moment for an engine that has just ended: for its hold on the folder, and for its port, where workers
        and desks look for this one.

        Raises:
            EngineUnreachableError: one that cannot be seen from here (in another container) holds the folder still.
        """
        before, held = self._noted(), True
        for _ in range(_ENDS_LOOKS):
            with suppress(BlockingIOError), self._held():
                held = False
            if not held and (before is None or _free_port(before.port) == before.port):
                return
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        if held:
            raise EngineUnreachableError(
                f"数据目录 {self._folder.parent} 已由另一个内嵌引擎占用，而这里看不到那个引擎（多半在另一个容器里），"
                "没有启动：一个数据目录只能由一个引擎使用，请先停下那一个，再运行。"
            )

    def _set_aside_what_never_began(self) -> None:
        """A first start that was killed leaves a database without its tables, at which the engine stops for good: one
        that holds no workflow is put aside, so that the next try makes it whole."""
        database = self._folder / _DATABASE
        if not database.exists() or not _holds_nothing(database):
            return
        for path in self._folder.glob(f"{_DATABASE}*"):
            path.replace(path.with_name(f"{UNFINISHED}{path.name}"))

    def down(self, *, by_hand: bool = False) -> bool:
        """Stop the engine; say whether one was running. Nothing is lost: its data is in the folder.

        One that is stopped by hand stays so, also where it had died a moment before: whoever works on it does not
        bring it back."""
        if not self._folder.is_dir() or (self.running() is None and not by_hand):
            return False
        with self._alone():
            # Whoever starts one meanwhile waits: it finds none, and its own note is not taken away.
            engine = self.running()
            if engine is not None:
                os.kill(engine.pid, signal.SIGTERM)
            if by_hand:
                # Before it is gone: a run that finds it gone, with its record, takes it for dead and brings it back.
                self._record.unlink(missing_ok=True)
            if engine is not None:
                self._see_off(engine)
            return engine is not None

    def is_stopped_by_hand(self) -> bool:
        """Whether none runs because somebody stopped it, and it did not die."""
        return self._folder.is_dir() and not self._record.exists()

    def _see_off(self, engine: RunningEngine) -> None:
        """Wait until an engine that was told to stop is gone; end it where it takes too long."""
        deadline = time.monotonic() + _STOP_SECONDS
        while self._is_ours(engine) and time.monotonic() < deadline:
            time.sleep(0.05)
        if self._is_ours(engine):
            os.kill(engine.pid, signal.SIGKILL)
        if (child := _children.pop(engine.pid, None)) is not None:
            child.wait()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        # Two engines on one database file would destroy it.
        with (self._folder / "engine.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _taken(self) -> bool:
        """Whether another one stops or starts the engine, or one that was told to stop is not gone yet."""
        with (self._folder / "engine.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    @contextmanager
    def _held(self) -> Iterator[int]:
        """The engine's hold on the folder, a lock that its process inherits and keeps as long as it lives: no second
        one starts here, whatever became of the note, and also where another's processes are not seen.

        Raises:
            BlockingIOError: an engine holds it.
        """
        with (self._folder / HOLD).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield lock.fileno()

    def _start(self) -> tuple[RunningEngine, subprocess.Popen[bytes]]:
        from workflows.search_attributes import ALL_KEYS

        port = _free_port(self._settings.engine_port)
        ui_port = _free_port(self._settings.ui_port, taken=port)
        command = [engine_program(), "server", "start-dev", "--ip", _LOOPBACK, "--port", str(port)]
        command += ["--ui-port", str(ui_port), "--db-filename", _DATABASE, "--namespace", NAMESPACE]
        command += ["--ui-disable-news-fetch"]  # no page of ours asks another host for anything
        # Committed means on the disk, also when the power fails: WAL with a full sync is as safe as the default
        # journal and twice as fast.
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            command += ["--sqlite-pragma", pragma]
        for value in _NOT_AS_BY_DEFAULT:
            command += ["--dynamic-config-value", value]
        for key in ALL_KEYS:
            command += ["--search-attribute", f"{key.name}={_type_word(key.indexed_value_type.name)}"]
        command += ["--log-level", "error", "--log-format", "json"]
        with self._held() as held, (self._folder / "engine.log").open("ab") as log:
            process = subprocess.Popen(
                command,
                # The engine makes a URI of the file's name, in which `#`, `?` and `%` of a folder would mean something.
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=(held,),
                start_new_session=True,
            )
        engine = RunningEngine(pid=process.pid, port=port, ui_port=ui_port, folder=self._identity())
        _children[engine.pid] = process
        write_whole(self._record, engine.model_dump_json())
        return engine, process

    async def _answering(self, engine: RunningEngine, process: subprocess.Popen[bytes] | None) -> bool:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if not self._is_ours(engine) if process is None else process.poll() is not None:
                return False
            try:
                client = await connect(engine.address, namespace=NAMESPACE)
                await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=NAMESPACE))
            except (RuntimeError, RPCError):
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)
            else:
                # Who answers may be another folder's engine that took the port first: ours ends in a moment then.
                if self._is_ours(engine) if process is None else _listens(engine):
                    return True
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        raise EngineUnreachableError(
            f"内嵌引擎 {_START_SECONDS:.0f} 秒没有应答：请稍后再试；仍不行，原因在 {self._folder / 'engine.log'}。"
        )


def _holds_nothing(database: Path) -> bool:
    """Whether no workflow was ever begun there; what cannot be read is not nothing."""
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as store:
            tables = {str(row[0]) for row in store.execute("SELECT name FROM sqlite_schema WHERE type='table'")}
            return "executions" not in tables or not store.execute("SELECT 1 FROM executions LIMIT 1").fetchone()
    except sqlite3.Error:
        return False


def _runs(engine: RunningEngine, folder: Path) -> bool:
    """Whether the process of an engine is still this one's: a process id is used again after a power failure."""
    words = f"--port {engine.port} --ui-port {engine.ui_port} --db-filename {_DATABASE}"
    try:
        process = Path(f"/proc/{engine.pid}")
        return words in _command_line(process) and (process / "cwd").samefile(folder) and not _is_zombie(engine.pid)
    except OSError:
        return words in _shown_by_ps(engine.pid) if not Path("/proc/self").exists() else False


def _command_line(process: Path) -> str:
    return (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")


def _listens(engine: RunningEngine) -> bool:
    """Whether the engine's own process holds the port that it was given (taken as read where no /proc says so)."""
    try:
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        held = {str(each.readlink()) for each in Path(f"/proc/{engine.pid}/fd").iterdir() if each.is_symlink()}
    except OSError:
        return not Path("/proc/self").exists()
    port = f"{engine.port:04X}"
    listening = (row[9] for row in rows if row[3] == _LISTENING and row[1].endswith(f":{port}"))
    return any(f"socket:[{inode}]" in held for inode in listening)


def _shown_by_ps(pid: int) -> str:
    # Without /proc (macOS) the process list tells the same.
    return subprocess.run(
        ["/bin/ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def _type_word(name: str) -> str:
    return {"KEYWORD": "Keyword", "INT": "Int", "DATETIME": "Datetime"}[name]


def _free_port(first: int, taken: int | None = None) -> int:
    for port in range(first, first + _PORTS_TRIED):
        if port == taken:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((_LOOPBACK, port))
            except OSError:
                continue
            return port
    raise EngineUnreachableError(
        f"从 {first} 起的 {_PORTS_TRIED} 个端口都被占用，内嵌引擎无处监听：请另设 DUBAN_ENGINE_PORT。"
    )
