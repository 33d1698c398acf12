"""The worker's health, for its container: exit status 0 while it polls for workflow tasks and for activity tasks.

Asks the worker's own metrics, so that a process that lives and hears nothing counts as ill.
"""

from __future__ import annotations

import os
import re
import sys
import urllib.request

KINDS = ("workflow_task", "activity_task")
_POLLERS = re.compile(r'^temporal_num_pollers\{.*?poller_type="(?P<kind>\w+)".*?\} (?P<count>[0-9.e+]+)$', re.MULTILINE)


def deaf_kinds(metrics: str) -> list[str]:
    """The kinds of task that no poller of the worker listens for, read from its metrics."""
    heard = {match["kind"] for match in _POLLERS.finditer(metrics) if float(match["count"]) > 0}
    return [kind for kind in KINDS if kind not in heard]


def complaint() -> str | None:
    """What is wrong with the worker in one sentence, or nothing."""
    port = os.environ.get("DUBAN_METRICS", "0.0.0.0:9464").rpartition(":")[2]
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=4) as answer:
            metrics = answer.read().decode("utf-8")
    except OSError as error:
        return f"The worker's metrics do not answer on port {port}: {error}."
    deaf = deaf_kinds(metrics)
    return f"The worker does not poll for: {', '.join(deaf)}." if deaf else None


if __name__ == "__main__":
    sys.exit(complaint())
