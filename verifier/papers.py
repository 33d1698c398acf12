"""What is kept beside the entries, numbered papers and refused commands: every line has its hash in the ledger.

Each paper is of an entry and bears the next number of its kind; each receipt is of a paper that is kept, and stands
once, in the mailbox of one to whom it is addressed."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from verifier.bundle import Bundle
from verifier.findings import Step
from verifier.leaves import Leaves
from verifier.plain_json import plain_json
from verifier.standing import stream_of
from verifier.words import key_of

_ROWS = "rows/"
_PAPERS = f"{_ROWS}paper.jsonl"
_RECEIPTS = ("NoticeSent", "NoticeWithheld")
_TWICE = ("paper_id", "kind", "year", "milestone_id")
"""What a row says beside its document, which says it too."""
_WORDS = ("text", "reason", "basis", "note")
_CLOCKS_DIFFER = timedelta(hours=1)
"""So far apart are the clocks of an engine and of a mailbox by no chance."""
_ANY_INSTANT = datetime(2000, 1, 1, tzinfo=UTC)
"""What no date can be compared with that names no zone."""
_NUMBER = re.compile(r"(.+)〔(\d{4})〕(\d{1,9})号|(.+) \[(\d{4})\] No\. (\d{1,9})", re.ASCII)
_Entries = Mapping[str, tuple[int, dict[str, Any]]]
"""The entries that papers and receipts name, by their ids, each with its place."""


def check_rows(step: Step, bundle: Bundle, leaves: Leaves, events: Sequence[dict[str, Any]]) -> None:
    """Compare the lines under `rows/` with their hashes, and the papers with the entries."""
    expected = {f"{_ROWS}{table}.jsonl": hashes for table, hashes in leaves.rows.items() if hashes}
    for name, hashes in sorted(expected.items()):
        if name not in bundle.names:
            step.miss("rows_missing", name, f"台账记有 {len(hashes)} 行的摘要，这个文件不在包里：请重新导出")
            continue
        *lines, rest = bundle.read(name).split(b"\n")
        if rest or len(lines) != len(hashes):
            step.fail("row_differs", name, f"台账记有 {len(hashes)} 行的摘要，这里有 {len(lines)} 行")
        rows = list(map(_row_in, lines))
        for number, (line, row, said) in enumerate(zip(lines, rows, hashes, strict=False), start=1):
            if hashlib.sha256(line).hexdigest() != said:
                step.fail("row_differs", f"{name}:{number}", "这一行与台账所记的摘要不符，被改动过")
            elif row is None:
                step.fail("row_unreadable", f"{name}:{number}", "这一行读不懂，或各程序会有不同的读法")
        if name == _PAPERS:
            check_papers(step, rows, events)
    for name in sorted(bundle.names - expected.keys()):
        if name.startswith(_ROWS):
            step.fail("file_unknown", name, "台账里没有这个文件的摘要")
    step.note += f"，{sum(map(len, expected.values()))} 行文书和不予办理"


def _row_in(line: bytes) -> dict[str, Any] | None:
    try:
        row = plain_json(line, fractions=True)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


@dataclass(frozen=True)
class _Paper:
    place: str
    row: dict[str, Any]
    document: dict[str, Any]
    issued: datetime


def check_papers(step: Step, rows: Sequence[dict[str, Any] | None], events: Sequence[dict[str, Any]]) -> None:
    """Hold the papers, in the order of their numbering, against the entries, and the receipts against the papers."""
    papers: dict[str, _Paper] = {}
    for number, row in enumerate(rows, start=1):
        paper = _read(step, f"{_PAPERS}:{number}", row or {})
        if paper is not None and papers.setdefault(paper.row["paper_id"], paper) is not paper:
            step.fail("paper_repeated", paper.place, f"文书 {paper.row['number']} 的事项前面已经发过一份文书")
    _check_numbers(step, papers.values())
    told = [(place, event) for place, event in enumerate(events) if event["type"] in _RECEIPTS]
    named = papers.keys() | {str(each) for _, event in told for each in (event["data"].get("paper_id"), _by(event))}
    entries = {event["id"]: (place, event) for place, event in enumerate(events) if event["id"] in named}
    for paper_id, paper in papers.items():
        if paper_id not in entries or not _is_of(paper, entries[paper_id][1]):
            text = f"文书 {paper.row['number']} 不是出自它所说的条目，或所写的日期、项目、节点、内容与之不同"
            step.fail("paper_differs", paper.place, text)
    _check_receipts(step, told, papers, entries)


def _read(step: Step, place: str, row: dict[str, Any]) -> _Paper | None:
    try:
        document = plain_json(row["document"].encode(), fractions=True)
        issued = datetime.fromisoformat(document["issued_at"])
        keys = row["paper_id"], row["kind"], row["year"], document.get("one_of")
        _ = (hash(keys), document["to"], list(document["copies_to"]), row["sequence"] + 1, issued < _ANY_INSTANT)
        if any(row[name] != document[name] for name in _TWICE):
            step.fail("paper_differs", place, f"文书 {row['number']} 登记的与文书所写的不同")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        step.fail("row_differs", place, "这一行不是文书")
        return None
    return _Paper(place, row, document, issued)


def _check_numbers(step: Step, papers: Iterable[_Paper]) -> None:
    """Say which papers bear another number than the next one of their kind in their year. What a leader said once, of
    several projects, bears one number in each."""
    lasts: dict[tuple[Any, Any], int] = {}
    said: defaultdict[tuple[Any, Any], set[int]] = defaultdict(set)
    words: dict[str, Any] = {}
    for paper in papers:
        number, kind, year, sequence = (paper.row[name] for name in ("number", "kind", "year", "sequence"))
        match = _NUMBER.fullmatch(str(number))
        word, *parts = [part for part in match.groups() if part] if match else [""]
        once = said[paper.document.get("one_of"), year] if paper.document.get("one_of") else set[int]()
        following = sequence == lasts.get((kind, year), 0) + 1
        if parts != [str(year), str(sequence)] or words.setdefault(word, kind) != kind:
            step.fail("number_differs", paper.place, f"文号 {number} 不是这一类文书这一年第 {sequence} 号的写法")
        elif not following and sequence not in once:
            text = f"文号 {number} 不是接着前一份的：有文书被拿掉、加进来或改过号"
            step.fail("number_out_of_order", paper.place, text)
        lasts[kind, year] = max(lasts.get((kind, year), 0), sequence)
        once.add(sequence)


def _is_of(paper: _Paper, event: dict[str, Any]) -> bool:
    """Whether a paper is of the day, the project and the milestone of its entry, and says its words."""
    document = paper.document
    try:
        decided, milestone = datetime.fromisoformat(event["decided"]), event["data"].get("milestone_id")
        about = paper.issued, stream_of(document["project_id"]), document["milestone_id"]
        return about == (decided, event["stream"], milestone) and has_the_words(document["body"], event["data"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return False


def has_the_words(body: str, data: Mapping[str, Any]) -> bool:
    """Whether what a person said in an entry stands in its paper: stops and quotation marks may be others there."""
    said = (data.get(name) for name in _WORDS)
    return all(key_of(each) in key_of(body) for each in said if each)


def _check_receipts(
    step: Step, told: Iterable[tuple[int, dict[str, Any]]], papers: Mapping[str, _Paper], entries: _Entries
) -> None:
    # Papers are kept in the order of their entries: one that should stand before the last of them is missing.
    last = max((entries[paper_id][0] for paper_id in papers if paper_id in entries), default=-1)
    got: set[tuple[str, str]] = set()
    for place, event in told:
        data = event["data"]
        paper_id, addressee = str(data.get("paper_id")), str(data.get("addressee"))
        paper, (of, _) = papers.get(paper_id), entries.get(paper_id, (-1, {}))
        if paper is None and of <= last:
            step.fail("receipt_without_paper", event["id"], f"回执所说的文书 {data.get('number')} 没有：被拿掉或换过")
        elif paper is not None and data.get("number") != paper.row["number"]:
            text = f"回执所记的文号 {data.get('number')} 与文书的文号不同"
            step.fail("number_differs", event["id"], text)
        elif paper is not None and not _is_to(paper, data, addressee):
            step.fail("receipt_differs", event["id"], "回执所记的收文单位或文书种类，与文书所写的不同")
        elif of > place or event["stream"] != _mailbox(addressee) or not _is_by(event, place, entries):
            step.fail("receipt_differs", event["id"], "回执不在收文单位的流水里，或先于文书，或不是它所说的事项带来的")
        elif (paper_id, addressee) in got:
            step.fail("receipt_repeated", event["id"], f"文书 {data.get('number')} 给 {addressee} 的回执前面已经有了")
        elif paper is not None and _is_early(event, paper):
            text = "回执所记的时间早于文书一小时以上：请督查室书面说明是哪台机器的时钟不准"
            step.miss("receipt_early", event["id"], text)
        got.add((paper_id, addressee))


def _is_to(paper: _Paper, data: Mapping[str, Any], addressee: str) -> bool:
    return data.get("kind") == paper.row["kind"] and addressee in (paper.document["to"], *paper.document["copies_to"])


def _is_early(event: Mapping[str, Any], paper: _Paper) -> bool:
    return datetime.fromisoformat(event["decided"]) + _CLOCKS_DIFFER < paper.issued


def _mailbox(addressee: str) -> str:
    return f"department-mailbox/{hashlib.sha256(addressee.encode()).hexdigest()[:16]}"


def _by(event: Mapping[str, Any]) -> str:
    """The entry by which a paper was overtaken; empty where none was."""
    cause = str(event["data"].get("cause"))
    return cause.removeprefix("event:") if cause.startswith("event:") else ""


def _is_by(event: Mapping[str, Any], place: int, entries: _Entries) -> bool:
    """Whether the clock sent or withheld a paper, or whoever brought the entry that overtook it."""
    overtaken = _by(event)
    at, by = entries.get(overtaken, (place, {}))
    return (at < place and by["actor"] == event["actor"]) if overtaken else event["actor"] == "engine"
