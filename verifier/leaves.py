"""The rules that every entry keeps, whatever the tree says."""

from __future__ import annotations

import re
import secrets
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any

from verifier.findings import Step
from verifier.generations import Restoration, restoration_in
from verifier.plain_json import are_counted, has_long_numbers, is_plain, quick

_written_instant = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII).fullmatch
_FIRST_INSTANT = "1970-01-01T00:00:00.000000Z"
_NAMES_AROUND = 12
"""So many names stand in a leaf and its event, beside those of its data and its files."""
_event_values = itemgetter("actor", "blobs", "data", "decided", "id", "occurred", "seq", "stream", "type")
_TOLD_BY_THE_LEDGER = {
    "log.opened",
    "log.restored",
    "key.rotated",
    "witness.trusted",
    "clock.step",
    "ledger.heads",
    "workflow.closed",
    "workflow.repaired",
    "paper.kept",
    "refusal.kept",
    "acceptance.kept",
    "door.opened",
    "door.closed",
}

_OWN_STREAMS = {
    "directory",
    "log",
    "log/acceptances",
    "log/digests",
    "log/doors",
    "log/erasures",
    "log/forks",
    "log/heads",
    "log/incidents",
    "log/issued",
    "log/logs",
    "log/papers",
    "log/person-keys",
    "log/readings",
    "log/refusals",
    "log/rehearsal",
    "log/score",
    "log/stamps",
    "log/stolen-keys",
}
_STREAMS_OF_EACH = ("key-project/", "department-mailbox/", "delivery/", "history/", "log/of/")


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
    origin: str = ""
    """The log's name in its first generation, as its opening says."""
    restored: list[Restoration] = field(default_factory=list)
    """Where the log was taken up again from a backup."""
    witnesses: list[tuple[int, str, str]] = field(default_factory=list)
    """Which witnesses were trusted, where, under which name, with which key."""
    steps: list[tuple[str, str]] = field(default_factory=list)
    """From where to where the writer's clock went back."""
    rows: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """The hashes of what is kept beside the entries, by table: numbered papers, refused commands."""
    closed: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    repaired: list[dict[str, Any]] = field(default_factory=list)
    """How workflows were brought back that did not go on: what the ledger says of each time."""
    doors: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)
    """Which doors' keys were opened and closed, and where."""
    erased: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    """What was erased by order, by its hash: where the ledger says so, and how."""
    shown: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    """The events that show evidence."""

    def read(self, first: int, entries: Sequence[bytes]) -> list[dict[str, Any] | None]:
        """Check entries in order, `first` being the place of the first one; answer the event of each, or nothing where
        it is no entry of a ledger."""
        events: list[dict[str, Any] | None] = []
        for position, leaf in enumerate(_read_together(entries), start=first):
            if leaf is None:
                self.step.fail("leaf_format", f"entry {position}", "不是台账条目的格式，内容被改动过")
                events.append(None)
                self.appended.append(self.appended[-1] if self.appended else _FIRST_INSTANT)
                continue
            event, appended = leaf
            self._check(position, event, appended)
            events.append(event)
        return events

    def _gather(self, position: int, kind: str, event: dict[str, Any]) -> None:
        if event["data"].get("evidence"):
            self.shown.append((position, event))
        for blob in event["blobs"]:
            self.blobs.append((position, kind, blob))
        if kind == "evidence.erased":
            self.erased[str(event["data"].get("sha256"))] = position, event["data"]
        elif kind in _TOLD_BY_THE_LEDGER:
            if event["actor"] != "ledger":
                self.step.fail("leaf_format", f"entry {position}", "台账自己的条目，却写着是别人办的")
            self._gather_told(position, kind, event)

    def _gather_told(self, position: int, kind: str, event: dict[str, Any]) -> None:
        data = event["data"]
        match kind:
            case "log.opened":
                self._gather_opening(position, data)
            case "log.restored":
                restoration = restoration_in(position, event)
                if restoration is None:
                    self.step.fail("leaf_format", f"entry {position}", "恢复的记录不是台账的写法")
                    return
                self.restored.append(restoration)
                self.keys.append((position, restoration.vkey))
            case "witness.trusted":
                self.witnesses.append((position, str(data.get("name")), str(data.get("vkey"))))
            case "clock.step":
                self.steps.append((str(data.get("from")), str(data.get("to"))))
            case "key.rotated":
                self.keys.append((position, str(data.get("to"))))
            case "paper.kept" | "refusal.kept" | "acceptance.kept":
                self._gather_rows(position, self.rows[kind.removesuffix(".kept")], data)
            case "ledger.heads":
                self.said.append((position, data))
            case "workflow.closed":
                self.closed.append((position, event))
            case "door.opened" | "door.closed":
                self.doors.append((position, kind, data))
            case "workflow.repaired":
                self.repaired.append(data)

    def _gather_opening(self, position: int, data: dict[str, Any]) -> None:
        if self.keys:
            self.step.fail("log_opened_again", f"entry {position}", "台账只启用一次，这一条又启用了一次")
        self.origin = self.origin or str(data.get("origin"))
        self.keys.append((position, str(data.get("vkey"))))

    def _gather_rows(self, position: int, rows: list[str], data: dict[str, Any]) -> None:
        hashes = data.get("sha256")
        if data.get("first") != len(rows) or type(hashes) is not list or not all(type(h) is str for h in hashes):
            self.step.fail("leaf_format", f"entry {position}", "文书或不予办理的摘要，不是接着前面的记下来的")
            return
        rows.extend(hashes)

    def check_said_heads(self, hashes: Sequence[bytes]) -> None:
        """Compare what the ledger said at the ends of days with what its streams are."""
        for position, data in self.said:
            place = f"entry {position}"
            try:
                until, streams = int(data["position"]), dict(data["streams"])
                wrong = [name for name, said in streams.items() if self._head_of(name, until, hashes) != list(said)]
            except (KeyError, ValueError, TypeError, OverflowError):
                self.step.fail("leaf_format", place, "日终所记的各流程末条不是台账的写法")
                continue
            for name in wrong:
                self.step.fail("said_head", place, f"日终所记流程 {name} 的条数或末条与台账不符，其条目被动过")

    def check_streams(self) -> None:
        """Say of which streams nothing is known: that they stand in the tree is no word for what they say."""
        for stream in self.places:
            if stream not in _OWN_STREAMS and not stream.startswith(_STREAMS_OF_EACH):
                text = "台账没有这种流水，没有核过：请勿采信其中的条目，并请督查室说明"
                self.step.miss("stream_unknown", stream, text)

    def _head_of(self, stream: str, until: int, hashes: Sequence[bytes]) -> list[object]:
        places = self.places.get(stream, [])
        count = bisect_right(places, until)
        return [count, hashes[places[count - 1]].hex() if count else ""]

    def _check(self, position: int, event: dict[str, Any], appended: str) -> None:
        stream, seq, occurred, decided = event["stream"], event["seq"], event["occurred"], event["decided"]
        places = self.places[stream]
        expected = self.lengths.get(stream, 0)
        if seq == expected and event["id"] == f"{stream}#{seq}":
            self.lengths[stream] = seq + 1
        else:
            self._out_of_order(position, event, expected)
        places.append(position)
        last = self.appended[-1] if self.appended else _FIRST_INSTANT
        # An instant that is the text of one that was checked already needs no second look.
        kept = appended == last or _is_instant(appended)
        if not (kept and (occurred == decided or _is_instant(occurred)) and _is_instant(decided)):
            self.step.fail("leaf_format", f"entry {position}", "时间不是台账的写法")
        elif appended < last:
            self.step.fail("appended_back", f"entry {position}", f"记入时间 {appended} 早于前一条的 {last}，是倒填的")
        # One for each entry, and only what is an instant: others are compared with it.
        self.appended.append(appended if kept else last)
        kind = event["type"]
        if event["blobs"] or "evidence" in event["data"] or kind in _TOLD_BY_THE_LEDGER:
            self._gather(position, kind, event)

    def _out_of_order(self, position: int, event: dict[str, Any], expected: int) -> None:
        stream, seq, place = event["stream"], event["seq"], f"entry {position}"
        if event["id"] != f"{stream}#{seq}":
            self.step.fail("event_id", place, f"编号 {event['id']} 不是由流程和序号得出的")
        if seq < expected:
            self.step.fail("unique_id", place, f"{event['id']} 出现了两次")
        elif seq > expected:
            self.step.fail("dense_stream", place, f"流程 {stream} 的序号从 {expected} 跳到 {seq}，中间的条目被拿掉了")
        self.lengths[stream] = max(expected, seq + 1)


def _is_instant(text: str) -> bool:
    """Whether a text is an instant as the ledger writes it, of a year from which days can be counted on."""
    if not _written_instant(text) or not "1970" <= text < "9999":
        return False
    try:
        return bool(datetime.fromisoformat(text))
    except ValueError:
        return False


def _read_together(entries: Sequence[bytes]) -> list[tuple[dict[str, Any], str] | None]:
    """Event and instant of appending of each entry, none where its bytes have not a leaf's form.

    Read as one array the entries cost two thirds of what they cost one by one. Between them stands a number that nobody
    knew before: where it is found at its places, and as often, each entry by itself is one whole JSON value.
    """
    mark = secrets.randbits(62) | 1 << 62
    try:
        text = b"[" + (b",%d," % mark).join(entries) + b"]"
        found = quick.decode(text.decode("utf-8"))
    except (ValueError, RecursionError):
        return [_parsed(entry) for entry in entries]
    if len(found) != 2 * len(entries) - 1 or found[1::2].count(mark) != len(entries) - 1:
        return [_parsed(entry) for entry in entries]
    read = [
        _shaped(leaf) if entry[:1] == b"{" and entry[-1:] == b"}" else None
        for leaf, entry in zip(found[::2], entries, strict=True)
    ]
    # The number between them is a long one itself.
    if are_counted(text, sum(map(_names_in, read))) and not has_long_numbers(text, len(entries) - 1):
        return read
    return [
        leaf if leaf and (_is_counted(entry, leaf) or is_plain(entry)) else None
        for leaf, entry in zip(read, entries, strict=True)
    ]


def _is_counted(entry: bytes, leaf: tuple[dict[str, Any], str]) -> bool:
    return are_counted(entry, _names_in(leaf)) and not has_long_numbers(entry)


def _names_in(leaf: tuple[dict[str, Any], str] | None) -> int:
    """How many names stand in a leaf where no object stands in its data; where one does, the count is another."""
    return _NAMES_AROUND + len(leaf[0]["data"]) + 3 * len(leaf[0]["blobs"]) if leaf else 0


def _parsed(entry: bytes) -> tuple[dict[str, Any], str] | None:
    try:
        text = entry.decode("utf-8")
        leaf, end = quick.raw_decode(text)
    except (ValueError, RecursionError):
        return None
    return _shaped(leaf) if end == len(text) and is_plain(entry) else None


def _shaped(leaf: Any) -> tuple[dict[str, Any], str] | None:
    """Event and instant of appending, if a value has a leaf's form."""
    try:
        event, appended = leaf["event"], leaf["appended"]
        actor, blobs, data, decided, id_, occurred, seq, stream, kind = _event_values(event)
        shaped = (
            len(leaf) == 3
            and leaf["v"] == 1
            and type(leaf) is type(event) is type(data) is dict
            and len(event) == 9
            and type(seq) is int
            and type(appended) is type(id_) is type(stream) is type(kind) is str
            and type(occurred) is type(decided) is type(actor) is str
            and type(blobs) is list
            and (not blobs or all(map(_is_blob, blobs)))
        )
    except (KeyError, TypeError):
        return None
    return (event, appended) if shaped else None


def _is_blob(blob: Any) -> bool:
    return type(blob["sha256"]) is type(blob["name"]) is str and type(blob["size"]) is int
