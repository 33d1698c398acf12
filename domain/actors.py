"""Who acts: a department, an operator of the supervision section, or the engine itself."""

from __future__ import annotations

from typing import Literal, NamedTuple, Self

from pydantic import model_validator

from domain.directory.ids import PersonId
from domain.errors import UnusableInputError
from domain.frozen import Frozen, added_later
from domain.ids import DepartmentId
from domain.names import Name, name_key

Role = Literal["department", "operator", "engine"]


class UnreadableActorError(UnusableInputError, rule="readable_actor"):
    """A text does not name an actor."""

    says = "“{given}”不能确定是谁：请写部门名、“部门:姓名”或姓名。"
    given: str


class Actor(Frozen):
    """One who acts: `department` acts for a department (with a person's name where it is given), `operator` for
    the supervision section, `engine` for the rules themselves. `person_id` is the person's number in the directory, as
    the door through which the act came resolved it (`domain/directory/naming.py`)."""

    role: Role
    name: Name
    department: DepartmentId | None = None
    person_id: PersonId | None = added_later()

    @model_validator(mode="after")
    def _acts_for_a_department_or_not(self) -> Self:
        if (self.role == "department") != (self.department is not None):
            raise ValueError("a department acts for a department, and nobody else does")
        return self

    @property
    def known(self) -> KnownPerson:
        """The one who acts as rules of two persons compare him."""
        return KnownPerson(str(self), self.person_id)

    def __str__(self) -> str:
        """The form that is kept: `engine`, `operator:李明`, `department:组织部` or `department:组织部:张三`."""
        if self.role == "engine":
            return "engine"
        if self.role == "operator":
            return f"operator:{self.name}"
        return f"department:{self.department}" + (f":{self.name}" if self.name != self.department else "")


class KnownPerson(NamedTuple):
    """One who acted, as rules of two persons compare him: the form that is kept, and his number where it is known."""

    kept: str
    person_id: PersonId | None

    def is_same(self, other: KnownPerson) -> bool:
        """Whether two are one person: by their numbers, or by the key of their names where a number is not known."""
        if self.person_id is not None and other.person_id is not None:
            return self.person_id == other.person_id
        return name_key(self.kept) == name_key(other.kept)


def known_persons(*pairs: tuple[str | None, PersonId | None]) -> tuple[KnownPerson, ...]:
    """Those who acted; a pair that names nobody is none."""
    return tuple(KnownPerson(kept, person_id) for kept, person_id in pairs if kept is not None)


ENGINE = Actor(role="engine", name="engine")


def department(name: DepartmentId, person: str | None = None) -> Actor:
    """A department that acts, through a person where one is named."""
    return Actor(role="department", name=person or name, department=name)


def operator(name: str) -> Actor:
    """A person of the supervision section."""
    return Actor(role="operator", name=name)


def actor_from_text(text: str) -> Actor:
    """The actor that a kept text names: the inverse of `str`.

    Raises:
        UnreadableActorError: the text names nobody.
    """
    role, _, rest = text.partition(":")
    if text == "engine":
        return ENGINE
    if role == "operator" and rest.strip():
        return operator(rest.strip())
    if role == "department" and rest.strip():
        name, _, person = rest.partition(":")
        return department(name.strip(), person.strip() or None)
    raise UnreadableActorError(given=text)


def spoken(actor: str) -> str:
    """A kept actor as people name it: the department and person, or the name."""
    _, _, name = actor.partition(":")
    return name.replace(":", " ") or actor
