"""What the directory refuses: each rule asks one event against the directory before it, and answers in a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from domain.clock import office_day
from domain.directory import events as e
from domain.directory.directory import Department, Directory, Grant, Period, Person
from domain.directory.ids import OF_A_DEPARTMENT, ONE_AT_A_TIME, ROLE_WORDS, DirectoryId
from domain.names import name_key


def problem_of(directory: Directory, event: e.DirectoryEvent) -> str | None:  # noqa: PLR0911 - one exit for each kind
    """Why an event cannot be: a sentence; none where it is sound."""
    match event:
        case e.PersonOpened():
            known = directory.persons.get(event.person_id)
            return _opening(known, event.person_id, directory.persons, event.from_on)
        case e.DepartmentOpened():
            known_department = directory.departments.get(event.department_id)
            return _opening(known_department, event.department_id, directory.departments, event.from_on) or _name_taken(
                directory, event.department_id, event.name, event.from_on
            )
        case e.PersonRenamed() | e.PersonClosed() | e.AccountGiven() | e.AccountTaken():
            person = directory.persons.get(event.person_id)
            return (
                _about_person(directory, person, event)
                if person
                else f"没有编号为 {event.person_id} 的人员：请核对编号"
            )
        case e.DepartmentRenamed() | e.DepartmentClosed() | e.AliasGiven() | e.AliasTaken():
            department = directory.departments.get(event.department_id)
            if department is None:
                return f"没有编号为 {event.department_id} 的部门：请核对编号"
            return _about_department(directory, department, event)
        case e.RoleGiven():
            return _giving(directory, event)
        case e.RoleTaken():
            return _taking(directory, event)


def shown(entry: Person | Department) -> str:
    """A person or a department in a sentence: `李红（P0001）`."""
    return f"{entry.name}（{entry.number}）"


def _opening(
    known: Person | Department | None, number: DirectoryId, taken: Iterable[DirectoryId], from_on: date
) -> str | None:
    if known is None:
        alike = next((each for each in taken if each.casefold() == number.casefold()), None)
        return f"编号 {number} 与已有的 {alike} 只差大小写：请用另一个编号" if alike else None
    until_on = known.periods[-1].until_on
    if until_on is None:
        return f"编号 {number} 已是{known.name}：请用另一个编号"
    through = known.periods[-1].through
    return (
        None if through is not None and through < from_on else f"{shown(known)}到 {until_on} 才离开，返回须晚于这一天"
    )


def _about_person(
    directory: Directory, person: Person, event: e.PersonRenamed | e.PersonClosed | e.AccountGiven | e.AccountTaken
) -> str | None:
    match event:
        case e.PersonRenamed():
            erased = f"编号 {person.number} 的姓名已依令删除，不必再改" if person.is_erased else None
            return erased or _renaming(person, event.before, event.after, event.from_on)
        case e.PersonClosed(until_on=until_on):
            theirs = (grant for grant in directory.grants if person.person_id in (grant.person_id, grant.principal_id))
            held = [grant.period for grant in theirs] + [each.period for each in person.accounts]
            return _closing(person, held, until_on, office_day(event.decided_at))
        case e.AccountGiven():
            period = Period(event.from_on)
            if not any(period.lies_in(each) for each in person.periods):
                return f"{shown(person)}从 {event.from_on} 起不是一直在岗，不能给账号：请核对启用和在岗的起止日期"
            holder = directory.holder_of_account(event.account, period)
            return f"账号 {event.account} 已是{shown(holder)}的：请先终止" if holder else None
        case e.AccountTaken():
            open_ = (held.period for held in person.accounts if held.account == event.account)
            if any(each.from_on <= event.until_on and _shortens(each, event) for each in open_):
                return None
            return f"{shown(person)}在 {event.until_on} 没有正在使用的账号 {event.account}，不必终止"


def _about_department(
    directory: Directory,
    department: Department,
    event: e.DepartmentRenamed | e.DepartmentClosed | e.AliasGiven | e.AliasTaken,
) -> str | None:
    match event:
        case e.DepartmentRenamed():
            return _renaming(department, event.before, event.after, event.from_on) or _name_taken(
                directory, department.department_id, event.after, event.from_on
            )
        case e.DepartmentClosed(until_on=until_on):
            held = [grant.period for grant in directory.grants if grant.department_id == department.department_id]
            return _closing(department, held, until_on, office_day(event.decided_at))
        case e.AliasGiven(alias=alias):
            if any(name_key(alias) == name_key(name) for name in (department.name, *department.aliases)):
                return f"{shown(department)}已经有“{alias}”这个名称，不必再加"
            return _name_taken(directory, department.department_id, alias, department.periods[-1].from_on)
        case e.AliasTaken(alias=alias):
            return None if alias in department.aliases else f"{shown(department)}没有别名“{alias}”，不必取消"


def _renaming(entry: Person | Department, before: str, after: str, from_on: date) -> str | None:
    if entry.name != before or after == before:
        return f"{shown(entry)}现在的名称就是“{entry.name}”：请核对新旧名称"
    since = entry.names[-1].from_on
    return None if since <= from_on else f"{shown(entry)}自 {since} 起才用现在的名称，改名须不早于这一天"


def _closing(entry: Person | Department, held: Iterable[Period], until_on: date, said_on: date) -> str | None:
    last = entry.periods[-1]
    if last.until_on is not None and not last.covers(said_on):
        return f"{shown(entry)}已于 {last.until_on} 离开或撤销，不必再办"
    if last.until_on is not None and last.ended(until_on, said_on) == last:
        return f"{shown(entry)}已登记到 {last.until_on} 离开或撤销，只能提前：请写更早的一天"
    if until_on < last.from_on:
        return f"{shown(entry)}自 {last.from_on} 起才有，不能在 {until_on} 就结束：请核对日期"
    later = next((each.from_on for each in held if each.from_on > until_on), None)
    return f"{shown(entry)}在 {until_on} 之后（{later} 起）还有任职或账号：请先终止" if later else None


def _name_taken(directory: Directory, number: DirectoryId, name: str, from_on: date) -> str | None:
    for department in directory.departments.values():
        ends = department.periods[-1].until_on
        if department.department_id == number or (ends is not None and ends < from_on):
            continue
        alike = next(
            (each for each in (department.name, *department.aliases) if name_key(each) == name_key(name)), None
        )
        if alike is not None:
            return f"“{name}”已是{shown(department)}的名称或别名“{alike}”：请另取名，或就用它"
    return None


def _giving(directory: Directory, event: e.RoleGiven) -> str | None:
    period, word = Period(event.from_on, event.until_on), ROLE_WORDS[event.role]
    person = directory.persons.get(event.person_id)
    if person is None:
        return f"没有编号为 {event.person_id} 的人员：请核对编号"
    if event.until_on is not None and event.until_on < event.from_on:
        return f"{shown(person)}任{word}的止日 {event.until_on} 早于起日 {event.from_on}：请核对起止日期"
    if not any(period.lies_in(each) for each in person.periods):
        return f"{shown(person)}在任{word}期间不是一直在岗：请核对任职和他在名册里的起止日期"
    return (
        _whose(directory, event, word)
        or _deputising(directory, event, period, person)
        or _already(directory, event, period, person)
    )


def _whose(directory: Directory, event: e.RoleGiven, word: str) -> str | None:
    if (event.role in OF_A_DEPARTMENT) != (event.department_id is not None):
        need = "须写明部门" if event.role in OF_A_DEPARTMENT else "不属于哪个部门，请不写部门"
        return f"{word}{need}"
    if event.department_id is None:
        return None
    department = directory.departments.get(event.department_id)
    if department is None:
        return f"没有编号为 {event.department_id} 的部门：请核对编号"
    period = Period(event.from_on, event.until_on)
    if not any(period.lies_in(each) for each in department.periods):
        return f"{shown(department)}在任{word}的期间里不全存在：请核对起止日期"
    return None


def _deputising(directory: Directory, event: e.RoleGiven, period: Period, person: Person) -> str | None:
    if (event.role == "deputy") != (event.principal_id is not None):
        return "代办人须写明代谁办理" if event.role == "deputy" else "只有代办人才写代谁办理，请不写"
    if event.principal_id is None:
        return None
    principal = directory.persons.get(event.principal_id)
    if principal is None or principal == person:
        return (
            f"{shown(person)}不能代自己办理，请写另一个人"
            if principal
            else f"没有编号为 {event.principal_id} 的人员：请核对编号"
        )
    if period.until_on is None:
        return f"{shown(person)}代{shown(principal)}办理须写明止日"
    if not any(period.lies_in(each) for each in principal.periods):
        return f"{shown(principal)}在被代办期间不是一直在岗：请核对代办和他在名册里的起止日期"
    return None


def _already(directory: Directory, event: e.RoleGiven, period: Period, person: Person) -> str | None:
    word = ROLE_WORDS[event.role]
    for grant in directory.grants:
        if grant.role != event.role or grant.department_id != event.department_id or not grant.period.meets(period):
            continue
        if grant.person_id == event.person_id and grant.principal_id == event.principal_id:
            return f"{shown(person)}{_when(grant)}已是{word}，期间不能重叠：请核对起止日期"
        if event.role in ONE_AT_A_TIME:
            other = directory.persons[grant.person_id]
            return f"{_of(directory, grant)}{word}{_when(grant)}是{shown(other)}，同一天只能有一位：请先终止"
    return None


def _of(directory: Directory, grant: Grant) -> str:
    return directory.departments[grant.department_id].name if grant.department_id is not None else ""


def _when(grant: Grant) -> str:
    return f"自 {grant.period.from_on} 起" + (f"至 {grant.period.until_on}" if grant.period.until_on else "")


def _taking(directory: Directory, event: e.RoleTaken) -> str | None:
    grant = next((each for each in directory.grants if each.given == event.given), None)
    if grant is None or (grant.person_id, grant.role) != (event.person_id, event.role):
        return f"没有这项任职可以终止（{event.person_id} {ROLE_WORDS[event.role]}）：请核对名册"
    person, word = directory.persons[grant.person_id], ROLE_WORDS[grant.role]
    if event.until_on < grant.period.from_on:
        return f"{shown(person)}自 {grant.period.from_on} 起才任{word}，不能在 {event.until_on} 就终止：请核对日期"
    if not _shortens(grant.period, event):
        return f"{shown(person)}任{word}已于 {grant.period.until_on} 终止，不必再办"
    return None


def _shortens(period: Period, event: e.RoleTaken | e.AccountTaken) -> bool:
    return period.ended(event.until_on, office_day(event.decided_at)) != period
