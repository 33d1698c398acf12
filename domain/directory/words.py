"""Persons, departments and roles of the directory in sentences for people."""

from __future__ import annotations

from domain.directory.directory import Directory, Grant
from domain.directory.ids import ROLE_WORDS, DirectoryId, DirectoryRole


def grant_in_words(directory: Directory, grant: Grant) -> str:
    """A role without its days: `组织部分管领导`."""
    return role_in_words(directory, grant.role, grant.department_id, grant.principal_id)


def role_in_words(
    directory: Directory, role: DirectoryRole, department_id: DirectoryId | None, principal_id: DirectoryId | None
) -> str:
    """A role with the department or the person that it is about."""
    if principal_id is not None:
        return f"{person_in_words(directory, principal_id)}的{ROLE_WORDS[role]}"
    department = directory.departments.get(department_id) if department_id is not None else None
    return (department.name if department else department_id or "") + ROLE_WORDS[role]


def person_in_words(directory: Directory, number: DirectoryId) -> str:
    """A person by name and number."""
    person = directory.persons.get(number)
    return f"{person.name}（{number}）" if person else number


def department_in_words(directory: Directory, number: DirectoryId) -> str:
    """A department by name and number."""
    department = directory.departments.get(number)
    return f"{department.name}（{number}）" if department else number
