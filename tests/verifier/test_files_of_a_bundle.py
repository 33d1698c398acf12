"""Which files a bundle has, and what those say that stand beside the log: nobody vouches for what was not looked at."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adapters.ledger.bundle_export import _README
from adapters.ledger.signed_notes import signed_note
from bench.memory_bundle import MemoryBundle
from tests.verifier.forger import Forger
from tests.verifier.rehearsed_year import Year
from verifier.attachments import check_attachments
from verifier.bundle import sha256_of
from verifier.findings import Step
from verifier.leaves import _OWN_STREAMS, Leaves
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


@pytest.mark.parametrize(
    ("stream", "name", "is_its_own"),
    [
        ("history/key-project/2018/01", "histories/key-project/2018/01/run-1.pb", True),
        ("history/key-project/2018/01", "histories/key-project/2018/02/run-1.pb", False),
        ("history/key-project/2018/01", "histories/key-project/2018/01/run-2.pb", False),
        ("history/key-project/2018/02", "histories/key-project/2018/01/run-1.pb", False),
    ],
)
def test_a_run_has_its_own_history(stream: str, name: str, is_its_own: bool) -> None:
    """Another project's history, or another run's, does not stand in the place of one, whoever signed the entries."""
    leaves, step = Leaves(Step("rules")), Step("attachments")
    data = {"workflow_id": "key-project/2018/01", "run_id": "run-1"}
    leaves.closed.append((7, {"stream": stream, "data": data, "blobs": [{"name": name}]}))
    check_attachments(step, MemoryBundle({}), leaves, {})
    assert [found.code for found in step.findings] == ([] if is_its_own else ["history_of_another"])


def own_entry(stream: str, kind: str, actor: str = "ledger") -> bytes:
    """An entry that the ledger, or somebody, wrote."""
    at = "2018-05-31T01:00:00.000000Z"
    event = {"actor": actor, "blobs": [], "data": {"v": 1}, "decided": at, "id": f"{stream}#0", "occurred": at}
    return json.dumps({"appended": at, "event": event | {"seq": 0, "stream": stream, "type": kind}, "v": 1}).encode()


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (own_entry("log/readings", "ledger.read"), None),
        (own_entry("notes/1", "note.made"), "stream_unknown"),
        (own_entry("log/notes", "note.made"), "stream_unknown"),
        (own_entry("log", "clock.step"), None),
        (own_entry("log", "clock.step", "operator:王芳"), "leaf_format"),
    ],
)
def test_an_entry_that_no_ledger_writes_is_told(entry: bytes, code: str | None) -> None:
    """It stands under the head as all others do: that is no word for what it says, nor for who is named in it."""
    leaves = Leaves(Step("rules"))
    leaves.read(0, [entry])
    leaves.check_streams()
    assert [found.code for found in leaves.step.findings] == ([code] if code else [])


def test_the_verifier_knows_each_stream_of_the_ledgers_own() -> None:
    """A new one is named in both programs."""
    sources = (Path(__file__).parents[2] / "domain").rglob("*.py")
    text = "".join(path.read_text(encoding="utf-8") for path in sources)
    assert set(re.findall(r'"((?:log|directory)(?:/[a-z-]+)?)"', text)) - {"log/of"} == _OWN_STREAMS
