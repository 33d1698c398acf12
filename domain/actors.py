"""Who acts: a department, an operator of the supervision section, or the engine itself."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from domain.errors import InputError
from domain.frozen import Frozen
from domain.ids import DepartmentId
from domain.names import Name, name_key

Role = Literal["department", "operator", "engine"]


class UnreadableActorError(InputError):
    """A text does not name an actor."""

    rule = "readable_actor"

    def __init__(self, *, text: str) -> None:
        super().__init__(f"“{text}”不能确定是谁：请写部门名、“部门:姓名”或姓名。", text=text)


class Actor(Frozen):
    """One who acts: `department` acts for a department (with a person's name where it is given), `operator` for
    the supervision section, `engine` for the rules themselves."""

    role: Role
    name: Name
    department: DepartmentId | None = None

    @model_validator(mode="after")
    def _acts_for_a_department_or_not(self) -> Self:
        if (self.role == "department") != (self.department is not None):
            raise ValueError("a department acts for a department, and nobody else does")
        return self

    def __str__(self) -> str:
        """The form that is kept: `engine`, `operator:李明`, `department:组织部` or `department:组织部:张三`."""
        if self.role == "engine":
            return "engine"
        if self.role == "operator":
            return f"operator:{self.name}"
        return f"department:{self.department}" + (f":{self.name}" if self.name != self.department else "")


def person_key(kept: str | None) -> str | None:
    """What two spellings of one actor have in common, of the form that is kept: two-person rules compare these."""
    return None if kept is None else name_key(kept)


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
    raise UnreadableActorError(text=text)
