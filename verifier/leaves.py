"""The rules that every entry keeps, whatever the tree says."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from verifier.findings import Step

_INSTANT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"
_INSTANTS = re.compile(f"{_INSTANT} {_INSTANT} {_INSTANT}", re.ASCII)
_decode = json.JSONDecoder().raw_decode
_EVENT_NAMES = {"id", "stream", "seq", "type", "occurred", "decided", "actor", "data", "blobs"}


@dataclass
class Leaves:
    """What the entries say, gathered in one pass over them in order."""

    step: Step
    lengths: dict[str, int] = field(default_factory=dict)
    places: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Where each stream's entries stand."""
    said: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    """What the ledger said at the ends of days about its streams."""
    appended: list[str] = field(default_factory=list)
    blobs: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)
    keys: list[tuple[int, str]] = field(default_factory=list)
    """Which key signs from which entry on."""
    closed: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    shown: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    """The events that show evidence."""

    def read(self, position: int, entry: bytes) -> dict[str, Any] | None:
        """Check one entry and answer its event, or nothing when it is no entry of a ledger."""
        parsed = _parsed(entry)
        if parsed is None:
            self.step.fail("leaf_format", f"entry {position}", "不是账本条目的格式，内容被改动过")
            return None
        event, appended = parsed
        stream, seq, kind = event["stream"], event["seq"], event["type"]
        self._check(position, event, appended)
        self.lengths[stream] = max(self.lengths.get(stream, 0), seq + 1)
        self.places[stream].append(position)
        self.appended.append(appended)
        if event["data"].get("evidence"):
            self.shown.append((position, event))
        for blob in event["blobs"]:
            self.blobs.append((position, kind, blob))
        if kind == "log.opened":
            self.keys.append((position, str(event["data"].get("vkey"))))
        elif kind == "key.rotated":
            self.keys.append((position, str(event["data"].get("to"))))
        elif kind == "ledger.heads":
            self.said.append((position, event["data"]))
        elif kind == "workflow.closed":
            self.closed.append((position, event))
        return event

    def check_said_heads(self, hashes: Sequence[bytes]) -> None:
        """Compare what the ledger said at the ends of days with what its streams are."""
        for position, data in self.said:
            place = f"entry {position}"
            try:
                until, streams = int(data["position"]), dict(data["streams"])
                wrong = [name for name, said in streams.items() if self._head_of(name, until, hashes) != list(said)]
            except (KeyError, ValueError, TypeError):
                self.step.fail("leaf_format", place, "日终所记的各流程之头不是账本的写法")
                continue
            for name in wrong:
                self.step.fail("said_head", place, f"日终所记流程 {name} 的条数或末条与账本不符，其条目被动过")

    def _head_of(self, stream: str, until: int, hashes: Sequence[bytes]) -> list[object]:
        places = self.places.get(stream, [])
        count = bisect_right(places, until)
        return [count, hashes[places[count - 1]].hex() if count else ""]

    def _check(self, position: int, event: dict[str, Any], appended: str) -> None:
        place = f"entry {position}"
        stream, seq = event["stream"], event["seq"]
        if event["id"] != f"{stream}#{seq}":
            self.step.fail("event_id", place, f"编号 {event['id']} 不是由流程和序号得出的")
        expected = self.lengths.get(stream, 0)
        if seq < expected:
            self.step.fail("unique_id", place, f"{event['id']} 出现了两次")
        elif seq > expected:
            self.step.fail("dense_stream", place, f"流程 {stream} 的序号从 {expected} 跳到 {seq}，中间的条目被拿掉了")
        if not _INSTANTS.fullmatch(f"{appended} {event['occurred']} {event['decided']}"):
            self.step.fail("leaf_format", place, "时间不是账本的写法")
        elif self.appended and appended < self.appended[-1]:
            self.step.fail("appended_back", place, f"记入时间 {appended} 早于前一条的 {self.appended[-1]}，是倒填的")


def _parsed(entry: bytes) -> tuple[dict[str, Any], str] | None:
    """Event and instant of appending, if the bytes have a leaf's form."""
    try:
        text = entry.decode("utf-8")
        leaf, end = _decode(text)
        event, appended = leaf["event"], leaf["appended"]
        shaped = (
            end == len(text)
            and len(leaf) == 3
            and leaf["v"] == 1
            and event.keys() == _EVENT_NAMES
            and type(event["seq"]) is int
            and type(event["data"]) is dict
            and type(appended) is type(event["id"]) is type(event["stream"]) is type(event["type"]) is str
            and type(event["occurred"]) is type(event["decided"]) is type(event["actor"]) is str
            and type(event["blobs"]) is list
            and all(type(b["sha256"]) is type(b["name"]) is str and type(b["size"]) is int for b in event["blobs"])
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return (event, appended) if shaped else None
