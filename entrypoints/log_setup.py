"""Logs: for people on a terminal, one JSON object a line otherwise; to standard error, never to the output.

What runs before people (`duban run`) logs into a file, unless a format is asked for: they read sentences only.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor
from temporalio import activity, workflow
from temporalio.exceptions import ApplicationError

from application.log_lines import ENGINE_LIBRARY

_SECRET_KEY = re.compile(
    r"pass(word|wd|phrase)|secret|token|api[_-]?key|private[_-]?key|authorization|credential|cookie", re.IGNORECASE
)
_SECRET_IN_TEXT = re.compile(
    r"(?P<before>\bbearer\s+|://[^\s/:@]*:|\b(?:password|passwd|secret|token|api[_-]?key)[\"']?\s*[=:]\s*[\"']?)"
    r"[^\s\"'&,;@]+",
    re.IGNORECASE,
)
_WRITTEN = re.compile(r"(?<=input_value=).*?(?=, input_type=)", re.DOTALL)
"""What a person wrote, as the library of values shows it when it refuses it."""
_HIDDEN = "[hidden]"
_DEEPEST = 8
_LARGEST, _KEPT = 10_000_000, 5
_OF_THE_LIBRARIES = ("temporal_log", "color_message")
_UNKNOWN_START = re.compile(r"Workflow class (?P<kind>.+) is not registered on this worker", re.DOTALL)
_UNREADABLE_SIGNAL = re.compile(
    r"Failed deserializing signal input for (?P<signal>.+) on workflow \S+ with ID (?P<workflow>.+) and run ID ",
    re.DOTALL,
)
_LONGEST_NAME, _LONGEST_ID = 60, 200


def configure_logging(log_format: str = "auto", log_level: str = "info", file: Path | None = None) -> None:
    """Send every line of this process to standard error: ours, the engine library's, those of any other library.

    `log_format` is `console`, `json`, or `auto` for console on a terminal and JSON elsewhere; `log_level` the least
    level that is shown. With a `file`, `auto` is JSON into that; standard error, before people then, has only what
    went wrong, in lines to read: not what the engine's library says to itself before it tries again. Again, it replaces
    what it set before.
    """
    level = logging.getLevelNamesMapping()[log_level.upper()]
    into_file = _log_file(file) if file is not None and log_format == "auto" else None
    stream = _ErrorStream(sys.stderr)
    handlers: list[logging.Handler] = [stream]
    if into_file is None:
        _dress(stream, _resolved(log_format, sys.stderr))
    else:
        handlers.append(into_file)
        _dress(into_file, "json")
        _dress(stream, "console")
        stream.setLevel(logging.ERROR)
        stream.addFilter(lambda record: record.name != ENGINE_LIBRARY)
    root = logging.getLogger()
    for earlier in [
        known
        for known in root.handlers
        if isinstance(known, (_ErrorStream, _LogFile)) or hasattr(known, "until_set_up")
    ]:
        root.removeHandler(earlier)
        if isinstance(earlier, _LogFile):
            earlier.close()
    for handler in handlers:
        root.addHandler(handler)
    root.setLevel(level)
    logging.captureWarnings(True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    # The ids stand in fields of their own here; in the message they would make every line another text.
    workflow.logger.workflow_info_on_message = workflow.logger.workflow_info_on_extra = False
    activity.logger.activity_info_on_message = activity.logger.activity_info_on_extra = False


def drop_replayed_and_add_origin(_: Any, __: str, event_dict: EventDict) -> EventDict:
    """Drop a line that a workflow writes again while it is replayed; say which workflow or activity wrote a new one."""
    if workflow.in_workflow():
        if workflow.unsafe.is_replaying():
            raise structlog.DropEvent
        running = workflow.info()
        event_dict.setdefault("workflow_id", running.workflow_id)
        event_dict.setdefault("run_id", running.run_id)
        event_dict.setdefault("workflow_now", workflow.now().isoformat())
    elif activity.in_activity():
        doing = activity.info()
        event_dict.setdefault("activity", doing.activity_type)
        event_dict.setdefault("workflow_id", doing.workflow_id)
        event_dict.setdefault("run_id", doing.workflow_run_id)
        event_dict.setdefault("attempt", doing.attempt)
    return event_dict


def tell_an_unknown_start(_: Any, __: str, event_dict: EventDict) -> EventDict:
    """Say in a sentence that somebody started what no worker of ours knows: no code of ours failed, and no traceback of
    the library says what to do."""
    exc_info = event_dict.get("exc_info")
    error = exc_info[1] if isinstance(exc_info, tuple) else None
    found = _UNKNOWN_START.match(str(error.message)) if isinstance(error, ApplicationError) else None
    if found is None:
        return event_dict
    kind = _as_shown(found["kind"], _LONGEST_NAME)
    text = (
        f"有程序直接在引擎中启动了督办程序不认识的流程（{kind}），没有执行，台账不变：请运行 duban doctor "
        "查看流程名，再运行 duban engine repair 加流程名 --remove 移除。"
    )
    return _in_a_sentence(event_dict, "workflow_unknown", text)


def tell_an_unreadable_signal(_: Any, __: str, event_dict: EventDict) -> EventDict:
    """Say in a sentence that somebody sent what a workflow of ours cannot read: the library drops it."""
    found = _UNREADABLE_SIGNAL.match(str(event_dict.get("event")))
    if found is None:
        return event_dict
    signal = _as_shown(found["signal"], _LONGEST_NAME)
    workflow_id = _as_shown(found["workflow"], _LONGEST_ID)
    text = (
        f"有程序直接在引擎中向流程 {workflow_id} 发来读不懂的信号（{signal}），没有采用，台账不变，督办照常进行："
        "请运行 duban doctor 核对，并查明谁能连到引擎，见 docs/what-is-protected.md。"
    )
    return _in_a_sentence(event_dict, "signal_unreadable", text)


def hide_secrets(_: Any, __: str, event_dict: EventDict) -> EventDict:
    """Put a mark where a password, key or token would stand, by the name of its field or by what is before it."""
    return {key: _HIDDEN if _SECRET_KEY.search(key) else _shown(value) for key, value in event_dict.items()}


def _dress(handler: logging.Handler, log_format: Literal["console", "json"]) -> None:
    """Let a handler write lines in a format, without secrets."""
    handler.addFilter(_not_replayed)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*_shared(), structlog.stdlib.ExtraAdder()],
            processors=[
                _without_library_parts,
                tell_an_unknown_start,
                tell_an_unreadable_signal,
                # Tracebacks as text, without the values of local variables: those may be anything, a department's
                # text or a key.
                structlog.processors.format_exc_info,
                hide_secrets,
                _renderer(log_format, sys.stderr),
            ],
        )
    )


class _ErrorStream(logging.StreamHandler[TextIO]):
    """The one handler that this module sets; known by its class, so that a second call finds it."""


class _LogFile(RotatingFileHandler):
    """The log of what people look at; known by its class too. What cannot be written is not told among sentences."""

    def shouldRollover(self, record: logging.LogRecord) -> int:  # noqa: N802 - the library's name
        """Asked before each line: where another program moved or removed the file, go on in a new one at its place."""
        stream = self.stream
        if stream is not None and not self._is_at_its_place(stream):
            self.stream = self._open()
            stream.close()
        return super().shouldRollover(record)

    def _is_at_its_place(self, stream: TextIO) -> bool:
        try:
            return os.path.samestat(Path(self.baseFilename).stat(), os.fstat(stream.fileno()))
        except FileNotFoundError:
            return False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        """A line that cannot be written is lost: a full disk is told by whatever needs the disk."""


def _log_file(place: Path) -> _LogFile | None:
    """The file of the log, held to a size; none where it cannot be opened, and the log goes to standard error then."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        return _LogFile(place, maxBytes=_LARGEST, backupCount=_KEPT, encoding="utf-8")
    except OSError:
        return None


def _as_shown(name: str, most: int) -> str:
    # A stranger chose the name: nothing of it moves a terminal's cursor.
    return "".join(filter(str.isprintable, name))[:most]


def _in_a_sentence(event_dict: EventDict, event: str, text: str) -> EventDict:
    return {**{name: value for name, value in event_dict.items() if name != "exc_info"}, "event": event, "text": text}


def _not_replayed(_: logging.LogRecord) -> bool:
    # For lines that do not come through structlog: there a processor cannot drop.
    return not (workflow.in_workflow() and workflow.unsafe.is_replaying())


def _shared() -> list[Processor]:
    return [
        drop_replayed_and_add_origin,
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _resolved(log_format: str, stream: TextIO) -> Literal["console", "json"]:
    if log_format == "console" or (log_format == "auto" and stream.isatty()):
        return "console"
    return "json"


def _renderer(log_format: Literal["console", "json"], stream: TextIO) -> Processor:
    if log_format == "json":
        return structlog.processors.JSONRenderer(serializer=json.dumps, ensure_ascii=False, default=str)
    colours = stream.isatty() and "NO_COLOR" not in os.environ and os.name != "nt"
    return structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=structlog.dev.plain_traceback)


def _without_library_parts(logger: Any, method: str, event_dict: EventDict) -> EventDict:
    for name in _OF_THE_LIBRARIES:
        event_dict.pop(name, None)
    return structlog.stdlib.ProcessorFormatter.remove_processors_meta(logger, method, event_dict)


def _shown(value: Any, depth: int = 0) -> Any:
    if isinstance(value, str):
        return _SECRET_IN_TEXT.sub(rf"\g<before>{_HIDDEN}", _WRITTEN.sub(_HIDDEN, value))
    if depth > _DEEPEST:
        return value
    if isinstance(value, dict):
        return {
            key: _HIDDEN if _SECRET_KEY.search(str(key)) else _shown(item, depth + 1) for key, item in value.items()
        }
    if isinstance(value, list):
        return [_shown(item, depth + 1) for item in value]
    return value
