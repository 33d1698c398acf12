"""How the directory names what it keeps: persons and departments by numbers that never change, roles by words."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, StringConstraints, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from domain.names import Name
from domain.texts import OWN, readable

SEPARATORS: Final = "；;、"
"""What parts several names in one cell of a file; no alias and no account holds one."""

DirectoryId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=32)]
"""The number of a person or a department in the directory: given once, never changed, never given again."""
PersonId = DirectoryId
"""A person, whatever his name is now."""


def _without_separators(text: str) -> str:
    if any(mark in text for mark in SEPARATORS):
        raise PydanticCustomError(f"{OWN}separator", "不能含顿号或分号")
    return text


Alias = Annotated[Name, AfterValidator(_without_separators)]
"""Another name of a department."""
Account = Annotated[
    str,
    StringConstraints(pattern=r"^[^\s]+$", min_length=1, max_length=120),
    AfterValidator(readable),
    AfterValidator(_without_separators),
]
"""How a login names a person, such as `os:lihong`."""
_ACCOUNTS: Final[TypeAdapter[str]] = TypeAdapter(Account)
_IN_NO_ACCOUNT: Final = re.compile(rf"[\s{SEPARATORS}]+")


def is_account(text: str) -> bool:
    """Whether a login is written so."""
    try:
        _ACCOUNTS.validate_python(text)
    except ValidationError:
        return False
    return True


def account_for(name: str) -> str:
    """The login that a name makes: `Parks Department` has blanks, and `Parks-Department` none."""
    return _IN_NO_ACCOUNT.sub("-", name)


DirectoryRole = Literal[
    "operator",  # a person of the supervision section
    "department",  # one who acts for a department
    "auditor",  # reads everything, changes nothing
    "administrator",  # keeps the directory
    "head",  # answers for a department: its escalations reach this person first
    "liaison",  # whom a department's mail concerns
    "leader_in_charge",  # the leader of the office in whose charge a department is
    "principal_leader",  # the leader of the whole office
    "deputy",  # may act for another person
]
"""What a person may be, each for a period."""
IN_A_DEPARTMENT: Final[frozenset[DirectoryRole]] = frozenset({"department", "head", "liaison"})
"""The roles of a department's own people: each reads what concerns it, and the first one alone acts for it."""
OF_A_DEPARTMENT: Final[frozenset[DirectoryRole]] = IN_A_DEPARTMENT | {"leader_in_charge"}
"""The roles that a person has in, or over, one department."""
ONE_AT_A_TIME: Final[frozenset[DirectoryRole]] = frozenset({"head", "leader_in_charge", "principal_leader"})
"""The roles that one person alone has on any day: an order that climbs must reach somebody, not several."""
SuperiorLevel = Literal["head", "leader_in_charge", "principal_leader"]
"""The superiors of a department, from the nearest to the highest."""

ROLE_WORDS: Final[dict[DirectoryRole, str]] = {
    "operator": "督查人员",
    "department": "承办人",
    "auditor": "审计人员",
    "administrator": "管理员",
    "head": "主要负责人",
    "liaison": "联络员",
    "leader_in_charge": "分管领导",
    "principal_leader": "主要领导",
    "deputy": "代办人",
}
"""The roles as people write them."""


def role_named(text: str) -> DirectoryRole | None:
    """The role that a text names, in Chinese or as in the code; none where it names none."""
    plain = text.strip()
    return next((role for role, word in ROLE_WORDS.items() if plain in (word, role)), None)


def next_number(prefix: str, taken: frozenset[str]) -> str:
    """The first number of a series (`P0001`) after every one that was ever given."""
    used = (number.removeprefix(prefix) for number in taken if number.startswith(prefix))
    highest = max((int(digits) for digits in used if digits.isascii() and digits.isdigit()), default=0)
    return f"{prefix}{highest + 1:04d}"
