"""A refusal is declared whole: its fields, its rule and its sentence hold together, and nothing else is taken."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from string import Formatter

import pytest

from domain.acts.rejections import NoDisputeError, ProjectClosedError
from domain.errors import DubanError, PhrasedError
from tests.architecture.tree import ROOT

LAYERS = ("domain", "application", "adapters", "entrypoints")
TEMPLATES = ("PhrasedError", "BrokenRuleError", "UnusableInputError")


def declared(root: type[PhrasedError] = PhrasedError) -> Iterator[type[PhrasedError]]:
    """Every declared refusal of the tree that says something."""
    for kind in root.__subclasses__():
        if "says" in vars(kind) or "_sentence" in vars(kind):
            yield kind
        yield from declared(kind)


@pytest.fixture(scope="module")
def refusals() -> list[type[PhrasedError]]:
    """Those of every module."""
    for path in (path for layer in LAYERS for path in (ROOT / layer).rglob("*.py")):
        if any(name in path.read_text(encoding="utf-8") for name in TEMPLATES):
            import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
    return list(declared())


def fields_of(kind: type[PhrasedError]) -> set[str]:
    """What must be given when it is raised."""
    return {name for base in kind.__mro__[:-1] for name in vars(base).get("__annotations__", {})} - {"says", "rule"}


def test_a_sentence_names_only_what_is_given(refusals: list[type[PhrasedError]]) -> None:
    """Nobody gets a fault of the program in place of a refusal: each place in a sentence is a field of its refusal."""
    assert len(refusals) > 100
    for kind in refusals:
        named = {
            place.partition(".")[0]
            for _, place, _, _ in Formatter().parse(getattr(kind, "says", ""))
            if place is not None
        }
        assert named <= fields_of(kind), kind
        assert not {"text", "ids", "args"} & fields_of(kind), kind


def test_a_refusal_is_told_by_its_rule_and_its_fields() -> None:
    """Screens, logs and programs get the sentence, the rule and the ids of one declaration."""
    error = NoDisputeError(milestone_id="2018-01-02")
    assert isinstance(error, DubanError)
    assert (error.text, str(error)) == ("节点 2018-01-02 没有等待裁定的争议，无须裁定。",) * 2
    assert (error.rule, error.ids) == ("dispute_first", {"milestone_id": "2018-01-02"})
    assert (
        ProjectClosedError(project_id="2018-01").text
        == "项目 2018-01 已归档，不再接受办理：年终结转或撤销办错了的，请督查人员收回后再办。"
    )


def test_a_misspelt_field_is_refused() -> None:
    """By the type checker first: were it to take this line, the ignored fault in it would be reported as unused."""
    with pytest.raises(KeyError):
        NoDisputeError(milestone="2018-01-02")  # type: ignore[call-arg]
