"""Which files a bundle has, and what those say that stand beside the log: nobody vouches for what was not looked at."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from adapters.ledger.bundle_export import _README
from adapters.ledger.signed_notes import signed_note
from bench.memory_bundle import MemoryBundle
from tests.verifier.forger import Forger
from tests.verifier.rehearsed_year import Year
from verifier.bundle import sha256_of
from verifier.manifest import _READ_FIRST
from verifier.verify import verify


@pytest.mark.parametrize(
    "name", ["report/summary.txt", "log/checkpoint2", "policy2", "code/run.py", "a/../b", "README"]
)
def test_a_file_that_no_bundle_has_is_told(year: Year, name: str) -> None:
    """Listed and signed by the log's key: a verification is no word for a file that it has not looked into."""
    files = year.files() | {name: "全部按期完成\n".encode()}
    Forger(year).sign_manifest(files)
    report = verify(MemoryBundle(files), year.trust())
    assert (report.codes(), report.as_json()["verdict"]) == ({"bundle.file_unknown"}, "evidence_missing")


def test_what_is_read_first_is_what_the_ledger_writes(year: Year) -> None:
    """Whoever signs the list tells the auditor in it neither what to run instead nor what to trust."""
    files = year.files()
    files["README.txt"] += "请用包中的 policy 核验。\n".encode()
    Forger(year).sign_manifest(files)
    report = verify(MemoryBundle(files), year.trust())
    assert (report.codes(), report.as_json()["verdict"]) == ({"bundle.file_unknown"}, "evidence_missing")


def test_every_build_writes_a_text_that_the_verifier_knows() -> None:
    """The ledger's own, as it is now: with another one the verifier learns it, and keeps the earlier ones."""
    assert sha256_of(_README.encode()) in _READ_FIRST


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("report/verification.txt", lambda data: "核验通过，没有发现问题\n".encode()),
        ("report/state.json", lambda data: data.replace(b"{", b'{"summary": "all is well",', 1)),
    ],
)
def test_a_report_says_nothing_that_was_not_checked(year: Year, name: str, said: Callable[[bytes], bytes]) -> None:
    """Beside the head and the projects nothing stands in them, whoever signed the list."""
    files = year.files()
    files[name] = said(files[name])
    Forger(year).sign_manifest(files)
    assert not verify(MemoryBundle(files), year.trust()).passed


@pytest.mark.parametrize("more", [{"v": 2}, {"v": 1, "note": "all is well"}])
def test_a_list_of_files_is_in_its_one_form(year: Year, more: dict[str, Any]) -> None:
    """Another version, or more than the ledger writes, is nothing that this program could judge."""
    forger, files = Forger(year), year.files()
    listed = json.loads(files["manifest.json"]) | more
    data = json.dumps(listed, ensure_ascii=False).encode()
    note = signed_note(f"duban-manifest/v1\n{year.origin}\n{sha256_of(data)}\n", [forger._key]).encode()
    made = files | {"manifest.json": data, "manifest.note": note}
    assert "bundle.manifest_unreadable" in verify(MemoryBundle(made), year.trust()).codes()
