"""Trees, proofs, tiles and notes are equal to those of implementations that we did not write (see `vectors/`)."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.ledger import merkle
from adapters.ledger.bundle_export import tile_path as written_tile_path
from adapters.ledger.log_tiles import LogTiles
from adapters.ledger.signed_notes import LogKey, checkpoint_text, inclusion_file, is_cosigned, signed_note
from verifier import ed25519
from verifier.notes import UnreadableNoteError, checkpoint_from, cosigned_at, key_from, note_from, signed_by
from verifier.proofs import inclusion_from
from verifier.tiles import tile_path
from verifier.tree import Tree, extends, includes, leaf_hash, root_of

VECTORS: dict[str, Any] = json.loads((Path(__file__).parent / "vectors" / "vectors.json").read_text(encoding="utf-8"))
NOTES: dict[str, str] = VECTORS["notes"]
SIZES = range(129)


@cache
def hashes(count: int) -> tuple[bytes, ...]:
    """The leaf hashes of the vectors' tree."""
    return tuple(leaf_hash(f"entry {number}".encode()) for number in range(count))


WHOLE = Tree(list(hashes(70_000)))
"""The large tree with its kept nodes, from the verifier's side."""


class Leaves:
    """The vectors' entries as a source of hashes without any tile."""

    def leaf_hashes(self, first: int, end: int) -> Sequence[bytes]:
        return hashes(70_000)[first:end]

    def tile(self, level: int, index: int) -> bytes | None:
        return None


def b64(data: bytes) -> str:
    """A hash as the vectors write it."""
    return base64.b64encode(data).decode()


def digest(proofs: list[tuple[int, list[bytes]]]) -> str:
    """All proofs of a tree in one hash, as the vectors make it."""
    lines = (f"{number} {' '.join(map(b64, proof))}\n" for number, proof in proofs)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def test_roots_of_all_trees_up_to_128_are_equal() -> None:
    """Writer, verifier and the outside implementation agree on every root."""
    for size in SIZES:
        root = merkle.tree_root(size, LogTiles(Leaves(), size).node)
        assert b64(root) == VECTORS["roots"][size]
        assert root_of(hashes(128)[:size]) == root


def test_the_roots_of_rfc_6962_are_equal() -> None:
    """The inputs of RFC 6962's first implementation give its roots."""
    inputs = [leaf_hash(bytes.fromhex(text)) for text in VECTORS["rfc6962"]["inputs"]]

    assert [root_of(inputs[: n + 1]).hex() for n in range(len(inputs))] == VECTORS["rfc6962"]["roots"]


def test_all_inclusion_proofs_up_to_128_are_equal_and_accepted() -> None:
    """Every entry of every tree: the same proof, and the verifier follows it."""
    for size in SIZES:
        node = LogTiles(Leaves(), size).node
        proofs = [(index, merkle.inclusion_proof(index, size, node)) for index in range(size)]
        assert digest(proofs) == VECTORS["inclusion_digests"][size]
        root = root_of(hashes(128)[:size])
        assert all(
            includes(leaf=hashes(128)[index], index=index, size=size, proof=proof, root=root) for index, proof in proofs
        )


def test_all_consistency_proofs_up_to_128_are_equal_and_accepted() -> None:
    """Every pair of trees: the same proof, and the verifier follows it."""
    roots = [root_of(hashes(128)[:size]) for size in SIZES]
    for size in SIZES:
        node = LogTiles(Leaves(), size).node
        proofs = [(old, merkle.consistency_proof(old, size, node)) for old in range(1, size + 1)]
        assert digest(proofs) == VECTORS["consistency_digests"][size]
        assert all(
            extends(old_size=old, old_root=roots[old], size=size, root=roots[size], proof=proof)
            for old, proof in proofs
        )


@given(st.integers(2, 128), st.data())
def test_a_proof_for_something_else_is_refused(size: int, data: st.DataObject) -> None:
    """A proof that is changed, shortened, lengthened or used for another place shows nothing."""
    node = LogTiles(Leaves(), size).node
    root, index = root_of(hashes(128)[:size]), data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(index, size, node)
    spoilt = data.draw(st.sampled_from(["flip", "shorter", "longer", "elsewhere"]))
    place = data.draw(st.integers(0, len(proof) - 1))
    elsewhere = data.draw(st.integers(0, size - 1).filter(lambda other: other != index))
    if spoilt == "flip":
        proof[place] = bytes([proof[place][0] ^ 1]) + proof[place][1:]
    elif spoilt == "shorter":
        del proof[place]
    elif spoilt == "longer":
        proof.insert(place, proof[place])
    claimed = elsewhere if spoilt == "elsewhere" else index

    assert not includes(leaf=hashes(128)[index], index=claimed, size=size, proof=proof, root=root)


@given(st.integers(1, 127), st.data())
def test_a_rewritten_past_has_no_consistency_proof(old_size: int, data: st.DataObject) -> None:
    """When an old entry changed, the honest proof of the new tree does not lead to the old root."""
    size = data.draw(st.integers(old_size + 1, 128))
    changed = list(hashes(128)[:size])
    changed[data.draw(st.integers(0, old_size - 1))] = leaf_hash(b"rewritten")
    proof = merkle.consistency_proof(old_size, size, lambda level, index: _node(changed, level, index))

    assert not extends(
        old_size=old_size,
        old_root=root_of(hashes(128)[:old_size]),
        size=size,
        root=root_of(changed),
        proof=proof,
    )


def _node(leaves: list[bytes], level: int, index: int) -> bytes:
    return root_of(leaves[index << level : (index + 1) << level])


def test_tiles_of_a_large_tree_are_equal() -> None:
    """The root and the tiles of 70,000 entries, partial ones and higher levels too."""
    tiles = LogTiles(Leaves(), 70_000)
    assert b64(merkle.tree_root(70_000, tiles.node)) == VECTORS["tiled"]["root"]
    for path, expected in VECTORS["tiled"]["tiles"].items():
        level, index = int(path.split("/")[1]), int(path.split("/")[2].split(".")[0].lstrip("0") or "0")
        assert hashlib.sha256(b"".join(tiles.tile(level, index))).hexdigest() == expected, path


@pytest.mark.parametrize(("place", "path"), VECTORS["tiled"]["paths"].items())
def test_tile_paths_are_equal(place: str, path: str) -> None:
    """Writer and verifier name a tile as others do."""
    index, _, width = place.partition("/")

    assert tile_path(1, int(index), int(width or 256)) == path
    assert written_tile_path("1", int(index), int(width or 256)) == path


def test_a_head_signed_with_the_same_key_is_the_same_note() -> None:
    """Ed25519 signatures are deterministic: our signed note equals the outside one to the byte."""
    key = LogKey("duban.example/ledger", Ed25519PrivateKey.from_private_bytes(bytes.fromhex(NOTES["log_seed"])))
    text = checkpoint_text("duban.example/ledger", 100, root_of(hashes(128)[:100]))

    assert text == NOTES["text"]
    assert key.vkey == NOTES["log_vkey"]
    assert signed_note(text, [key]) == NOTES["signed"]


def test_an_outside_head_and_its_cosignature_are_read() -> None:
    """The verifier and the writer accept what a log and a witness of other make signed."""
    note = note_from(NOTES["cosigned"].encode())

    assert signed_by(note, key_from(NOTES["log_vkey"]))
    assert (cosigned_at(note, key_from(NOTES["witness_vkey"])) or 0) > 1_700_000_000
    assert checkpoint_from(NOTES["cosigned"].encode()).size == 100
    assert is_cosigned(NOTES["text"], NOTES["cosigned"].strip().rpartition("\n")[2], NOTES["witness_vkey"])


def test_an_inclusion_proof_as_a_file_is_the_same() -> None:
    """Our proof of entry 42 of 100 equals the outside one to the byte, and the verifier follows it."""
    proof = merkle.inclusion_proof(42, 100, LogTiles(Leaves(), 100).node)
    assert inclusion_file(42, proof, NOTES["cosigned"]) == NOTES["proof_of_42"]

    read = inclusion_from(NOTES["proof_of_42"].encode())
    assert includes(
        leaf=hashes(128)[read.index],
        index=42,
        size=read.checkpoint.size,
        proof=read.hashes,
        root=read.checkpoint.root,
    )


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200))
@settings(max_examples=15)
def test_plain_python_signatures_are_those_of_the_library(seed: bytes, message: bytes) -> None:
    """The verifier's own Ed25519 signs and accepts exactly what the library does."""
    library = Ed25519PrivateKey.from_private_bytes(seed)
    public = library.public_key().public_bytes_raw()

    assert ed25519.public_key(seed) == public
    assert ed25519.sign(seed, message) == library.sign(message)
    assert ed25519.is_signed(public, message, library.sign(message))


@given(st.lists(st.integers(0, 70_000), max_size=20))
@settings(max_examples=20)
def test_the_root_of_an_earlier_size_is_that_of_the_entries_up_to_there(sizes: list[int]) -> None:
    """The kept inner nodes lead to the same root as all entries do."""
    for size in sizes:
        assert WHOLE.root(size) == root_of(hashes(70_000)[:size])


@given(st.integers(0, 64 * 8 - 1))
@settings(max_examples=30)
def test_a_signature_with_one_other_bit_is_refused(bit: int) -> None:
    """No bit of a signature is free."""
    seed, message = bytes(range(32)), b"a head"
    signature = bytearray(ed25519.sign(seed, message))
    signature[bit // 8] ^= 1 << bit % 8

    assert not ed25519.is_signed(ed25519.public_key(seed), message, bytes(signature))


@given(st.binary(max_size=400) | st.text(st.sampled_from("— abc+/=0\n"), max_size=200).map(str.encode))
def test_bytes_that_are_no_note_are_refused_as_such(data: bytes) -> None:
    """Whatever is put before the readers, they say that they cannot read it, and nothing else goes wrong."""
    for read in (checkpoint_from, inclusion_from):
        with pytest.raises(UnreadableNoteError):
            read(data)
