"""What can be wrong with a ledger beside its entries: heads that are not signed, a file that was torn."""

from __future__ import annotations

from datetime import datetime

from adapters.ledger.leaf_bytes import appended_of, leaf_hash
from adapters.ledger.log_store import LogStore
from domain.errors import LedgerError
from domain.ports.audit_log import Unsigned
from domain.record.leaf import instant_of
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
