"""A worker of its own, for any engine that Temporal's standard configuration names."""

from __future__ import annotations

import sys

from application.engine_room.data_folder import must_be_the_original, prepare_data_folder
from application.log_lines import log_lines
from application.settings import Settings, load_settings
from domain.errors import DubanError
from entrypoints.at_work import working
from entrypoints.bootstrap import metrics_of, open_office
from entrypoints.cli.in_locale import told
from entrypoints.cli.main import exit_status_of
from entrypoints.cli.session import asked_to_stop, log_to_standard_error, run_async
from entrypoints.cli.streams import ready_streams


def work() -> None:
    """Work until the process is told to stop; exit with the status of what went wrong, if anything did."""
    ready_streams(as_json=False)
    try:
        settings = load_settings()
        log_to_standard_error(settings)
        prepare_data_folder(settings)
        must_be_the_original(settings)
        run_async(_work(settings))
    except DubanError as error:
        sys.stderr.write(f"{told(error.text)}\n")
        sys.exit(exit_status_of(error))


async def _work(settings: Settings) -> None:
    stopped = asked_to_stop()
    log = log_lines("duban.worker")
    async with open_office(settings, **metrics_of(settings)) as office:
        kept = await office.engine.prepare_namespace()
        async with working(office):
            client = office.engine.client
            log.info("worker_ready", namespace=client.namespace, queue=settings.task_queue, retention_days=kept.days)
            await stopped.wait()
            log.info("worker_stopping")
