"""How long each activity may take and how it is tried again: one table."""

from __future__ import annotations

from datetime import timedelta
from typing import TypedDict

from temporalio.common import RetryPolicy

RECORD_DECISION = "record_decision"
MAIL_WAITING = "mail_waiting"
DELIVER_DIGEST = "deliver_digest"


class LocalOptions(TypedDict):
    """The options of a local activity."""

    schedule_to_close_timeout: timedelta
    start_to_close_timeout: timedelta
    local_retry_threshold: timedelta
    retry_policy: RetryPolicy


class RegularOptions(TypedDict):
    """The options of a regular activity."""

    start_to_close_timeout: timedelta
    retry_policy: RetryPolicy


SHORT: LocalOptions = {
    # Inside the workflow task (10 s), so that a store that does not answer never times the task out.
    "schedule_to_close_timeout": timedelta(seconds=6),
    "start_to_close_timeout": timedelta(seconds=6),
    "local_retry_threshold": timedelta(seconds=5),
    "retry_policy": RetryPolicy(initial_interval=timedelta(milliseconds=100), maximum_attempts=4),
}
"""A transaction of the store: milliseconds, one history event."""

ONCE: LocalOptions = {**SHORT, "retry_policy": RetryPolicy(maximum_attempts=1)}
"""A question whose answer holds for the instant at which it is asked: it is not retried, but asked anew."""

UNTIL_IT_WORKS: RegularOptions = {
    "start_to_close_timeout": timedelta(seconds=60),
    "retry_policy": RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30)),
}
"""Tried until it works: an outage holds the workflow and loses nothing."""
