"""What a witness guarantees: it signs only what extends the head that it kept."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from adapters.ledger.transparency_log import TransparencyLog
from tests.verifier.forger import ForgedStore, Forger, rewritten
from tests.verifier.rehearsed_year import ORIGIN, Year
from verifier.__main__ import main
from verifier.notes import cosigned_at, note_from
from verifier.witness import Witness, WitnessRefusedError

NOW = 1_800_000_000


@pytest.fixture
def witness(tmp_path: Path, year: Year) -> Witness:
    """A witness that has seen nothing yet."""
    made = Witness(tmp_path / "witness")
    made.create("archives.example", year.log.vkeys())
    return made


def test_a_witness_answers_one_line_over_the_head(witness: Witness, year: Year) -> None:
    """The line is the witness's cosignature, with the time at which it saw the head."""
    line = witness.cosign(year.log.witness_request(0).encode(), NOW)

    assert cosigned_at(note_from(f"{year.head().note}{line}".encode()), witness.key()) == NOW


def test_the_head_is_stored_before_it_is_answered(witness: Witness, year: Year) -> None:
    """What was signed is what is kept, and the next request must start from it."""
    witness.cosign(year.log.witness_request(0).encode(), NOW)

    kept = witness.kept_head()
    assert kept is not None
    assert kept.size == year.head().size
    with pytest.raises(WitnessRefusedError, match=f"duban audit witness request --since {kept.size}，"):
        witness.cosign(year.log.witness_request(0).encode(), NOW)


def test_a_rewritten_log_is_not_cosigned(witness: Witness, year: Year) -> None:
    """A head signed with the log's own key that does not extend the kept one is refused as evidence."""
    first = year.store.checkpoints()[0]
    witness.cosign(year.log.extension(0, first).encode(), NOW)
    leaves = Forger(year).leaves
    leaves[first.size - 1] = rewritten(leaves[first.size - 1], actor="operator:另一人")
    forged = TransparencyLog(ForgedStore(year, leaves), year.folder / "keys", ORIGIN, lambda: year.instant)

    with pytest.raises(WitnessRefusedError, match="台账可能被改写过"):
        witness.cosign(forged.witness_request(first.size).encode(), NOW)

    kept = witness.kept_head()
    assert kept is not None
    assert kept.root == first.root


def test_another_logs_head_is_not_cosigned(tmp_path: Path, year: Year) -> None:
    """A witness signs for the log that it watches."""
    other = Witness(tmp_path / "other")
    stranger = Witness(tmp_path / "stranger").create(ORIGIN, year.log.vkeys())
    other.create("archives.example", [str(stranger)])

    with pytest.raises(WitnessRefusedError, match="不是所见证的台账签的"):
        other.cosign(year.log.witness_request(0).encode(), NOW)


def test_what_is_no_request_is_refused_with_what_to_do(witness: Witness, year: Year) -> None:
    """In people's words alone: another file, half a request, nothing at all."""
    whole = year.log.witness_request(0).encode()
    for request in (b"", b"log duban.local\n", whole[:20], whole.replace(b"old", b"new")):
        with pytest.raises(WitnessRefusedError, match=r"不是见证请求.*duban audit witness request") as refused:
            witness.cosign(request, NOW)
        assert "checkpoint" not in str(refused.value)


def test_a_witness_key_that_others_can_read_is_not_used(witness: Witness, year: Year) -> None:
    """The key's file has mode 0600, and is refused otherwise."""
    key = witness.folder / "witness.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    key.chmod(0o644)

    with pytest.raises(WitnessRefusedError, match="chmod 600"):
        witness.cosign(year.log.witness_request(0).encode(), NOW)

    assert witness.kept_head() is None, "what was not signed was not seen: the same request is signed afterwards"
    key.chmod(0o600)
    assert witness.cosign(year.log.witness_request(0).encode(), NOW)


@pytest.mark.parametrize("damaged", [b"", b"\xff\xfe", b"name\n", b"a b\nAAAA\n", b"name\nAAAA\n", b"name\n!!\n"])
def test_a_witness_key_that_is_none_is_told(witness: Witness, year: Year, damaged: bytes) -> None:
    """Nothing is kept of what it could not sign."""
    (witness.folder / "witness.key").write_bytes(damaged)

    with pytest.raises(WitnessRefusedError, match="不是见证人的密钥"):
        witness.cosign(year.log.witness_request(0).encode(), NOW)

    assert witness.kept_head() is None


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u200bb", "\ud800"])
def test_a_witness_has_a_name_that_a_key_can_have(
    tmp_path: Path, year: Year, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """Another one is refused before anything is made."""
    folder = tmp_path / "office"

    assert main(["witness", str(folder), "create", name, *year.log.vkeys()]) == 1

    assert "没有生成密钥" in capsys.readouterr().err
    assert not folder.exists()


def test_the_witness_command_works_from_files(tmp_path: Path, year: Year, capsys: pytest.CaptureFixture[str]) -> None:
    """Offline: a request on a stick in, one line out."""
    folder, request = tmp_path / "office", tmp_path / "request"
    assert main(["witness", str(folder), "create", "office.example", *year.log.vkeys()]) == 0
    assert main(["witness", str(folder), "size"]) == 0
    assert capsys.readouterr().out.endswith("\n0\n")
    request.write_text(year.log.witness_request(0), encoding="utf-8")

    assert main(["witness", str(folder), "cosign", str(request)]) == 0

    assert capsys.readouterr().out.startswith("— office.example ")
    assert main(["witness", str(folder), "cosign", str(request)]) == 1
