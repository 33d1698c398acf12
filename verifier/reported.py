"""The state and the timeline that a bundle reports, against what the entries add up to."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from verifier.bundle import Bundle
from verifier.findings import Step
from verifier.fold import Fold
from verifier.leaves import Leaves
from verifier.plain_json import plain_json

_STATE = "report/state.json"
_TIMELINE = "report/timeline.csv"
_NAMES = {"projects", "size", "streams"}
_BLOCK = 256
_told = itemgetter("occurred", "decided", "stream", "seq", "type", "actor")
_COLUMNS = ("position", "appended", "occurred", "decided", "stream", "seq", "type", "actor", "cause")


def check_state(step: Step, bundle: Bundle, fold: Fold, leaves: Leaves, events: Sequence[dict[str, Any]]) -> None:
    """Compare the reported state and timeline with the leaves'."""
    _check_timeline(step, bundle, leaves, events)
    try:
        reported = plain_json(bundle.read(_STATE))
        projects = {str(stream): told for stream, told in reported["projects"].items()}
        if set(reported) != _NAMES:
            raise ValueError("what no state has")
        if reported["size"] != len(events) or reported["streams"] != dict(sorted(leaves.lengths.items())):
            step.fail("streams_differ", _STATE, "所报的条数与台账不符")
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
        step.fail("state_unreadable", _STATE, f"所报状态读不懂（{error}）")
        return
    for stream in sorted(projects.keys() | fold.projects.keys()):
        if stream not in projects or stream not in fold.projects:
            step.fail("state_differs", stream, "台账与所报状态只有一方有这个项目")
        elif stream not in fold.unknown and _as_text(projects[stream]) != _as_text(fold.state(stream)):
            step.fail("state_differs", stream, _difference(projects[stream], fold.state(stream)))
    step.note = f"{len(projects)} 个项目"
    if fold.unknown:
        kinds = sorted(set().union(*fold.unknown.values()))
        step.skip(
            f"{len(fold.unknown)} 个项目有本核验程序不认识的事件（{'、'.join(kinds)}），其状态未核；请用新版核验程序"
        )


def _as_text(value: Any) -> str:
    # For Python `true` is 1, and it is another thing to whoever reads the file.
    return json.dumps(value, sort_keys=True)


def _difference(reported: Any, found: dict[str, Any]) -> str:
    if not isinstance(reported, dict):
        return "所报状态不是项目的状态"
    names = [name for name in found if _as_text(reported.get(name)) != _as_text(found[name])] + [
        n for n in reported if n not in found
    ]
    return f"所报状态的 {'、'.join(names)} 与条目推出的不同"


def _check_timeline(step: Step, bundle: Bundle, leaves: Leaves, events: Sequence[dict[str, Any]]) -> None:
    if _TIMELINE not in bundle.names:
        step.fail("timeline_missing", _TIMELINE, "时间表不在包里")
        return
    blocks = [_as_csv([_COLUMNS])]
    for first in range(0, len(events), _BLOCK):
        end = first + _BLOCK
        blocks.append(lines_of(first, leaves.appended[first:end], events[first:end]))
    if bundle.read(_TIMELINE) != "".join(blocks).encode():
        step.fail("timeline_differs", _TIMELINE, "时间表与条目不符")


def lines_of(first: int, appended: Sequence[str], events: Sequence[dict[str, Any]]) -> str:
    """Entries as lines of CSV, `first` being the place of the first one.

    Where nothing needs quoting, which is nearly always, no writer is asked: it costs four times as much.
    """
    causes = [event["data"].get("cause", "") for event in events]
    plain = "".join(
        [
            f"{at},{when},{event['occurred']},{event['decided']},{event['stream']},{event['seq']},{event['type']},"
            f"{event['actor']},{cause}\n"
            for at, (when, event, cause) in enumerate(zip(appended, events, causes, strict=False), start=first)
        ]
    )
    one_line_each = plain.count("\n") == len(events) and plain.count(",") == len(events) * (len(_COLUMNS) - 1)
    if one_line_each and '"' not in plain and "\r" not in plain and set(map(type, causes)) <= {str}:
        return plain
    return _as_csv(
        [
            (at, when, *_told(event), cause)
            for at, (when, event, cause) in enumerate(zip(appended, events, causes, strict=False), start=first)
        ]
    )


def _as_csv(rows: Sequence[tuple[object, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
