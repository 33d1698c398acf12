"""What the log of heads guarantees: it takes what extends, keeps forks as evidence, and misses nobody in silence."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.ledger.audit_log import LedgerAuditLog
from application.audit.log_of_heads import LogOfHeads
from domain.record.heads_of_logs import HeadRefusedError
from domain.record.ledger_errors import StreamMovedError
from tests.application.audit.logs import NOW, OneLog, log_of_heads
from verifier.notes import checkpoint_from
from verifier.proofs import inclusion_from
from verifier.tree import includes, leaf_hash
from verifier.witness import Witness

NAME = "city.example/ledger"


@pytest.fixture
async def log(tmp_path: Path) -> AsyncIterator[OneLog]:
    """A city's log with three entries."""
    made = await OneLog.opened(tmp_path / "city", NAME)
    yield made
    made.close()


@pytest.fixture
async def above(tmp_path: Path, log: OneLog) -> AsyncIterator[LogOfHeads]:
    """A log of heads that knows the city's log."""
    with log_of_heads(tmp_path / "province") as (made, signing):
        await signing.open()
        await made.watch(log.vkey())
        yield made


async def test_each_head_is_taken_once_and_the_next_one_extends_it(log: OneLog, above: LogOfHeads) -> None:
    """A head, the same again, a longer one: two entries, and the request begins where the last one ended."""
    first = await above.collect(NAME, log.request())
    again = await above.collect(NAME, log.request())
    await log.grow(4)
    second = await above.collect(NAME, log.request(above.since(NAME)))

    assert first
    assert second
    assert (first.size, again, second.size) == (3, None, 7)
    assert [kept.head for kept in above.heads(NAME)] == [first, second]
    assert [(seen.log.log, seen.forks) for seen in above.logs()] == [(NAME, 0)]


async def test_two_heads_over_the_same_entries_are_kept_as_a_fork(
    tmp_path: Path, log: OneLog, above: LogOfHeads
) -> None:
    """Whoever signs two pasts over the same number of entries has signed the evidence; nothing of it is taken."""
    other = log.twin(tmp_path / "twin")
    await log.grow(2)
    await other.grow(2, reader="另一人")
    taken = await above.collect(NAME, log.request())

    for _ in range(2):
        with pytest.raises(HeadRefusedError, match="算到同一条的校验值签过两个，互不相同"):
            await above.collect(NAME, other.request())

    (fork,) = above.forks()
    assert taken
    assert (fork.how, fork.taken) == ("contradicts", taken.note)
    assert checkpoint_from(fork.shown.encode()).size == taken.size
    assert (len(above.heads(NAME)), [seen.forks for seen in above.logs()]) == (1, [1])
    other.close()


@pytest.mark.parametrize("grown", [1, 2, 5])
async def test_a_longer_head_of_another_past_is_kept_as_a_fork(
    tmp_path: Path, log: OneLog, above: LogOfHeads, grown: int
) -> None:
    """However many entries were taken, a head that does not extend them is refused, and both heads are kept."""
    other = log.twin(tmp_path / "twin")
    await log.grow(grown)
    await other.grow(grown, reader="另一人")
    await above.collect(NAME, log.request())
    await other.grow(3)

    with pytest.raises(HeadRefusedError, match="接不上"):
        await above.collect(NAME, other.request(3 + grown))

    assert [fork.how for fork in above.forks()] == ["not_shown"]
    assert above.since(NAME) == 3 + grown
    other.close()


async def test_a_log_that_was_put_back_is_refused(tmp_path: Path, log: OneLog, above: LogOfHeads) -> None:
    """A shorter head than the last one is not taken; one that was taken itself, an old file, changes nothing."""
    other = log.twin(tmp_path / "twin")
    old = log.request()
    await above.collect(NAME, old)
    await log.grow(5)
    await above.collect(NAME, log.request(3))
    await other.grow(1)

    with pytest.raises(HeadRefusedError, match="台账可能被换成了旧的"):
        await above.collect(NAME, other.request())

    assert await above.collect(NAME, old) is None
    assert above.forks() == []
    other.close()


async def test_what_another_key_signed_is_refused(tmp_path: Path, above: LogOfHeads) -> None:
    """Neither a stranger under the same name nor a log that nobody named gets a head in."""
    stranger = await OneLog.opened(tmp_path / "stranger", NAME)
    unknown = await OneLog.opened(tmp_path / "unknown", "unknown.example/ledger")

    with pytest.raises(HeadRefusedError, match="不是这本台账的密钥签的"):
        await above.collect(NAME, stranger.request())
    with pytest.raises(HeadRefusedError, match="没有登记过"):
        await above.collect(unknown.name, unknown.request())
    with pytest.raises(HeadRefusedError, match="不是这本台账的密钥签的"):
        await above.collect(NAME, unknown.request())
    with pytest.raises(HeadRefusedError, match="公钥不同"):
        await above.watch(stranger.vkey())
    with pytest.raises(HeadRefusedError, match="见证人的公钥"):
        await above.watch(str(Witness(tmp_path / "w").create("archives.example", [stranger.vkey()])))
    with pytest.raises(HeadRefusedError, match="读不懂"):
        await above.collect(NAME, b"no head")
    with pytest.raises(HeadRefusedError, match="整个送来"):
        await above.collect(NAME, stranger.request()[:30])
    with pytest.raises(HeadRefusedError, match="读不懂"):
        await above.watch("no key")

    assert (above.heads(NAME), above.forks()) == ([], [])
    stranger.close()
    unknown.close()


async def test_a_changed_key_is_followed_and_the_old_one_is_worth_nothing(
    tmp_path: Path, log: OneLog, above: LogOfHeads
) -> None:
    """The old key vouches for the new one; what the old one signs alone afterwards is refused."""
    thief = log.twin(tmp_path / "thief")
    await above.collect(NAME, log.request())
    await log.log.rotate_key("年度更换")
    taken = await above.collect(NAME, log.request(3))
    await thief.grow(9)

    assert taken
    assert taken.vkey != log.vkey()
    with pytest.raises(HeadRefusedError, match="不是这本台账的密钥签的"):
        await above.collect(NAME, thief.request(taken.size))
    thief.close()


async def test_a_restored_log_is_taken_up_with_a_reason(tmp_path: Path, log: OneLog, above: LogOfHeads) -> None:
    """A generation that lost what was taken is refused until somebody says why; the reason stands in the log."""
    older = log.twin(tmp_path / "backup")
    await log.grow(6)
    await above.collect(NAME, log.request())
    await older.log.restore({"at": "2018-05-01"}, [])

    with pytest.raises(HeadRefusedError, match="duban audit witness request --since 9"):
        await above.collect(NAME, older.request())
    taken = await above.collect(NAME, older.request(), restored="机房断电，用备份恢复")

    assert taken
    assert "/generation-2/" in taken.origin
    assert taken.restored == "机房断电，用备份恢复"
    await older.grow(1)
    assert await above.collect(NAME, older.request(taken.size))
    older.close()


async def test_a_log_of_which_nothing_comes_is_missed(tmp_path: Path, log: OneLog, above: LogOfHeads) -> None:
    """A log that was named and gave nothing, and one whose last head is too old, are both missing."""
    silent = await OneLog.opened(tmp_path / "silent", "silent.example/ledger")
    await above.watch(silent.vkey())
    await above.collect(NAME, log.request())

    seen = above.logs()
    assert above.missing(seen, NOW() - timedelta(hours=1)) == [silent.name]
    assert above.missing(seen, NOW() + timedelta(hours=1)) == [NAME, silent.name]
    silent.close()


async def test_two_who_collect_at_once_do_not_take_past_each_other(log: OneLog, above: LogOfHeads) -> None:
    """What was judged beside a head is not kept after another one."""
    taken = await above.collect(NAME, log.request())
    assert taken

    with pytest.raises(StreamMovedError):
        await above.take(taken, None)


async def test_one_head_above_proves_the_heads_below(log: OneLog, above: LogOfHeads) -> None:
    """The proof has the entry itself, under the last head or under an older one that an auditor kept."""
    signing = above.log
    assert isinstance(signing, LedgerAuditLog)
    first = await above.collect(NAME, log.request())
    kept = await signing.seal()
    await log.grow(1)
    second = await above.collect(NAME, log.request(3))
    await signing.seal()

    assert first
    assert second
    assert kept
    for under, taken in ((kept.size, first), (None, second)):
        proof = inclusion_from(above.proof(NAME, under).encode())
        assert proof.entry is not None
        root, size = proof.checkpoint.root, proof.checkpoint.size
        assert includes(leaf=leaf_hash(proof.entry), index=proof.index, size=size, proof=proof.hashes, root=root)
        assert taken.root.encode() in proof.entry
        assert size == kept.size or under is None
