"""Every field of a file of channels at its edges: a sentence with its line, or routes that hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.channels.routes_file import UnreadableRoutesError, read_routes
from domain.characters import REFUSED
from domain.papers.routes import INBOX, Routes
from tests.domain.edges import Edge, edges, tried
from tests.domain.samples import at

EXAMPLE = Path(__file__).parents[3] / "examples" / "channels.yaml"
BASE: Any = read_routes(EXAMPLE).model_dump(mode="json")
EDGES = list(edges(Routes.model_json_schema(), BASE))


def test_the_walk_reaches_every_field_of_the_routes() -> None:
    """Of the channels, of the readers and of the hours in which none is disturbed."""
    assert {edge.path[0] for edge in EDGES} == set(Routes.model_fields)
    assert {str(edge.path[-1]) for edge in EDGES} >= {"host", "port", "address", "channel", "reads", "begin", "tries"}


def _written(edge: Edge, path: Path) -> Path:
    path.write_text(json.dumps(edge.document, ensure_ascii=True), encoding="utf-8")
    return path


@pytest.mark.parametrize("first", range(8))
def test_every_field_of_the_routes_at_its_edges_is_refused_or_holds(first: int, tmp_path: Path) -> None:
    """A refusal is one sentence that nobody obeys; what is taken names nothing that nobody can read."""
    path = tmp_path / "channels.yaml"
    for edge in EDGES[first::8]:
        answer = tried(lambda edge=edge: read_routes(_written(edge, path)), UnreadableRoutesError)  # type: ignore[misc]
        if isinstance(answer, UnreadableRoutesError):
            assert answer.text.endswith("。"), str(edge)
            assert len(answer.text) < 1_000, str(edge)
            assert not REFUSED.search(answer.text), str(edge)
            continue
        # JSON as a file has it: what cannot be read would stand there as it is.
        assert not REFUSED.search(json.dumps(answer.model_dump(mode="json"), ensure_ascii=False)), str(edge)
        for name, reader in answer.readers.items():
            assert answer.steps_of(name)[-1].channel == INBOX
            assert reader.quiet is None or reader.quiet.end_after(at("05-09 21:00")) != at("05-09 21:00")
