"""Names of persons stand in no entry: a commitment does, which nobody opens who has not the file beside it."""

from __future__ import annotations

import hashlib
import json
import random
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from domain.directory import changes
from domain.directory.directory import NameSince
from domain.directory.events import DIRECTORY_EVENT, DIRECTORY_STREAM, DirectoryEvent
from domain.directory.evolution import fold
from domain.directory.person_name import (
    ERASED_NAME,
    LOST_NAME,
    NAMES_BESIDE,
    PersonName,
    committed_name,
    name_file,
    name_opened_by,
)
from domain.evidence import EvidenceFile
from domain.names import written_name
from domain.record.leaf import leaf_event
from tests.domain.directory.samples import NAMES, committed, draft_on, office_at_random

SALT = "0f" * 256
_WORDS = st.text(st.characters(categories=("Lo", "Lu", "Ll", "Po")), min_size=1, max_size=80).filter(
    lambda text: written_name(text) == text
)


@given(_WORDS, st.sampled_from((SALT, "3c" * 256)))
def test_a_file_opens_to_its_name_alone(name: str, salt: str) -> None:
    """Whatever the name, its file is as long as every other; it opens to it, and nothing else opens the commitment."""
    data = name_file(name, salt)
    made = committed_name(name, data)
    assert (made.file, made.unkept) == (EvidenceFile.of("name.json", data), data)
    assert made.file is not None
    assert (len(data), made.file.sha256) == (512, hashlib.sha256(data).hexdigest())
    assert len(json.loads(data)["salt"]) >= 32
    assert (name_opened_by(made.file, data), name_opened_by(made.file, data).opened) == (name, True)
    for other in (name_file(name, "a1" * 256), name_file(f"{name[1:]}某", salt), data[:-1], b"", None):
        assert (name_opened_by(made.file, other), name_opened_by(made.file, other).opened) == (LOST_NAME, False)


@pytest.mark.parametrize(
    "data", [b"[]", b"{}", b'{"name":"x","salt":"0f"}', b'{"name":5,"salt":"' + b"0f" * 99 + b'"}']
)
def test_what_is_no_file_of_a_name_opens_to_none(data: bytes) -> None:
    """A file that an entry names, and that has no name or hardly a salt, is read as missing."""
    assert not name_opened_by(EvidenceFile.of("name.json", data), data).opened


@pytest.mark.parametrize("name", [ERASED_NAME, LOST_NAME, "已 依令删除", "", " ", "李\x00红", "x" * 81])
def test_nobody_is_called_as_an_erased_one_reads(name: str) -> None:
    """The words in the place of a name are no names, and what is no name stays none."""
    with pytest.raises(ValidationError):
        changes.open_person(draft_on(), name)


def test_a_name_without_a_commitment_is_never_written() -> None:
    """No dump of an event has a name in clear: it fails before."""
    draft = draft_on()
    changes.open_person(draft, "李红")
    for dump in (draft.events[0].model_dump, draft.events[0].model_dump_json):
        with pytest.raises(PydanticSerializationError, match="commitment"):
            dump()


def test_every_text_of_an_event_about_a_person_is_of_a_type_that_names_nobody() -> None:
    """A field that is added to an event about a person stands in its entry in clear only if its type is known here."""
    unnamed = {"PersonId", "DirectoryId", "DirectoryRole", "Day", "Account", "Place", "type"}
    about = [kind for kind in get_args(get_args(DirectoryEvent)[0]) if "person_id" in kind.model_fields]
    assert len(about) == 7
    for kind in about:
        for name, said in kind.__annotations__.items():
            types = set(str(said).replace(" | None", "").split()) if name != "type" else {"type"}
            assert types <= unnamed | {"PersonName"}, (kind.__name__, name)


@pytest.mark.parametrize("seed", range(20))
def test_erasing_some_persons_changes_nothing_but_their_names(seed: int) -> None:
    """Whatever an office went through: numbers, days, roles and accounts are the same, and everybody else's names."""
    chance = random.Random(seed)
    draft, files = office_at_random(chance, 90), dict[str, bytes]()
    events = committed(draft.events, files)
    leaves = [leaf_event(DIRECTORY_STREAM, event) for event in events]
    persons = draft.directory.persons
    erased = set(chance.sample(sorted(persons), len(persons) // 2))
    gone = {blob["sha256"] for leaf in leaves for blob in leaf["blobs"] if leaf["data"].get("person_id") in erased}

    def opened(file: EvidenceFile) -> PersonName:
        if file.sha256 in gone:
            return PersonName(ERASED_NAME, file, opened=False)
        return name_opened_by(file, files[file.sha256])

    def read(event: DirectoryEvent) -> DirectoryEvent:
        kept: Any = json.loads(event.model_dump_json())
        return DIRECTORY_EVENT.read(kept, {NAMES_BESIDE: opened})

    assert not any(name in json.dumps(leaf, ensure_ascii=False) for leaf in leaves for name in set(NAMES))
    after = fold(map(read, events))
    assert (after.grants, after.departments, after.next_seq) == (
        draft.directory.grants, draft.directory.departments, draft.directory.next_seq,
    )  # fmt: skip
    for number, person in persons.items():
        found = after.persons[number]
        assert (found.periods, found.accounts) == (person.periods, person.accounts)
        if number in erased:
            assert {each.name for each in found.names} == {ERASED_NAME}
            assert found.is_erased
        else:
            assert found.names == tuple(NameSince(each.name, each.from_on) for each in person.names)
