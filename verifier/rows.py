"""What is kept beside the entries, numbered papers and refused commands: every line has its hash in the ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from verifier import papers
from verifier.bundle import Bundle
from verifier.findings import Step
from verifier.leaves import Leaves
from verifier.plain_json import plain_json

_ROWS = "rows/"


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
        rows = list(map(_read, lines))
        for number, (line, row, said) in enumerate(zip(lines, rows, hashes, strict=False), start=1):
            if hashlib.sha256(line).hexdigest() != said:
                step.fail("row_differs", f"{name}:{number}", "这一行与台账所记的摘要不符，被改动过")
            elif row is None:
                step.fail("row_unreadable", f"{name}:{number}", "这一行读不懂，或各程序会有不同的读法")
        if name == papers.ROWS:
            papers.check_papers(step, rows, events)
    for name in sorted(bundle.names - expected.keys()):
        if name.startswith(_ROWS):
            step.fail("file_unknown", name, "台账里没有这个文件的摘要")
    step.note += f"，{sum(map(len, expected.values()))} 行文书和不予办理"


def _read(line: bytes) -> dict[str, Any] | None:
    try:
        row = plain_json(line, fractions=True)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None
