"""What every command has."""

from __future__ import annotations

import hashlib
import json
from typing import ClassVar, Literal

from domain.actors import Actor
from domain.bounds import Place
from domain.frozen import Frozen, added_later
from domain.rules.own_key_rules import OwnKey, Weight
from domain.texts import Evidence, Line

Who = Literal[
    "lead",  # the lead department
    "department",  # the lead or a participating department, each for its own duty
    "operator",  # a named person of the supervision section
    "principal",  # the one for whom a deputy will act, itself
]
About = Literal["milestone", "either", "project"]
"""What an act is about: one milestone, one milestone or the whole project, always the whole project."""
MOST_EVIDENCE = 20
"""With the limits of the texts (`domain/texts.py`) it keeps the longest event of a command below what one entry of the
ledger can hold."""


class Command(Frozen):
    """What every command has: the person who asks, and the request's own id (the same id twice is one request).

    `on_behalf_of` names the one for whom a deputy asks, `attested` the file in which the door attests the act: it is
    about what is asked, and no part of it. `own_key` says whether the person's own key signed, where he has one, `seen`
    how many events of the project stood before him (0: the door does not know).
    """

    who: ClassVar[Who]
    """Who may give it. A deputy may do what the one may for whom it acts."""
    of_the_assigning: ClassVar[bool] = False
    """Whether the department that gave a sub-duty gives it there, in the supervision section's place."""
    weight: ClassVar[Weight | None] = None
    """As what a policy may ask the person's own key for it."""
    ends: ClassVar[frozenset[str]] = frozenset()
    """The fields that name a person to end what he has: he may have left."""
    counted: ClassVar[frozenset[str]] = frozenset()
    """The fields that no person asks for, but the installation counts: they may differ when a request is repeated."""
    request_id: Line
    by: Actor
    on_behalf_of: Actor | None = None
    attested: Evidence | None = added_later()
    own_key: OwnKey | None = added_later()
    seen: Place | None = added_later()

    @classmethod
    def about(cls) -> About:
        """What it is about, as its field for the milestone says."""
        milestone = cls.model_fields.get("milestone_id")
        return "project" if milestone is None else "milestone" if milestone.is_required() else "either"

    @property
    def digest(self) -> str:
        """A short digest of everything that is asked: the same id twice is one request only where this is the same."""
        asked = self.model_dump(mode="json", exclude={"attested", "own_key", "seen", *self.counted})
        for value in asked.values():
            if isinstance(value, dict):
                value.pop("person_id", None)  # which person a name is, the door says: the same is asked either way
        content = json.dumps(asked, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(content.encode()).hexdigest()[:16]

    @property
    def update_id(self) -> str:
        """The id under which the engine is given it: a digest of all that it carries, so nothing that somebody wrote.

        An engine that comes back from a crash writes into the history what came last under an id, although the worker
        decided on what had come first (docs/adr/0231): two messages that differ in anything never share one.
        """
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:32]
