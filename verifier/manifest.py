"""What the list of a bundle's files says, in the one form that the ledger writes; and which files a bundle has."""

from __future__ import annotations

from typing import Any, Final

from verifier.bundle import Bundle, sha256_of
from verifier.findings import Step
from verifier.plain_json import plain_json

_NAMES: Final = {"v", "origin", "size", "files"}
_OF_A_FILE: Final = {"path", "size", "sha256"}
_HEAD: Final = "log/checkpoint"
_README: Final = "README.txt"
_AT_EXPORT: Final = "report/verification.txt"
_FIRST_LINES: Final = {
    "725c4fc2b0b0bc02db4477908903edffec46404d2f2be739aa13fa295eb14934",  # checksum at export
    "3ce659b5840317236968769d3e55c2f6523164358810cd0038f8cc0cbc7dc0d9",  # head at export, until 2026
}
"""The SHA-256 of what stands above the head: two lines of the ledger's, and no sentence of this program."""
_READ_FIRST: Final = {
    "11a22168ceed78616acdc87bec8af74c97b36504e29572fd96352e7bc51c8b6a",
    "bb72c8856af3d995a4d122e0dff1a393562dc075b0aea8db0bf4076cefeb43af",  # of an earlier build
}
"""The SHA-256 of what the ledger writes for whoever opens a bundle: nobody tells him there what to run instead."""
_ALONE: Final = {
    _README,
    "policy",
    "code/versions.json",
    _HEAD,
    "report/state.json",
    "report/timeline.csv",
    _AT_EXPORT,
}
_IN_FOLDERS: Final = ("log/tile/", "checkpoints/", "proofs/", "later/", "blobs/", "histories/", "rows/")
"""Where each file is held against the entries, or has none that names it and is said to be too many."""


def files_in(data: bytes) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """A manifest, and its files by their names.

    Raises:
        ValueError: it is none, or has what the ledger does not write.
        KeyError, TypeError, RecursionError: it is none.
    """
    manifest = plain_json(data)
    if manifest["v"] != 1 or set(manifest) != _NAMES or any(set(file) != _OF_A_FILE for file in manifest["files"]):
        raise ValueError("what no manifest of this version has")
    listed = {str(file["path"]): dict(file) for file in manifest["files"]}
    if len(listed) != len(manifest["files"]):
        raise ValueError("a file is listed twice")
    return manifest, listed


def check_kinds(step: Step, bundle: Bundle) -> None:
    """Say which files nothing is known of: the list's signature is no word for what stands in them."""
    for name in sorted(bundle.names - _ALONE - {"manifest.json", "manifest.note"}):
        if not name.startswith(_IN_FOLDERS):
            step.miss("file_unknown", name, "审计包没有这种文件，没有核过：请勿采信其内容，并请督查室说明")
    if _README in bundle.names and sha256_of(bundle.read(_README)) not in _READ_FIRST:
        step.miss("file_unknown", _README, "不是台账写的说明，没有核过：请勿照其中所写的去做，并请督查室说明")
    if {_AT_EXPORT, _HEAD} <= bundle.names and not _is_of(bundle.read(_HEAD), bundle.read(_AT_EXPORT)):
        step.fail("file_differs", _AT_EXPORT, "所写的不是导出时的校验值，是后来改动的")


def _is_of(head: bytes, at_export: bytes) -> bool:
    said, _, kept = at_export.partition(b"\n\n")
    return kept == head and sha256_of(said) in _FIRST_LINES
