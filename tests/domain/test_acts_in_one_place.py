"""An act stands in one place: the unions, tables and lists are made of what stands there, and nothing is left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import pytest

from domain import events
from domain.acts import commands
from domain.acts.commands import AnyCommand, Command
from domain.acts.decisions import HANDLERS
from domain.errors import BrokenRuleError
from domain.events import DomainEvent
from domain.events.event import ProjectEvent
from tests.architecture.tree import ROOT, shown

KINDS: tuple[type[Any], ...] = get_args(get_args(DomainEvent)[0])
ASKED: tuple[type[Command], ...] = get_args(get_args(AnyCommand)[0])


def defined(root: type[Any], package: str) -> Iterator[type[Any]]:
    """Every class under a root that a package defines."""
    for kind in root.__subclasses__():
        if kind.__module__.startswith(f"{package}."):
            yield kind


def test_every_event_is_in_the_union() -> None:
    """An event that a family defines and leaves out of its union could be recorded and never read again."""
    assert set(KINDS) == set(defined(ProjectEvent, "domain.events"))
    assert len(set(KINDS)) == len(KINDS)


def test_every_command_is_in_the_union_and_has_its_handler() -> None:
    """What can be asked can be decided, and nothing else can."""
    assert set(ASKED) == set(HANDLERS) == set(defined(Command, "domain.acts.commands"))
    assert len(set(ASKED)) == len(ASKED)


def test_every_command_says_who_may_give_it() -> None:
    """By itself: no command has it from another one."""
    assert {kind for kind in ASKED if "who" not in vars(kind)} == set()


@pytest.mark.parametrize("kind", [*KINDS, *ASKED], ids=lambda kind: kind.__name__)
def test_the_package_gives_out_every_name(kind: type[Any]) -> None:
    """Who imports from the package finds each event and command there; its `type` is its name."""
    package = events if kind in KINDS else commands
    assert getattr(package, kind.__name__) is kind
    assert kind.model_fields["type"].default == kind.__name__


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_event_has_its_own_line_of_words(kind: type[Any]) -> None:
    """No event is told by the words of another one."""
    assert "words" in vars(kind)


def test_a_refusal_stands_where_acts_do() -> None:
    """Beside the handlers of its family, or with those that several families share."""
    places = {kind.__module__ for kind in BrokenRuleError.__subclasses__() if kind.__module__.startswith("domain.acts")}
    assert "domain.acts.receiving" in places


def test_the_simplest_act_stands_in_six_files() -> None:
    """`AcknowledgeReminder`: command, handler, event, a word of the verifier; a screen in shell and in desk and API."""
    names = ("AcknowledgeReminder", "ReminderAcknowledged")
    found = {
        shown(path)
        for folder in ("domain", "application", "adapters", "activities", "workflows", "entrypoints", "verifier")
        for path in (ROOT / folder).rglob("*.py")
        if any(name in path.read_text(encoding="utf-8") for name in names)
    }
    assert found == {
        "domain/acts/commands/receiving.py",
        "domain/acts/receiving.py",
        "domain/events/receiving.py",
        "entrypoints/cli/department.py",
        "entrypoints/desk/act_words.py",
        "verifier/kinds.py",
    }
