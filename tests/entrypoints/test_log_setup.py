"""Logging is set for a whole process, so each test looks at a process of its own."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path
from typing import Any

import pytest

from bench.patience import PATIENCE_SECONDS
from tests.forking import ended

ROOT = Path(__file__).parents[2]


def ran(script: str) -> subprocess.CompletedProcess[str]:
    """A process that runs `script`, with its output and its error stream."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "program.py"
        program.write_text(textwrap.dedent(script), encoding="utf-8")
        process = ended([str(program)], os.environ)
    process.check_returncode()
    return process


def lines(script: str) -> list[dict[str, Any]]:
    """What a process logs as JSON."""
    return [json.loads(line) for line in ran(script).stderr.splitlines()]


OURS = """
    import logging, structlog
    from entrypoints.log_setup import configure_logging
    configure_logging({arguments})
    log = structlog.get_logger("duban.test")
"""


def test_a_line_is_json_where_no_terminal_listens_and_leaves_the_output_alone() -> None:
    """Programs read the output; the log is one JSON object on the error stream."""
    process = ran(OURS.format(arguments="") + '    log.info("year_started", project_id="2018-05a", title="两新组织")')

    line = json.loads(process.stderr)
    assert process.stdout == ""
    assert {name: line[name] for name in ("event", "level", "logger", "project_id", "title")} == {
        "event": "year_started",
        "level": "info",
        "logger": "duban.test",
        "project_id": "2018-05a",
        "title": "两新组织",
    }
    assert line["timestamp"].endswith("Z")
    assert "两新组织" in process.stderr


def test_a_line_of_another_library_looks_like_ours() -> None:
    """Lines of the standard library's logging, with their extras and tracebacks, come in the same form."""
    (line,) = lines(
        OURS.format(arguments="")
        + """
    try:
        raise ValueError("boom")
    except ValueError:
        logging.getLogger("some.library").exception("it %s", "failed", extra={"attempts": 3})
    """
    )

    assert (line["event"], line["logger"], line["level"], line["attempts"]) == ("it failed", "some.library", "error", 3)
    assert line["exception"].endswith("ValueError: boom")
    assert set(line) == {"event", "logger", "level", "attempts", "exception", "timestamp"}


def test_a_warning_becomes_a_line() -> None:
    """Nothing reaches the error stream in another form."""
    (line,) = lines(OURS.format(arguments="") + '    import warnings; warnings.warn("careful")')

    assert (line["logger"], line["level"]) == ("py.warnings", "warning")


def test_what_is_below_the_level_is_not_shown() -> None:
    """The setting holds for our lines and for all others."""
    shown = lines(
        OURS.format(arguments='"json", "warning"')
        + """
    log.info("quiet"); log.warning("loud")
    logging.getLogger("other").info("quiet"); logging.getLogger("other").error("loud")
    """
    )

    assert [(line["event"], line["logger"]) for line in shown] == [("loud", "duban.test"), ("loud", "other")]


def test_setting_it_again_shows_each_line_once() -> None:
    """A second call replaces the first."""
    shown = lines(OURS.format(arguments="") + '    configure_logging("json", "info"); log.info("once")')

    assert len(shown) == 1


def test_what_was_bound_once_stands_on_every_line_that_follows() -> None:
    """Project, milestone and actor need not be said again, in our lines and in those of others."""
    shown = lines(
        OURS.format(arguments="")
        + """
    with structlog.contextvars.bound_contextvars(project_id="2018-05a", actor="operator:李明"):
        log.info("ours"); logging.getLogger("other").warning("theirs")
    log.info("after")
    """
    )

    assert [(line["event"], line.get("project_id"), line.get("actor")) for line in shown] == [
        ("ours", "2018-05a", "operator:李明"),
        ("theirs", "2018-05a", "operator:李明"),
        ("after", None, None),
    ]


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_no_secret_is_shown(log_format: str) -> None:
    """Keys and passwords are hidden in fields of such names, in texts, in tracebacks and in other libraries' lines."""
    process = ran(
        OURS.format(arguments=f'"{log_format}"')
        + """
    log.info("connected", api_key="hunter2", tls={"client_private_key": "hunter2"}, header="Bearer hunter2.x")
    logging.getLogger("other").warning("GET /?token=hunter2&x=1 postgres://duban:hunter2@db/ledger")
    given = "hunter" + "2"
    try:
        raise ValueError(f"password: {given}")
    except ValueError:
        log.exception("refused")
    """
    )

    assert "hunter2" not in process.stderr
    assert process.stderr.count("[hidden]") == 7  # the line of the traceback that shows the source among them
    assert "x=1" in process.stderr
    assert "postgres://duban:[hidden]@db/ledger" in process.stderr


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_what_a_person_wrote_is_in_no_traceback(log_format: str) -> None:
    """A value that is refused where nobody foresaw it: the line names the fault and its place, and not the value."""
    process = ran(
        OURS.format(arguments=f'"{log_format}"')
        + """
    from domain.evidence import EvidenceFile
    try:
        EvidenceFile(sha256="李明", size="的电话, 139", name="x")
    except ValueError:
        log.exception("refused")
    """
    )

    assert "李明" not in process.stderr.replace('EvidenceFile(sha256="李明"', "").replace(
        'EvidenceFile(sha256=\\"李明', ""
    )
    assert "input_value=[hidden], input_type=str" in process.stderr
    assert "2 validation errors for EvidenceFile" in process.stderr


def test_the_console_form_is_a_line_for_people() -> None:
    """Asked for by name it needs no terminal, and then it has no colours."""
    process = ran(OURS.format(arguments='"console"') + '    log.info("year_started", project_id="2018-05a")')

    assert "[info     ] year_started" in process.stderr
    assert "project_id=2018-05a" in process.stderr
    assert "\x1b[" not in process.stderr


def test_a_terminal_gets_the_console_form() -> None:
    """Without a word about the form, a person at a terminal reads lines and not JSON."""
    ours, theirs = pty.openpty()
    script = textwrap.dedent(OURS.format(arguments="") + '    log.info("year_started")')
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, stderr=theirs, timeout=PATIENCE_SECONDS, check=True)
    os.close(theirs)
    shown = os.read(ours, 10_000).decode()
    os.close(ours)

    assert "year_started" in shown
    assert not shown.startswith("{")


REPLAYED = """
    import asyncio, logging, structlog
    from datetime import timedelta
    from temporalio import activity, workflow
    from temporalio.testing import WorkflowEnvironment
    from temporalio.worker import UnsandboxedWorkflowRunner, Worker
    from application.engine_room.embedded import engine_program
    from entrypoints.log_setup import configure_logging

    log = structlog.get_logger("duban.test")

    @activity.defn
    async def act() -> None:
        log.info("acting"); activity.logger.info("acting, the engine's way")

    @workflow.defn(sandboxed=False)
    class Steps:
        @workflow.run
        async def run(self) -> None:
            for step in range(3):
                log.info("step", step=step)
                workflow.logger.info("step, the engine's way")
                logging.getLogger("plain").info("step, the plain way")
                await workflow.execute_activity(act, start_to_close_timeout=timedelta(seconds=20))

    async def main() -> None:
        server = engine_program("temporal-test-server")
        async with await WorkflowEnvironment.start_time_skipping(test_server_existing_path=server) as environment:
            async with Worker(
                environment.client, task_queue="q", workflows=[Steps], activities=[act], max_cached_workflows=0,
                workflow_runner=UnsandboxedWorkflowRunner(),
            ):
                await environment.client.execute_workflow(
                    Steps.run, id="key-project/2018/05a", task_queue="q", execution_timeout=timedelta(minutes=5)
                )
        await asyncio.sleep(0.2)

    configure_logging()
    asyncio.run(main())
"""


def test_a_replayed_workflow_writes_no_line_twice_and_every_line_says_where_it_is_from() -> None:
    """Nothing is kept between its tasks, so each is a replay; still three steps are three lines of each kind."""
    shown = lines(REPLAYED)

    counts = {event: sum(line["event"] == event for line in shown) for event in {line["event"] for line in shown}}
    assert {event: count for event, count in counts.items() if event.startswith(("step", "acting"))} == {
        "step": 3,
        "step, the engine's way": 3,
        "step, the plain way": 3,
        "acting": 3,
        "acting, the engine's way": 3,
    }
    for line in shown:
        if line["event"].startswith("step"):
            assert line["workflow_id"] == "key-project/2018/05a"
            assert line["workflow_now"]
        if line["event"].startswith("acting"):
            assert (line["activity"], line["workflow_id"], line["attempt"]) == ("act", "key-project/2018/05a", 1)


def test_the_engine_s_own_core_is_shown_like_all_others() -> None:
    """Lines of the part that is not Python arrive through the same form."""
    shown = lines(
        """
    import asyncio
    from temporalio import activity
    from temporalio.runtime import Runtime, TelemetryConfig
    from temporalio.testing import WorkflowEnvironment
    from temporalio.worker import Worker
    from application.engine_room.embedded import engine_program
    from application.engine_room.connecting import engine_log_forwarding
    from entrypoints.log_setup import configure_logging

    @activity.defn
    async def act() -> None: ...

    async def main() -> None:
        runtime = Runtime(telemetry=TelemetryConfig(logging=engine_log_forwarding("debug")))
        server = engine_program("temporal-test-server")
        async with await WorkflowEnvironment.start_time_skipping(
            test_server_existing_path=server, runtime=runtime
        ) as environment:
            async with Worker(environment.client, task_queue="q", activities=[act]):
                await asyncio.sleep(0.5)
        await asyncio.sleep(0.2)

    configure_logging("json", "debug")
    asyncio.run(main())
    """
    )

    core = [line for line in shown if line["logger"] == "temporalio.core"]
    assert core
    assert all({"event", "level", "timestamp"} <= set(line) and "temporal_log" not in line for line in core)


def logged_into(
    place: Path, then: str = 'log.info("year_started")', *, log_format: str = "auto"
) -> subprocess.CompletedProcess[str]:
    """A process whose log has a file, and what it does `then`."""
    arguments = f'"{log_format}", "info", Path("{place}")'
    return ran("from pathlib import Path\n" + textwrap.dedent(OURS.format(arguments=arguments)) + then)


def test_what_runs_before_people_logs_into_a_file(tmp_path: Path) -> None:
    """With a file, the log leaves both streams alone; each line is JSON in the file."""
    place = tmp_path / "data" / "logs" / "duban.log"
    process = logged_into(place)
    assert (process.stdout, process.stderr) == ("", "")
    (line,) = map(json.loads, place.read_text(encoding="utf-8").splitlines())
    assert line["event"] == "year_started"


def test_what_went_wrong_is_told_to_the_people_too(tmp_path: Path) -> None:
    """An error stands in the file, and in a line to read before the people."""
    place = tmp_path / "duban.log"
    process = logged_into(place, 'log.error("beside_failed", text="督办台没有打开")')
    assert "督办台没有打开" in process.stderr
    assert not process.stderr.lstrip().startswith("{")
    assert "督办台没有打开" in place.read_text(encoding="utf-8")


def test_what_the_engine_s_library_says_to_itself_is_not_told_to_people(tmp_path: Path) -> None:
    """It tries again by itself, and says so in English to whoever mends it: the file has it, no screen."""
    place, said = tmp_path / "duban.log", "We expected to be able to fetch more events"
    process = logged_into(place, f'logging.getLogger("temporalio.core").error("{said}")')
    assert (process.stderr, said in place.read_text(encoding="utf-8")) == ("", True)


@pytest.mark.parametrize("moved", ['place.rename(f"{place}.moved")', "place.unlink()"])
def test_a_file_that_another_program_takes_away_is_begun_anew(moved: str, tmp_path: Path) -> None:
    """What rotates logs moves the file under a running process: the next line stands in a new one at its place."""
    place = tmp_path / "duban.log"
    logged_into(place, f'place = Path("{place}")\n{moved}\nlog.info("after_it")\nlog.info("and_again")')
    assert [json.loads(line)["event"] for line in place.read_text("utf-8").splitlines()] == ["after_it", "and_again"]


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_a_form_that_is_asked_for_goes_to_standard_error(log_format: str, tmp_path: Path) -> None:
    """Who asks for a form of the log looks at it: nothing goes into the file."""
    place = tmp_path / "duban.log"
    process = logged_into(place, log_format=log_format)
    assert "year_started" in process.stderr
    assert not place.exists()


def test_a_full_disk_loses_the_line_and_nothing_else() -> None:
    """Whoever runs the year is not told of the log's own trouble among sentences, and goes on."""
    process = logged_into(Path("/dev/full"), 'log.info("year_started")\nprint("goes on")')
    assert (process.returncode, process.stdout, process.stderr) == (0, "goes on\n", "")


def test_where_the_file_cannot_be_opened_standard_error_has_the_log(tmp_path: Path) -> None:
    """A log that finds no place is not lost."""
    (tmp_path / "taken").write_text("", encoding="utf-8")
    place = tmp_path / "taken" / "duban.log"
    process = logged_into(place)
    assert "year_started" in process.stderr


@pytest.mark.parametrize(
    ("logger", "says", "raised", "event", "text"),
    [
        (
            "temporalio.worker._workflow",
            "Failed handling activation",
            """ApplicationError(
                "Workflow class Non\\x1b[31m\\nsense is not registered on this worker, available workflows: Ours",
                type="NotFoundError",
            )""",
            "workflow_unknown",
            ("启动了督办程序不认识的流程（Non[31msense），没有执行", "duban engine repair"),
        ),
        (
            "temporalio.worker._workflow_instance",
            "Failed deserializing signal input for collect on workflow Box with ID box/1\\x1b[31m and run ID 7",
            'RuntimeError("Failed decoding arguments")',
            "signal_unreadable",
            ("向流程 box/1[31m 发来读不懂的信号（collect），没有采用", "duban doctor"),
        ),
    ],
    ids=["a start that nobody knows", "a signal that nobody can read"],
)
def test_what_a_stranger_sends_is_one_sentence(
    logger: str, says: str, raised: str, event: str, text: tuple[str, str]
) -> None:
    """What came and what to do, without the library's traceback; a name moves no cursor, and all else is told whole."""
    shown = ran(
        OURS.format(arguments='"console", "info"')
        + f"""
    from temporalio.exceptions import ApplicationError
    another = ApplicationError("another", type="NotFoundError")
    for says, raised in (("{says}", {raised}), ("Failed handling activation", another)):
        try:
            raise raised
        except Exception:
            logging.getLogger("{logger}").exception(says)
    """
    ).stderr
    first, *rest = shown.splitlines()
    assert event in first
    assert [part for part in text if part not in first] == []
    assert "\x1b" not in first
    assert "Traceback" not in first
    assert any("Traceback" in line for line in rest)
