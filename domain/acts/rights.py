"""For whom an account may act: the person whom the directory knows by it, in the roles that he has on that day.

The login may bind him to less (a program's token stands for one role): what the door says of it bounds him too.
What a project allows to whom stands in `access.py`; here the one who is named in a command is the one who is signed in.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from domain.actors import Actor, spoken
from domain.acts.attestation import Attestation
from domain.acts.commands import Command, IssueDirective
from domain.acts.rejections import NotInHisRightError
from domain.clock import office_day
from domain.directory.directory import Directory, Person
from domain.directory.ids import DirectoryRole
from domain.names import same_name

LEADERS: Final[tuple[DirectoryRole, ...]] = ("leader_in_charge", "principal_leader")
"""Those whose directives bind departments."""


def acts_for_all(attestation: Attestation) -> bool:
    """Whether it is the owner of the installation, who acts through its shell for whomever he names: the attestation
    says so, and nobody else can read the shell's key."""
    return attestation.login.how == "local-os-user" and attestation.door.kind == "shell"


def is_his_own_directive(command: Command) -> bool:
    """Whether a command is a directive in the name of the one who gives it: a leader enters his own himself."""
    own = (command.by.name, f"{command.by.name}（{command.by.person_id}）")
    return isinstance(command, IssueDirective) and any(same_name(command.leader, each) for each in own)


def must_be_in_his_right(
    attestation: Attestation,
    by: Actor,
    on_behalf_of: Actor | None,
    directory: Directory,
    at: datetime,
    *,
    own_directive: bool = False,
) -> None:
    """Refuse an act that its account may not give on that day; a leader may give his `own_directive`.

    Raises:
        NotInHisRightError: the account is nobody's then, is another one's, or has not the role.
    """
    if by.role == "engine":
        raise _refused(attestation, by, "督办程序自己的事项不由人办理")
    if acts_for_all(attestation):
        return
    if attestation.login.how == "local-os-user":
        raise _refused(attestation, by, "本机用户只能在命令行办理")
    day = office_day(at)
    person = directory.person_of_account(attestation.account, day)
    if person is None:
        raise _refused(attestation, by, f"名册中 {day} 没有人使用这个账号")
    if person.person_id != attestation.person_id:
        raise _refused(attestation, by, f"名册中这个账号是 {person.person_id} 的，证明写的是 {attestation.person_id}")
    name = person.name_on(day)
    names_the_department = by.role == "department" and by.name == by.department
    if not names_the_department and not same_name(by.name, name):
        raise _refused(attestation, by, f"这个账号是{name}（{person.person_id}）的")
    roles = directory.roles_at(person.person_id, at)
    if by.department is None:
        # Whoever acts as the deputy of another is named by the project: what he may then is its rule.
        is_operator = "operator" in attestation.roles and any(grant.role == "operator" for grant in roles)
        is_deputy = "deputy" in attestation.roles and _is_deputy(directory, person, on_behalf_of, at)
        is_leader = own_directive and any(
            role in attestation.roles and any(grant.role == role for grant in roles) for role in LEADERS
        )
        if not is_operator and not is_deputy and not is_leader:
            raise _refused(attestation, by, f"{name} {day} 不是督查人员")
        return
    named = directory.department_named(by.department, day)
    department = named.one
    if department is None:
        raise _refused(attestation, by, "名册中有几个部门名称相近" if named.look_alikes else "名册中没有这个部门")
    acts_for_it = any(grant.role == "department" and grant.department_id == department.department_id for grant in roles)
    if not acts_for_it or department.name_on(day) not in attestation.departments:
        raise _refused(attestation, by, f"{name} {day} 不是{department.name_on(day)}的承办人")


def _is_deputy(directory: Directory, person: Person, on_behalf_of: Actor | None, at: datetime) -> bool:
    """Whether he may act for the operator whom he names: one person, who is an operator himself that day."""
    if on_behalf_of is None or on_behalf_of.role != "operator":
        return False
    day = office_day(at)
    for principal_id in directory.principals_of(person.person_id, day):
        principal = directory.persons[principal_id]
        if same_name(principal.name_on(day), on_behalf_of.name) and directory.has_role(principal_id, "operator", day):
            return True
    return False


def _refused(attestation: Attestation, by: Actor, why: str) -> NotInHisRightError:
    return NotInHisRightError(account=attestation.account, by=spoken(str(by)), why=why)
