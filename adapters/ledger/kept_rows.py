"""Papers and commands against their hashes in the ledger: what was changed, taken out or put in behind it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence

from adapters.ledger.leaf_bytes import event_in
from adapters.ledger.log_store import LogStore
from domain.record.leaf import ROW_STREAMS

_PAGE = 1_000
_CALLED = {"paper": "文书", "refusal": "不予办理", "acceptance": "办理"}


def differing_rows(store: LogStore) -> list[tuple[str, str]]:
    """The rows that are not what the ledger says: the table, and a sentence for each. Those that the ledger has not
    told of yet, at most a minute old, are passed over."""
    found = []
    for table, stream in ROW_STREAMS.items():
        said = [sha256 for leaf in store.leaves_of(stream) for sha256 in event_in(leaf)["data"]["sha256"]]
        found += [(table, text) for text in _differing(store, table, said)]
    return found


def _differing(store: LogStore, table: str, said: Sequence[str]) -> Iterator[str]:
    missing, strange = dict.fromkeys(said, 0), []
    for sha256 in said:
        missing[sha256] += 1
    for first in range(0, len(said), _PAGE):
        for line in store.lines(table, first, min(_PAGE, len(said) - first)):
            sha256 = hashlib.sha256(line.encode()).hexdigest()
            if missing.get(sha256):
                missing[sha256] -= 1
            else:
                strange.append(_name_of(table, line))
    for name in strange:
        yield f"{_CALLED[table]} {name} 与台账所记的摘要不符，被改动过或后来加进来的"
    if lost := sum(missing.values()) - len(strange):
        yield f"台账记有摘要的{_CALLED[table]}，有 {lost} 行不见了"


def _name_of(table: str, line: str) -> str:
    row = json.loads(line)
    match table:
        case "paper":
            return str(row["number"])
        case "refusal":
            return f"{row['stream']} {row['rule']}（{row['refused_at'][:19]}Z）"
        case _:
            return f"{row['stream']} {row['request_id']}（{row['accepted_at'][:19]}Z）"
