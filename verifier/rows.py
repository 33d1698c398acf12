"""What is kept beside the entries, numbered papers and refused commands: every line has its hash in the ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from verifier.bundle import Bundle
from verifier.findings import Step
from verifier.leaves import Leaves
from verifier.plain_json import plain_json

_ROWS = "rows/"
_RECEIPTS = ("NoticeSent", "NoticeWithheld")


def check_rows(step: Step, bundle: Bundle, leaves: Leaves, events: Sequence[dict[str, Any]]) -> None:
    """Compare the lines under `rows/` with their hashes, and the receipts with the papers' numbers."""
    expected = {f"{_ROWS}{table}.jsonl": hashes for table, hashes in leaves.rows.items() if hashes}
    for name, hashes in sorted(expected.items()):
        if name not in bundle.names:
            step.miss("rows_missing", name, f"台账记有 {len(hashes)} 行的摘要，这个文件不在包里：请重新导出")
            continue
        *lines, rest = bundle.read(name).split(b"\n")
        if rest or len(lines) != len(hashes):
            step.fail("row_differs", name, f"台账记有 {len(hashes)} 行的摘要，这里有 {len(lines)} 行")
        for number, (line, said) in enumerate(zip(lines, hashes, strict=False), start=1):
            if hashlib.sha256(line).hexdigest() != said:
                step.fail("row_differs", f"{name}:{number}", "这一行与台账所记的摘要不符，被改动过")
            elif not _is_plain(line):
                step.fail("row_unreadable", f"{name}:{number}", "这一行读不懂，或各程序会有不同的读法")
        if name == f"{_ROWS}paper.jsonl":
            _check_numbers(step, lines, events)
    for name in sorted(bundle.names - expected.keys()):
        if name.startswith(_ROWS):
            step.fail("file_unknown", name, "台账里没有这个文件的摘要")
    step.note += f"，{sum(map(len, expected.values()))} 行文书和不予办理"


def _is_plain(line: bytes) -> bool:
    try:
        return isinstance(plain_json(line, fractions=True), dict)
    except (ValueError, RecursionError):
        return False


def _check_numbers(step: Step, lines: Sequence[bytes], events: Sequence[dict[str, Any]]) -> None:
    try:
        rows = [plain_json(line, fractions=True) for line in lines]
        papers = {str(paper["paper_id"]): paper["number"] for paper in rows}
    except (ValueError, KeyError, TypeError, RecursionError):
        step.fail("row_differs", f"{_ROWS}paper.jsonl", "有一行不是文书")
        return
    for event in events:
        if event["type"] in _RECEIPTS:
            said = event["data"].get("number")
            if papers.get(str(event["data"].get("paper_id")), said) != said:
                step.fail("number_differs", event["id"], f"回执所记的文号 {said} 与文书的文号不同")
