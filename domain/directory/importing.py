"""A table taken into the directory: what it would change, or why it cannot be taken; never half of it.

A row adds what is new and ends what it says has ended. What stands in the directory and not in the table stays, and is
named. What is past is not changed by a table: a first day that differs from the recorded one is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from pydantic import ValidationError

from domain.characters import in_a_sentence
from domain.directory import changes
from domain.directory.directory import Department, Directory, Entry, Grant, Period, Person
from domain.directory.draft import Draft
from domain.directory.events import DirectoryEvent, RoleTaken, all_in_words
from domain.directory.ids import OF_A_DEPARTMENT, ROLE_WORDS, DirectoryId, DirectoryRole
from domain.directory.person_name import is_opened
from domain.directory.soundness import shown
from domain.directory.table import MOST_ROWS, DirectoryTable, RowFaultError, Said, said_by
from domain.directory.words import grant_in_words
from domain.errors import RejectedError, UnusableInputError
from domain.names import name_key, same_name, written_name
from domain.texts import own_sentence

_MOST_TOLD = 20
_FIELDS = {"name": "名称", "after": "名称", "alias": "别名", "account": "账号"}


class UnsoundTableError(UnusableInputError, rule="sound_directory_table"):
    """A table cannot be taken into the directory: each row that is at fault, in a sentence. Nothing was changed."""

    name: str
    faults: tuple[str, ...]

    def _sentence(self) -> str:
        told = "".join(f"\n  {fault}。" for fault in self.faults[:_MOST_TOLD])
        more = f"\n  另有 {len(self.faults) - _MOST_TOLD} 处。" if len(self.faults) > _MOST_TOLD else ""
        return f"{self.name}有 {len(self.faults)} 处不能导入，未作任何改动，请改正后再导入：{told}{more}"


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What a table would change."""

    before: Directory
    after: Directory
    events: tuple[DirectoryEvent, ...]
    kept: tuple[str, ...]
    """What the table does not mention, and stays as it is."""
    remarks: tuple[str, ...]
    """What was not taken from the file, and persons whose names look alike."""

    @property
    def changes(self) -> tuple[str, ...]:
        """Each change as a sentence, in order."""
        return all_in_words(self.after, self.events)


def planned_import(table: DirectoryTable, draft: Draft) -> ImportPlan:
    """What a table would change of the draft's directory; the draft then holds the events.

    Raises:
        UnsoundTableError: a row cannot be taken; the sentences name the rows.
    """
    before = draft.directory
    importing = _Import(draft, before.next_seq)
    importing.take(table)
    if importing.faults:
        raise UnsoundTableError(name=table.name, faults=tuple(map(in_a_sentence, importing.faults)))
    remarks = (*table.left_out, *look_alike_persons(draft.directory, draft.today))
    return ImportPlan(before, draft.directory, tuple(draft.events), tuple(importing.kept()), remarks)


def look_alike_persons(directory: Directory, day: date) -> Iterator[str]:
    """A sentence for each group of persons there whose names cannot be told apart."""
    groups: dict[str, list[Person]] = {}
    for person in directory.persons.values():
        if person.is_there(day) and is_opened(person.name_on(day)):
            groups.setdefault(name_key(person.name_on(day)), []).append(person)
    for group in groups.values():
        if len(group) > 1:
            yield f"{'、'.join(map(shown, group))}姓名相同或相近：办理时须写编号"


@dataclass(slots=True)
class _Import:
    draft: Draft
    known: int
    """How many events the directory had before."""
    faults: list[str] = field(default_factory=list)
    endings: list[tuple[str, Callable[[], None]]] = field(default_factory=list)
    givings: list[tuple[str, Callable[[], None]]] = field(default_factory=list)
    seen: dict[tuple[object, ...], str] = field(default_factory=dict)
    mentioned: set[DirectoryId] = field(default_factory=set)
    grants: set[int] = field(default_factory=set)

    @property
    def directory(self) -> Directory:
        return self.draft.directory

    def take(self, table: DirectoryTable) -> None:
        """Take every row: departments and persons, then what ends, then what is given, whatever the rows' order."""
        if len(table.rows) > MOST_ROWS:
            self.faults.append(f"共 {len(table.rows)} 行，最多 {MOST_ROWS} 行：请核对是不是名册")
            return
        said: list[Said] = []
        for row in table.rows:
            self._try(row.place, lambda row=row: said.append(said_by(row)))  # type: ignore[misc]
        for kind, taken in (("部门", self._department), ("人员", self._person), ("任职", self._role)):
            for each in _in_order_of_time([each for each in said if each.kind == kind]):
                self._try(each.place, partial(taken, each))
        for place, work in (*self.endings, *self.givings):
            self._try(place, work)

    def kept(self) -> Iterator[str]:
        """What was there before and no row mentions."""
        today = self.draft.today
        there: list[Person | Department] = [*self.directory.departments.values(), *self.directory.persons.values()]
        for entry in there:
            if entry.is_there(today) and entry.number not in self.mentioned:
                yield f"{shown(entry)}文件中没有，保留不动"
        for grant in self.directory.grants:
            over = grant.period.until_on is not None and grant.period.until_on < today
            if grant.given < self.known and grant.given not in self.grants and not over:
                person = shown(self.directory.persons[grant.person_id])
                yield f"{person}的任职“{grant_in_words(self.directory, grant)}”文件中没有，保留不动"

    def _try(self, place: str, work: Callable[[], None]) -> None:
        try:
            work()
        except RowFaultError as fault:
            self.faults.append(f"{place}：{fault}")
        except RejectedError as error:
            self.faults.append(f"{place}：{error.text.rstrip('。')}")
        except ValidationError as error:
            self.faults.append(f"{place}：{_fault_in(error)}")

    # Departments and persons

    def _department(self, said: Said) -> None:
        found = self._meant(said, self.directory.departments.values(), _names_of_department)
        number = self._opened(said, found, changes.open_department)
        if (name := self._other_name(said, self.directory.departments[number])) is not None:
            changes.rename_department(self.draft, number, name)
        known = {name_key(name) for name in _names_of_department(self.directory.departments[number])}
        for alias in said.names:
            if name_key(alias) not in known:
                changes.give_alias(self.draft, number, alias)
        self._ends(said, number, self.directory.departments[number].periods, changes.close_department)

    def _person(self, said: Said) -> None:
        found = self._meant(said, self.directory.persons.values(), _names_of_person)
        number = self._opened(said, found, changes.open_person)
        person = self.directory.persons[number]
        if (name := self._other_name(said, person)) is not None:
            changes.rename_person(self.draft, number, name)
        held = {each.account for each in person.accounts}
        first = person.periods[-1].from_on if found is None else None
        for account in said.names:
            if account not in held:
                changes.give_account(self.draft, number, account, first)
        self._ends(said, number, self.directory.persons[number].periods, changes.close_person)

    def _other_name(self, said: Said, entry: Person | Department) -> str | None:
        """The name that a row gives in the place of the present one; a former one is what an older file still says."""
        if said.name is None or _is_written(said.name, entry.name):
            return None
        if any(_is_written(said.name, each.name) for each in entry.names):
            raise RowFaultError(
                f"{shown(entry)}的“名称”写的是曾用名“{said.name}”，文件可能是旧的：请写现在的名称，"
                "确要改回曾用名的请在名册里单独改名"
            )
        return said.name

    def _meant(
        self, said: Said, entries: Iterable[Entry], names_of: Callable[[Entry], tuple[str, ...]]
    ) -> Entry | None:
        """The entry that a row is about, none where it is a new one."""
        if said.number is not None:
            return next((entry for entry in entries if entry.number == said.number), None)
        assert said.name is not None
        alike = [each for each in entries if any(same_name(said.name, n) and is_opened(n) for n in names_of(each))]
        if len(alike) > 1:
            raise RowFaultError(f"“{said.name}”可能是{'、'.join(map(shown, alike))}：请写编号")
        if alike and alike[0].periods[-1].until_on is not None and said.from_on not in _first_days(alike[0]):
            number = alike[0].number
            raise RowFaultError(
                f"{shown(alike[0])}已于 {alike[0].periods[-1].until_on} 离开或撤销：若是同一个，请写编号 {number}，"
                "若是另一个，请写新的编号"
            )
        return alike[0] if alike else None

    def _opened(
        self, said: Said, found: Entry | None, open_: Callable[[Draft, str, str | None, date | None], DirectoryId]
    ) -> DirectoryId:
        """The number of the one that a row is about, opened or opened again where that is what it says."""
        if found is None:
            if said.name is None:
                raise RowFaultError(f"编号 {said.number} 是新的：请写名称")
            number = open_(self.draft, said.name, said.number, said.from_on)
        else:
            number, last = found.number, found.periods[-1]
            returns = said.from_on is not None and last.until_on is not None and last.until_on < said.from_on
            if returns:
                open_(self.draft, said.name or found.name, number, said.from_on)
            elif said.from_on is not None and said.from_on not in _first_days(found):
                days = "、".join(map(str, _first_days(found)))
                raise RowFaultError(f"{shown(found)}已登记自 {days} 起，文件写的是 {said.from_on}：过去的不由导入改动")
        self._once(said, (said.kind, number, said.from_on))
        self.mentioned.add(number)
        return number

    def _ends(
        self,
        said: Said,
        number: DirectoryId,
        periods: tuple[Period, ...],
        close: Callable[[Draft, DirectoryId, date | None], None],
    ) -> None:
        period = next((each for each in periods if each.from_on == said.from_on), periods[-1])
        if self._goes_on(said, period):
            close(self.draft, number, said.until_on)

    def _goes_on(self, said: Said, period: Period) -> bool:
        """Whether a period has yet to be ended as a row says; none where both say the same."""
        if said.until_on == period.until_on:
            return False
        if said.until_on is None:
            raise RowFaultError(f"“至”是空的，而已登记至 {period.until_on} 止：请写上止日")
        if period.until_on is not None and said.kind != "任职":
            raise RowFaultError(f"“至”写的是 {said.until_on}，而已登记至 {period.until_on} 止：过去的不由导入改动")
        if period.until_on is not None and period.until_on < said.until_on:
            raise RowFaultError(f"“至”写的是 {said.until_on}，而已登记至 {period.until_on} 止：续任请另起一行")
        return True

    # Roles

    def _role(self, said: Said) -> None:
        role, day = said.role, said.from_on or self.draft.today
        assert role is not None
        person = self._named(said.number, said.name, "人员", day)
        department_id, principal_id = self._about(said, role, day)
        key = (person.number, role, department_id, principal_id)
        grant = self._grant(key, said.from_on)
        self._once(said, ("任职", *key, said.from_on))
        if grant is None:
            give = partial(
                changes.give_role,
                self.draft,
                person.number,
                role,
                department_id=department_id,
                principal_id=principal_id,
                from_on=said.from_on,
                until_on=said.until_on,
            )
            self.givings.append((said.place, give))
            return
        self.grants.add(grant.given)
        if said.until_on is None and grant.period.until_on in self._last_days(grant):
            return  # he has it until he leaves, and he has left
        if self._goes_on(said, grant.period) and said.until_on is not None:
            end = partial(
                self.draft.add,
                RoleTaken,
                given=grant.given,
                person_id=person.number,
                role=role,
                until_on=said.until_on,
            )
            self.endings.append((said.place, end))

    def _about(self, said: Said, role: DirectoryRole, day: date) -> tuple[DirectoryId | None, DirectoryId | None]:
        """The department and the principal that a role is about."""
        word = ROLE_WORDS[role]
        if (role in OF_A_DEPARTMENT) != (said.department is not None):
            raise RowFaultError(f"{word}须写部门" if role in OF_A_DEPARTMENT else f"{word}不写部门")
        if (role == "deputy") != (said.principal is not None):
            raise RowFaultError(f"{word}须写代谁办理" if role == "deputy" else f"{word}不写代谁办理")
        department = changes.department_in(self.directory, said.department, day) if said.department else None
        principal = self._named(None, said.principal, "人员", day) if said.principal else None
        return department.number if department else None, principal.number if principal else None

    def _named(self, number: str | None, name: str | None, kind: str, day: date) -> Person:
        person = changes.person_in(self.directory, number or name or "", day)
        if number is not None and name is not None and not any(same_name(name, each.name) for each in person.names):
            raise RowFaultError(f"编号 {number} 是{shown(person)}，而名称写的是“{name}”：请改写其中一个")
        return person

    def _grant(self, key: tuple[object, ...], from_on: date | None) -> Grant | None:
        today = self.draft.today
        for grant in self.directory.grants:
            if (grant.person_id, grant.role, grant.department_id, grant.principal_id) != key:
                continue
            if grant.period.from_on == from_on or (from_on is None and grant.period.covers(today)):
                return grant
        return None

    def _last_days(self, grant: Grant) -> set[date | None]:
        """The days with which a role ends without being taken: the person, the department, the principal is gone."""
        entries: list[Person | Department | None] = [
            self.directory.persons[grant.person_id],
            self.directory.departments.get(grant.department_id or ""),
            self.directory.persons.get(grant.principal_id or ""),
        ]
        return {period.until_on for entry in entries if entry is not None for period in entry.periods}

    def _once(self, said: Said, key: tuple[object, ...]) -> None:
        before = self.seen.setdefault(key, said.place)
        if before != said.place:
            if said.kind == "人员" and said.number is None:
                raise RowFaultError(f"与{before}说的是同一个，只能写一行；是同名的另一位，请另写编号")
            raise RowFaultError(f"与{before}说的是同一个，只能写一行")


def _in_order_of_time(rows: Sequence[Said]) -> list[Said]:
    """The rows in their order, those about one number by their first days: who came back left before."""
    first: dict[str, int] = {}
    keys = [
        (first.setdefault(said.number, at) if said.number else at, said.from_on or date.max)
        for at, said in enumerate(rows)
    ]
    return [rows[at] for at in sorted(range(len(rows)), key=keys.__getitem__)]


def _names_of_department(department: Department) -> tuple[str, ...]:
    return (*(each.name for each in department.names), *department.aliases)


def _names_of_person(person: Person) -> tuple[str, ...]:
    return tuple(each.name for each in person.names)


def _first_days(entry: Person | Department) -> tuple[date, ...]:
    return tuple(period.from_on for period in entry.periods)


def _is_written(text: str, name: str) -> bool:
    return written_name(text) == name


def _fault_in(error: ValidationError) -> str:
    first = error.errors()[0]
    head = next((_FIELDS[part] for part in map(str, first["loc"]) if part in _FIELDS), "编号")
    said = own_sentence(first) or ("太长" if first["type"] == "string_too_long" else "写法不对")
    return f"“{head}”写的“{str(first.get('input'))[:40]}”不可用：{said}"
