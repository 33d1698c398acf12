from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from temporalio import activity

from activities.mail import MailActivities
from activities.recording import RecordingActivities
from workflows import activity_stubs


@pytest.mark.parametrize(
    ("real", "stub"),
    [
        (RecordingActivities.record_decision, activity_stubs.record_decision),
        (MailActivities.mail_waiting, activity_stubs.mail_waiting),
        (MailActivities.deliver_digest, activity_stubs.deliver_digest),
    ],
)
def test_an_activity_is_what_the_workflows_believe_it_is(real: Callable[..., Any], stub: Callable[..., Any]) -> None:
    """Name, argument and answer of each activity equal those of the stub that the workflows call."""
    ours, theirs = (activity._Definition.must_from_callable(function) for function in (real, stub))

    assert (ours.name, ours.arg_types, ours.ret_type) == (theirs.name, theirs.arg_types, theirs.ret_type)


def test_the_names_in_histories_never_change() -> None:
    """Histories of years ago call the activities by these names."""
    methods = (RecordingActivities.record_decision, MailActivities.mail_waiting, MailActivities.deliver_digest)

    assert [activity._Definition.must_from_callable(method).name for method in methods] == [
        "record_decision",
        "mail_waiting",
        "deliver_digest",
    ]
