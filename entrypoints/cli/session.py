"""What every command shares: its settings, its way to run, and how it answers a person or a program."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click
from pydantic import BaseModel

from application.settings import Settings, load_settings
from domain.bounds import DAY_BOUNDS, is_day
from domain.characters import printable
from domain.clock import OFFICE_TIME
from entrypoints.cli.in_locale import OwnWords, shown
from entrypoints.cli.own_folder import in_own_folder, name_folder
from entrypoints.first_line import log_when_needed

if TYPE_CHECKING:
    from rich.console import Console

Answer = TypeVar("Answer")

STOPS_WITHIN_SECONDS = 60
"""How long it may take to stop in good order: the compose file and the manifests wait as long."""
_TOLD_TWICE_SECONDS = 1
"""Some programs hand one Ctrl-C on that their child has got already."""
_SETTLE_SECONDS = 0.2
_WIDTH_OF_A_FILE = 2_000
_AS_JSON: Final = "duban.as_json"
"""Where a call keeps what its option `--json` said: whatever of it answers asks `wants_json`."""


def as_shown(text: str) -> str:
    """A text as it is shown: in the reader's language, and nothing that a terminal would obey."""
    return printable(text if isinstance(text, OwnWords) else in_own_folder(shown(text)))


def say(text: str, *, err: bool = False) -> None:
    """Say a sentence to a person, as an act does: no table, so nothing is loaded that draws one."""
    click.echo(as_shown(text), err=err)


def out() -> Console:
    """Where answers to a person go."""
    from entrypoints.cli.safe_console import SafeConsole

    # Into a file or a pipe there is no screen to fit: a table folded into narrow columns could not be read there.
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else _WIDTH_OF_A_FILE
    return SafeConsole(file=sys.stdout, soft_wrap=not sys.stdout.isatty(), width=width)


def err() -> Console:
    """Where progress and remarks go."""
    from entrypoints.cli.safe_console import SafeConsole

    return SafeConsole(stderr=True, soft_wrap=not sys.stderr.isatty())


def settings_of(context: click.Context, **given: object) -> Settings:
    """The settings of this call: its options, over `duban --data`, over the environment and the file."""
    options = {**(context.find_root().obj or {}), **{k: v for k, v in given.items() if v is not None}}
    settings = load_settings(**options)
    name_folder(settings.data if "data" in options else None)
    log_to_standard_error(settings)
    return settings


def log_to_standard_error(settings: Settings) -> None:
    """Let everything that this process logs go to standard error: standard output is for answers."""
    log_when_needed(settings.log_format, settings.log_level)


def run_async(work: Coroutine[Any, Any, Answer]) -> Answer:
    """Run a command that talks to the engine."""

    async def settled() -> Answer:
        try:
            return await work
        finally:
            # Measured: a process that ends right after using the engine's library crashes in one of six runs; after
            # this pause in none of a hundred. Commands must end with their own status.
            await asyncio.sleep(_SETTLE_SECONDS)

    return asyncio.run(settled())


def asked_to_stop() -> asyncio.Event:
    """Is set when this process is told to stop: also by a terminal that is closed, unless it was told not to care.

    What hangs then (without memory for a thread the engine's library waits without end) is ended by the system: by a
    second Ctrl-C, or after a minute, whatever the process is waiting for.
    """
    stopped, loop = asyncio.Event(), asyncio.get_running_loop()

    def at_once() -> None:
        loop.remove_signal_handler(signal.SIGINT)
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    def stop_in_order() -> None:
        if not stopped.is_set():
            stopped.set()
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(STOPS_WITHIN_SECONDS)
            loop.call_later(_TOLD_TWICE_SECONDS, at_once)

    for stop in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if stop is signal.SIGHUP and signal.getsignal(stop) is signal.SIG_IGN:
            continue  # nohup
        loop.add_signal_handler(stop, stop_in_order)
    return stopped


def wants_json() -> bool:
    """Whether the call asks for one JSON document: a program reads the answer."""
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.meta.get(_AS_JSON))


def reply(document: BaseModel | dict[str, Any], *lines: str, status: int = 0) -> int:
    """Answer a program with a document, a person with lines; hand on the status with which the command ends."""
    if not replied(document):
        for line in lines:
            out().print(line)
    return status


def replied(document: BaseModel | dict[str, Any]) -> bool:
    """Answer a program with a document; say whether it was one that asked."""
    if wants_json():
        print_json(document)
    return wants_json()


def print_json(answer: BaseModel | dict[str, Any]) -> None:
    """Print exactly one JSON document on standard output."""
    print_text(answer.model_dump_json() if isinstance(answer, BaseModel) else json.dumps(answer, ensure_ascii=False))


def print_text(document: str) -> None:
    """Print a JSON document that is written already."""
    sys.stdout.write(document + "\n")
    sys.stdout.flush()


class DayType(click.ParamType[date]):
    """A day, `YYYY-MM-DD`."""

    name = "日期"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read a day."""
        if isinstance(value, date):
            return value
        try:
            day = date.fromisoformat(value)
        except ValueError:
            self.fail(f"“{value}”不是日期，应写作 2018-04-25。", param, ctx)
        return day if is_day(day) else self.fail(f"{DAY_BOUNDS}。", param, ctx)


class InstantType(click.ParamType[date | datetime]):
    """A day, or an instant of office time when it has no offset of its own."""

    name = "日期或时刻"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date | datetime:
        """Read a day or an instant."""
        if isinstance(value, date):
            return value
        try:
            day_alone = "T" not in value and " " not in value
            read = date.fromisoformat(value) if day_alone else datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"“{value}”不是日期或时刻，应写作 2018-04-25 或 2018-04-25T09:00。", param, ctx)
        if not is_day(date(read.year, read.month, read.day)):
            self.fail(f"{DAY_BOUNDS}。", param, ctx)
        if isinstance(read, datetime) and read.tzinfo is None:
            return read.replace(tzinfo=OFFICE_TIME)
        return read


DAY = DayType()
INSTANT = InstantType()
OLD_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
"""A file that must be there."""
FILE = click.Path(dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)


def _note(context: click.Context, _: click.Parameter, as_json: bool) -> None:
    context.meta[_AS_JSON] = as_json


json_option = click.option(
    "--json", "as_json", is_flag=True, expose_value=False, callback=_note, help="只输出一个 JSON 文档"
)
policy_option = click.option("--policy", type=click.Path(dir_okay=False), help="督办规则文件（默认内置规则）")
calendar_option = click.option("--calendar", type=click.Path(dir_okay=False), help="补充或更改节假日安排的文件")
data_option = click.option("--data", type=click.Path(file_okay=False), help="数据目录（默认 .duban）")


def settings_option(function: Callable[..., Answer]) -> Callable[..., Answer]:
    """The option `--data`, for a command that needs nothing of its call but the settings, its first argument."""

    @data_option
    @click.pass_context
    @wraps(function)
    def called(context: click.Context, /, *, data: str | None, **given: Any) -> Answer:
        return function(settings_of(context, data=data), **given)

    return called


def ledger_option(function: Callable[..., Answer]) -> Callable[..., Answer]:
    """The same, for a command that works on a ledger that is there."""

    @settings_option
    @wraps(function)
    def called(settings: Settings, /, **given: Any) -> Answer:
        from entrypoints.bootstrap import must_have_ledger

        must_have_ledger(settings)
        return function(settings, **given)

    return called


def usual_options(function: Callable[..., Answer]) -> Callable[..., Answer]:
    """The options `--data` and `--json`, which almost every command has."""
    return settings_option(json_option(function))


def ledger_options(function: Callable[..., Answer]) -> Callable[..., Answer]:
    """The same, for a command that works on a ledger that is there."""
    return ledger_option(json_option(function))
