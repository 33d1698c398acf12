"""The form in which a file stands among evidence."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.ledger.leaf_bytes import canonical_event
from domain.acts.commands import RequestCompletion
from domain.evidence import EvidenceFile, evidence_files
from domain.ids import supervision_workflow_id
from domain.record.leaf import leaf_event
from tests.domain.samples import PROJECT, Desk, milestone, request

EMPTY = hashlib.sha256(b"").hexdigest()


def test_the_text_of_a_file_is_fixed() -> None:
    """Hash, name and size in a form that is kept for ever."""
    assert str(EvidenceFile.of("会议纪要 (1).pdf", b"")) == f"sha256:{EMPTY} 会议纪要 (1).pdf (0 bytes)"


@given(st.text(max_size=300), st.binary(max_size=10))
def test_every_file_is_found_again_among_other_evidence(name: str, data: bytes) -> None:
    """Whatever a file is called, its text can stand in a command, and leads back to it."""
    file = EvidenceFile.of(name, data)
    asked = request(RequestCompletion, text="已办", evidence=("纪要", str(file), "https://x/1", str(file)))
    assert evidence_files(asked.evidence) == (file,)


@pytest.mark.parametrize(
    "text",
    [
        "纪要.pdf",
        f"sha256:{EMPTY}",
        f"sha256:{EMPTY.upper()} a.pdf (0 bytes)",
        f"sha256:{EMPTY} {'a' * 121} (0 bytes)",
        f" sha256:{EMPTY} a.pdf (0 bytes)",
    ],
)
def test_what_has_not_the_form_is_plain_text(text: str) -> None:
    """Plain text is allowed as ever, and fixes no file."""
    assert evidence_files((text,)) == ()


def test_a_long_name_keeps_its_ending() -> None:
    """What kind of file it is stays readable."""
    assert EvidenceFile.of("长" * 300 + ".pdf", b"x").name == "长" * 116 + ".pdf"


def test_the_files_of_an_event_are_the_blobs_of_its_entry() -> None:
    """The entry fixes each file by hash, size and name; and the most that a command can show fits into one entry."""
    widest = [f"sha256:{number:064x} {'𠮷' * 120} ({10**14} bytes)" for number in range(20)]
    asked = request(RequestCompletion, text="𠮷" * 4_000, evidence=tuple(widest))
    event, *_ = Desk(milestone()).ask(asked, "05-09 10:00")
    blobs = leaf_event(supervision_workflow_id(PROJECT), event)["blobs"]
    assert [blob["sha256"] for blob in blobs] == [f"{number:064x}" for number in range(20)]
    assert {(blob["size"], blob["name"]) for blob in blobs} == {(10**14, "𠮷" * 120)}
    assert canonical_event(supervision_workflow_id(PROJECT), event).body
