"""What a bundle says without end, or larger than readers agree on, is refused in a sentence, and soon."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.verifier.forger import Forger
from tests.verifier.rehearsed_year import Year
from verifier.__main__ import main
from verifier.findings import Step
from verifier.leaves import Leaves
from verifier.notes import UnreadableNoteError, note_from
from verifier.plain_json import plain_json

_LARGER_THAN_ANY_MEMORY = 2**43
_AGREED_ON = 2**53 - 1


@pytest.mark.parametrize("name", ["policy", "log/checkpoint"])
def test_a_file_that_no_memory_holds_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    """A sparse file says any length, and has none: its name is told with what it is, and nobody is accused."""
    place = tmp_path / name
    place.parent.mkdir(exist_ok=True)
    place.touch()
    os.truncate(place, _LARGER_THAN_ANY_MEMORY)

    status = main([str(tmp_path)])

    told = capsys.readouterr()
    assert (status, told.out) == (2, "")
    assert f"{name}：内存放不下" in told.err


def test_a_note_has_no_more_signatures_than_other_programs_take(year: Year) -> None:
    """Each line costs milliseconds to check, and each key that vouches for a next one begins again."""
    text, _, lines = year.files()["log/checkpoint"].decode().rpartition("\n\n")
    (line, *_) = lines.splitlines(keepends=True)
    many = [line.replace("— ", f"— {number}/", 1) for number in range(101)]

    assert len(note_from(f"{text}\n\n{''.join(many[:100])}".encode()).signatures) == 100
    with pytest.raises(UnreadableNoteError):
        note_from(f"{text}\n\n{''.join(many)}".encode())


def test_a_key_signs_a_note_once(year: Year) -> None:
    """Whoever has one key can sign one text a hundred ways, each of which would be checked under every head."""
    text, _, lines = year.files()["log/checkpoint"].decode().rpartition("\n\n")
    (line, *_) = lines.splitlines(keepends=True)

    with pytest.raises(UnreadableNoteError, match="twice"):
        note_from(f"{text}\n\n{line}{lines}".encode())


@pytest.mark.parametrize("number", [_AGREED_ON + 1, -_AGREED_ON - 1, 10**30])
@pytest.mark.parametrize("said", ['"a":{}', '"a":[1,{}]', '"a": {}', '"a":[{}]'])
def test_a_number_that_readers_round_is_in_no_entry(year: Year, number: int, said: str) -> None:
    """From 2^53 on one reader of JSON has another number than the next one, under the same hash."""
    leaves = Forger(year).leaves[:3]
    changed = leaves[1].replace(b'"data":{', f'"data":{{{said.format(number)},'.encode(), 1)
    step = Step("rules")

    read = Leaves(step).read(0, [leaves[0], changed, leaves[2]])

    assert [each is None for each in read] == [False, True, False]
    with pytest.raises(ValueError, match="whole number"):
        plain_json(str(number).encode())


def test_a_long_number_that_all_readers_read_alike_is_taken(year: Year) -> None:
    """So are digits of any number in a text: a hash may be all digits."""
    (leaf,) = Forger(year).leaves[1:2]
    step = Step("rules")
    said = f'"data":{{"a":{_AGREED_ON},"b":"x,{"9" * 64}","c":-{_AGREED_ON},'.encode()

    assert Leaves(step).read(0, [leaf.replace(b'"data":{', said, 1)]) != [None]
