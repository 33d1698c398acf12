"""`--evidence`: a file is kept under its hash and proved by a bundle, a text stands as it is, a mistake is refused."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from application.office.attesting import ask, attested_command
from application.settings import load_settings
from domain.actors import department
from domain.acts.commands import ReportProgress
from domain.errors import RejectedError
from domain.evidence import EvidenceFile
from domain.ids import supervision_workflow_id
from entrypoints.bootstrap import local_user, open_office
from tests.entrypoints.cli.conftest import Duban
from tests.entrypoints.installation import Home, apart, until
from verifier.bundle import bundle_at
from verifier.verify import verify
from workflows.inputs import CommandMessage

PROJECT, MILESTONE = "2018-16", "4"
SIGNALLED = "2018-14"
MINUTES = b"%PDF minutes of the meeting"


def kept_in(home: Home) -> set[str]:
    """The names of all kept evidence."""
    return {path.name for path in (home.data / "evidence").rglob("*") if path.is_file()}


def test_a_file_is_kept_recorded_exported_and_verified(running: Duban, home: Home, tmp_path: Path) -> None:
    """The event carries hash, name and size; the bundle has the bytes; a bundle without or with others is refused."""
    paper = tmp_path / "会议纪要.pdf"
    paper.write_bytes(MINUTES)
    sha256 = hashlib.sha256(MINUTES).hexdigest()
    answer = running(
        "report", PROJECT, MILESTONE, "已开会", "--by", "省团校", "--evidence", str(paper), "--evidence", "另有照片"
    )
    assert answer.status == 0, answer.err
    assert sha256 in kept_in(home)

    bundle = tmp_path / "bundle"
    assert running("audit", "export", str(bundle), "--json").status == 0
    assert (bundle / "blobs" / sha256).read_bytes() == MINUTES
    shown = f"sha256:{sha256} 会议纪要.pdf ({len(MINUTES)} bytes)"
    # Full tiles too: how many entries the shared installation has depends on the tests before this one.
    tiles = [path for path in (bundle / "log" / "tile" / "entries").rglob("*") if path.is_file()]
    assert any(shown.encode() in path.read_bytes() for path in tiles)
    assert verify(bundle_at(bundle)).passed
    (bundle / "blobs" / sha256).write_bytes(MINUTES + b" ")
    assert "attachments.hash_differs" in verify(bundle_at(bundle)).codes()
    (bundle / "blobs" / sha256).unlink()
    assert "attachments.file_missing" in verify(bundle_at(bundle)).codes()


@pytest.mark.parametrize("kind", ["missing", "folder", "empty", "large"])
def test_a_file_that_cannot_be_evidence_is_one_sentence(
    running: Duban,
    home: Home,
    events: Callable[[str], int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    """Status 2, the path and what to do; nothing is recorded and nothing is kept."""
    monkeypatch.setenv("DUBAN_EVIDENCE_MEGABYTES", "1")
    before = events(PROJECT), kept_in(home)
    path = tmp_path / f"{kind}.pdf"
    if kind == "folder":
        path.mkdir()
    elif kind != "missing":
        path.write_bytes(b"\0" * (1_000_001 if kind == "large" else 0))
    answer = running("report", PROJECT, MILESTONE, "已办", "--by", "省团校", "--evidence", str(path))
    assert answer.status == 2
    assert str(path) in answer.sentence
    assert (events(PROJECT), kept_in(home)) == before


def test_words_that_would_claim_a_kept_file_are_refused(running: Duban, events: Callable[[str], int]) -> None:
    """The form of a kept file is the program's own: in the record it would claim a file that nobody has kept."""
    before, claimed = events(PROJECT), f"sha256:{'0' * 64} 纪要.pdf (3 bytes)"
    answer = running("report", PROJECT, MILESTONE, "已办", "--by", "省团校", "--evidence", claimed)
    assert (answer.status, "给出文件本身" in answer.sentence) == (2, True)
    assert events(PROJECT) == before


def test_plain_words_stay_words(running: Duban) -> None:
    """A sentence, a link and a division sign in the words are no files."""
    words = ("会议纪要", "~已完成，见说明", "https://oa.example/1.pdf", "团委/学生处联席会议，见第3.2节")
    given = [part for text in words for part in ("--evidence", text)]
    assert running("report", PROJECT, MILESTONE, "已办", "--by", "省团校", *given).status == 0
    timeline = running("audit", "history", PROJECT, "--json").out
    assert "ProgressReported" in timeline


@pytest.mark.parametrize("named", ["never kept", "kept with another size"])
def test_evidence_that_is_not_kept_is_refused_before_it_stands_anywhere(
    running: Duban, home: Home, events: Callable[[str], int], tmp_path: Path, named: str
) -> None:
    """A hash that the store has not, or another size: no event, the refusal is kept, and no bundle is poisoned."""
    paper = tmp_path / "纪要.pdf"
    paper.write_bytes(MINUTES + named.encode())
    running("report", PROJECT, MILESTONE, "已开会", "--by", "省团校", "--evidence", str(paper))
    sha256 = "0" * 64 if named == "never kept" else hashlib.sha256(paper.read_bytes()).hexdigest()
    before = events(PROJECT)

    command = ReportProgress(
        request_id=f"poisoned {named}",
        by=department("省团校"),
        milestone_id=f"{PROJECT}-0{MILESTONE}",
        text="已开会",
        evidence=(f"sha256:{sha256} x.pdf (12345 bytes)",),
    )

    async def send() -> str:
        async with open_office(load_settings(), giver=local_user()) as office:
            with pytest.raises(RejectedError) as refused:
                await ask(office, PROJECT, command)
            return refused.value.rule

    assert apart(lambda: asyncio.run(send())) == "evidence_is_kept"
    assert events(PROJECT) == before

    def kept() -> bool:
        refusals = running("audit", "history", PROJECT, "--refusals", "--json").document["refusals"]
        return any(each["rule"] == "evidence_is_kept" and sha256 in str(each["command"]) for each in refusals)

    until(kept, "the refusal")


def test_a_signal_that_shows_what_is_not_kept_is_refused_on_record(
    running: Duban, home: Home, events: Callable[[str], int]
) -> None:
    """Its sender hears nothing, so the record says so: the one event of it is its refusal, and nothing is poisoned."""
    before = events(SIGNALLED)
    shown = EvidenceFile.of("信号.pdf", MINUTES + b" by signal")
    command = ReportProgress(
        request_id="by-signal",
        by=department("学校部"),
        milestone_id=f"{SIGNALLED}-0{MILESTONE}",
        text="已开会",
        evidence=(str(shown),),
    )

    async def signal() -> None:
        async with open_office(load_settings(), giver=local_user()) as office:
            handle = office.engine.client.get_workflow_handle(supervision_workflow_id(SIGNALLED))
            attested = await attested_command(office, SIGNALLED, command)
            await handle.signal("command", CommandMessage(attested))

    apart(lambda: asyncio.run(signal()))
    until(lambda: events(SIGNALLED) > before, "the refusal of the signal")
    timeline = running("audit", "history", SIGNALLED, "--json").document["events"]
    refused = [event for event in timeline if event["type"] == "CommandRejected"]
    assert shown.sha256[:12] in str(refused[-1]) or "信号.pdf" in str(refused[-1])
    assert events(SIGNALLED) == before + 1


def test_evidence_that_was_lost_is_missing_until_it_is_supplied(running: Duban, home: Home, tmp_path: Path) -> None:
    """Every audit says what is missing and its remedy; once it is supplied, nothing is found."""
    original = MINUTES + b" that was lost"
    shown = EvidenceFile.of("遗失.pdf", original)
    paper = tmp_path / "遗失.pdf"
    paper.write_bytes(original)
    told = running("report", PROJECT, MILESTONE, "已开会", "--by", "省团校", "--evidence", str(paper))
    assert told.status == 0, told.err
    (home.data / "evidence" / shown.sha256[:2] / shown.sha256).unlink()

    exported = running("audit", "export", str(tmp_path / "poisoned"), "--json")
    verified = running("audit", "verify", str(tmp_path / "poisoned"), "--json").document
    reconciled = running("audit", "reconcile", "--json").document
    wrong = tmp_path / "wrong.pdf"
    wrong.write_bytes(b"something else")
    right = tmp_path / "right.pdf"
    right.write_bytes(original)
    refused = running("evidence", "add", str(wrong), "--json")
    supplied = running("evidence", "add", str(right), "--json")
    again = running("audit", "export", str(tmp_path / "whole"), "--json")

    assert (exported.status, exported.document["verdict"]) == (1, "evidence_missing")
    assert verified["verdict"] == reconciled["verdict"] == "evidence_missing"
    named = [each for each in reconciled["findings"] if each["check"] == "evidence"]
    assert [(each["verdict"], shown.sha256 in each["text"]) for each in named] == [("evidence_missing", True)]
    (text,) = [each["text"] for step in verified["steps"] for each in step["findings"]]
    assert "duban evidence add" in text
    assert shown.sha256 in text
    assert (refused.status, supplied.status, supplied.document["missing"]) == (1, 0, [])
    assert (again.status, again.document["verdict"]) == (0, "nothing_found")
    assert running("audit", "verify", str(tmp_path / "whole"), "--json").document["verdict"] == "nothing_found"
