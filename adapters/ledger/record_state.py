"""What can be wrong with a ledger beside its entries: heads that are not signed, a file that was torn, papers and
commands that are not what their hashes say."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from adapters.ledger.leaf_bytes import appended_of, event_in, leaf_hash
from adapters.ledger.log_store import LogStore
from domain.errors import LedgerError
from domain.ports.audit_log import Unsigned
from domain.record.leaf import ROW_STREAMS, instant_of
from domain.record.ledger_errors import LedgerMisplacedError

_PAGE = 4_096


def unsigned(store: LogStore) -> Unsigned:
    """What no head covers yet (see the port)."""
    last = store.last_checkpoint()
    size, signed = store.size(), last.size if last else 0
    oldest: datetime | None = None
    if signed < size:
        oldest = instant_of(appended_of(store.leaves(signed, signed + 1)[0]))
    return Unsigned(
        signed_at=instant_of(last.made_at) if last else None, entries=max(size - signed, 0), oldest_at=oldest
    )


def faults(store: LogStore) -> list[str]:
    """What is wrong with the bytes that are kept (see the port)."""
    try:
        found = list(store.faults())
        size = store.size()
        for first in range(0, size, _PAGE):
            end = min(first + _PAGE, size)
            leaves, hashes = store.leaves(first, end), store.leaf_hashes(first, end)
            if len(leaves) != end - first or len(hashes) != end - first:
                found.append(f"第 {first} 至 {end - 1} 条中有缺失")
            wrong = [first + at for at, pair in enumerate(zip(leaves, hashes, strict=False)) if _is_torn(*pair)]
            found += [f"第 {at} 条的字节与其摘要不符" for at in wrong]
            found += [f"第 {at} 条在库里所列的流程、序号或摘要与条目所写的不同" for at in store.misplaced(first, end)]
    except LedgerError as error:
        return [error.text]
    return found


def must_be_found_as_they_say(store: LogStore, size: int) -> None:
    """Refuse a store in which an entry is found by something else than it says: whoever can write to the store and has
    no key hides it so, and the tree over the entries shows nothing.

    Raises:
        LedgerMisplacedError: there is one.
    """
    for first in range(0, size, _PAGE):
        for position in store.misplaced(first, min(first + _PAGE, size)):
            raise LedgerMisplacedError(position=position)


def _is_torn(leaf: bytes, kept: bytes) -> bool:
    return leaf_hash(leaf) != kept


_ROWS_AT_ONCE = 1_000
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
    for first in range(0, len(said), _ROWS_AT_ONCE):
        for line in store.lines(table, first, min(_ROWS_AT_ONCE, len(said) - first)):
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
